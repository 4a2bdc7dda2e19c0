import Glibc
import RollcallCore
import RollcallTesting
import Testing

@testable import RollcallLDAP

@Suite("Connecting, encrypting and binding", .serialized)
struct ConnectionTests {
    @Test("ldaps and StartTLS read the same as a plain loopback connection", arguments: [true, false])
    func encrypted(_ isStartTLS: Bool) async throws {
        var fixture = try await LDAPFixture(people: 300)
        defer { fixture.server.end() }
        if isStartTLS { fixture.settings.startTLS = true } else { fixture.settings.urls = [fixture.server.tlsURL] }
        #expect(try await fixture.readAll().proof?.users == 300)
    }

    @Test("The peer of a unix socket is somebody by SASL EXTERNAL")
    func unixSocket() async throws {
        var fixture = try await LDAPFixture(people: 30)
        defer { fixture.server.end() }
        fixture.settings.urls = [fixture.server.socketURL]
        fixture.settings.bind = .external
        #expect(try await fixture.readAll().proof?.users == 30)
    }

    @Test("A client certificate is somebody by SASL EXTERNAL")
    func clientCertificate() async throws {
        var fixture = try await LDAPFixture(people: 30) {
            $0.databaseLines = ["access to dn.subtree=\"\(SlapdServer.suffix)\" by dn.exact=\"cn=rollcall,o=test\" read by * break"]
        }
        defer { fixture.server.end() }
        let identity = try fixture.server.authority.issue("client", subject: "/O=test/CN=rollcall", names: [])
        fixture.settings.urls = [fixture.server.tlsURL]
        fixture.settings.clientCertificate = identity.certificate
        fixture.settings.clientKey = identity.key
        fixture.settings.bind = .external
        #expect(try await fixture.readAll().proof?.users == 30)
    }

    @Test("A certificate of an unknown authority is refused, and no password leaves", arguments: [true, false])
    func unknownAuthority(_ isStartTLS: Bool) async throws {
        var fixture = try await LDAPFixture()
        defer { fixture.server.end() }
        let other = try TestAuthority(in: fixture.server.directory, name: "other")
        fixture.settings.caFile = other.certificate
        if isStartTLS { fixture.settings.startTLS = true } else { fixture.settings.urls = [fixture.server.tlsURL] }
        let error = try await fixture.failure()
        #expect(error.code == .untrusted && !error.isTransient, "\(error)")
        #expect(error.advice.contains(other.certificate))
    }

    @Test("Without a CA file the system's authorities count, and ours is not among them")
    func systemAuthorities() async throws {
        var fixture = try await LDAPFixture()
        defer { fixture.server.end() }
        fixture.settings.caFile = nil
        fixture.settings.urls = [fixture.server.tlsURL]
        #expect(try await fixture.failure().code == .untrusted)
    }

    @Test("An expired certificate is refused")
    func expired() async throws {
        var fixture = try await LDAPFixture { $0.certificateDays = -1 }
        defer { fixture.server.end() }
        fixture.settings.urls = [fixture.server.tlsURL]
        let error = try await fixture.failure()
        #expect(error.code == .untrusted, "\(error)")
    }

    @Test("A certificate for another host is refused, also under StartTLS", arguments: [true, false])
    func wrongHost(_ isStartTLS: Bool) async throws {
        var fixture = try await LDAPFixture { $0.certificateNames = ["DNS:ldap.example.net", "IP:192.0.2.7"] }
        defer { fixture.server.end() }
        if isStartTLS { fixture.settings.startTLS = true } else { fixture.settings.urls = [fixture.server.tlsURL] }
        let error = try await fixture.failure()
        #expect(error.code == .untrusted, "\(error)")
    }

    @Test("A certificate without subjectAltName is refused although its common name is the host's", arguments: [true, false])
    func commonName(_ isStartTLS: Bool) async throws {
        var fixture = try await LDAPFixture {
            $0.certificateSubject = "/CN=127.0.0.1"
            $0.certificateNames = []
        }
        defer { fixture.server.end() }
        if isStartTLS { fixture.settings.startTLS = true } else { fixture.settings.urls = [fixture.server.tlsURL] }
        let error = try await fixture.failure()
        #expect(error.code == .untrusted && error.advice.contains("subjectAltName"), "\(error)")
    }

