import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Testing

@Suite("Approval names changes, not the world")
struct ApprovalTests {
    private let fixture: RunFixture
    private var people = People(numbered: 10..<30)

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
        people.groups = [MemoryGroup("cn=admins,ou=groups", anchor: "g1", name: "admins", members: ["uid=p10,ou=people"])]
    }

    private func filed() throws -> [HeldPlan] { try StoreReader(path: fixture.path).heldPlans(all: true) }

    private func approve(_ id: HeldPlanID, _ people: People) async throws -> RunReport {
        try await fixture.apply(people.directory, fixture.filed(id))
    }

    @Test("a held plan is filed once, however often it is held, and superseded by another one")
    func filing() async throws {
        let first = try await fixture.apply(people.directory)
        let id = try #require(first.record.heldPlan)
        #expect(try await fixture.apply(people.directory).record.heldPlan == id)
        #expect(try filed().map(\.state) == [.open] && filed().first?.changes == 22)
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

    @Test("E4: a joiner is created without the privileged grant, and approving the plan that held it gives it")
    func joiner() async throws {
        var people = People(["ann", "bob"])
        people.groups = [MemoryGroup("cn=admins,ou=groups", anchor: "g1", name: "admins", members: ["uid=ann,ou=people"])]
        _ = try await fixture.approve(people.directory)
        people.add("cyd", mail: "cyd@x")
        people.groups[0].members.append("uid=cyd,ou=people")
        let joined = try await fixture.apply(people.directory)
        #expect(joined.changes == ["create cyd", "held grant cyd Administrators"])
        let id = try #require(joined.record.heldPlan)
        #expect(try await approve(id, people).changes == ["grant cyd Administrators"])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("a plan that is held again and again is kept once, and each of its runs shows it")
    func keptOnce() async throws {
        let first = try await fixture.apply(people.directory)
        let rows = "SELECT count(*) AS n FROM audit WHERE kind = 1"
        let once = try fixture.probe.rows(rows)
        let second = try await fixture.apply(people.directory)
        var cut = MemorySnapshot(people: [])
        cut.failure = (0, SourceError(.incomplete, subject: "memory", message: "cut"))
        _ = try await fixture.apply(MemoryDirectory(cut))
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
        // The shrunken directory was approved, and one more leaver is ordinary; but these two were held, so a person looks at them.
        let rest = try await fixture.apply(people.directory)
        #expect(Set(rest.changes) == ["held deactivate p28", "held update p16"] && rest.holding == [.shrink])
        let second = try await approve(try #require(rest.record.heldPlan), people)
        #expect(second.record.outcome == .applied && Set(second.changes) == ["deactivate p28", "update p16"])
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
        let store = fixture.store
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

/// Approving while everything else goes on.
@Suite("Approval in a directory that changes all the time")
struct ChangingApprovalTests {
    private let fixture: RunFixture
    private var people = People(numbered: 100..<200)

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
        people.groups = [
            MemoryGroup("cn=admins,ou=groups", anchor: "g1", name: "admins", members: ["uid=p100,ou=people"]),
            MemoryGroup("cn=dev-red,ou=groups", anchor: "g2", name: "dev-red", members: ["uid=p101,ou=people"]),
        ]
    }

    /// An hour of an ordinary day: an email, a joiner, a leaver and a member of a team.
    private func passHour(_ number: Int, _ people: inout People) {
        fixture.now = fixture.now + Span(seconds: 8 * 3600)
        people["p\(110 + number)"]["mail"] = ["hour\(number)@x"]
        people.add("joiner\(number)", mail: "joiner\(number)@x")
        people.remove("p\(130 + number)")
        people.groups[1].members.append("uid=p\(150 + number),ou=people")
    }

    @Test("F1: twelve plans approved one after the other while people join, leave and change: each grants what it named and nothing else")
    func following() async throws {
        var people = people
        _ = try await fixture.approve(people.directory)
        var expected: Set = ["p100"]
        for number in 0..<12 {
            people.groups[0].members.append("uid=p\(170 + number),ou=people")
            let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
            passHour(2 * number, &people)
            // Between filing and approving an ordinary run goes by, and somebody else puts themselves into the group.
            _ = try await fixture.apply(people.directory)
            passHour(2 * number + 1, &people)
            people.groups[0].members.append("uid=p\(190 + number % 5),ou=people")
            let approved = try await fixture.apply(people.directory, fixture.filed(id))
            expected.insert("p\(170 + number)")
            #expect(approved.record.outcome == .appliedPartly, "\(number): \(approved.record.reason ?? "")")
            #expect(approved.changes.filter { $0.hasPrefix("held") } == ["held grant p\(190 + number % 5) Administrators"])
            #expect(try fixture.probe.administrators() == expected, "\(number)")
            people.groups[0].members.removeLast()
            // Twice is once.
            let again = try await fixture.apply(people.directory, fixture.filed(id))
            #expect(again.record.outcome == .stale && again.record.reason?.contains("was approved already by tester") == true)
        }
    }

    @Test("F1: of a plan whose changes have moved nothing is applied, each is named, and what waits then can be approved")
    func moved() async throws {
        var people = people
        people.groups[0].members = (100..<104).map { "uid=p\($0),ou=people" }
        _ = try await fixture.approve(people.directory)
        for number in 100..<104 { people["p\(number)"]["mail"] = ["new\(number)@x"] }
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        // One moves on, one goes back, one leaves, one stays as it was; and an ordinary change beside them.
        people["p100"]["mail"] = ["other@x"]
        people["p101"]["mail"] = ["p101@x"]
        people.remove("p102")
        people["p120"]["mail"] = ["ordinary@x"]
        let before = try fixture.probe.rows("SELECT * FROM users")
        let stale = try await fixture.apply(people.directory, fixture.filed(id))
        #expect(stale.record.outcome == .stale, "\(stale.record.outcome)")
        #expect(stale.record.reason?.contains("1 of the 4 approved changes would now do something else: update p100") == true)
        #expect(try fixture.probe.rows("SELECT * FROM users") == before)
        let next = try await fixture.apply(people.directory)
        #expect(Set(next.changes) == ["held update p100", "deactivate p102", "held update p103", "update p120"])
        let other = try #require(next.record.heldPlan)
        #expect(try await fixture.apply(people.directory, fixture.filed(other)).changes == ["update p100", "update p103"])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("F1: what is approved passes the guards, and what has come since is judged without it")
    func judgedApart() async throws {
        var people = people
        fixture.guards.shrink = GuardLimit(percent: 50, min: 5)
        _ = try await fixture.approve(people.directory)
        for number in 110..<130 { people.remove("p\(number)") }
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        // Five more are within the limit, and six are not.
        for number in 130..<135 { people.remove("p\(number)") }
        var six = people
        six.remove("p135")
        let held = try await fixture.apply(six.directory, fixture.filed(id))
        #expect(
            held.record.outcome == .appliedPartly && held.changes.filter { $0.hasPrefix("held") }.count == 6,
            "\(held.record.reason ?? "") \(held.changes)")
        // One of the six is back; the others wait on, for no person has approved them.
        let rest = try await fixture.apply(people.directory)
        #expect(rest.record.outcome == .held && rest.changes.count == 5 && rest.holding == [.deactivations], "\(rest.changes)")
        let left = try #require(rest.record.heldPlan)
        #expect(try await fixture.apply(people.directory, fixture.filed(left)).record.outcome == .applied)
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("F2: of several who approve the same plan at once one applies it, and the others are told", arguments: [2, 6])
    func together(_ count: Int) async throws {
        var people = people
        _ = try await fixture.approve(people.directory)
        people.groups[0].members.append("uid=p170,ou=people")
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        let directory = people.directory
        let consent = try fixture.filed(id)
        let environments = (0..<count).map { number in
            let now = fixture.now + Span(seconds: Int64(number + 1))
            return RunEnvironment(
                source: directory, store: SQLiteStore(path: fixture.path, holder: "approver \(number)"), rules: fixture.rules,
                rulesDigest: fixture.rulesDigest, guards: fixture.guards, sourceType: "ldap", clock: { now }, random: { UInt32(number) })
        }
        let ended = await withTaskGroup(of: (RunRecord.Outcome, String).self) { group in
            for (number, environment) in environments.enumerated() {
                group.addTask {
                    let finished = await Run(environment, RunRequest(mode: .apply, consent: consent, actor: Text("approver \(number)")))
                        .execute()
                    defer { finished.close() }
                    return (finished.record.outcome, finished.record.reason ?? "")
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(ended.filter { $0.0 == .applied }.count == 1, "\(ended)")
        for (outcome, reason) in ended where outcome != .applied {
            let isTold = outcome == .failed ? reason.contains("approver ") : outcome == .stale && reason.contains("approved already by")
            #expect(isTold, "\(outcome) \(reason)")
        }
        #expect(try fixture.probe.administrators() == ["p100", "p170"])
        #expect(try fixture.probe.rows("SELECT count(*) AS n FROM audit WHERE kind = 3") == ["n=1"])
    }
}
