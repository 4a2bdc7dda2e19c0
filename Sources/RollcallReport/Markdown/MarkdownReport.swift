public import RollcallCore

/// A run's report as Markdown, to be pasted into a ticket.
///
/// It says what ``TextReport`` says, in the same order, with tables. Every value from outside stands in a code span, so nothing in it is
/// markup, a link or a mention.
public struct MarkdownReport {
    private let record: RunRecord
    private let rows: any PlanRows
    private let context: ReportContext
    private let rowsPerKind: Int
    private let wording: Wording

    /// - Parameter rowsPerKind: how many changes of one kind, and remarks of one kind, are shown. That many are held in memory.
    public init(_ record: RunRecord, rows: any PlanRows, context: ReportContext = ReportContext(), rowsPerKind: Int = 25) {
        self.record = record
        self.rows = rows
        self.context = context
        self.rowsPerKind = max(1, rowsPerKind)
        wording = Wording(record: record, context: context, valueWidth: 200)
    }

    /// Writes the report. The rows are read once.
    ///
    /// - Throws: what the rows throw; a failing output is thrown by ``ReportOutput/finish()``.
    public func write(to output: inout ReportOutput) throws {
        let highlights = try Highlights(of: rows, runWide: context.warnings, limit: rowsPerKind)
        let standing = Standing(record, highlights)
        var page = MarkdownPage()
        page.line("## \(MarkdownText.sentence(wording.verdict(standing), inTable: false))\n")
        for (name, text) in wording.provenance(standing) { page.line("- \(name): \(MarkdownText.value(text, inTable: false))") }
        writeLastHolders(highlights, to: &page)
        writeGuards(highlights, to: &page)
        for guardName in Wording.holdingGuards {
            guard let lines = highlights.held[guardName] else { continue }
            page.heading(wording.heading(heldBy: guardName, highlights))
            write(lines, withAction: true, to: &page)
        }
        for step in wording.nextSteps(standing) {
            page.heading(step.title)
            page.commands(step.commands)
        }
        for kind in Wording.urgentRemarks { writeRemarks(kind, highlights, to: &page) }
        writeCounts(highlights, to: &page)
        page.drain(into: &output)
        for action in Action.allCases where highlights.changes(action).count > 0 {
            page.heading(wording.heading(action, highlights))
            write(highlights.changes(action), withAction: false, to: &page)
            page.drain(into: &output)
        }
        for kind in Wording.otherRemarks { writeRemarks(kind, highlights, to: &page) }
        page.drain(into: &output)
    }

    private func writeLastHolders(_ highlights: Highlights, to page: inout MarkdownPage) {
        guard let lines = highlights.held[.lastHolder] else { return }
        page.heading(wording.heading(heldBy: .lastHolder, highlights))
        write(lines, withAction: true, to: &page)
        for result in record.guards where result.guardName == .lastHolder && result.verdict == .held {
            guard let message = wording.message(of: result) else { continue }
            page.line()
            page.line("- \(MarkdownText.sentence(message.text, inTable: false))")
        }
    }

    private func writeGuards(_ highlights: Highlights, to page: inout MarkdownPage) {
        let parts = [(Wording.heldGuardsTitle, wording.heldGuards(highlights)), (Wording.approvedGuardsTitle, wording.approvedGuards)]
        for (title, results) in parts where !results.isEmpty {
            page.heading(title)
            page.tableHead(["guard", "saw", "does", "means"])
            for result in results {
                page.row([
                    "`\(result.guardName.rawValue)`", MarkdownText.sentence(wording.numbers(of: result).text), wording.hold(of: result),
                    MarkdownText.sentence(wording.message(of: result)?.text ?? ""),
                ])
            }
        }
    }

    private func writeCounts(_ highlights: Highlights, to page: inout MarkdownPage) {
        let counts = wording.counts(highlights)
        guard !counts.isEmpty else { return }
        page.heading("Counts")
        page.tableHead(["what", "number", ""], rightAligned: [1])
        for (name, count, note) in counts { page.row([name, count.grouped, note]) }
    }

    private func write(_ lines: FirstFew<Highlights.ChangeLine>, withAction: Bool, to page: inout MarkdownPage) {
        page.tableHead(["who", "what", "why"])
        for line in lines.elements {
            let details = wording.details(of: line.change, withAction: withAction).map { MarkdownText.value($0) }
            page.row([
                MarkdownText.value(wording.shown(line.label)), details.joined(separator: ", "),
                MarkdownText.sentence(wording.reason(of: line.change).text),
            ])
        }
        writeMore(lines.more > 0 ? lines.moreNote : nil, to: &page)
    }

    /// Remarks of one kind: the new ones, and how many are known.
    private func writeRemarks(_ kind: Remark.Kind, _ highlights: Highlights, to page: inout MarkdownPage) {
        guard let heading = wording.heading(kind, highlights) else { return }
        page.heading(heading)
        if let lines = highlights.remarks[kind] {
            page.tableHead(["who", "what", "do"])
            for line in lines.elements {
                page.row([
                    MarkdownText.value(wording.name(of: line)), MarkdownText.sentence(wording.shown(line.remark.message).text),
                    MarkdownText.sentence(wording.shown(line.advice).text),
                ])
            }
            writeMore(lines.more > 0 ? lines.moreNote : nil, to: &page)
        }
        for note in wording.knownNotes(kind, highlights) { writeMore(note, to: &page) }
    }

    private func writeMore(_ note: String?, to page: inout MarkdownPage) {
        guard let note else { return }
        page.line()
        page.line(note.hasPrefix("+") ? "\\\(note)" : note)
    }
}
