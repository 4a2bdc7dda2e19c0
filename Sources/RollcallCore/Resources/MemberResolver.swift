/// Knows which ids have come, and keeps the groups whose members do not say whether they are users or groups.
///
/// Of each id it holds a hash alone.
struct MemberResolver {
    private var users: Set<Int> = []
    private var groups: Set<Int> = []
    private var anonymousUsers = 0
    private var anonymousGroups = 0
    private var kept: [GroupCandidate] = []
    private let dropsRepeats: Bool

    init(dropsRepeats: Bool) {
        self.dropsRepeats = dropsRepeats
    }

    /// How many different resources have come.
    func count(of kind: EntryKind) -> Int {
        kind == .user ? users.count + anonymousUsers : groups.count + anonymousGroups
    }

    /// Notes an id; `false` when the resource is to be passed over because it has come before.
    mutating func meet(_ kind: EntryKind, _ id: [UInt8]) -> Bool {
        let hash = id.withUnsafeBufferPointer(MemberResolver.hash)
        let isNew = kind == .user ? users.insert(hash).inserted : groups.insert(hash).inserted
        return isNew || !dropsRepeats
    }

    /// Notes a resource without an id.
    mutating func meetAnonymous(_ kind: EntryKind) {
        if kind == .user { anonymousUsers += 1 } else { anonymousGroups += 1 }
    }

    /// Whether a resource with this id has come.
    func has(_ kind: EntryKind, _ id: UnsafeBufferPointer<UInt8>) -> Bool {
        let hash = MemberResolver.hash(id)
        return kind == .user ? users.contains(hash) : groups.contains(hash)
    }

    mutating func keep(_ group: GroupCandidate) {
        kept.append(group)
    }

    mutating func takeKept() -> [GroupCandidate] {
        defer { kept = [] }
        return kept
    }

    private static func hash(_ id: UnsafeBufferPointer<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(id))
        return hasher.finalize()
    }
}
