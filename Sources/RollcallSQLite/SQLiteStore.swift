internal import GRDB
internal import Glibc
public import RollcallCore

/// The local user store in one SQLite database.
public struct SQLiteStore: UserStore {
    /// The database's path.
    public let path: String
    /// Who holds the lock while this process applies, as another one will read it.
    let holder: String

    /// How long a writer waits for another one to give the lock back.
    let patience: Span
    /// Whether a run that applies makes the store when it is missing; if not, that is an error.
    public var creates: Bool

    /// - Parameters:
    ///   - holder: who is applying, in one line: `pid 4711, rollcall apply, by alice`.
    ///   - patience: how long a writer waits for another one; dry runs never wait.
    ///   - creates: whether a run that applies makes the store when it is missing.
    public init(path: String, holder: String, patience: Span = .zero, creates: Bool = false) {
        self.path = path
        self.holder = holder
        self.patience = patience
        self.creates = creates
    }

    /// Why there is no store to open; `nil` when there is a file, whatever it is.
    public var missing: StoreError? { StoreOpening.missing(path) }

    /// Makes the store, empty and with the rights that runs expect.
    ///
    /// - Throws: ``StoreError/Code/refused`` when a file of that name is there already.
    public func create() throws(StoreError) {
        guard let missing else { throw StoreOpening.occupied(path) }
        if missing.code != .missing { throw missing }
        let lock = try lock()
        defer { lock.release() }
        try StoreOpening.create(path)
        let queue = try StoreOpening.forWriting(path)
        try? queue.close()
    }

    public func begin(
        _ mode: StoreMode, _ evaluator: Evaluator, _ options: SessionOptions
    ) throws(StoreError) -> any StoreSession {
        let absence = missing
        if let absence, absence.code != .missing { throw absence }
        switch mode {
        case .dryRun:
            let queue = absence == nil ? try StoreOpening.forReading(path) : try StoreOpening.inMemory()
            return try SQLiteSession(queue, lock: nil, exists: absence == nil, path: path, evaluator, options)
        case .apply:
            if let absence, !creates { throw absence }
            let lock = try lock()
            // Another process may have made it meanwhile.
            if absence != nil, missing != nil { try StoreOpening.create(path) }
            let queue = try StoreOpening.forWriting(path)
            return try SQLiteSession(queue, lock: lock, exists: absence == nil, path: path, evaluator, options)
        }
    }

    /// Takes the applier's lock for a verb that writes beside any run.
    func lock() throws(StoreError) -> ApplierLock {
        try ApplierLock(databasePath: StoreOpening.resolved(path), holder: holder, patience: patience)
    }

    public func reject(
        _ id: HeldPlanID, _ selection: ChangeSelection, by actor: Text, at time: Instant
    ) throws(StoreError) -> HeldPlan {
        if let missing { throw missing }
        let lock = try lock()
        defer { lock.release() }
        let queue = try StoreOpening.forWriting(path)
        defer { try? queue.close() }
        guard let handle = queue.inDatabase({ $0.sqliteConnection }) else {
            throw StoreError(.database, subject: path, message: "the database is closed")
        }
        let connection = Connection(handle, subject: path)
        return try connection.transaction("BEGIN IMMEDIATE") { () throws(StoreError) in
            let plans = HeldPlans(connection)
            guard let plan = try plans.plan(id) else {
                throw StoreError(.refused, subject: path, message: "no held plan is called \(id)", advice: "`rollcall plans` lists them")
            }
            guard plan.state == .open else {
                throw StoreError(
                    .refused, subject: path, message: "plan \(plan.id) is \(plan.state.rawValue), not open",
                    advice: "`rollcall plans --all` shows since when")
            }
            var digests: [Digest] = []
            try ReviewedRows(connection, of: plan, selection).finish { _, changes in digests += changes.map(\.digest) }
            if digests.isEmpty {
                throw StoreError(
                    .refused, subject: path, message: "no change of plan \(plan.id) is selected",
                    advice: "`rollcall plans \(plan.id)` shows them")
            }
            try HeldChangeList(connection).reject(digests, by: actor, at: time)
            var audit = try AuditChain(connection)
            // A plan of which something still waits for a decision stays open.
            var waiting = 0
            try ReviewedRows(connection, of: plan).finish { _, changes in waiting += changes.count }
            guard selection.isAll || waiting == 0 else {
                try audit.append(
                    run: try plans.runNumber(of: plan.id), kind: .operation, at: time,
                    record: Operation(
                        actor: actor, verb: "reject", subject: Text("plan \(plan.id)"),
                        detail: Text("\(digests.count) of its \(plan.changes) changes")
                    ).record)
                return plan
            }
            try plans.decide(plan.id, .rejected, by: actor, at: time, run: try plans.runNumber(of: plan.id), &audit)
            return plan
        }
    }
}
