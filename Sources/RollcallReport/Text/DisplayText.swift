internal import RollcallCore

/// One line of text as a terminal shows it: escaped, cut, and with its width known.
struct DisplayText: Hashable {
    /// The text, safe to print.
    private(set) var text: String
    /// The columns it takes.
    private(set) var width: Int

    /// Text from outside, escaped; cut with `…` when it would take more than `limit` columns.
    init(_ value: Text, limit: Int) {
        self.init(value.utf8, limit: limit) { DisplayEscaping.escapedForTerminal(value) }
    }

    /// A string that may hold text from outside, escaped and cut likewise.
    init(_ value: String, limit: Int) {
        self.init(Array(value.utf8), limit: limit) { DisplayEscaping.escapedForTerminal(value) }
    }

    /// Text of our own, printed as it is.
    init(plain: String) {
        text = plain
        width = DisplayText.width(of: plain)
    }

    private init(_ bytes: [UInt8], limit: Int, escaped: () -> String) {
        // A very long value is cut before it is escaped: no scalar takes more than 4 bytes, nor less than 0 columns.
        let ceiling = limit.multipliedReportingOverflow(by: 16)
        let isHuge = !ceiling.overflow && bytes.count > ceiling.partialValue
        let whole =
            isHuge ? DisplayEscaping.escapedForTerminal(String(decoding: bytes.prefix(ceiling.partialValue), as: UTF8.self)) : escaped()
        text = whole
        width = DisplayText.width(of: whole)
        if isHuge || width > limit { cut(to: limit) }
    }

    /// The text with blanks behind it up to `columns`.
    func padded(to columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - width))
    }

    /// The text with blanks before it up to `columns`.
    func aligned(right columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - width)) + text
    }

    private mutating func cut(to limit: Int) {
        var kept = String.UnicodeScalarView()
        var columns = 0
        for scalar in text.unicodeScalars {
            let next = columns + DisplayText.width(of: scalar)
            if next > limit - 1 { break }
            kept.append(scalar)
            columns = next
        }
        text = String(kept) + "…"
        width = columns + 1
    }

    private static func width(of text: String) -> Int {
        let bytes = text.utf8
        if bytes.allSatisfy({ $0 < 0x80 }) { return bytes.count }
        return text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
    }

    /// The columns of one scalar, roughly as UAX #11 has it: 2 for East Asian wide ones and pictographs, 0 for marks that combine.
    private static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case ..<0x300: return 1
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: return 1
        }
    }
}

extension Int {
    /// The number with a comma after every third digit: `99,975`.
    var grouped: String {
        let digits = Array(String(magnitude).utf8)
        var bytes: [UInt8] = self < 0 ? [UInt8(ascii: "-")] : []
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(digit)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The number and the noun, in the plural unless it is 1: `1 change`, `2,000 changes`.
    func counted(_ noun: String, plural: String? = nil) -> String {
        grouped + " " + (self == 1 ? noun : plural ?? noun + "s")
    }
}
