/// Reads variable-length integers (seven bits a byte, low first) from unpadded base64.
struct PackedReader {
    private let text: StaticString
    private var offset = 0
    private var bits: UInt32 = 0
    private var bitCount: UInt32 = 0

    init(_ text: StaticString) {
        self.text = text
    }

    /// The next integer, or `nil` at the end of the data.
    mutating func number() -> UInt32? {
        var value: UInt32 = 0
        var shift: UInt32 = 0
        while let byte = byte() {
            value |= (byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift &+= 7
        }
        return nil
    }

    /// The next integer with its sign in the lowest bit, or `nil` at the end of the data.
    mutating func signedNumber() -> Int64? {
        guard let packed = number() else { return nil }
        return packed & 1 == 0 ? Int64(packed >> 1) : -Int64(packed >> 1) - 1
    }

    private mutating func byte() -> UInt32? {
        while bitCount < 8 {
            guard offset < text.utf8CodeUnitCount, let digit = PackedReader.digit(text.utf8Start[offset]) else { return nil }
            offset &+= 1
            bits = bits << 6 | digit
            bitCount &+= 6
        }
        bitCount &-= 8
        return bits >> bitCount & 0xFF
    }

    private static func digit(_ character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character) + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
