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

    /// The most groups that are named one by one because they could not be told.
    static let mostRemarks = 5

    let known: Statement
    let insert: Statement
    /// The members of a group as they were kept last.
    let former: Statement
    let rules: RuleSettings
    /// The staged group of each member key, for telling groups among members.
    var places: [ShortDigest: Int64] = [:]
    var mappings: [Mapping] = []
    /// What is to be said of names that rules make of upstream groups': the first few, and how many there are.
    var nameFindings: [GroupNameFinding] = []
    var nameFindingCount = 0
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
    /// Whether a linked entry has another name than before; see `temp.moved_entry`.
    var hasMovedEntries = false
    /// Staged groups that have members which nobody kept.
    var untold: Set<Int64> = []
    /// What is to be said of staged groups whose members or names could not be told, if rules reach them.
    var doubts: [Int64: String] = [:]
    /// Where the file has each staged group, if it is one.
    var filePlaces: [Int64: Int] = [:]
    /// The known groups by their member keys, once a group without an id has to be found among them.
    var knownByKey: [ShortDigest: Int64]?
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
        known = try connection.prepare("SELECT id, digest, name FROM upstream_groups WHERE source = 1 AND anchor = ?1")
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

    /// Lets one staged group stand for others of its id, and forgets what rules made of those.
    mutating func merge(_ merged: [Int64: Int64]) {
        if merged.isEmpty { return }
        places = places.mapValues { merged[$0] ?? $0 }
        mappings.removeAll { merged[$0.group] != nil }
        for (rule, seen) in sightings { sightings[rule] = seen.filter { merged[$0.place] == nil } }
    }

    /// Notes a group without a usable name for the rules that mean it by id or DN.
    mutating func noteUnnamed(_ group: GroupEntry, dn: Text, place: Int64) {
        normalized.removeAll(keepingCapacity: true)
        _ = DistinguishedName.normalize(group.dn[...], into: &normalized)
        for (index, rule) in rules.groups.enumerated() {
            switch rule.selector {
            case .dn, .anchor: break
            case .name, .pattern: continue
            }
            guard rule.permissionGroup(for: group.name, anchor: group.anchor, normalizedDN: normalized) != nil else { continue }
            let sighting = Sighting(place: place, group: PinnedGroup(anchor: group.anchor, name: group.name, dn: dn), isNamed: true)
            sightings[index + 1, default: []].append(sighting)
        }
    }
}

extension GroupStaging {
    private static let mostFindings = 10

    mutating func note(_ finding: GroupNameFinding) {
        nameFindingCount += 1
        if nameFindings.count < GroupStaging.mostFindings { nameFindings.append(finding) }
    }
}

extension SQLiteSession {
    func stage(_ given: GroupEntry, at filePlace: Int) throws(StoreError) {
        var group = given
        groups.known.bind(1, group.anchor.bytes)
        let known = try groups.known.step() ? groups.known.number(0) : nil
        if known != nil, !given.hasName {
            group = GroupEntry(dn: given.dn, anchor: given.anchor, name: groups.known.text(2), members: given.members)
            group.knowsMembers = given.knowsMembers
            group.hasName = !group.name.isEmpty
        }
        groups.known.reset()
        if let known { groups.seen.insert(known) }
        var digest = DigestBuilder()
        digest.addField(group.dn)
        digest.addField(group.name.utf8)

        let dn = Text(group.dn) ?? Text(String(decoding: group.dn, as: UTF8.self))
        let key = staging.memberKeys.key(for: group.dn[...])
        groups.insert.bind(1, group.anchor.bytes).bind(2, text: group.name).bind(3, text: dn).bind(4, key).bind(7, known)
        let inserted = try withMembers(of: group, known) { packed in
            digest.add(packed)
            groups.insert.bind(5, digest.digest().short).bind(6, packed.count / 16).bind(8, lent: packed)
            return Result { () throws(StoreError) in try groups.insert.run() }
        }
        try inserted.get()
        let place = placed(group, dn, key)
        if filePlace > 0 { groups.filePlaces[place] = filePlace }
        guard let doubt = given.doubt else { return }
        let name = group.hasName ? group.name : dn
        groups.doubts[place] =
            given.hasName
            ? "the members of group \(name) are not known and stay what they were: \(doubt)"
            : "group \(name) keeps the name that it had, if it had one: \(doubt)"
    }

