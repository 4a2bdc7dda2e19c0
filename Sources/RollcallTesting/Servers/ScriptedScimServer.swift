import Foundation

/// A SCIM server on loopback whose directory, behaviour and faults are data, ended by ``end()`` or with its owner.
///
/// It speaks HTTP/1.1 with keep-alive, plain or over TLS, and keeps a log of the requests. Directory and script may be replaced while it
/// runs.
public final class ScriptedScimServer: Sendable {
    /// How clients reach it.
    public enum Security: Sendable {
        case plain
        /// With a certificate of a ``TestAuthority``, for these names and days.
        case tls(names: [String] = ["IP:127.0.0.1"], days: Int = 1)
        /// The same, and clients need a certificate: see ``clientIdentity``.
        case mutualTLS
    }

    public let directory: TemporaryDirectory
    public let port: Int
    /// Who has signed the server's certificate; `nil` without TLS.
    public let authority: TestAuthority?
    /// A client's certificate that the server accepts; `nil` unless it asks for one.
    public let clientIdentity: TestAuthority.Identity?
    private let base: String
    private let controlPort: Int
    private let process: ChildProcess

    /// The server without the path of the service.
    public var origin: String { "\(authority == nil ? "http" : "https")://127.0.0.1:\(port)" }
    /// The base of the service, without a slash at its end.
    public var url: String { origin + base }
    public var feedURL: String { origin + "/feed.json" }
    public var tokenURL: String { origin + "/token" }
    /// The authority's certificate, as a PEM file; `nil` without TLS.
    public var caFile: String? { authority?.certificate }
    public var pid: Int32 { process.pid }

    /// Starts a server and waits until it listens.
    public static func start(
        _ content: ScriptedDirectory, script: ScimScript = ScimScript(), security: Security = .plain
    ) async throws -> ScriptedScimServer {
        try await Thread.apart { try ScriptedScimServer(content, script, security) }
    }

    /// Starts a server with generated users and groups.
    public static func start(
        users: Int, groups: Int = 0, script: ScimScript = ScimScript(), security: Security = .plain
    ) async throws -> ScriptedScimServer {
        try await start(ScriptedDirectory(users: users, groups: groups), script: script, security: security)
    }

    private init(_ content: ScriptedDirectory, _ script: ScimScript, _ security: Security) throws {
        directory = try TemporaryDirectory()
        base = script.base
        let file = directory.file("scim.json")
        try JSONEncoder().encode(Served(directory: content, script: script)).write(to: URL(fileURLWithPath: file))
        let identities = try ScriptedScimServer.identities(security, directory)
        authority = identities.authority
        clientIdentity = identities.client
        process = try ChildProcess(
            PythonScripts.system, PythonScripts.arguments("scripted_scim.py", [file] + identities.options),
            output: directory.file("scim.out"))
        for _ in 0..<2000 where process.isRunning {
            if process.text.contains("\n") { break }
            usleep(5_000)
        }
        guard let line = process.text.split(separator: "\n").first,
            let ports = try? JSONDecoder().decode(Ports.self, from: Data(line.utf8))
        else { throw ChildProcess.Failure("the scripted SCIM server does not come up: \(process.text)") }
        port = ports.port
        controlPort = ports.control
    }

    /// Ends the server and removes its data. Call it at the end of a test, which also keeps the server alive until there.
    public func end() {
        process.end()
    }

    /// The requests so far, in order.
    public func log() throws -> [ScimRequestRecord] {
        try JSONDecoder().decode([ScimRequestRecord].self, from: command("GET", "/log"))
    }

    /// Forgets the requests so far.
    public func clearLog() throws {
        _ = try command("POST", "/clear")
    }

    /// From now on serves this; `nil` leaves what is there. A new script starts counting requests for its faults anew, and forgets its tokens.
    public func replace(_ content: ScriptedDirectory? = nil, script: ScimScript? = nil) throws {
        _ = try command("POST", "/replace", JSONEncoder().encode(Served(directory: content, script: script)))
    }

    /// What the server itself has written: nothing but its ports, unless something is wrong with it.
    public var output: String { process.text }

    private func command(_ method: String, _ target: String, _ body: Data = Data()) throws -> Data {
        let answer = try Loopback.request(target, method: method, port: controlPort, body: body)
        guard answer.status == 200 else { throw ChildProcess.Failure("\(target): \(answer.text)") }
        return answer.body
    }

    private struct Served: Encodable {
        let directory: ScriptedDirectory?
        let script: ScimScript?
    }

    private struct Ports: Decodable {
        let port: Int
        let control: Int
    }

    private struct Identities {
        var authority: TestAuthority?
        var client: TestAuthority.Identity?
        var options: [String] = []
    }

    private static func identities(_ security: Security, _ directory: TemporaryDirectory) throws -> Identities {
        var names = ["IP:127.0.0.1"]
        var days = 1
        switch security {
        case .plain: return Identities()
        case .tls(let wanted, let valid): (names, days) = (wanted, valid)
        case .mutualTLS: break
        }
        let authority = try TestAuthority(in: directory)
        let server = try authority.issue("server", names: names, days: days)
        var result = Identities(authority: authority, options: ["--certificate", server.certificate, "--key", server.key])
        if case .mutualTLS = security {
            result.client = try authority.issue("client", subject: "/CN=rollcall", names: [])
            result.options += ["--client-authority", authority.certificate]
        }
        return result
    }
}
