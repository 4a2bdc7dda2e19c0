import RollcallCore

/// What a judged plan comes to.
struct RunVerdict {
    let outcome: RunRecord.Outcome
    let reason: String?
    /// Whether an applier goes on to write.
    let applies: Bool

    init(_ record: RunRecord, policy: Policy) {
        let changes = record.summary.changes
        let wholePlan = record.guards.filter { $0.verdict == .held && $0.reach == .plan }
        if let first = wholePlan.first {
            outcome = .held
            reason = first.message
            applies = false
        } else if policy == .reportOnly, changes > 0 {
            outcome = record.mode == .plan ? .pending : .held
            reason = "the policy is report-only"
            applies = false
        } else if changes == 0 {
            outcome = .inSync
            reason = nil
            applies = true
        } else if record.mode == .plan {
            outcome = .pending
            reason = nil
            applies = false
        } else if record.summary.held >= changes {
            outcome = .held
            reason = "every change waits for a person"
            applies = true
        } else {
            outcome = record.summary.held > 0 ? .appliedPartly : .applied
            reason = nil
            applies = true
        }
    }
}
