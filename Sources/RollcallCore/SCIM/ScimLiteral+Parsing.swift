extension ScimParser {
    /// Reads a JSON string, a number, `true`, `false` or `null` (RFC 8259). The three words may be in any case.
    mutating func readLiteral() throws(ScimSyntaxError) -> ScimLiteral {
        if next == UInt8(ascii: "\"") { return .string(try readString()) }
        let start = index
        while let byte = next, !Self.isSpace(byte), !"()[]\"".utf8.contains(byte) { index += 1 }
        let word = bytes[start..<index]
        if ScimFolding.isWord(word, "null") { return .null }
        if ScimFolding.isWord(word, "true") { return .boolean(true) }
        if ScimFolding.isWord(word, "false") { return .boolean(false) }
        if let number = ScimNumber(word) {
            guard number.value.real.isFinite else { throw failure("the number is too large to be compared", at: start) }
            return .number(number)
        }
        index = start
        throw unexpected("a value is a text in double quotes, a number, true, false or null")
    }

    /// Reads a string, the opening quote being next, and gives it without its escapes.
    private mutating func readString() throws(ScimSyntaxError) -> [UInt8] {
        let start = index
        index += 1
        var out: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return out
            case UInt8(ascii: "\\"):
                try readEscape(into: &out)
            case ..<0x20:
                throw failure("a control character inside a text is written as an escape, such as \\n or \\u0009")
            default:
                out.append(byte)
                index += 1
            }
        }
        throw failure("the text that begins here does not end; a double quote is missing", at: start)
    }

    /// Reads an escape, the backslash being next.
    private mutating func readEscape(into out: inout [UInt8]) throws(ScimSyntaxError) {
        let start = index
        index += 1
        let letter = next
        index += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(letter ?? 0)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "u"):
            guard let unit = readUnit() else { throw failure("after \"\\u\" come four hexadecimal digits", at: start) }
            var value = UInt32(unit)
            if unit & 0xFC00 == 0xD800, next == UInt8(ascii: "\\"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "u") {
                index += 2
                if let low = readUnit(), low & 0xFC00 == 0xDC00 {
                    value = 0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(low & 0x3FF))
                }
            }
            guard let scalar = Unicode.Scalar(value) else {
                throw failure("this is half of a surrogate pair; write both halves", at: start)
            }
            guard value != 0 else { throw failure("a text has no NUL; remove the escape", at: start) }
            out.append(contentsOf: scalar.utf8)
        default:
            throw failure("a backslash begins an escape: \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four digits", at: start)
        }
    }

    /// Reads four hexadecimal digits, or gives `nil` where there are none.
    private mutating func readUnit() -> UInt16? {
        guard index + 4 <= bytes.count, let high = HexEscape.byte(bytes[index], bytes[index + 1]),
            let low = HexEscape.byte(bytes[index + 2], bytes[index + 3])
        else { return nil }
        index += 4
        return UInt16(high) << 8 | UInt16(low)
    }
}
