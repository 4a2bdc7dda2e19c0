internal import RollcallCore

/// Where the changes of a plan stand: how many pass, how many a person can let pass, and how many no approval lets pass.
struct Standing {
    /// Changes that nothing holds.
    let passing: Int
    /// Changes that wait for a person's approval.
    let waiting: Int
    /// Changes that would take a privileged group's last holder; they wait for another one.
    let kept: Int
    /// Whether it is neither a guard nor a person that stops the plan, but the config's policy.
    let isStoppedByPolicy: Bool

    init(_ record: RunRecord, _ highlights: Highlights) {
        let isHeldWhole = record.guards.contains { $0.verdict == .held && $0.reach == .plan }
        let changes = record.summary.changes
        kept = highlights.lastHolderCount
        waiting = max(0, (isHeldWhole ? changes : record.summary.held) - kept)
        passing = max(0, changes - waiting - kept)
        isStoppedByPolicy =
            !isHeldWhole && passing > 0 && record.reason != nil && (record.outcome == .held || record.outcome == .pending)
    }

    /// What the changes that do not pass wait for, as a sentence goes on after those that would: `1 more needs approval`.
    var waits: String {
        let passes = passing > 0
        return phrase(
            "\(passes ? waiting.grouped + " more" : waiting.counted("change")) \(waiting == 1 ? "needs" : "need") approval",
            "\(passes || waiting > 0 ? kept.grouped : kept.counted("change")) \(kept == 1 ? "waits" : "wait") for another holder of a privileged group"
        )
    }

    /// The same after a run that has applied the others.
    var waited: String {
        phrase("\(waiting.grouped) held for approval", "\(kept.grouped) held until a privileged group has another holder")
    }

    private func phrase(_ waiting: String, _ kept: String) -> String {
        [self.waiting > 0 ? waiting : nil, self.kept > 0 ? kept : nil].compactMap { $0 }.joined(separator: ", ")
    }
}
