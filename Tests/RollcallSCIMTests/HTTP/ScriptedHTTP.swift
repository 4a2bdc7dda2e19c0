import Foundation
import RollcallTesting

/// An HTTP server on loopback that answers as a test tells it, in Python; see `scripted_http.py`.
final class ScriptedHTTP: Sendable {
    /// One answer; `kind` says what is wrong with it.
    struct Answer: Encodable {
        var status = 200
        var headers: [[String]] = [["Content-Type", "application/scim+json"]]
        var body = "{}"
        var kind = "plain"
        /// Bytes, for the kinds that need a number.
        var size = 0
        /// Whether the server ends the connection after it.
        var closes = false

        static func status(_ status: Int, _ headers: [[String]] = [], body: String = "") -> Answer {
            Answer(status: status, headers: headers, body: body)
        }

        static func body(_ body: String, _ kind: String = "plain", size: Int = 0) -> Answer {
            Answer(body: body, kind: kind, size: size)
        }
    }

    /// Whom the server is, and whom it lets in.
    struct TLS {
        let identity: TestAuthority.Identity
        var clientCA: String?
        /// Whether it speaks TLS 1.1 and nothing later.
        var isOld = false
    }

    /// A line of the server's log.
    struct Logged: Decodable {
        /// Which connection it came over, counted from 1.
        let connection: Int?
        let method: String?
        let path: String?
        /// Names in lower case.
        let fields: [String: String]?
        let body: String?
        /// How much was sent of a body without end.
        let poured: Int?
        let error: String?

        var authorization: String? { fields?["authorization"] }
    }

    private struct Script: Encodable {
        let routes: [String: [Answer]]
        let log: String
        let certificate: String?
        let key: String?
        let clientCA: String?
        let isOld: Bool
    }

    let directory: TemporaryDirectory
    let url: String
    let port: Int
    private let process: ChildProcess

    /// Starts the server and waits until it listens, on a thread of its own.
    static func start(_ routes: [String: [Answer]], tls: TLS? = nil) async throws -> ScriptedHTTP {
        try await withCheckedThrowingContinuation { continuation in
            let directory = Result { try TemporaryDirectory() }
            let script = directory.map { directory in
                Script(
                    routes: routes, log: directory.file("log"), certificate: tls?.identity.certificate, key: tls?.identity.key,
                    clientCA: tls?.clientCA, isOld: tls?.isOld ?? false)
            }
            let json = Result { try String(decoding: JSONEncoder().encode(try script.get()), as: UTF8.self) }
            Thread.detachNewThread {
                continuation.resume(with: Result { try ScriptedHTTP(try json.get(), try directory.get(), isTLS: json.isTLS) })
            }
        }
    }

    private init(_ script: String, _ directory: TemporaryDirectory, isTLS: Bool) throws {
        self.directory = directory
        let program = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("scripted_http.py").path
        let file = try directory.write(script, to: "script.json")
        process = try ChildProcess("/usr/bin/python3", ["-W", "ignore", program, file], output: directory.file("out"))
        for _ in 0..<2000 where process.isRunning {
            if process.text.hasSuffix("\n") { break }
            usleep(5_000)
        }
        guard let port = Int(process.text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw ChildProcess.Failure("the scripted server did not start: \(process.text)")
        }
        self.port = port
        url = "\(isTLS ? "https" : "http")://127.0.0.1:\(port)"
    }

    /// What was asked and what happened so far.
    func log() throws -> [Logged] {
        guard let text = try? String(contentsOfFile: directory.file("log"), encoding: .utf8) else { return [] }
        return try text.split(separator: "\n").map { try JSONDecoder().decode(Logged.self, from: Data($0.utf8)) }
    }

    /// The requests alone.
    func requests() throws -> [Logged] { try log().filter { $0.path != nil } }

    func end() {
        process.end()
    }
}

extension Result<String, any Error> {
    fileprivate var isTLS: Bool { (try? get())?.contains("\"certificate\"") ?? false }
}
