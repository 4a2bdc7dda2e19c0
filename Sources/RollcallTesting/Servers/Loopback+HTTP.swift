public import Foundation
import Glibc

/// What an HTTP server on loopback answered.
public struct LoopbackAnswer: Sendable {
    public let status: Int
    /// The header lines as they came.
    public let head: String
    public let body: Data

    public var text: String { String(decoding: body, as: UTF8.self) }
}

extension Loopback {
    /// One request over plain HTTP on a connection of its own, to its end: enough for the tests' own servers.
    ///
    /// - Throws: ``ChildProcess/Failure`` when nobody listens, or nothing that is HTTP comes within `timeout` seconds.
    public static func request(
        _ target: String, method: String = "GET", port: Int, headers: [String] = [], body: Data = Data(), timeout: Int = 20
    ) throws -> LoopbackAnswer {
        let socket = connect(port)
        guard socket >= 0 else { throw ChildProcess.Failure("nobody listens on 127.0.0.1:\(port)") }
        defer { close(socket) }
        var limit = timeval(tv_sec: timeout, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let lines =
            ["\(method) \(target) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close", "Content-Length: \(body.count)"] + headers
        var rest = Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw ChildProcess.Failure("127.0.0.1:\(port) took no request") }
            rest = rest.dropFirst(count)
        }
        var received = Data()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            if count == 0 { break }
            guard count > 0 else {
                throw ChildProcess.Failure("\(method) \(target) on 127.0.0.1:\(port): \(String(cString: strerror(errno)))")
            }
            received.append(contentsOf: buffer[..<count])
        }
        guard let end = received.range(of: Data("\r\n\r\n".utf8)) else {
            throw ChildProcess.Failure("\(method) \(target) on 127.0.0.1:\(port): no HTTP answer")
        }
        let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return LoopbackAnswer(status: status, head: head, body: received.subdata(in: end.upperBound..<received.endIndex))
    }
}
