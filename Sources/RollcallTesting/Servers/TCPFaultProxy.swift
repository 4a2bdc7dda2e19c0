import Foundation
import Glibc
import Synchronization

/// A TCP proxy on loopback that breaks the way from the server to the client after a number of bytes.
public final class TCPFaultProxy: Sendable {
    /// What happens after so many bytes of one connection went to the client.
    public enum Fault: Sendable {
        case none
        /// An orderly end.
        case finish(after: Int)
        /// A reset.
        case reset(after: Int)
        /// Nothing more comes, and nothing ends.
        case stall(after: Int)

        fileprivate var limit: Int {
            switch self {
            case .none: .max
            case .finish(let count), .reset(let count), .stall(let count): count
            }
        }
    }

    public let port: Int
    private let target: Int
    private let fault: Fault
    private let listener: Int32
    private let isEnded = Atomic<Bool>(false)
    private let accepted = Atomic<Int>(0)

    /// How many connections it has taken.
    public var connections: Int { accepted.load(ordering: .acquiring) }

    public init(to target: Int, _ fault: Fault = .none) throws {
        self.target = target
        self.fault = fault
        (listener, port) = try Loopback.listen()
        Thread.detachNewThread { [listener, weak self] in
            defer { close(listener) }
            while let proxy = self, !proxy.isEnded.load(ordering: .acquiring) {
                var watched = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
                guard poll(&watched, 1, 20) == 1 else { continue }
                let client = accept(listener, nil, nil)
                guard client >= 0 else { continue }
                // A child of another test must not inherit it, or closing it would not end the connection.
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                proxy.accepted.add(1, ordering: .acquiringAndReleasing)
                Thread.detachNewThread { [weak proxy] in proxy?.serve(client) }
            }
        }
    }

    /// Ends all connections and takes no more.
    public func end() {
        isEnded.store(true, ordering: .releasing)
    }

    private func serve(_ client: Int32) {
        let server = Loopback.connect(target)
        defer {
            close(client)
            if server >= 0 { close(server) }
        }
        guard server >= 0 else { return }
        var given = 0
        var isStalled = false
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while !isEnded.load(ordering: .acquiring) {
            var watched = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isStalled ? -1 : server, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&watched, 2, 20) > 0 else { continue }
            if watched[0].revents != 0 {
                let count = recv(client, &buffer, buffer.count, 0)
                guard count > 0, sendAll(server, buffer[..<count]) else { return }
            }
            if watched[1].revents != 0 {
                let count = recv(server, &buffer, buffer.count, 0)
                guard count > 0 else { return }
                let room = fault.limit - given
                guard sendAll(client, buffer[..<min(count, room)]) else { return }
                given += count
                if count >= room, fault.limit != .max {
                    switch fault {
                    case .none: break
                    case .finish:
                        shutdown(client, Int32(SHUT_RDWR))
                        return
                    case .reset:
                        var lingering = linger(l_onoff: 1, l_linger: 0)
                        setsockopt(client, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
                        return
                    case .stall: isStalled = true
                    }
                }
            }
        }
    }

    private func sendAll(_ socket: Int32, _ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
