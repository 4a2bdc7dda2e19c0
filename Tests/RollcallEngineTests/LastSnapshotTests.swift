import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Testing

@Suite("Runs while the source cannot be read")
struct LastSnapshotTests {
    private let fixture: RunFixture
    private var people = People(["ann", "bob", "cyd", "dan"])

    init() async throws {
        fixture = try RunFixture(rules: try People.rules())
        fixture.rules.status.append(
            StatusRule(test: .expired(try World.name("shadowExpire")), outcome: .inactive, text: "expired: shadowExpire"))
        fixture.rules.lifecycle.deleteAfter = .days(1)
        // Day 20763 is a day after the fixture's clock begins, day 20764 two days.
        people["ann"]["shadowExpire"] = ["20765"]
        people["bob"]["shadowExpire"] = ["20767"]
        people.groups = [MemoryGroup("cn=admins", anchor: "g1", name: "dev-a", members: ["uid=ann,ou=people", "uid=cyd,ou=people"])]
        _ = try await fixture.approve(people.directory)
    }

    private func expire() async throws -> RunReport {
        fixture.now = fixture.now + Span(seconds: 1)
        return try await fixture.run(LastSnapshot(), .daemon) { try RunReport($0) }
    }

    private func overdue() throws -> Bool { try StoreReader(path: fixture.path).isSomebodyOverdue(at: fixture.now) }

    @Test("access ends at its time, and everything else waits for the source")
    func expiry() async throws {
        #expect(try !overdue())
        #expect(try await expire().record.outcome == .inSync)
        let sources = try fixture.probe.rows("SELECT watermark, users, groups, fill, last_applied FROM sources")
        let groups = try fixture.probe.rows("SELECT anchor, members FROM upstream_groups")
        fixture.now = fixture.now + .days(3)
        #expect(try overdue())
        let run = try await expire()
        #expect(run.changes == ["deactivate ann"])
        let grants = "SELECT u.username FROM grants g JOIN users u ON u.id = g.user_id WHERE g.origin = 'source'"
        #expect(try fixture.probe.rows(grants) == ["username=\"cyd\""])
        #expect(run.rows.first?.changes.first?.reason.sentence.contains("expired: shadowExpire") == true)
        #expect(run.record.source.proof?.extent == .lastSnapshot && run.record.source.proof?.users == 4)
        #expect(run.record.warnings.contains { $0.string.hasPrefix("the source was not read") })
        #expect(try fixture.probe.rows("SELECT username FROM users WHERE status = 'active'").count == 3)
        #expect(try !overdue())
        // What later runs compare with has not moved, and the source finds nothing left to do.
        #expect(try fixture.probe.rows("SELECT watermark, users, groups, fill, last_applied FROM sources") == sources)
        #expect(try fixture.probe.rows("SELECT anchor, members FROM upstream_groups") == groups)
        let next = try await fixture.apply(people.directory)
        #expect(next.changes == [] && next.record.outcome == .inSync)
    }

    @Test("nobody is given anything, deleted or purged, and whoever an administrator changed is left alone")
    mutating func nothingElse() async throws {
        people.remove("dan")
        #expect(try await fixture.apply(people.directory).changes == ["deactivate dan"])
        try fixture.probe.execute("UPDATE users SET display_name = 'x' WHERE username = 'cyd'")
        try fixture.probe.execute("UPDATE users SET status = 'inactive' WHERE username = 'ann'")
        fixture.now = fixture.now + .days(30)
        let run = try await expire()
        #expect(run.changes == ["deactivate bob"])
    }

    @Test("a plan that waits goes on waiting")
    mutating func heldPlan() async throws {
        people.groups.append(MemoryGroup("cn=admins2", anchor: "g2", name: "admins", members: ["uid=cyd,ou=people"]))
        let plan = try #require(try await fixture.apply(people.directory).record.heldPlan)
        fixture.now = fixture.now + .days(3)
        let run = try await expire()
        #expect(run.record.outcome == .applied && run.record.heldPlan == nil)
        let plans = try StoreReader(path: fixture.path).heldPlans()
        #expect(plans.map(\.id) == [plan] && plans.first?.state == .open)
    }

    @Test("a clock that ends everybody's access is held like any other mass change, and files nothing")
    mutating func mass() async throws {
        var many = People(numbered: 0..<40)
        for index in 0..<40 { many["p\(index)"]["shadowExpire"] = ["20800"] }
        let other = try RunFixture(rules: fixture.rules)
        _ = try await other.approve(many.directory)
        other.now = other.now + .days(100)
        let run = try await other.run(LastSnapshot(), .daemon) { try RunReport($0) }
        #expect(run.record.outcome == .held && run.holding == [.deactivations] && run.record.heldPlan == nil)
        #expect(try other.probe.rows("SELECT id FROM users WHERE status <> 'active'").isEmpty)
        #expect(try StoreReader(path: other.path).heldPlans().isEmpty)
    }

    @Test("other rules than those that were applied end nobody's access")
    func otherRules() async throws {
        fixture.rulesDigest = Digest(hashing: [9])
        fixture.now = fixture.now + .days(30)
        let run = try await expire()
        #expect(run.record.outcome == .incomplete && run.changes == [])
        #expect(run.record.reason?.contains("the rules are other ones") == true)
    }
}
