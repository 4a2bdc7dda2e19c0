internal import RollcallCore

/// Writes CSV (RFC 4180) that a spreadsheet can open without acting on it.
///
/// Every cell is in quotes. What could act on a terminal, or hide, is written out as the text report does, so a cell never holds a
/// line end. A cell that a spreadsheet would take for a formula gets an apostrophe before the sign that makes it one; so does a
/// piece after a semicolon, at which some spreadsheets split cells.
struct CSVWriter {
    private var bytes: [UInt8] = []

    /// One line with its end, CR LF.
    mutating func line(_ cells: [String]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "\""))
            append(cell)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Moves what was gathered so far to `output`.
    mutating func drain(into output: inout ReportOutput) {
        output.write(bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ cell: String) {
        let shown = DisplayEscaping.escapedForTerminal(cell)
        if CSVWriter.isPlain(shown) {
            bytes.append(contentsOf: shown.utf8)
            return
        }
        var isAtStart = true
        for scalar in shown.unicodeScalars {
            if isAtStart, CSVWriter.beginsFormula(scalar) { bytes.append(UInt8(ascii: "'")) }
            if scalar == "\"" { bytes.append(UInt8(ascii: "\"")) }
            bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            isAtStart = scalar == ";" || isAtStart && (scalar == "\"" || scalar.properties.isWhitespace)
        }
    }

    /// Whether a cell begins with a letter or digit and has neither quotes nor semicolons, so that it goes as it is.
    private static func isPlain(_ cell: String) -> Bool {
        guard let first = cell.utf8.first else { return true }
        guard isAlphanumeric(first) else { return false }
        return cell.utf8.allSatisfy { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: ";") }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }

    /// Whether a spreadsheet takes what follows for a formula, or folds the sign into one that does so.
    private static func beginsFormula(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "=", "+", "-", "@": true
        case "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}", "\u{FE66}", "\u{FE62}", "\u{FE63}", "\u{FE6B}", "\u{2212}": true
        default: false
        }
    }
}
