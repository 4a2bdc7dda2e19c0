internal import RollcallCore

/// The held plans of a store: at most one is open.
struct HeldPlans {
    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    private static let columns = """
        p.id, p.state, r.id, p.filed, p.seen, p.source_type, p.rules_digest, p.changes, p.reason, p.decided_by, p.decided_at, p.difference,
        p.digest, p.losses, p.rejected, r.record
        """

    /// All of them, or those that are open or rejected; what was held last comes first.
    func list(all: Bool) throws(StoreError) -> [HeldPlan] {
        let select = try connection.prepare(
            """
            SELECT \(HeldPlans.columns) FROM held_plans p JOIN runs r ON r.seq = p.run
            WHERE p.source = 1 AND (?1 OR p.state IN ('open', 'rejected')) ORDER BY p.seen DESC, p.id
            """)
        select.bind(1, all)
        var plans: [HeldPlan] = []
        while try select.step() { plans.append(try plan(select)) }
        return plans
    }

    /// The plan that waits; `nil` when none does.
    func open() throws(StoreError) -> HeldPlan? {
        let select = try connection.prepare(
            "SELECT \(HeldPlans.columns) FROM held_plans p JOIN runs r ON r.seq = p.run WHERE p.source = 1 AND p.state = 'open'")
        return try select.step() ? try plan(select) : nil
    }

    func plan(_ id: HeldPlanID) throws(StoreError) -> HeldPlan? {
        let select = try connection.prepare(
            """
            SELECT \(HeldPlans.columns) FROM held_plans p JOIN runs r ON r.seq = p.run
            WHERE p.source = 1 AND (p.id = ?1 OR p.digest = ?2)
            """)
        select.bind(1, text: Text(id.description)).bind(2, id.digest?.bytes)
        return try select.step() ? try plan(select) : nil
    }

    /// A held plan by the digest over its changes.
    func plan(of digest: Digest) throws(StoreError) -> HeldPlan? {
        let select = try connection.prepare(
            "SELECT \(HeldPlans.columns) FROM held_plans p JOIN runs r ON r.seq = p.run WHERE p.source = 1 AND p.digest = ?1")
        select.bind(1, digest)
        return try select.step() ? try plan(select) : nil
    }

    /// The name of the plan whose changes `digest` is over: as short as no other plan has it.
    func name(of digest: Digest) throws(StoreError) -> HeldPlanID {
        if let plan = try plan(of: digest) { return plan.id }
        let taken = try connection.prepare("SELECT 1 FROM held_plans WHERE source = 1 AND id = ?1")
        for length in HeldPlanID.lengths {
            let id = HeldPlanID(digest, length: length)
            taken.bind(1, text: Text(id.description))
            let isTaken = try taken.step()
            taken.reset()
            if !isTaken { return id }
        }
        return HeldPlanID(digest, length: HeldPlanID.lengths.upperBound)
    }

    /// The number of the run that held a plan last.
    func runNumber(of id: HeldPlanID) throws(StoreError) -> Int64 {
        let select = try connection.prepare("SELECT run FROM held_plans WHERE source = 1 AND id = ?1")
        select.bind(1, text: Text(id.description))
        return try select.step() ? select.number(0) : 0
    }

    /// Files what a run holds. The same changes keep their plan, and a rejected one stays rejected; others take the place of the open one.
    ///
    /// - Parameter difference: how it differs from the open one, when that is another.
    func file(
        _ held: HeldChanges, _ run: RunRecord, number: Int64, rulesDigest: Digest, difference: HeldDifference?
    ) throws(StoreError) {
        let id = Text(held.id.description)
        try connection.prepare(
            """
            UPDATE held_plans SET state = 'superseded', decided_by = ?1, decided_at = ?2
            WHERE source = 1 AND state = 'open' AND id <> ?1
            """
        ).bind(1, text: id).bind(2, run.finished.microseconds).run()
        let upsert = try connection.prepare(
            """
            INSERT INTO held_plans (source, id, state, run, filed, seen, source_type, rules_digest, changes, reason, difference, digest,
                losses, rejected)
            VALUES (1, ?1, 'open', ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            ON CONFLICT (source, id) DO UPDATE SET run = ?2, seen = ?3, source_type = ?4, rules_digest = ?5, changes = ?6, reason = ?7,
            losses = ?10, rejected = ?11,
            difference = coalesce(?8, difference), filed = CASE WHEN state IN ('open', 'rejected') THEN filed ELSE ?3 END,
            decided_by = CASE state WHEN 'rejected' THEN decided_by END, decided_at = CASE state WHEN 'rejected' THEN decided_at END,
            state = CASE state WHEN 'rejected' THEN 'rejected' ELSE 'open' END
            """)
        upsert.bind(1, text: id).bind(2, number).bind(3, run.finished.microseconds).bind(4, text: Text(run.source.type))
            .bind(5, rulesDigest).bind(6, held.count).bind(7, text: Text(run.reason ?? "some changes wait for a person"))
            .bind(8, text: difference.map { Text($0.sentence) }).bind(9, held.digest).bind(10, held.losses).bind(11, held.rejected)
        try upsert.run()
    }

