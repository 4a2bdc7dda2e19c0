internal import RollcallCore

extension SQLiteSession {
    /// Expands the mapped groups into the memberships that the rules give, and finds out whose may have moved.
    func settleGroups() throws(StoreError) {
        try settleRepeatedGroups()
        reviewPins()
        try expandMappedGroups()
        try keepLost()
        if !decidesAll { try findAffectedMembers() }
        try findMovedEntries()
        try keepWanted(of: try membersLookedAt())
    }

    /// Finds the linked entries whose name is another one than in the last applied snapshot, while no entry has the former name.
    ///
    /// Groups are read before users. An entry that moves in between is named by its former name in the groups and has its new one among
    /// the users, so that it seems to be in no group. What the groups give to the former name is therefore not taken away in this run; the
    /// next one reads groups and users by one name.
    private func findMovedEntries() throws(StoreError) {
        if staging.isFirst || evaluator.rules.groups.isEmpty { return }
        try connection.execute(
            """
            INSERT OR IGNORE INTO temp.moved_entry
                SELECT s.member_key, e.member_key FROM temp.staged s CROSS JOIN entries e ON e.source = 1 AND e.anchor = s.anchor
                WHERE s.kind = \(StagedKind.present.rawValue) AND s.known IS NOT NULL AND s.member_key <> e.member_key
                AND e.user_id IS NOT NULL;
            DELETE FROM temp.moved_entry WHERE former IN
                (SELECT member_key FROM temp.staged WHERE kind = \(StagedKind.present.rawValue));
            """)
        groups.hasMovedEntries = try connection.number("SELECT 1 FROM temp.moved_entry LIMIT 1") != nil
    }

    /// Walks from the mapped groups down to all that they reach, each permission group by itself, nearest first, and keeps each step as a
    /// way. What waits for a person comes after what does not.
    private func expandMappedGroups() throws(StoreError) {
        let members = try connection.prepare("SELECT members FROM temp.staged_group WHERE id = ?1")
        let insert = try connection.prepare(
            """
            INSERT INTO temp.way (id, member_group, permission_group, rule, held, parent, depth, head, origin)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """)
        let anchor = try connection.prepare("SELECT anchor FROM temp.staged_group WHERE id = ?1")
        let order = try groupOrder()
        var expansion = GroupExpansion()
        let all = Dictionary(grouping: groups.mappings) { MappedAs(permissionGroup: $0.permissionGroup, isHeld: $0.isHeld) }
        var first = 1
        for mapped in all.keys.sorted() {
            let mappings = (all[mapped] ?? []).sorted { ($0.rule, order[$0.group] ?? 0) < ($1.rule, order[$1.group] ?? 0) }
            var rules: [Int: Int] = [:]
            // By the number of the visit: a group is visited after the one by which it was reached.
            var origins: [ShortDigest] = []
            for mapping in mappings { rules[Int(mapping.group)] = min(rules[Int(mapping.group)] ?? .max, mapping.rule) }
            var count = 0
            try expansion.walk(from: mappings.map { Int($0.group) }, nested: evaluator.rules.nestedGroups) {
                (visit) throws(StoreError) -> [Int] in
                count += 1
                groups.reached.insert(Int64(visit.group))
                insert.bind(1, first + visit.number).bind(2, visit.group).bind(3, mapped.permissionGroup)
                    .bind(4, rules[visit.root] ?? 1).bind(5, mapped.isHeld).bind(6, visit.parent.map { Int64(first + $0) })
                    .bind(7, visit.depth).bind(8, first + visit.head)
                anchor.bind(1, visit.group)
                let origin = ChangeBinding.origin(
                    Anchor(try anchor.step() ? anchor.bytes(0) : []), below: visit.parent.map { origins[$0] })
                anchor.reset()
                origins.append(origin)
                try insert.bind(9, origin).run()
                members.bind(1, visit.group)
                defer { members.reset() }
                guard evaluator.rules.nestedGroups, try members.step() else { return [] }
                return children(among: PackedKeys(members.lent(0))).sorted { (order[Int64($0)] ?? 0) < (order[Int64($1)] ?? 0) }
            }
            first += count
        }
    }

    /// Keeps what the rules give to the members, the nearest way first.
    ///
    /// - Parameter lookedAt: the members whose pairs will be decided; `nil` for all.
    func keepWanted(of lookedAt: Set<ShortDigest>?) throws(StoreError) {
        if let lookedAt, lookedAt.isEmpty { return }
        let members = try connection.prepare("SELECT members FROM temp.staged_group WHERE id = ?1")
        let insert = try connection.prepare(
            "INSERT OR IGNORE INTO temp.wanted (member_key, permission_group, rule, path, held) VALUES (?1, ?2, ?3, ?4, ?5)")
        let ways = try connection.prepare("SELECT member_group, permission_group, rule, id, held FROM temp.way ORDER BY id")
        while try ways.step() {
            members.bind(1, ways.number(0))
            defer { members.reset() }
            guard try members.step() else { continue }
            let keys = PackedKeys(members.lent(0))
            for place in 0..<keys.count {
                let key = keys[place]
                if let lookedAt, !lookedAt.contains(key) { continue }
                if groups.places[key] != nil { continue }
                try insert.bind(1, key).bind(2, ways.number(1)).bind(3, ways.number(2)).bind(4, ways.number(3)).bind(5, ways.number(4))
                    .run()
            }
        }
    }

