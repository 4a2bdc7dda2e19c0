internal import RollcallCore

// How the run ended, and what a person can do about it.
extension Wording {
    /// Something that a person can do now: what for, and the commands in their order.
    struct Step {
        let title: String
        /// Each can be pasted into a shell.
        let commands: [String]

        init(_ title: String, _ commands: [String]) {
            self.title = title
            self.commands = commands.map { DisplayEscaping.escapedForTerminal($0) }
        }
    }

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

    /// What kind of end it was, from which a rendering takes its colour.
    var mood: TextStyle.Ink {
        switch record.outcome {
        case .inSync, .applied: .good
        case .pending, .held, .appliedPartly: .waiting
        case .stale, .incomplete, .failed: .bad
        }
    }

    /// What resolves what waits.
    func nextSteps(_ standing: Standing) -> [Step] {
        let hints = context.hints
        if record.isPaused { return [Step("To let runs apply again", [hints.command("resume")])] }
        switch record.outcome {
        case .inSync, .applied: return []
        case .pending, .held, .appliedPartly:
            if standing.isStoppedByPolicy { return [] }
            var steps: [Step] = []
            let isPart = record.outcome == .pending && standing.passing > 0
            if isPart {
                let title = standing.passing < record.summary.changes ? "To apply what passes" : "To apply them"
                steps.append(Step(title, [hints.command("apply")]))
            }
            if standing.waiting > 0 || record.summary.changes == 0 {
                let title = isPart ? "To apply all of it, if what is held is expected" : "If this is expected, review and approve"
                steps.append(Step(title, hints.approval(of: record.heldPlan)))
            }
            return steps
        case .stale: return [Step("To review again", hints.approval(of: nil))]
        case .incomplete, .failed: return [Step("To find out more", [hints.command("check")])]
        }
    }
}
