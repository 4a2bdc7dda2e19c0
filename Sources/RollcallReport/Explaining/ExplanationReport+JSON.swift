import RollcallCore

extension ExplanationReport {
    /// For a program: `rollcall.explanation/1`.
    public func writeJSON(to output: inout ReportOutput) {
        let explanation = explanation
        let pair = explanation.pair
        var json = JSONWriter()
        json.beginObject()
        json.member("schema", "rollcall.explanation/1")
        json.name("user")
        if let user = pair.user {
            json.beginObject(inline: true)
            json.member("id", "\(user.id)")
            json.name("username")
            json.value(user.username)
            json.member("status", user.status.rawValue)
            json.name("held")
            json.value(user.isHeld)
            json.endObject()
        } else {
            json.null()
        }
        json.name("cannot_log_in")
        if let obstacle = explanation.obstacle { json.value(obstacle) } else { json.null() }
        json.name("entry")
        writeEntry(explanation, to: &json)
        json.name("status_rules")
        json.beginArray()
        for ruling in explanation.rulings {
            json.beginObject(inline: true)
            json.name("number")
            json.value(ruling.number)
            json.member("rule", ruling.rule.text)
            json.member("then", ruling.rule.outcome.rawValue)
            json.member("verdict", ruling.truth == .yes ? "yes" : ruling.truth == .no ? "no" : "unknown")
            json.name("due")
            if let due = ruling.due { json.value("\(due)") } else { json.null() }
            json.endObject()
        }
        json.endArray()
        writeGroups(pair, to: &json)
        json.name("next_run")
        json.beginArray()
        for change in explanation.decision.row.changes {
            json.beginObject(inline: true)
            json.member("action", change.action.rawValue)
            json.name("group")
            if let group = change.group { json.value(group) } else { json.null() }
            json.member("reason", change.reason.sentence)
            json.name("held_by")
            if let held = change.heldBy { json.value(held.rawValue) } else { json.null() }
            json.endObject()
        }
        json.endArray()
        json.name("remarks")
        json.beginArray()
        for remark in explanation.decision.row.remarks {
            json.beginObject(inline: true)
            json.member("kind", remark.kind.rawValue)
            json.member("code", remark.code)
            json.member("message", remark.message)
            json.member("advice", remark.advice(of: explanation.decision.row))
            json.endObject()
        }
        json.endArray()
        json.name("plan_held_by")
        json.beginArray(inline: true)
        for hold in explanation.holds { json.value(hold.guardName.rawValue) }
        json.endArray()
        json.endObject()
        output.write(draining: &json)
        output.write("\n")
    }

    private func writeEntry(_ explanation: Explanation, to json: inout JSONWriter) {
        json.beginObject()
        json.name("dn")
        json.value(explanation.pair.dn)
        json.member("anchor", "\(explanation.pair.anchor)")
        json.name("attributes")
        json.beginObject()
        for (name, values) in explanation.attributes where !values.isEmpty {
            json.name("\(name)")
            json.beginArray(inline: true)
            for value in values { json.value(Text(value)?.string ?? "0x" + Hexadecimal.text(value)) }
            json.endArray()
        }
        json.endObject()
        json.endObject()
    }

    private func writeGroups(_ pair: Pair, to json: inout JSONWriter) {
        json.name("grants")
        json.beginArray()
        for grant in pair.grants {
            json.beginObject(inline: true)
            json.name("group")
            json.value(grant.group)
            json.member("origin", grant.origin.rawValue)
            json.endObject()
        }
        json.endArray()
        json.name("given_by_rules")
        json.beginArray()
        for wanted in pair.wantedGrants {
            json.beginObject(inline: true)
            json.name("group")
            json.value(wanted.group)
            json.name("rule")
            json.value(wanted.rule)
            json.name("path")
            json.beginArray(inline: true)
            for step in wanted.path { json.value(step) }
            json.endArray()
            json.endObject()
        }
        json.endArray()
    }
}
