internal import RollcallCore

// A list as a page, and as a piece of a ticket.
extension Table {
    /// The columns that one value may take on a page.
    private static let valueWidth = 1_000

    /// Writes one self-contained HTML page with a row for each row.
    public func writeHTML(_ rows: Rows, to output: inout ReportOutput) throws {
        var page = HTMLPage(title: "Rollcall: \(name)")
        page.add(markup: "<h1>\(HTMLText.escaped(name.prefix(1).uppercased() + name.dropFirst()))</h1>\n")
        var isEmpty = true
        try rows { cells in
            if isEmpty { page.beginTable(.list, columns: columns.map(\.title), rows: nil) }
            isEmpty = false
            page.row(cells.prefix(columns.count).map { Table.shown($0, limit: Table.valueWidth).html })
            page.drain(into: &output)
            return !output.hasFailed
        }
        if isEmpty { page.paragraph(emptyText) } else { page.endTable() }
        page.finish(into: &output)
    }

    /// Writes a Markdown table with a row for each row; every value stands in a code span, in which nothing is markup.
    public func writeMarkdown(_ rows: Rows, to output: inout ReportOutput) throws {
        var page = MarkdownPage()
        var isEmpty = true
        let right = Set(columns.indices.filter { columns[$0].isRightAligned })
        try rows { cells in
            if isEmpty { page.tableHead(columns.map { MarkdownText.sentence($0.title) }, rightAligned: right) }
            isEmpty = false
            page.row(cells.prefix(columns.count).map(Table.markdown))
            page.drain(into: &output)
            return !output.hasFailed
        }
        if isEmpty { page.line(MarkdownText.sentence(emptyText, inTable: false)) }
        page.drain(into: &output)
    }

    private static func markdown(_ cell: Cell) -> String {
        let shown = shown(cell, limit: 200)
        return switch cell {
        case .text: MarkdownText.value(shown)
        case .string: MarkdownText.sentence(shown.text)
        case .number, .flag, .time, .none: shown.text
        }
    }

    /// A value as a person reads it.
    static func shown(_ cell: Cell, limit: Int) -> DisplayText {
        switch cell {
        case .text(let text): text.isEmpty ? DisplayText(plain: "\"\"") : DisplayText(text, limit: limit)
        case .string(let text): DisplayText(text, limit: limit)
        case .number(let number): DisplayText(plain: number.grouped)
        case .flag(let flag): DisplayText(plain: flag ? "yes" : "no")
        case .time(let time): DisplayText(plain: time.wholeSeconds)
        case .none: DisplayText(plain: "-")
        }
    }
}
