internal import RollcallCore

// Words that are ours, so that they name nobody.
extension Redaction {
    /// Whether a text is a guard's limit, which is made of numbers and a few words.
    static func isLimit(_ text: String) -> Bool {
        text.split(whereSeparator: { $0 == " " || $0 == "," }).allSatisfy { word in
            [
                "%", "or", "min", "each", "always", "at", "least", "one", "when", "it", "changes", "anybody", "all", "of", "more", "until",
                "approved",
            ].contains(
                word) || Double(word) != nil
        }
    }
}
