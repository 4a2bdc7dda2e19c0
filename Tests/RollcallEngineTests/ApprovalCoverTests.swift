import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Testing

@Suite("An approval covers what was shown")
struct ApprovalCoverTests {
    private let fixture: RunFixture
    private var people = People(numbered: 10..<40)

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
        people.groups = [MemoryGroup("cn=admins,ou=groups", anchor: "a1", name: "admins", members: [Self.dn(10)])]
    }

    private static func dn(_ number: Int) -> String { "uid=p\(number),ou=people" }

    @Test("an administrator's grant that was reviewed is not approved for another email")
    func emailMoves() async throws {
        var people = people
        _ = try await fixture.approve(people.directory)
        people.groups[0].members.append(Self.dn(11))
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        people["p11"]["mail"] = ["intruder@x"]
        // The new email waits with the grant, in a run between and in the approving one.
        let between = try await fixture.plan(people.directory)
        #expect(between.changes == ["held update p11", "held grant p11 Administrators"])
        let approved = try await fixture.apply(people.directory, fixture.filed(id))
        #expect(approved.changes == ["held update p11", "grant p11 Administrators"], "\(approved.record.reason ?? "")")
        #expect(try fixture.probe.rows("SELECT email FROM users WHERE username = 'p11'") == ["email=\"p11@x\""])
        // A run that files both takes the place of the plan that was reviewed.
        people.groups[0].members.append(Self.dn(12))
        let other = try #require(try await fixture.apply(people.directory).record.heldPlan)
        people["p12"]["mail"] = ["intruder2@x"]
        #expect(try await fixture.apply(people.directory).changes.count == 3)
        let superseded = try await fixture.apply(people.directory, fixture.filed(other))
        #expect(superseded.record.outcome == .stale && superseded.record.reason?.contains("is superseded") == true)
    }

    @Test("the grant of an entry that has no account yet covers the names that the account is made with")
    func joinerMoves() async throws {
        var people = people
        _ = try await fixture.approve(people.directory)
        people.add("new", mail: "new@x")
        people.groups[0].members.append("uid=new,ou=people")
        fixture.guards.creations = GuardLimit(percent: 0, count: 0, min: 0)
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        people["new"]["mail"] = ["intruder@x"]
        let grants = ChangeSelection(only: [.action(.grant)])
        let stale = try await fixture.apply(people.directory, fixture.filed(id, grants))
        #expect(stale.record.outcome == .stale, "\(stale.changes)")
        #expect(stale.record.reason?.contains("would now do something else: grant new Administrators") == true)
        #expect(try fixture.probe.administrators() == ["p10"])
    }

    @Test("an application that changes the email of an account whose grant was reviewed makes the approval stale")
    func emailMovesHere() async throws {
        var people = people
        _ = try await fixture.approve(people.directory)
        fixture.rules.attributes.email = nil
        people.groups[0].members.append(Self.dn(11))
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        try fixture.probe.execute("UPDATE users SET email = 'intruder@x' WHERE username = 'p11'")
        let stale = try await fixture.apply(people.directory, fixture.filed(id))
        #expect(stale.record.outcome == .stale && stale.record.reason?.contains("would now do something else") == true)
        #expect(try fixture.probe.administrators() == ["p10"])
    }

    @Test("a reactivation that brings a privileged local membership or a role back waits as a privileged grant does")
    func reactivation() async throws {
        var people = people
        // Others go on without, so that no marker vanishes from all that had it.
        for number in 30..<36 { people["p\(number)"]["employeeType"] = ["ended"] }
        _ = try await fixture.approve(people.directory)
        try fixture.probe.grant("Administrators", to: "p12", isPrivileged: true)
        try fixture.probe.execute("UPDATE users SET role = 'admin' WHERE username = 'p13'")
        for number in 12..<15 { people["p\(number)"]["employeeType"] = ["ended"] }
        #expect(try await fixture.apply(people.directory).record.outcome == .applied)
        for number in 12..<15 { people["p\(number)"]["employeeType"] = [] }
        let back = try await fixture.apply(people.directory)
        #expect(back.changes == ["held reactivate p12", "held reactivate p13", "reactivate p14"])
        #expect(back.holding == [.privilegedGrant] && back.record.guards.first { $0.guardName == .privilegedGrant }?.observed == 2)
        #expect(
            back.rows.flatMap(\.changes).map(\.reason.sentence) == [
                "active again upstream; Administrators comes back with it", "active again upstream; role admin comes back with it",
                "active again upstream",
            ])
        let id = try #require(back.record.heldPlan)
        #expect(try await fixture.apply(people.directory, fixture.filed(id)).changes == ["reactivate p12", "reactivate p13"])
    }

    @Test("a reactivation of an account that kept the privileged membership which a group gives waits as well")
    func reactivationInGroup() async throws {
        _ = try await fixture.approve(people.directory)
        // Deactivated by an application, and released.
        try fixture.probe.execute("UPDATE users SET status = 'inactive' WHERE username = 'p10'")
        try fixture.probe.execute("UPDATE users SET held = 0 WHERE username = 'p10'")
        let back = try await fixture.apply(people.directory)
        #expect(back.changes == ["held reactivate p10"] && back.holding == [.privilegedGrant])
        #expect(back.rows.flatMap(\.changes).map(\.reason.sentence) == ["active again upstream; Administrators comes back with it"])
        let id = try #require(back.record.heldPlan)
        #expect(try await fixture.apply(people.directory, fixture.filed(id)).changes == ["reactivate p10"])
        #expect(try fixture.probe.administrators() == ["p10"])
    }

    @Test("the group behind a reviewed grant was replaced by another of its name: the approval is stale, and pins nothing")
    func groupReplaced() async throws {
        var people = people
        fixture.rules.groups.append(GroupRule(selector: .name(FoldedKey("ops")), grant: try PatternTemplate("Ops"), text: "ops"))
        fixture.rules.permissionGroups.append(PermissionGroup(name: "Ops", isPrivileged: true))
        people.groups.append(MemoryGroup("cn=ops,ou=groups", anchor: "o1", name: "ops", members: [Self.dn(11)]))
        _ = try await fixture.approve(people.directory)
        people.groups[1].members.append(Self.dn(12))
        let first = try #require(try await fixture.apply(people.directory).record.heldPlan)
        people.groups[1] = MemoryGroup("cn=ops,ou=groups", anchor: "o2", name: "ops", members: [Self.dn(11), Self.dn(12)])
        let stale = try await fixture.apply(people.directory, fixture.filed(first))
        #expect(stale.record.outcome == .stale)
        #expect(stale.record.reason?.contains("would now do something else: grant p12 Ops") == true)
        #expect(try fixture.probe.rows("SELECT CAST(anchor AS TEXT) AS a FROM group_pins WHERE name = 'ops'") == ["a=\"o1\""])
        // The grant is shown as privileged also where another guard holds it.
        let shown = try await fixture.apply(people.directory)
        let grant = try #require(shown.rows.flatMap(\.changes).first { $0.action == .grant })
        #expect(grant.heldBy == .groupReplaced && grant.isPrivileged)
        #expect(shown.record.guards.contains { $0.guardName == .groupReplaced && $0.message.contains("o2") && $0.message.contains("o1") })
    }

    @Test("a nested group on the way that was replaced makes the approval stale as well")
    func nestedReplaced() async throws {
        var people = people
        people.groups[0].members.append("cn=team,ou=groups")
        people.groups.append(MemoryGroup("cn=team,ou=groups", anchor: "t1", name: "team", members: []))
        _ = try await fixture.approve(people.directory)
        people.groups[1].members = [Self.dn(11)]
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        people.groups[1] = MemoryGroup("cn=team,ou=groups", anchor: "t2", name: "team", members: [Self.dn(11)])
        let stale = try await fixture.apply(people.directory, fixture.filed(id))
        #expect(stale.record.outcome == .stale && stale.record.reason?.contains("would now do something else") == true, "\(stale.changes)")
        #expect(try fixture.probe.administrators() == ["p10"])
    }

    @Test("a permission group that has become privileged since makes the approval of its grants stale")
    func privilegeMoves() async throws {
        var people = people
        people.groups.append(MemoryGroup("cn=dev-x,ou=groups", anchor: "x", name: "dev-x", members: (10..<30).map(Self.dn)))
        fixture.rules.permissionGroups.append(PermissionGroup(name: "Team x"))
        _ = try await fixture.approve(people.directory)
        people.groups[1].members = (30..<40).map(Self.dn)
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        try fixture.probe.execute("UPDATE permission_groups SET privileged = 1 WHERE name = 'Team x'")
        let stale = try await fixture.apply(people.directory, fixture.filed(id))
        #expect(stale.record.outcome == .stale, "\(stale.changes)")
    }

    @Test("a guard that was not shown, and holds the reading that the approval would go by, makes it stale")
    func unshownGuard() async throws {
        var people = people
        _ = try await fixture.approve(people.directory)
        people.groups[0].members.append(Self.dn(11))
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        for number in 20..<30 { people.remove("p\(number)") }
        let stale = try await fixture.apply(people.directory, fixture.filed(id))
        #expect(stale.record.outcome == .stale)
        #expect(stale.record.reason?.hasPrefix("shrink holds what was approved, and did not when it was reviewed") == true)
        #expect(try fixture.probe.administrators() == ["p10"])
    }

    @Test("what is held now by another guard than was shown in a plan file is not approved by it")
    func unshownInFile() async throws {
        var people = people
        _ = try await fixture.approve(people.directory)
        for number in 20..<26 { people.remove("p\(number)") }
        fixture.guards.deactivations = GuardLimit(percent: 90, min: 90)
        people["p30"]["mail"] = ["other@x"]
        let plan = try await fixture.plan(people.directory)
        fixture.shownGuards = Set(plan.holding)
        fixture.guards.deactivations = GuardLimit(percent: 5, min: 5)
        let run = try await fixture.apply(people.directory, .approving(try #require(plan.record.planDigest)))
        #expect(run.record.outcome == .stale && run.record.reason?.contains("deactivations holds what was approved") == true)
    }

    @Test("a plan that an earlier version has filed is shown, and approving it says to plan again")
    func earlierVersion() async throws {
        var people = people
        _ = try await fixture.approve(people.directory)
        people.groups[0].members.append(Self.dn(11))
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        try fixture.probe.execute("UPDATE held_plans SET digest = NULL")
        #expect(try StoreReader(path: fixture.path).heldPlan(id)?.changes == 1)
        let stale = try await fixture.apply(people.directory, fixture.filed(id))
        #expect(stale.record.outcome == .stale && stale.record.reason?.contains("was filed by an earlier version") == true)
        let again = try #require(try await fixture.apply(people.directory).record.heldPlan)
        #expect(try await fixture.apply(people.directory, fixture.filed(again)).record.outcome == .applied)
    }

    @Test("two plans whose names begin alike have names of their own, and an approval finds the one that was shown")
    func names() async throws {
        var people = people
        _ = try await fixture.approve(people.directory)
        people.groups[0].members.append(Self.dn(11))
        let dry = try await fixture.plan(people.directory)
        let changes = dry.rows.flatMap(\.changes)
        var builder = DigestBuilder()
        for change in changes { change.digest.withBytes { builder.add($0) } }
        let digest = builder.digest()
        // Another plan has the short name already, as if its digest had been sought out.
        people.groups[0].members[1] = Self.dn(12)
        let other = try #require(try await fixture.apply(people.directory).record.heldPlan)
        let short = HeldPlanID(digest)
        try fixture.probe.execute("UPDATE held_plans SET id = '\(short)' WHERE id = '\(other)'")
        people.groups[0].members[1] = Self.dn(11)
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        #expect(id == HeldPlanID(digest, length: 9) && id != short)
        func plan(_ id: HeldPlanID) throws -> HeldPlan? { try StoreReader(path: fixture.path).heldPlan(id) }
        #expect(try plan(short)?.state == .superseded && plan(id)?.digest == digest)
        // The whole digest names it too.
        #expect(try plan(try #require(HeldPlanID("\(digest)")))?.id == id)
        let stale = try await fixture.apply(people.directory, fixture.filed(short))
        #expect(
            stale.record.outcome == .stale && stale.record.reason?.contains("superseded") == true,
            "\(stale.record.outcome) \(stale.record.reason ?? "")")
        #expect(try await fixture.apply(people.directory, fixture.filed(id)).changes == ["grant p11 Administrators"])
    }

    @Test("accounts that were found nowhere need no words of their own, though parts of the directory lie on other servers")
    func notFound() async throws {
        _ = try await fixture.approve(people.directory)
        fixture.accepts = []
        var few = people
        for number in 12..<40 { few.remove("p\(number)") }
        var elsewhere = few.directory
        for number in 12..<40 {
            elsewhere.presences[Anchor("id-p\(number)".utf8)] = .notBelowBase(PartialContext(base: "ou=people", context: "o=x"))
        }
        let id = try #require(try await fixture.apply(elsewhere).record.heldPlan)
        #expect(try await fixture.apply(elsewhere, fixture.filed(id)).record.summary[.deactivate] == 28)
    }

    @Test("an empty source, and accounts that are there but out of scope, are approved only in so many words")
    func acceptances() async throws {
        _ = try await fixture.approve(people.directory)
        fixture.accepts = []
        let none = MemoryDirectory(MemorySnapshot(people: []))
        let empty = try #require(try await fixture.apply(none).record.heldPlan)
        let refused = try await fixture.apply(none, fixture.filed(empty))
        #expect(refused.record.outcome == .stale && refused.record.reason?.contains("`--accept empty`") == true)
        // Another base, say, so that nearly all are found elsewhere.
        var few = people
        for number in 12..<40 { few.remove("p\(number)") }
        var elsewhere = few.directory
        for number in 13..<40 { elsewhere.presences[Anchor("id-p\(number)".utf8)] = .leftScope(dn: Text(Self.dn(number))) }
        let id = try #require(try await fixture.apply(elsewhere).record.heldPlan)
        let scope = try await fixture.apply(elsewhere, fixture.filed(id))
        #expect(scope.record.outcome == .stale)
        #expect(
            scope.record.reason
                == "27 of the 28 accounts that would lose access by absence are in the directory, outside the config's base or filter; if that is meant, approve with `--accept scope`"
        )
        #expect(try fixture.probe.rows("SELECT count(*) AS n FROM users WHERE status = 'active'") == ["n=30"])
        fixture.accepts = [.scope]
        #expect(try await fixture.apply(elsewhere, fixture.filed(id)).record.summary[.deactivate] == 28)
        // Of those that are gone nothing needs to be said.
        fixture.accepts = []
        few.remove("p11")
        #expect(try await fixture.apply(few.directory).record.outcome == .applied)
    }
}
