internal import GRDBSQLite
internal import Glibc

/// What a reader without write permission meets when it looks at the index of the log in the moment in which a writer changes it.
///
/// SQLite cannot tell that from an index that a crash has left behind, and says that the log must be recovered. A moment later it is whole.
enum TornIndex {
    /// `SQLITE_READONLY_RECOVERY`.
    static let code = SQLITE_READONLY | 1 << 8

    /// Calls `body` again while that is what it says, for a fifth of a second at most.
    @inline(__always)
    static func retry(_ body: () -> Int32) -> Int32 {
        var result = body()
        var tries = 0
        while result == code, tries < 100 {
            usleep(2_000)
            result = body()
            tries += 1
        }
        return result
    }
}
