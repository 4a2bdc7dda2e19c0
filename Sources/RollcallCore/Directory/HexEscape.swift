/// The two hexadecimal digits with which names and filters write a byte (RFC 4514 section 2.4, RFC 4515 section 3).
enum HexEscape {
    /// Appends a backslash and two lower-case digits.
    static func append(_ byte: UInt8, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\\"))
        out.append(digit(byte >> 4))
        out.append(digit(byte & 0x0F))
    }

    /// The byte that two digits stand for, or `nil` where one of them is no digit.
    static func byte(_ high: UInt8?, _ low: UInt8?) -> UInt8? {
        guard let high = high.flatMap(value), let low = low.flatMap(value) else { return nil }
        return high << 4 | low
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &+ (value &- 10)
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
