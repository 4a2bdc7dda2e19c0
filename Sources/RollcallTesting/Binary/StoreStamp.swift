import Glibc

/// When and how the database and the log of a store were written last.
struct StoreStamp: Equatable {
    private var sizes: [Int] = []
    /// Nanoseconds since 1970.
    private var last = 0

    /// Two writes this close may bear the same time.
    private static let quiet = 20_000_000

    /// - Throws: ``ChildProcess/Failure`` when there is no store at `path`.
    init(_ path: String) throws {
        for suffix in ["", "-wal"] {
            var status = stat()
            if stat(path + suffix, &status) != 0 {
                if suffix.isEmpty { throw ChildProcess.Failure("there is no store at \(path)") }
                sizes.append(-1)
                continue
            }
            sizes.append(Int(status.st_size))
            last = max(last, status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec)
        }
    }

    /// Whether the last write is long enough ago that another one would show.
    var isQuiet: Bool {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return now.tv_sec * 1_000_000_000 + now.tv_nsec - last > StoreStamp.quiet
    }
}
