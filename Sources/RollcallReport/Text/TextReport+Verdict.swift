internal import RollcallCore

// What happened, and what to do about it.
extension TextReport {
    /// One line: how the run ended, and whether anything changed.
    func verdict(_ standing: Standing) -> String {
        let reason = record.reason.map { text in
            let shown = DisplayText(text, limit: 1_000).text
            return shown.hasSuffix(".") ? String(shown.dropLast()) : shown
        }
        let changes = record.summary.changes.counted("change")
        switch record.outcome {
        case .inSync: return "In sync: nothing to change."
        case .pending, .held:
            if record.summary.changes == 0 { return "Held: \(reason ?? "a person must look first"). Nothing was changed." }
            if standing.isStoppedByPolicy {
                return "\(record.outcome == .held ? "Held" : "Pending"): \(changes) found, and \(reason ?? ""). Nothing was changed."
            }
            if standing.passing == 0 { return "Held: \(standing.waits). Nothing was changed." }
            let passing = "Pending: \(standing.passing.counted("change")) would be applied"
            if standing.passing == record.summary.changes { return passing + ". Nothing was changed." }
            return "\(passing), \(standing.waits). Nothing was changed."
        case .applied:
            return "Applied: \(changes) made\(record.isApproved ? ", as approved" : "")."
        case .appliedPartly:
            return "Applied in part: \(standing.passing.counted("change")) made, \(standing.waited)."
        case .stale: return "Stale, nothing was changed: \(reason ?? "the plan is no longer what a run would do")."
        case .incomplete: return "Incomplete, nothing was changed: \(reason ?? "the source could not be read whole")."
        case .failed: return "Failed, nothing was changed: \(reason ?? "no reason was recorded")."
        }
    }

    /// Whether the verdict or a guard says why, so that nothing is said twice.
    func isToldElsewhere(_ reason: String, _ standing: Standing) -> Bool {
        if record.guards.contains(where: { $0.verdict == .held && $0.message == reason }) { return true }
        switch record.outcome {
        case .inSync, .applied, .appliedPartly: return false
        case .pending, .held: return record.summary.changes == 0 || standing.isStoppedByPolicy || standing.passing == 0
        case .stale, .incomplete, .failed: return true
        }
    }

    var verdictInk: TextStyle.Ink {
        switch record.outcome {
        case .inSync, .applied: .good
        case .pending, .held, .appliedPartly: .waiting
        case .stale, .incomplete, .failed: .bad
        }
    }

    func writeNextSteps(_ standing: Standing, to page: inout TextPage) {
        let hints = context.hints
        switch record.outcome {
        case .inSync, .applied: break
        case .pending, .held, .appliedPartly:
            if standing.isStoppedByPolicy { return }
            if record.outcome == .pending, standing.passing > 0 {
                page.heading(standing.passing < record.summary.changes ? "To apply what passes" : "To apply them")
                page.command(hints.command("apply"))
            }
            if standing.waiting > 0 || record.summary.changes == 0 {
                let isPart = record.outcome == .pending && standing.passing > 0
                writeApproval(
                    isPart ? "To apply all of it, if what is held is expected" : "If this is expected, review and approve", to: &page)
            }
        case .stale: writeApproval("To review again", to: &page)
        case .incomplete, .failed:
            page.heading("To find out more")
            page.command(hints.command("check"))
        }
    }

    private func writeApproval(_ heading: String, to page: inout TextPage) {
        page.heading(heading)
        for command in context.hints.approval(of: record.heldPlan) { page.command(command) }
    }

    /// The guards that held, those that stop the whole plan first. The last holders were named before.
    func writeGuards(_ highlights: Highlights, to page: inout TextPage) {
        let held = record.guards.filter { $0.verdict == .held && ($0.guardName != .lastHolder || highlights.lastHolderCount == 0) }
        let approved = record.guards.filter { $0.verdict == .approved }
        if !held.isEmpty {
            page.heading("Guards that hold")
            let whole = held.filter { $0.reach == .plan }
            for result in whole + held.filter({ $0.reach == .changes }) { write(result, to: &page) }
        }
        if !approved.isEmpty {
            page.heading("Guards that would have held, approved")
            for result in approved { write(result, to: &page) }
        }
    }

    private func write(_ result: GuardResult, to page: inout TextPage) {
        var numbers = "observed \(result.observed.grouped)"
        if let whole = result.whole { numbers += " of \(whole.grouped)" }
        if !result.limit.isEmpty { numbers += ", limit \(result.limit)" }
        if let window = result.window { numbers += ", within \(window)" }
        let reach = result.reach == .plan ? "the whole plan" : "these changes"
        page.line("  \(result.guardName.rawValue): \(shown(numbers).text); \(result.verdict == .held ? "holds" : "held") \(reach)")
        let message = self.message(of: result)
        if !message.isEmpty { page.line("    \(shown(message).text)") }
    }

    /// What a guard says, or what to look at first.
    func message(of result: GuardResult) -> String {
        result.message.isEmpty ? TextReport.firstLook[result.guardName] ?? "" : result.message
    }

    /// What to look at first when a guard holds and says nothing itself.
    private static let firstLook: [GuardName: String] = [
        .empty: "The source gave no entries. Look at its base and filter, and at what the bind account may read.",
        .firstRun: "The store has no linked users yet. Look through the creations before the first apply.",
        .scope: "The config asks for something else than the last applied run did. Look at what it would change.",
        .deactivations: "Many people would lose access. Look at the source's base and filter, and at recent changes upstream.",
        .reactivations: "Many people would regain access. Look at whether a status attribute vanished upstream.",
        .creations: "Many accounts would be new. Look at whether base or filter reaches further than meant.",
        .identifiers: "Many usernames or emails would change. Look at the attribute mapping, and at renames upstream.",
        .shrink: "The source gave far fewer entries than before. Look at its base, filter and permissions.",
        .attributeGone: "A mapped attribute vanished from many entries. Look at what the bind account may read.",
        .rejected: "Many entries cannot be used. Look at the warnings and conflicts below.",
        .privilegedGrant: "Look at each person and the path by which the grant comes.",
        .privilegedIdentifier: "Look at whether it is still the same person: a password can be reset by email.",
        .groupRevocations: "Many would lose one permission group. Look at the upstream groups that give it.",
        .lastHolder: "A privileged group would be left without an active member. Name a successor first.",
    ]
}

extension TextPage {
    /// A command to paste, indented.
    mutating func command(_ command: String) {
        line("  " + DisplayEscaping.escapedForTerminal(command))
    }
}
