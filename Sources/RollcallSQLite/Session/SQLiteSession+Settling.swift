internal import RollcallCore

extension SQLiteSession {
    func settle(_ proof: ReadProof) throws(StoreError) -> Settlement {
        try countBaseline()
        try beginReading()
        extent = proof.extent
        clocks.source = proof.timeMarks.clock
        basis.baseline.window = try GuardLedger(connection).totals(of: options.window, at: clocks)
        var population: Population?
        let orphans = try inOneTransaction { () throws(StoreError) in
            population = try takeAsKept(extent)
            if extent != .lastSnapshot { try settleGroups() }
            try refuseUntoldGroups()
            try settleRepeatedEntries()
            let orphans = extent == .lastSnapshot ? 0 : try stageMissing()
            if hasMovedUsers { try lookAgain() }
            try settleClaims()
            if extent != .lastSnapshot { try keepDue() }
            return orphans
        }
        if extent == .lastSnapshot { return Settlement(orphans: 0, unmappedGroups: 0, groupRulesUnmatched: []) }
        let mapped = Set(groups.mappings.map(\.group)).union(groups.reached)
        let matched = Set(groups.mappings.map(\.rule)).union(groups.reviews.filter { $0.value.state != .unmatched }.keys)
        var settlement = Settlement(
            orphans: orphans, unmappedGroups: groups.count - mapped.count,
            groupRulesUnmatched: evaluator.rules.groups.indices.map { $0 + 1 }.filter { !matched.contains($0) },
            movedAnchors: try countMovedAnchors(),
            pins: pinStandings)
        settlement.groupNames = groups.nameFindings
        settlement.groupNameCount = groups.nameFindingCount
        settlement.population = population
        settlement.remarks = groupRemarks
        return settlement
    }

    /// How many users would lose access although their username came with an unknown anchor.
    private static let movedUsers = """
        SELECT count(*) FROM temp.moved_anchor m JOIN entries e ON e.source = 1 AND e.anchor = m.old_anchor
        JOIN users u ON u.id = e.user_id WHERE u.status IN ('active', 'invited')
        """

    func countMovedAnchors() throws(StoreError) -> Int {
        hasMovedAnchors ? Int(try connection.number(SQLiteSession.movedUsers) ?? 0) : 0
    }

    /// The absent entries whose users are due for a step that a look-up comes before.
    private static let due = """
        SELECT s.anchor FROM temp.staged s INDEXED BY staged_anchor CROSS JOIN entries e ON e.source = 1 AND e.anchor = s.anchor
        CROSS JOIN users u ON u.id = e.user_id
        WHERE s.kind = 1 AND (u.status IN ('active', 'invited') AND ?3 OR (u.status = 'inactive' AND e.leaving_since <= ?1)
        OR (u.status = 'deleted' AND e.deleted_at <= ?2))
        """

    private func bindDue(_ statement: Statement) -> Statement {
        statement.bind(1, deletionLine).bind(2, purgeLine).bind(3, evaluator.rules.lifecycle.confirmsAbsence)
    }

    /// Keeps who is due when the reading is settled: they are looked up, or knowingly not.
    private func keepDue() throws(StoreError) {
        try bindDue(connection.prepare("INSERT INTO temp.due (anchor) \(SQLiteSession.due)")).run()
    }

    func orphans(limit: Int, exceptMoved: Bool) throws(StoreError) -> [Anchor] {
        let statement = try bindDue(
            connection.prepare(
                """
                \(SQLiteSession.due)
                AND NOT (?5 AND s.anchor IN (SELECT old_anchor FROM temp.moved_anchor)) ORDER BY s.anchor LIMIT ?4
                """))
        statement.bind(4, limit).bind(5, exceptMoved)
        var anchors: [Anchor] = []
        while try statement.step() { anchors.append(Anchor(statement.bytes(0))) }
        return anchors
    }

