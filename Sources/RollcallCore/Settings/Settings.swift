/// All that a config file says, checked and typed.
public struct Settings: Hashable, Sendable {
    public var source: SourceSettings
    public var store: StoreSettings
    public var rules: RuleSettings
    public var guards: GuardLimits
    /// What the config is expected to make of some users. They decide nothing themselves.
    public var expectations: [Expectation] = []
    /// Who may approve; empty for everybody who can write the store.
    public var operators: [Operator] = []
    public var daemon = DaemonSettings()

    public init(source: SourceSettings, store: StoreSettings, rules: RuleSettings, guards: GuardLimits) {
        self.source = source
        self.store = store
        self.rules = rules
        self.guards = guards
    }
}

/// Where the local user store is.
public struct StoreSettings: Hashable, Sendable {
    /// The path of the SQLite database.
    public var path: String

    public init(path: String) {
        self.path = path
    }
}

/// What decides what each local account should be.
public struct RuleSettings: Hashable, Sendable {
    public var attributes: AttributeMapping
    /// Config's own rules first, then the flavor's defaults, numbered in this order.
    public var status: [StatusRule]
    public var lifecycle: Lifecycle
    public var groups: [GroupRule]
    /// What `permission_groups` declares; a granted group that is not here is created without privileges.
    public var permissionGroups: [PermissionGroup]
    /// Entries that match one of these are read and counted, and never become users.
    public var ignore: [Condition]
    public var policy: Policy
    public var protection: Protection
    /// The immutable id, the name and the members of upstream groups.
    public var groupAttributes: GroupAttributes
    /// Whether members that are groups stand for their own members.
    public var nestedGroups: Bool

    public init(attributes: AttributeMapping) {
        self.attributes = attributes
        status = []
        lifecycle = Lifecycle()
        groups = []
        permissionGroups = []
        ignore = []
        policy = .full
        protection = Protection()
        groupAttributes = GroupAttributes(anchor: attributes.anchor)
        nestedGroups = true
    }
}

/// The attributes by which upstream groups are read.
public struct GroupAttributes: Hashable, Sendable {
    public var anchor: AttributeName
    public var name: AttributeName
    public var members: [AttributeName]

    public init(anchor: AttributeName) {
        self.anchor = anchor
        name = .commonName
        members = [.member, .uniqueMember]
    }

    /// Those of SCIM resources, RFC 7643 section 4.2.
    public static var ofResources: GroupAttributes {
        var attributes = GroupAttributes(anchor: .id)
        attributes.name = .displayName
        attributes.members = [.members]
        return attributes
    }
}

extension AttributeName {
    /// `cn`.
    public static let commonName = AttributeName(known: "cn")
    /// `member`, RFC 4519 section 2.17.
    public static let member = AttributeName(known: "member")
    /// `uniqueMember`, RFC 4519 section 2.40.
    public static let uniqueMember = AttributeName(known: "uniqueMember")
}

/// How far a run may go.
public enum Policy: String, Hashable, Sendable, CaseIterable {
    /// Everything that the plan says.
    case full
    /// Never deactivates, deletes or revokes.
    case noRemovals = "no-removals"
    /// Applies nothing at all.
    case reportOnly = "report-only"
}

/// Who is never changed by a run.
public struct Protection: Hashable, Sendable {
    /// Users who hold one of these roles.
    public var roles: [Role]
    /// Users of these names.
    public var users: [FoldedKey]

    public init(roles: [Role] = [.owner], users: [FoldedKey] = []) {
        self.roles = roles
        self.users = users
    }
}
