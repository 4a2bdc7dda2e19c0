internal import RollcallCore

extension SQLiteSession {
    func state(of plan: SavedPlan) throws(StoreError) -> SavedPlanState {
        var state = SavedPlanState()
        state.identity = try StoreIdentity(connection)
        state.newestRun = try connection.number("SELECT max(seq) FROM runs") ?? 0
        let used = try connection.prepare("SELECT r.id FROM used_plans u JOIN runs r ON r.seq = u.run WHERE u.digest = ?1")
        used.bind(1, plan.digest.bytes)
        if try used.step() { state.usedBy = used.text(0) }
        let later = try connection.prepare("SELECT id, record FROM runs WHERE seq > ?1 AND applied = 1 ORDER BY seq")
        later.bind(1, plan.origin?.run ?? 0)
        while state.changedBy == nil, try later.step() {
            // What cannot be read may have changed anything.
            let summary = RunRecord(record: later.bytes(1))?.summary
            if summary.map({ $0.changes > $0.held }) ?? true { state.changedBy = later.text(0) }
        }
        return state
    }

    /// Keeps that the run has used its plan file up: one of which everything still waits may be approved by another person.
    func keepUse(by run: RunRecord, number: Int64) throws(StoreError) {
        guard let plan = options.savedPlan, run.summary.changes > run.summary.held else { return }
        let insert = try connection.prepare("INSERT OR IGNORE INTO used_plans (digest, run, at) VALUES (?1, ?2, ?3)")
        insert.bind(1, plan.digest.bytes).bind(2, number).bind(3, run.started.microseconds)
        try insert.run()
    }
}

extension StoreIdentity {
    /// The identity of a store; `nil` for one of a version that gave none.
    init?(_ connection: Connection) throws(StoreError) {
        let columns = try connection.number("SELECT count(*) FROM pragma_table_info('store_state') WHERE name = 'identity'")
        guard columns == 1 else { return nil }
        let select = try connection.prepare("SELECT identity FROM store_state")
        guard try select.step() else { return nil }
        self.init(select.bytes(0))
    }
}
