internal import RollcallCore

// Counts, changes and remarks.
extension TextReport {
    func writeCounts(_ highlights: Highlights, to page: inout TextPage) {
        let summary = record.summary
        var counts: [(name: String, count: Int, note: String)] = Action.allCases.map { action in
            let held = highlights.heldCount[action] ?? 0
            return (action.rawValue, summary[action], held > 0 ? "\(held.grouped) of them held" : "")
        }
        counts += [
            ("unchanged", summary.unchanged, ""), ("undecided", summary.undecided, ""),
            ("conflict", summary.conflict, summary.newConflict > 0 ? "\(summary.newConflict.grouped) new" : ""),
            ("drift", summary.drift, ""), ("protected", summary.protected, ""), ("ignored", summary.ignored, ""),
            ("unmapped groups", summary.unmappedGroups, ""),
        ]
        counts.removeAll { $0.count == 0 }
        guard record.source.proof != nil, !counts.isEmpty else { return }
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
        page.heading("Last holders kept (\(lines.count.grouped)): the one case in which a leaver keeps access")
        write(lines, withAction: true, to: &page)
        for result in record.guards where result.guardName == .lastHolder && result.verdict == .held {
            page.line("  \(shown(message(of: result)).text)")
        }
    }

    /// The other changes that a guard holds by themselves, grants of privileged groups first.
    func writeHeld(_ highlights: Highlights, to page: inout TextPage) {
        let others = GuardName.allCases.filter { $0 != .privilegedGrant && $0 != .lastHolder }
        for guardName in [.privilegedGrant] + others {
            guard let lines = highlights.held[guardName], lines.count > 0 else { continue }
            let title = guardName == .privilegedGrant ? "Privileged grants held" : "Held by \(guardName.rawValue)"
            page.heading("\(title) (\(lines.count.grouped))")
            write(lines, withAction: guardName != .privilegedGrant, to: &page)
        }
    }

    func writeChanges(_ action: Action, _ highlights: Highlights, to page: inout TextPage) {
        let lines = highlights.changes(action)
        guard lines.count > 0 else { return }
        let held = highlights.heldCount[action] ?? 0
        let title = (TextReport.titles[action] ?? action.rawValue) + " (\(lines.count.grouped))"
        page.heading(held > 0 ? "\(title), beside \(held.grouped) held" : title)
        write(lines, withAction: false, to: &page)
    }

    private static let titles: [Action: String] = [
        .create: "Create", .update: "Update", .rename: "Rename", .deactivate: "Deactivate", .reactivate: "Reactivate", .grant: "Grant",
        .revoke: "Revoke",
    ]

    private func write(_ lines: FirstFew<Highlights.ChangeLine>, withAction: Bool, to page: inout TextPage) {
        var columns = Columns(indent: 2, limits: [32, 60])
        for line in lines.elements {
            var details = self.details(of: line.change)
            if withAction, let first = details.first {
                details[0] = DisplayText(plain: "\(line.change.action.rawValue) \(first.text)")
            }
            for (index, detail) in details.enumerated() {
                let isFirst = index == 0
                columns.add([
                    isFirst ? shown(line.label) : DisplayText(plain: ""), detail,
                    isFirst ? shown(reason(of: line.change)) : DisplayText(plain: ""),
                ])
            }
        }
        page.columns(columns)
        if lines.more > 0 { page.line("  … and \(lines.more.grouped) more; --format json shows all", ink: .quiet) }
    }

    private func reason(of change: Change) -> String {
        guard !change.path.isEmpty else { return change.reason }
        return "\(change.reason), via " + change.path.map { shown($0).text }.joined(separator: " › ")
    }

    /// What a change does, a line for each field that is not said by its kind.
    private func details(of change: Change) -> [DisplayText] {
        if let group = change.group { return [shown(group)] }
        switch change.action {
        case .create:
            let fields = change.fields.filter { $0.field != .username }
            return [DisplayText(plain: fields.map { "\(name($0.field)) \(shown($0.after).text)" }.joined(separator: ", "))]
        case .update, .grant, .revoke:
            return change.fields.map { DisplayText(plain: "\(name($0.field)): \(shown($0.before).text) → \(shown($0.after).text)") }
        case .rename, .deactivate, .reactivate:
            return change.fields.map { DisplayText(plain: "\(shown($0.before).text) → \(shown($0.after).text)") }
        }
    }

    private func name(_ field: UserField) -> String {
        DisplayText(field.name, limit: style.valueWidth).text
    }

    /// Who a remark is about. Two entries may want one name, so a conflict of one without a user is told by its anchor.
    private func name(of line: Highlights.RemarkLine) -> DisplayText {
        guard let label = line.label else { return DisplayText(plain: "-") }
        guard line.remark.kind == .conflict, !line.hasUser else { return shown(label) }
        return DisplayText(plain: "\(shown(label).text) (\(shown("\(line.anchor)").text))")
    }

    /// Remarks of one kind: the new ones, and how many are known.
    func writeRemarks(_ kind: Remark.Kind, _ title: String, _ highlights: Highlights, to page: inout TextPage) {
        let lines = highlights.remarks[kind]
        let new = lines?.count ?? 0
        let known = highlights.known[kind] ?? 0
        guard new + known > 0 else { return }
        page.heading("\(title) (\(new.grouped) new)")
        if let lines {
            var columns = Columns(indent: 2, limits: [kind == .conflict ? 64 : 32])
            for line in lines.elements {
                columns.add([name(of: line), shown(line.remark.message)])
                if !line.remark.advice.isEmpty { columns.add([DisplayText(plain: ""), shown("do: " + line.remark.advice)]) }
            }
            page.columns(columns)
            if lines.more > 0 { page.line("  … and \(lines.more.grouped) more; --format json shows all", ink: .quiet) }
        }
        if known > 0 { page.line("  + \(known.grouped) known since the last applied run", ink: .quiet) }
    }
}
