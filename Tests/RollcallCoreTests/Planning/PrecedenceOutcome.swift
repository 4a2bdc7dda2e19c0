@testable import RollcallCore

/// What becomes of one account, in few words: enough to tell whether the planner and the rules of precedence agree.
struct PrecedenceOutcome: Equatable {
    /// The account's status afterwards, were nothing held; `nil` for no account.
    var status: UserStatus?
    /// What the account has by a rule afterwards.
    var groups: Set<Text> = []
    /// Whether a name or another field of an account is changed.
    var isUpdated = false
    /// Whether a local user is linked to the entry.
    var isAdopted = false
    /// The guards that hold something of it by themselves.
    var waitsFor: Set<GuardName> = []
    /// Whether something is said beside the changes.
    var isSaid = false

    /// Nothing happens, and nothing is said.
    init(untouched user: LocalUser?, _ grants: [Grant]) {
        status = user?.status
        groups = PrecedenceOutcome.byRule(grants)
    }

    /// What a decision comes to.
    init(_ decision: Decision, _ row: PrecedenceCase) {
        self.init(untouched: row.local.user, row.local.grants)
        for change in decision.row.changes {
            if let guardName = change.heldBy { waitsFor.insert(guardName) }
            switch change.action {
            case .adopt:
                isAdopted = true
                status = row.local.namesake?.user.status
            case .update, .rename: isUpdated = true
            case .permissionGroup, .names: continue
            case .grant: if let group = change.group { groups.insert(group) }
            case .revoke: if let group = change.group { groups.remove(group) }
            case .create, .reactivate: status = PrecedenceOutcome.status(after: change)
            case .deactivate, .delete, .purge:
                status = PrecedenceOutcome.status(after: change)
                groups = []
            }
        }
        isSaid = !decision.row.remarks.isEmpty
    }

    static func byRule(_ grants: [Grant]) -> Set<Text> { Set(grants.filter { $0.origin == .source }.map(\.group)) }

    private static func status(after change: Change) -> UserStatus? {
        change.fields.first { $0.field == .status }?.after.flatMap { UserStatus(rawValue: $0.string) }
    }
}
