/// Hexadecimal text and sixteen-octet identifiers written as `8-4-4-4-12` digits.
enum HexText {
    private static let hyphens: Set<Int> = [8, 13, 18, 23]

    /// The value of a digit of either case, or `nil`.
    static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - 48
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - 87
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - 55
        default: nil
        }
    }

    /// The sixteen octets in the order written, or `nil` when the text is not of that form.
    static func octets(ofUUID text: [UInt8]) -> [UInt8]? {
        guard text.count == 36 else { return nil }
        var octets: [UInt8] = []
        octets.reserveCapacity(16)
        var high: UInt8?
        for (position, character) in text.enumerated() {
            if hyphens.contains(position) {
                guard character == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = value(character) else { return nil }
            if let first = high {
                octets.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return octets
    }

    /// The text of sixteen octets, in lower case.
    static func uuid(_ octets: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for octet in octets {
            if hyphens.contains(text.count) { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(octet >> 4)])
            text.append(digits[Int(octet & 0xF)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
