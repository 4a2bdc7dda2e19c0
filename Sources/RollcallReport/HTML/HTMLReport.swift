public import RollcallCore

/// A run's report as one self-contained HTML page: to be opened, printed, or attached to a mail.
///
/// It says what ``TextReport`` says, in the same order, but with every change and every remark. Within a kind they come in the order of
/// their anchors.
public struct HTMLReport {
    let record: RunRecord
    let rows: any PlanRows
    let context: ReportContext
    let wording: Wording

    public init(_ record: RunRecord, rows: any PlanRows, context: ReportContext = ReportContext()) {
        self.record = record
        self.rows = rows
        self.context = context
        wording = Wording(record: record, context: context, valueWidth: 1_000)
    }

    /// Writes the report. The rows are read once to count them, and once for each kind of change or remark that there is; none is kept.
    ///
    /// - Throws: what the rows throw; a failing output is thrown by ``ReportOutput/finish()``.
    public func write(to output: inout ReportOutput) throws {
        let highlights = try Highlights(of: rows, runWide: context.warnings, limit: 1)
        let standing = Standing(record, highlights)
        let verdict = wording.verdict(standing)
        var page = HTMLPage(title: "Rollcall: \(verdict)")
        writeHead(verdict, standing, to: &page)
        try writeLastHolders(highlights, &page, to: &output)
        writeGuards(highlights, to: &page)
        for guardName in Wording.holdingGuards {
            guard let lines = highlights.held[guardName] else { continue }
            page.beginSection(wording.heading(heldBy: guardName, highlights))
            try writeChanges(lines.count, withAction: true, &page, to: &output) { $0.heldBy == guardName }
            page.endSection()
        }
        writeNextSteps(standing, to: &page)
        for kind in Wording.urgentRemarks { try writeRemarks(kind, highlights, &page, to: &output) }
        writeCounts(highlights, to: &page)
        for action in Action.allCases where highlights.changes(action).count > 0 {
            page.beginSection(wording.heading(action, highlights))
            try writeChanges(highlights.changes(action).count, &page, to: &output) { $0.action == action && $0.heldBy == nil }
            page.endSection()
        }
        for kind in Wording.otherRemarks { try writeRemarks(kind, highlights, &page, to: &output) }
        page.finish(into: &output)
    }

    private func writeHead(_ verdict: String, _ standing: Standing, to page: inout HTMLPage) {
        page.add(markup: "<header>\n<h1 class=\"\(wording.mood)\">\(HTMLText.escaped(verdict))</h1>\n<dl>\n")
        for (name, text) in wording.provenance(standing) { page.add(markup: "<dt>\(name)</dt><dd>\(text.html)</dd>\n") }
        page.add(markup: "</dl>\n</header>\n")
    }

    private func writeNextSteps(_ standing: Standing, to page: inout HTMLPage) {
        for step in wording.nextSteps(standing) {
            page.beginSection(step.title)
            page.add(markup: "<pre>\(step.commands.map(HTMLText.escaped).joined(separator: "\n"))</pre>\n")
            page.endSection()
        }
    }

    private func writeGuards(_ highlights: Highlights, to page: inout HTMLPage) {
        let parts = [(Wording.heldGuardsTitle, wording.heldGuards(highlights)), (Wording.approvedGuardsTitle, wording.approvedGuards)]
        for (title, results) in parts where !results.isEmpty {
            page.beginSection(title)
            page.beginTable(.guards, columns: ["guard", "saw", "does", "means"])
            for result in results {
                page.row([
                    result.guardName.rawValue, wording.numbers(of: result).html, wording.hold(of: result),
                    wording.message(of: result)?.html ?? "",
                ])
            }
            page.endTable()
            page.endSection()
        }
    }

    private func writeCounts(_ highlights: Highlights, to page: inout HTMLPage) {
        let counts = wording.counts(highlights)
        guard !counts.isEmpty else { return }
        page.beginSection("Counts")
        page.beginTable(.counts, columns: ["what", "number", ""])
        for (name, count, note) in counts { page.row([name, count.grouped, note]) }
        page.endTable()
        page.endSection()
    }
}
