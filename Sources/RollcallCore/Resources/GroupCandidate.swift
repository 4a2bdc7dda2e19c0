/// A group that was read and is not handed on yet, because its members may have to be asked for elsewhere.
public struct GroupCandidate: Sendable {
    public let id: [UInt8]
    public let name: Text
    var members: GroupMembers
    /// What a snapshot keeps of it; `nil` when none is taken.
    var raw: RawEntry?
    /// Why it is to be rejected; `nil` when it is not.
    var rejection: String?

    /// How many members it shows.
    public var memberCount: Int { members.count }

    /// Whether it says nothing about its members; an empty list says that there are none.
    public var isSilent: Bool { members.doubt != nil }

    /// Whether its members say by themselves whether they are users or groups.
    public var tellsKinds: Bool { members.untyped.count == 0 }

    /// About the bytes that it takes.
    public var byteCount: Int { id.count + members.names.byteCount + members.untyped.byteCount + (raw?.bytes.count ?? 0) }

    /// Whether it will be rejected when it is handed on.
    public var isRejected: Bool { rejection != nil }

    /// Says why its members cannot be told. A snapshot keeps it without them, so that they are not known from there either.
    public mutating func doubt(_ reason: String) {
        members = GroupMembers(names: MemberNames())
        members.doubt = reason
        raw = raw.map { RawResource.group($0, with: nil) }
    }

    /// Gives it the members that were gathered elsewhere.
    public mutating func take(_ names: MemberNames) {
        members = GroupMembers(names: names)
        raw = raw.map { RawResource.group($0, with: names) }
    }

    /// The ids of members that are groups, and of those that may be.
    public var groupIDs: [[UInt8]] {
        var ids: [[UInt8]] = []
        let prefix = ResourceName.of(.group, [])
        members.names.forEachName { name in
            if name.starts(with: prefix) { ids.append(Array(name.dropFirst(prefix.count))) }
        }
        members.untyped.forEachName { ids.append(Array($0)) }
        return ids
    }
}

extension GroupMembers {
    init(names: MemberNames) {
        self.names = names
    }
}

extension ResourceDecoder {
    /// A group of which nothing but the id is known.
    public func blank(_ id: [UInt8]) -> GroupCandidate {
        GroupCandidate(id: id, name: .empty, members: GroupMembers(names: MemberNames()), raw: nil)
    }
}
