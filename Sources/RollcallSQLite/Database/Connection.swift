internal import CSQLiteShim
internal import GRDBSQLite
internal import RollcallCore

/// SQLite's own handle with the few calls that the hot paths need. GRDB opens, configures and migrates; this steps.
///
/// It is used by one task at a time, the one that owns the session.
final class Connection {
    private let handle: OpaquePointer
    /// The database as a person would name it.
    let subject: String

    /// Takes a connection over from GRDB once it is open and migrated.
    ///
    /// GRDB 7 watches transactions by hooks that expect every statement to be its own; from here on none is.
    init(_ handle: OpaquePointer, subject: String) {
        self.handle = handle
        self.subject = subject
        sqlite3_commit_hook(handle, nil, nil)
        sqlite3_rollback_hook(handle, nil, nil)
        sqlite3_update_hook(handle, nil, nil)
        sqlite3_set_authorizer(handle, nil, nil)
        // A run refers only to rows that it has just written or read; looking each of them up again would cost a tenth of it.
        sqlite3_exec(handle, "PRAGMA foreign_keys = OFF", nil, nil, nil)
        // The triggers watch what others write.
        _ = rollcall_sqlite_set_triggers(handle, 0)
    }

    func prepare(_ sql: String) throws(StoreError) -> Statement {
        var statement: OpaquePointer?
        let code = TornIndex.retry { sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil) }
        guard code == SQLITE_OK, let statement else { throw failure(code) }
        return Statement(statement, self)
    }

    /// Runs statements that answer nothing.
    func execute(_ sql: String) throws(StoreError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(code) }
    }

    /// Moves what the write-ahead log has into the database and empties it, as the last thing that the connection does.
    ///
    /// It waits for nobody: as long as somebody reads an older state, the log keeps what they need, and is emptied the next time.
    func emptyLog() throws(StoreError) {
        try execute("PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)")
    }

    /// The first column of the first row as a number; `nil` when there is no row or it is NULL.
    func number(_ sql: String) throws(StoreError) -> Int64? {
        let statement = try prepare(sql)
        return try statement.step() && !statement.isNull(0) ? statement.number(0) : nil
    }

    /// The rows that the last statement has inserted, changed or deleted.
    var changedRows: Int { Int(sqlite3_changes(handle)) }

    /// Runs `body` in a transaction: whole or not at all.
    func transaction<Result>(_ begin: String, _ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try execute(begin)
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            _ = sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
            throw error
        }
    }

    /// What the last failing call means.
    func failure(_ code: Int32) -> StoreError {
        StoreError(sqlite: code, message: String(cString: sqlite3_errmsg(handle)), subject: subject)
    }
}
