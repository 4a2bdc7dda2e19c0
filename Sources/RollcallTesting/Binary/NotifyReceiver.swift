import Foundation
import Glibc
import Synchronization

/// Stands for the service manager: takes what a daemon sends to `NOTIFY_SOCKET`.
public final class NotifyReceiver: Sendable {
    /// One assignment, as `READY` and `1`, and when it came.
    public struct Message: Sendable {
        public let name: String
        public let value: String
        public let time: ContinuousClock.Instant
    }

    /// The value of `NOTIFY_SOCKET`.
    public let name: String
    private let descriptor: Int32
    private let received = Mutex<[Message]>([])
    private let isEnded = Atomic<Bool>(false)

    /// - Parameter path: where the socket is; `nil` for one without a file, in the abstract namespace.
    public init(path: String? = nil) throws {
        name = path ?? "@rollcall-test-\(getpid())-\(UInt64.random(in: 0 ..< 1 << 60))"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = path.map { Array($0.utf8) } ?? [0] + Array(name.utf8.dropFirst())
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + (path == nil ? 0 : 1))
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard bound == 0 else { throw ChildProcess.Failure("\(name) cannot be bound: \(String(cString: strerror(errno)))") }
        Thread.detachNewThread { [weak self, descriptor] in
            while let receiver = self, !receiver.isEnded.load(ordering: .acquiring) { receiver.take() }
            close(descriptor)
        }
    }

    deinit {
        isEnded.store(true, ordering: .releasing)
    }

    /// All that came so far.
    public var messages: [Message] { received.withLock { $0 } }

    /// The values that were assigned to `name`, in their order.
    public func values(_ name: String) -> [String] { messages.filter { $0.name == name }.map(\.value) }

    private func take() {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, 20) == 1 else { return }
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return }
        let now = ContinuousClock.now
        received.withLock { received in
            for line in String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n") {
                let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                received.append(Message(name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "", time: now))
            }
        }
    }
}
