internal import Glibc
internal import RollcallCore

/// The right to apply: held by one process at a time, given back by the kernel however that process ends.
///
/// It is an advisory lock on a file beside the database, which says who holds it.
final class ApplierLock {
    private var descriptor: Int32

    /// Takes the lock, waiting for it if need be, or says who has it.
    ///
    /// - Parameter patience: how long to wait for another holder; nobody is first in a queue.
    init(databasePath: String, holder: String, patience: Span = .zero) throws(StoreError) {
        let path = databasePath + ".lock"
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard opened >= 0 else {
            throw StoreError(
                .unopenable, subject: path, message: "the lock file cannot be opened: \(String(cString: strerror(errno)))",
                advice: "run as the user that owns the store")
        }
        FolderOwner.give(opened, of: path)
        guard ApplierLock.take(opened, within: patience) else {
            let other = ApplierLock.content(of: opened)
            Glibc.close(opened)
            throw StoreError(
                .locked, subject: databasePath, message: "another applier holds the lock: \(other.isEmpty ? "it does not say who" : other)",
                advice: "wait for it to end")
        }
        descriptor = opened
        let line = Array("\(holder)\n".utf8)
        if ftruncate(opened, 0) == 0 { _ = line.withUnsafeBytes { pwrite(opened, $0.baseAddress, $0.count, 0) } }
    }

    /// Asks for the lock again and again until the time is over. A lock that blocks could not be given up in time.
    private static func take(_ descriptor: Int32, within patience: Span) -> Bool {
        let end = ContinuousClock.now + .seconds(patience.seconds)
        var pause: UInt32 = 2_000
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard ContinuousClock.now < end, !Task.isCancelled else { return false }
            usleep(pause)
            pause = min(pause * 2, 50_000)
        }
        return true
    }

    deinit {
        release()
    }

    func release() {
        guard descriptor >= 0 else { return }
        _ = ftruncate(descriptor, 0)
        // Closing alone leaves it to a child that was forked meanwhile, until that child runs its own program.
        _ = flock(descriptor, LOCK_UN)
        Glibc.close(descriptor)
        descriptor = -1
    }

    private static func content(of descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return "" }
        let text = String(decoding: buffer.prefix(count), as: UTF8.self)
        return DisplayEscaping.escapedForTerminal(String(text.prefix { $0 != "\n" }))
    }
}
