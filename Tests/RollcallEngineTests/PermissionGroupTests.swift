import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Testing

@Suite("Permission groups are part of the plan")
struct PermissionGroupTests {
    private let fixture: RunFixture
    private var people = People(numbered: 10..<20)

    init() throws {
        var rules = try People.rules()
        rules.permissionGroups.append(PermissionGroup(name: "Team red", permissions: ["read"]))
        fixture = try RunFixture(rules: rules)
        people.groups = [
            MemoryGroup("cn=admins,ou=groups", anchor: "a1", name: "admins", members: ["uid=p10,ou=people", "uid=p11,ou=people"]),
            MemoryGroup("cn=dev-red,ou=groups", anchor: "r1", name: "dev-red", members: ["uid=p12,ou=people"]),
        ]
    }

    private func declare(_ group: PermissionGroup) {
        fixture.rules.permissionGroups.removeAll { FoldedKey($0.name) == FoldedKey(group.name) }
        fixture.rules.permissionGroups.append(group)
        fixture.rulesDigest = Digest(hashing: fixture.rulesDigest.bytes)
    }

    private func stored(_ name: String) throws -> [String] {
        try fixture.probe.rows("SELECT privileged, replace(permissions, '\"', '') AS permits FROM permission_groups WHERE name = '\(name)'")
    }

    private func groupChange(_ run: RunReport) -> Change? { run.rows.first { $0.subject == .permissionGroup }?.changes.first }

