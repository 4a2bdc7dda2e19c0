public import RollcallCore

/// Shows one user: the entry, the rules tried, the way behind each grant, and what the next run would do.
public struct ExplanationReport {
    let explanation: Explanation

    public init(_ explanation: Explanation) {
        self.explanation = explanation
    }

    /// For a person.
    public func writeText(to output: inout ReportOutput) {
        let pair = explanation.pair
        func line(_ text: String) { output.write(DisplayEscaping.escapedForTerminal(text) + "\n") }
        if let user = pair.user {
            line("\(user.username): \(user.status.rawValue)\(user.isHeld ? ", held here" : "")")
        } else {
            line("\(explanation.decision.row.label): no account")
        }
        if let obstacle = explanation.obstacle { line("Cannot log in: \(obstacle)") }
        line("")
        line("Entry")
        line("  dn      \(pair.dn)")
        line("  anchor  \(pair.anchor)")
        switch pair.side {
        case .present:
            for (name, values) in explanation.attributes where !values.isEmpty {
                line("  \(name): \(values.map(ExplanationReport.shown).joined(separator: ", "))")
            }
        case .rejected(let reason): line("  cannot be used: \(reason)")
        case .absent(let absence): line("  \(ExplanationReport.words(for: absence))")
        }
        writeRules(line)
        writeGrants(line)
        line("")
        line("The next run")
        let row = explanation.decision.row
        if row.isEmpty { line("  leaves it as it is") }
        for change in row.changes {
            let held = change.heldBy.map { " — held by \($0.rawValue)" } ?? ""
            line("  \(change.action.rawValue)\(change.group.map { " \($0)" } ?? "")\(held): \(change.reason.sentence)")
            for field in change.fields { line("    \(field.field.name): \(field.before?.string ?? "-") → \(field.after?.string ?? "-")") }
        }
        for remark in row.remarks {
            line("  \(remark.kind.rawValue): \(remark.message)")
            let advice = remark.advice(of: row)
            if !advice.isEmpty { line("    do: \(advice)") }
        }
        for hold in explanation.holds { line("  but the whole plan is held (\(hold.guardName.rawValue)): \(hold.message)") }
    }

    private func writeRules(_ line: (String) -> Void) {
        line("")
        line("Status rules")
        if explanation.rulings.isEmpty { line("  none is configured") }
        for ruling in explanation.rulings {
            line("  \(ruling.number)  \(ruling.rule.text): \(words(for: ruling))")
        }
        if case .present(let desired) = explanation.pair.side {
            line("  so upstream says: \(desired.status.status?.rawValue ?? "unknown") (\(desired.status.reason.sentence))")
            if let filter = desired.ignoredBy { line("  ignored: it matches \(filter)") }
        }
    }

    private func writeGrants(_ line: (String) -> Void) {
        let pair = explanation.pair
        line("")
        line("Permission groups")
        if pair.grants.isEmpty && pair.wantedGrants.isEmpty { line("  none") }
        for grant in pair.grants {
            let origin = grant.origin == .source ? "from upstream" : "given here"
            line("  has \(grant.group)\(grant.isPrivileged ? " (privileged)" : ""), \(origin)")
        }
        for wanted in pair.wantedGrants {
            let way = wanted.path.map(\.string).joined(separator: " › ")
            let group = "\(wanted.group)\(wanted.isPrivileged ? " (privileged)" : "")"
            let gift = willBeActive ? "gives \(group)" : "would give \(group) once active,"
            line("  rule \(wanted.rule) \(gift) by way of \(way)")
        }
    }

    /// What a status rule says.
    func words(for ruling: StatusRuling) -> String {
        let verdict =
            switch ruling.truth {
            case .yes: "matches → \(ruling.rule.outcome.rawValue)"
            case .no: "does not match"
            case .unknown: "cannot be told"
            }
        return verdict + (ruling.due.map { ", will match at \($0.wholeSeconds)" } ?? "")
    }

    /// Whether the account is active after the next run; only then does it get what the rules give.
    var willBeActive: Bool {
        let statuses = explanation.decision.row.changes.flatMap(\.fields).filter { $0.field == .status }
        if let change = statuses.last { return change.after?.string == UserStatus.active.rawValue }
        return explanation.pair.user?.status == .active
    }

    static func words(for absence: Absence) -> String {
        switch absence {
        case .gone: "gone: the directory has no such entry any more"
        case .leftScope(let dn): "left scope: it is now \(dn)"
        case .notBelowBase(let searched): "gone: \(searched.sentence)"
        case .unconfirmed(let reason): "not in the reading; its absence could not be confirmed: \(reason)"
        case .notLookedUp, .unasked: "not in the reading"
        }
    }

    static func shown(_ value: [UInt8]) -> String {
        Text(value)?.string ?? "0x" + Hexadecimal.text(value)
    }
}
