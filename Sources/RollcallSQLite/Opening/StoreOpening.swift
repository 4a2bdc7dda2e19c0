internal import CSQLiteShim
internal import GRDB
internal import GRDBSQLite
internal import Glibc
internal import RollcallCore

/// The ways in which the database is opened.
///
/// A writer keeps the `-wal` and `-shm` files in place and leaves them empty, so that readers without write permission find a
/// database that they can open. A reader never creates, changes or removes a file.
enum StoreOpening {
    /// Once in the life of the process, before the first database.
    private static let library: Int32 = rollcall_sqlite_skip_statistics()

    /// Why there is nothing to open at `path`; `nil` when there is a file.
    ///
    /// A path that cannot be looked at is not one where nothing is.
    static func missing(_ path: String) -> StoreError? {
        var status = stat()
        if stat(path, &status) == 0 { return nil }
        let number = errno
        guard number == ENOENT || number == ENOTDIR else {
            return StoreError(
                .unopenable, subject: path, message: "the store cannot be read: \(String(cString: strerror(number)))",
                advice: "run as the user that owns it")
        }
        let folder = access(FolderOwner.folder(of: path), F_OK) == 0 ? "" : ", nor its folder"
        return StoreError(
            .missing, subject: path, message: "there is no store here\(folder)",
            advice: "correct `store.url`, restore it from a backup, or make a new one with `rollcall store create`")
    }

