/// An account in the local user store, as a plan sees it.
public struct LocalUser: Hashable, Sendable {
    public var id: Int64
    public var username: Text
    public var email: Text?
    public var givenName: Text?
    public var familyName: Text?
    public var displayName: Text?
    public var extra: ExtraFields
    public var status: UserStatus
    public var role: Role
    /// An admin deactivated the account here; no run brings it back.
    public var isHeld: Bool

    public init(id: Int64, username: Text, status: UserStatus) {
        self.id = id
        self.username = username
        email = nil
        givenName = nil
        familyName = nil
        displayName = nil
        extra = ExtraFields()
        self.status = status
        role = .none
        isHeld = false
    }
}

/// One user's membership of one permission group.
public struct Grant: Hashable, Sendable {
    /// Where a grant comes from.
    public enum Origin: String, Hashable, Sendable, CaseIterable {
        /// A mapping rule.
        case source
        /// An admin; never touched by a run.
        case local
    }

    public var group: Text
    public var isPrivileged: Bool
    public var origin: Origin

    public init(group: Text, isPrivileged: Bool, origin: Origin) {
        self.group = group
        self.isPrivileged = isPrivileged
        self.origin = origin
    }
}

/// A membership that the group rules give to one entry.
public struct WantedGrant: Hashable, Sendable {
    public var group: Text
    public var isPrivileged: Bool
    /// The upstream groups through which it comes, the mapped one first: the shortest way.
    public var path: [Text]
    /// The number of the rule, from 1.
    public var rule: Int
    /// Whether it comes from another upstream group than the one that the rule has pinned, and waits for a person.
    public var isHeld: Bool
    /// Stands for the immutable ids of the groups on the path; see ``ChangeBinding``.
    public var origin: ShortDigest?

    public init(group: Text, isPrivileged: Bool, path: [Text], rule: Int, isHeld: Bool = false, origin: ShortDigest? = nil) {
        self.group = group
        self.isPrivileged = isPrivileged
        self.path = path
        self.rule = rule
        self.isHeld = isHeld
        self.origin = origin
    }
}

/// A membership that a rule gave by way of an upstream group which it no longer finds: its end waits for a person.
public struct LostGrant: Hashable, Sendable {
    public var group: Text
    /// The number of the rule, from 1.
    public var rule: Int

    public init(group: Text, rule: Int) {
        self.group = group
        self.rule = rule
    }
}
