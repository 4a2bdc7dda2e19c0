internal import RollcallCore

/// What `from` rules mean in this reading, and what ends with the groups that they no longer find.
extension SQLiteSession {
    var pinnedGroups: Set<Anchor> { groups.pins.anchors }

    /// Compares what each `from` rule says with what it has pinned.
    func reviewPins() {
        for (index, rule) in evaluator.rules.groups.enumerated() where rule.selector.pins {
            let number = index + 1
            let sightings = (groups.sightings[number] ?? []).sorted { $0.group.anchor < $1.group.anchor }
            let review = PinReview(
                pinned: groups.pins.groups(of: number), named: sightings.filter(\.isNamed).map(\.group),
                seen: sightings.map(\.group).filter { groups.pins.has($0.anchor, rule: number) })
            groups.reviews[number] = review
            guard !sightings.isEmpty, let name = rule.grant.fixedText else { continue }
            let newcomers = Set(review.newcomers.map(\.anchor))
            let meant = Set(review.meant.map(\.anchor))
            for sighting in sightings where newcomers.contains(sighting.group.anchor) || meant.contains(sighting.group.anchor) {
                groups.mappings.append(
                    GroupStaging.Mapping(
                        rule: number, permissionGroup: permissionGroups.place(of: name), group: sighting.place,
                        isHeld: newcomers.contains(sighting.group.anchor)))
            }
        }
    }

    /// The rules whose groups are not simply where they say.
    var pinStandings: [PinStanding] {
        groups.reviews.filter { $0.value.state != .pinned && $0.value.state != .unmatched }.sorted { $0.key < $1.key }
            .map { number, review in
                let rule = evaluator.rules.groups[number - 1]
                var standing = PinStanding(
                    rule: number, text: Text(rule.text), selector: rule.selector, permissionGroup: rule.grant.fixedText ?? .empty,
                    review: review, pinned: rule.selector.pins ? groups.pins.groups(of: number) : review.lost)
                for group in review.lost { standing.absences[group.anchor] = groups.absences[group.anchor] }
                return standing
            }
    }

    /// Whether a person has approved all that waited for what a rule says, so that its pins follow.
    func isSettled(_ selector: GroupRule.Selector) -> Bool {
        let rules = evaluator.rules.groups.indices.filter { evaluator.rules.groups[$0].selector == selector }.map { $0 + 1 }
        return rules.contains { pinApproval.approved.contains($0) } && !rules.contains { pinApproval.waiting.contains($0) }
    }

    /// The groups of the connector space that the reading lacks, and of which something still waits for a person.
    func missedGroups() -> Set<Int64> {
        groups.keptFor.filter { !isSettled(evaluator.rules.groups[$0.key - 1].selector) }.values.reduce(into: []) { $0.formUnion($1) }
    }

    /// Keeps who had something by way of a group that its rule no longer finds, as the last applied run knew it, or as the reading
    /// has it if the group is there under another name.
    func keepLost() throws(StoreError) {
        let lost = groups.reviews.filter { !$0.value.lost.isEmpty }.sorted { $0.key < $1.key }
        if lost.isEmpty { return }
        let former = try FormerGroups(connection)
        for (number, review) in lost {
            let grant = evaluator.rules.groups[number - 1].grant.fixedText
            for group in review.lost { try keepMembers(of: group.anchor, by: number, giving: grant, former) }
        }
        try followMovedMembers()
    }

    /// Keeps the members of one group, and of those among them.
    private func keepMembers(
        of anchor: Anchor, by rule: Int, giving grant: Text?, _ former: FormerGroups
    ) throws(StoreError) {
        groups.hasLost = true
        let permissionGroup = grant.flatMap { permissionGroups.knownPlace(of: $0) }
        let staged = try connection.prepare("SELECT members FROM temp.staged_group WHERE id = ?1")
        let insert = try connection.prepare("INSERT OR IGNORE INTO temp.lost (member_key, permission_group, rule) VALUES (?1, ?2, ?3)")
        let place = groups.sightings[rule]?.first { $0.group.anchor == anchor }?.place
        guard let root = place.map({ Int($0) }) ?? former.node(of: anchor) else { return }
        var expansion = GroupExpansion()
        try expansion.walk(from: [root], nested: evaluator.rules.nestedGroups) { (visit) throws(StoreError) -> [Int] in
            let node = visit.group
            let row = node > 0 ? staged : former.members
            row.bind(1, abs(node))
            defer { row.reset() }
            if node > 0 {
                groups.reached.insert(Int64(node))
            } else {
                groups.keptFor[rule, default: []].insert(Int64(-node))
            }
            guard try row.step() else { return [] }
            let keys = PackedKeys(row.lent(0))
            if let permissionGroup {
                for place in 0..<keys.count { try insert.bind(1, keys[place]).bind(2, permissionGroup).bind(3, rule).run() }
            }
            return evaluator.rules.nestedGroups ? children(among: keys, of: former) : []
        }
    }

    func missingGroups() throws(StoreError) -> [Anchor] {
        let select = try connection.prepare(
            """
            SELECT u.anchor FROM upstream_groups u LEFT JOIN temp.staged_group s ON s.known = u.id
            WHERE u.source = 1 AND (u.mapped = 1 OR u.reached = 1) AND s.id IS NULL
            """)
        var anchors: Set<Anchor> = []
        while try select.step() { anchors.insert(Anchor(select.bytes(0))) }
        for (number, review) in groups.reviews {
            let there = Set((groups.sightings[number] ?? []).map(\.group.anchor))
            anchors.formUnion(review.lost.map(\.anchor).filter { !there.contains($0) })
        }
        return anchors.sorted()
    }

