import RollcallCore
import RollcallReading
import RollcallTesting
import Testing

@testable import RollcallSCIM

/// A scripted server with the settings to reach it.
struct HTTPFixture {
    /// Distinctive, so that a test can look for it wherever it must not be.
    static let canary = "canary-Zk4+Qw/7=secret"

    let server: ScriptedHTTP
    var settings: ScimSettings
    var retry = RetryRule()
    var limit = 1 << 20
    /// What every secret of the config is.
    var secret = Array(canary.utf8)
    /// Told at each sign of life.
    var alive: @Sendable () -> Void = {}

    init(_ routes: [String: [ScriptedHTTP.Answer]], tls: ScriptedHTTP.TLS? = nil, caFile: String? = nil) async throws {
        server = try await ScriptedHTTP.start(routes, tls: tls)
        settings = ScimSettings(url: server.url + "/scim")
        settings.caFile = caFile
        settings.auth = .bearer(.file("token"))
        settings.answerTimeout = Span(seconds: 20)
        retry.first = .milliseconds(2)
    }

    /// What one GET gave.
    struct Got: Sendable {
        var answer: HTTPAnswer
        var bytes: [UInt8]
        /// The largest piece that the body came in.
        var largest: Int

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// Runs `body` with a connection on a thread of its own.
    func connect<Value: Sendable>(
        _ body: @escaping @Sendable (HTTPConnection) throws(SourceError) -> Value
    ) async throws(SourceError) -> Value {
        try await WorkerThread.run("test") { [self] (stop) throws(SourceError) -> Value in
            try body(try connection(stop))
        }
    }

    func connection(_ stop: StopSignal) throws(SourceError) -> HTTPConnection {
        let patience = Patience(deadline: settings.deadline, answer: settings.answerTimeout, alive: alive)
        return try HTTPConnection(settings, stop: stop, patience: patience, retry: retry) { (_) throws(SourceError) in Secret(secret) }
    }

    /// GETs paths below the server's root, one after the other over one connection.
    func get(_ paths: [String], headers: [(String, String)] = []) async throws(SourceError) -> [Got] {
        let (root, limit) = (server.url, limit)
        return try await connect { (connection) throws(SourceError) in
            var all: [Got] = []
            for path in paths { all.append(try HTTPFixture.get(connection, root + path, limit, headers)) }
            return all
        }
    }

    func get(_ path: String, headers: [(String, String)] = []) async throws -> Got {
        try #require(try await get([path], headers: headers).first)
    }

    static func get(
        _ connection: HTTPConnection, _ url: String, _ limit: Int, _ headers: [(String, String)] = []
    ) throws(SourceError) -> Got {
        var got = Got(answer: HTTPAnswer(status: 0), bytes: [], largest: 0)
        got.answer = try connection.get(try ScimURL(url), headers: headers, limit: limit) { (bytes) throws(SourceError) in
            got.bytes += bytes
            got.largest = max(got.largest, bytes.count)
        }
        return got
    }

    /// The error that a GET ends with, checked to be one line without the secret.
    func failure(_ path: String, headers: [(String, String)] = []) async throws -> SourceError {
        do throws(SourceError) {
            let got = try await get([path], headers: headers)
            throw SourceError(.malformed, subject: "test", message: "there was an answer: \(got.map(\.answer))")
        } catch {
            let text = "\(error)"
            #expect(!text.contains(HTTPFixture.canary) && !text.contains("canary-Zk4"), "a secret in \(text)")
            #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "\(text.debugDescription)")
            return error
        }
    }
}
