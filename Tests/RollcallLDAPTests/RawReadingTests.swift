import RollcallCore
import RollcallTesting
import Testing

@testable import RollcallLDAP

@Suite("A raw reading and its replay", .serialized)
struct RawReadingTests {
    private func raw(_ fixture: LDAPFixture) async throws -> (entries: [RawEntry], proof: ReadProof) {
        var request = LDAPFixture.request
        request.isRaw = true
        let reading = try await LDAPFixture.directory(fixture.settings).read(request)
        var entries: [RawEntry] = []
        while true {
            switch try await reading.next() {
            case .batch(let batch):
                #expect(batch.users.isEmpty && batch.groups.isEmpty && batch.rejected.isEmpty)
                entries += batch.raw
            case .end(let proof): return (entries, proof)
            }
        }
    }

    private func scope(_ now: LDAPSettings, _ then: LDAPSettings) -> ReplayScope {
        let header = SnapshotHeader(
            taken: Instant(unixSeconds: 0), sourceType: "ldap", flavor: nil, users: then.users, groups: then.groups, anchor: "entryUUID",
            read: [])
        return ReplayScope(header, .ldap(now))
    }

    private func replay(_ entries: [RawEntry], _ request: ReadRequest, _ scope: ReplayScope) -> EntryBatch {
        let decoder = LDAPReplay().decoder(request, scope, server: "s")
        for entry in entries { #expect(decoder.take(entry)) }
        return decoder.takeBatch()
    }

    private func text(_ group: GroupEntry) -> String {
        var members: [String] = []
        group.members.forEachName { members.append(String(decoding: $0, as: UTF8.self)) }
        return "\(String(decoding: group.dn, as: UTF8.self)) \(group.anchor) \(group.name) \(members.sorted())"
    }

    private static let extra =
        SampleDirectory.person(
            99, dn: SampleDirectory.personDN(99), extra: "cn;lang-en: Somebody Else\ntelephoneNumber: 1\ntelephoneNumber: 2\nroomNumber: 7")
        + "dn: cn=two,\(SampleDirectory.groupsBase)\nobjectClass: groupOfNames\ncn: two\ncn: another\nmember: cn=two,\(SampleDirectory.groupsBase)\n\n"

    @Test("Replayed by the same request it is the live reading: users, groups, rejected, pages")
    func same() async throws {
        var fixture = try await LDAPFixture(people: 90, groups: 6, extra: Self.extra)
        defer { fixture.server.end() }
        fixture.settings.pageSize = 20
        let live = try await fixture.readAll()
        let (entries, proof) = try await raw(fixture)
        #expect(proof.users == 91 && proof.groups == 7 && proof.pages == live.proof?.pages && proof.watermark == live.proof?.watermark)
        #expect(proof.groupSearch == SearchShare(pages: 1, referralsIgnored: 0))
        let made = replay(entries, LDAPFixture.request, scope(fixture.settings, fixture.settings))
        #expect(made.users == live.users && made.groups.map(text) == live.groups.map(text) && made.rejected == live.rejected)

        // Another anchor: the same entries are rejected for the same reason.
        var request = LDAPFixture.request
        request.users = AttributeLayout(anchor: "telephoneNumber", others: ["uid"])
        let rejected = replay(entries, request, scope(fixture.settings, fixture.settings)).rejected
        #expect(rejected.count == 91 && rejected.contains { $0.reason == "it has 2 values for the anchor attribute" })
        var withoutGroups = LDAPFixture.request
        withoutGroups.readsGroups = false
        #expect(replay(entries, withoutGroups, scope(fixture.settings, fixture.settings)).groups.isEmpty)
    }

    @Test("A password that may be read is not, and attributes that nobody asked for are")
    func attributes() async throws {
        let canary = "canary-raw"
        let fixture = try await LDAPFixture(
            people: 1, extra: Self.extra.replacing("roomNumber: 7", with: "roomNumber: 7\nuserPassword: \(canary)")
        ) {
            $0.databaseLines = ["access to attrs=userPassword by dn.exact=\"\(SlapdServer.syncDN)\" read by anonymous auth by * none"]
        }
        defer { fixture.server.end() }
        let (entries, _) = try await raw(fixture)
        var names: Set<AttributeName> = []
        for entry in entries {
            #expect(!String(decoding: entry.bytes, as: UTF8.self).contains(canary))
            _ = entry.withCursor { cursor in
                while let item = cursor.next() {
                    if case .attribute(let description) = item, let name = AttributeName(bytes: description) { names.insert(name) }
                }
            }
        }
        #expect(names.isSuperset(of: ["roomNumber", "entryUUID", "createTimestamp", "objectClass", "cn;lang-en"]))
        #expect(!names.contains("userPassword"))
    }

    @Test("A changed filter or base is evaluated by us; who is left out has left scope")
    func changedScope() async throws {
        let fixture = try await LDAPFixture(people: 5, extra: Self.extra)
        defer { fixture.server.end() }
        let (entries, _) = try await raw(fixture)
        var narrow = fixture.settings
        narrow.users.filter = try Filter(parsing: "(&(objectClass=INETORGPERSON)(!(uid=u3)))")
        let users = replay(entries, LDAPFixture.request, scope(narrow, fixture.settings)).users
        #expect(users.count == 5)
        let anchors = [3, 4, 77].map { Anchor(SampleDirectory.personUUID($0).utf8) }
        let search = LDAPReplay().search(anchors, LDAPFixture.request, scope(narrow, fixture.settings), server: "s")
        for entry in entries { #expect(search.take(entry)) }
        #expect(search.presence(of: anchors[0]) == .leftScope(dn: Text(SampleDirectory.personDN(3))))
        #expect(search.presence(of: anchors[1]) == .inScope && search.presence(of: anchors[2]) == nil)
        var elsewhere = fixture.settings
        elsewhere.users.base = "ou=left,\(SlapdServer.suffix)"
        #expect(replay(entries, LDAPFixture.request, scope(elsewhere, fixture.settings)).users.isEmpty)
    }
}
