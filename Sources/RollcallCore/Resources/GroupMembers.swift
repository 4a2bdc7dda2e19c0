/// What a group resource says of its members.
struct GroupMembers {
    /// The names of those that say what they are.
    var names = MemberNames()
    /// The ids of those that do not.
    var untyped = MemberNames()
    /// Why the members cannot be told; `nil` when they can.
    var doubt: String?

    /// Whether there is a member, whoever it is.
    var count: Int { names.count + untyped.count }

    /// Reads `members` of a group. Absent and `null` are unknown, never empty.
    init(of group: JSONElement, _ notes: inout ResourceNotes) {
        guard let members = group.member("members"), !members.isNull else {
            doubt = "the service does not show its members"
            return
        }
        guard members.isArray else {
            doubt = "its members are not a list"
            return
        }
        var seen = Seen()
        members.forEachElement { member in
            add(member, &seen)
            return doubt == nil && names.byteCount + untyped.byteCount <= ResourceDecoder.groupLimit
        }
        if names.byteCount + untyped.byteCount > ResourceDecoder.groupLimit {
            doubt = "its members take more than \(ResourceDecoder.groupLimit) bytes"
        }
        notes.note(.memberAsText, times: seen.texts)
        notes.note(.untypedMember, times: untyped.count)
    }

    private struct Seen {
        var texts = 0
    }

    private mutating func add(_ member: JSONElement, _ seen: inout Seen) {
        if member.isString {
            seen.texts += 1
            return append(member, nil)
        }
        guard let value = member.member("value"), value.isString || value.kind == .number else {
            // A placeholder without anything in it names nobody.
            if member.isObject, member.count == 0 { return }
            doubt = "one of its members has no `value`"
            return
        }
        append(value, GroupMembers.kind(of: member))
    }

    private mutating func append(_ id: JSONElement, _ kind: EntryKind?) {
        if id.isFlawed {
            doubt = "one of its members has a `value` that is no valid text"
            return
        }
        id.withBytes { bytes in
            if bytes.isEmpty { return }
            if let kind { names.append(ResourceName.of(kind, bytes)) } else { untyped.append(bytes) }
        }
    }

    private static func kind(of member: JSONElement) -> EntryKind? {
        if let type = member.member("type"), type.isString {
            let kind = type.withBytes { $0.map(JSONName.folded) }
            if kind == user { return .user }
            if kind == group { return .group }
        }
        guard let reference = member.member("$ref"), reference.isString else { return nil }
        return reference.withBytes { ResourceName.kind(ofReference: $0) }
    }

    private static let user = Array("user".utf8)
    private static let group = Array("group".utf8)
}
