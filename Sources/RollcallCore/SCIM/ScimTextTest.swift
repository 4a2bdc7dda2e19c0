/// A text literal made ready to be compared with many values.
struct ScimTextTest: Sendable {
    /// The literal, in lower case unless case counts.
    private let wanted: [UInt8]
    private let isCaseExact: Bool
    /// The instant that the literal names as an xsd:dateTime, or `nil`.
    private let instant: Instant?
    /// The boolean that the literal names, or `nil`.
    let boolean: Bool?
    /// For `co`: how long the longest part is that ends at a byte of `wanted` and also begins it, the whole up to there left out.
    ///
    /// With it a search goes over the value once, however often the literal repeats itself.
    private let overlaps: [Int]

    init(_ literal: [UInt8], relation: ScimOperator, isCaseExact: Bool) {
        let wanted = isCaseExact ? literal : literal.withUnsafeBufferPointer(ScimFolding.folded)
        self.wanted = wanted
        self.isCaseExact = isCaseExact
        instant = literal.withUnsafeBufferPointer(Self.instant)
        boolean = literal.withUnsafeBufferPointer(ScimFolding.boolean)
        overlaps = relation == .contains ? Self.overlaps(in: wanted) : []
    }

    /// Whether a value passes. Two dates are compared as instants, all other text byte by byte.
    func accepts(_ text: UnsafeBufferPointer<UInt8>, by relation: ScimOperator) -> Bool {
        switch relation {
        case .equal, .notEqual, .greater, .greaterOrEqual, .less, .lessOrEqual:
            if let instant, let value = Self.instant(text) {
                return relation.accepts(isLess: value < instant, isEqual: value == instant)
            }
        case .contains, .startsWith, .endsWith: break
        }
        if isCaseExact || ScimFolding.isASCII(text) { return compares(text, by: relation) }
        return ScimFolding.folded(text).withUnsafeBufferPointer { compares($0, by: relation) }
    }

    private func compares(_ text: UnsafeBufferPointer<UInt8>, by relation: ScimOperator) -> Bool {
        wanted.withUnsafeBufferPointer { wanted in
            switch relation {
            case .equal: text.count == wanted.count && matches(text, wanted, at: 0)
            case .notEqual: text.count != wanted.count || !matches(text, wanted, at: 0)
            case .startsWith: text.count >= wanted.count && matches(text, wanted, at: 0)
            case .endsWith: text.count >= wanted.count && matches(text, wanted, at: text.count &- wanted.count)
            case .contains: contains(text, wanted)
            case .greater, .greaterOrEqual, .less, .lessOrEqual: orders(text, wanted, by: relation)
            }
        }
    }

    /// A byte of a value as it is compared. Text beyond ASCII is in lower case already, and stays so.
    @inline(__always)
    private func prepared(_ byte: UInt8) -> UInt8 { isCaseExact ? byte : AttributeName.lowercased(byte) }

    private func matches(_ text: UnsafeBufferPointer<UInt8>, _ wanted: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        for index in wanted.indices where prepared(text[start &+ index]) != wanted[index] { return false }
        return true
    }

    private func contains(_ text: UnsafeBufferPointer<UInt8>, _ wanted: UnsafeBufferPointer<UInt8>) -> Bool {
        var matched = 0
        for byte in text {
            if matched == wanted.count { return true }
            let byte = prepared(byte)
            while matched > 0, byte != wanted[matched] { matched = overlaps[matched &- 1] }
            if byte == wanted[matched] { matched &+= 1 }
        }
        return matched == wanted.count
    }

    private func orders(_ text: UnsafeBufferPointer<UInt8>, _ wanted: UnsafeBufferPointer<UInt8>, by relation: ScimOperator) -> Bool {
        for index in 0..<min(text.count, wanted.count) {
            let byte = prepared(text[index])
            if byte != wanted[index] { return relation.accepts(isLess: byte < wanted[index], isEqual: false) }
        }
        return relation.accepts(isLess: text.count < wanted.count, isEqual: text.count == wanted.count)
    }

    private static func overlaps(in wanted: [UInt8]) -> [Int] {
        var overlaps = [Int](repeating: 0, count: wanted.count)
        var length = 0
        for index in wanted.indices.dropFirst() {
            while length > 0, wanted[index] != wanted[length] { length = overlaps[length - 1] }
            if wanted[index] == wanted[length] { length += 1 }
            overlaps[index] = length
        }
        return overlaps
    }

    /// The instant of an xsd:dateTime (RFC 7643 section 2.3.5), or `nil`. Without a zone it is read as UTC.
    private static func instant(_ text: UnsafeBufferPointer<UInt8>) -> Instant? {
        guard text.count >= 19, text[4] == UInt8(ascii: "-"), text[10] == UInt8(ascii: "T") else { return nil }
        let bytes = Array(text)
        return Instant(rfc3339: bytes) ?? Instant(rfc3339: bytes + [UInt8(ascii: "Z")])
    }
}
