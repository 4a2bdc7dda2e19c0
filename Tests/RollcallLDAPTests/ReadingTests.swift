import RollcallCore
import RollcallReading
import RollcallTesting
import Testing

@testable import RollcallLDAP

@Suite("Reading a whole directory", .serialized)
struct ReadingTests {
    @Test("20,000 people and their nested groups arrive whole, groups first, with a proof that counts them")
    func large() async throws {
        let sample = SampleDirectory(people: 20_000, groups: 12)
        var fixture = try await LDAPFixture(people: 20_000, groups: 12)
        defer { fixture.server.end() }
        fixture.settings.pageSize = 1000
        let whole = try await fixture.readAll()
        let proof = try #require(whole.proof)
        #expect(proof.users == 20_000 && whole.users.count == 20_000)
        #expect(proof.groups == 12 && whole.groups.count == 12)
        #expect(proof.rejected == 0 && proof.result == 0 && proof.referralsIgnored == 0)
        #expect(proof.pages == 20 + 1)
        #expect(proof.watermark?.contains("Z#") == true)
        #expect(proof.server == fixture.server.url)
        #expect(!whole.groupsAfterUsers)
        #expect(Set(whole.users.compactMap(\.anchor)).count == 20_000)
        for group in whole.groups {
            let index = try #require(Int(group.name.string.dropFirst()))
            let nested = sample.nested(inGroup: index) == nil ? 0 : 1
            #expect(group.members.count == Array(sample.members(ofGroup: index)).count + nested, "\(group.name)")
        }
    }

    @Test("The values stand in the slots of the layout, absent ones empty, and only what was asked for")
    func values() async throws {
        let fixture = try await LDAPFixture(people: 3)
        defer { fixture.server.end() }
        let whole = try await fixture.readAll()
        let layout = LDAPFixture.request.users
        let person = try #require(whole.users.first { $0.anchor == Anchor(SampleDirectory.personUUID(2).utf8) })
        func text(_ name: AttributeName) -> [String] {
            person.values(inSlot: layout.slot(of: name) ?? -1).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(String(decoding: person.dn, as: UTF8.self) == SampleDirectory.personDN(2))
        #expect(text("uid") == ["u2"])
        #expect(text("mail") == ["u2@example.org"])
        #expect(text("telephoneNumber") == [])
    }

    @Test("An answer with an attribute option is not the attribute that was asked for")
    func options() async throws {
        let extra = SampleDirectory.person(99, dn: SampleDirectory.personDN(99), extra: "cn;lang-en: Somebody Else")
        let fixture = try await LDAPFixture(people: 0, extra: extra)
        defer { fixture.server.end() }
        let whole = try await fixture.readAll()
        let slot = try #require(LDAPFixture.request.users.slot(of: "cn"))
        #expect(whole.users.first?.values(inSlot: slot).map { String(decoding: $0, as: UTF8.self) } == ["Person 99"])
    }

    @Test("Entries without an anchor are rejected one by one, counted, and named")
    func rejected() async throws {
        let fixture = try await LDAPFixture(people: 5)
        defer { fixture.server.end() }
        var request = LDAPFixture.request
        request.users = AttributeLayout(anchor: "telephoneNumber", others: ["uid"])
        let reading = try await LDAPFixture.directory(fixture.settings).read(request)
        var rejected: [RejectedEntry] = []
        while true {
            switch try await reading.next() {
            case .batch(let batch): rejected += batch.rejected
            case .end(let proof):
                #expect(proof.users == 0 && proof.rejected == 5)
                #expect(rejected.count == 5)
                #expect(rejected.allSatisfy { $0.anchor == nil && $0.reason.contains("anchor") })
                #expect(rejected.contains { $0.subject.string == SampleDirectory.personDN(3) })
                return
            }
        }
    }

    @Test("A value above the cap costs its attribute alone, and the others are whole")
    func oversized() async throws {
        let big = "description: " + String(repeating: "x", count: EntryLimits.user + 10)
        let fixture = try await LDAPFixture(people: 5, extra: SampleDirectory.person(7, dn: SampleDirectory.personDN(7), extra: big)) {
            $0.globalLines = ["sockbuf_max_incoming_auth 16777216"]
        }
        defer { fixture.server.end() }
        var request = LDAPFixture.request
        request.users = AttributeLayout(anchor: "entryUUID", others: ["uid", "description"])
        let reading = try await LDAPFixture.directory(fixture.settings).read(request)
        var users: [Entry] = []
        while true {
            switch try await reading.next() {
            case .batch(let batch): users += batch.users
            case .end(let proof):
                #expect(proof.users == 6 && proof.rejected == 0)
                let description = try #require(request.users.slot(of: "description"))
                let uid = try #require(request.users.slot(of: "uid"))
                let large = users.filter { $0.slots.isUnreadable(description) }
                #expect(large.map(\.anchor) == [Anchor(SampleDirectory.personUUID(7).utf8)])
                #expect(large.first?.values(inSlot: uid).map { Array($0) } == [Array("u7".utf8)])
                return
            }
        }
    }

    @Test("An ACL that hides everybody gives a whole reading of nobody, and the proof says 0")
    func hidden() async throws {
        let fixture = try await LDAPFixture(people: 20) {
            $0.databaseLines = ["access to dn.children=\"\(SampleDirectory.peopleBase)\" by * none"]
        }
        defer { fixture.server.end() }
        let proof = try #require(try await fixture.readAll().proof)
        #expect(proof.users == 0 && proof.result == 0)
    }

    @Test("A referral inside the base may be ignored, and is counted")
    func ignoredReferral() async throws {
        var fixture = try await LDAPFixture(people: 20, extra: IncompleteReadTests.referral)
        defer { fixture.server.end() }
        fixture.settings.referrals = .ignore
        let proof = try #require(try await fixture.readAll().proof)
        #expect(proof.users == 20 && proof.referralsIgnored == 1)
    }

    @Test("A slow consumer gets every batch, and the reader waits for it instead of running ahead")
    func backPressure() async throws {
        var fixture = try await LDAPFixture(people: 6000)
        defer { fixture.server.end() }
        fixture.settings.pageSize = 500
        let reading = try await LDAPFixture.directory(fixture.settings).read(LDAPFixture.request)
        var users = 0
        while true {
            switch try await reading.next() {
            case .batch(let batch):
                users += batch.users.count
                try await Task.sleep(for: .milliseconds(20))
            case .end(let proof):
                #expect(users == 6000 && proof.users == 6000)
                return
            }
        }
    }
}
