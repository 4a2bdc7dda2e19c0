/// One Unicode scalar read from bytes that may or may not be UTF-8.
struct UTF8Scalar {
    let scalar: Unicode.Scalar
    /// How many bytes hold the scalar: 1 to 4.
    let length: Int

    /// Reads the scalar that begins at an index, or gives `nil` where no well-formed sequence begins there.
    ///
    /// Overlong forms, surrogates and values above U+10FFFF are not well-formed (RFC 3629 section 4).
    init?(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) {
        guard index >= 0, index < bytes.count else { return nil }
        let lead = bytes[index]
        let length: Int
        let lowest: UInt32
        var value: UInt32
        switch lead {
        case 0x00...0x7F: (length, lowest, value) = (1, 0, UInt32(lead))
        case 0xC2...0xDF: (length, lowest, value) = (2, 0x80, UInt32(lead & 0x1F))
        case 0xE0...0xEF: (length, lowest, value) = (3, 0x800, UInt32(lead & 0x0F))
        case 0xF0...0xF4: (length, lowest, value) = (4, 0x10000, UInt32(lead & 0x07))
        default: return nil
        }
        guard bytes.count - index >= length else { return nil }
        for offset in 1..<max(length, 1) {
            let byte = bytes[index + offset]
            guard byte & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        guard value >= lowest, let scalar = Unicode.Scalar(value) else { return nil }
        self.scalar = scalar
        self.length = length
    }
}
