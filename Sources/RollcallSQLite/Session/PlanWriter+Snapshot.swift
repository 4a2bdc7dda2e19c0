internal import RollcallCore

extension PlanWriter {
    /// Brings the copy of the upstream groups up to date: members only of those that rules reach.
    func keepGroups() throws(StoreError) {
        let connection = session.connection
        let groups = session.groups
        let mapped = Set(groups.mappings.map(\.group))
        let staged = try connection.prepare(
            "SELECT id, anchor, name, dn, member_key, digest, member_count, members, known FROM temp.staged_group ORDER BY anchor")
        let former = try connection.prepare("SELECT digest, reached, mapped FROM upstream_groups WHERE id = ?1")
        let upsert = try connection.prepare(
            """
            INSERT INTO upstream_groups (source, anchor, name, dn, member_key, digest, member_count, reached, mapped, members)
            VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            ON CONFLICT (source, anchor) DO UPDATE SET name = excluded.name, dn = excluded.dn, member_key = excluded.member_key,
            digest = excluded.digest, member_count = excluded.member_count, reached = excluded.reached, mapped = excluded.mapped,
            members = excluded.members
            """)
        while try staged.step() {
            let place = staged.number(0)
            let isReached = groups.reached.contains(place)
            let isMapped = mapped.contains(place)
            if let known = staged.optionalNumber(8) {
                former.bind(1, known)
                defer { former.reset() }
                if try former.step(), former.shortDigest(0) == staged.shortDigest(5), (former.number(1) != 0) == isReached,
                    (former.number(2) != 0) == isMapped
                {
                    continue
                }
            }
            upsert.bind(1, staged.bytes(1)).bind(2, text: staged.text(2)).bind(3, text: staged.text(3)).bind(4, staged.bytes(4))
                .bind(5, staged.bytes(5)).bind(6, staged.number(6)).bind(7, isReached).bind(8, isMapped)
            if isReached { upsert.bind(9, lent: staged.lent(7)) } else { upsert.bind(9, nil as [UInt8]?) }
            try upsert.run()
        }
        let missed = session.missedGroups()
        let kept = try connection.prepare("SELECT id FROM upstream_groups WHERE source = 1")
        let delete = try connection.prepare("DELETE FROM upstream_groups WHERE id = ?1")
        while try kept.step() {
            let id = kept.number(0)
            if groups.seen.covers(id), !groups.seen.contains(id), !missed.contains(id) { try delete.bind(1, id).run() }
        }
        for id in missed.sorted() { try rekeyMembers(of: id) }
    }

    /// Brings the members of a group that is gone to the keys that they have now. The group's digest is emptied, for it is that of
    /// the keys of then.
    private func rekeyMembers(of group: Int64) throws(StoreError) {
        let select = try session.connection.prepare("SELECT members FROM upstream_groups WHERE id = ?1")
        let moved = try session.connection.prepare("SELECT now FROM temp.rekeyed WHERE former = ?1")
        select.bind(1, group)
        guard try select.step() else { return }
        let keys = PackedKeys(select.lent(0))
        var members: Set<ShortDigest> = []
        var hasMoved = false
        for place in 0..<keys.count {
            moved.bind(1, keys[place])
            defer { moved.reset() }
            let now = try moved.step() ? moved.shortDigest(0) : nil
            members.insert(now ?? keys[place])
            if now != nil { hasMoved = true }
        }
        select.reset()
        guard hasMoved else { return }
        let update = try session.connection.prepare("UPDATE upstream_groups SET members = ?2, digest = zeroblob(16) WHERE id = ?1")
        try ShortDigest.withBytes(of: members.sorted()) { packed in
            update.bind(1, group).bind(2, lent: packed)
            return Result { () throws(StoreError) in try update.run() }
        }.get()
    }

    /// Keeps what the `from` rules have pinned, and forgets what no rule says any more.
    func keepPins() throws(StoreError) {
        let connection = session.connection
        let rules = session.evaluator.rules.groups
        let writer = try GroupPinWriter(connection)
        var said: Set<GroupRule.Selector> = []
        for (index, rule) in rules.enumerated() where rule.selector.pins && said.insert(rule.selector).inserted {
            guard let review = session.groups.reviews[index + 1] else { continue }
            let isSettled = session.isSettled(rule.selector)
            try writer.pin(isSettled ? review.settled : review.kept, for: rule.selector, at: now, run: run) { group in
                isSettled ? .pinned : review.state(of: group)
            }
        }
        let keys = Set(said.compactMap { $0.pinKey }.map { PinKey(kind: $0.kind, said: $0.bytes) })
        let kept = try connection.prepare("SELECT DISTINCT kind, said FROM group_pins WHERE source = 1")
        let delete = try connection.prepare("DELETE FROM group_pins WHERE source = 1 AND kind = ?1 AND said = ?2")
        var forgotten: [PinKey] = []
        while try kept.step() {
            let key = PinKey(kind: kept.text(0).string, said: kept.bytes(1))
            if !keys.contains(key) { forgotten.append(key) }
        }
        for key in forgotten { try delete.bind(1, text: Text(key.kind)).bind(2, key.said).run() }
    }

    private struct PinKey: Hashable {
        var kind: String
        var said: [UInt8]
    }

    /// Keeps what later runs compare with: the numbers of this snapshot, its watermark and the rules.
    func keepSource(proof: ReadProof?) throws(StoreError) {
        let (layout, fill) = session.attributes.kept
        let update = try session.connection.prepare(
            """
            UPDATE sources SET rules_digest = ?1, watermark = ?2, users = ?3, groups = ?4, layout = ?5, fill = ?6, last_applied = ?7,
            semantics = \(Evaluator.semanticsVersion)
            WHERE id = 1
            """)
        update.bind(1, session.options.rulesDigest.bytes).bind(2, text: proof?.watermark.map { Text($0) })
            .bind(3, proof.map { Int64($0.users) }).bind(4, proof.map { Int64($0.groups) }).bind(5, text: Text(layout)).bind(
                6, text: Text(fill)
            )
            .bind(7, session.judgedAt.microseconds)
        try update.run()
    }
}

extension SeenEntries {
    /// Whether the entry was known when the run began.
    func covers(_ id: Int64) -> Bool { id <= largest }
}
