internal import GRDB
internal import GRDBSQLite
internal import RollcallCore

extension StoreError {
    /// What a result code of SQLite means to an admin. SQLite's messages name tables and columns, never values.
    init(sqlite code: Int32, message: String, subject: String) {
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED:
            self.init(.locked, subject: subject, message: "the database is in use by another writer", advice: "try again")
        case SQLITE_FULL:
            self.init(.storage, subject: subject, message: "the disk is full", advice: "make room; nothing was changed")
        case SQLITE_IOERR:
            self.init(
                .storage, subject: subject, message: "reading or writing failed (\(message), code \(code))",
                advice: "check the disk and its file system; nothing was changed")
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
            self.init(
                .storage, subject: subject, message: "the database cannot be written (\(message))",
                advice: "run as the user that owns it, and check that the file system is not read-only")
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            self.init(
                .corrupt, subject: subject, message: "the database is damaged or none of ours (\(message))",
                advice: "restore it from a backup; it was left as it is")
        case SQLITE_CANTOPEN:
            self.init(
                .unopenable, subject: subject, message: "the database cannot be opened (\(message))",
                advice: "run as the user that owns it, and check the folder's permissions")
        default:
            self.init(.database, subject: subject, message: "\(message) (code \(code))")
        }
    }

    /// What GRDB threw while opening or migrating.
    init(_ error: any Error, subject: String) {
        if let error = error as? StoreError {
            self = error
        } else if let error = error as? DatabaseError {
            self.init(sqlite: error.extendedResultCode.rawValue, message: error.message ?? "no message", subject: subject)
        } else {
            self.init(.database, subject: subject, message: "\(error)")
        }
    }
}
