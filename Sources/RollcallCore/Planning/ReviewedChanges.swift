/// Which changes of the run that filed a held plan an approval or a rejection means.
public struct ReviewedChanges: Hashable, Sendable {
    /// Whether a guard held all of the run's changes rather than those that it named.
    private let isWhole: Bool
    /// Whether changes that a person has rejected are meant as well.
    private let withRejected: Bool
    /// The changes that a person has rejected, also since the plan was filed.
    private let rejected: Set<Digest>
    private let selection: ChangeSelection

    /// - Parameters:
    ///   - run: the record of the run that filed the plan.
    ///   - rejected: what a person has rejected by now.
    ///   - selection: which of its changes are asked for. Those that a person has rejected are left out, unless they are asked for or
    ///     there are no others.
    public init(of plan: HeldPlan, filedBy run: RunRecord, rejected: Set<Digest>, _ selection: ChangeSelection = .all) {
        isWhole = run.guards.contains { $0.verdict == .held && $0.reach == .plan }
        withRejected = selection.only != nil || plan.rejected >= plan.changes || plan.state == .rejected
        self.rejected = rejected
        self.selection = selection
    }

    /// Those of a row's changes that are meant.
    public func changes(of row: PlanRow) -> [Change] {
        row.changes.filter { change in
            change.heldBy != .lastHolder && (isWhole || change.heldBy != nil) && (withRejected || !isRejected(change, in: row))
                && selection.contains(change, of: row.label)
        }
    }

    /// Whether a person has rejected a change, under the digest that it has or that it had before its account was made.
    public func isRejected(_ change: Change, in row: PlanRow) -> Bool {
        if change.heldBy == .rejection || rejected.contains(change.digest) { return true }
        return row.subject == .entry && rejected.contains(change.digestOfNewcomer(in: row))
    }
}
