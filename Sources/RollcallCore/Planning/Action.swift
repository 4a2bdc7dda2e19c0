/// What one change does to one user.
public enum Action: String, Hashable, Sendable, CaseIterable {
    case create
    case update
    case rename
    case deactivate
    case reactivate
    case grant
    case revoke
}
