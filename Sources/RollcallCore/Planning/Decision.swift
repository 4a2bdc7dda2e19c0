/// What is decided about one pair: the row of the plan, and what the store keeps about the entry once it is applied.
public struct Decision: Sendable {
    public var row: PlanRow
    /// What the entry is to us after the run.
    public var state: EntryState
    /// Whether the next run must look at the pair again even if nothing has moved.
    public var needsAttention: Bool
    /// When the pair must be looked at by the clock alone.
    public var due: Instant?
    /// Privileged groups that an active user no longer has after the run, and those newly had.
    public var privilegedLosses: [Text]
    public var privilegedGains: [Text]
    /// Whether a difference was left alone because the user is protected.
    public var isProtected: Bool

    public init(row: PlanRow, state: EntryState) {
        self.row = row
        self.state = state
        needsAttention = !row.remarks.isEmpty
        due = nil
        privilegedLosses = []
        privilegedGains = []
        isProtected = false
    }
}

extension Decision {
    /// The privileged groups that the user has once what passes is applied.
    ///
    /// Whether an account is made, adopted or let in again may still be held by what looks at the whole plan, so what hangs on that is
    /// not certain.
    public func certainGains() -> [Text] {
        if privilegedGains.isEmpty || row.changes.contains(where: \.action.beginsAccess) { return [] }
        let waiting = Set(row.changes.filter { $0.heldBy != nil }.compactMap(\.group))
        return privilegedGains.filter { !waiting.contains($0) }
    }

    /// The privileged groups that the user no longer has once what passes is applied.
    public func certainLosses() -> [Text] {
        if privilegedLosses.isEmpty { return privilegedLosses }
        let waiting = Set(row.changes.filter { $0.heldBy != nil && $0.action == .revoke }.compactMap(\.group))
        return privilegedLosses.filter { !waiting.contains($0) }
    }

    /// Lets the changes pass that `guardName` holds: a person has approved them.
    public mutating func release(_ guardName: GuardName) {
        for index in row.changes.indices where row.changes[index].heldBy == guardName { row.changes[index].heldBy = nil }
        needsAttention = !row.remarks.isEmpty || row.changes.contains { $0.heldBy != nil }
    }

    /// Lets the changes pass that a person has approved one by one.
    public mutating func release(_ approved: Set<Digest>) {
        if approved.isEmpty { return }
        for index in row.changes.indices where approved.contains(row.changes[index].digest) { row.changes[index].heldBy = nil }
        needsAttention = !row.remarks.isEmpty || row.changes.contains { $0.heldBy != nil }
    }
}

/// What an entry is to us.
public enum EntryState: Int, Hashable, Sendable, CaseIterable {
    /// It has, or is about to have, a user.
    case linked = 0
    /// An `ignore` filter matches it.
    case ignored = 1
    /// It cannot become a user as things stand.
    case waiting = 2
    /// It is absent and its user, if any, is kept.
    case absent = 3
    /// It is there, and its user is given up: a rule deletes them, or an `ignore` filter matches them now.
    case leaving = 4

    /// Whether its user is on the way out, for which the time is kept.
    public var isLeaving: Bool { self == .absent || self == .leaving }
}
