internal import GRDB
public import RollcallCore

/// Shows what the store holds, without writing anything: for `runs`, `report`, `users`, `groups` and `audit`.
public final class StoreReader {
    let connection: Connection
    private let queue: DatabaseQueue

    /// Opens the store at `path` without changing it.
    ///
    /// - Throws: ``StoreError/Code/missing`` when there is none.
    public init(path: String) throws(StoreError) {
        let queue = try StoreOpening.forReading(path)
        guard let handle = queue.inDatabase({ $0.sqliteConnection }) else {
            throw StoreError(.database, subject: path, message: "the database is closed")
        }
        self.queue = queue
        connection = Connection(handle, subject: path)
    }

    /// What the next run would start from.
    public func basis() throws(StoreError) -> StoreBasis {
        var basis = try StoreBasis(connection, exists: true)
        try basis.count(connection)
        return basis
    }

    /// That the source is not to be applied; `nil` when it is, or that cannot be read.
    public var pause: Pause? { try? Pause(connection) }

    /// Where the audit log ends.
    public func auditHead() throws(StoreError) -> AuditHead {
        try AuditHead(connection)
    }

    /// Runs, the newest first; stops when `body` returns `false`.
    public func forEachRun(_ body: (RunRecord) throws -> Bool) throws {
        let runs = try connection.prepare("SELECT record FROM runs ORDER BY seq DESC")
        while try runs.step() {
            guard let record = RunRecord(record: runs.bytes(0)) else { throw damaged("a run's record") }
            guard try body(record) else { return }
        }
    }

    /// One run with its rows: the newest, or the one whose id starts with `prefix`; `nil` when there is none.
    public func run(_ prefix: String?) throws(StoreError) -> KeptRun? {
        let runs = try connection.prepare(
            "SELECT record, first_event, last_event FROM runs WHERE substr(id, 1, length(?1)) = ?1 ORDER BY seq DESC LIMIT 1")
        runs.bind(1, text: Text(prefix ?? ""))
        guard try runs.step() else { return nil }
        guard let record = RunRecord(record: runs.bytes(0)) else { throw damaged("a run's record") }
        return KeptRun(record: record, events: runs.number(1)...max(runs.number(1), runs.number(2)), reader: self)
    }

    /// The held plans that wait or were rejected, or all that there ever were; what was held last comes first.
    public func heldPlans(all: Bool = false) throws(StoreError) -> [HeldPlan] {
        try HeldPlans(connection).list(all: all)
    }

    /// A held plan by its name; `nil` when there is none.
    public func heldPlan(_ id: HeldPlanID) throws(StoreError) -> HeldPlan? {
        try HeldPlans(connection).plan(id)
    }

    /// The changes that a person has rejected, by their digests.
    public func rejectedChanges() throws(StoreError) -> Set<Digest> {
        try HeldChangeList(connection).rejected()
    }

    func damaged(_ what: String) -> StoreError {
        StoreError(.corrupt, subject: connection.subject, message: "\(what) does not decode", advice: "run `rollcall audit verify`")
    }
}

/// A run that was kept, with its rows as they were committed.
public struct KeptRun: PlanRows {
    public let record: RunRecord
    let events: ClosedRange<Int64>
    let reader: StoreReader

    /// Where the audit log ended with this run.
    public func auditHead() throws(StoreError) -> AuditHead? {
        let last = try reader.connection.prepare("SELECT hash FROM audit WHERE seq = ?1")
        last.bind(1, events.upperBound)
        guard try last.step(), let hash = Digest(bytes: last.bytes(0)) else { return nil }
        return AuditHead(count: events.upperBound, hash: hash)
    }

    public func forEachRow(_ body: (PlanRow) throws -> Bool) throws {
        try forEachRecord { record in
            guard let row = try? record.decoded() else { throw reader.damaged("a row of the audit log") }
            return try body(row)
        }
    }

    public func forEachRecord(_ body: (RowRecord) throws -> Bool) throws {
        let rows = try reader.connection.prepare("SELECT record FROM audit WHERE seq BETWEEN ?1 AND ?2 AND kind = 1 ORDER BY seq")
        rows.bind(1, events.lowerBound).bind(2, events.upperBound)
        while try rows.step() {
            guard let record = RowRecord(rows.lent(0)) else { throw reader.damaged("a row of the audit log") }
            guard try body(record) else { return }
        }
    }
}
