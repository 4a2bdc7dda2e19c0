internal import Dispatch
internal import RollcallCore
internal import Synchronization

/// What the store keeps of one decision.
struct DecidedPair: Sendable {
    var userID: Int64?
    var state: EntryState
    var due: Instant?
    var losses: [Text]
    var gains: [Text]
    /// Whether memberships end by themselves.
    var revokes: Bool
    /// Whether applying it changes what the store keeps about the entry.
    var writes: Bool
    /// The digests of its changes, one after the other.
    var digests: [UInt8]
    /// Whether a change waits for a person.
    var isHeld: Bool
    /// The digests of those changes that a person approved one by one; `nil` when there are none.
    var approved: [UInt8]?
    /// The row's canonical bytes; `nil` when there is nothing to say.
    var record: [UInt8]?
}

/// Some decisions and what they come to.
struct DecidedPart: Sendable {
    var pairs: [DecidedPair] = []
    var summary = Summary()
    var tally = GuardTally()
    var approval = ApprovalTally()
    /// Approved changes of the approver's own access.
    var ownAccess = 0
    var pins = PinApproval()
}

/// The group rules of which something waited for a person because their groups vanished or were replaced.
struct PinApproval: Sendable {
    /// Rules of which a person has approved something.
    private(set) var approved: Set<Int> = []
    /// Rules of which something waits on.
    private(set) var waiting: Set<Int> = []

    /// Counts what is held in a row before its approved changes are released.
    ///
    /// - Parameters:
    ///   - lost: what the user had by way of groups that rules no longer find; several rules may have given the same.
    ///   - isApproved: whether a person has approved a change.
    mutating func add(_ row: PlanRow, _ lost: [LostGrant], where isApproved: (Change) -> Bool) {
        for change in row.changes where change.heldBy == .groupReplaced {
            var rules = change.action == .revoke ? lost.filter { $0.group == change.group }.map(\.rule) : []
            if let rule = change.rule.groupNumber { rules.append(rule) }
            if isApproved(change) { approved.formUnion(rules) } else { waiting.formUnion(rules) }
        }
    }

    /// Adds what another part of the same plan has.
    mutating func add(_ other: PinApproval) {
        approved.formUnion(other.approved)
        waiting.formUnion(other.waiting)
    }
}

/// Where decisions are put by whoever makes them.
private final class DecidedParts: Sendable {
    let parts = Mutex<[DecidedPart]>([])
}

/// Decides pairs on all cores. Deciding is pure, so that the only thing that must be in order is what is done with the results.
struct PairDecider {
    let evaluator: Evaluator
    let planner: Planner
    let now: Instant
    /// What a person has approved of the plan.
    let approval: PlanApproval
    /// Who has; `nil` when nobody has, or nobody is known.
    let approver: Approver?

    /// How many pairs are decided together: enough to share out, few enough to hold.
    static let together = 1024

    /// Some pairs that are being decided meanwhile.
    struct Deciding {
        let pairs: [StagedPair]
        fileprivate let work: DispatchWorkItem
        fileprivate let results: DecidedParts

        /// Waits for the decisions; they are in the order of the pairs.
        func finish() -> [DecidedPart] {
            work.wait()
            return results.parts.withLock { $0 }
        }
    }

    /// Begins to decide `pairs`.
    func begin(_ pairs: [StagedPair]) -> Deciding {
        let results = DecidedParts()
        let work = DispatchWorkItem { [self] in
            let parts = decide(pairs)
            results.parts.withLock { $0 = parts }
        }
        DispatchQueue.global().async(execute: work)
        return Deciding(pairs: pairs, work: work, results: results)
    }

