internal import GRDB
public import RollcallCore

extension SQLiteStore {
    /// Opens the store as a run that applies does, and closes it: it is brought up to date, and what a crash left behind is taken over.
    ///
    /// - Returns: what the next run would start from.
    /// - Throws: ``StoreError``; a store that another applier is using is only read.
    public func verify() throws(StoreError) -> StoreBasis {
        if let missing { throw missing }
        let lock: ApplierLock
        do throws(StoreError) {
            lock = try self.lock()
        } catch {
            guard error.code == .locked else { throw error }
            return try StoreReader(path: path).basis()
        }
        defer { lock.release() }
        let queue = try StoreOpening.forWriting(path)
        defer { try? queue.close() }
        guard let handle = queue.inDatabase({ $0.sqliteConnection }) else {
            throw StoreError(.database, subject: path, message: "the database is closed")
        }
        let connection = Connection(handle, subject: path)
        let basis = try StoreBasis(connection, exists: true)
        try connection.emptyLog()
        return basis
    }
}
