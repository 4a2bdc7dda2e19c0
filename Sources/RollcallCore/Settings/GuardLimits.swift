/// The names of the guards, as config and reports spell them. Records keep them by their place: new ones come at the end.
public enum GuardName: String, Hashable, Sendable, CaseIterable {
    case empty
    case firstRun = "first_run"
    case deactivations
    case reactivations
    case creations
    case identifiers
    case shrink
    case attributeGone = "attribute_gone"
    case rejected
    case privilegedGrant = "privileged_grant"
    case lastHolder = "last_holder"
    case scope
    case privilegedIdentifier = "privileged_identifier"
    case groupRevocations = "group_revocations"
    case expect
    case adoption
    case groupReplaced = "group_replaced"
    case anchorsChanged = "anchors_changed"
    case ownAccess = "own_access"
    case paused
    /// A permission group that gains permissions, or is no longer privileged.
    case permissionChanges = "permission_changes"
    /// A change that a person has rejected.
    case rejection
}

/// Where a guard stops: it holds when what it observes is more than `min` and more than its percent or its count.
public struct GuardLimit: Hashable, Sendable, CustomStringConvertible {
    /// Percent of what the guard compares with; `nil` when only the count limits.
    public var percent: Int?
    /// An absolute number; `nil` when only the percent limits.
    public var count: Int?
    /// Up to this many never hold.
    public var min: Int

    public init(percent: Int?, count: Int? = nil, min: Int) {
        self.percent = percent
        self.count = count
        self.min = min
    }

    /// Whether `observed` out of `whole` is too many.
    public func isExceeded(by observed: Int, of whole: Int) -> Bool {
        guard observed > min else { return false }
        if let count, observed > count { return true }
        guard let percent else { return false }
        let (share, overflow) = observed.multipliedReportingOverflow(by: 100)
        let (allowed, tooLarge) = whole.multipliedReportingOverflow(by: percent)
        return overflow || (!tooLarge && share > allowed)
    }

    /// `5 % or 500, min 5`.
    public var description: String {
        if percent == nil, count ?? 0 <= min { return min == 0 ? "each" : "more than \(min)" }
        let parts = [percent.map { "\($0) %" }, count.map { "\($0)" }].compactMap { $0 }
        return parts.joined(separator: " or ") + ", min \(min)"
    }
}

/// The limits of the guards that can be set. `empty` and `first_run` cannot.
public struct GuardLimits: Hashable, Sendable {
    /// How far back guards count what was applied without approval, so that many small runs do not slip under them.
    public var window = Span(seconds: 86_400)
    /// How long after a run last held a plan it may be approved.
    public var approvalTTL = Span(seconds: 86_400)
    public var deactivations = GuardLimit(percent: 5, count: 500, min: 5)
    public var reactivations = GuardLimit(percent: 5, count: 500, min: 5)
    public var creations = GuardLimit(percent: 20, min: 50)
    public var identifiers = GuardLimit(percent: 5, min: 5)
    public var shrink = GuardLimit(percent: 20, min: 5)
    public var attributeGone = GuardLimit(percent: 20, min: 5)
    public var rejected = GuardLimit(percent: 1, min: 5)
    /// Scope or rules other than the last applied run's, by how many changes they bring.
    public var scope = GuardLimit(percent: nil, count: 0, min: 0)
    public var privilegedGrant = GuardLimit(percent: nil, count: 0, min: 0)
    public var privilegedIdentifier = GuardLimit(percent: nil, count: 0, min: 0)
    public var adoption = GuardLimit(percent: nil, count: 0, min: 0)
    /// Permission groups that gain permissions, or are no longer privileged.
    public var permissionChanges = GuardLimit(percent: nil, count: 0, min: 0)
    /// Absent users whose usernames came with unknown anchors.
    public var anchorsChanged = GuardLimit(percent: 1, count: 5, min: 1)
    /// Of one permission group's memberships that a rule gave.
    public var groupRevocations = GuardLimit(percent: 50, min: 10)

    public init() {}
}
