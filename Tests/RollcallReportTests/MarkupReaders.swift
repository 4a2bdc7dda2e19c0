// Small strict readers of what the renderings write: whatever they do not understand is a failure.

/// CSV as RFC 4180 has it, with every cell in quotes.
enum CSVText {
    struct Malformed: Error {}

    static func records(_ text: String) throws -> [[String]] {
        var records: [[String]] = []
        var cells: [String] = []
        var scalars = text.unicodeScalars[...]
        while !scalars.isEmpty {
            guard scalars.popFirst() == "\"" else { throw Malformed() }
            var cell = String.UnicodeScalarView()
            while let scalar = scalars.popFirst() {
                if scalar != "\"" {
                    cell.append(scalar)
                } else if scalars.first == "\"" {
                    cell.append(scalars.removeFirst())
                } else {
                    break
                }
            }
            cells.append(String(cell))
            switch scalars.popFirst() {
            case ",": continue
            case "\r":
                guard scalars.popFirst() == "\n" else { throw Malformed() }
                records.append(cells)
                cells = []
            default: throw Malformed()
            }
        }
        guard cells.isEmpty else { throw Malformed() }
        return records
    }
}

/// HTML as a browser's tokenizer takes it apart, as far as tags go.
enum HTMLText {
    struct Malformed: Error {}

    /// Every tag with its attributes, as written; between them there is text without `<`, quotes or bare `&`.
    static func tags(_ text: String) throws -> [String] {
        var tags: [String] = []
        var scalars = text.unicodeScalars[...]
        while let start = scalars.firstIndex(of: "<") {
            let isStyle = tags.last == "style"
            try check(scalars[..<start], isStyle: isStyle)
            scalars = scalars[scalars.index(after: start)...]
            guard let end = scalars.firstIndex(of: ">") else { throw Malformed() }
            tags.append(String(scalars[..<end]))
            scalars = scalars[scalars.index(after: end)...]
        }
        return tags
    }

    private static func check(_ text: Substring.UnicodeScalarView, isStyle: Bool) throws {
        if isStyle { return }
        guard !text.contains(where: { $0 == ">" || $0 == "\"" || $0 == "'" }) else { throw Malformed() }
        let references = ["amp;", "lt;", "gt;", "quot;", "#39;"]
        for piece in String(text).split(separator: "&", omittingEmptySubsequences: false).dropFirst() {
            guard references.contains(where: { piece.hasPrefix($0) }) else { throw Malformed() }
        }
    }
}

/// Markdown with the content of its code spans left out.
enum MarkdownOutline {
    /// The lines; a code span is `C`, and a line within a fence `F`.
    static func of(_ text: String) -> [String] {
        var isFenced = false
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            if line.hasPrefix("```") { isFenced.toggle() }
            return isFenced && !line.hasPrefix("```") ? "F" : outline(of: line)
        }
    }

    /// A line by CommonMark's rule: a run of backticks closes only by a run as long. In a table, a bar within code must be escaped.
    private static func outline(of line: Substring) -> String {
        var result = ""
        var rest = Array(line.unicodeScalars)[...]
        let isRow = line.hasPrefix("|")
        while let first = rest.first {
            guard first == "`" else {
                result.unicodeScalars.append(rest.removeFirst())
                continue
            }
            let fence = rest.prefix { $0 == "`" }.count
            rest = rest.dropFirst(fence)
            guard let length = span(in: rest, closedBy: fence) else {
                result += String(repeating: "`", count: fence)
                continue
            }
            let content = rest.prefix(length)
            if isRow, hasBareBar(content) { return "a bar ends a cell within code" }
            rest = rest.dropFirst(length + fence)
            result += "C"
        }
        return result
    }

    private static func span(in rest: ArraySlice<Unicode.Scalar>, closedBy fence: Int) -> Int? {
        var index = rest.startIndex
        while index < rest.endIndex {
            let run = rest[index...].prefix { $0 == "`" }.count
            if run == fence { return index - rest.startIndex }
            index += max(run, 1)
        }
        return nil
    }

    private static func hasBareBar(_ content: ArraySlice<Unicode.Scalar>) -> Bool {
        for index in content.indices where content[index] == "|" {
            guard index > content.startIndex, content[index - 1] == "\\" else { return true }
            if index - 1 > content.startIndex, content[index - 2] == "\\" { return true }
        }
        return false
    }

    /// Whether an outline has the same lines as another one, but that a name of nothing but letters, digits and blanks may stand
    /// outside code.
    static func isOurs(_ outline: [String], like other: [String]) -> Bool {
        guard outline.count == other.count else { return false }
        return zip(outline, other).allSatisfy { line, expected in
            line == expected
                || line.replacing("C", with: "").unicodeScalars.allSatisfy { scalar in
                    scalar.isASCII
                        && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                            || " ,;:.|-#*".unicodeScalars.contains(scalar))
                } && line.filter { $0 == "|" }.count == expected.filter { $0 == "|" }.count
        }
    }
}
