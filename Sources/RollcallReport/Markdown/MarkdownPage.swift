internal import RollcallCore

/// Lines of Markdown (GitHub's, with tables) that are not yet written.
struct MarkdownPage {
    private var text = ""

    /// A paragraph, a list item, a heading: one line of markup.
    mutating func line(_ markup: String = "") {
        text += markup + "\n"
    }

    /// A heading below the page's own, with a blank line before and after it.
    mutating func heading(_ heading: String) {
        text += "\n### \(heading)\n\n"
    }

    /// The head of a table.
    ///
    /// - Parameter rightAligned: the columns whose values end at the same place.
    mutating func tableHead(_ columns: [String], rightAligned: Set<Int> = []) {
        row(columns)
        row(columns.indices.map { rightAligned.contains($0) ? "---:" : "---" })
    }

    /// A row of a table; each cell is markup.
    mutating func row(_ cells: [String]) {
        text += "| " + cells.joined(separator: " | ") + " |\n"
    }

    /// A block of lines to be pasted elsewhere.
    mutating func commands(_ lines: [String]) {
        let fence = "```"
        text += "\(fence)sh\n" + lines.map { $0 + "\n" }.joined() + "\(fence)\n"
    }

    /// Moves what was gathered so far to `output`.
    mutating func drain(into output: inout ReportOutput) {
        output.write(text)
        text.removeAll(keepingCapacity: true)
    }
}
