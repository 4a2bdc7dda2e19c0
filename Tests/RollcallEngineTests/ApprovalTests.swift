import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Testing

@Suite("Approval names changes, not the world")
struct ApprovalTests {
    private let fixture: RunFixture
    private var people = People((10..<30).map { "p\($0)" })

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
        people.groups = [MemoryGroup("cn=admins,ou=groups", anchor: "g1", name: "admins", members: ["uid=p10,ou=people"])]
    }

    private func filed() throws -> [HeldPlan] { try StoreReader(path: fixture.path).heldPlans(all: true) }

    private func approve(_ id: HeldPlanID, _ people: People) async throws -> RunReport {
        try await fixture.apply(people.directory, .filed(id))
    }

    @Test("a held plan is filed once, however often it is held, and superseded by another one")
    func filing() async throws {
        let first = try await fixture.apply(people.directory)
        let id = try #require(first.record.heldPlan)
        #expect(try await fixture.apply(people.directory).record.heldPlan == id)
        #expect(try filed().map(\.state) == [.open] && filed().first?.changes == 21)
        #expect(try filed().first.map { $0.filed < $0.seen } == true)
        var more = people
        more["p30"] = MemoryPerson("uid=p30,ou=people", ["entryUUID": ["id-p30"], "uid": ["p30"], "mail": ["p30@x"]])
        let other = try #require(try await fixture.apply(more.directory).record.heldPlan)
        #expect(other != id)
        #expect(try filed().map(\.state) == [.open, .superseded])
        let late = try await approve(id, more)
        #expect(late.record.outcome == .stale && late.record.reason?.contains("is superseded by \(other)") == true)
        #expect(try await fixture.plan(people.directory).record.heldPlan == nil, "a dry run files nothing")
    }

    @Test("a plan that is held again and again is kept once, and each of its runs shows it")
    func keptOnce() async throws {
        let first = try await fixture.apply(people.directory)
        let rows = "SELECT count(*) AS n FROM audit WHERE kind = 1"
        let once = try fixture.probe.rows(rows)
        let second = try await fixture.apply(people.directory)
        _ = try await fixture.apply(MemoryDirectory(MemorySnapshot(people: [])))
        let third = try await fixture.apply(people.directory)
        #expect(try fixture.probe.rows(rows) == once && once == ["n=\(first.rows.count)"])
        for report in [first, second, third] {
            var kept: [PlanRow] = []
            try StoreReader(path: fixture.path).run(report.record.id.description)?.forEachRow { row in
                kept.append(row)
                return true
            }
            #expect(kept == first.rows && report.rows == first.rows)
        }
        var more = people
        more.remove("p20")
        _ = try await fixture.apply(more.directory)
        #expect(try fixture.probe.rows(rows) != once)
        #expect(try await fixture.apply(people.directory).rows == first.rows)
        let plan = try #require(try filed().first { $0.state == .open })
        #expect(try await approve(plan.id, people).record.outcome == .applied)
    }

    @Test("F1: what was approved goes through, what is new is judged by itself, and twice is once")
    func approving() async throws {
        _ = try await fixture.approve(people.directory)
        var people = people
        people.groups[0].members.append("uid=p11,ou=people")
        people["p12"]["mail"] = ["new@x"]
        let held = try await fixture.apply(people.directory)
        #expect(Set(held.changes) == ["held grant p11 Administrators", "update p12"])
        let id = try #require(held.record.heldPlan)
        // Meanwhile another one was put into the group, and somebody has left.
        people.groups[0].members.append("uid=p13,ou=people")
        people.remove("p14")
        let approved = try await approve(id, people)
        #expect(approved.record.outcome == .appliedPartly && approved.record.isApproved)
        #expect(
            Set(approved.changes) == [
                "grant p11 Administrators", "held grant p13 Administrators", "deactivate p14",
            ])
        #expect(
            approved.record.warnings.last?.string
                == "plan \(id) is approved: 1 of its 1 changes are still to do, also in this run: 2 that it did not name")
        #expect(try filed().map(\.state) == [.open, .approved] && filed().last?.decidedBy == "tester")
        let again = try await approve(id, people)
        #expect(again.record.outcome == .stale && again.record.reason?.contains("was approved already by tester") == true)
        #expect(try await fixture.apply(people.directory).changes == ["held grant p13 Administrators"])
    }

    @Test("what is no longer to do drops out; when nothing is left, nothing is held against anybody")
    func vanishing() async throws {
        _ = try await fixture.approve(people.directory)
        var people = people
        people.groups[0].members += ["uid=p11,ou=people", "uid=p12,ou=people"]
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        people.groups[0].members.removeLast()
        let approved = try await approve(id, people)
        #expect(approved.record.outcome == .applied && approved.changes == ["grant p11 Administrators"])
        #expect(approved.record.warnings.last?.string == "plan \(id) is approved: 1 of its 2 changes are still to do, 1 no longer to do")
    }

    @Test("F1: a change that would now do something else makes the approval stale, by name")
    func moving() async throws {
        _ = try await fixture.approve(people.directory)
        var people = people
        people["p10"]["mail"] = ["one@x"]
        people.groups[0].members.append("uid=p11,ou=people")
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        people["p10"]["mail"] = ["two@x"]
        let before = try fixture.probe.rows("SELECT * FROM users")
        let stale = try await approve(id, people)
        #expect(stale.record.outcome == .stale && stale.rows.isEmpty)
        #expect(stale.record.reason?.hasPrefix("1 of the 2 approved changes would now do something else: update p10;") == true)
        #expect(try fixture.probe.rows("SELECT * FROM users") == before)
        #expect(try filed().first?.state == .open)
    }

    @Test("a whole plan that a guard holds passes for what was reviewed; the rest waits on")
    func wholePlan() async throws {
        _ = try await fixture.approve(people.directory)
        var people = people
        for number in 20..<28 { people.remove("p\(number)") }
        people["p15"]["mail"] = ["ordinary@x"]
        let held = try await fixture.apply(people.directory)
        #expect(held.record.outcome == .held && held.holding == [.deactivations, .shrink])
        let id = try #require(held.record.heldPlan)
        // Half an hour later the others are gone as well.
        people.remove("p28")
        people["p16"]["mail"] = ["later@x"]
        let approved = try await approve(id, people)
        #expect(approved.record.outcome == .appliedPartly)
        #expect(approved.changes.filter { $0.hasPrefix("deactivate") }.count == 8)
        #expect(Set(approved.changes.filter { $0.hasPrefix("held") }) == ["held deactivate p28", "held update p16"])
        #expect(try fixture.probe.rows("SELECT email FROM users WHERE username = 'p15'") == ["email=\"ordinary@x\""])
        // The shrunken directory was approved, and one more leaver is ordinary.
        #expect(Set(try await fixture.apply(people.directory).changes) == ["deactivate p28", "update p16"])
    }

    @Test("F1: other rules, another source and a day make it stale")
    func old() async throws {
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        fixture.rulesDigest = Digest(hashing: [9])
        #expect(try await approve(id, people).record.reason?.hasPrefix("the config's rules have changed since") == true)
        fixture.rulesDigest = Digest(hashing: [1])
        fixture.now = fixture.now + Span(seconds: 86_400)
        let late = try await approve(id, people)
        #expect(late.record.outcome == .stale && late.record.reason?.contains("is older than 1d") == true)
        // A run that holds the same makes it fresh.
        #expect(try await fixture.apply(people.directory).record.heldPlan == id)
        #expect(try await approve(id, people).record.outcome == .applied)
        let unknown = try #require(HeldPlanID("00000000"))
        #expect(try await approve(unknown, people).record.reason == "no held plan is called 00000000; `rollcall plans` lists them")
    }

    @Test("a rejected plan stays rejected as long as it is the same")
    func rejecting() async throws {
        _ = try await fixture.approve(people.directory)
        var people = people
        people.groups[0].members.append("uid=p11,ou=people")
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        let store = SQLiteStore(path: fixture.path, holder: "pid 1, a test")
        _ = try store.reject(id, by: "ann", at: fixture.now)
        #expect(throws: StoreError.self) { try store.reject(id, by: "bob", at: fixture.now) }
        #expect(try await fixture.apply(people.directory).record.heldPlan == id)
        #expect(try filed().first.map { ($0.state, $0.decidedBy) }.map { $0 == .rejected && $1 == "ann" } == true)
        people.groups[0].members.append("uid=p12,ou=people")
        let other = try #require(try await fixture.apply(people.directory).record.heldPlan)
        #expect(try filed().first?.state == .open)
        _ = try store.reject(other, by: "bob", at: fixture.now)
        #expect(try await approve(other, people).record.outcome == .applied, "approving takes a rejection back")
        #expect(try filed().first { $0.id == other }?.state == .approved)
        people.groups[0].members.append("uid=p13,ou=people")
        _ = try await fixture.apply(people.directory)
        people.groups[0].members.removeLast()
        _ = try await fixture.apply(people.directory)
        #expect(try filed().allSatisfy { $0.state == .obsolete || $0.id == other })
        let audit = try fixture.probe.rows("SELECT count(*) AS n FROM audit WHERE kind = 3")
        #expect(audit == ["n=3"])
        guard case .whole = try StoreReader(path: fixture.path).verifyAudit(against: nil) else {
            Issue.record("the audit log is broken")
            return
        }
    }
}
