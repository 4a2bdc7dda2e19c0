import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

@Suite("Guards over time, and those that hold only what they name")
struct GuardWindowTests {
    private let fixture: RunFixture

    init() throws {
        var rules = try People.rules()
        rules.attributes.givenName = FieldSource([.attribute(AttributeName(known: "givenName"))])
        fixture = try RunFixture(rules: rules)
    }

    private static let names = (100..<200).map { "p\($0)" }

    /// Fifty runs within sixteen hours, each after one more `step`; the number of the first run that the guard holds.
    private func firstHeld(
        _ guardName: GuardName, by people: inout People, _ step: (inout People, String) -> Void
    ) async throws -> Int? {
        for (number, name) in GuardWindowTests.names.prefix(50).enumerated() {
            step(&people, name)
            fixture.now = fixture.now + Span(seconds: 1_200)
            let run = try await fixture.apply(people.directory)
            if run.holding.contains(guardName) { return number + 1 }
            try #require(
                run.holding.isEmpty && [.applied, .inSync].contains(run.record.outcome),
                "run \(number + 1): \(run.holding) \(run.record.outcome) \(run.changes)")
        }
        return nil
    }

    @Test("F2a: deactivations one by one hold where they would at once, and what was held waits on when the window has moved on")
    func deactivations() async throws {
        var people = People(GuardWindowTests.names)
        _ = try await fixture.approve(people.directory)
        // Five of a hundred, then of those that are left; up to five never hold.
        #expect(try await firstHeld(.deactivations, by: &people) { $0.remove($1) } == 6)
        let held = try await fixture.apply(people.directory)
        let result = try #require(held.record.guards.first { $0.guardName == .deactivations })
        #expect(result.observed == 6 && result.window == Span(seconds: 86_400))
        #expect(
            result.message
                == "6 of 95 active users would be deactivated; look upstream before you approve (5 of them within the last 1d)")
        fixture.now = fixture.now + Span(seconds: 86_400)
        let later = try await fixture.apply(people.directory)
        #expect(later.record.outcome == .held && later.holding == [.deactivations])
        #expect(
            later.record.guards.first { $0.guardName == .deactivations }?.message
                == "1 of these changes waits since an earlier run, until a person approves it")
        #expect(try await fixture.approve(people.directory).record.outcome == .applied)
        // From then on the window counts as ever.
        people.remove(GuardWindowTests.names[60])
        #expect(try await fixture.apply(people.directory).record.outcome == .applied)
    }

    @Test("what a person approved does not count, and another window counts otherwise")
    func approved() async throws {
        var people = People(GuardWindowTests.names)
        _ = try await fixture.approve(people.directory)
        for name in GuardWindowTests.names.prefix(20) { people.remove(name) }
        #expect(try await fixture.apply(people.directory).holding == [.deactivations])
        _ = try await fixture.approve(people.directory)
        for name in GuardWindowTests.names[20..<25] { people.remove(name) }
        #expect(try await fixture.apply(people.directory).record.outcome == .applied)
        people.remove(GuardWindowTests.names[25])
        fixture.now = fixture.now + Span(seconds: 7_200)
        #expect(try await fixture.plan(people.directory).holding == [.deactivations])
        fixture.guards.window = Span(seconds: 3_600)
        #expect(try await fixture.plan(people.directory).holding.isEmpty)
    }

    @Test("creations, reactivations and new emails one by one hold past their limits")
    func others() async throws {
        var people = People(Array(GuardWindowTests.names.dropFirst(50)))
        for name in GuardWindowTests.names.dropFirst(80) { people[name]["employeeType"] = ["ended"] }
        fixture.guards.creations = GuardLimit(percent: 20, min: 8)
        _ = try await fixture.approve(people.directory)
        #expect(
            try await firstHeld(.creations, by: &people) { people, name in
                people[name] = MemoryPerson("uid=\(name),ou=people", ["entryUUID": ["id-\(name)"], "uid": [name], "mail": ["\(name)@x"]])
            } == 9)
        fixture.now = fixture.now + Span(seconds: 100_000)
        _ = try await fixture.approve(people.directory)
        fixture.now = fixture.now + Span(seconds: 100_000)
        var back = GuardWindowTests.names.dropFirst(80).makeIterator()
        #expect(
            try await firstHeld(.reactivations, by: &people) { people, _ in
                if let name = back.next() { people[name]["employeeType"] = [] }
            } == 6)
        _ = try await fixture.approve(people.directory)
        var next = GuardWindowTests.names.dropFirst(60).makeIterator()
        #expect(
            try await firstHeld(.identifiers, by: &people) { people, _ in
                if let name = next.next() { people[name]["mail"] = ["new-\(name)@x"] }
            } == 6)
    }

    @Test("a snapshot that shrinks bit by bit is compared with the largest of the window")
    func shrink() async throws {
        var people = People(GuardWindowTests.names)
        for name in GuardWindowTests.names.prefix(50) { people[name]["employeeType"] = ["ended"] }
        _ = try await fixture.approve(people.directory)
        #expect(try await firstHeld(.shrink, by: &people) { $0.remove($1) } == 21)
    }

    @Test("an attribute that goes from one after the other holds")
    func attributeGone() async throws {
        var people = People(GuardWindowTests.names)
        for name in GuardWindowTests.names { people[name]["givenName"] = ["Given"] }
        _ = try await fixture.approve(people.directory)
        #expect(try await firstHeld(.attributeGone, by: &people) { $0[$1]["givenName"] = [] } == 21)
    }

    @Test("E6: one permission group that empties is held by itself, at once or bit by bit; leavers and joiners go through")
    func revocations() async throws {
        var people = People(GuardWindowTests.names)
        let members = GuardWindowTests.names.prefix(30).map { "uid=\($0),ou=people" }
        people.groups = [MemoryGroup("cn=dev-x,ou=groups", anchor: "g1", name: "dev-x", members: members)]
        _ = try await fixture.approve(people.directory)
        for count in 1...15 {
            people.groups[0].members.removeFirst()
            fixture.now = fixture.now + Span(seconds: 1_200)
            let run = try await fixture.apply(people.directory)
            try #require(
                run.record.outcome == .applied, "revocation \(count): \(run.record.outcome) \(run.record.reason ?? "") \(run.changes)")
        }
        people.groups[0].members.removeFirst()
        people.remove(GuardWindowTests.names[99])
        people["new"] = MemoryPerson("uid=new,ou=people", ["entryUUID": ["id-new"], "uid": ["new"], "mail": ["new@x"]])
        let partly = try await fixture.apply(people.directory)
        #expect(partly.record.outcome == .appliedPartly && partly.holding == [.groupRevocations])
        #expect(Set(partly.changes) == ["held revoke p115 Team x", "deactivate p199", "create new"])
        #expect(partly.record.guards.last?.message.hasPrefix("16 of 30 memberships of Team x would end (15 of them within") == true)
        #expect(try await fixture.apply(people.directory).changes == ["held revoke p115 Team x"])
        #expect(try await fixture.approve(people.directory).changes == ["revoke p115 Team x"])
    }

    @Test("all of three or more hold, all of two do not", arguments: [(2, false), (3, true)])
    func wholeGroup(count: Int, isHeld: Bool) async throws {
        var people = People(GuardWindowTests.names)
        let members = GuardWindowTests.names.prefix(count).map { "uid=\($0),ou=people" }
        people.groups = [
            MemoryGroup("cn=dev-x,ou=groups", anchor: "g1", name: "dev-x", members: members),
            MemoryGroup("cn=dev-y,ou=groups", anchor: "g2", name: "dev-y", members: ["uid=p150,ou=people"]),
        ]
        _ = try await fixture.approve(people.directory)
        people.groups[0].members = []
        #expect(try await fixture.apply(people.directory).holding == (isHeld ? [.groupRevocations] : []))
    }

    @Test("another config holds the plan when it changes anybody, and not otherwise")
    func scope() async throws {
        var people = People(["ann", "bob"])
        _ = try await fixture.approve(people.directory)
        fixture.rulesDigest = Digest(hashing: [2])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
        fixture.rulesDigest = Digest(hashing: [3])
        people["ann"]["mail"] = ["other@x"]
        let held = try await fixture.apply(people.directory)
        #expect(held.record.outcome == .held && held.holding == [.scope])
        #expect(try await fixture.approve(people.directory).changes == ["update ann"])
        people["bob"]["mail"] = ["another@x"]
        #expect(try await fixture.apply(people.directory).record.outcome == .applied)
    }

    @Test("a privileged user who came back counts once in the window, whatever memberships came along")
    func returningPrivileged() async throws {
        var people = People(GuardWindowTests.names)
        people.groups = ["admins", "dev-x", "dev-y"].enumerated().map { number, name in
            MemoryGroup("cn=\(name),ou=groups", anchor: "g\(number)", name: name, members: ["uid=p101,ou=people"])
        }
        for place in 1...2 { people.groups[place].members.append("uid=p100,ou=people") }
        _ = try await fixture.approve(people.directory)
        try fixture.probe.grant("Administrators", to: "p100", isPrivileged: true)
        people["p100"]["employeeType"] = ["ended"]
        #expect(try await fixture.apply(people.directory).record.outcome == .applied)
        fixture.guards.privilegedGrant = GuardLimit(percent: nil, count: 5, min: 5)
        people["p100"]["employeeType"] = []
        let back = try await fixture.apply(people.directory)
        #expect(
            back.record.outcome == .applied && back.changes == ["reactivate p100", "grant p100 Team x", "grant p100 Team y"],
            "\(back.changes) \(back.holding)")
        let first = try #require(back.record.guards.first { $0.guardName == .privilegedGrant })
        people.groups[0].members.append("uid=p102,ou=people")
        let next = try await fixture.apply(people.directory)
        let second = try #require(next.record.guards.first { $0.guardName == .privilegedGrant })
        #expect(first.observed == 1 && second.observed == 2, "\(first) \(second)")
    }

    @Test("a privileged user's new email waits for a person, and with it whoever would get the old one")
    func privilegedIdentifier() async throws {
        var people = People(["ann", "bob", "cyd"])
        people.groups = [MemoryGroup("cn=admins,ou=groups", anchor: "g1", name: "admins", members: ["uid=ann,ou=people"])]
        _ = try await fixture.approve(people.directory)
        people["ann"]["mail"] = ["attacker@x"]
        people["bob"]["mail"] = ["ann@x"]
        people["cyd"]["mail"] = ["cyd2@x"]
        let partly = try await fixture.apply(people.directory)
        #expect(partly.holding == [.privilegedIdentifier])
        #expect(partly.changes == ["held update ann", "held update bob", "update cyd"] && partly.remarks.isEmpty)
        #expect(try await fixture.apply(people.directory).changes == ["held update ann", "held update bob"])
        #expect(try await fixture.approve(people.directory).changes == ["update ann", "update bob"])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("a ring of emails with a privileged user in it waits as a whole, and a newcomer behind it only for the email")
    func ring() async throws {
        var people = People(["ann", "bob", "cyd"])
        people.groups = [MemoryGroup("cn=admins,ou=groups", anchor: "g1", name: "admins", members: ["uid=ann,ou=people"])]
        _ = try await fixture.approve(people.directory)
        people["ann"]["mail"] = ["bob@x"]
        people["bob"]["mail"] = ["cyd@x"]
        people["cyd"]["mail"] = ["ann@x"]
        let ring = try await fixture.apply(people.directory)
        #expect(ring.changes == ["held update ann", "held update bob", "held update cyd"])
        let id = try #require(ring.record.heldPlan)
        people.add("dan", mail: "dan@x")
        #expect(try await fixture.apply(people.directory, fixture.filed(id)).record.outcome == .applied)
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("a joiner does not wait for the email that a privileged user gives up")
    func joinerBehind() async throws {
        var people = People(["ann", "bob"])
        people.groups = [MemoryGroup("cn=admins,ou=groups", anchor: "g1", name: "admins", members: ["uid=ann,ou=people"])]
        _ = try await fixture.approve(people.directory)
        people["ann"]["mail"] = ["other@x"]
        people["bob"]["mail"] = ["ann@x"]
        people.add("cyd", mail: "bob@x")
        let partly = try await fixture.apply(people.directory)
        #expect(partly.changes == ["held update ann", "held update bob", "create cyd"])
        #expect(partly.remarks == ["conflict email_blocked cyd"])
        #expect(try await fixture.approve(people.directory).changes == ["update ann", "update bob", "update cyd"])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }
}
