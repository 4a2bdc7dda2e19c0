internal import RollcallCore

// The parts of the model that a report and a plan file share.
extension JSONWriter {
    mutating func run(_ record: RunRecord, _ context: ReportContext, inline: Bool = false) {
        beginObject(inline: inline)
        member("id", record.id.description)
        member("started", record.started.description)
        member("finished", record.finished.description)
        member("mode", record.mode.rawValue)
        member("outcome", record.outcome.rawValue)
        member("reason", record.reason)
        member("approved", record.isApproved)
        member("actor", record.actor)
        member("plan_digest", record.planDigest)
        member("held_plan", record.heldPlan?.description)
        member("audit_head", context.auditHead)
        member("audit_count", context.auditCount)
        if context.isRedacted { member("redacted", true) }
        endObject()
    }

    mutating func source(_ source: SourceFacts, inline: Bool = false) {
        let proof = source.proof
        beginObject(inline: inline)
        member("name", source.name)
        member("type", source.type)
        member("server", proof?.server)
        member("entries", proof?.users)
        member("groups", proof?.groups)
        member("rejected", proof?.rejected)
        member("complete", proof.map { $0.extent != .lastSnapshot } ?? false)
        member("sync", proof?.extent.inWords ?? "full")
        name("proof")
        if let proof {
            beginObject(inline: true)
            member("pages", proof.pages)
            member("result", proof.result)
            member("watermark", proof.watermark)
            member("referrals_ignored", proof.referralsIgnored)
            endObject()
        } else {
            null()
        }
        endObject()
    }

    /// How many changes there are of every action, and remarks of every kind.
    mutating func summary(_ summary: Summary, inline: Bool = false) {
        beginObject(inline: inline)
        for action in Action.inContract {
            name(action.rawValue)
            value(summary[action])
        }
        member("unchanged", summary.unchanged)
        member("held", summary.held)
        member("drift", summary.drift)
        member("conflict", summary.conflict)
        member("undecided", summary.undecided)
        member("undecided_active", summary.undecidedActive)
        member("protected", summary.protected)
        member("ignored", summary.ignored)
        member("unmapped_groups", summary.unmappedGroups)
        endObject()
    }

    mutating func guards(_ guards: [GuardResult], inline: Bool = false) {
        beginArray(inline: inline)
        for result in guards {
            beginObject(inline: true)
            member("guard", result.guardName.rawValue)
            member("holds", result.reach.rawValue)
            member("limit", result.limit.description)
            member("observed", result.observed)
            member("of", result.whole)
            member("window", result.window?.description)
            member("verdict", result.verdict.rawValue)
            member("message", result.message)
            endObject()
        }
        endArray()
    }

    mutating func user(_ row: PlanRow) {
        name("user")
        guard row.subject == .entry else { return null() }
        beginObject(inline: true)
        member("id", row.userID.map { String($0) })
        member("username", row.label)
        member("anchor", row.anchor.description)
        endObject()
    }

    mutating func fields(_ fields: [FieldChange]) {
        name("fields")
        beginObject(inline: true)
        for change in fields {
            name(change.field.name)
            beginArray(inline: true)
            if let before = change.before { value(before) } else { null() }
            if let after = change.after { value(after) } else { null() }
            endArray()
        }
        endObject()
    }

    mutating func path(_ path: [Text]) {
        name("path")
        beginArray(inline: true)
        for group in path { value(group) }
        endArray()
    }
}

extension Action {
    /// All actions, in the order in which the summary has them; one that came later stands behind the others.
    fileprivate static let inContract: [Action] = {
        let first: [Action] = [.create, .update, .rename, .deactivate, .reactivate, .delete, .purge, .adopt, .grant, .revoke]
        return first + allCases.filter { !first.contains($0) }
    }()
}

extension ReadExtent {
    /// How a report says it.
    fileprivate var inWords: String { self == .whole ? "full" : rawValue }
}
