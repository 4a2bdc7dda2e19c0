/// Knows which ids have come, and keeps the groups whose members do not say whether they are users or groups.
///
/// Of each id it holds a hash alone, and of a resource without one a hash of its text.
struct MemberResolver {
    private var users: Set<Int> = []
    private var groups: Set<Int> = []
    private var anonymousUsers: Set<Int> = []
    private var anonymousGroups: Set<Int> = []
    /// How often each text without an id stood on this page.
    private var page: [Int: Int] = [:]
    private var kept: [GroupCandidate] = []
    private let dropsRepeats: Bool

    init(dropsRepeats: Bool) {
        self.dropsRepeats = dropsRepeats
    }

    /// How many different resources have come.
    func count(of kind: EntryKind) -> Int {
        (kind == .user ? users.count : groups.count) + anonymousCount(of: kind)
    }

    /// How many of them had no id.
    func anonymousCount(of kind: EntryKind) -> Int {
        kind == .user ? anonymousUsers.count : anonymousGroups.count
    }

    /// Begins a page, on which the same text without an id stands for another resource each time.
    mutating func beginPage() {
        page = [:]
    }

    /// Notes an id; `false` when the resource is to be passed over because it has come before.
    mutating func meet(_ kind: EntryKind, _ id: [UInt8]) -> Bool {
        let hash = id.withUnsafeBufferPointer(MemberResolver.hash)
        let isNew = kind == .user ? users.insert(hash).inserted : groups.insert(hash).inserted
        return isNew || !dropsRepeats
    }

    /// Notes a resource without an id; `false` when it is to be passed over because its page has come before.
    mutating func meetAnonymous(_ kind: EntryKind, _ resource: JSONElement) -> Bool {
        let hash = resource.withBytes(MemberResolver.hash)
        page[hash, default: 0] += 1
        var hasher = Hasher()
        hasher.combine(hash)
        hasher.combine(page[hash])
        let place = hasher.finalize()
        let isNew = kind == .user ? anonymousUsers.insert(place).inserted : anonymousGroups.insert(place).inserted
        return isNew || !dropsRepeats
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
