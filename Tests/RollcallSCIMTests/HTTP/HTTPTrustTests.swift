import RollcallCore
import RollcallTesting
import Testing

@testable import RollcallSCIM

@Suite("HTTP over TLS", .serialized)
struct HTTPTrustTests {
    typealias Answer = ScriptedHTTP.Answer

    private static let routes = ["GET /scim/x": [Answer(body: "a")]]

    private let directory: TemporaryDirectory
    private let authority: TestAuthority

    init() throws {
        directory = try TemporaryDirectory()
        authority = try TestAuthority(in: directory)
    }

    private func fixture(
        names: [String] = ["IP:127.0.0.1"], days: Int = 1, routes: [String: [Answer]] = routes,
        _ change: (inout ScriptedHTTP.TLS) -> Void = { _ in }
    ) async throws -> HTTPFixture {
        var tls = ScriptedHTTP.TLS(identity: try authority.issue("server", names: names, days: days))
        change(&tls)
        var fixture = try await HTTPFixture(routes, tls: tls, caFile: authority.certificate)
        fixture.retry.tries = 2
        return fixture
    }

    @Test("A certificate of the file's authority is good, and its connection is kept")
    func good() async throws {
        let fixture = try await fixture()
        defer { fixture.server.end() }
        #expect(try await fixture.get(["/scim/x", "/scim/x"]).map(\.text) == ["a", "a"])
        #expect(try fixture.server.requests().map(\.connection) == [1, 1])
    }

    @Test("A certificate of another authority, one that has expired and one for another name are refused, and no token leaves")
    func refused() async throws {
        let other = try TestAuthority(in: directory, name: "other")
        for (names, days, caFile) in [
            (["IP:127.0.0.1"], 1, other.certificate), (["IP:127.0.0.1"], 1, nil), (["IP:127.0.0.1"], -1, authority.certificate),
            (["DNS:scim.example.org"], 1, authority.certificate),
        ] {
            var fixture = try await fixture(names: names, days: days)
            defer { fixture.server.end() }
            fixture.settings.caFile = caFile
            let error = try await fixture.failure("/scim/x")
            #expect(error.code == .untrusted && error.advice.contains("127.0.0.1"), "\(error)")
            if let caFile { #expect(error.advice.contains(caFile)) }
            #expect(try fixture.server.requests().isEmpty)
        }
    }

    @Test("A certificate without subjectAltName is refused although its common name is the host's, and no token leaves")
    func commonName() async throws {
        let identity = try authority.issue("server", subject: "/CN=127.0.0.1", names: [], isServer: true)
        let fixture = try await HTTPFixture(Self.routes, tls: .init(identity: identity), caFile: authority.certificate)
        defer { fixture.server.end() }
        let error = try await fixture.failure("/scim/x")
        #expect(error.code == .untrusted && error.advice.contains("subjectAltName"), "\(error)")
        #expect(try fixture.server.requests().isEmpty)
        let mail = try authority.issue("mail", subject: "/CN=127.0.0.1", names: ["email:a@example.org"], isServer: true)
        let other = try await HTTPFixture(Self.routes, tls: .init(identity: mail), caFile: authority.certificate)
        defer { other.server.end() }
        #expect(try await other.failure("/scim/x").code == .untrusted)
    }

    @Test("The token endpoint's certificate must be as good")
    func tokenEndpoint() async throws {
        let wrong = try await ScriptedHTTP.start(
            ["POST /token": [.body("{\"access_token\":\"t\"}")]],
            tls: .init(identity: try TestAuthority(in: directory, name: "other").issue("token", names: ["IP:127.0.0.1"])))
        defer { wrong.end() }
        var fixture = try await fixture()
        defer { fixture.server.end() }
        fixture.settings.auth = .oauth2(.init(tokenURL: wrong.url + "/token", clientID: "c", clientSecret: .file("x")))
        let error = try await fixture.failure("/scim/x")
        #expect(error.code == .untrusted && error.subject.hasPrefix(wrong.url), "\(error)")
        #expect(try wrong.requests().isEmpty && fixture.server.requests().isEmpty)
    }

    @Test("A client certificate opens the door, and without it the error says so")
    func clientCertificate() async throws {
        var fixture = try await fixture { $0.clientCA = authority.certificate }
        defer { fixture.server.end() }
        let error = try await fixture.failure("/scim/x")
        #expect(error.code == .untrusted && error.advice.contains("client_cert"), "\(error)")
        let identity = try authority.issue("client", names: [])
        fixture.settings.auth = .mutualTLS
        fixture.settings.clientCertificate = identity.certificate
        fixture.settings.clientKey = identity.key
        #expect(try await fixture.get("/scim/x").text == "a")
        #expect(try fixture.server.requests().map(\.authorization) == [nil])
        fixture.settings.clientKey = try authority.issue("other", names: []).key
        #expect(try await fixture.failure("/scim/x").code == .untrusted)
    }

    @Test("Files that cannot be read are named, and mutual TLS needs a certificate")
    func files() async throws {
        var fixture = try await fixture()
        defer { fixture.server.end() }
        fixture.settings.caFile = "/nowhere/ca.pem"
        #expect(try await fixture.failure("/scim/x").message.contains("/nowhere/ca.pem"))
        fixture.settings.caFile = nil
        fixture.settings.auth = .mutualTLS
        #expect(try await fixture.failure("/scim/x").code == .untrusted)
    }

    @Test("TLS 1.1 is too old, and a port without TLS is told")
    func versions() async throws {
        let old = try await fixture { $0.isOld = true }
        defer { old.server.end() }
        #expect(try await old.failure("/scim/x").code == .untrusted)
        var plain = try await HTTPFixture(Self.routes)
        defer { plain.server.end() }
        let url = "https://127.0.0.1:\(plain.server.port)/scim"
        plain.settings.url = url
        await #expect {
            try await plain.connect { (connection) throws(SourceError) in _ = try HTTPFixture.get(connection, url, 10) }
        } throws: { error in
            (error as? SourceError)?.code == .untrusted
        }
    }

    @Test("A body that breaks off inside TLS is an error", arguments: ["short", "chunk-cut"])
    func truncated(_ kind: String) async throws {
        let fixture = try await fixture(routes: ["GET /scim/x": [.body(String(repeating: "abc", count: 5000), kind)]])
        defer { fixture.server.end() }
        #expect(try await fixture.failure("/scim/x").code == .unreachable)
    }

    @Test("A handshake that is cut is a server that cannot be reached", arguments: [true, false])
    func cutHandshake(_ isReset: Bool) async throws {
        var fixture = try await fixture()
        defer { fixture.server.end() }
        let proxy = try TCPFaultProxy(to: fixture.server.port, isReset ? .reset(after: 100) : .finish(after: 100))
        defer { proxy.end() }
        let url = "https://127.0.0.1:\(proxy.port)/scim"
        fixture.settings.url = url
        await #expect {
            try await fixture.connect { (connection) throws(SourceError) in _ = try HTTPFixture.get(connection, url, 10) }
        } throws: { error in
            (error as? SourceError)?.code == .unreachable
        }
        #expect(proxy.connections == 2)
    }
}
