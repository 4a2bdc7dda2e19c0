import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Testing

@Suite("Nobody changes themselves")
struct ApproverTests {
    private let fixture: RunFixture
    private var people = People((10..<30).map { "p\($0)" } + ["alice", "bob"])
    private static let alice = Approver(name: "alice (uid 1000)", shortName: "alice", accounts: [FoldedKey("Alice")])
    private static let bob = Approver(name: "bob (uid 1001)", shortName: "bob", accounts: [FoldedKey("bob")])
    private static let root = Approver(
        name: "root (uid 0), by sudo for alice (uid 1000)", shortName: "alice", accounts: [FoldedKey("root"), FoldedKey("alice")],
        isRoot: true)

    init() async throws {
        fixture = try RunFixture(rules: try People.rules())
        people.groups = [MemoryGroup("cn=admins,ou=groups", anchor: "g1", name: "admins", members: ["uid=p10,ou=people"])]
        _ = try await fixture.approve(people.directory)
        people.groups[0].members += ["uid=alice,ou=people", "uid=bob,ou=people"]
    }

    private func admins() throws -> [String] {
        var names: [String] = []
        _ = try StoreReader(path: fixture.path).forEachMember(of: "Administrators") { name, _, _ in
            names.append(name.string)
            return true
        }
        return names
    }

    @Test("a filed plan: all but the approver's own passes, and somebody else lets the rest pass")
    func filed() async throws {
        let held = try #require(try await fixture.apply(people.directory).record.heldPlan)
        fixture.approver = ApproverTests.alice
        let approved = try await fixture.apply(people.directory, fixture.filed(held))
        #expect(approved.record.outcome == .appliedPartly && approved.record.summary.held == 1)
        #expect(approved.changes == ["held grant alice Administrators", "grant bob Administrators"])
        #expect(approved.holding == [.ownAccess])
        #expect(approved.record.guards.last?.message == "1 approved change waits for somebody else than alice")
        #expect(try admins() == ["bob", "p10"])
        let rest = try #require(approved.record.heldPlan)
        let again = try await fixture.apply(people.directory, fixture.filed(rest))
        #expect(again.record.outcome == .held && again.record.summary.held == 1)
        #expect(try StoreReader(path: fixture.path).heldPlan(rest)?.state == .open)
        fixture.approver = ApproverTests.bob
        #expect(try await fixture.apply(people.directory, fixture.filed(rest)).record.outcome == .applied)
        #expect(try admins() == ["alice", "bob", "p10"])
    }

    @Test("a plan file: all but the approver's own passes, and an ordinary change of theirs does")
    func planFile() async throws {
        var moved = people
        moved["alice"]["mail"] = ["new@x"]
        fixture.approver = ApproverTests.alice
        let approved = try await fixture.approve(moved.directory)
        #expect(approved.changes.sorted() == ["grant bob Administrators", "held grant alice Administrators", "update alice"])
        #expect(approved.record.outcome == .appliedPartly && approved.holding == [.ownAccess])
        #expect(try await fixture.apply(moved.directory).changes == ["held grant alice Administrators"])
    }

    @Test("when a guard holds the whole plan, the approver's own deactivation waits too; without one it does not")
    func wholePlan() async throws {
        var moved = people
        moved.groups[0].members = ["uid=p10,ou=people"]
        for name in ["alice"] + (11..<18).map({ "p\($0)" }) { moved[name]["employeeType"] = ["ended"] }
        fixture.approver = ApproverTests.alice
        let held = try #require(try await fixture.apply(moved.directory).record.heldPlan)
        for consent in [
            RunRequest.Consent.approving(try #require(try await fixture.plan(moved.directory).record.planDigest)), try fixture.filed(held),
        ] {
            let dry = try await fixture.run(moved.directory, .plan, consent) { try RunReport($0) }
            #expect(dry.changes.filter { $0.hasPrefix("held") } == ["held deactivate alice"], "\(consent)")
            #expect(dry.holding == [.ownAccess], "\(consent)")
        }
        let approved = try await fixture.approve(moved.directory)
        #expect(approved.record.outcome == .appliedPartly && approved.changes.count == 8)
        #expect(try fixture.probe.rows("SELECT 1 AS n FROM users WHERE username = 'alice' AND status = 'active'") == ["n=1"])
        // It is ordinary now, and needs nobody.
        fixture.approver = nil
        _ = try await fixture.approve(moved.directory)
        #expect(try fixture.probe.rows("SELECT 1 AS n FROM users WHERE username = 'alice' AND status = 'inactive'") == ["n=1"])
    }

    @Test("what root approves stands, and is told")
    func root() async throws {
        fixture.approver = ApproverTests.root
        let approved = try await fixture.approve(people.directory)
        #expect(approved.record.outcome == .applied && approved.holding.isEmpty)
        #expect(
            approved.record.warnings.contains { "\($0)".contains("1 of the approved changes") && "\($0)".contains("by sudo for alice") })
        #expect(approved.record.actor == ApproverTests.root.name)
    }

