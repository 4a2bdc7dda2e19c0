/// A scalar of the config file: its text, and whether it stood in quotes.
struct ConfigScalar: Hashable, Sendable {
    var text: String
    /// Written without quotes, so that it may be a number, a truth value or nothing.
    var isPlain: Bool
    /// Where the text's first character stands; `nil` when the text was not written on one line as it reads.
    var verbatimStart: Place?

    /// Nothing, `~` or `null`.
    var isNull: Bool {
        isPlain && ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// `true` and `false`, as YAML 1.2 has them; `yes` and `on` are text.
    var flag: Bool? {
        guard isPlain else { return nil }
        switch text {
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: return nil
        }
    }

    /// Decimal digits, with a minus sign or without, that fit the machine's integers.
    var wholeNumber: Int? {
        isDigits ? Int(text) : nil
    }

    /// Decimal digits, with a minus sign or without, however many.
    var isDigits: Bool {
        guard isPlain else { return false }
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        return !digits.isEmpty && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// Whether a line break or another control character is in it.
    var hasControlCharacter: Bool {
        text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    /// Digits with a decimal point.
    private var isFraction: Bool {
        guard isPlain, text.utf8.contains(UInt8(ascii: ".")) else { return false }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty && ConfigScalar(text: String(part), isPlain: true).isDigits
            }
    }

    init(text: String, isPlain: Bool, verbatimStart: Place? = nil) {
        self.text = text
        self.isPlain = isPlain
        self.verbatimStart = verbatimStart
    }

    /// The kind as messages name it.
    var kind: String {
        if isNull { return "nothing" }
        if flag != nil { return "`\(text)`" }
        if isDigits { return "a whole number" }
        if isFraction { return "a number with a fraction" }
        return "text"
    }
}