    /// Nothing is held any more.
    func closeOpen(at time: Instant) throws(StoreError) {
        let update = try connection.prepare(
            "UPDATE held_plans SET state = 'obsolete', decided_at = ?1 WHERE source = 1 AND state IN ('open', 'rejected')")
        try update.bind(1, time.microseconds).run()
    }

    /// Keeps what a person decided, also in the audit log.
    func decide(
        _ id: HeldPlanID, _ state: HeldPlan.State, by actor: Text, at time: Instant, run: Int64, _ audit: inout AuditChain
    ) throws(StoreError) {
        let update = try connection.prepare(
            "UPDATE held_plans SET state = ?2, decided_by = ?3, decided_at = ?4 WHERE source = 1 AND id = ?1")
        update.bind(1, text: Text(id.description)).bind(2, text: Text(state.rawValue)).bind(3, text: actor).bind(4, time.microseconds)
        try update.run()
        try audit.append(run: run, kind: .decision, at: time, record: HeldDecision(id: id, state: state, actor: actor).record)
    }

    private func plan(_ row: Statement) throws(StoreError) -> HeldPlan {
        guard let id = HeldPlanID(row.text(0).string), let state = HeldPlan.State(rawValue: row.text(1).string),
            let run = RunID(row.text(2).string), let digest = Digest(bytes: row.lent(6))
        else { throw StoreError(.corrupt, subject: connection.subject, message: "a held plan does not decode") }
        var plan = HeldPlan(
            id: id, digest: row.isNull(12) ? nil : Digest(bytes: row.lent(12)), state: state, run: run,
            filed: Instant(microseconds: row.number(3)), seen: Instant(microseconds: row.number(4)),
            sourceType: row.text(5).string, rulesDigest: digest, changes: Int(row.number(7)), reason: row.text(8),
            decidedBy: row.optionalText(9), decidedAt: row.optionalNumber(10).map { Instant(microseconds: $0) })
        plan.difference = row.optionalText(11)
        plan.losses = Int(clamping: row.number(13))
        plan.rejected = Int(clamping: row.number(14))
        if let record = RunRecord(record: row.bytes(15)) {
            plan.shownGuards = Set(record.guards.filter { $0.verdict == .held }.map(\.guardName))
        }
        return plan
    }
}

extension SQLiteSession {
    func heldPlan(_ digest: Digest) throws(StoreError) -> HeldPlan? {
        try HeldPlans(connection).plan(of: digest)
    }

    /// Files what the run holds, and closes what it has approved.
    func file(_ run: RunRecord, number: Int64, _ audit: inout AuditChain) throws(StoreError) {
        let plans = HeldPlans(connection)
        // What waits was not looked at.
        if run.isPaused || extent == .lastSnapshot { return }
        switch run.outcome {
        case .applied, .appliedPartly, .held, .inSync: break
        // Nothing is known of what waits.
        case .failed, .incomplete, .stale, .pending: return
        }
        try keepHeldChanges(run, number: number)
        if let plan = approval.plan, run.isApproved {
            try plans.decide(plan.id, .approved, by: run.actor, at: run.finished, run: number, &audit)
        }
        if run.heldPlan != nil, let held {
            try plans.file(held, run, number: number, rulesDigest: options.rulesDigest, difference: difference)
        } else {
            try plans.closeOpen(at: run.finished)
        }
    }
}
