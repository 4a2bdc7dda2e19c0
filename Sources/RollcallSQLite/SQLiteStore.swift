internal import GRDB
internal import Glibc
public import RollcallCore

/// The local user store in one SQLite database.
public struct SQLiteStore: UserStore {
    /// The database's path.
    public let path: String
    /// Who holds the lock while this process applies, as another one will read it.
    private let holder: String

    /// - Parameter holder: who is applying, in one line: `pid 4711, rollcall apply, by alice`.
    public init(path: String, holder: String) {
        self.path = path
        self.holder = holder
    }

    public func begin(
        _ mode: StoreMode, _ evaluator: Evaluator, _ options: SessionOptions
    ) throws(StoreError) -> any StoreSession {
        switch mode {
        case .dryRun:
            let (queue, exists) = try StoreOpening.forReading(path)
            return try SQLiteSession(queue, lock: nil, exists: exists, path: path, evaluator, options)
        case .apply:
            let lock = try ApplierLock(databasePath: path, holder: holder)
            let exists = access(path, F_OK) == 0
            let queue = try StoreOpening.forWriting(path)
            return try SQLiteSession(queue, lock: lock, exists: exists, path: path, evaluator, options)
        }
    }
}
