import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Testing

@Suite("What is held is applied by approval only")
struct StandingHoldTests {
    private let fixture: RunFixture
    private var people = People(numbered: 100..<200)

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
        people.groups = [MemoryGroup("cn=dev-x,ou=groups", anchor: "x", name: "dev-x", members: (100..<130).map(Self.dn))]
    }

    private static func dn(_ number: Int) -> String { "uid=p\(number),ou=people" }

    private func members() throws -> Int {
        try fixture.probe.rows(
            "SELECT g.user_id FROM grants g JOIN permission_groups p ON p.id = g.group_id WHERE p.name = 'Team x'"
        ).count
    }

    @Test("thirty members replaced by thirty others: the grants do not thin out what is held, in the next run or any later one")
    func replaced() async throws {
        var people = people
        _ = try await fixture.approve(people.directory)
        people.groups[0].members = (130..<160).map(Self.dn)
        let first = try await fixture.apply(people.directory)
        #expect(first.record.summary[.grant] == 30 && first.record.summary.held == 30 && first.holding == [.groupRevocations])
        #expect(try members() == 60)
        for _ in 0..<3 {
            fixture.now = fixture.now + Span(seconds: 200_000)
            let next = try await fixture.apply(people.directory)
            #expect(next.record.outcome == .held && next.record.summary.held == 30 && next.holding == [.groupRevocations])
            #expect(try members() == 60)
        }
        // Further ones are judged by what there was when the hold began.
        people.groups[0].members.removeFirst()
        let more = try await fixture.apply(people.directory)
        #expect(more.record.summary.held == 31, "\(more.changes)")
        let id = try #require(more.record.heldPlan)
        #expect(try await fixture.apply(people.directory, fixture.filed(id)).record.outcome == .applied)
        #expect(try members() == 29)
        // Approved, the guard counts by what there is.
        people.groups[0].members.removeFirst()
        #expect(try await fixture.apply(people.directory).record.outcome == .applied)
    }

    @Test("when upstream no longer asks for any of it, the hold is over and the guard compares with what there is")
    func thaws() async throws {
        var people = people
        _ = try await fixture.approve(people.directory)
        people.groups[0].members = (130..<160).map(Self.dn)
        _ = try await fixture.apply(people.directory)
        people.groups[0].members = (100..<160).map(Self.dn)
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
        people.groups[0].members = (115..<160).map(Self.dn)
        let run = try await fixture.apply(people.directory)
        #expect(run.record.outcome == .applied && run.record.summary[.revoke] == 15, "\(run.holding)")
    }

    @Test("a whole plan that a count has held is held on while one of the changes is wanted that were counted")
    func whole() async throws {
        var people = people
        _ = try await fixture.approve(people.directory)
        for number in 150..<160 { people.remove("p\(number)") }
        #expect(try await fixture.apply(people.directory).holding == [.deactivations])
        // All but two come back, and the limit is raised.
        for number in 150..<158 { people.add("p\(number)", mail: "p\(number)@x") }
        fixture.guards.deactivations = GuardLimit(percent: 90, min: 90)
        let rest = try await fixture.apply(people.directory)
        #expect(rest.record.outcome == .held && rest.holding == [.deactivations] && rest.record.summary[.deactivate] == 2)
        #expect(
            rest.record.guards.first { $0.guardName == .deactivations }?.message
                == "2 of these changes wait since an earlier run, until a person approves them")
        // Others that were never held do not prolong it.
        for number in 158..<160 { people.add("p\(number)", mail: "p\(number)@x") }
        people.remove("p170")
        #expect(try await fixture.apply(people.directory).record.outcome == .applied)
    }

    @Test("approving a part of it leaves the rest held")
    func part() async throws {
        var people = people
        _ = try await fixture.approve(people.directory)
        people.groups[0].members = (130..<160).map(Self.dn)
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        let only = ChangeSelection(only: [.user(FoldedKey("p100"), shown: "p100"), .user(FoldedKey("p101"), shown: "p101")])
        let part = try await fixture.apply(people.directory, fixture.filed(id, only))
        #expect(part.record.outcome == .appliedPartly && part.record.summary.held == 28, "\(part.record.reason ?? "")")
        #expect(part.changes.filter { !$0.hasPrefix("held") } == ["revoke p100 Team x", "revoke p101 Team x"])
        let rest = try await fixture.apply(people.directory)
        #expect(rest.record.outcome == .held && rest.record.summary.held == 28)
        let left = try #require(rest.record.heldPlan)
        let except = ChangeSelection(except: [.user(FoldedKey("p102"), shown: "p102")])
        let all = try await fixture.apply(people.directory, fixture.filed(left, except))
        #expect(all.changes.filter { $0.hasPrefix("held") } == ["held revoke p102 Team x"])
        // A selection that picks nothing out approves nothing.
        let last = try #require(all.record.heldPlan)
        let none = ChangeSelection(only: [.user(FoldedKey("nemo"), shown: "nemo")])
        let nothing = try await fixture.apply(people.directory, fixture.filed(last, none))
        #expect(nothing.record.outcome == .stale && nothing.record.reason?.hasPrefix("no change of plan \(last) is selected") == true)
    }

    @Test(
        "approving a part of what holds for its reading or its rules leaves the rest held, in the next run and any later one",
        arguments: [false, true])
    func partOfWhole(_ isFirst: Bool) async throws {
        var people = people
        if !isFirst {
            _ = try await fixture.approve(people.directory)
            fixture.rulesDigest = Digest(hashing: [2])
            for number in 100..<103 { people["p\(number)"]["mail"] = ["new\(number)@x"] }
        }
        let held = try await fixture.apply(people.directory)
        #expect(held.record.outcome == .held && held.holding == [isFirst ? .firstRun : .scope])
        let id = try #require(held.record.heldPlan)
        let except = ChangeSelection(except: [.user(FoldedKey("p101"), shown: "p101")])
        #expect(try await fixture.apply(people.directory, fixture.filed(id, except)).record.outcome == .appliedPartly)
        for _ in 0..<2 {
            let rest = try await fixture.apply(people.directory)
            #expect(rest.changes == (isFirst ? ["held create p101", "held grant p101 Team x"] : ["held update p101"]), "\(rest.changes)")
            #expect(rest.record.outcome == .held && rest.holding == [isFirst ? .firstRun : .scope])
        }
        let left = try #require(try await fixture.apply(people.directory).record.heldPlan)
        #expect(try await fixture.apply(people.directory, fixture.filed(left)).record.outcome == .applied)
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("a reading that lacked too much has its leavers held on when it lacks less")
    func shrink() async throws {
        var people = people
        fixture.guards.deactivations = GuardLimit(percent: nil, min: 0)
        _ = try await fixture.approve(people.directory)
        let before = people
        for number in 160..<190 { people.remove("p\(number)") }
        #expect(try await fixture.apply(people.directory).holding == [.shrink])
        people = before
        for number in 160..<164 { people.remove("p\(number)") }
        let less = try await fixture.apply(people.directory)
        #expect(less.record.outcome == .held && less.holding == [.shrink])
        #expect(
            less.record.guards.first { $0.guardName == .shrink }?.message
                == "4 of these changes wait since an earlier run, until a person approves them")
        let id = try #require(less.record.heldPlan)
        #expect(try await fixture.apply(people.directory, fixture.filed(id)).record.outcome == .applied)
        people.remove("p164")
        #expect(try await fixture.apply(people.directory).changes == ["deactivate p164"])
    }

    @Test("of a plan held for attributes that are gone, only what may come from that waits on")
    func absence() async throws {
        var people = people
        fixture.rules.attributes.givenName = FieldSource([.attribute(AttributeName(known: "givenName"))])
        fixture.rules.attributes.familyName = FieldSource([.attribute(AttributeName(known: "sn"))])
        for number in 100..<120 { people["p\(number)"]["givenName"] = ["Given"] }
        people["p130"]["sn"] = ["Family"]
        people["p131"]["employeeType"] = ["ended"]
        _ = try await fixture.approve(people.directory)
        for number in 100..<120 { people["p\(number)"]["givenName"] = [] }
        people["p130"]["sn"] = []
        people["p131"]["employeeType"] = []
        let held = try await fixture.apply(people.directory)
        #expect(held.record.outcome == .held && held.holding == [.attributeGone], "\(held.holding)")
        for number in 101..<120 { people["p\(number)"]["givenName"] = ["Given"] }
        // Who lost it waits on, and the whole plan with it.
        let one = try await fixture.apply(people.directory)
        #expect(one.record.outcome == .held && one.holding == [.attributeGone] && one.changes.count == 3, "\(one.changes)")
        #expect(
            one.record.guards.first { $0.guardName == .attributeGone }?.message
                == "1 of these changes waits since an earlier run, until a person approves it")
        people["p100"]["givenName"] = ["Given"]
        let rest = try await fixture.apply(people.directory)
        #expect(rest.record.outcome == .applied && rest.changes == ["update p130", "reactivate p131"], "\(rest.changes)")
    }

    @Test("what an approval left of an empty directory waits by itself, and is approved without saying again that it is meant to be empty")
    func partOfEmpty() async throws {
        var people = people
        _ = try await fixture.approve(people.directory)
        let id = try #require(try await fixture.apply(People([]).directory).record.heldPlan)
        let only = ChangeSelection(only: [.user(FoldedKey("p100"), shown: "p100")])
        fixture.accepts = [.empty, .scope]
        #expect(try await fixture.apply(People([]).directory, fixture.filed(id, only)).record.outcome == .appliedPartly)
        // All but three are there again.
        for number in 100..<103 { people.remove("p\(number)") }
        people.groups = []
        let rest = try await fixture.apply(people.directory)
        #expect(rest.holding.contains(.empty) && rest.changes.contains("held deactivate p101"), "\(rest.holding) \(rest.changes)")
        #expect(rest.record.guards.contains { $0.guardName == .empty && $0.verdict == .held && $0.reach == .changes })
        fixture.accepts = [.scope]
        let left = try #require(rest.record.heldPlan)
        let next = ChangeSelection(only: [.user(FoldedKey("p101"), shown: "p101")])
        let approved = try await fixture.apply(people.directory, fixture.filed(left, next))
        #expect(
            approved.changes.filter { $0.hasSuffix("deactivate p101") || $0.hasSuffix("deactivate p102") } == [
                "deactivate p101", "held deactivate p102",
            ], "\(approved.record.reason ?? "")")
    }

    @Test("a rejected change is neither new nor gone in the plan that supersedes the one it was rejected in")
    func rejectedDifference() async throws {
        var people = people
        people.groups.append(MemoryGroup("cn=admins,ou=groups", anchor: "a", name: "admins", members: [Self.dn(100)]))
        _ = try await fixture.approve(people.directory)
        people.groups[1].members += [Self.dn(101), Self.dn(102)]
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        _ = try fixture.store.reject(id, ChangeSelection(only: [.user(FoldedKey("p102"), shown: "p102")]), by: "ann", at: fixture.now)
        people.groups[1].members.append(Self.dn(103))
        let next = try await fixture.apply(people.directory)
        let difference = Text("supersedes \(id): 1 added (new grant p103 Administrators)")
        #expect(next.record.warnings.contains(difference), "\(next.record.warnings)")
    }

    @Test("a part of what a shrunken reading holds is no approval of the reading")
    func partOfShrink() async throws {
        var people = people
        fixture.guards.deactivations = GuardLimit(percent: nil, min: 0)
        people.groups.append(MemoryGroup("cn=admins,ou=groups", anchor: "a", name: "admins", members: [Self.dn(100)]))
        _ = try await fixture.approve(people.directory)
        for number in 160..<190 { people.remove("p\(number)") }
        people.groups[1].members.append(Self.dn(101))
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        let part = try await fixture.apply(people.directory, fixture.filed(id, ChangeSelection(except: [.action(.grant)])))
        #expect(part.record.outcome == .appliedPartly && part.changes.filter { $0.hasPrefix("held") } == ["held grant p101 Administrators"])
        #expect(part.record.guards.first { $0.guardName == .shrink }?.verdict == .held)
    }

    @Test("what needs an account waits with it")
    func behindAccounts() async throws {
        var people = people
        people.groups.append(MemoryGroup("cn=admins,ou=groups", anchor: "a", name: "admins", members: [Self.dn(100)]))
        people["p150"]["employeeType"] = ["ended"]
        people["p151"]["employeeType"] = ["ended"]
        _ = try await fixture.approve(people.directory)
        fixture.guards.creations = GuardLimit(percent: 0, count: 0, min: 0)
        people.add("new", mail: "new@x")
        people.groups[0].members += ["uid=new,ou=people", Self.dn(150)]
        people.groups[1].members = ["uid=new,ou=people"]
        people["p150"]["employeeType"] = []
        people["p100"]["employeeType"] = ["ended"]
        people["p120"]["mail"] = ["other@x"]
        let held = try await fixture.apply(people.directory)
        let id = try #require(held.record.heldPlan)
        let grants = ChangeSelection(except: [.action(.create), .action(.reactivate)])
        let part = try await fixture.apply(people.directory, fixture.filed(id, grants))
        #expect(part.record.outcome == .appliedPartly, "\(part.record.reason ?? "")")
        #expect(part.changes.filter { $0.contains("p150") } == ["held reactivate p150", "held grant p150 Team x"], "\(part.changes)")
        #expect(part.changes.filter { $0.contains("new") }.allSatisfy { $0.hasPrefix("held") }, "\(part.changes)")
        // Without the account nobody else is an administrator, so who is stays.
        #expect(part.holding.contains(.lastHolder))
        #expect(try fixture.probe.rows("SELECT status FROM users WHERE username = 'p100'") == ["status=\"active\""])
        _ = try await fixture.approve(people.directory)
        _ = try await fixture.apply(people.directory)
        #expect(
            try fixture.probe.rows("SELECT status FROM users WHERE username IN ('p100', 'new', 'p150') ORDER BY username") == [
                #"status="active""#, #"status="inactive""#, #"status="active""#,
            ])
    }

    @Test("what was rejected, left out or waits for another holder waits by itself: the plan is no longer held for it")
    func decided() async throws {
        var people = people
        people.groups.append(MemoryGroup("cn=admins,ou=groups", anchor: "a", name: "admins", members: [Self.dn(140)]))
        _ = try await fixture.approve(people.directory)
        try fixture.probe.grant("Administrators", to: "p150", isPrivileged: true)
        fixture.guards.deactivations = GuardLimit(percent: nil, count: 3, min: 0)
        for number in 140..<144 { people.remove("p\(number)") }
        people.groups[1].members = []
        let held = try await fixture.apply(people.directory)
        #expect(held.record.outcome == .held && held.holding.contains(.deactivations))
        let id = try #require(held.record.heldPlan)
        let store = SQLiteStore(path: fixture.path, holder: "pid 1, a test")
        _ = try store.reject(id, ChangeSelection(only: [.user(FoldedKey("p141"), shown: "p141")]), by: "ann", at: fixture.now)
        // By now the first of them is the last administrator.
        try fixture.probe.execute("DELETE FROM grants WHERE origin = 'local'")
        let except = ChangeSelection(except: [.user(FoldedKey("p142"), shown: "p142")])
        let part = try await fixture.apply(people.directory, fixture.filed(id, except))
        #expect(part.changes.filter { !$0.hasPrefix("held") } == ["deactivate p143"], "\(part.changes)")
        people["p100"]["mail"] = ["other@x"]
        for _ in 0..<2 {
            let next = try await fixture.apply(people.directory)
            #expect(next.record.outcome == .appliedPartly || next.record.outcome == .held, "\(next.record.reason ?? "")")
            #expect(!next.record.guards.contains { $0.verdict == .held && $0.reach == .plan }, "\(next.record.guards)")
            #expect(
                next.changes.filter { $0.hasPrefix("held deactivate") }
                    == ["held deactivate p140", "held deactivate p141", "held deactivate p142"])
        }
        #expect(try fixture.probe.rows("SELECT email FROM users WHERE username = 'p100'") == ["email=\"other@x\""])
    }

    @Test("an approver does not apply their own change that only waits since an earlier run, by plan file either")
    func ownStanding() async throws {
        var people = people
        people["p150"]["employeeType"] = ["ended"]
        for number in 160..<170 { people["p\(number)"]["employeeType"] = ["ended"] }
        _ = try await fixture.approve(people.directory)
        fixture.guards.reactivations = GuardLimit(percent: nil, count: 1, min: 0)
        people["p150"]["employeeType"] = []
        people["p160"]["employeeType"] = []
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        fixture.approver = Approver(name: "p150 (uid 7)", shortName: "p150", accounts: [FoldedKey("p150")])
        let approved = try await fixture.apply(people.directory, fixture.filed(id))
        #expect(approved.changes == ["held reactivate p150", "reactivate p160"] && approved.holding == [.ownAccess])
        let again = try await fixture.approve(people.directory)
        #expect(again.changes == ["held reactivate p150"] && again.holding == [.ownAccess], "\(again.changes)")
        fixture.approver = Approver(name: "p151 (uid 8)", shortName: "p151", accounts: [FoldedKey("p151")])
        #expect(try await fixture.approve(people.directory).changes == ["reactivate p150"])
    }

    @Test("a plan that is rejected after it was shown is not approved by what was shown")
    func rejectedMeanwhile() async throws {
        var people = people
        people.groups.append(MemoryGroup("cn=admins,ou=groups", anchor: "a", name: "admins", members: [Self.dn(100)]))
        _ = try await fixture.approve(people.directory)
        people.groups[1].members.append(Self.dn(101))
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        let shown = try fixture.filed(id)
        let store = SQLiteStore(path: fixture.path, holder: "pid 1, a test")
        let digest = try #require(try StoreReader(path: fixture.path).heldPlan(id)?.digest)
        // By its whole digest, as a script would say it.
        _ = try store.reject(try #require(HeldPlanID(digest.description)), by: "ann", at: fixture.now)
        #expect(try StoreReader(path: fixture.path).heldPlan(id)?.state == .rejected)
        let stale = try await fixture.apply(people.directory, shown)
        #expect(stale.record.outcome == .stale && stale.record.reason?.contains("was rejected by ann after it was shown") == true)
        #expect(try await fixture.apply(people.directory, fixture.filed(id)).record.outcome == .applied)
    }

    @Test("a change that a person rejected is held and marked in every later plan, and approved only where it is named")
    func rejected() async throws {
        var people = people
        people.groups.append(MemoryGroup("cn=admins,ou=groups", anchor: "a", name: "admins", members: [Self.dn(100)]))
        _ = try await fixture.approve(people.directory)
        let store = fixture.store
        people.groups[1].members.append(Self.dn(101))
        let first = try #require(try await fixture.apply(people.directory).record.heldPlan)
        _ = try store.reject(first, by: "ann", at: fixture.now)
        // Riding in a plan with another one, and gone and back again, it is marked still.
        people.groups[1].members.append(Self.dn(102))
        for _ in 0..<2 {
            let both = try await fixture.apply(people.directory)
            #expect(both.rows.flatMap(\.changes).map(\.heldBy) == [.rejection, .privilegedGrant], "\(both.changes)")
            #expect(both.holding.contains(.rejection))
            people.groups[1].members.removeFirst(2)
            people.groups[1].members.insert(Self.dn(100), at: 0)
            _ = try await fixture.apply(people.directory)
            people.groups[1].members.insert(Self.dn(101), at: 1)
        }
        let plan = try #require(try await fixture.apply(people.directory).record.heldPlan)
        // An approval of the plan does not carry it along; one that names it does.
        let approved = try await fixture.apply(people.directory, fixture.filed(plan))
        #expect(approved.changes == ["held grant p101 Administrators", "grant p102 Administrators"])
        let left = try #require(try await fixture.apply(people.directory).record.heldPlan)
        #expect(
            try await fixture.apply(people.directory, fixture.filed(left, ChangeSelection(only: [.action(.grant)]))).changes
                == ["grant p101 Administrators"])
        #expect(try fixture.probe.rows("SELECT count(*) AS n FROM rejected_changes") == ["n=0"])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("a plan as a whole applies what a person rejected only when the approval says so")
    func rejectedInWhole() async throws {
        var people = people
        people.groups.append(MemoryGroup("cn=admins,ou=groups", anchor: "a", name: "admins", members: [Self.dn(100)]))
        _ = try await fixture.approve(people.directory)
        people.groups[1].members.append(Self.dn(101))
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        _ = try fixture.store.reject(id, by: "ann", at: fixture.now)
        people["p102"]["mail"] = ["other@x"]
        let digest = try #require(try await fixture.plan(people.directory).record.planDigest)
        fixture.accepts = [.empty, .scope]
        let refused = try await fixture.apply(people.directory, .approving(digest))
        #expect(refused.record.outcome == .stale)
        #expect(refused.record.reason?.hasPrefix("1 change of the plan was rejected by a person") == true, "\(refused.record.reason ?? "")")
        fixture.accepts = [.rejected]
        let accepted = try await fixture.apply(people.directory, .approving(digest))
        #expect(accepted.changes == ["grant p101 Administrators", "update p102"])
        #expect(try fixture.probe.rows("SELECT count(*) AS n FROM rejected_changes") == ["n=0"])
    }

    @Test("a part of a plan can be rejected; the plan stays open for the rest")
    func rejectedPart() async throws {
        var people = people
        people.groups.append(MemoryGroup("cn=admins,ou=groups", anchor: "a", name: "admins", members: [Self.dn(100)]))
        _ = try await fixture.approve(people.directory)
        people.groups[1].members += [Self.dn(101), Self.dn(102)]
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        let store = fixture.store
        _ = try store.reject(id, ChangeSelection(only: [.user(FoldedKey("p102"), shown: "p102")]), by: "ann", at: fixture.now)
        #expect(try StoreReader(path: fixture.path).heldPlan(id)?.state == .open)
        // An approval right afterwards does not carry it along, and what is left is rejected with the rest.
        let approved = try await fixture.apply(people.directory, fixture.filed(id))
        #expect(approved.changes == ["grant p101 Administrators", "held grant p102 Administrators"], "\(approved.record.reason ?? "")")
        people.groups[1].members += [Self.dn(103)]
        let next = try await fixture.apply(people.directory)
        #expect(next.rows.flatMap(\.changes).map(\.heldBy) == [.rejection, .privilegedGrant])
        let other = try #require(next.record.heldPlan)
        let error = #expect(throws: StoreError.self) {
            try store.reject(other, ChangeSelection(only: [.action(.purge)]), by: "ann", at: fixture.now)
        }
        #expect(error?.message.contains("no change of plan") == true)
        _ = try store.reject(other, ChangeSelection(only: [.user(FoldedKey("p103"), shown: "p103")]), by: "ann", at: fixture.now)
        #expect(try StoreReader(path: fixture.path).heldPlan(other)?.state == .rejected)
    }

    @Test("unknown anchors that were held stay held when many more users make them few")
    func anchors() async throws {
        var people = people
        _ = try await fixture.approve(people.directory)
        fixture.guards.anchorsChanged = GuardLimit(percent: 3, min: 1)
        for number in 100..<104 { people["p\(number)"]["entryUUID"] = ["other-\(number)"] }
        let held = try await fixture.apply(people.directory)
        #expect(held.holding.contains(.anchorsChanged))
        fixture.guards.creations = GuardLimit(percent: nil, count: 10_000, min: 10_000)
        for number in 1000..<1200 { people.add("p\(number)", mail: "p\(number)@x") }
        let next = try await fixture.apply(people.directory)
        #expect(next.record.summary[.create] == 200)
        let later = try await fixture.apply(people.directory)
        #expect(later.changes.filter { !$0.hasPrefix("held") } == [] && later.record.summary[.deactivate] == 4, "\(later.changes)")
        #expect(try fixture.probe.rows("SELECT count(*) AS n FROM users WHERE status = 'active'") == ["n=300"])
    }
}
