/// Decides whether bytes can be held as ``Text``.
enum UTF8Check {
    /// Whether the bytes are valid UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF) without NUL.
    ///
    /// Runs of ASCII are read eight bytes at a time.
    static func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let count = bytes.count
        var index = 0
        while index < count {
            while index &+ 8 <= count {
                let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                // The first term finds bytes >= 0x80, the second bytes that are zero (it may also find 0x80 and above).
                let zeros = (word &- 0x0101_0101_0101_0101) & ~word
                if (word | zeros) & 0x8080_8080_8080_8080 != 0 { break }
                index &+= 8
            }
            guard index < count else { break }
            let lead = bytes[index]
            if lead < 0x80 {
                if lead == 0 { return false }
                index &+= 1
                continue
            }
            let length = sequenceLength(bytes, at: index)
            if length == 0 { return false }
            index &+= length
        }
        return true
    }

    /// The length of the valid sequence of two to four bytes that starts at `index`, or 0 when there is none.
    static func sequenceLength(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
        let left = bytes.count &- index
        guard left >= 2 else { return 0 }
        let second = bytes[index &+ 1]
        switch bytes[index] {
        case 0xC2...0xDF:
            return second & 0xC0 == 0x80 ? 2 : 0
        case let lead where lead & 0xF0 == 0xE0:
            guard left >= 3, bytes[index &+ 2] & 0xC0 == 0x80 else { return 0 }
            switch lead {
            case 0xE0: return (0xA0...0xBF).contains(second) ? 3 : 0
            case 0xED: return (0x80...0x9F).contains(second) ? 3 : 0
            default: return second & 0xC0 == 0x80 ? 3 : 0
            }
        case let lead where (0xF0...0xF4).contains(lead):
            guard left >= 4, bytes[index &+ 2] & 0xC0 == 0x80, bytes[index &+ 3] & 0xC0 == 0x80 else { return 0 }
            switch lead {
            case 0xF0: return (0x90...0xBF).contains(second) ? 4 : 0
            case 0xF4: return (0x80...0x8F).contains(second) ? 4 : 0
            default: return second & 0xC0 == 0x80 ? 4 : 0
            }
        default:
            return 0
        }
    }
}