    /// Makes an empty store at `path`, whole or not at all. The caller has the lock.
    ///
    /// - Throws: ``StoreError/Code/refused`` when a file of that name is there.
    static func create(_ path: String) throws(StoreError) {
        _ = library
        let draft = "\(path).\(getpid()).part"
        let descriptor = open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw unmade(path, errno) }
        defer {
            Glibc.close(descriptor)
            for file in [draft, draft + "-journal"] { unlink(file) }
        }
        do {
            let queue = try DatabaseQueue(path: draft)
            try Schema.migrator.migrate(queue)
            try queue.close()
        } catch {
            throw StoreError(error, subject: path)
        }
        FolderOwner.give(descriptor, of: path)
        guard fsync(descriptor) == 0, link(draft, path) == 0 else { throw unmade(path, errno) }
    }

    static func occupied(_ path: String) -> StoreError {
        StoreError(.refused, subject: path, message: "there is a file of this name already", advice: "nothing was changed")
    }

    private static func unmade(_ path: String, _ number: Int32) -> StoreError {
        number == EEXIST
            ? occupied(path)
            : StoreError(
                .unopenable, subject: path, message: "the store cannot be made: \(String(cString: strerror(number)))",
                advice: "its folder must exist, and be writable for the user that runs this")
    }

    /// The store's own path: where `path` leads when it is a symbolic link. Lock and log lie beside the file, whatever name it is opened by.
    static func resolved(_ path: String) -> String {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// Refuses a file that has another name: who opened it by that one would have another lock and another log.
    private static func refuseOtherNames(_ path: String) throws(StoreError) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_nlink > 1 else { return }
        throw StoreError(
            .unopenable, subject: path,
            message: "the store is a file with \(status.st_nlink) names (hard links), each of which would have a lock of its own",
            advice: "remove the other names; a copy is made with `sqlite3 .backup`")
    }

    /// For the applier: brought up to date. It must be there.
    static func forWriting(_ given: String) throws(StoreError) -> DatabaseQueue {
        _ = library
        if let missing = missing(given) { throw missing }
        let path = resolved(given)
        try refuseForeign(path)
        try refuseOtherNames(path)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(10)
        configuration.label = "rollcall"
        configuration.prepareDatabase { database in
            try refuseForeign(database, path)
            try database.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    PRAGMA journal_size_limit = 0;
                    PRAGMA cache_size = -16000;
                    PRAGMA secure_delete = OFF;
                    """)
            var persist: Int32 = 1
            sqlite3_file_control(database.sqliteConnection, "main", SQLITE_FCNTL_PERSIST_WAL, &persist)
        }
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            // GRDB sets NORMAL when it turns the log on, after what `prepareDatabase` did.
            try queue.writeWithoutTransaction { database in
                try refuseLater(database, path)
                try database.execute(sql: "PRAGMA synchronous = FULL")
            }
            try Schema.migrator.migrate(queue)
            return queue
        } catch {
            throw StoreError(error, subject: path)
        }
    }

    /// For a dry run: nothing is written, nothing is created.
    static func forReading(_ given: String) throws(StoreError) -> DatabaseQueue {
        _ = library
        if let missing = missing(given) { throw missing }
        let path = resolved(given)
        try refuseForeign(path)
        let sidecar = path + "-wal"
        let hasSidecars = access(sidecar, F_OK) == 0 && access(path + "-shm", F_OK) == 0
        // SQLite cannot read beside a log that is a header and nothing more, unless a writer lives: a crash can leave that behind.
        if !hasSidecars, (Stamp(sidecar)?.size ?? 0) > 0 {
            throw StoreError(
                .unopenable, subject: path, message: "a crash has left \(sidecar) behind",
                advice: "run as the service user: only a writer can take it over")
        }
        let isHeaderOnly = Stamp(sidecar)?.size == 32 && !isInUse(path + "-shm")
        if hasSidecars, !isHeaderOnly { return try reading(path, "mode=ro&readonly_shm=1") }
        for _ in 0..<3 {
            let before = Stamp(path)
            let queue = try reading(path, "immutable=1")
            if before != nil, before == Stamp(path), (Stamp(sidecar)?.size ?? 0) <= (isHeaderOnly ? 32 : 0) { return queue }
        }
        throw StoreError(
            .unopenable, subject: path, message: "the database changes while it is being opened",
            advice: "try again, or run as the service user")
    }

    private static func reading(_ path: String, _ query: String, tries: Int = 100) throws(StoreError) -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .timeout(10)
        configuration.label = "rollcall"
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -16000;")
        }
        do {
            let queue = try DatabaseQueue(path: "file:\(escaped(path))?\(query)", configuration: configuration)
            let isCurrent = try queue.read { database in
                try refuseForeign(database, path)
                try refuseLater(database, path)
                return try Schema.migrator.hasCompletedMigrations(database)
            }
            return isCurrent ? queue : try broughtUpToDate(queue)
        } catch {
            if tries > 1, (error as? DatabaseError)?.extendedResultCode.rawValue == TornIndex.code {
                usleep(2_000)
                return try reading(path, query, tries: tries - 1)
            }
            let failure = StoreError(error, subject: path)
            guard failure.code == .unopenable else { throw failure }
            throw StoreError(
                .unopenable, subject: path, message: failure.message,
                advice: "run as the service user: only a writer can take over what a crash left behind")
        }
    }

    /// A copy of a store of an earlier version, in a temporary file that has no name, brought up to date. The store stays as it is.
    private static func broughtUpToDate(_ queue: DatabaseQueue) throws -> DatabaseQueue {
        defer { try? queue.close() }
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        configuration.label = "rollcall"
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -16000;")
        }
        let copy = try DatabaseQueue(path: "", configuration: configuration)
        try queue.backup(to: copy)
        try Schema.migrator.migrate(copy)
        return copy
    }

    /// Refuses a store that a later version has brought up to date: what it keeps there is not understood here.
    private static func refuseLater(_ database: Database, _ path: String) throws {
        guard try Schema.migrator.hasBeenSuperseded(database) else { return }
        throw StoreError(
            .foreign, subject: path, message: "the store was written by a later version of Rollcall",
            advice: "use that version, or restore a backup from before it")
    }

    /// An empty store in memory.
    static func inMemory() throws(StoreError) -> DatabaseQueue {
        _ = library
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        do {
            let queue = try DatabaseQueue(configuration: configuration)
            try Schema.migrator.migrate(queue)
            return queue
        } catch {
            throw StoreError(error, subject: "an empty store")
        }
    }

    /// Refuses a file that is no database of ours, before anything could touch it.
    private static func refuseForeign(_ path: String) throws(StoreError) {
        // Without blocking: a pipe of that name would have no writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if descriptor < 0 {
            throw StoreError(
                .unopenable, subject: path, message: "the store cannot be read: \(String(cString: strerror(errno)))",
                advice: "run as the user that owns it")
        }
        defer { Glibc.close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.foreign, subject: path, message: "this is not a file", advice: "correct `store.url`")
        }
        var header = [UInt8](repeating: 0, count: 100)
        let count = header.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count != 0 else {
            throw StoreError(
                .foreign, subject: path, message: "the file is empty, and no store",
                advice: "restore it from a backup, or remove it and make a new one with `rollcall store create`")
        }
        let magic = Array("SQLite format 3".utf8) + [0]
        guard count == 100, header.starts(with: magic) else {
            throw StoreError(
                .foreign, subject: path, message: "this is not an SQLite database",
                advice: "restore it from a backup, or name another file in `store.url`")
        }
        let identity = header[68..<72].reduce(Int32(0)) { $0 << 8 | Int32($1) }
        // The header of a database whose first transaction is still in the WAL has no identity yet.
        guard identity == Schema.applicationID || identity == 0 else { throw foreign(path) }
    }

    /// Refuses a database of another application that gave it no identity, before anything is written to it.
    private static func refuseForeign(_ database: Database, _ path: String) throws {
        guard try Int32.fetchOne(database, sql: "PRAGMA application_id") == Schema.applicationID else { throw foreign(path) }
    }

    private static func foreign(_ path: String) -> StoreError {
        StoreError(
            .foreign, subject: path, message: "this database belongs to another application", advice: "name another file in `store.url`")
    }

    private static func escaped(_ path: String) -> String {
        let absolute = path.utf8.first == UInt8(ascii: "/") ? path : "./" + path
        return absolute.utf8.reduce(into: "") { text, byte in
            let isPlain =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "/._-".utf8.contains(byte)
            text += isPlain ? String(UnicodeScalar(byte)) : "%" + Hexadecimal.text([byte])
        }
    }

    /// Whether a connection lives: each holds a lock on this byte of the -shm file.
    private static func isInUse(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return true }
        defer { Glibc.close(descriptor) }
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = 128
        lock.l_len = 1
        return fcntl(descriptor, F_GETLK, &lock) != 0 || lock.l_type != Int16(F_UNLCK)
    }

    /// What tells that a file is still the one that was looked at.
    private struct Stamp: Equatable {
        let inode: UInt
        let size: Int
        let seconds: Int
        let nanoseconds: Int

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            inode = UInt(status.st_ino)
            size = Int(status.st_size)
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }
    }
}
