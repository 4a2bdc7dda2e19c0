internal import RollcallCore
internal import RollcallReport
internal import RollcallSQLite

extension GroupsCommand {
    /// The group rules with the upstream groups that they have pinned.
    static func showMapped(_ workplace: Workplace, _ format: ReportFormat) throws {
        let reader = try workplace.reader()
        let table = Table(
            schema: "rollcall.group_rules/1", name: "rules",
            columns: [
                .init("rule", title: "rule", isRightAligned: true), .init("says", title: "says"), .init("grant", title: "grants"),
                .init("state", title: "state"), .init("name", title: "name"), .init("dn", title: "dn"), .init("anchor", title: "id"),
                .init("pinned_at", title: "pinned"), .init("run", title: "by run"),
            ], emptyText: "The config has no group rules.")
        try table.show(format) { body in
            for (index, rule) in workplace.settings.rules.groups.enumerated() {
                let head: [Table.Cell] = [.number(index + 1), .string(rule.text), .text(rule.grant.text)]
                let pins = try reader.pins(of: rule.selector)
                if pins.isEmpty {
                    let state = rule.selector.pins ? "never matched" : "by pattern"
                    if !body(head + [.string(state), .none, .none, .none, .none, .none]) { return }
                }
                for pin in pins {
                    let cells: [Table.Cell] = [
                        .string(pin.state.rawValue), .text(pin.group.name), .text(pin.group.dn), .string("\(pin.group.anchor)"),
                        .time(pin.pinnedAt), pin.run.map { .string($0.description) } ?? .none,
                    ]
                    if !body(head + cells) { return }
                }
            }
        }
    }

    /// By which pinned groups the `from` rules give a permission group, with what is the matter with each.
    static func upstream(of group: Text, _ rules: [GroupRule], _ reader: StoreReader) throws(StoreError) -> String {
        var names: [String] = []
        for rule in rules where rule.grant.fixedText.map({ FoldedKey($0) }) == FoldedKey(group) {
            for pin in try reader.pins(of: rule.selector) {
                names.append(pin.state == .pinned ? pin.group.name.string : "\(pin.group.name) (\(pin.state.rawValue))")
            }
        }
        return names.joined(separator: ", ")
    }
}
