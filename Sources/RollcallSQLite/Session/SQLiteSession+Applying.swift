internal import RollcallCore

extension SQLiteSession {
    func apply(_ run: RunRecord) throws(StoreError) -> AuditHead {
        try writing { () throws(StoreError) in
            if try connection.number("SELECT generation FROM store_state") != basis.generation {
                throw StoreError(.moved, subject: connection.subject, message: "an account was changed here while the plan was made")
            }
            let names = try plannedNames()
            try applyLateClaims(freesNames: names.frees)
            let number = try connection.nextRun()
            var writer = try PlanWriter(self, run: number, at: run.started)
            var audit = try AuditChain(connection)
            let first = audit.head.count + 1
            let plan = try PlannedRows(connection)
            while try plan.next() {
                let record = try plan.record()
                if plan.isEntry {
                    try writer.write(plan, record)
                } else if let record {
                    guard let row = try? record.decoded() else { throw plan.damaged }
                    try writer.writeShared(row)
                }
                if let record { try audit.append(run: number, kind: .row, at: run.started, record: record.bytes) }
            }
            try writer.finishClaims()
            if names.reclaims { try reclaimFreed() }
            try settleLateClaims()
            if extent != .lastSnapshot {
                try writer.keepGroups()
                try writer.keepPins()
                try writer.keepSource(proof: run.source.proof)
            }
            try GuardLedger(connection).add(
                run, number: number, at: clocks, passed: approval == .everything ? nil : writer.passed, permitted: permitted,
                lost: attributes.losses(rules: evaluator.rules).filter { $0.lost > 0 }, gone: goneAttributes,
                absences: writer.approvedAbsences,
                former: basis.baseline, window: options.window)
            if writer.hasChanged { try connection.execute("UPDATE store_state SET generation = generation + 1") }
            try audit.append(run: number, kind: .run, at: run.finished, record: run.record)
            try keepRun(run, number: number, applied: true, events: first...audit.head.count)
            try keepUse(by: run, number: number)
            try file(run, number: number, &audit)
            try keepPeople()
            try settleHandedOver()
            return audit.head
        }
    }

    func keep(_ run: RunRecord) throws(StoreError) -> AuditHead {
        if isDryRun { return try AuditHead(connection) }
        return try writing { () throws(StoreError) in
            let number = try connection.nextRun()
            var audit = try AuditChain(connection)
            var first = audit.head.count + 1
            if let former = try rowsKeptBefore() {
                first = former
            } else {
                let plan = try connection.prepare("SELECT row FROM temp.plan WHERE row IS NOT NULL ORDER BY seq")
                while try plan.step() { try audit.append(run: number, kind: .row, at: run.started, record: plan.lent(0)) }
            }
            try audit.append(run: number, kind: .run, at: run.finished, record: run.record)
            try keepRun(run, number: number, applied: false, events: first...audit.head.count)
            try file(run, number: number, &audit)
            try keepPeople()
            return audit.head
        }
    }

    /// Where the rows of this plan begin in the log if the last rows there are the very same; `nil` when they are to be kept anew.
    ///
    /// A plan that is held for days is so kept once, however often a run finds it again.
    private func rowsKeptBefore() throws(StoreError) -> Int64? {
        guard let last = try connection.number("SELECT seq FROM audit WHERE kind = 1 ORDER BY seq DESC LIMIT 1") else { return nil }
        let run = try connection.prepare("SELECT first_event FROM runs WHERE seq = (SELECT run FROM audit WHERE seq = ?1)")
        run.bind(1, last)
        guard try run.step() else { return nil }
        let first = run.number(0)
        let kept = try connection.prepare("SELECT record FROM audit WHERE seq BETWEEN ?1 AND ?2 AND kind = 1 ORDER BY seq")
        kept.bind(1, first).bind(2, last)
        let plan = try connection.prepare("SELECT row FROM temp.plan WHERE row IS NOT NULL ORDER BY seq")
        while try plan.step() {
            guard try kept.step(), kept.lent(0).elementsEqual(plan.lent(0)) else { return nil }
        }
        return try kept.step() ? nil : first
    }

    private func keepRun(_ run: RunRecord, number: Int64, applied: Bool, events: ClosedRange<Int64>) throws(StoreError) {
        let insert = try connection.prepare(
            """
            INSERT INTO runs (seq, id, started, finished, outcome, applied, approved, actor, record, first_event, last_event)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """)
        insert.bind(1, number).bind(2, text: Text(run.id.description)).bind(3, run.started.microseconds).bind(4, run.finished.microseconds)
            .bind(5, text: Text(run.outcome.rawValue)).bind(6, applied).bind(7, run.isApproved).bind(8, text: run.actor).bind(9, run.record)
            .bind(10, events.lowerBound).bind(11, events.upperBound)
        try insert.run()
        committedEvents = events
    }
}
