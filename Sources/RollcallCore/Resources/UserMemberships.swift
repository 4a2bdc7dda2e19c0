/// Gathers the members of groups from the `groups` of users (RFC 7643 section 4.1.2), indirect ones too.
public struct UserMemberships {
    private var members: [[UInt8]: MemberNames] = [:]
    private let wanted: (([UInt8]) -> Bool)
    /// Whether some user has shown a group.
    public private(set) var hasSeen = false

    /// - Parameter wanted: Whether the members of the group with this id are needed.
    public init(wanted: @escaping ([UInt8]) -> Bool) {
        self.wanted = wanted
    }

    /// The members of the group with this id.
    public func members(of id: [UInt8]) -> MemberNames { members[id] ?? MemberNames() }

    mutating func add(_ user: JSONElement, _ id: [UInt8]) {
        guard let groups = user.member("groups"), groups.isArray else { return }
        var found: [[UInt8]] = []
        groups.forEachElement { group in
            let value = group.isString ? group : group.member("value")
            if let value, value.isString || value.kind == .number, !value.isEmpty { found.append(value.bytes) }
            return true
        }
        if !found.isEmpty { hasSeen = true }
        for group in found where wanted(group) { members[group, default: MemberNames()].append(ResourceName.of(.user, id)) }
    }
}
