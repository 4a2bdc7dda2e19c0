/// Makes repeated keys different, so that Yams reads on: it refuses a section at its first repeated key and says nothing of the rest.
///
/// The first character of the key becomes one of Unicode's private use, a different one each time. The columns of everything else
/// stay where they are.
struct KeyRenaming {
    private let lines: SourceLines
    private var replacements: [Place: Unicode.Scalar] = [:]

    init(lines: SourceLines) {
        self.lines = lines
    }

    /// The text with the key at `place` renamed too; `nil` when it is not written there as it reads, so that renaming would change
    /// something else.
    mutating func rename(_ key: String, at place: Place) -> String? {
        guard !key.isEmpty, let first = lines.scalar(at: place),
            let start = lines.verbatimStart(of: key, at: place, inQuotes: first == "\"" || first == "'"),
            let stand = Unicode.Scalar(0xE000 + UInt32(replacements.count)), replacements[start] == nil
        else { return nil }
        replacements[start] = stand
        return lines.text(replacing: replacements)
    }
}
