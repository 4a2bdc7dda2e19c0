extension Text {
    /// The text without white space at its two ends.
    ///
    /// White space is what Unicode calls `White_Space`: the ASCII blanks and line breaks, U+0085, U+00A0, U+1680,
    /// U+2000–200A, U+2028, U+2029, U+202F, U+205F and U+3000. Zero-width characters are not white space.
    public func trimmed() -> Text {
        let bytes = Text.trimmedBytes(utf8)
        return bytes.count == utf8.count ? self : Text(unchecked: bytes)
    }

    /// Valid UTF-8 without white space at its two ends.
    static func trimmedBytes(_ bytes: [UInt8]) -> [UInt8] {
        var start = 0
        var end = bytes.count
        while start < end, case let length = whiteSpaceLength(startingAt: start, before: end, in: bytes), length > 0 {
            start &+= length
        }
        while start < end, case let length = whiteSpaceLength(endingAt: end, after: start, in: bytes), length > 0 {
            end &-= length
        }
        return start == 0 && end == bytes.count ? bytes : Array(bytes[start..<end])
    }

    private static func whiteSpaceLength(startingAt start: Int, before end: Int, in bytes: [UInt8]) -> Int {
        let lead = bytes[start]
        if lead < 0x80 { return isASCIISpace(lead) ? 1 : 0 }
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard start &+ length <= end else { return 0 }
        return isWideSpace(bytes[start..<(start &+ length)]) ? length : 0
    }

    private static func whiteSpaceLength(endingAt end: Int, after start: Int, in bytes: [UInt8]) -> Int {
        if bytes[end &- 1] < 0x80 { return isASCIISpace(bytes[end &- 1]) ? 1 : 0 }
        for length in 2...3 where end &- length >= start && isWideSpace(bytes[(end &- length)..<end]) {
            return length
        }
        return 0
    }

    static func isASCIISpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    /// Whether the bytes are exactly one white-space character of two or three bytes.
    private static func isWideSpace(_ bytes: ArraySlice<UInt8>) -> Bool {
        let first = bytes.startIndex
        if bytes.count == 2 {
            return bytes[first] == 0xC2 && (bytes[first + 1] == 0x85 || bytes[first + 1] == 0xA0)
        }
        guard bytes.count == 3 else { return false }
        switch (bytes[first], bytes[first + 1], bytes[first + 2]) {
        case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF), (0xE2, 0x81, 0x9F),
            (0xE3, 0x80, 0x80):
            return true
        default:
            return false
        }
    }
}
