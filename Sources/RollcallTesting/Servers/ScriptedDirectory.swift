/// The users and groups of a ``ScriptedScimServer``: generated ones, changes to single ones, and some of a test's own.
///
/// User `i` is `ui` with the email `ui@example.org`; group `g` is `gg` and holds every (g + 2)nd user, and every fifth group also the
/// group after it.
public struct ScriptedDirectory: Sendable, Encodable {
    public var users: Int
    public var groups: Int
    /// Gives people names in many scripts; `nil` calls them "Person 7".
    public var seed: Int?
    /// What differs in user `i`: values to put in, and `nil` for one to take away.
    public var userChanges: [Int: JSONLiteral] = [:]
    /// What differs in group `i`.
    public var groupChanges: [Int: JSONLiteral] = [:]
    /// Whole users behind the generated ones.
    public var extraUsers: [JSONLiteral] = []
    /// Whole groups behind the generated ones; `members` are objects with `value` and `type`.
    public var extraGroups: [JSONLiteral] = []

    public init(users: Int = 0, groups: Int = 0, seed: Int? = nil) {
        self.users = users
        self.groups = groups
        self.seed = seed
    }

    public static func userID(_ index: Int) -> String { SampleDirectory.personUUID(index) }

    public static func groupID(_ index: Int) -> String {
        SampleDirectory.personUUID(index).replacing("-8000-", with: "-9000-", maxReplacements: 1)
    }

    /// The users in group `index`.
    public func members(ofGroup index: Int) -> StrideTo<Int> { stride(from: 0, to: users, by: index + 2) }

    private enum Key: CodingKey {
        case users, groups, seed, userChanges, groupChanges, extraUsers, extraGroups
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(users, forKey: .users)
        try container.encode(groups, forKey: .groups)
        try container.encodeIfPresent(seed, forKey: .seed)
        try container.encode(ScriptedDirectory.named(userChanges), forKey: .userChanges)
        try container.encode(ScriptedDirectory.named(groupChanges), forKey: .groupChanges)
        try container.encode(extraUsers, forKey: .extraUsers)
        try container.encode(extraGroups, forKey: .extraGroups)
    }

    private static func named(_ changes: [Int: JSONLiteral]) -> [String: JSONLiteral] {
        Dictionary(uniqueKeysWithValues: changes.map { (String($0.key), $0.value) })
    }
}
