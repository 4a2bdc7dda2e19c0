/// What the guards observe in one plan: a fold over its decisions.
public struct GuardTally: Hashable, Sendable {
    /// Deactivations, deletions and purges.
    public var deactivations = 0
    public var reactivations = 0
    public var creations = 0
    /// Users whose username or email changes; a first value is no change.
    public var identifiers = 0
    public var privilegedGrants = 0
    public var privilegedIdentifiers = 0
    public var adoptions = 0
    /// Permission groups that gain permissions or are no longer privileged, and what waits for one that is to be made.
    public var permissionChanges = 0
    /// Changes that wait because a pinned group vanished or was replaced, by the number of the rule.
    public var replaced: [Int: Int] = [:]
    /// Memberships that end by themselves, of each permission group; those that a deactivation ends, or that wait for ``replaced``,
    /// are none of them.
    public var revocations: [Text: Int] = [:]
    /// Memberships that a rule gave and that end because their users leave, of each permission group: no measure for ``revocations``.
    public var leaving: [Text: Int] = [:]

    public init() {}

    /// Adds what another part of the same plan has.
    public mutating func add(_ other: GuardTally) {
        deactivations += other.deactivations
        reactivations += other.reactivations
        creations += other.creations
        identifiers += other.identifiers
        privilegedGrants += other.privilegedGrants
        privilegedIdentifiers += other.privilegedIdentifiers
        adoptions += other.adoptions
        permissionChanges += other.permissionChanges
        if !other.replaced.isEmpty { replaced.merge(other.replaced, uniquingKeysWith: +) }
        if !other.revocations.isEmpty { revocations.merge(other.revocations, uniquingKeysWith: +) }
        if !other.leaving.isEmpty { leaving.merge(other.leaving, uniquingKeysWith: +) }
    }

    /// Adds what a row's user had by a rule, if the row ends their access.
    public mutating func add(leaving row: PlanRow, with grants: [Grant]) {
        guard row.changes.contains(where: { $0.action.endsAccess && $0.heldBy == nil }) else { return }
        for grant in grants where grant.origin == .source { leaving[grant.group, default: 0] += 1 }
    }

    /// Adds one row.
    ///
    /// - Parameters:
    ///   - passing: whether only those of its changes count that nothing holds.
    ///   - approved: the digests of changes that do not count, for a person has approved them.
    public mutating func add(_ row: PlanRow, passing: Bool = false, except approved: Set<Digest> = []) {
        var changesIdentifier = false
        // What is held because a server was rebuilt is no mass leaving.
        for change in row.changes
        where change.heldBy != .anchorsChanged && (!passing || change.heldBy == nil) && !approved.contains(change.digest) {
            if change.heldBy == .groupReplaced {
                replaced[change.rule.groupNumber ?? 0, default: 0] += 1
                continue
            }
            switch change.action {
            case .create: creations += 1
            case .deactivate, .delete, .purge: deactivations += 1
            case .adopt: adoptions += 1
            case .reactivate:
                reactivations += 1
                if change.heldBy == .privilegedGrant { privilegedGrants += 1 }
            case .rename: changesIdentifier = true
            case .update: if change.fields.contains(where: { $0.field == .email && $0.before != nil }) { changesIdentifier = true }
            case .grant: if change.heldBy == .privilegedGrant, change.isPrivileged { privilegedGrants += 1 }
            case .revoke: if let group = change.group { revocations[group, default: 0] += 1 }
            case .permissionGroup, .names: break
            }
            if change.heldBy == .privilegedIdentifier { privilegedIdentifiers += 1 }
            if change.heldBy == .permissionChanges { permissionChanges += 1 }
        }
        if changesIdentifier { identifiers += 1 }
    }
}

/// What was applied within the window without a person's approval, and what was read.
public struct WindowTotals: Hashable, Sendable {
    /// The changes, as guards count them.
    public var changes = GuardTally()
    /// The most users that an applied snapshot had since a person last approved one; `nil` without any.
    public var users: Int?
    /// The most groups, likewise.
    public var groups: Int?
    /// How many entries lost each mapped attribute.
    public var attributesLost: [Text: Int] = [:]

    public init() {}
}
