internal import RollcallCore

/// What staging groups needs, and what is known of each in sixteen bytes and a number.
struct GroupStaging {
    /// A rule that means an upstream group.
    struct Mapping {
        /// The rule's number, from 1.
        var rule: Int
        var permissionGroup: Int
        /// The staged group.
        var group: Int64
        /// Whether the rule has pinned another group, so that what this one gives waits for a person.
        var isHeld = false
    }

    /// A group that a `from` rule says, or has pinned.
    struct Sighting {
        /// The staged group.
        var place: Int64
        var group: PinnedGroup
        /// Whether it is what the rule says.
        var isNamed: Bool
    }

    let known: Statement
    let insert: Statement
    /// The members of a group as they were kept last.
    let former: Statement
    let rules: RuleSettings
    /// The staged group of each member key, for telling groups among members.
    var places: [ShortDigest: Int64] = [:]
    var mappings: [Mapping] = []
    /// The groups that each `from` rule has met, by the rule's number.
    var sightings: [Int: [Sighting]] = [:]
    /// What `from` rules have pinned so far.
    let pins: GroupPins
    /// What each `from` rule means, by its number, once the reading is whole.
    var reviews: [Int: PinReview] = [:]
    /// What looking up the mapped groups that the reading lacks has shown.
    var absences: [Anchor: Absence] = [:]
    /// The groups in the connector space that the reading lacks and that are kept for a rule of this number.
    var keptFor: [Int: Set<Int64>] = [:]
    /// Whether somebody may lose something by a pinned group that vanished or was replaced.
    var hasLost = false
    /// Staged groups that have members which nobody kept.
    var untold: Set<Int64> = []
    var count = 0
    /// Upstream groups that were staged, by their id in the connector space.
    var seen = SeenEntries(upTo: 0)
    /// The groups that rules reach.
    var reached: Set<Int64> = []
    var affect: Statement?
    /// The groups all of whose members are affected already.
    var affected: Set<Int> = []
    private var normalized: [UInt8] = []

    init(_ connection: Connection, rules: RuleSettings) throws(StoreError) {
        self.rules = rules
        known = try connection.prepare("SELECT id, digest FROM upstream_groups WHERE source = 1 AND anchor = ?1")
        insert = try connection.prepare(
            """
            INSERT INTO temp.staged_group (anchor, name, dn, member_key, digest, member_count, known, members)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """)
        former = try connection.prepare("SELECT members FROM upstream_groups WHERE id = ?1 AND members IS NOT NULL")
        seen = SeenEntries(upTo: try connection.number("SELECT max(id) FROM upstream_groups") ?? 0)
        pins = try GroupPins(connection, rules: rules.groups)
    }

    /// The permission groups that `match` rules give to members of a group: rule number and name, each permission group once. What
    /// a `from` rule says or has pinned is noted as a sighting.
    mutating func permissionGroups(of group: GroupEntry, dn: Text, place: Int64) -> [(rule: Int, name: Text)] {
        normalized.removeAll(keepingCapacity: true)
        _ = DistinguishedName.normalize(group.dn[...], into: &normalized)
        var found: [(rule: Int, name: Text)] = []
        let isPinned = pins.has(group.anchor)
        for (index, rule) in rules.groups.enumerated() {
            let name = rule.permissionGroup(for: group.name, anchor: group.anchor, normalizedDN: normalized)
            if !rule.selector.pins {
                if let name { found.append((index + 1, name)) }
            } else if name != nil || (isPinned && pins.has(group.anchor, rule: index + 1)) {
                let group = PinnedGroup(anchor: group.anchor, name: group.name, dn: dn)
                sightings[index + 1, default: []].append(Sighting(place: place, group: group, isNamed: name != nil))
            }
        }
        return found
    }
}

extension SQLiteSession {
    func stage(_ group: GroupEntry) throws(StoreError) {
        var digest = DigestBuilder()
        digest.addField(group.dn)
        digest.addField(group.name.utf8)

        groups.known.bind(1, group.anchor.bytes)
        let known = try groups.known.step() ? groups.known.number(0) : nil
        groups.known.reset()
        if let known { groups.seen.insert(known) }

        let dn = Text(group.dn) ?? Text(String(decoding: group.dn, as: UTF8.self))
        let key = staging.memberKeys.key(for: group.dn[...])
        groups.insert.bind(1, group.anchor.bytes).bind(2, text: group.name).bind(3, text: dn).bind(4, key).bind(7, known)
        let inserted = try withMembers(of: group, known) { packed in
            digest.add(packed)
            groups.insert.bind(5, digest.digest().short).bind(6, packed.count / 16).bind(8, lent: packed)
            return Result { () throws(StoreError) in try groups.insert.run() }
        }
        try inserted.get()
        _ = placed(group, dn, key)
    }

    /// Gives the group that was just staged its place, and notes what rules make of it.
    func placed(_ group: GroupEntry, _ dn: Text, _ key: ShortDigest?) -> Int64 {
        groups.count += 1
        let place = Int64(groups.count)
        if let key { groups.places[key] = place }
        for (rule, name) in groups.permissionGroups(of: group, dn: dn, place: place) {
            groups.mappings.append(GroupStaging.Mapping(rule: rule, permissionGroup: permissionGroups.place(of: name), group: place))
        }
        return place
    }

    /// Lends the members' keys: those that were kept where the source could not tell.
    private func withMembers<Result>(
        of group: GroupEntry, _ known: Int64?, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(StoreError) -> Result {
        if !group.knowsMembers, let known {
            groups.former.bind(1, known)
            defer { groups.former.reset() }
            if try groups.former.step() { return body(groups.former.lent(0)) }
        }
        return ShortDigest.withBytes(of: staging.memberKeys.keys(for: group.members), body)
    }
}
