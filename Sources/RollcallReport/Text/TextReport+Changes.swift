internal import RollcallCore

// What waits, counts, changes and remarks.
extension TextReport {
    func writeNextSteps(_ standing: Standing, to page: inout TextPage) {
        for step in wording.nextSteps(standing) {
            page.heading(step.title)
            for command in step.commands { page.line("  " + command) }
        }
    }

    /// The guards that held, those that stop the whole plan first. The last holders were named before.
    func writeGuards(_ highlights: Highlights, to page: inout TextPage) {
        let parts = [(Wording.heldGuardsTitle, wording.heldGuards(highlights)), (Wording.approvedGuardsTitle, wording.approvedGuards)]
        for (title, results) in parts where !results.isEmpty {
            page.heading(title)
            for result in results {
                page.line("  \(result.guardName.rawValue): \(wording.numbers(of: result).text); \(wording.hold(of: result))")
                if let message = wording.message(of: result) { page.line("    \(message.text)") }
            }
        }
    }

    func writeCounts(_ highlights: Highlights, to page: inout TextPage) {
        let counts = wording.counts(highlights)
        guard !counts.isEmpty else { return }
        page.heading("Counts")
        let width = counts.map(\.count.grouped.utf8.count).max() ?? 0
        var columns = Columns(indent: 2)
        for (name, count, note) in counts {
            let number = DisplayText(plain: DisplayText(plain: count.grouped).aligned(right: width))
            columns.add([DisplayText(plain: name), number, DisplayText(plain: note)])
        }
        page.columns(columns)
    }

    /// The changes that would take a privileged group's last holder, and the way out.
    func writeLastHolders(_ highlights: Highlights, to page: inout TextPage) {
        guard let lines = highlights.held[.lastHolder], lines.count > 0 else { return }
        page.heading(wording.heading(heldBy: .lastHolder, highlights))
        write(lines, withAction: true, to: &page)
        for result in record.guards where result.guardName == .lastHolder && result.verdict == .held {
            page.line("  \(wording.message(of: result)?.text ?? "")")
        }
    }

    /// The other changes that a guard holds by themselves, privileged access first.
    func writeHeld(_ highlights: Highlights, to page: inout TextPage) {
        for guardName in Wording.holdingGuards {
            guard let lines = highlights.held[guardName], lines.count > 0 else { continue }
            page.heading(wording.heading(heldBy: guardName, highlights))
            write(lines, withAction: true, to: &page)
        }
    }

    func writeChanges(_ action: Action, _ highlights: Highlights, to page: inout TextPage) {
        let lines = highlights.changes(action)
        guard lines.count > 0 else { return }
        page.heading(wording.heading(action, highlights))
        write(lines, withAction: false, to: &page)
    }

    private func write(_ lines: FirstFew<Highlights.ChangeLine>, withAction: Bool, to page: inout TextPage) {
        var columns = Columns(indent: 2, limits: [32, 60])
        for line in lines.elements {
            for (index, detail) in wording.details(of: line.change, withAction: withAction).enumerated() {
                let isFirst = index == 0
                columns.add([
                    isFirst ? wording.shown(line.label) : DisplayText(plain: ""), detail,
                    isFirst ? wording.reason(of: line.change) : DisplayText(plain: ""),
                ])
            }
        }
        page.columns(columns)
        if lines.more > 0 { page.line("  " + lines.moreNote, ink: .quiet) }
    }

    /// Remarks of one kind: the new ones, and how many are known.
    func writeRemarks(_ kind: Remark.Kind, _ highlights: Highlights, to page: inout TextPage) {
        guard let heading = wording.heading(kind, highlights) else { return }
        page.heading(heading)
        if let lines = highlights.remarks[kind] {
            var columns = Columns(indent: 2, limits: [kind == .conflict ? 64 : 32])
            for line in lines.elements {
                columns.add([wording.name(of: line), wording.shown(line.remark.message)])
                if let advice = wording.advice(of: line) { columns.add([DisplayText(plain: ""), advice]) }
            }
            page.columns(columns)
            if lines.more > 0 { page.line("  " + lines.moreNote, ink: .quiet) }
        }
        for note in wording.knownNotes(kind, highlights) { page.line("  " + note, ink: .quiet) }
    }
}