    @Test("an approver who would create their own account with privileges gets the account without them")
    func newcomer() async throws {
        var moved = people
        moved["zoe"] = MemoryPerson("uid=zoe,ou=people", ["entryUUID": ["id-zoe"], "uid": ["zoe"], "mail": ["zoe@x"]])
        moved.groups[0].members = ["uid=p10,ou=people", "uid=zoe,ou=people"]
        fixture.approver = Approver(name: "zoe (uid 7)", shortName: "zoe", accounts: [FoldedKey("zoe")])
        #expect(try await fixture.approve(moved.directory).changes == ["create zoe", "held grant zoe Administrators"])
    }
}

@Suite("A paused source, and plans that follow each other")
struct PauseTests {
    private let fixture: RunFixture
    private var people = People(numbered: 10..<30)

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
        people.groups = [MemoryGroup("cn=admins,ou=groups", anchor: "g1", name: "admins", members: ["uid=p10,ou=people"])]
    }

    @Test("nothing is read, applied or approved, what waits goes on waiting, and a plan says so")
    func paused() async throws {
        let held = try #require(try await fixture.apply(people.directory).record.heldPlan)
        try fixture.carryOut(.pause(reason: "we \u{1B}[31mmove"))
        var unreadable = people.snapshot
        unreadable.failure = (0, SourceError(.unreachable, subject: "x", message: "down"))
        for consent in [RunRequest.Consent.none, try fixture.filed(held)] {
            let run = try await fixture.apply(MemoryDirectory(unreadable), consent)
            #expect(run.record.outcome == .held && run.record.isPaused && run.record.source.proof == nil)
            #expect(run.record.reason?.hasPrefix("the source is paused by alice (uid 1000) since ") == true)
            #expect(run.record.heldPlan == nil)
        }
        #expect(try StoreReader(path: fixture.path).heldPlan(held)?.state == .open)
        let plan = try await fixture.plan(people.directory)
        #expect(plan.record.summary.changes == 22 && plan.record.warnings.contains { "\($0)".contains("`rollcall resume`") })
        try fixture.carryOut(.resume)
        #expect(try await fixture.apply(people.directory, fixture.filed(held)).record.outcome == .applied)
    }

    @Test("a plan that supersedes another says what came, what went and what changed")
    func difference() async throws {
        let first = try #require(try await fixture.apply(people.directory).record.heldPlan)
        var more = people
        more.remove("p11")
        more["p30"] = MemoryPerson("uid=p30,ou=people", ["entryUUID": ["id-p30"], "uid": ["p30"], "mail": ["p30@x"]])
        more["p12"]["mail"] = ["other@x"]
        let second = try await fixture.apply(more.directory)
        let sentence = "supersedes \(first): 1 added, 1 no longer, 1 changed (no longer create p11, changed create p12, new create p30)"
        #expect(second.record.warnings.contains(Text(sentence)))
        #expect(try StoreReader(path: fixture.path).heldPlans().first?.difference == Text(sentence))
        #expect(try await fixture.apply(more.directory).record.warnings.allSatisfy { !"\($0)".contains("supersedes") })
        #expect(try StoreReader(path: fixture.path).heldPlans().first?.difference == Text(sentence))
    }

    @Test("a source that went back is refused until it is accepted, and then let through once")
    func accepting() async throws {
        func directory(_ time: String) -> MemoryDirectory {
            var snapshot = people.snapshot
            snapshot.watermark = "\(time)000000.000000Z#000000#001#000000"
            return MemoryDirectory(snapshot)
        }
        _ = try await fixture.approve(directory("20260601"))
        let refused = try await fixture.apply(directory("20260501"))
        #expect(refused.record.outcome == .incomplete && refused.record.reason?.contains("rollcall source accept") == true)
        try fixture.carryOut(.acceptSource(server: "memory", watermark: "20260501000000.000000Z#000000#001#000000", clock: .latest))
        #expect(try await fixture.apply(directory("20260501")).record.outcome == .inSync)
        #expect(try await fixture.apply(directory("20260401")).record.outcome == .incomplete)
    }
}
