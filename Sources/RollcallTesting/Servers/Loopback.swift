import Glibc

/// Ports and raw bytes on 127.0.0.1.
public enum Loopback {
    /// A port that was free a moment ago.
    public static func freePort() throws -> Int {
        let (listener, port) = try listen()
        close(listener)
        return port
    }

    /// A listening socket on a port that the system picks.
    public static func listen() throws -> (socket: Int32, port: Int) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(socket, generic, size) == 0 && Glibc.listen(socket, 64) == 0 && getsockname(socket, generic, &size) == 0
            }
        }
        guard socket >= 0, result else { throw ChildProcess.Failure("no port on 127.0.0.1: \(String(cString: strerror(errno)))") }
        return (socket, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// A socket that is connected to the one at `path`, or -1.
    private static func connect(path: String) -> Int32 {
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isTooLong = withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            if path.utf8.count >= bytes.count { return true }
            bytes.copyBytes(from: path.utf8)
            return false
        }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                isTooLong ? -1 : Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result == 0 { return socket }
        close(socket)
        return -1
    }

    /// A connected socket, or -1.
    static func connect(_ port: Int) -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result == 0 { return socket }
        close(socket)
        return -1
    }

    /// Whether the LDAP server whose socket is at `path` answers an anonymous bind within a second.
    static func answersLDAP(at path: String) -> Bool {
        let socket = connect(path: path)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        let bindRequest: [UInt8] = [0x30, 0x0C, 0x02, 0x01, 0x01, 0x60, 0x07, 0x02, 0x01, 0x03, 0x04, 0x00, 0x80, 0x00]
        guard send(socket, bindRequest, bindRequest.count, Int32(MSG_NOSIGNAL)) == bindRequest.count else { return false }
        var watched = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        var byte: UInt8 = 0
        return poll(&watched, 1, 1000) == 1 && recv(socket, &byte, 1, 0) == 1 && byte == 0x30
    }
}
