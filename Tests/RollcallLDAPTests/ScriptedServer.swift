import Foundation
import Glibc
import RollcallTesting

/// An LDAP server on loopback that answers as a test tells it: for what no real server can be made to say.
///
/// It understands just enough BER to tell requests apart, and serves one connection after the other on its own thread.
final class ScriptedServer: Sendable {
    /// What a client asked, by its protocol operation (RFC 4511 section 4.2 and following).
    struct Request {
        let id: UInt8
        /// 0x60 bind, 0x63 search, 0x77 extended.
        let operation: UInt8
        /// The whole message.
        let bytes: [UInt8]

        /// Whether the message holds the text anywhere, for instance a base or an identifier.
        func mentions(_ text: String) -> Bool {
            let text = Array(text.utf8)
            return (0..<max(0, bytes.count - text.count + 1)).contains { bytes[$0..<($0 + text.count)].elementsEqual(text) }
        }
    }

    let port: Int
    var url: String { "ldap://127.0.0.1:\(port)" }
    private let listener: Int32

    /// - Parameter answer: Gives the bytes that answer a request; `nil` closes the connection.
    init(_ answer: @escaping @Sendable (Request) -> [UInt8]?) throws {
        let (listener, port) = try Loopback.listen()
        self.listener = listener
        self.port = port
        Thread.detachNewThread {
            // Closed here and nowhere else, so that its number is not another server's while this thread still uses it.
            defer { close(listener) }
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                ScriptedServer.serve(client, answer)
                close(client)
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private static func serve(_ client: Int32, _ answer: (Request) -> [UInt8]?) {
        var pending: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            pending += buffer[..<count]
            while let request = takeRequest(&pending) {
                guard request.operation != 0x42, let bytes = answer(request) else { return }
                guard bytes.isEmpty || send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return }
            }
        }
    }

    /// Requests here have ids below 128 and lengths below 65,536.
    private static func takeRequest(_ pending: inout [UInt8]) -> Request? {
        guard pending.count > 6 else { return nil }
        var start = 2
        var length = Int(pending[1])
        if length > 0x80 {
            let octets = length - 0x80
            guard pending.count > 6 + octets else { return nil }
            length = pending[2..<(2 + octets)].reduce(0) { $0 << 8 | Int($1) }
            start += octets
        }
        guard pending.count >= start + length else { return nil }
        let message = Array(pending[start..<(start + length)])
        pending.removeFirst(start + length)
        return Request(id: message[2], operation: message[3], bytes: message)
    }
}

// MARK: - Answers

extension ScriptedServer {
    /// A BER element; lengths below 65,536.
    static func element(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] {
        let content = parts.flatMap { $0 }
        let length = content.count < 128 ? [UInt8(content.count)] : [0x82, UInt8(content.count >> 8), UInt8(content.count & 255)]
        return [tag] + length + content
    }

    static func text(_ text: String) -> [UInt8] { element(0x04, Array(text.utf8)) }

    /// An LDAPResult under the tag of its operation.
    static func result(
        _ id: UInt8, _ tag: UInt8, code: UInt8 = 0, diagnostic: String = "", more: [UInt8] = [], controls: [UInt8] = []
    ) -> [UInt8] {
        element(
            0x30, element(0x02, [id]), element(tag, element(0x0A, [code]), text(""), text(diagnostic), more), controls)
    }

    static func entry(_ id: UInt8, _ dn: String, _ attributes: [(String, [String])]) -> [UInt8] {
        let list = attributes.map { name, values in
            element(0x30, text(name), element(0x31, values.flatMap { text($0) }))
        }
        return element(0x30, element(0x02, [id]), element(0x64, text(dn), element(0x30, list.flatMap { $0 })))
    }

    /// The paging control of an answer.
    static func page(cookie: String) -> [UInt8] {
        let value = element(0x30, element(0x02, [0]), text(cookie))
        return element(0xA0, element(0x30, text("1.2.840.113556.1.4.319"), element(0x04, value)))
    }
}
