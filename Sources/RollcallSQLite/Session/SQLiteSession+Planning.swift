internal import RollcallCore

extension SQLiteSession {
    func plan(_ planner: Planner, approval: PlanApproval) throws(StoreError) -> PlanTotals {
        self.approval = approval
        permitted = [:]
        judgedAt = planner.now
        return try inOneTransaction { () throws(StoreError) in try decide(planner) }
    }

    private func decide(_ planner: Planner) throws(StoreError) -> PlanTotals {
        try connection.execute("DELETE FROM temp.plan")
        let pairs = try PairReader(self)
        let insert = try connection.prepare(
            """
            INSERT INTO temp.plan (anchor, staged, known, user_id, state, due, losses, writes, row, revokes, held, approved)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """)
        var summary = Summary()
        summary.unchanged = skippedUnchanged
        summary.ignored = skippedIgnored
        var tally = GuardTally()
        var approved = ApprovalTally()
        var ownAccess = 0
        var pins = PinApproval()
        var lastHolders = LastHolders(holders: try settledHolders())
        var digest = DigestBuilder()
        for shared in try decideShared(pairs) {
            let row = shared.decision.row
            summary.add(row)
            tally.add(shared.tally)
            approved.add(shared.approval)
            ownAccess += shared.ownAccess
            for change in row.changes { change.digest.withBytes { digest.add($0) } }
            insert.bind(1, row.anchor.bytes).bind(2, nil as Int64?).bind(3, nil as Int64?).bind(4, nil as Int64?)
                .bind(5, EntryState.ignored.rawValue).bind(6, nil as Int64?).bind(7, nil as [UInt8]?).bind(8, false).bind(9, row.record)
                .bind(10, false).bind(11, row.changes.contains { $0.heldBy != nil }).bind(12, shared.approvedDigests)
            try insert.run()
        }
        let decider = PairDecider(evaluator: evaluator, planner: planner, now: planner.now, approval: approval, approver: options.approver)
        // While some pairs are being decided, the decisions before them are kept and the next pairs are read.
        var deciding = decider.begin(try pairs.next(atMost: PairDecider.together))
        while !deciding.pairs.isEmpty {
            let next = try pairs.next(atMost: PairDecider.together)
            let batch = deciding.pairs
            let decided = deciding.finish()
            deciding = decider.begin(next)
            var place = 0
            for part in decided {
                summary.add(part.summary)
                tally.add(part.tally)
                approved.add(part.approval)
                ownAccess += part.ownAccess
                pins.add(part.pins)
                for decided in part.pairs {
                    let staged = batch[place]
                    place += 1
                    lastHolders.add(losses: decided.losses, gains: decided.gains)
                    digest.add(decided.digests)
                    if decided.record == nil, !decided.writes { continue }
                    insert.bind(1, staged.pair.anchor.bytes).bind(2, staged.place).bind(3, staged.known?.id).bind(4, decided.userID)
                        .bind(5, decided.state.rawValue).bind(6, decided.due?.microseconds).bind(7, decided.packedLosses)
                        .bind(8, decided.writes).bind(9, decided.record).bind(10, decided.revokes).bind(11, decided.isHeld).bind(
                            12, decided.approved)
                    try insert.run()
                }
            }
        }
        approved.vanished += pairs.vanished
        pinApproval = pins
        ruledHolders = try ruledHolders(of: tally.revocations.keys.sorted())
        var totals = PlanTotals(
            summary: summary, tally: tally, lastHolders: lastHolders, attributeLosses: attributes.losses(rules: evaluator.rules),
            holders: ruledHolders, digest: digest.digest())
        totals.approval = approved
        totals.ownAccess = ownAccess
        return totals
    }

    /// A row about what accounts share, once it is known what a person has approved of it.
    private struct SharedDecision {
        var decision: Decision
        var tally = GuardTally()
        var approval = ApprovalTally()
        var ownAccess = 0
        var approvedDigests: [UInt8]?
    }

    private func decideShared(_ pairs: PairReader) throws(StoreError) -> [SharedDecision] {
        var decisions: [SharedDecision] = []
        for row in try sharedRows() {
            var shared = SharedDecision(decision: Decision(row: row, state: .ignored))
            var approved: Set<Digest> = []
            switch approval {
            case .nothing: shared.tally.add(row)
            case .everything:
                shared.tally.add(row)
                approved = Set(row.changes.map(\.digest))
            case .changes:
                approved = shared.approval.compare(pairs.reviewedShared(row), with: row)
                shared.tally.add(row, except: approved)
                shared.approval.tally.add(row.selecting(approved))
            }
            if let approver = options.approver, approval != .nothing {
                var own: [Int] = []
                for (index, change) in row.changes.enumerated()
                where approved.contains(change.digest) && (approval != .everything || change.heldBy != nil) {
                    if try isOwnGroup(change.group, of: approver) { own.append(index) }
                }
                shared.ownAccess = own.count
                if !approver.isRoot {
                    for index in own { approved.remove(row.changes[index].digest) }
                    shared.decision.release(approved)
                    shared.decision.withhold(own)
                }
            }
            shared.decision.release(approved)
            if case .changes = approval, !approved.isEmpty { shared.approvedDigests = approved.sorted().flatMap(\.bytes) }
            decisions.append(shared)
        }
        return decisions
    }