    func note(_ absences: [(Anchor, Absence)]) throws(StoreError) {
        let statement = try connection.prepare(
            "INSERT OR REPLACE INTO temp.absence (anchor, kind, detail, context) VALUES (?1, ?2, ?3, ?4)")
        for (anchor, absence) in absences {
            let (kind, detail, context): (Int64, Text?, Text?) =
                switch absence {
                case .gone: (0, nil, nil)
                case .leftScope(let dn): (1, dn, nil)
                case .unconfirmed(let reason): (2, Text(reason), nil)
                case .notLookedUp: (3, nil, nil)
                case .unasked: (4, nil, nil)
                case .notBelowBase(let searched): (5, searched.base, searched.context)
                }
            try statement.bind(1, anchor.bytes).bind(2, kind).bind(3, text: detail).bind(4, text: context).run()
        }
    }

    /// Whoever was given up at or before this time is due to be deleted; the earliest time when nobody is.
    private var deletionLine: Int64 {
        evaluator.rules.lifecycle.deleteAfter.map { (options.now - $0).microseconds } ?? .min
    }

    /// Whom a run deleted at or before this time is due to be purged.
    private var purgeLine: Int64 {
        evaluator.rules.lifecycle.purgeAfter.map { (options.now - $0).microseconds } ?? .min
    }

    /// Stages the known entries that the reading did not have, and the unchanged ones whose grants may have moved.
    ///
    /// - Returns: for how many of the missing a step is due: deactivation, deletion or purge.
    private func stageMissing() throws(StoreError) -> Int {
        if staging.isFirst { return 0 }
        let hasAffected = try connection.number("SELECT 1 FROM temp.affected LIMIT 1") != nil
        let affected = try connection.prepare("SELECT 1 FROM temp.affected WHERE member_key = ?1")
        let status = try connection.prepare("SELECT status FROM users WHERE id = ?1")
        let image = try connection.prepare("SELECT image FROM entry_images WHERE id = ?1")
        let stagedAlready = try connection.prepare("SELECT 1 FROM temp.staged WHERE anchor = ?1")
        let entries = try connection.prepare(
            "SELECT anchor, id, state, user_id, present, member_key, digest, leaving_since, deleted_at FROM entries WHERE source = 1 ORDER BY anchor"
        )
        let (deletionLine, purgeLine) = (deletionLine, purgeLine)
        var orphans = 0
        while try entries.step() {
            let id = entries.number(1)
            let userID = entries.optionalNumber(3)
            let state = EntryState(rawValue: Int(entries.number(2))) ?? .waiting
            var kind = StagedKind.present
            if staging.seen.contains(id) {
                guard hasAffected, userID != nil, let key = entries.shortDigest(5) else { continue }
                affected.bind(1, key)
                let isAffected = try affected.step()
                affected.reset()
                guard isAffected else { continue }
                stagedAlready.bind(1, entries.bytes(0))
                let isStaged = try stagedAlready.step()
                stagedAlready.reset()
                if isStaged { continue }
                skippedUnchanged -= 1
            } else {
                attributes.remove(before: state == .absent ? 0 : UInt64(bitPattern: entries.number(4)))
                kind = .absent
                if let userID {
                    status.bind(1, userID)
                    let isDue =
                        switch try status.step() ? UserStatus(rawValue: status.text(0).string) : nil {
                        case .active, .invited: true
                        case .inactive: entries.optionalNumber(7).map { $0 <= deletionLine } ?? false
                        case .deleted: entries.optionalNumber(8).map { $0 <= purgeLine } ?? false
                        case nil: false
                        }
                    status.reset()
                    if isDue {
                        orphans += 1
                    } else if state == .absent, !decidesAll {
                        skippedUnchanged += 1
                        continue
                    }
                }
            }
            image.bind(1, id)
            let bytes = try image.step() ? image.bytes(0) : []
            image.reset()
            staging.insert.bind(1, entries.bytes(0)).bind(2, kind.rawValue).bind(3, id).bind(4, entries.bytes(6))
                .bind(5, entries.bytes(5)).bind(6, entries.number(4)).bind(7, bytes).bind(8, text: nil).bind(9, 0)
                .bind(10, 0)
            try staging.insert.run()
        }
        return orphans
    }
}
