extension Filter {
    /// The pieces between the stars of a filter such as `(cn=An*a*qvist)`.
    public struct SubstringPattern: Sendable {
        /// What a value begins with, or `nil` where the pattern begins with a star.
        public let initial: [UInt8]?
        /// What a value has in the middle, in this order and without overlap.
        public let any: [[UInt8]]
        /// What a value ends with, or `nil` where the pattern ends with a star.
        public let final: [UInt8]?

        private let prepared: Pieces

        /// Makes a pattern of raw pieces, or gives `nil` where all of them are empty. Empty pieces are left out.
        public init?(initial: [UInt8]? = nil, any: [[UInt8]] = [], final: [UInt8]? = nil) {
            self.initial = initial.flatMap { $0.isEmpty ? nil : $0 }
            self.any = any.filter { !$0.isEmpty }
            self.final = final.flatMap { $0.isEmpty ? nil : $0 }
            guard self.initial != nil || !self.any.isEmpty || self.final != nil else { return nil }
            prepared = Pieces(
                initial: self.initial.map { Self.prepare($0[...], atStart: true) },
                any: self.any.map { Self.prepare($0[...]) },
                final: self.final.map { Self.prepare($0[...], atEnd: true) })
        }

        /// Whether a value has the pieces, without regard to letter case and repeated spaces.
        func matches(_ value: ArraySlice<UInt8>) -> Bool {
            prepared.match(Self.prepare(value, atStart: true, atEnd: true)[...])
        }

        /// Whether a value has the pieces byte for byte.
        func matchesExactly(_ value: ArraySlice<UInt8>) -> Bool {
            Pieces(initial: initial, any: any, final: final).match(value)
        }

        /// Folds a piece or a value so that spaces at the edges of pieces match as RFC 4518 section 2.6.1 wants.
        ///
        /// Spaces inside count double, and a text edge counts as one space. So `An *` finds `An Li` (one of the two spaces) and `An`
        /// (the edge), and `An * Li` finds `An Li`.
        private static func prepare(_ text: ArraySlice<UInt8>, atStart: Bool = false, atEnd: Bool = false) -> [UInt8] {
            let space = UInt8(ascii: " ")
            let folded = CaseIgnoreFolding.folded(text)
            if folded.isEmpty { return atStart && atEnd ? [space, space] : [space] }
            var out: [UInt8] = []
            out.reserveCapacity(folded.count + 8)
            if atStart || text.first == space { out.append(space) }
            for byte in folded {
                out.append(byte)
                if byte == space { out.append(space) }
            }
            if atEnd || text.last == space { out.append(space) }
            return out
        }
    }

    /// Pieces to be found in bytes as they are.
    private struct Pieces: Sendable {
        let initial: [UInt8]?
        let any: [[UInt8]]
        let final: [UInt8]?

        func match(_ value: ArraySlice<UInt8>) -> Bool {
            var rest = value
            if let initial {
                guard rest.starts(with: initial) else { return false }
                rest = rest.dropFirst(initial.count)
            }
            if let final {
                guard rest.count >= final.count, rest.suffix(final.count).elementsEqual(final) else { return false }
                rest = rest.dropLast(final.count)
            }
            for piece in any {
                guard let end = Self.end(of: piece, in: rest) else { return false }
                rest = rest[end...]
            }
            return true
        }

        /// The index after the first place where the piece stands.
        private static func end(of piece: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
            guard let first = piece.first else { return text.startIndex }
            var rest = text
            while rest.count >= piece.count, let start = rest.firstIndex(of: first) {
                rest = rest[start...]
                if rest.starts(with: piece) { return start + piece.count }
                rest = rest.dropFirst()
            }
            return nil
        }
    }
}

extension Filter.SubstringPattern: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        left.initial == right.initial && left.any == right.any && left.final == right.final
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(initial)
        hasher.combine(any)
        hasher.combine(final)
    }
}
