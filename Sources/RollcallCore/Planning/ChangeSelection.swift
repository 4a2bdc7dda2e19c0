/// Which of the changes of a held plan a person means.
public struct ChangeSelection: Hashable, Sendable {
    /// What picks changes out.
    public enum Criterion: Hashable, Sendable, CustomStringConvertible {
        /// One change, by its digest.
        case digest(Digest)
        /// All changes of one user or entry, by the name that a report shows.
        case user(FoldedKey, shown: String)
        /// All memberships of one permission group, and what it permits.
        case group(FoldedKey, shown: String)
        case action(Action)

        /// Whether it picks `change` out of the row that `label` names.
        public func matches(_ change: Change, of label: Text) -> Bool {
            switch self {
            case .digest(let digest): change.digest == digest
            case .user(let key, _): change.action != .permissionGroup && change.action != .names && FoldedKey(label) == key
            case .group(let key, _): change.group.map { FoldedKey($0) } == key
            case .action(let action): change.action == action
            }
        }

        public var description: String {
            switch self {
            case .digest(let digest): "\(digest)"
            case .user(_, let shown): "user=\(shown)"
            case .group(_, let shown): "group=\(shown)"
            case .action(let action): "action=\(action.rawValue)"
            }
        }
    }

    /// The changes that at least one of these picks out; `nil` for all changes.
    public var only: [Criterion]?
    /// Without the changes that one of these picks out.
    public var except: [Criterion]

    /// All changes.
    public static let all = ChangeSelection()

    public init(only: [Criterion]? = nil, except: [Criterion] = []) {
        self.only = only
        self.except = except
    }

    /// Whether it is all changes, whatever they are.
    public var isAll: Bool { only == nil && except.isEmpty }

    /// Whether `change` of the row that `label` names is meant.
    public func contains(_ change: Change, of label: Text) -> Bool {
        if isAll { return true }
        if let only, !only.contains(where: { $0.matches(change, of: label) }) { return false }
        return !except.contains { $0.matches(change, of: label) }
    }
}
