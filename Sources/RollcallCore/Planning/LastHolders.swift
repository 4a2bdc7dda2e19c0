/// Keeps every privileged group from losing its last active holder: a fold over the decisions of a plan.
///
/// When the plan would leave a group without one, every revocation and deactivation that takes the group from somebody is held,
/// first in the report. It is the one case in which a leaver keeps access.
public struct LastHolders: Sendable {
    private var before: [Text: Int]
    private var losses: [Text: Int] = [:]
    private var gains: [Text: Int] = [:]

    /// - Parameter holders: for each privileged group, how many active users have it now, local ones included.
    public init(holders: [Text: Int]) {
        before = holders
    }

    /// Adds one decision; a gain that is held does not count.
    public mutating func add(_ decision: Decision) {
        add(losses: decision.privilegedLosses, gains: decision.certainGains())
    }

    /// Adds what one decision takes from its user and what it certainly gives.
    public mutating func add(losses lost: [Text], gains gained: [Text]) {
        for group in lost { losses[group, default: 0] += 1 }
        for group in gained { gains[group, default: 0] += 1 }
    }

    /// Takes back losses that are held by another guard, one for each time that a group is named.
    public mutating func keep(_ groups: [Text]) {
        for group in groups { losses[group, default: 0] -= 1 }
    }

    /// The groups that would be left without a holder, in order.
    public var endangered: [Text] {
        before.filter { group, count in
            let lost = losses[group] ?? 0
            return lost > 0 && count > 0 && count - lost + (gains[group] ?? 0) <= 0
        }.keys.sorted()
    }

    /// What is to be said about one endangered group.
    public func result(for group: Text) -> GuardResult {
        GuardResult(
            .lastHolder, reach: .changes, limit: .atLeastOne, observed: losses[group] ?? 0, whole: before[group], verdict: .held,
            .lastHolder(of: group))
    }

    /// The row with the changes held that take `group` from its user; `nil` when there is none.
    public static func holding(_ row: PlanRow, for group: Text, losses: [Text]) -> PlanRow? {
        guard losses.contains(group) else { return nil }
        var row = row
        for index in row.changes.indices {
            let change = row.changes[index]
            if change.action.endsAccess || (change.action == .revoke && change.group == group) {
                row.changes[index].heldBy = .lastHolder
            }
        }
        return row
    }
}
