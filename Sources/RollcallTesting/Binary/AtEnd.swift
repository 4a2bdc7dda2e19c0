import Foundation
import Glibc
import Synchronization

/// Ends what all tests of a process share, when the process ends.
public enum AtEnd {
    private static let pending = Mutex<[@Sendable () -> Void]>([])
    private static let isRegistered: Bool = {
        atexit {
            let all = AtEnd.pending.withLock { pending in
                defer { pending = [] }
                return pending
            }
            for body in all.reversed() { body() }
        }
        return true
    }()

    /// Ends a server that tests share, and removes its data.
    public static func end(_ server: SlapdServer) {
        run {
            server.end()
            try? FileManager.default.removeItem(atPath: server.directory.path)
        }
    }

    /// Removes a directory that tests share.
    public static func remove(_ directory: TemporaryDirectory) {
        run { try? FileManager.default.removeItem(atPath: directory.path) }
    }

    private static func run(_ body: @escaping @Sendable () -> Void) {
        _ = isRegistered
        pending.withLock { $0.append(body) }
    }
}
