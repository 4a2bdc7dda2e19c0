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
    /// Whether a run that applies may create the database; if not, one that is missing is an error.
    public var creates = true

    /// - Parameters:
    ///   - holder: who is applying, in one line: `pid 4711, rollcall apply, by alice`.
    ///   - patience: how long a writer waits for another one; dry runs never wait.
    public init(path: String, holder: String, patience: Span = .zero) {
        self.path = path
        self.holder = holder
        self.patience = patience
    }

    public func begin(
        _ mode: StoreMode, _ evaluator: Evaluator, _ options: SessionOptions
    ) throws(StoreError) -> any StoreSession {
        switch mode {
        case .dryRun:
            let (queue, exists) = try StoreOpening.forReading(path)
            return try SQLiteSession(queue, lock: nil, exists: exists, path: path, evaluator, options)
        case .apply:
            let lock = try lock()
            let exists = access(path, F_OK) == 0
            guard exists || creates else {
                lock.release()
                throw StoreError(
                    .unopenable, subject: path, message: "the store was here before, and is gone",
                    advice: "restore it from a backup; to begin with an empty one, start the daemon again")
            }
            let queue = try StoreOpening.forWriting(path)
            return try SQLiteSession(queue, lock: lock, exists: exists, path: path, evaluator, options)
        }
    }

    /// Takes the applier's lock for a verb that writes beside any run.
    func lock() throws(StoreError) -> ApplierLock {
        try ApplierLock(databasePath: path, holder: holder, patience: patience)
    }

    public func reject(_ id: HeldPlanID, by actor: Text, at time: Instant) throws(StoreError) -> HeldPlan {
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
                    .refused, subject: path, message: "plan \(id) is \(plan.state.rawValue), not open",
                    advice: "`rollcall plans --all` shows since when")
            }
            var audit = try AuditChain(connection)
            try plans.decide(id, .rejected, by: actor, at: time, run: try plans.runNumber(of: id), &audit)
            return plan
        }
    }
}
