/// The status of a local account.
public enum UserStatus: String, Hashable, Sendable, CaseIterable {
    /// Asked in; no access until the person accepts.
    case invited
    case active
    case inactive
    /// Soft: the row stays, keeps its history and its claims.
    case deleted
}

/// The administrative role of a local account. A run never sets it.
public enum Role: String, Hashable, Sendable, CaseIterable {
    case owner
    case admin
    case none
}
