internal import GRDB
public import RollcallCore

extension SQLiteStore {
    public func repin(_ standings: [PinStanding], by actor: Text, at time: Instant) throws(StoreError) {
        let lock = try ApplierLock(databasePath: path, holder: holder)
        defer { lock.release() }
        let queue = try StoreOpening.forWriting(path)
        defer { try? queue.close() }
        guard let handle = queue.inDatabase({ $0.sqliteConnection }) else {
            throw StoreError(.database, subject: path, message: "the database is closed")
        }
        let connection = Connection(handle, subject: path)
        try connection.transaction("BEGIN IMMEDIATE") { () throws(StoreError) in
            let writer = try GroupPinWriter(connection)
            var audit = try AuditChain(connection)
            for standing in standings {
                guard try writer.anchors(of: standing.selector) == Set(standing.pinned.map(\.anchor)) else {
                    throw StoreError(
                        .moved, subject: path, message: "group rule \(standing.rule) has pinned something else meanwhile",
                        advice: "look at `rollcall groups repin` again")
                }
                try writer.pin(standing.review.settled, for: standing.selector, at: time, run: nil) { _ in .pinned }
                let operation = Operation(actor: actor, verb: "groups repin", subject: standing.text, detail: standing.repinning)
                try audit.append(run: 0, kind: .operation, at: time, record: operation.record)
            }
            try connection.execute("UPDATE store_state SET generation = generation + 1")
        }
    }
}

extension PinStanding {
    /// What re-pinning changes, in one line.
    fileprivate var repinning: Text {
        func names(_ groups: [PinnedGroup]) -> String {
            groups.isEmpty ? "nothing" : groups.map { "\($0.dn) (\($0.anchor))" }.joined(separator: ", ")
        }
        return Text("\(names(pinned)) → \(names(review.settled))")
    }
}