    /// Evaluates `pairs` and decides each; the results are in their order.
    private func decide(_ pairs: [StagedPair]) -> [DecidedPart] {
        let parts = pairs.count < 128 ? 1 : 4
        let share = (pairs.count + parts - 1) / parts
        let results = Mutex<[DecidedPart]>(Array(repeating: DecidedPart(), count: parts))
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let range = min(part * share, pairs.count)..<min((part + 1) * share, pairs.count)
            var decided = DecidedPart()
            decided.pairs.reserveCapacity(range.count)
            for index in range { decide(pairs[index], into: &decided) }
            results.withLock { $0[part] = decided }
        }
        return results.withLock { $0 }
    }

    private func decide(_ staged: StagedPair, into part: inout DecidedPart) {
        var decision = planner.decision(for: staged.evaluated(by: evaluator, at: now))
        var approvedDigests: [UInt8]?
        switch approval {
        case .nothing: part.tally.add(decision.row)
        case .everything:
            part.tally.add(decision.row)
            let own = ownAccess(in: decision, staged.pair).filter { decision.row.changes[$0].heldBy != nil }
            let left = kept(own, of: decision)
            part.pins.add(decision.row, staged.pair.lostGrants) { !left.contains($0.digest) }
            decision.release(.privilegedGrant)
            decision.release(.privilegedIdentifier)
            decision.release(.adoption)
            decision.release(.anchorsChanged)
            decision.release(.groupReplaced)
            if case .absent(let absence) = staged.pair.side, decision.row.changes.contains(where: \.takesAccess) {
                part.approval.count(absence)
            }
            leave(own, of: &decision, &part)
        case .changes:
            var approved = part.approval.compare(staged.reviewed, with: decision.row)
            let own = ownAccess(in: decision, staged.pair).filter { approved.contains(decision.row.changes[$0].digest) }
            part.tally.add(decision.row, except: approved)
            approved.subtract(kept(own, of: decision))
            if !approved.isEmpty {
                let passing = decision.row.selecting(approved)
                part.approval.tally.add(passing)
                if case .absent(let absence) = staged.pair.side, passing.changes.contains(where: \.takesAccess) {
                    part.approval.count(absence)
                }
            }
            part.pins.add(decision.row, staged.pair.lostGrants) { approved.contains($0.digest) }
            decision.release(approved)
            leave(own, of: &decision, &part)
            if !approved.isEmpty { approvedDigests = approved.sorted().flatMap(\.bytes) }
        }
        part.tally.add(leaving: decision.row, with: staged.pair.grants)
        part.summary.add(decision.row)
        if decision.row.isEmpty {
            if decision.state == .ignored {
                part.summary.ignored += 1
            } else if staged.pair.user != nil {
                part.summary.unchanged += 1
            }
        }
        var digests: [UInt8] = []
        digests.reserveCapacity(decision.row.changes.count * Digest.byteCount)
        for change in decision.row.changes { change.digest.append(to: &digests) }
        part.pairs.append(
            DecidedPair(
                userID: decision.row.userID, state: decision.state, due: decision.due, losses: decision.certainLosses(),
                gains: decision.certainGains(),
                revokes: decision.row.changes.contains { $0.action == .revoke }, writes: staged.mustWrite(decision), digests: digests,
                isHeld: decision.row.changes.contains { $0.heldBy != nil }, approved: approvedDigests,
                record: decision.row.isEmpty ? nil : decision.row.record))
    }

    /// The changes that decide about the approver's own access.
    private func ownAccess(in decision: Decision, _ pair: Pair) -> [Int] {
        guard let approver else { return [] }
        return decision.row.ownAccess(of: approver) { group in
            pair.grants.contains { $0.group == group && $0.isPrivileged }
                || pair.wantedGrants.contains { $0.group == group && $0.isPrivileged }
        }
    }

    /// Those of them that the approver's approval does not let pass; what root approves stands.
    private func kept(_ own: [Int], of decision: Decision) -> Set<Digest> {
        approver?.isRoot == false ? Set(own.map { decision.row.changes[$0].digest }) : []
    }

    /// Leaves them to somebody else; what root approves stands.
    private func leave(_ own: [Int], of decision: inout Decision, _ part: inout DecidedPart) {
        part.ownAccess += own.count
        if approver?.isRoot == false { decision.withhold(own) }
    }
}
