public import RollcallCore

extension SQLiteStore {
    public func preview(_ request: DeedRequest) throws(StoreError) -> DeedPlan {
        let queue = try StoreOpening.forReading(path)
        defer { try? queue.close() }
        guard let handle = queue.inDatabase({ $0.sqliteConnection }) else { throw closed }
        let connection = Connection(handle, subject: path)
        return try connection.transaction("BEGIN") { () throws(StoreError) in
            try Administration(connection, request, at: .epoch, writes: false).plan()
        }
    }

    public func carryOut(_ request: DeedRequest, as plan: DeedPlan, at time: Instant) throws(StoreError) -> DeedPlan {
        if let missing { throw missing }
        let lock = try lock()
        defer { lock.release() }
        let queue = try StoreOpening.forWriting(path)
        defer { try? queue.close() }
        guard let handle = queue.inDatabase({ $0.sqliteConnection }) else { throw closed }
        let connection = Connection(handle, subject: path)
        let done = try connection.transaction("BEGIN IMMEDIATE") { () throws(StoreError) in
            let now = try Administration(connection, request, at: time, writes: true).plan()
            guard now.operations.isEmpty || now == plan else {
                throw StoreError(
                    .moved, subject: path, message: "something else would be done now than what was shown", advice: "look at it again")
            }
            var audit = try AuditChain(connection)
            let run = try connection.number("SELECT max(seq) FROM runs") ?? 0
            for operation in now.operations { try audit.append(run: run, kind: .operation, at: time, record: operation.record) }
            return now
        }
        try? connection.emptyLog()
        return done
    }

    private var closed: StoreError { StoreError(.database, subject: path, message: "the database is closed") }
}
