public import RollcallCore

/// A run's report for a person at a terminal.
///
/// First what happened and whether anything changed, then what waits for the person and the commands that resolve it (a leaver who
/// keeps access before all else), then the counts, then the changes by kind. Nothing depends on the terminal's width, and every value from outside is escaped.
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
        page.line(verdict(standing), ink: verdictInk)
        page.columns(provenance(standing))
        writeLastHolders(highlights, to: &page)
        writeNextSteps(standing, to: &page)
        writeGuards(highlights, to: &page)
        writeHeld(highlights, to: &page)
        writeRemarks(.undecided, "Undecided", highlights, to: &page)
        writeRemarks(.conflict, "Conflicts", highlights, to: &page)
        writeCounts(highlights, to: &page)
        output.write(page.taken())
        for action in Action.allCases {
            writeChanges(action, highlights, to: &page)
            output.write(page.taken())
        }
        writeRemarks(.drift, "Drift", highlights, to: &page)
        writeRemarks(.protected, "Protected", highlights, to: &page)
        writeRemarks(.warning, "Warnings", highlights, to: &page)
        output.write(page.taken())
    }

    /// A value from outside, ready to be shown.
    func shown(_ value: Text?) -> DisplayText {
        guard let value else { return DisplayText(plain: "(none)") }
        return value.isEmpty ? DisplayText(plain: "\"\"") : DisplayText(value, limit: style.valueWidth)
    }

    /// A sentence that may quote values from outside; it may be longer than a value.
    func shown(_ sentence: String) -> DisplayText {
        let (limit, overflow) = style.valueWidth.multipliedReportingOverflow(by: 3)
        return DisplayText(sentence, limit: overflow ? style.valueWidth : limit)
    }

    /// The server, what was read from it, and the run: where the report comes from.
    private func provenance(_ standing: Standing) -> Columns {
        var columns = Columns(indent: 2)
        let source = record.source
        var place = "\(source.name) (\(source.type))"
        if let proof = source.proof {
            place += " \(proof.server): \(proof.users.counted("user")), \(proof.groups.counted("group"))"
            if proof.rejected > 0 { place += ", \(proof.rejected.grouped) rejected" }
            place += ", read whole"
        } else {
            place += record.outcome == .stale ? ": not read" : ": not read whole"
        }
        columns.add([DisplayText(plain: "source"), shown(place)])
        let length = record.finished.span(since: record.started).seconds
        let run = "\(record.id), \(record.mode.rawValue), started \(record.started.wholeSeconds), took \(Int(length).grouped) s"
        columns.add([DisplayText(plain: "run"), shown(run)])
        if let head = context.auditHead {
            columns.add([DisplayText(plain: "audit"), shown(context.auditCount.map { "\($0):\(head)" } ?? head)])
        }
        if let reason = record.reason, !isToldElsewhere(reason, standing) { columns.add([DisplayText(plain: "why"), shown(reason)]) }
        return columns
    }
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