    /// How many member keys are kept in memory; when there are more, all members are looked at.
    static let mostKeysInMemory = 1 << 14

    /// The member keys of the pairs that will be decided; `nil` when they are too many to keep in memory.
    private func membersLookedAt() throws(StoreError) -> Set<ShortDigest>? {
        var keys: Set<ShortDigest> = []
        for sql in [
            "SELECT member_key FROM temp.staged WHERE kind <> \(StagedKind.absent.rawValue)", "SELECT member_key FROM temp.affected",
            "SELECT former FROM temp.moved_entry",
        ] {
            let statement = try connection.prepare(sql)
            while try statement.step() {
                if keys.count == SQLiteSession.mostKeysInMemory { return nil }
                if let key = statement.shortDigest(0) { keys.insert(key) }
            }
        }
        return keys
    }

    /// The order in which ties between groups are decided: by anchor, whatever order the server answered in.
    private func groupOrder() throws(StoreError) -> [Int64: Int] {
        if groups.mappings.isEmpty { return [:] }
        let statement = try connection.prepare("SELECT id FROM temp.staged_group ORDER BY anchor")
        var order: [Int64: Int] = [:]
        while try statement.step() { order[statement.number(0)] = order.count }
        return order
    }

    /// Compares each reached group with what was kept of it, and keeps the members whose grants may have moved.
    ///
    /// A group whose name, place or nested groups moved affects all its members; one that only gained or lost people affects those.
    private func findAffectedMembers() throws(StoreError) {
        let stored = try connection.prepare(
            "SELECT id, name, dn, digest, members, mapped FROM upstream_groups WHERE source = 1 AND reached = 1 AND anchor = ?1")
        let staged = try connection.prepare("SELECT anchor, name, dn, digest, members FROM temp.staged_group WHERE id = ?1")
        let mapped = Set(groups.mappings.map(\.group))
        for group in groups.reached.sorted() {
            staged.bind(1, group)
            defer { staged.reset() }
            guard try staged.step() else { continue }
            stored.bind(1, staged.bytes(0))
            defer { stored.reset() }
            guard try stored.step() else {
                try affectAll(PackedKeys(staged.lent(4)))
                continue
            }
            let isMapped = mapped.contains(group)
            if staged.shortDigest(3) == stored.shortDigest(3), isMapped == (stored.number(5) != 0) { continue }
            let before = PackedKeys(stored.lent(4))
            let after = PackedKeys(staged.lent(4))
            let difference = before.differing(from: after)
            let movedGroups = difference.filter { groups.places[$0] != nil }
            let isSame = staged.text(1) == stored.text(1) && staged.text(2) == stored.text(2) && isMapped == (stored.number(5) != 0)
            if isSame {
                for key in difference { try affect(key) }
                for child in movedGroups { try affectAll(below: child) }
            } else {
                try affectAll(before)
                try affectAll(after)
            }
        }
        try affectMembersOfLostGroups()
    }

    private func affectMembersOfLostGroups() throws(StoreError) {
        let kept = try connection.prepare(
            """
            SELECT u.members, s.id FROM upstream_groups u LEFT JOIN temp.staged_group s ON s.known = u.id
            WHERE u.source = 1 AND u.reached = 1
            """)
        while try kept.step() {
            if let place = kept.optionalNumber(1), groups.reached.contains(place) { continue }
            try affectAll(PackedKeys(kept.lent(0)))
        }
    }

    /// Affects members, and those of the groups among them.
    private func affectAll(_ keys: PackedKeys) throws(StoreError) {
        for place in 0..<keys.count {
            try affect(keys[place])
            try affectAll(below: keys[place])
        }
    }

    private func affectAll(below key: ShortDigest) throws(StoreError) {
        guard let root = groups.places[key] else { return }
        let members = try connection.prepare("SELECT members FROM temp.staged_group WHERE id = ?1")
        var expansion = GroupExpansion()
        try expansion.walk(from: [Int(root)], nested: evaluator.rules.nestedGroups) { (visit) throws(StoreError) -> [Int] in
            let group = visit.group
            guard groups.affected.insert(group).inserted else { return [] }
            members.bind(1, group)
            defer { members.reset() }
            guard try members.step() else { return [] }
            let keys = PackedKeys(members.lent(0))
            for place in 0..<keys.count { try affect(keys[place]) }
            return children(among: keys)
        }
    }

    /// The staged groups among members.
    func children(among keys: PackedKeys) -> [Int] {
        (0..<keys.count).compactMap { groups.places[keys[$0]].map { Int($0) } }
    }

    private func affect(_ key: ShortDigest) throws(StoreError) {
        try affectStatement().bind(1, key).run()
    }

    private func affectStatement() throws(StoreError) -> Statement {
        if let statement = groups.affect { return statement }
        let statement = try connection.prepare("INSERT OR IGNORE INTO temp.affected VALUES (?1)")
        groups.affect = statement
        return statement
    }
}

/// What a mapped group gives, and whether that waits for a person.
private struct MappedAs: Hashable, Comparable {
    var permissionGroup: Int
    var isHeld: Bool

    static func < (left: MappedAs, right: MappedAs) -> Bool {
        left.permissionGroup != right.permissionGroup ? left.permissionGroup < right.permissionGroup : !left.isHeld && right.isHeld
    }
}
