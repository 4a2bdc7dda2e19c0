/// What a filter compares an attribute with: a JSON value that is neither an array nor an object (RFC 7644 section 3.4.2.2).
public enum ScimLiteral: Hashable, Sendable {
    case null
    case boolean(Bool)
    case number(ScimNumber)
    /// Text without its escapes, in UTF-8 and without NUL.
    case string([UInt8])

    /// Appends the literal as JSON; text with only the escapes that are needed.
    func append(to out: inout [UInt8]) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .boolean(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let number): out.append(contentsOf: number.text)
        case .string(let bytes):
            out.append(UInt8(ascii: "\""))
            for byte in bytes { Self.append(byte, to: &out) }
            out.append(UInt8(ascii: "\""))
        }
    }

    private static func append(_ byte: UInt8, to out: inout [UInt8]) {
        let letter: UInt8
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): letter = byte
        case 0x08: letter = UInt8(ascii: "b")
        case 0x09: letter = UInt8(ascii: "t")
        case 0x0A: letter = UInt8(ascii: "n")
        case 0x0C: letter = UInt8(ascii: "f")
        case 0x0D: letter = UInt8(ascii: "r")
        case ..<0x20, 0x7F:
            let digits: StaticString = "0123456789abcdef"
            out.append(contentsOf: "\\u00".utf8)
            digits.withUTF8Buffer { digits in
                out.append(digits[Int(byte >> 4)])
                out.append(digits[Int(byte & 0x0F)])
            }
            return
        default:
            out.append(byte)
            return
        }
        out.append(UInt8(ascii: "\\"))
        out.append(letter)
    }
}