    @Test("A server that speaks TLS 1.1 and nothing later is refused before the password is sent", arguments: [true, false])
    func oldVersion(_ isStartTLS: Bool) async throws {
        var fixture = try await LDAPFixture { $0.globalLines = ["TLSCipherSuite NORMAL:-VERS-ALL:+VERS-TLS1.1"] }
        defer { fixture.server.end() }
        if isStartTLS { fixture.settings.startTLS = true } else { fixture.settings.urls = [fixture.server.tlsURL] }
        let error = try await fixture.failure()
        #expect(error.code == .untrusted && error.advice.contains("TLS 1.2"), "\(error)")
    }

    @Test("The version that was agreed on is read as libldap writes it, by GnuTLS and by OpenSSL")
    func versions() {
        for version in ["TLS1.2", "TLS1.3", "TLSv1.2", "TLSv1.3", "TLSv2", "TLS1.10"] {
            #expect(LDAPSession.isStrong(version), "\(version)")
        }
        for version in ["TLS1.1", "TLS1.0", "TLSv1.1", "TLSv1", "SSL3.0", "SSLv3", "TLS", "TLSv", "", "unknown", "DTLS1.2"] {
            #expect(!LDAPSession.isStrong(version), "\(version)")
        }
    }

    @Test("A refused certificate does not send us to the next server")
    func untrustedIsFinal() async throws {
        var fixture = try await LDAPFixture { $0.certificateNames = ["IP:192.0.2.7"] }
        defer { fixture.server.end() }
        let second = try TCPFaultProxy(to: fixture.server.tlsPort)
        fixture.settings.urls = [fixture.server.tlsURL, "ldaps://127.0.0.1:\(second.port)"]
        #expect(try await fixture.failure().code == .untrusted)
        #expect(second.connections == 0)
    }

    @Test("libldap reads neither ldap.conf, ldaprc nor the environment")
    func ambientConfiguration() {
        #expect(getenv("LDAPNOINIT").map { String(cString: $0) } == "1")
    }

    @Test("A missing CA file is named before anything is connected")
    func missingFile() async throws {
        var settings = LDAPFixture.settings(["ldaps://127.0.0.1:1"])
        settings.caFile = "/nowhere/ca.pem"
        let error = try await LDAPFixture.failure(settings)
        #expect(error.code == .untrusted && error.message.contains("/nowhere/ca.pem"))
    }

    @Test("A wrong password is tried once, and never at another server")
    func wrongPassword() async throws {
        var fixture = try await LDAPFixture()
        defer { fixture.server.end() }
        let first = try TCPFaultProxy(to: fixture.server.port)
        let second = try TCPFaultProxy(to: fixture.server.port)
        fixture.settings.urls = ["ldap://127.0.0.1:\(first.port)", "ldap://127.0.0.1:\(second.port)"]
        fixture.settings.bind = .simple(dn: SlapdServer.syncDN, password: .file("a wrong one"))
        let error = try await fixture.failure()
        #expect(error.code == .credentials && !error.isTransient)
        #expect(error.message.contains("49 (invalidCredentials)"), "\(error)")
        #expect(first.connections == 1 && second.connections == 0)
    }

    @Test("After a refused bind neither a reading, a look-up nor a probe of the same directory connects again")
    func refusedOnce() async throws {
        var fixture = try await LDAPFixture()
        defer { fixture.server.end() }
        let proxy = try TCPFaultProxy(to: fixture.server.port)
        let second = try TCPFaultProxy(to: fixture.server.port)
        fixture.settings.urls = ["ldap://127.0.0.1:\(proxy.port)", "ldap://127.0.0.1:\(second.port)"]
        fixture.settings.bind = .simple(dn: SlapdServer.syncDN, password: .file("a wrong one"))
        let directory = LDAPFixture.directory(fixture.settings)
        let probes = await directory.probe(LDAPFixture.request)
        #expect(probes.last?.advice.contains("lock an account") == true, "\(probes)")
        var errors: [SourceError] = []
        do throws(SourceError) { _ = try await directory.read(LDAPFixture.request) } catch { errors.append(error) }
        do throws(SourceError) { _ = try await directory.lookUp([Anchor("x".utf8)], LDAPFixture.request) } catch { errors.append(error) }
        #expect(errors.map(\.code) == [.credentials, .credentials], "\(errors)")
        #expect(proxy.connections == 1)
        // A directory of a later command knows nothing of it.
        #expect(try await fixture.failure().code == .credentials)
        #expect(proxy.connections == 2 && second.connections == 0)
    }