    @Test("what config declares is made with the first run, and shown")
    func made() async throws {
        let first = try await fixture.approve(people.directory)
        #expect(
            first.shared == ["permission_group Administrators Administrators", "permission_group Team red Team red"], "\(first.shared)")
        #expect(try stored("Team red") == ["privileged=0|permits=\"[read]\""])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("one that gains a permission waits, also beside changes that do not, and is given when it is approved")
    func gains() async throws {
        var people = people
        _ = try await fixture.approve(people.directory)
        declare(PermissionGroup(name: "Team red", permissions: ["read", "*"]))
        let plan = try await fixture.plan(people.directory)
        #expect(plan.record.outcome == .held && plan.holding == [.scope, .permissionChanges])
        let change = try #require(groupChange(plan))
        #expect(change.fields == [FieldChange(.permissions, before: #"["read"]"#, after: #"["read","*"]"#)])
        #expect(change.holders == 1 && change.reason.sentence == "declared so in the config; 1 active user has it; gains *")
        #expect(plan.record.summary[.permissionGroup] == 1 && plan.record.summary.changes == 1)
        // A guard on rules that lets it pass does not let the permission pass.
        fixture.guards.scope = GuardLimit(percent: nil, count: 100, min: 100)
        people["p15"]["mail"] = ["other@x"]
        let held = try await fixture.apply(people.directory)
        #expect(held.record.outcome == .appliedPartly && held.shared == ["held permission_group Team red Team red"])
        #expect(held.changes == ["update p15"])
        #expect(try stored("Team red") == ["privileged=0|permits=\"[read]\""])
        let id = try #require(held.record.heldPlan)
        #expect(try await fixture.apply(people.directory, fixture.filed(id)).record.outcome == .applied)
        #expect(try stored("Team red") == ["privileged=0|permits=\"[read,*]\""])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("one that is no longer privileged waits, and is privileged until it is approved")
    func losesPrivilege() async throws {
        var people = people
        _ = try await fixture.approve(people.directory)
        declare(PermissionGroup(name: "Administrators", isPrivileged: false, permissions: ["*"]))
        fixture.guards.scope = GuardLimit(percent: nil, count: 100, min: 100)
        people.groups[0].members.append("uid=p13,ou=people")
        let held = try await fixture.apply(people.directory)
        #expect(held.shared == ["held permission_group Administrators Administrators"])
        #expect(held.changes == ["held grant p13 Administrators"], "the grant is judged by what the group was")
        #expect(try stored("Administrators") == ["privileged=1|permits=\"[*]\""])
        let id = try #require(held.record.heldPlan)
        #expect(try await fixture.apply(people.directory, fixture.filed(id)).record.outcome == .applied)
        #expect(try stored("Administrators") == ["privileged=0|permits=\"[*]\""])
    }

    @Test("one that becomes privileged is so at once: its members' grants and emails wait with the same plan")
    func becomesPrivileged() async throws {
        var people = people
        _ = try await fixture.approve(people.directory)
        declare(PermissionGroup(name: "Team red", isPrivileged: true, permissions: ["read"]))
        fixture.guards.scope = GuardLimit(percent: nil, count: 100, min: 100)
        people["p12"]["mail"] = ["other@x"]
        people.groups[1].members.append("uid=p13,ou=people")
        let run = try await fixture.apply(people.directory)
        #expect(run.shared == ["permission_group Team red Team red"])
        #expect(run.changes == ["held update p12", "held grant p13 Team red"])
    }

    @Test(
        "what an application has changed is put back and said: at once what takes permissions, after approval what gives them",
        arguments: [
            ("permissions = '[\"read\",\"write\"]'", false), ("permissions = '[]'", true), ("permissions = 'no JSON'", true),
            ("privileged = 1", true),
        ])
    func putBack(_ edit: String, _ isHeld: Bool) async throws {
        _ = try await fixture.approve(people.directory)
        let before = try stored("Team red")
        try fixture.probe.execute("UPDATE permission_groups SET \(edit) WHERE name = 'Team red'")
        let run = try await fixture.apply(people.directory)
        #expect(run.shared == ["\(isHeld ? "held " : "")permission_group Team red Team red"])
        #expect(run.record.outcome == (isHeld ? .held : .applied))
        if isHeld { _ = try await fixture.approve(people.directory) }
        #expect(try stored("Team red") == before)
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("a group that config does not declare is made with its first member, and by no run that is in sync")
    func undeclared() async throws {
        var people = people
        people.groups.append(MemoryGroup("cn=dev-blue,ou=groups", anchor: "b1", name: "dev-blue", members: []))
        _ = try await fixture.approve(people.directory)
        #expect(try stored("Team blue") == [])
        people.groups[2].members = ["uid=p14,ou=people"]
        #expect(try await fixture.apply(people.directory).changes == ["grant p14 Team blue"])
        #expect(try stored("Team blue") == ["privileged=0|permits=\"[]\""])
    }

    @Test("without the source no permission group is touched")
    func offline() async throws {
        _ = try await fixture.approve(people.directory)
        try fixture.probe.execute("UPDATE permission_groups SET permissions = '[\"read\",\"write\"]' WHERE name = 'Team red'")
        let before = try stored("Team red")
        fixture.now = fixture.now + Span(seconds: 1)
        let run = try await fixture.run(LastSnapshot(), .daemon) { try RunReport($0) }
        #expect(run.record.outcome == .inSync && run.shared.isEmpty)
        #expect(try stored("Team red") == before)
    }

    @Test("a member does not let permissions of their own group pass; another person does")
    func ownGroup() async throws {
        _ = try await fixture.approve(people.directory)
        declare(PermissionGroup(name: "Team red", permissions: ["read", "*"]))
        fixture.approver = Approver(name: "p12 (uid 12)", shortName: "p12", accounts: [FoldedKey("p12")])
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        let own = try await fixture.apply(people.directory, fixture.filed(id))
        #expect(own.record.outcome == .held && own.holding.contains(.ownAccess), "\(own.holding) \(own.record.reason ?? "")")
        #expect(try stored("Team red") == ["privileged=0|permits=\"[read]\""])
        fixture.approver = nil
        _ = try await fixture.approve(people.directory)
        #expect(try stored("Team red") == ["privileged=0|permits=\"[read,*]\""])
    }

    @Test("names that config frees, and names that deleted accounts get back, are a change that says whose they are")
    func names() async throws {
        _ = try await fixture.approve(people.directory)
        try fixture.probe.execute("UPDATE users SET status = 'deleted' WHERE username IN ('p18', 'p19')")
        let claims = "SELECT count(*) AS n FROM claims"
        #expect(try fixture.probe.rows(claims) == ["n=20"])
        fixture.rules.lifecycle.reusesIdentifiers = true
        let frees = try await fixture.plan(people.directory)
        #expect(frees.shared == ["names deleted accounts"] && frees.record.summary[.names] == 1)
        let change = try #require(frees.rows.first { $0.subject == .names }?.changes.first)
        #expect(change.fields == [FieldChange(.namesKept, before: "2", after: "0")])
        #expect(change.reason.sentence == "`store.reuse_identifiers` frees the names of p18, p19")
        #expect(try await fixture.apply(people.directory).record.outcome == .applied)
        #expect(try fixture.probe.rows(claims) == ["n=16"])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
        fixture.rules.lifecycle.reusesIdentifiers = false
        let keeps = try await fixture.apply(people.directory)
        #expect(keeps.shared == ["names deleted accounts"] && keeps.record.outcome == .applied)
        #expect(try fixture.probe.rows(claims) == ["n=20"])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }
}
