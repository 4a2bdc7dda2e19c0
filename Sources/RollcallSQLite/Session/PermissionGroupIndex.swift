internal import RollcallCore

/// The permission groups that this run knows: those of the store, those that config declares, and those that rules grant.
struct PermissionGroupIndex {
    /// One permission group.
    struct Member {
        var name: Text
        /// Whether it is privileged before the run or after it.
        var isPrivileged: Bool
        /// Its id in the store; `nil` when the run is to create it.
        var id: Int64?
    }

    private(set) var members: [Member] = []
    private var places: [FoldedKey: Int] = [:]
    private var byID: [Int64: Int] = [:]
    /// From here on stand groups that only rules name.
    private var firstGranted = Int.max
    /// The groups that config declares or that are privileged, and what their names look like: no other may be taken for one of them.
    private var eminent: Set<FoldedKey> = []
    private var shapes: [[UInt8]: Text] = [:]

    init(_ connection: Connection, rules: RuleSettings) throws(StoreError) {
        // The key says which group it is; an application may have given it another name.
        let stored = try connection.prepare("SELECT id, name, privileged, key FROM permission_groups ORDER BY id")
        var renamed: Set<Int> = []
        while try stored.step() {
            let key = FoldedKey(storedBytes: stored.bytes(3))
            let name = stored.text(1)
            let isRenamed = FoldedKey(name) != key
            let place = add(
                Member(
                    name: isRenamed ? Text(key.bytes) ?? name : name, isPrivileged: stored.number(2) != 0, id: stored.number(0)), key)
            if isRenamed { renamed.insert(place) }
        }
        for declared in rules.permissionGroups {
            let place = place(of: declared.name)
            if renamed.contains(place) { members[place].name = declared.name }
            if declared.isPrivileged { members[place].isPrivileged = true }
        }
        firstGranted = members.count
        let declared = Set(rules.permissionGroups.map { FoldedKey($0.name) })
        for member in members where member.isPrivileged || declared.contains(FoldedKey(member.name)) {
            eminent.insert(FoldedKey(member.name))
            shapes[Lookalike.skeleton(of: member.name)] = member.name
        }
    }

    /// What is to be said of a name that a rule makes of an upstream group's; `nil` when there is nothing.
    func concern(about name: Text) -> GroupNameConcern? {
        let key = FoldedKey(name)
        if key.isEmpty { return .blank }
        if eminent.contains(key) { return nil }
        let isKept = places[key].map { members[$0].id != nil } ?? false
        if let known = shapes[Lookalike.skeleton(of: name)] { return .lookalike(of: known, isKept: isKept) }
        return !isKept && Lookalike.isMixedScript(name) ? .mixedScript : nil
    }

    /// Where the group called `name` stands; it is added when it is new.
    ///
    /// Of several spellings of a group that neither store nor config names, the least stands, whatever order they come in.
    mutating func place(of name: Text) -> Int {
        if let place = places[FoldedKey(name)] {
            if members[place].id == nil, place >= firstGranted, name < members[place].name { members[place].name = name }
            return place
        }
        return add(Member(name: name, isPrivileged: false, id: nil), FoldedKey(name))
    }

    /// Where the group called `name` stands; `nil` when nothing names it.
    func knownPlace(of name: Text) -> Int? { places[FoldedKey(name)] }

    /// Where the stored group of this id stands, or else one of this name.
    mutating func place(ofID id: Int64, called name: Text) -> Int { byID[id] ?? place(of: name) }

    /// Whether the stored group of this id is privileged.
    func isPrivileged(_ id: Int64) -> Bool { byID[id].map { members[$0].isPrivileged } ?? false }

    /// The id of the group called `name`; `nil` when the store has none.
    func knownID(of name: Text) -> Int64? { knownPlace(of: name).flatMap { members[$0].id } }

    /// Keeps the id that the store gave.
    mutating func created(_ place: Int, id: Int64) {
        members[place].id = id
        byID[id] = place
    }

    private mutating func add(_ member: Member, _ key: FoldedKey) -> Int {
        places[key] = members.count
        if let id = member.id { byID[id] = members.count }
        members.append(member)
        return members.count - 1
    }
}
