/// What happens to accounts over time.
public struct Lifecycle: Hashable, Sendable {
    /// What an upstream rename does to the local username.
    public enum UsernameRule: String, Hashable, Sendable, CaseIterable {
        /// Nothing: the username is immutable, and the rename is drift.
        case keep
        /// It is followed.
        case rename
    }

    /// What becomes of a new entry that lacks the attribute which tells its status.
    public enum MissingStatus: String, Hashable, Sendable, CaseIterable {
        /// It waits in a conflict.
        case wait
        case active
        case inactive
    }

    /// What a temporary lock upstream does, which a stranger can cause with a few wrong passwords.
    public enum TemporaryLock: String, Hashable, Sendable, CaseIterable {
        /// It is reported and changes nothing.
        case report
        /// It deactivates.
        case inactive
    }

    /// Which local users are linked to entries.
    public enum Adoption: String, Hashable, Sendable, CaseIterable {
        case never
        /// Those whose email an entry has.
        case email
        /// Those whose username an entry has.
        case username
    }

    public var username: UsernameRule
    /// How long after the first applied absence a user is deleted; `nil` for never.
    public var deleteAfter: Span? = Span(seconds: 30 * 86_400)
    /// How long after a run deleted a user its row is removed; `nil` for never.
    public var purgeAfter: Span?
    /// What an active new entry becomes: active, inactive until an administrator activates it, or invited.
    public var newUsers = UserStatus.active
    public var statusMissing = MissingStatus.wait
    public var temporaryLock = TemporaryLock.report
    /// Whether a missing entry is looked up by itself before its user is deactivated. Deletion always looks it up.
    public var confirmsAbsence = true
    public var adoption = Adoption.never
    /// Whether the username and email of a deleted user are free for others.
    public var reusesIdentifiers = false

    public init(username: UsernameRule = .keep) {
        self.username = username
    }
}
