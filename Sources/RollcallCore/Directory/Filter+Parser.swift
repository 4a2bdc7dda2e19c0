extension Filter {
    /// Reads a filter from text (RFC 4515).
    ///
    /// White space is accepted round a filter and between its parts, so that a long one may be laid out in lines. Inside a value every
    /// space counts as written.
    ///
    /// - Throws: ``FilterSyntaxError`` with the place and what to write instead.
    public init(parsing text: String) throws(FilterSyntaxError) {
        try self.init(parsing: Array(text.utf8)[...])
    }

    /// Reads a filter from the bytes of its text.
    ///
    /// - Throws: ``FilterSyntaxError`` with the place, counted from the start of the slice.
    public init(parsing bytes: ArraySlice<UInt8>) throws(FilterSyntaxError) {
        var parser = Parser(bytes)
        self = try parser.readAll()
    }

    /// A reader of the text form, one pass from left to right.
    private struct Parser {
        private let bytes: [UInt8]
        private var index = 0

        init(_ bytes: ArraySlice<UInt8>) {
            self.bytes = Array(bytes)
        }

        mutating func readAll() throws(FilterSyntaxError) -> Filter {
            skipSpaces()
            if next == nil { throw failure("the filter is empty; to select everything write (objectClass=*)") }
            let filter = try readFilter(depth: 1)
            skipSpaces()
            switch next {
            case nil: return filter
            case UInt8(ascii: ")"): throw failure("there is a \")\" too many; remove it or add the missing \"(\"")
            default: throw failure("text follows the end of the filter; to combine filters write (&(...)(...)) or (|(...)(...))")
            }
        }

        private var next: UInt8? { peek(0) }

        private func peek(_ distance: Int) -> UInt8? {
            let place = index + distance
            return place < bytes.count ? bytes[place] : nil
        }

        private func failure(_ message: String, at offset: Int? = nil) -> FilterSyntaxError {
            FilterSyntaxError(offset: offset ?? index, message: message)
        }

        private var endedEarly: FilterSyntaxError { failure("the filter ends too early; a \")\" is missing") }

        private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

        private mutating func skipSpaces() {
            while let byte = next, byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte) { index += 1 }
        }

        private mutating func readFilter(depth: Int) throws(FilterSyntaxError) -> Filter {
            guard next == UInt8(ascii: "(") else {
                throw failure("a filter stands in parentheses, as in (mail=*); put \"(\" before it and \")\" after it")
            }
            guard depth <= Filter.maximumDepth else {
                throw failure("filters are nested more than \(Filter.maximumDepth) deep; remove parentheses that are not needed")
            }
            index += 1
            skipSpaces()
            let filter: Filter
            switch next {
            case UInt8(ascii: "&"): filter = .and(try readParts(depth: depth))
            case UInt8(ascii: "|"): filter = .or(try readParts(depth: depth))
            case UInt8(ascii: "!"):
                let start = index
                let parts = try readParts(depth: depth)
                guard parts.count == 1, let part = parts.first else {
                    throw failure("\"!\" takes one filter, not \(parts.count); to deny several write (!(|(...)(...)))", at: start)
                }
                filter = .not(part)
            case UInt8(ascii: "("):
                throw failure("a second \"(\" follows the first; to combine filters write & or | between them")
            case UInt8(ascii: ")"):
                throw failure("nothing stands between the parentheses; write a comparison such as mail=*")
            case nil:
                throw endedEarly
            default: filter = try readComparison()
            }
            guard next == UInt8(ascii: ")") else { throw endedEarly }
            index += 1
            return filter
        }

        /// Reads an operator and the filters after it, and stops before the closing parenthesis.
        private mutating func readParts(depth: Int) throws(FilterSyntaxError) -> [Filter] {
            let sign = text(index..<(index + 1))
            index += 1
            var parts: [Filter] = []
            while true {
                skipSpaces()
                switch next {
                case UInt8(ascii: "("): parts.append(try readFilter(depth: depth + 1))
                case UInt8(ascii: ")"): return parts
                case nil: throw endedEarly
                default: throw failure("after \"\(sign)\" each filter stands in its own parentheses, as in (\(sign)(mail=*))")
                }
            }
        }

        private mutating func readComparison() throws(FilterSyntaxError) -> Filter {
            let start = index
            while let byte = next, !"=~<>:()".utf8.contains(byte) { index += 1 }
            let end = index
            switch (next, peek(1)) {
            case (UInt8(ascii: ":"), _):
                return try readExtensible(attribute: start == end ? nil : try name(start..<end))
            case (UInt8(ascii: "="), _):
                let attribute = try name(start..<end)
                index += 1
                return try readEquality(attribute)
            case (UInt8(ascii: ">"), UInt8(ascii: "=")):
                return .greaterOrEqual(try name(start..<end), try readSingleValue(after: ">="))
            case (UInt8(ascii: "<"), UInt8(ascii: "=")):
                return .lessOrEqual(try name(start..<end), try readSingleValue(after: "<="))
            case (UInt8(ascii: "~"), UInt8(ascii: "=")):
                return .approximate(try name(start..<end), try readSingleValue(after: "~="))
            case (nil, _):
                throw endedEarly
            case (UInt8(ascii: ">"), _), (UInt8(ascii: "<"), _):
                throw failure("a filter has no plain \"<\" or \">\"; write <= or >=, and for \"less\" (!(\(text(start..<end))>=...))")
            default:
                throw failure("a comparison is missing after \"\(text(start..<end))\"; write one of = >= <= ~= := and a value")
            }
        }

        private func name(_ range: Range<Int>) throws(FilterSyntaxError) -> AttributeName {
            if let name = AttributeName(bytes: bytes[range]) { return name }
            throw failure(
                range.isEmpty
                    ? "the attribute before the comparison is missing"
                    : "\"\(text(range))\" is not an attribute name; it has letters, digits and \"-\" only, and no spaces",
                at: range.lowerBound)
        }

        /// Reads the value of `=`, which may be a pattern, and stops before the closing parenthesis.
        private mutating func readEquality(_ attribute: AttributeName) throws(FilterSyntaxError) -> Filter {
            var pieces = [try readPiece()]
            while next == UInt8(ascii: "*") {
                index += 1
                pieces.append(try readPiece())
            }
            guard pieces.count > 1, let first = pieces.first, let last = pieces.last else {
                return .equality(attribute, AssertionValue(pieces.first ?? []))
            }
            let pattern = SubstringPattern(initial: first, any: Array(pieces.dropFirst().dropLast()), final: last)
            return pattern.map { .substrings(attribute, $0) } ?? .presence(attribute)
        }

        private mutating func readSingleValue(after comparison: String) throws(FilterSyntaxError) -> AssertionValue {
            index += comparison.utf8.count
            let value = try readPiece()
            if next == UInt8(ascii: "*") {
                throw failure("\"\(comparison)\" takes no pattern; write a star that belongs to the value as \\2a")
            }
            return AssertionValue(value)
        }

        /// Reads `[:dn][:rule]:=value` and stops before the closing parenthesis.
        private mutating func readExtensible(attribute: AttributeName?) throws(FilterSyntaxError) -> Filter {
            let start = index
            var dnAttributes = false
            var rule: AttributeName?
            while peek(1) != UInt8(ascii: "=") {
                index += 1
                let segment = index
                while let byte = next, !":=()".utf8.contains(byte) { index += 1 }
                guard next == UInt8(ascii: ":") else {
                    throw failure("\":=\" is missing, as in (member:1.2.840.113556.1.4.1941:=...)")
                }
                let isFirst = segment == start + 1
                if isFirst, text(segment..<index).lowercased() == "dn" {
                    dnAttributes = true
                } else if rule == nil, let name = AttributeName(bytes: bytes[segment..<index]), name == name.base {
                    rule = name
                } else {
                    throw failure("\"\(text(segment..<index))\" is not a matching rule; write its name or number once", at: segment)
                }
            }
            let value = try readSingleValue(after: ":=")
            guard let match = ExtensibleMatch(attribute: attribute, rule: rule, dnAttributes: dnAttributes, value: value) else {
                throw failure("\":=\" needs an attribute or a matching rule before it", at: start)
            }
            return .extensible(match)
        }

        /// Reads a value up to a star or the closing parenthesis.
        private mutating func readPiece() throws(FilterSyntaxError) -> [UInt8] {
            var piece: [UInt8] = []
            while let byte = next {
                switch byte {
                case UInt8(ascii: "*"), UInt8(ascii: ")"):
                    return piece
                case UInt8(ascii: "("):
                    throw failure("a \"(\" inside a value is written as \\28 (and \")\" as \\29)")
                case 0:
                    throw failure("a NUL byte inside a value is written as \\00")
                case UInt8(ascii: "\\"):
                    guard let octet = HexEscape.byte(peek(1), peek(2)) else {
                        throw failure("a backslash takes two hexadecimal digits after it; write a backslash itself as \\5c")
                    }
                    piece.append(octet)
                    index += 3
                default:
                    piece.append(byte)
                    index += 1
                }
            }
            throw endedEarly
        }
    }
}
