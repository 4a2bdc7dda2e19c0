import RollcallCore
import RollcallTesting
import Testing

@testable import RollcallLDAP

@Suite("Checking a source", .serialized)
struct ProbeTests {
    @Test("A source that works says what it is, and counts how many entries have each attribute")
    func works() async throws {
        var fixture = try await LDAPFixture(people: 30, groups: 3)
        defer { fixture.server.end() }
        fixture.settings.urls = [fixture.server.tlsURL]
        let probes = await LDAPFixture.directory(fixture.settings).probe(LDAPFixture.request)
        let byTitle = Dictionary(grouping: probes, by: \.title)
        #expect(probes.allSatisfy { $0.outcome != .failure }, "\(probes)")
        #expect(byTitle["encryption"]?.first?.detail.contains("TLS1.") == true)
        #expect(byTitle["identity"]?.first?.detail == "dn:\(SlapdServer.syncDN)")
        #expect(byTitle["server"]?.first?.detail == "OpenLDAP")
        #expect(byTitle["paging"]?.first?.outcome == .ok)
        #expect(byTitle["naming context"]?.first?.detail == SlapdServer.suffix)
        #expect(byTitle["users: mail"]?.first?.detail == "30 of 30 have it")
        #expect(byTitle["users: telephoneNumber"]?.first?.outcome == .warning)
        #expect(byTitle["groups: member"]?.first?.detail == "3 of 3 have it")
    }

    @Test("A wrong base, an unreachable server and a wrong password are failures with advice")
    func fails() async throws {
        var fixture = try await LDAPFixture()
        defer { fixture.server.end() }
        fixture.settings.users.base = "ou=peple,\(SlapdServer.suffix)"
        let wrongBase = await LDAPFixture.directory(fixture.settings).probe(LDAPFixture.request)
        #expect(wrongBase.contains { $0.title == "users" && $0.outcome == .failure && $0.detail.contains("ou=peple") })

        fixture.settings.bind = .simple(dn: SlapdServer.syncDN, password: .file("a wrong one"))
        let wrongPassword = await LDAPFixture.directory(fixture.settings).probe(LDAPFixture.request)
        #expect(wrongPassword.last?.title == "identity" && wrongPassword.last?.outcome == .failure)
        #expect(!"\(wrongPassword)".contains(SlapdServer.syncPassword))

        fixture.settings.urls = ["ldap://127.0.0.1:1"]
        let unreachable = await LDAPFixture.directory(fixture.settings).probe(LDAPFixture.request)
        #expect(unreachable.map(\.outcome) == [.failure])
        #expect(unreachable.first?.advice.isEmpty == false)
    }
}
