internal import Dispatch
internal import RollcallCore
internal import Synchronization

/// What was decided about a staged pair, with the row's canonical bytes.
struct DecidedPair: Sendable {
    var decision: Decision
    /// Counted before a person's approval lets held changes pass.
    var tallied: PlanRow
    /// `nil` when there is nothing to say.
    var record: [UInt8]?
}

/// Decides pairs on all cores. Deciding is pure, so that the only thing that must be in order is what is done with the results.
struct PairDecider {
    let evaluator: Evaluator
    let planner: Planner
    let now: Instant
    let approved: Bool

    /// How many pairs are decided together: enough to share out, few enough to hold.
    static let together = 1024

    /// Evaluates `pairs` and decides each; the results are in their order.
    func decide(_ pairs: [StagedPair]) -> [DecidedPair] {
        let parts = pairs.count < 128 ? 1 : 8
        let share = (pairs.count + parts - 1) / parts
        let results = Mutex<[[DecidedPair]]>(Array(repeating: [], count: parts))
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let range = min(part * share, pairs.count)..<min((part + 1) * share, pairs.count)
            let decided = pairs[range].map { decide($0.evaluated(by: evaluator, at: now)) }
            results.withLock { $0[part] = decided }
        }
        return results.withLock { Array($0.joined()) }
    }

    private func decide(_ pair: Pair) -> DecidedPair {
        var decision = planner.decision(for: pair)
        let tallied = decision.row
        if approved { decision.release(.privilegedGrant) }
        return DecidedPair(decision: decision, tallied: tallied, record: decision.row.isEmpty ? nil : decision.row.record)
    }
}
