import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Testing

@Suite("What a config is expected to make of somebody")
struct ExpectingTests {
    private let fixture: RunFixture

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
    }

    private func people() -> People {
        var people = People(["ann", "bob", "cyd"])
        people.groups = [MemoryGroup("cn=admins,ou=groups", anchor: "g-1", name: "admins", members: ["uid=ann,ou=people"])]
        return people
    }

    private func failures(_ report: RunReport) -> [String] {
        report.record.guards.filter { $0.guardName == .expect && !$0.message.isEmpty }.map(\.message)
    }

    @Test("is judged on what the store would hold after the plan: created, waiting, missing, whatever the letter case")
    func created() async throws {
        fixture.expectations = [
            Expectation(user: "ANN", .present(status: .active, groups: ["administrators"])),
            Expectation(user: "bob", .present(status: .inactive, groups: [])),
            Expectation(user: "cyd", .present(status: nil, groups: ["Administrators"])),
            Expectation(user: "dan", .absent), Expectation(user: "cyd", .absent),
            Expectation(user: "eve", .present(status: .active, groups: [])),
        ]
        let plan = try await fixture.plan(people().directory)
        #expect(plan.holding.filter { $0 == .expect }.count == 4)
        #expect(
            failures(plan) == [
                "bob: expected inactive, found active, in no permission group",
                "cyd: expected in Administrators, found active, in no permission group",
                "cyd: expected nobody of this name, found active, in no permission group",
                "eve: expected active, found nobody of this name",
            ])
    }

    @Test("holds the plan of rules that were not applied yet, until somebody approves it; with the same rules it is a warning")
    func holds() async throws {
        var people = people()
        _ = try await fixture.approve(people.directory)
        fixture.expectations = [Expectation(user: "bob", .present(status: .active, groups: []))]
        people["bob"]["employeeType"] = ["ended"]
        let warned = try await fixture.apply(people.directory)
        #expect(warned.record.outcome == .applied && warned.holding == [])
        #expect(warned.record.warnings.last == "expectation failed: bob: expected active, found inactive, in no permission group")
        #expect(failures(warned).count == 1)
        // Nobody's row is touched, and still the rules are others.
        fixture.rulesDigest = Digest(hashing: [2])
        people["cyd"]["mail"] = ["new@x"]
        let held = try await fixture.apply(people.directory)
        #expect(
            held.record.outcome == .held && held.holding.contains(.expect) && held.changes == ["update cyd"],
            "\(held.record.outcome) \(held.record.reason ?? "")")
        #expect(
            held.record.guards.first { $0.guardName == .expect }?.message == "bob: expected active, found inactive, in no permission group")
        let approved = try await fixture.approve(people.directory)
        #expect(approved.record.outcome == .applied && approved.record.guards.first { $0.guardName == .expect }?.verdict == .approved)
    }

    @Test("that holds is one passed guard, and without expectations there is none")
    func passes() async throws {
        let none = try await fixture.plan(people().directory)
        #expect(!none.record.guards.contains { $0.guardName == .expect })
        fixture.expectations = [Expectation(user: "bob", .present(status: .active, groups: [])), Expectation(user: "zoe", .absent)]
        let plan = try await fixture.plan(people().directory)
        let result = try #require(plan.record.guards.first { $0.guardName == .expect })
        #expect(result.verdict == .passed && result.observed == 0 && result.whole == 2 && result.message.isEmpty)
    }

    @Test("follows a rename: the old name is nobody's, the new one has what the user has")
    func renamed() async throws {
        var people = people()
        _ = try await fixture.approve(people.directory)
        fixture.rules.lifecycle.username = .rename
        people["ann"]["uid"] = ["anne"]
        fixture.expectations = [
            Expectation(user: "ann", .absent), Expectation(user: "anne", .present(status: .active, groups: ["Administrators"])),
            Expectation(user: "bob", .present(status: .active, groups: [])),
        ]
        let plan = try await fixture.plan(people.directory)
        #expect(plan.changes == ["held rename ann"])
        #expect(failures(plan) == [])
    }
}
