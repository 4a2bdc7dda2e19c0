/// One difference between what is stored and what is desired, for one user: what a person reviews and what is then applied.
public struct Change: Hashable, Sendable {
    public var action: Action
    /// The differing fields in the order of ``UserField``; for a grant or revocation empty.
    public var fields: [FieldChange]
    /// The permission group of a grant or revocation.
    public var group: Text?
    /// The upstream groups through which a grant comes, the mapped one first.
    public var path: [Text]
    /// What decided it; the digest covers its name.
    public var rule: ChangeRule
    /// Why; not part of the digest.
    public var reason: Reason
    /// Whether the change gives or takes privilege: of a grant or revocation that the permission group is privileged, of a reactivation
    /// that a privileged membership comes back with it.
    public var isPrivileged = false
    /// What the change is bound to beside what it shows: see ``ChangeBinding``; `nil` when there is nothing.
    public var binding: ShortDigest?
    /// How many accounts the change of a permission group reaches; `nil` for any other change.
    public var holders: Int?
    /// The guard that holds this very change; `nil` when nothing but a hold on the whole plan can stop it.
    public var heldBy: GuardName?
    /// What identifies the change: see ``ChangeDigest``.
    public var digest: Digest
    /// Whether the approver has reviewed it before; only a report that was asked for what is new says so.
    public var isSeen = false

    public init(
        action: Action, fields: [FieldChange] = [], group: Text? = nil, path: [Text] = [], rule: ChangeRule, reason: Reason,
        isPrivileged: Bool = false, binding: ShortDigest? = nil, holders: Int? = nil, heldBy: GuardName? = nil, digest: Digest
    ) {
        self.action = action
        self.fields = fields
        self.group = group
        self.path = path
        self.rule = rule
        self.reason = reason
        self.isPrivileged = isPrivileged
        self.binding = binding
        self.holders = holders
        self.heldBy = heldBy
        self.digest = digest
    }
}

/// One field's value before and after; `nil` is no value.
public struct FieldChange: Hashable, Sendable {
    public let field: UserField
    public let before: Text?
    public let after: Text?

    public init(_ field: UserField, before: Text?, after: Text?) {
        self.field = field
        self.before = before
        self.after = after
    }
}

/// A field of a local account, or of a permission group, that a run may set.
public enum UserField: Hashable, Sendable, Comparable {
    case username
    case email
    case givenName
    case familyName
    case displayName
    case status
    /// A field of the application's own.
    case extra(Text)
    /// Whether a permission group is privileged: `yes` or `no`.
    case privileged
    /// What a permission group permits, a JSON array.
    case permissions
    /// How many deleted accounts keep their names from other accounts.
    case namesKept

    /// The field's name in config, store and reports.
    public var name: String {
        switch self {
        case .username: "username"
        case .email: "email"
        case .givenName: "given_name"
        case .familyName: "family_name"
        case .displayName: "display_name"
        case .status: "status"
        case .extra(let name): "extra." + name.string
        case .privileged: "privileged"
        case .permissions: "permissions"
        case .namesKept: "names_kept"
        }
    }

    private var rank: Int {
        switch self {
        case .username: 0
        case .email: 1
        case .givenName: 2
        case .familyName: 3
        case .displayName: 4
        case .status: 5
        case .extra: 6
        case .privileged: 7
        case .permissions: 8
        case .namesKept: 9
        }
    }

    public static func < (left: UserField, right: UserField) -> Bool {
        if case .extra(let leftName) = left, case .extra(let rightName) = right { return leftName < rightName }
        return left.rank < right.rank
    }

    /// A field by its name; `nil` when there is none.
    public init?(name: Text) {
        switch name.string {
        case "username": self = .username
        case "email": self = .email
        case "given_name": self = .givenName
        case "family_name": self = .familyName
        case "display_name": self = .displayName
        case "status": self = .status
        case "privileged": self = .privileged
        case "permissions": self = .permissions
        case "names_kept": self = .namesKept
        default:
            guard name.utf8.starts(with: Array("extra.".utf8)), let rest = Text(name.utf8.dropFirst(6)), !rest.isEmpty else { return nil }
            self = .extra(rest)
        }
    }
}