    /// Takes a known group that cannot be used as it was kept; `false` when it is none.
    func stageAsKept(_ rejected: RejectedEntry) throws(StoreError) -> Bool {
        for anchor in [rejected.anchor].compactMap(\.self) + rejected.others {
            groups.known.bind(1, anchor.bytes)
            let known = try groups.known.step() ? groups.known.number(0) : nil
            groups.known.reset()
            if let known { return try stageGroupAsKept(known, because: rejected.reason) }
        }
        guard rejected.hasCertainName else { return false }
        if groups.knownByKey == nil {
            var known: [ShortDigest: Int64] = [:]
            let select = try connection.prepare("SELECT id, member_key FROM upstream_groups WHERE source = 1")
            while try select.step() { if let key = select.shortDigest(1) { known[key] = select.number(0) } }
            groups.knownByKey = known
        }
        guard let known = groups.knownByKey?[staging.memberKeys.key(for: rejected.subject.utf8[...])] else { return false }
        return try stageGroupAsKept(known, because: rejected.reason)
    }

    private func stageGroupAsKept(_ id: Int64, because reason: String) throws(StoreError) -> Bool {
        if groups.seen.contains(id) { return true }
        let kept = try connection.prepare(
            "SELECT id, anchor, name, dn, member_key, digest, member_count, members FROM upstream_groups WHERE id = ?1")
        kept.bind(1, id)
        guard try kept.step() else { return false }
        // Without its members there is nothing to keep: as soon as it can be read it is compared as one that has changed.
        let place = try stageKeptGroup(kept, as: kept.isNull(7) ? DigestBuilder().digest().short : nil)
        groups.doubts[place] = "group \(kept.text(2)) cannot be used and stays what it was: \(reason)"
        return true
    }

    /// Stages the group of a row of the connector space.
    ///
    /// - Parameter digest: what it is kept under in place of what it was; `nil` to leave that.
    func stageKeptGroup(_ kept: Statement, as digest: ShortDigest? = nil) throws(StoreError) -> Int64 {
        let id = kept.number(0)
        groups.seen.insert(id)
        let dn = kept.text(3)
        var group = GroupEntry(dn: Array(dn.utf8), anchor: Anchor(kept.bytes(1)), name: kept.text(2), members: MemberNames())
        group.hasName = !group.name.isEmpty
        groups.insert.bind(1, group.anchor.bytes).bind(2, text: group.name).bind(3, text: dn).bind(4, kept.bytes(4))
            .bind(5, digest.map(\.bytes) ?? kept.bytes(5)).bind(6, kept.number(6)).bind(7, id).bind(8, lent: kept.lent(7))
        try groups.insert.run()
        return placed(group, dn, kept.shortDigest(4))
    }

    /// What is to be said of the groups that rules reach and that could not be told.
    var groupRemarks: [Text] {
        let told = groups.doubts.filter { groups.reached.contains($0.key) }.sorted { $0.key < $1.key }.map { Text($0.value) }
        let rest = told.count - GroupStaging.mostRemarks
        return told.prefix(GroupStaging.mostRemarks)
            + (rest > 0 ? [Text("\(rest) more groups could not be told and stay what they were")] : [])
    }

    /// Gives the group that was just staged its place, and notes what rules make of it.
    func placed(_ group: GroupEntry, _ dn: Text, _ key: ShortDigest?) -> Int64 {
        groups.count += 1
        let place = Int64(groups.count)
        if let key { groups.places[key] = place }
        if !group.hasName {
            // Only its id and its place can tell what it is.
            groups.noteUnnamed(group, dn: dn, place: place)
            return place
        }
        for (rule, name) in groups.permissionGroups(of: group, dn: dn, place: place) {
            if evaluator.rules.groups[rule - 1].grant.fixedText == nil, let concern = permissionGroups.concern(about: name) {
                groups.note(GroupNameFinding(rule: rule, group: group.name, permissionGroup: name, concern: concern))
                if concern.isRefusal { continue }
            }
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
