/// The words of JSON (RFC 8259): where blanks, numbers and strings end in a piece of text.
///
/// Whoever reaches the end of the piece throws ``JSONFault/Kind/unfinished``.
enum JSONScan {
    /// The place of the next byte that is no blank.
    @inline(__always)
    static func skipBlanks(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) throws(JSONFault) -> Int {
        var position = start
        while position < text.count {
            let byte = text[position]
            if byte > 0x20 || !(byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09) { return position }
            position &+= 1
        }
        throw JSONFault(.unfinished, at: text.count, "it ends too early")
    }

    /// The end of a number that begins at `start` and is followed by something (section 6).
    static func numberEnd(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) throws(JSONFault) -> Int {
        var position = start
        if text[position] == UInt8(ascii: "-") { position += 1 }
        let first = position
        position = digitsEnd(text, position)
        guard position > first || position == text.count else { throw JSONFault(.malformed, at: start, "a value is missing") }
        if position - first > 1, text[first] == UInt8(ascii: "0") { throw JSONFault(.malformed, at: start, "a number begins with 0") }
        if position < text.count, text[position] == UInt8(ascii: ".") {
            let fraction = position + 1
            position = digitsEnd(text, fraction)
            guard position > fraction || position == text.count else {
                throw JSONFault(.malformed, at: start, "a number ends with a point")
            }
        }
        if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < text.count, text[position] == UInt8(ascii: "+") || text[position] == UInt8(ascii: "-") { position += 1 }
            let exponent = position
            position = digitsEnd(text, exponent)
            guard position > exponent || position == text.count else {
                throw JSONFault(.malformed, at: start, "a number lacks its exponent")
            }
        }
        guard position < text.count else { throw JSONFault(.unfinished, at: text.count, "it ends too early") }
        return position
    }

    private static func digitsEnd(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var position = start
        while position < text.count, text[position] &- UInt8(ascii: "0") < 10 { position &+= 1 }
        return position
    }

    /// A string up to its closing quote.
    struct Extent {
        /// The place of the closing quote.
        let end: Int
        let hasEscapes: Bool
        /// Whether it is not UTF-8.
        let isFlawed: Bool
    }

    /// Finds the end of a string whose opening quote is before `start` (section 7). A bare control character is no JSON.
    static func string(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) throws(JSONFault) -> Extent {
        var position = start
        var hasEscapes = false
        var isFlawed = false
        while true {
            position = plainEnd(text, position)
            guard position < text.count else { break }
            let byte = text[position]
            if byte == UInt8(ascii: "\"") { return Extent(end: position, hasEscapes: hasEscapes, isFlawed: isFlawed) }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                position &+= 2
            } else if byte < 0x20 {
                throw JSONFault(.malformed, at: position, "a string has a bare control character")
            } else {
                let length = UTF8Check.sequenceLength(UnsafeRawBufferPointer(text), at: position)
                if length == 0 { isFlawed = true }
                position &+= max(length, 1)
            }
        }
        throw JSONFault(.unfinished, at: text.count, "it ends inside of a string")
    }

    /// The place of the next byte that is no plain ASCII of a string; eight bytes at a time.
    @inline(__always)
    private static func plainEnd(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var position = start
        let raw = UnsafeRawBufferPointer(text)
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        while position &+ 8 <= text.count {
            let word = raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            let quotes = word ^ (ones &* 0x22)
            let slashes = word ^ (ones &* 0x5C)
            let found =
                (word | ((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes) | ((word &- ones &* 0x20) & ~word)) & highs
            if found != 0 { return position &+ (found.trailingZeroBitCount >> 3) }
            position &+= 8
        }
        while position < text.count {
            let byte = text[position]
            if byte < 0x20 || byte >= 0x80 || byte == 0x22 || byte == 0x5C { return position }
            position &+= 1
        }
        return position
    }

    /// Adds a string without its escapes, and says whether it is no valid text: a NUL, or half of a surrogate pair, which is kept as
    /// three bytes that are no UTF-8.
    static func unescape(
        _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into bytes: inout [UInt8]
    ) throws(JSONFault) -> Bool {
        var isFlawed = false
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = text[position]
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                position += 1
                continue
            }
            let escape = text[position + 1]
            position += 2
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(escape)
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "f"): bytes.append(0x0C)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "u"):
                guard let unit = unit(text, position, range.upperBound) else {
                    throw JSONFault(.malformed, at: position, "an escape is not four hexadecimal digits")
                }
                position += 4
                var scalar = unit
                if unit & 0xFC00 == 0xD800, position + 6 <= range.upperBound, text[position] == UInt8(ascii: "\\"),
                    text[position + 1] == UInt8(ascii: "u"), let low = JSONScan.unit(text, position + 2, range.upperBound),
                    low & 0xFC00 == 0xDC00
                {
                    scalar = 0x10000 + ((unit & 0x3FF) << 10 | (low & 0x3FF))
                    position += 6
                } else if unit & 0xF800 == 0xD800 || unit == 0 {
                    isFlawed = true
                }
                append(scalar, to: &bytes)
            default: throw JSONFault(.malformed, at: position - 1, "a string has an unknown escape")
            }
        }
        return isFlawed
    }

    private static func unit(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> UInt32? {
        guard start + 4 <= end else { return nil }
        var unit: UInt32 = 0
        for position in start..<start + 4 {
            guard let digit = Hexadecimal.value(of: text[position]) else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    private static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: scalar >> shift & 0x3F) }
        switch scalar {
        case 0..<0x80: bytes.append(UInt8(truncatingIfNeeded: scalar))
        case 0x80..<0x800: bytes.append(contentsOf: [0xC0 | UInt8(truncatingIfNeeded: scalar >> 6), tail(0)])
        case 0x800..<0x10000: bytes.append(contentsOf: [0xE0 | UInt8(truncatingIfNeeded: scalar >> 12), tail(6), tail(0)])
        default: bytes.append(contentsOf: [0xF0 | UInt8(truncatingIfNeeded: scalar >> 18), tail(12), tail(6), tail(0)])
        }
    }
}
