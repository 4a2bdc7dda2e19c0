/// The text of the file by lines, to find again where a parsed value was written.
struct SourceLines: Sendable {
    private let lines: [[Unicode.Scalar]]

    init(_ text: String) {
        lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
    }

    /// Where `text` begins when the file has it, as it reads, on the line of `place`; in quotes it begins one column later.
    func verbatimStart(of text: String, at place: Place, inQuotes: Bool) -> Place? {
        let column = place.column + (inQuotes ? 1 : 0)
        guard let line = line(place.line), column >= 1, column - 1 <= line.count else { return nil }
        return line[(column - 1)...].starts(with: text.unicodeScalars) ? Place(line: place.line, column: column) : nil
    }

    /// The column of the first tab before the line's text; `nil` when there is none.
    func tabInIndentation(line number: Int) -> Int? {
        guard let line = line(number) else { return nil }
        let indentation = line.prefix { $0 == " " || $0 == "\t" }
        return indentation.firstIndex(of: "\t").map { $0 + 1 }
    }

    /// The whole text with the scalar at `place` replaced.
    func text(replacing replacements: [Place: Unicode.Scalar]) -> String {
        var result = String.UnicodeScalarView()
        let byLine = Dictionary(grouping: replacements) { $0.key.line }
        for (index, line) in lines.enumerated() {
            if index > 0 { result.append("\n") }
            guard let changes = byLine[index + 1] else {
                result.append(contentsOf: line)
                continue
            }
            var line = line
            for (place, scalar) in changes where line.indices.contains(place.column - 1) { line[place.column - 1] = scalar }
            result.append(contentsOf: line)
        }
        return String(result)
    }

    /// The scalar at `place`.
    func scalar(at place: Place) -> Unicode.Scalar? {
        guard let line = line(place.line), line.indices.contains(place.column - 1) else { return nil }
        return line[place.column - 1]
    }

    private func line(_ number: Int) -> [Unicode.Scalar]? {
        lines.indices.contains(number - 1) ? lines[number - 1] : nil
    }
}
