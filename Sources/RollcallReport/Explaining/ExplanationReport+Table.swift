internal import RollcallCore

// The same facts as a list, for the formats that lists have.
extension ExplanationReport {
    /// The table that the facts are shown in.
    public var table: Table {
        Table(
            schema: "rollcall.explanation/1", name: "explanation",
            columns: [Table.Column("part", title: "part"), Table.Column("what", title: "what"), Table.Column("value", title: "value")],
            emptyText: "")
    }

    /// The facts as rows of ``table``.
    public func rows(_ body: ([Table.Cell]) -> Bool) {
        for (part, what, value) in facts where !body([.string(part), .text(Text(what)), .text(Text(value))]) { return }
    }

    private var facts: [(part: String, what: String, value: String)] {
        let pair = explanation.pair
        let status = pair.user.map { "\($0.status.rawValue)\($0.isHeld ? ", held here" : "")" } ?? "no account"
        var facts = [("user", pair.user?.username.string ?? explanation.decision.row.label.string, status)]
        if let obstacle = explanation.obstacle { facts.append(("user", "cannot log in", obstacle)) }
        facts += [("entry", "dn", pair.dn.string), ("entry", "anchor", pair.anchor.description)]
        switch pair.side {
        case .present(let desired):
            for (name, values) in explanation.attributes where !values.isEmpty {
                facts.append(("entry", "\(name)", values.map(ExplanationReport.shown).joined(separator: ", ")))
            }
            facts += explanation.rulings.map { ("status rules", "\($0.number)", "\($0.rule.text): \(words(for: $0))") }
            let upstream = desired.status.status?.rawValue ?? "unknown"
            facts.append(("status rules", "upstream says", "\(upstream) (\(desired.status.reason.sentence))"))
            if let filter = desired.ignoredBy { facts.append(("status rules", "ignored", "it matches \(filter)")) }
        case .rejected(let reason): facts.append(("entry", "cannot be used", reason))
        case .absent(let absence): facts.append(("entry", "absent", ExplanationReport.words(for: absence)))
        }
        facts += pair.grants.map { ("permission groups", "has", "\($0.group), \($0.origin == .source ? "from upstream" : "given here")") }
        facts += pair.wantedGrants.map { wanted in
            let way = wanted.path.map(\.string).joined(separator: " › ")
            return ("permission groups", "rule \(wanted.rule)", "\(willBeActive ? "gives" : "would give") \(wanted.group) by way of \(way)")
        }
        return facts + nextRun
    }

    private var nextRun: [(part: String, what: String, value: String)] {
        let row = explanation.decision.row
        var facts: [(part: String, what: String, value: String)] = []
        if row.isEmpty { facts.append(("next run", "leaves it as it is", "")) }
        for change in row.changes {
            let held = change.heldBy.map { " — held by \($0.rawValue)" } ?? ""
            facts.append(("next run", "\(change.action.rawValue)\(change.group.map { " \($0)" } ?? "")", change.reason.sentence + held))
            for field in change.fields {
                facts.append(("next run", field.field.name, "\(field.before?.string ?? "-") → \(field.after?.string ?? "-")"))
            }
        }
        for remark in row.remarks {
            facts.append(("next run", remark.kind.rawValue, remark.message))
            let advice = remark.advice(of: row)
            if !advice.isEmpty { facts.append(("next run", "do", advice)) }
        }
        facts += explanation.holds.map { ("next run", "the whole plan is held", "\($0.guardName.rawValue): \($0.message)") }
        return facts
    }
}
