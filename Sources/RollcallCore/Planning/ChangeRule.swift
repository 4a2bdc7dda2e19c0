/// What decided a change: a rule of the config, or a fact that no rule has to state.
public enum ChangeRule: Hashable, Sendable {
    /// The entry is absent from a complete reading.
    case absent
    /// An `ignore` filter matches the entry.
    case ignored
    /// The mapping of attributes to fields.
    case attributes
    /// A status rule, by its number from 1.
    case status(Int)
    /// No status rule matches the entry.
    case noStatusRule
    /// `lifecycle.new_users`: a new account stays inactive until an administrator activates it.
    case newUsers
    /// A group rule, by its number from 1.
    case group(Int)
    /// All group rules together: none of them gives the membership any longer.
    case groups
    /// `lifecycle.adopt`, by the identifier that entry and local account share.
    case adoption(Adopted)
    /// `permission_groups`.
    case permissionGroups
    /// `store.reuse_identifiers`.
    case reusedIdentifiers
    /// The words of an earlier version that this one does not know.
    case legacy(String)

    /// The identifier by which an entry adopts a local account.
    public enum Adopted: String, Hashable, Sendable, CaseIterable {
        case username
        case email
    }

    /// The rule by its name; a text that is no name is ``legacy(_:)``.
    public init(name: String) {
        if let rule = ChangeRule.plain.first(where: { $0.name == name }) {
            self = rule
        } else if let number = ChangeRule.number(in: name, after: ChangeRule.statusPrefix) {
            self = .status(number)
        } else if let number = ChangeRule.number(in: name, after: ChangeRule.groupPrefix) {
            self = .group(number)
        } else {
            self = .legacy(name)
        }
    }

    /// The name in reports, records and digests: `absent`, `status rule 2`, `group rule 1`.
    public var name: String {
        switch self {
        case .absent: "absent"
        case .ignored: "ignored"
        case .attributes: "attributes"
        case .status(let number): "\(ChangeRule.statusPrefix)\(number)"
        case .noStatusRule: "no status rule"
        case .newUsers: "new_users"
        case .group(let number): "\(ChangeRule.groupPrefix)\(number)"
        case .groups: "group rules"
        case .adoption(let identifier): "adopt by \(identifier.rawValue)"
        case .permissionGroups: "permission_groups"
        case .reusedIdentifiers: "reuse_identifiers"
        case .legacy(let name): name
        }
    }

    /// The number of the group rule; `nil` for any other rule.
    public var groupNumber: Int? {
        if case .group(let number) = self { number } else { nil }
    }

    private static let statusPrefix = "status rule "
    private static let groupPrefix = "group rule "

    /// The rules without a number.
    private static let plain: [ChangeRule] =
        [.noStatusRule, .attributes, .absent, .ignored, .groups, .newUsers, .permissionGroups, .reusedIdentifiers]
        + Adopted.allCases.map(ChangeRule.adoption)

    /// The number behind `prefix`, written as ``name`` writes it.
    private static func number(in name: String, after prefix: String) -> Int? {
        guard name.hasPrefix(prefix), let number = Int(name.dropFirst(prefix.count)), name == "\(prefix)\(number)" else { return nil }
        return number
    }
}
