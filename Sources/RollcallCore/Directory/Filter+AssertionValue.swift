extension Filter {
    /// A value that a filter compares with, prepared once for many comparisons.
    public struct AssertionValue: Sendable {
        /// The value with all escapes undone, usually UTF-8 text.
        public let bytes: [UInt8]

        /// The value for text comparison.
        let folded: [UInt8]
        /// The value for comparison with names, or `nil` where it is not a distinguished name.
        let normalizedName: [UInt8]?
        /// The value as a number, or `nil` where it is none.
        let integer: FilterInteger?

        /// Prepares a raw value, which needs no escapes.
        public init(_ bytes: some Collection<UInt8>) {
            self.bytes = Array(bytes)
            folded = CaseIgnoreFolding.folded(self.bytes[...])
            var name: [UInt8] = []
            normalizedName = DistinguishedName.normalize(self.bytes[...], into: &name) ? name : nil
            integer = FilterInteger(self.bytes[...])
        }

        /// Prepares a raw text value, which needs no escapes.
        public init(_ text: String) {
            self.init(text.utf8)
        }
    }
}

extension Filter.AssertionValue: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        left.bytes == right.bytes
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(bytes)
    }
}
