/// Gathers the members of groups from the `groups` of users (RFC 7643 section 4.1.2), indirect ones too.
///
/// | what the users show | the group's members are |
/// | --- | --- |
/// | somebody's `groups` cannot be read | not known, of any group |
/// | somebody names the group | those who name it |
/// | nobody names it, others of those asked for are named, and the config says that users show their groups | none |
/// | nobody names it otherwise | not known: a service may show some groups only |
public struct UserMemberships {
    private var members: [[UInt8]: MemberNames] = [:]
    private let wanted: (([UInt8]) -> Bool)
    private let believesAbsence: Bool
    private var unreadable: String?
    /// Whether some user has shown a group.
    public private(set) var hasSeen = false

    /// - Parameters:
    ///   - believesAbsence: Whether a group that nobody names may be empty, because the config says that users show their groups.
    ///   - wanted: Whether the members of the group with this id are needed.
    public init(believesAbsence: Bool, wanted: @escaping ([UInt8]) -> Bool) {
        self.believesAbsence = believesAbsence
        self.wanted = wanted
    }

    /// Gives a group its members, or says why they cannot be told.
    public func complete(_ group: inout GroupCandidate) {
        if let unreadable { return group.doubt(unreadable) }
        if let found = members[group.id] { return group.take(found) }
        guard wanted(group.id) else { return group.doubt("no rule means it") }
        if !believesAbsence {
            group.doubt("no user names it; if users show all their groups, set source.group_members: from_users")
        } else if members.isEmpty {
            group.doubt(hasSeen ? "no user names any group that a rule means" : "no user shows a group")
        } else {
            group.take(MemberNames())
        }
    }

    /// Takes what a user shows.
    ///
    /// - Parameter repeated: A name that the user has twice, so that its groups cannot be told for certain.
    mutating func add(_ user: JSONElement, _ id: [UInt8], repeating repeated: String?) {
        guard let groups = user.member("groups"), !groups.isNull else {
            if repeated != nil { doubt(id) }
            return
        }
        guard groups.isArray, repeated == nil else { return doubt(id) }
        var found: [[UInt8]] = []
        var isReadable = true
        groups.forEachElement { group in
            // A placeholder without anything in it names nothing.
            if group.isObject, group.count == 0 { return true }
            let value = group.isString ? group : group.member("value")
            if let value, value.isString || value.kind == .number, !value.isEmpty, !value.isFlawed {
                found.append(value.bytes)
            } else if !(group.isString && group.isEmpty) {
                isReadable = false
            }
            return isReadable
        }
        if !isReadable { doubt(id) }
        if !found.isEmpty { hasSeen = true }
        for group in found where wanted(group) { members[group, default: MemberNames()].append(ResourceName.of(.user, id)) }
    }

    /// Takes a user without a usable id, who may be a member of what it shows and cannot be named.
    mutating func addAnonymous(_ user: JSONElement) {
        guard let groups = user.member("groups"), !groups.isNull, !groups.isEmpty else { return }
        unreadable = unreadable ?? "a user without a usable id shows groups"
    }

    private mutating func doubt(_ id: [UInt8]) {
        let user = DisplayEscaping.escapedForTerminal(String(decoding: ResourceName.of(.user, id), as: UTF8.self))
        unreadable = unreadable ?? "the `groups` of \(user) cannot be read"
    }
}