    @Test("An empty password and an empty DN are refused before anything is connected")
    func emptyCredentials() async throws {
        var fixture = try await LDAPFixture()
        defer { fixture.server.end() }
        let proxy = try TCPFaultProxy(to: fixture.server.port)
        fixture.settings.urls = ["ldap://127.0.0.1:\(proxy.port)"]
        for (dn, password) in [(SlapdServer.syncDN, "an empty one"), ("", "the right one")] {
            fixture.settings.bind = .simple(dn: dn, password: .file(password))
            #expect(try await fixture.failure().code == .credentials)
        }
        #expect(proxy.connections == 0)
    }

    @Test(
        "A password is not sent in the clear to another machine",
        arguments: ["ldap://192.0.2.1", "ldap://ldap.example.org:389", "ldap://127.0.0.1.example.org", "ldap://[2001:db8::1]"])
    func clearChannel(_ url: String) async throws {
        let start = ContinuousClock.now
        let error = try await LDAPFixture.failure(LDAPFixture.settings([url]))
        #expect(error.code == .untrusted && error.advice.contains("ldaps://"), "\(error)")
        #expect(ContinuousClock.now - start < .seconds(1), "it was refused without a look at the network")
    }

    @Test("The second server is read when the first cannot be reached")
    func secondServer() async throws {
        var fixture = try await LDAPFixture(people: 30)
        defer { fixture.server.end() }
        let closed = try TCPFaultProxy(to: 1, .none)
        fixture.settings.urls = ["ldap://127.0.0.1:1", "ldap://127.0.0.1:\(closed.port)", fixture.server.url]
        let proof = try #require(try await fixture.readAll().proof)
        #expect(proof.users == 30 && proof.server == fixture.server.url)
    }

    @Test("When no server can be reached the error names each")
    func noServer() async throws {
        let error = try await LDAPFixture.failure(LDAPFixture.settings(["ldap://127.0.0.1:1", "ldap://127.0.0.1:2"]))
        #expect(error.code == .unreachable && error.isTransient)
        #expect(error.message.contains("127.0.0.1:1 ") && error.message.contains("127.0.0.1:2 "), "\(error)")
    }

    @Test("Cancelling a hanging reading takes less than 100 ms, by the reading or by the task", arguments: [false, true])
    func cancellation(_ byTask: Bool) async throws {
        var fixture = try await LDAPFixture(people: 2000)
        defer { fixture.server.end() }
        let proxy = try TCPFaultProxy(to: fixture.server.port, .stall(after: 150_001))
        fixture.settings.urls = ["ldap://127.0.0.1:\(proxy.port)"]
        let reading = try await LDAPFixture.directory(fixture.settings).read(LDAPFixture.request)
        let task = Task {
            while true { if case .end = try await reading.next() { return } }
        }
        try await Task.sleep(for: .milliseconds(300))
        let start = ContinuousClock.now
        if byTask { task.cancel() } else { reading.cancel() }
        await #expect {
            try await task.value
        } throws: { error in
            (error as? SourceError)?.code == .cancelled
        }
        #expect(ContinuousClock.now - start < .milliseconds(100))
    }

    @Test("Cancelling while the connection hangs takes less than 100 ms")
    func cancelledConnecting() async throws {
        let fixture = try await LDAPFixture()
        defer { fixture.server.end() }
        let proxy = try TCPFaultProxy(to: fixture.server.tlsPort, .stall(after: 0))
        let settings = LDAPFixture.settings(["ldaps://127.0.0.1:\(proxy.port)"], caFile: fixture.server.authority.certificate)
        let task = Task { try await LDAPFixture.directory(settings).read(LDAPFixture.request) }
        try await Task.sleep(for: .milliseconds(200))
        let start = ContinuousClock.now
        task.cancel()
        await #expect {
            _ = try await task.value
        } throws: { error in
            (error as? SourceError)?.code == .cancelled
        }
        #expect(ContinuousClock.now - start < .milliseconds(100))
    }
}
