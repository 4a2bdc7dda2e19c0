public import RollcallCore

/// A run's report for a person at a terminal.
///
/// First what happened and whether anything changed, then what waits for the person and why (a leaver who keeps access before all
/// else), then the commands that resolve it, then the counts, then the changes by kind. Nothing depends on the terminal's width, and every value from outside is escaped.
public struct TextReport {
    let record: RunRecord
    let rows: any PlanRows
    let context: ReportContext
    let style: TextStyle

    public init(_ record: RunRecord, rows: any PlanRows, context: ReportContext = ReportContext(), style: TextStyle = TextStyle()) {
        self.record = record
        self.rows = rows
        self.context = context
        self.style = style
    }

    /// Writes the report. The rows are read once, and of each kind only ``TextStyle/rowsPerKind`` are kept.
    ///
    /// - Throws: what the rows throw; a failing output is thrown by ``ReportOutput/finish()``.
    public func write(to output: inout ReportOutput) throws {
        let highlights = try Highlights(of: rows, runWide: context.warnings, limit: style.rowsPerKind)
        var page = TextPage(style: style)
        let standing = Standing(record, highlights)
        page.line(wording.verdict(standing), ink: wording.mood)
        var facts = Columns(indent: 2)
        for (name, text) in wording.provenance(standing) { facts.add([DisplayText(plain: name), text]) }
        page.columns(facts)
        writeLastHolders(highlights, to: &page)
        writeGuards(highlights, to: &page)
        writeHeld(highlights, to: &page)
        writeNextSteps(standing, to: &page)
        for kind in Wording.urgentRemarks { writeRemarks(kind, highlights, to: &page) }
        writeCounts(highlights, to: &page)
        output.write(page.taken())
        for action in Action.allCases {
            writeChanges(action, highlights, to: &page)
            output.write(page.taken())
        }
        for kind in Wording.otherRemarks { writeRemarks(kind, highlights, to: &page) }
        output.write(page.taken())
    }

    var wording: Wording { Wording(record: record, context: context, valueWidth: style.valueWidth) }
}

/// The lines of a text report that are not yet written.
struct TextPage {
    let style: TextStyle
    private var text = ""

    init(style: TextStyle) {
        self.style = style
    }

    mutating func line(_ line: String, ink: TextStyle.Ink? = nil) {
        text += (ink.map { style.colored(line, $0) } ?? line) + "\n"
    }

    /// A heading with a blank line before it.
    mutating func heading(_ heading: String) {
        text += "\n"
        line(heading, ink: .heading)
    }

    mutating func columns(_ columns: Columns) {
        text += columns.rendered()
    }

    /// What was gathered, which leaves the page empty.
    mutating func taken() -> String {
        defer { text = "" }
        return text
    }
}
