internal import RollcallCore

/// What a reading that gave a part has left out is taken as it was kept.
///
/// After this the session is where a whole reading would have brought it in which nothing else had moved: who is kept counts as seen,
/// whoever has to be looked at is staged with the entry that was kept, and the groups are staged with the members that were kept.
extension SQLiteSession {
    /// - Returns: how many entries there are, and how many of them came for the first time.
    /// - Throws: ``StoreError/Code/notEnough`` when what was kept does not tell.
    func takeAsKept(_ extent: ReadExtent) throws(StoreError) -> Population? {
        switch extent {
        case .whole, .unchanged: return nil
        case .changes:
            try refuseOtherRules()
            var population = try takeUsersAsKept()
            try takeGroupsAsKept(&population)
            return population
        case .lastSnapshot:
            try refuseOtherRules()
            try stageEnding()
            return nil
        }
    }

    private func refuseOtherRules() throws(StoreError) {
        if decidesAll || attributes.isMoved { throw notEnough("the rules are other ones than those of the last applied run") }
    }

    private func notEnough(_ why: String) -> StoreError {
        StoreError(.notEnough, subject: connection.subject, message: why)
    }

    // MARK: - Users

    private func takeUsersAsKept() throws(StoreError) -> Population {
        var population = Population()
        let entries = try connection.prepare("SELECT \(KnownEntry.columns), anchor, member_key FROM entries WHERE source = 1")
        while try entries.step() {
            let known = KnownEntry(row: entries)
            if staging.seen.contains(known.id) {
                population.users += 1
                if known.state == .absent { population.newUsers += 1 }
                continue
            }
            // Whoever is absent stays so, and the time may have come for the next step.
            if known.state == .absent { continue }
            population.users += 1
            staging.seen.insert(known.id)
            if known.needsLook(at: options.now) {
                try stageAsKept(known, Anchor(entries.bytes(KnownEntry.columnCount)), entries.bytes(KnownEntry.columnCount + 1))
            } else if known.state == .ignored {
                skippedIgnored += 1
            } else {
                skippedUnchanged += 1
            }
        }
        let newcomers = Int(try connection.number("SELECT count(DISTINCT anchor) FROM temp.staged WHERE known IS NULL") ?? 0)
        population.users += newcomers
        population.newUsers += newcomers
        // Of whom nothing could be read is counted with the rejected ones.
        let rejected = "SELECT count(DISTINCT anchor) FROM temp.staged WHERE kind = \(StagedKind.rejected.rawValue)"
        population.users -= Int(try connection.number(rejected) ?? 0)
        return population
    }

    /// Stages those whose access ends by the clock, and nobody else: without the source nothing else is certain.
    private func stageEnding() throws(StoreError) {
        let entries = try connection.prepare(
            """
            SELECT \(KnownEntry.columns), anchor, member_key FROM entries
            WHERE source = 1 AND due <= ?1 AND state = \(EntryState.linked.rawValue)
            AND user_id IN (SELECT id FROM users WHERE status IN ('active', 'invited'))
            """)
        entries.bind(1, options.now.microseconds)
        while try entries.step() {
            let known = KnownEntry(row: entries)
            let image = try keptImage(known.id)
            if evaluator.isActive(Entry(image: image).slots, at: options.now) { continue }
            try stageAsKept(known, Anchor(entries.bytes(KnownEntry.columnCount)), entries.bytes(KnownEntry.columnCount + 1), image)
        }
        skippedUnchanged = Int(try connection.number("SELECT count(*) FROM entries WHERE source = 1") ?? 0)
        skippedUnchanged -= Int(try connection.number("SELECT count(*) FROM temp.staged") ?? 0)
    }

    private func stageAsKept(_ known: KnownEntry, _ anchor: Anchor, _ memberKey: [UInt8], _ image: [UInt8]? = nil) throws(StoreError) {
        let image = if let image { image } else { try keptImage(known.id) }
        try insertAsKept(known, anchor, memberKey, .present, image)
        try stageWants(of: Entry(image: image).slots, anchor, known)
    }

    /// Stages an entry as it was kept, without the names that it wants.
    func insertAsKept(
        _ known: KnownEntry, _ anchor: Anchor, _ memberKey: [UInt8], _ kind: StagedKind, _ image: [UInt8]? = nil
    ) throws(StoreError) {
        let image = if let image { image } else { try keptImage(known.id) }
        staging.insert.bind(1, anchor.bytes).bind(2, kind.rawValue).bind(3, known.id).bind(4, known.digest?.bytes)
            .bind(5, memberKey).bind(6, Int64(bitPattern: known.presence)).bind(7, image).bind(8, text: nil)
            .bind(9, 0).bind(10, 0)
        try staging.insert.run()
    }

    func keptImage(_ id: Int64) throws(StoreError) -> [UInt8] {
        let image = try connection.prepare("SELECT image FROM entry_images WHERE id = ?1")
        image.bind(1, id)
        guard try image.step() else {
            throw StoreError(.corrupt, subject: connection.subject, message: "entry \(id) has no image")
        }
        return image.bytes(0)
    }

    // MARK: - Groups

    private func takeGroupsAsKept(_ population: inout Population) throws(StoreError) {
        population.groups = groups.count
        population.newGroups = Int(try connection.number("SELECT count(*) FROM temp.staged_group WHERE known IS NULL") ?? 0)
        let kept = try connection.prepare(
            "SELECT id, anchor, name, dn, member_key, digest, member_count, members FROM upstream_groups WHERE source = 1")
        while try kept.step() {
            let id = kept.number(0)
            if groups.seen.contains(id) { continue }
            population.groups += 1
            let place = try stageKeptGroup(kept)
            // Members are kept of those groups only that rules reached.
            if kept.isNull(7), kept.number(6) > 0 { groups.untold.insert(place) }
        }
    }

    /// Refuses to go on when rules now reach a group whose members nobody kept.
    func refuseUntoldGroups() throws(StoreError) {
        if !groups.untold.isDisjoint(with: groups.reached) { throw notEnough("the rules reach a group whose members were not kept") }
    }
}
