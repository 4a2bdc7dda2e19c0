import RollcallCore
import RollcallTesting
import Testing

@testable import RollcallLDAP

@Suite("Readings that are not whole", .serialized)
struct IncompleteReadTests {
    static let referral = """
        dn: ou=elsewhere,\(SampleDirectory.peopleBase)
        objectClass: referral
        objectClass: extensibleObject
        ou: elsewhere
        ref: ldap://192.0.2.1/ou=elsewhere,dc=example,dc=net


        """

    @Test(
        "A server-side size limit ends the reading with code 4 and names the knob",
        arguments: ["size.soft=50 size.hard=50", "size.soft=unlimited size.hard=unlimited size.pr=100 size.prtotal=200"])
    func sizeLimit(_ limit: String) async throws {
        let fixture = try await LDAPFixture(people: 500) { $0.databaseLines = ["limits dn.exact=\"\(SlapdServer.syncDN)\" \(limit)"] }
        defer { fixture.server.end() }
        let error = try await fixture.failure()
        #expect(error.code == .incomplete)
        #expect(error.message.contains("4 (sizeLimitExceeded)"))
        #expect(error.message.contains(limit.contains("prtotal") ? "after 200 entries" : "after 50 entries"), "\(error)")
        #expect(error.advice.contains("size.prtotal"))
    }

    @Test("A page larger than the server allows is code 11 and advises a smaller page")
    func pageTooLarge() async throws {
        let fixture = try await LDAPFixture(people: 500) {
            $0.databaseLines = ["limits dn.exact=\"\(SlapdServer.syncDN)\" size.soft=unlimited size.hard=unlimited size.pr=50"]
        }
        defer { fixture.server.end() }
        let error = try await fixture.failure()
        #expect(error.code == .incomplete)
        #expect(error.message.contains("11 (adminLimitExceeded)"), "\(error)")
        #expect(error.advice.contains("source.page_size"))
    }

    @Test("A server that forbids paging refuses the critical control")
    func pagingForbidden() async throws {
        let fixture = try await LDAPFixture(people: 50) {
            $0.databaseLines = ["limits dn.exact=\"\(SlapdServer.syncDN)\" size.prtotal=disabled"]
        }
        defer { fixture.server.end() }
        let error = try await fixture.failure()
        #expect(error.code == .incomplete)
        #expect(error.message.contains("after 0 entries"), "\(error)")
    }

    @Test("A wrong base is code 32 and is named")
    func wrongBase() async throws {
        var fixture = try await LDAPFixture()
        defer { fixture.server.end() }
        fixture.settings.users.base = "ou=peple,\(SlapdServer.suffix)"
        let error = try await fixture.failure()
        #expect(error.code == .incomplete)
        #expect(error.message.contains("32 (noSuchObject)") && error.advice.contains("ou=peple"), "\(error)")
    }

    @Test("Every other result code ends the reading under its own name", arguments: [1, 3, 11, 12, 50, 51, 52, 53, 80])
    func resultCodes(_ code: Int) async throws {
        var fixture = try await LDAPFixture {
            $0.globalLines = ["moduleload retcode"]
            $0.databaseLines = [
                "overlay retcode", "retcode-parent \"ou=codes,\(SlapdServer.suffix)\"",
                "retcode-item \"cn=fails\" \(code)",
            ]
        }
        defer { fixture.server.end() }
        fixture.settings.users.base = "cn=fails,ou=codes,\(SlapdServer.suffix)"
        let error = try await fixture.failure()
        #expect(error.code == .incomplete)
        #expect(error.message.contains("result \(ResultCode(Int32(code)))"), "\(error)")
        #expect(!error.advice.isEmpty)
    }

    @Test("A referral inside the base makes the reading incomplete and names the setting")
    func referral() async throws {
        let fixture = try await LDAPFixture(extra: IncompleteReadTests.referral)
        defer { fixture.server.end() }
        let error = try await fixture.failure()
        #expect(error.code == .incomplete)
        #expect(error.message.contains("referral") && error.advice.contains("source.referrals"), "\(error)")
    }

    @Test("A connection that is cut inside a page is lost, whichever way it ends", arguments: [false, true])
    func cut(_ isReset: Bool) async throws {
        var fixture = try await LDAPFixture(people: 2000)
        defer { fixture.server.end() }
        let proxy = try TCPFaultProxy(to: fixture.server.port, isReset ? .reset(after: 150_001) : .finish(after: 150_001))
        fixture.settings.urls = ["ldap://127.0.0.1:\(proxy.port)"]
        let error = try await fixture.failure()
        #expect(error.code == .unreachable && error.isTransient)
        #expect(error.message.contains("lost while reading users"), "\(error)")
        #expect(proxy.connections == 1)
    }

    @Test("A server that falls silent inside a page is a timeout, in the clear and inside a TLS record", arguments: [false, true])
    func stalled(_ isTLS: Bool) async throws {
        var fixture = try await LDAPFixture(people: 2000)
        defer { fixture.server.end() }
        let proxy = try TCPFaultProxy(to: isTLS ? fixture.server.tlsPort : fixture.server.port, .stall(after: 150_001))
        fixture.settings.urls = ["\(isTLS ? "ldaps" : "ldap")://127.0.0.1:\(proxy.port)"]
        fixture.settings.answerTimeout = Span(seconds: 1)
        let start = ContinuousClock.now
        let error = try await fixture.failure()
        #expect(error.code == .timeout, "\(error)")
        #expect(error.advice.contains("answer_timeout"))
        #expect(ContinuousClock.now - start < .seconds(6))
    }

    @Test("The deadline of the whole reading counts even while the reader waits for its consumer")
    func deadline() async throws {
        var fixture = try await LDAPFixture(people: 6000)
        defer { fixture.server.end() }
        fixture.settings.deadline = Span(seconds: 1)
        let reading = try await LDAPFixture.directory(fixture.settings).read(LDAPFixture.request)
        try await Task.sleep(for: .milliseconds(1600))
        await #expect {
            while case .batch = try await reading.next() {}
        } throws: { error in
            (error as? SourceError)?.code == .timeout
        }
    }

    @Test("A server that dies while its entries are read is a lost connection")
    func crash() async throws {
        var fixture = try await LDAPFixture(people: 20_000)
        defer { fixture.server.end() }
        fixture.settings.pageSize = 500
        let reading = try await LDAPFixture.directory(fixture.settings).read(LDAPFixture.request)
        var isFirst = true
        await #expect {
            while case .batch = try await reading.next() {
                if isFirst { fixture.server.crash() }
                isFirst = false
            }
        } throws: { error in
            (error as? SourceError)?.code == .unreachable
        }
    }
}
