internal import Glibc
internal import RollcallCore
internal import Synchronization

/// Tells the service manager how the daemon stands, as sd_notify(3) does: datagrams to the unix socket that `NOTIFY_SOCKET` names.
///
/// Without that variable nothing is told and nothing is missed. What the manager waits for is tried for a few seconds; a status or a sign of
/// life that cannot be sent at once is dropped: the next one follows.
public final class NotifySocket: Sendable {
    private let descriptor: Int32
    private let address: [UInt8]
    private let period: Int64?
    private let last = Mutex((ping: Int64.min, status: ""))

    /// - Parameters:
    ///   - path: the socket's path, or its name behind an `@` in the abstract namespace; `nil` when there is none.
    ///   - watchdog: microseconds within which a sign of life is expected; `nil` when none is.
    public init(path: String?, watchdog: Int64? = nil) {
        address = path.map(NotifySocket.address) ?? []
        descriptor = address.isEmpty ? -1 : socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        period = watchdog
    }

    /// As the environment of this process says. A watchdog that `WATCHDOG_PID` means for another process is none.
    public static func fromEnvironment() -> NotifySocket {
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
        let isMeant = variable("WATCHDOG_PID").map { $0 == "\(getpid())" } ?? true
        let period = isMeant ? variable("WATCHDOG_USEC").flatMap { Int64($0) }.flatMap { $0 > 0 ? $0 : nil } : nil
        return NotifySocket(path: variable("NOTIFY_SOCKET"), watchdog: period)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// The longest that the loop may sleep between two signs of life, in microseconds; `nil` without a watchdog.
    public var longestSilence: Int64? { period.map { max(1, $0 / 4) } }

    /// The daemon is ready: its config is loaded, its store is open and in order. It also ends a reload.
    public func ready(_ status: String) {
        last.withLock { $0.status = status }
        send("READY=1\nSTATUS=\(NotifySocket.line(status))", isAwaited: true)
    }

    /// One line that a person reads in `systemctl status`; sent only when it is another one.
    public func status(_ status: String) {
        let isNew = last.withLock { last in
            defer { last.status = status }
            return last.status != status
        }
        if isNew { send("STATUS=\(NotifySocket.line(status))") }
    }

    /// The config is being read again.
    public func reloading() {
        send("RELOADING=1\nMONOTONIC_USEC=\(NotifySocket.monotonic)", isAwaited: true)
    }

    /// The daemon is about to end.
    public func stopping() {
        send("STOPPING=1", isAwaited: true)
    }

    /// A sign of life, by the one who does the work; more than a few within the watchdog's period are not sent.
    public func alive() {
        guard let pause = longestSilence else { return }
        let now = NotifySocket.monotonic
        let isTime = last.withLock { last in
            guard last.ping == .min || now - last.ping >= pause / 2 else { return false }
            last.ping = now
            return true
        }
        if isTime { send("WATCHDOG=1") }
    }

    private static var monotonic: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }

    /// The most bytes of a status. The manager drops a datagram of more than 4096.
    static let longestStatus = 500
    /// How long the manager is waited for, in milliseconds.
    static let longestWait: Int32 = 5_000

    /// The text without anything that could begin another assignment, and not too long.
    private static func line(_ text: String) -> String {
        let line = DisplayEscaping.escapedForTerminal(text)
        guard line.utf8.count > longestStatus else { return line }
        var short = ""
        for character in line {
            guard short.utf8.count + character.utf8.count + 3 <= longestStatus else { break }
            short.append(character)
        }
        return short + "…"
    }

    /// - Parameter isAwaited: whether the manager waits for it, so that it is tried again while its queue is full.
    private func send(_ message: String, isAwaited: Bool = false) {
        guard descriptor >= 0 else { return }
        let bytes = Array(message.utf8)
        let end = NotifySocket.monotonic + Int64(NotifySocket.longestWait) * 1_000
        while !send(bytes), isAwaited, [EAGAIN, EINTR, ENOBUFS].contains(errno), NotifySocket.monotonic < end { usleep(20_000) }
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        address.withUnsafeBytes { address in
            guard let base = address.baseAddress else { return true }
            let target = base.assumingMemoryBound(to: sockaddr.self)
            return bytes.withUnsafeBytes {
                sendto(
                    descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), target,
                    socklen_t(address.count)) >= 0
            }
        }
    }

    /// A `sockaddr_un` with as many bytes of the path as are meant; empty when the name is none.
    private static func address(of path: String) -> [UInt8] {
        let name = Array(path.utf8)
        let offset = MemoryLayout<sockaddr_un>.offset(of: \sockaddr_un.sun_path) ?? 2
        let isAbstract = name.first == UInt8(ascii: "@")
        guard isAbstract || name.first == UInt8(ascii: "/"), name.count > 1, name.count < 108 else { return [] }
        var family = sa_family_t(AF_UNIX)
        let head = withUnsafeBytes(of: &family) { Array($0) }
        return head + Array(repeating: 0, count: offset - head.count) + (isAbstract ? [0] + name.dropFirst() : name + [0])
    }
}