    func note(groups found: [(Anchor, Absence)]) throws(StoreError) -> [PinStanding] {
        for (anchor, absence) in found { groups.absences[anchor] = absence }
        let unconfirmed = found.filter { if case .unconfirmed = $0.1 { true } else { false } }.map(\.0)
        if !unconfirmed.isEmpty { try inOneTransaction { () throws(StoreError) in try keepUnconfirmed(unconfirmed) } }
        return pinStandings
    }

    /// Treats what rules gave by way of some groups as lost rather than as ended.
    private func keepUnconfirmed(_ anchors: [Anchor]) throws(StoreError) {
        try keepUnconfirmedBelow(anchors)
        let select = try connection.prepare("SELECT name, dn FROM upstream_groups WHERE source = 1 AND anchor = ?1")
        let former = try FormerGroups(connection)
        for anchor in anchors {
            select.bind(1, anchor.bytes)
            defer { select.reset() }
            guard try select.step() else { continue }
            let group = PinnedGroup(anchor: anchor, name: select.text(0), dn: select.text(1))
            for (index, rule) in evaluator.rules.groups.enumerated() where !rule.selector.pins {
                guard let grant = rule.permissionGroup(for: group.name, anchor: anchor, normalizedDN: []) else { continue }
                let lost = (groups.reviews[index + 1]?.lost ?? []) + [group]
                groups.reviews[index + 1] = PinReview(pinned: lost, named: [], seen: [])
                try keepMembers(of: anchor, by: index + 1, giving: grant, former)
            }
        }
        try followMovedMembers()
    }

    /// The same for groups inside of groups, which give what the rules of those above them give.
    private func keepUnconfirmedBelow(_ anchors: [Anchor]) throws(StoreError) {
        let former = try FormerGroups(connection)
        let nodes = Dictionary(
            anchors.compactMap { anchor in former.node(of: anchor).map { ($0, anchor) } }, uniquingKeysWith: { first, _ in first })
        if nodes.isEmpty { return }
        let staged = try connection.prepare("SELECT members FROM temp.staged_group WHERE id = ?1")
        var expansion = GroupExpansion()
        for mapping in groups.mappings.sorted(by: { ($0.rule, $0.group) < ($1.rule, $1.group) }) where !mapping.isHeld {
            var below: Set<Anchor> = []
            try expansion.walk(from: [Int(mapping.group)], nested: evaluator.rules.nestedGroups) { (visit) throws(StoreError) -> [Int] in
                let node = visit.group
                if let anchor = nodes[node] {
                    below.insert(anchor)
                    return []
                }
                let row = node > 0 ? staged : former.members
                row.bind(1, abs(node))
                defer { row.reset() }
                guard try row.step() else { return [] }
                return children(among: PackedKeys(row.lent(0)), of: former)
            }
            let grant = permissionGroups.members[mapping.permissionGroup].name
            for anchor in below.sorted() { try keepMembers(of: anchor, by: mapping.rule, giving: grant, former) }
        }
    }

    /// The groups among the members of one that may be gone: those of the reading, and those that are gone with it.
    private func children(among keys: PackedKeys, of former: FormerGroups) -> [Int] {
        (0..<keys.count).compactMap { groups.places[keys[$0]].map { Int($0) } ?? former.nodes[keys[$0]] }
    }

    /// A member of a group that is gone is known there by the name of then.
    private func followMovedMembers() throws(StoreError) {
        try connection.execute(
            """
            INSERT OR IGNORE INTO temp.rekeyed
                SELECT e.member_key, s.member_key FROM temp.staged s CROSS JOIN entries e ON e.source = 1 AND e.anchor = s.anchor
                WHERE s.kind = \(StagedKind.present.rawValue) AND s.known IS NOT NULL AND s.member_key <> e.member_key
                AND e.member_key IN (SELECT member_key FROM temp.lost);
            INSERT OR IGNORE INTO temp.lost
                SELECT r.now, l.permission_group, l.rule FROM temp.rekeyed r CROSS JOIN temp.lost l ON l.member_key = r.former;
            """)
    }
}

/// The upstream groups of the last applied snapshot that rules reached: for walking what is gone.
private struct FormerGroups {
    let members: Statement
    /// Each by its member key: below zero its id in the connector space, or above zero where it is staged.
    private(set) var nodes: [ShortDigest: Int] = [:]
    private var roots: [Anchor: Int] = [:]

    init(_ connection: Connection) throws(StoreError) {
        members = try connection.prepare("SELECT members FROM upstream_groups WHERE id = ?1")
        let select = try connection.prepare(
            """
            SELECT u.id, u.member_key, u.anchor, s.id FROM upstream_groups u LEFT JOIN temp.staged_group s ON s.known = u.id
            WHERE u.source = 1 AND u.reached = 1 AND u.id > 0
            """)
        while try select.step() {
            guard let key = select.shortDigest(1) else { continue }
            let node = Int(select.optionalNumber(3) ?? -select.number(0))
            nodes[key] = node
            roots[Anchor(select.bytes(2))] = node
        }
    }

    func node(of anchor: Anchor) -> Int? { roots[anchor] }
}
