/// Nobody changes themselves: which of the changes that an approver has approved wait for somebody else.
extension PlanRow {
    /// The places of the changes that decide about the approver's own access: their status, their end, and privileged groups.
    public func ownAccess(of approver: Approver, isPrivileged: (Text) -> Bool) -> [Int] {
        guard subject == .entry, !changes.isEmpty, approver.owns(label) else { return [] }
        return changes.indices.filter { index in
            switch changes[index].action {
            case .deactivate, .reactivate, .delete, .purge: true
            case .grant, .revoke: changes[index].group.map(isPrivileged) ?? false
            case .create, .update, .rename, .adopt, .permissionGroup, .names: false
            }
        }
    }
}

extension Decision {
    /// Leaves changes of the approver's own access to somebody else; the groups that go with them are not lost.
    public mutating func withhold(_ places: [Int]) {
        for index in places {
            row.changes[index].heldBy = .ownAccess
            if let group = row.changes[index].group, row.changes[index].action == .revoke {
                privilegedLosses.removeAll { $0 == group }
            } else if row.changes[index].action.endsAccess {
                privilegedLosses = []
            }
        }
        if !places.isEmpty { needsAttention = true }
    }
}

extension Action {
    /// Whether there is an account to have access, or access to have, only after it.
    public var beginsAccess: Bool {
        switch self {
        case .create, .adopt, .reactivate: true
        case .update, .rename, .deactivate, .delete, .purge, .grant, .revoke, .permissionGroup, .names: false
        }
    }

    /// Whether nothing is left of a user's access after it.
    public var endsAccess: Bool {
        switch self {
        case .deactivate, .delete, .purge: true
        case .create, .update, .rename, .reactivate, .grant, .revoke, .adopt, .permissionGroup, .names: false
        }
    }
}

extension GuardResult {
    /// What is said of changes that wait for somebody else than the one who approved them.
    public static func ownAccess(_ count: Int, of approver: Approver) -> GuardResult {
        GuardResult(
            .ownAccess, reach: .changes, limit: .each, observed: count, verdict: .held, .ownAccess(of: approver.shortName))
    }
}
