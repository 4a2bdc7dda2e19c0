import Glibc
import RollcallTesting

/// A server on loopback that listens and never answers.
final class SilentListener {
    let port: Int
    private let listener: Int32
    private var client: Int32 = -1

    init() throws {
        (listener, port) = try Loopback.listen()
    }

    deinit {
        close(listener)
        if client >= 0 { close(client) }
    }

    /// Whether a client has connected and sent something.
    func wasGreeted() -> Bool {
        if client < 0, isReadable(listener) { client = accept(listener, nil, nil) }
        return client >= 0 && isReadable(client)
    }

    private func isReadable(_ descriptor: Int32) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, 0) == 1
    }
}