    func firstPair(where isMeant: (Pair, Entry) -> Bool) throws(StoreError) -> (pair: Pair, entry: Entry)? {
        let pairs = try PairReader(self)
        while true {
            let batch = try pairs.next(atMost: PairDecider.together)
            if batch.isEmpty { return nil }
            for staged in batch {
                let pair = staged.evaluated(by: evaluator, at: judgedAt)
                if isMeant(pair, staged.entry) { return (pair, staged.entry) }
            }
        }
    }

    func forEachRow(_ body: (PlanRow) throws -> Bool) throws {
        try forEachRecord { record in
            guard let row = try? record.decoded() else { throw damaged() }
            return try body(row)
        }
    }

    func forEachRecord(_ body: (RowRecord) throws -> Bool) throws {
        let select: Statement
        if let events = committedEvents {
            select = try connection.prepare("SELECT record FROM audit WHERE seq BETWEEN ?1 AND ?2 AND kind = 1 ORDER BY seq")
            select.bind(1, events.lowerBound).bind(2, events.upperBound)
        } else {
            select = try connection.prepare("SELECT row FROM temp.plan WHERE row IS NOT NULL ORDER BY seq")
        }
        while try select.step() {
            guard let record = RowRecord(select.lent(0)) else { throw damaged() }
            guard try body(record) else { return }
        }
    }

    func damaged() -> StoreError {
        StoreError(.corrupt, subject: connection.subject, message: "a row of the plan does not decode")
    }

    /// How many memberships a rule gave, of each permission group.
    private func ruledHolders(of groups: [Text]) throws(StoreError) -> [Text: Int] {
        if groups.isEmpty { return [:] }
        let counts = try holders("SELECT group_id, count(*) FROM grants WHERE origin = 'source' GROUP BY group_id")
        var holders: [Text: Int] = [:]
        for group in groups {
            guard let id = permissionGroups.members[permissionGroups.place(of: group)].id else { continue }
            holders[group] = counts[id] ?? 0
        }
        return holders
    }

    private func settledHolders() throws(StoreError) -> [Text: Int] {
        if !permissionGroups.members.contains(where: { $0.isPrivileged && $0.id != nil }) { return [:] }
        try connection.execute("DELETE FROM temp.privileged_group")
        let insert = try connection.prepare("INSERT INTO temp.privileged_group VALUES (?1)")
        for group in permissionGroups.members where group.isPrivileged {
            if let id = group.id { try insert.bind(1, id).run() }
        }
        let counts = try holders(
            """
            SELECT g.group_id, count(DISTINCT g.user_id) FROM grants g JOIN users u ON u.id = g.user_id
            WHERE u.status = 'active' AND u.username_key IS NOT NULL
            AND g.group_id IN (SELECT id FROM temp.privileged_group) GROUP BY g.group_id
            """)
        var holders: [Text: Int] = [:]
        for group in permissionGroups.members where group.isPrivileged {
            if let id = group.id { holders[group.name] = counts[id] ?? 0 }
        }
        return holders
    }

    /// Counts by the id of the permission group.
    private func holders(_ sql: String) throws(StoreError) -> [Int64: Int] {
        let select = try connection.prepare(sql)
        var counts: [Int64: Int] = [:]
        while try select.step() { counts[select.number(0)] = Int(select.number(1)) }
        return counts
    }
}

extension DecidedPair {
    /// The privileged groups that somebody loses, each ended by a NUL, which no text has; `nil` when there are none.
    fileprivate var packedLosses: [UInt8]? { losses.packed }
}

extension LocalUser {
    /// A user from the columns that ``LocalUser/columns`` names.
    init(_ row: Statement, id: Int64) {
        self.init(id: id, username: row.text(0), status: UserStatus(rawValue: row.text(6).string) ?? .inactive)
        email = row.optionalText(1)
        givenName = row.optionalText(2)
        familyName = row.optionalText(3)
        displayName = row.optionalText(4)
        extra = row.optionalText(5).flatMap { ExtraFields(json: $0) } ?? ExtraFields()
        role = Role(rawValue: row.text(7).string) ?? .none
        isHeld = row.number(8) != 0
    }

    static let columns = "username, email, given_name, family_name, display_name, extra, status, role, held"
}
