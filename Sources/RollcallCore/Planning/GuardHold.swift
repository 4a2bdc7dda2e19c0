/// What a guard holds: a guard, and for a guard that judges each permission group by itself, the group.
public struct HoldKey: Hashable, Comparable, Sendable {
    public var guardName: GuardName
    /// The permission group; empty for any other guard.
    public var subject: Text

    public init(_ guardName: GuardName, _ subject: Text = .empty) {
        self.guardName = guardName
        self.subject = subject
    }

    public static func < (left: HoldKey, right: HoldKey) -> Bool {
        (left.guardName.rawValue, left.subject) < (right.guardName.rawValue, right.subject)
    }
}

/// Changes of a plan that an earlier run held, and that are wanted still.
///
/// What is held is applied by approval only. So a change that a guard has held stays held by it, whatever the guard's numbers come to by
/// now, until a person approves it or upstream no longer asks for it.
public struct WaitingChanges: Hashable, Sendable {
    /// How many there are of each guard that holds the whole plan.
    public var plan: [GuardName: Int] = [:]
    /// How many there are of each guard that holds the changes that it names.
    public var changes: [HoldKey: Int] = [:]
    /// Changes that are held by this, and were not held before.
    public var held = 0
    /// A privileged group for each active user who keeps it by that.
    public var kept: [Text] = []
    /// Changes that waited, and that an approval of the whole plan lets pass.
    public var approved = 0
    /// Changes that a person has rejected, and that an approval of the whole plan would apply.
    public var rejected = 0

    public init() {}
}

extension GuardName {
    /// Whether what this guard has held by itself is remembered change by change.
    ///
    /// Of the others, those that doubt the reading as a whole are remembered for what they have held one by one, which is what a person
    /// left of a plan when approving a part; the rest hold by facts that last as long as what they hold is not applied: a pin, the last
    /// holder.
    public var remembersChanges: Bool {
        switch self {
        case .deactivations, .reactivations, .creations, .identifiers, .privilegedGrant, .privilegedIdentifier, .groupRevocations,
            .adoption, .anchorsChanged, .ownAccess, .permissionChanges:
            true
        case .empty, .firstRun, .shrink, .attributeGone, .rejected, .lastHolder, .scope, .expect, .groupReplaced, .paused, .rejection:
            false
        }
    }

    /// Whether a change is remembered that waits because the guard holds the whole plan: what the guard counts, or what its doubt is
    /// about. Of a reading that lacks entries that is who loses access, of one that lacks an attribute what follows from its absence.
    ///
    /// - Parameter absence: what may follow from the attributes that are gone.
    public func counts(_ change: Change, absence: AbsenceEffects) -> Bool {
        switch self {
        case .deactivations: change.action.endsAccess
        case .reactivations: change.action == .reactivate
        case .creations: change.action == .create
        case .identifiers:
            change.action == .rename
                || (change.action == .update && change.fields.contains { $0.field == .email && $0.before != nil })
        case .shrink: change.action.endsAccess || change.action == .revoke
        case .attributeGone: absence.contains(change)
        default: false
        }
    }

    /// Whether the tally counts a change that the guard holds by itself, rather than as one that goes with another.
    public func tallies(_ change: Change) -> Bool {
        switch self {
        case .privilegedGrant: change.action == .reactivate || (change.action == .grant && change.isPrivileged)
        case .adoption: change.action == .adopt
        default: true
        }
    }

    /// Whether the guard doubts the reading or the rules as a whole, rather than the number of some changes.
    public var doubtsReading: Bool {
        switch self {
        case .empty, .firstRun, .shrink, .attributeGone, .rejected, .scope, .expect: true
        default: false
        }
    }
}
