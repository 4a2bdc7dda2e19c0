/// Reads fixed-width decimal numbers from ASCII bytes; every refusal is `nil` or `false` and moves nothing.
struct DigitReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    /// The byte that comes next, or `nil` at the end.
    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Whether the next byte is a decimal digit.
    var isAtDigit: Bool { peek.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false }

    /// Steps over the byte when it comes next.
    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    /// Reads exactly `digits` digits (at most nine).
    mutating func number(digits: Int) -> Int64? {
        guard digits <= 9, bytes.count - position >= digits else { return nil }
        var value: Int64 = 0
        for byte in bytes[position..<(position + digits)] {
            let digit = Int64(byte) - 48
            guard (0...9).contains(digit) else { return nil }
            value = value * 10 + digit
        }
        position += digits
        return value
    }

    /// Reads one or more digits after a decimal mark as a part of `unit`, rounded down.
    ///
    /// `unit` is at most 3,600,000,000 (an hour in microseconds), so nine digits are read exactly; further digits are stepped over,
    /// for they are worth less than four microseconds of an hour.
    mutating func fraction(of unit: Int64) -> Int64? {
        guard isAtDigit else { return nil }
        var numerator: Int64 = 0
        var scale: Int64 = 1
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            if scale < 1_000_000_000 {
                numerator = numerator * 10 + Int64(byte) - 48
                scale *= 10
            }
            position += 1
        }
        return numerator * unit / scale
    }
}
