internal import RollcallCore

// What happened, and what to do about it.
extension TextReport {
    /// One line: how the run ended, and whether anything changed.
    var verdict: String {
        let reason = record.reason.map { text in
            let shown = DisplayText(text, limit: 1_000).text
            return shown.hasSuffix(".") ? String(shown.dropLast()) : shown
        }
        let changes = record.summary.changes.counted("change")
        let passed = record.summary.changes - record.summary.held
        switch record.outcome {
        case .inSync:
            return "In sync: \(record.summary.unchanged.counted("account")) as the directory has them. Nothing was changed."
        case .pending:
            let held = record.summary.held
            if held == 0 { return "Pending: \(changes) would be applied. Nothing was changed." }
            let need = held == 1 ? "needs" : "need"
            return "Pending: \(passed.counted("change")) would be applied, \(held.grouped) more \(need) approval. Nothing was changed."
        case .applied:
            return "Applied: \(changes) made\(record.isApproved ? ", as approved" : "")."
        case .appliedPartly:
            return "Applied in part: \(passed.counted("change")) made, \(record.summary.held.grouped) held for approval."
        case .held:
            if record.summary.changes == 0 { return "Held: \(reason ?? "a person must look first"). Nothing was changed." }
            return "Held: \(changes) \(record.summary.changes == 1 ? "needs" : "need") approval. Nothing was changed."
        case .stale: return "Stale, nothing was changed: \(reason ?? "the plan is no longer what a run would do")."
        case .incomplete: return "Incomplete, nothing was changed: \(reason ?? "the source could not be read whole")."
        case .failed: return "Failed, nothing was changed: \(reason ?? "no reason was recorded")."
        }
    }

    /// Whether the verdict itself says why.
    var verdictTellsReason: Bool {
        switch record.outcome {
        case .inSync, .pending, .applied, .appliedPartly: false
        case .held: record.summary.changes == 0
        case .stale, .incomplete, .failed: true
        }
    }

    var verdictInk: TextStyle.Ink {
        switch record.outcome {
        case .inSync, .applied: .good
        case .pending, .held, .appliedPartly: .waiting
        case .stale, .incomplete, .failed: .bad
        }
    }

    func writeNextSteps(to page: inout TextPage) {
        let hints = context.hints
        switch record.outcome {
        case .inSync, .applied: break
        case .pending:
            let hasHeld = record.summary.held > 0
            page.heading(hasHeld ? "To apply what passes" : "To apply them")
            page.command(hints.command("apply"))
            if hasHeld { writeApproval("To apply all of it, if what is held is expected", to: &page) }
        case .held, .appliedPartly: writeApproval("If this is expected, review and approve", to: &page)
        case .stale: writeApproval("To review again", to: &page)
        case .incomplete, .failed:
            page.heading("To find out more")
            page.command(hints.command("check"))
        }
    }

    private func writeApproval(_ heading: String, to page: inout TextPage) {
        page.heading(heading)
        for command in context.hints.approval { page.command(command) }
    }

    /// The guards that held, those that stop the whole plan first.
    func writeGuards(to page: inout TextPage) {
        let held = record.guards.filter { $0.verdict == .held }
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
        if let window = context.window, result.guardName.countsOverWindow { numbers += ", within \(window)" }
        let reach = result.reach == .plan ? "the whole plan" : "these changes"
        page.line("  \(result.guardName.rawValue): \(shown(numbers).text); \(result.verdict == .held ? "holds" : "held") \(reach)")
        let message = result.message.isEmpty ? TextReport.firstLook[result.guardName] ?? "" : result.message
        if !message.isEmpty { page.line("    \(shown(message).text)") }
    }

    /// What to look at first when a guard holds and says nothing itself.
    private static let firstLook: [GuardName: String] = [
        .empty: "The source gave no entries. Look at its base and filter, and at what the bind account may read.",
        .firstRun: "The store has no linked users yet. Look through the creations before the first apply.",
        .deactivations: "Many people would lose access. Look at the source's base and filter, and at recent changes upstream.",
        .reactivations: "Many people would regain access. Look at whether a status attribute vanished upstream.",
        .creations: "Many accounts would be new. Look at whether base or filter reaches further than meant.",
        .identifiers: "Many usernames or emails would change. Look at the attribute mapping, and at renames upstream.",
        .shrink: "The source gave far fewer entries than before. Look at its base, filter and permissions.",
        .attributeGone: "A mapped attribute vanished from many entries. Look at what the bind account may read.",
        .rejected: "Many entries cannot be used. Look at the warnings and conflicts below.",
        .privilegedGrant: "Look at each person and the path by which the grant comes.",
        .lastHolder: "A privileged group would be left without an active member. Name a successor first.",
    ]
}

extension TextPage {
    /// A command to paste, indented.
    mutating func command(_ command: String) {
        line("  " + DisplayEscaping.escapedForTerminal(command))
    }
}
