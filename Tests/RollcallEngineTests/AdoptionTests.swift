import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

@Suite("Local users that entries adopt, and anchors that changed")
struct AdoptionTests {
    private let fixture: RunFixture

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
    }

    @Test("a local user is adopted by email after approval, with what upstream says and gives")
    func byEmail() async throws {
        fixture.rules.lifecycle.adoption = .email
        var people = People(["ann", "bob"])
        _ = try await fixture.approve(people.directory)
        try fixture.probe.addLocal("cyd.local", email: "cyd@x")
        people.add("cyd", mail: "cyd@x")
        people["cyd"]["sn"] = ["Dee"]
        people.groups = [MemoryGroup("cn=dev,ou=groups", anchor: "g1", name: "dev-red", members: ["uid=cyd,ou=people"])]
        let held = try await fixture.apply(people.directory)
        #expect(held.changes == ["held adopt cyd.local", "held grant cyd.local Team red"] && held.holding == [.adoption])
        #expect(try fixture.probe.rows("SELECT user_id FROM entries WHERE user_id IS NULL").count == 1)
        let id = try #require(held.record.heldPlan)
        let adopted = try await fixture.apply(people.directory, fixture.filed(id))
        #expect(adopted.changes == ["adopt cyd.local", "grant cyd.local Team red"])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
        people.remove("cyd")
        #expect(try await fixture.apply(people.directory).changes == ["deactivate cyd.local"])
    }

    @Test("a privileged grant does not come along: the run after the adoption sees it, though nothing has moved")
    func privilegedGrantAfter() async throws {
        fixture.rules.lifecycle.adoption = .username
        var people = People(["ann"])
        people.groups = [
            MemoryGroup("cn=admins,ou=groups", anchor: "g1", name: "admins", members: ["uid=ann,ou=people", "uid=cyd,ou=people"])
        ]
        _ = try await fixture.approve(people.directory)
        try fixture.probe.addLocal("cyd")
        people.add("cyd", mail: "cyd@x")
        #expect(try await fixture.approve(people.directory).changes == ["adopt cyd"])
        // The email of an account that is to have privilege is looked at with the grant.
        #expect(try await fixture.apply(people.directory).changes == ["held update cyd", "held grant cyd Administrators"])
    }

    @Test(
        "nobody is adopted who can do more than others, is protected, deleted, or whom two entries mean",
        arguments: ["owner", "admin", "protected", "privileged", "deleted", "two"])
    func refused(_ what: String) async throws {
        fixture.rules.lifecycle.adoption = .username
        fixture.rules.protection.users = what == "protected" ? [FoldedKey("cyd")] : []
        var people = People(["ann"])
        _ = try await fixture.approve(people.directory)
        try fixture.probe.addLocal(
            "cyd", status: what == "deleted" ? .deleted : .active, role: what == "owner" ? .owner : what == "admin" ? .admin : .none)
        if what == "privileged" { try fixture.probe.grant("Administrators", to: "cyd", isPrivileged: true) }
        people.add("cyd", mail: "cyd@x")
        if what == "two" {
            people.add("cyd2", mail: "cyd2@x")
            people["cyd2"]["uid"] = ["CYD"]
        }
        let plan = try await fixture.plan(people.directory)
        #expect(!plan.changes.contains { $0.contains("adopt") }, "\(plan.changes)")
        #expect(plan.remarks.allSatisfy { $0.hasPrefix("conflict") } && plan.remarks.count == (what == "two" ? 2 : 1), "\(plan.remarks)")
    }

    @Test("adoption asks for nothing when config does not want it")
    func never() async throws {
        let people = People(["ann", "cyd"])
        _ = try await fixture.approve(People(["ann"]).directory)
        try fixture.probe.addLocal("cyd")
        let plan = try await fixture.plan(people.directory)
        #expect(plan.changes == [] && plan.remarks == ["conflict username_taken cyd"])
    }

    @Test("D2: when a server was rebuilt nobody loses access, and others come and go beside it; one recycled name is no rebuilding")
    func rebuilt() async throws {
        let names = (0..<20).map { "p\($0)" }
        var people = People(names)
        _ = try await fixture.approve(people.directory)
        for name in names.prefix(6) {
            let person = people[name]
            people.remove(name)
            people.add("new-\(name)", mail: "\(name)@x")
            people["new-\(name)"]["uid"] = person["uid"]
        }
        people.remove("p19")
        people.add("joiner", mail: "joiner@x")
        let plan = try await fixture.apply(people.directory)
        #expect(plan.holding == [.anchorsChanged])
        #expect(plan.changes.filter { !$0.hasPrefix("held") }.sorted() == ["create joiner", "deactivate p19"])
        #expect(plan.changes.filter { $0.hasPrefix("held") }.count == 6)
        #expect(plan.remarks.filter { $0.contains("username_recycled") }.count == 6)
        #expect(try fixture.probe.rows("SELECT 1 FROM users WHERE status = 'active'").count == 20)
    }

    @Test("D4: the recycled name of a leaver is a conflict, and the leaver loses access")
    func recycled() async throws {
        var people = People(numbered: 0..<10)
        _ = try await fixture.approve(people.directory)
        people.remove("p3")
        people.add("other", mail: "other@x")
        people["other"]["uid"] = ["p3"]
        let run = try await fixture.apply(people.directory)
        #expect(run.changes == ["deactivate p3"] && run.remarks == ["conflict username_recycled p3"])
    }
}
