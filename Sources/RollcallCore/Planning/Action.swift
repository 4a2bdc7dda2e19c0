/// What one change does to one user, or to what users share.
public enum Action: String, Hashable, Sendable, CaseIterable {
    case create
    case update
    case rename
    case deactivate
    case reactivate
    case grant
    case revoke
    case adopt
    case delete
    case purge
    /// What a permission group permits, or whether it is privileged.
    case permissionGroup = "permission_group"
    /// Whether deleted accounts keep their usernames and emails from other accounts.
    case names

    /// Its place among all actions, from 0: an index for what is counted by action.
    public var place: Int {
        switch self {
        case .create: 0
        case .update: 1
        case .rename: 2
        case .deactivate: 3
        case .reactivate: 4
        case .grant: 5
        case .revoke: 6
        case .adopt: 7
        case .delete: 8
        case .purge: 9
        case .permissionGroup: 10
        case .names: 11
        }
    }
}
