internal import RollcallCore

// Changes and remarks, read and written row by row.
extension HTMLReport {
    /// The changes that would take a privileged group's last holder, and the way out.
    func writeLastHolders(_ highlights: Highlights, _ page: inout HTMLPage, to output: inout ReportOutput) throws {
        guard highlights.lastHolderCount > 0 else { return }
        page.beginSection(wording.heading(heldBy: .lastHolder, highlights))
        try writeChanges(highlights.lastHolderCount, withAction: true, &page, to: &output) { $0.heldBy == .lastHolder }
        for result in record.guards where result.guardName == .lastHolder && result.verdict == .held {
            if let message = wording.message(of: result) { page.paragraph(message.text) }
        }
        page.endSection()
    }

    /// A table of the changes of which `isWanted` says yes; what it is shown of them is little, but needs no decoding.
    func writeChanges(
        _ count: Int, withAction: Bool = false, _ page: inout HTMLPage, to output: inout ReportOutput, where isWanted: (ChangeKind) -> Bool
    ) throws {
        page.beginTable(.changes, columns: ["who", "what", "why"], rows: count)
        try rows.forEachRecord { record in
            var hasWanted = false
            _ = record.forEachChange { change in
                if !hasWanted { hasWanted = isWanted(ChangeKind(action: change.action, heldBy: change.heldBy)) }
            }
            guard hasWanted else { return !output.hasFailed }
            let row = try record.decoded(digests: false)
            let name = wording.shown(row.label).html
            for change in row.changes where isWanted(ChangeKind(action: change.action, heldBy: change.heldBy)) {
                let details = wording.details(of: change, withAction: withAction)
                page.row([name, details.map(\.html).joined(separator: "<br>"), wording.reason(of: change).html])
            }
            page.drain(into: &output)
            return !output.hasFailed
        }
        page.endTable()
    }

    /// A table of all remarks of one kind, those that the last applied run had too in quiet.
    func writeRemarks(_ kind: Remark.Kind, _ highlights: Highlights, _ page: inout HTMLPage, to output: inout ReportOutput) throws {
        guard let heading = wording.heading(kind, highlights) else { return }
        page.beginSection(heading)
        for note in wording.knownNotes(kind, highlights) { page.paragraph(note, isQuiet: true) }
        let count = (highlights.remarks[kind]?.count ?? 0) + (highlights.known[kind] ?? 0) + (highlights.acknowledged[kind] ?? 0)
        page.beginTable(.remarks, columns: ["who", "what"], rows: count)
        for remark in context.warnings where remark.kind == kind { write(remark, of: nil, to: &page) }
        try rows.forEachRecord { record in
            guard record.forEachChange({ _ in }) != 0 else { return !output.hasFailed }
            let row = try record.decoded(digests: false)
            for remark in row.remarks where remark.kind == kind { write(remark, of: row, to: &page) }
            page.drain(into: &output)
            return !output.hasFailed
        }
        page.endTable()
        page.endSection()
    }

    private func write(_ remark: Remark, of row: PlanRow?, to page: inout HTMLPage) {
        let line = Highlights.RemarkLine(remark, of: row)
        let lines = [wording.shown(remark.message), wording.advice(of: line)].compactMap { $0 }
        page.row([wording.name(of: line).html, lines.map(\.html).joined(separator: "<br>")], isQuiet: !remark.isNew)
    }
}

/// What tells the parts of a report into which a change belongs.
struct ChangeKind {
    let action: Action
    let heldBy: GuardName?
}
