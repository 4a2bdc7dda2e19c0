import RollcallCore
import RollcallTesting
import Testing

@testable import RollcallLDAP

@Suite("Looking single entries up", .serialized)
struct LookUpTests {
    private static func anchor(_ index: Int) -> Anchor { Anchor(SampleDirectory.personUUID(index).utf8) }

    /// 900 moved to another unit, 901 is in the base but does not match the filter.
    private static let extra =
        SampleDirectory.person(900, dn: "uid=u900,ou=left,\(SlapdServer.suffix)")
        + SampleDirectory.person(901, dn: SampleDirectory.personDN(901), extra: "employeeType: guest")

    private static func fixture(_ change: (inout SlapdServer.Configuration) -> Void = { _ in }) async throws -> LDAPFixture {
        var fixture = try await LDAPFixture(people: 600, extra: extra, change)
        fixture.settings.users.filter = .and([.equality("objectClass", "inetOrgPerson"), .not(.equality("employeeType", "guest"))])
        return fixture
    }

    private static func lookUp(_ anchors: [Anchor], _ settings: LDAPSettings) async throws(SourceError) -> [Presence] {
        try await LDAPFixture.directory(settings).lookUp(anchors, LDAPFixture.request)
    }

    @Test("Each anchor is in scope, left, filtered out or gone, in the order asked")
    func outcomes() async throws {
        let fixture = try await LookUpTests.fixture()
        defer { fixture.server.end() }
        let found = try await LookUpTests.lookUp(
            [LookUpTests.anchor(7777), LookUpTests.anchor(3), LookUpTests.anchor(900), LookUpTests.anchor(901)], fixture.settings)
        #expect(
            found == [
                .gone, .inScope, .leftScope(dn: Text("uid=u900,ou=left,\(SlapdServer.suffix)")),
                .leftScope(dn: Text(SampleDirectory.personDN(901))),
            ])
    }

    @Test("With a referral elsewhere in the naming context, an entry that is found nowhere is told from one that is found outside the base")
    func referralElsewhere() async throws {
        let elsewhere = IncompleteReadTests.referral.replacingOccurrences(of: SampleDirectory.peopleBase, with: SlapdServer.suffix)
        var fixture = try await LDAPFixture(people: 5, extra: LookUpTests.extra + elsewhere)
        defer { fixture.server.end() }
        let anchors = [LookUpTests.anchor(7777), LookUpTests.anchor(3), LookUpTests.anchor(900)]
        let found = try await LookUpTests.lookUp(anchors, fixture.settings)
        let searched = PartialContext(base: Text(SampleDirectory.peopleBase), context: Text(SlapdServer.suffix))
        #expect(found == [.notBelowBase(searched), .inScope, .leftScope(dn: Text("uid=u900,ou=left,\(SlapdServer.suffix)"))])
        // Below the base itself a referral leaves it open.
        fixture.settings.users.base = SlapdServer.suffix
        let open = try await LookUpTests.lookUp([LookUpTests.anchor(7777)], fixture.settings)
        guard case .unknown(let reason) = open[0] else { throw Unexpected("\(open)") }
        #expect(reason.contains("another server"))
    }

    @Test("Groups are looked for where groups are")
    func groups() async throws {
        let fixture = try await LDAPFixture(people: 5, groups: 2)
        defer { fixture.server.end() }
        let known = try #require(try await fixture.readAll().groups.first)
        var request = LDAPFixture.request
        request.sought = .group
        let anchors = [known.anchor, LookUpTests.anchor(3), LookUpTests.anchor(7777)]
        let directory = LDAPFixture.directory(fixture.settings)
        #expect(
            try await directory.lookUp(anchors, request) == [.inScope, .leftScope(dn: Text(SampleDirectory.personDN(3))), .gone])
        var settings = fixture.settings
        settings.groups = nil
        #expect(
            try await LDAPFixture.directory(settings).lookUp([known.anchor], request)
                == [.unknown("the config does not say where groups are")])
    }

    @Test("500 look-ups take less than two seconds")
    func many() async throws {
        let fixture = try await LookUpTests.fixture()
        defer { fixture.server.end() }
        let start = ContinuousClock.now
        let found = try await LookUpTests.lookUp((100..<600).map(LookUpTests.anchor), fixture.settings)
        #expect(ContinuousClock.now - start < .seconds(2))
        #expect(found == Array(repeating: .inScope, count: 500))
    }

    @Test("A base that cannot be read makes what is not found unknown")
    func unreadableBase() async throws {
        var fixture = try await LookUpTests.fixture()
        defer { fixture.server.end() }
        fixture.settings.users.base = "ou=renamed,\(SlapdServer.suffix)"
        let found = try await LookUpTests.lookUp([LookUpTests.anchor(7777), LookUpTests.anchor(3)], fixture.settings)
        for presence in found {
            guard case .unknown(let reason) = presence else { throw Unexpected("\(presence)") }
            #expect(reason.contains("ou=renamed"))
        }
    }

    @Test("An anchor attribute that may not be searched proves nothing")
    func unsearchableAnchor() async throws {
        let fixture = try await LookUpTests.fixture {
            $0.databaseLines = ["access to attrs=entryUUID by dn.exact=\"\(SlapdServer.syncDN)\" =rd by * none"]
        }
        defer { fixture.server.end() }
        let found = try await LookUpTests.lookUp([LookUpTests.anchor(3)], fixture.settings)
        guard case .unknown(let reason) = found.first else { throw Unexpected("\(found)") }
        #expect(reason.contains("entryUUID"))
    }

    @Test("A referral in the naming context leaves open where an entry is, unless it may be ignored")
    func referral() async throws {
        var fixture = try await LDAPFixture(people: 5, extra: IncompleteReadTests.referral)
        defer { fixture.server.end() }
        let open = try await LookUpTests.lookUp([LookUpTests.anchor(7777)], fixture.settings)
        guard case .unknown = open.first else { throw Unexpected("\(open)") }
        fixture.settings.referrals = .ignore
        #expect(try await LookUpTests.lookUp([LookUpTests.anchor(7777)], fixture.settings) == [.gone])
    }

    @Test("A lost connection is thrown, not turned into an answer")
    func lost() async throws {
        var fixture = try await LookUpTests.fixture()
        defer { fixture.server.end() }
        let proxy = try TCPFaultProxy(to: fixture.server.port, .reset(after: 5000))
        fixture.settings.urls = ["ldap://127.0.0.1:\(proxy.port)"]
        let settings = fixture.settings
        await #expect {
            _ = try await LookUpTests.lookUp((0..<600).map(LookUpTests.anchor), settings)
        } throws: { error in
            (error as? SourceError)?.code == .unreachable
        }
    }

    @Test("Hostile bytes in an anchor stay a value")
    func hostile() async throws {
        let fixture = try await LookUpTests.fixture()
        defer { fixture.server.end() }
        let anchors = ["*", "*)(objectClass=*", "\\", "\0", ""].map { Anchor($0.utf8) }
        let found = try await LookUpTests.lookUp(anchors, fixture.settings)
        #expect(found == Array(repeating: .gone, count: anchors.count))
    }
}
