import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

@Suite("What happens to accounts over time")
struct LifecycleTests {
    private let fixture: RunFixture

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
        fixture.rules.lifecycle.deleteAfter = .days(30)
        fixture.guards.deactivations.min = 100
        fixture.guards.reactivations.min = 100
    }

    private func status(of name: String) throws -> [String] {
        try fixture.probe.column("SELECT status FROM users WHERE username = '\(name)'")
    }

    @Test("somebody gone is inactive at once, deleted after the wait, and the same user when they come back")
    func goneAndBack() async throws {
        var people = People(["ann", "bob", "cyd"])
        _ = try await fixture.approve(people.directory)
        let ann = people["ann"]
        people.remove("ann")
        #expect(try await fixture.apply(people.directory).changes == ["deactivate ann"])
        fixture.now = fixture.now + .days(29)
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
        fixture.now = fixture.now + .days(1)
        let deletion = try await fixture.apply(people.directory)
        #expect(deletion.changes == ["delete ann"])
        #expect(deletion.rows.first?.changes.first?.reason.sentence == "gone: the directory has no such entry any more; 30d have passed")
        #expect(try status(of: "ann") == ["deleted"])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
        people["ann"] = ann
        #expect(try await fixture.apply(people.directory).changes == ["reactivate ann"])
        #expect(try status(of: "ann") == ["active"])
        // The wait begins anew.
        people.remove("ann")
        #expect(try await fixture.apply(people.directory).changes == ["deactivate ann"])
        fixture.now = fixture.now + .days(1)
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("a deleted user is removed only when config says so, with all that hung on them, and the audit log keeps their name")
    func purge() async throws {
        fixture.rules.lifecycle.purgeAfter = .days(10)
        var people = People(["ann", "bob"])
        _ = try await fixture.approve(people.directory)
        try fixture.probe.grant("Team", to: "ann")
        people.remove("ann")
        for (wait, changes) in [(0, ["deactivate ann"]), (30, ["delete ann"]), (9, []), (1, ["purge ann"]), (1, [])] {
            fixture.now = fixture.now + .days(Int64(wait))
            #expect(try await fixture.apply(people.directory).changes == changes, "\(wait)")
        }
        #expect(try status(of: "ann") == [])
        #expect(try fixture.probe.claimProblems() == [])
        #expect(try fixture.probe.rows("SELECT user_id FROM grants WHERE user_id = 1") == [])
        // The name is free for whoever comes.
        people.add("ann", mail: "ann@x")
        #expect(try await fixture.apply(people.directory).changes == ["create ann"])
    }

    @Test("whose absence cannot be confirmed any longer is not deleted, and neither is who is found in place")
    func freshEvidence() async throws {
        var people = People(["ann", "bob"])
        _ = try await fixture.approve(people.directory)
        people.remove("ann")
        _ = try await fixture.apply(people.directory)
        fixture.now = fixture.now + .days(31)
        var busy = people.directory
        busy.presences[Anchor("id-ann".utf8)] = .unknown("busy")
        let unconfirmed = try await fixture.apply(busy)
        #expect(unconfirmed.changes == [] && unconfirmed.remarks == ["warning unconfirmed ann"])
        busy.presences[Anchor("id-ann".utf8)] = .inScope
        #expect(try await fixture.apply(busy).record.outcome == .incomplete)
        #expect(try status(of: "ann") == ["inactive"])
        busy.presences[Anchor("id-ann".utf8)] = .leftScope(dn: "uid=ann,ou=left")
        let left = try await fixture.apply(busy)
        #expect(left.rows.first?.changes.first?.reason.sentence == "left scope: uid=ann,ou=left; 30d have passed")
    }

    @Test("a rule that deletes makes inactive first, and at once with `now`; whoever is to be deleted is not created first")
    func deletingRule() async throws {
        for (word, isImmediate) in [("left", false), ("fired", true)] {
            let filter = "(employeeType=\(word))"
            var rule = StatusRule(test: .when(.ldap(try Filter(parsing: filter))), outcome: .deleted, text: filter)
            rule.isImmediate = isImmediate
            fixture.rules.status.append(rule)
        }
        var people = People(["ann", "bob", "cyd"])
        people["cyd"]["employeeType"] = ["left"]
        #expect(try await fixture.approve(people.directory).changes == ["create ann", "create bob"])
        people["ann"]["employeeType"] = ["left"]
        people["bob"]["employeeType"] = ["fired"]
        #expect(try await fixture.apply(people.directory).changes == ["deactivate ann", "delete bob"])
        fixture.now = fixture.now + .days(30)
        let deletion = try await fixture.apply(people.directory)
        #expect(deletion.changes == ["delete ann"])
        #expect(deletion.rows.first?.changes.first?.reason.sentence == "status rule 2: (employeeType=left); 30d have passed")
        people["ann"]["employeeType"] = []
        people["bob"]["employeeType"] = ["ended"]
        #expect(try await fixture.apply(people.directory).changes == ["reactivate ann"])
        #expect(try status(of: "bob") == ["deleted"])
    }

    @Test("what an administrator did stays: a hold is not deleted, a deletion is not undone, a reactivation begins the wait anew")
    func administrators() async throws {
        var people = People(["ann", "bob", "cyd"])
        _ = try await fixture.approve(people.directory)
        try fixture.probe.execute("UPDATE users SET status = 'inactive' WHERE username = 'ann'")
        try fixture.probe.execute("UPDATE users SET status = 'deleted' WHERE username = 'bob'")
        let drift = try await fixture.apply(people.directory)
        #expect(drift.changes == [] && drift.remarks == ["drift held_here ann", "drift deleted_here bob"])
        people.remove("ann")
        people.remove("cyd")
        #expect(try await fixture.apply(people.directory).changes == ["deactivate cyd"])
        fixture.now = fixture.now + .days(31)
        try fixture.probe.execute("UPDATE users SET status = 'active' WHERE username = 'cyd'")
        let later = try await fixture.apply(people.directory)
        #expect(later.changes == ["deactivate cyd"] && later.remarks == ["drift held_here ann", "drift deleted_here bob"])
        #expect(try await fixture.apply(people.directory).changes == [])
        #expect(try status(of: "ann") == ["inactive"])
    }

    @Test("new users are invited or wait for an administrator when config says so, and nobody's invitation is skipped")
    func newUsers() async throws {
        var people = People(["ann"])
        people.groups = [
            MemoryGroup("cn=dev,ou=groups", anchor: "g1", name: "dev-red", members: ["uid=ann,ou=people", "uid=bob,ou=people"])
        ]
        fixture.rules.lifecycle.newUsers = .invited
        #expect(try await fixture.approve(people.directory).changes == ["create ann", "grant ann Team red"])
        #expect(try status(of: "ann") == ["invited"])
        people["ann"]["employeeType"] = ["ended"]
        #expect(try await fixture.apply(people.directory).changes == ["deactivate ann"])
        people["ann"]["employeeType"] = []
        #expect(try await fixture.apply(people.directory).changes == ["reactivate ann", "grant ann Team red"])
        #expect(try status(of: "ann") == ["invited"])
        fixture.rules.lifecycle.newUsers = .inactive
        people.add("bob", mail: "bob@x")
        #expect(try await fixture.apply(people.directory).changes == ["create bob"])
        let waiting = try await fixture.apply(people.directory)
        #expect(waiting.changes == [] && waiting.remarks == ["drift held_here bob"])
        try fixture.probe.execute("UPDATE users SET status = 'active' WHERE username = 'bob'")
        #expect(try await fixture.apply(people.directory).changes == ["grant bob Team red"])
    }

    @Test("a new entry without the attribute that tells its status waits, or becomes what config says; an unreadable one waits")
    func statusMissing() async throws {
        let filter = "(userAccountControl:1.2.840.113556.1.4.803:=2)"
        fixture.rules.status.append(StatusRule(test: .when(.ldap(try Filter(parsing: filter))), outcome: .inactive, text: filter))
        let people = People(["ann"])
        #expect(try await fixture.plan(people.directory).remarks == ["conflict status_unknown ann"])
        fixture.rules.lifecycle.statusMissing = .inactive
        let inactive = try await fixture.plan(people.directory)
        #expect(inactive.changes == ["create ann"] && inactive.rows.last?.changes.first?.fields.last?.after == "inactive")
        fixture.rules.lifecycle.statusMissing = .active
        let active = try await fixture.plan(people.directory)
        #expect(active.rows.last?.changes.first?.fields.last?.after == "active")
        var odd = people
        odd["ann"]["userAccountControl"] = ["lots"]
        #expect(try await fixture.plan(odd.directory).remarks == ["conflict status_unknown ann"])
    }

    @Test("of a new entry whose status is missing, nothing is laid before a person that the next run would not find again")
    func statusMissingAndPrivileged() async throws {
        let disabled = "(userAccountControl:1.2.840.113556.1.4.803:=2)"
        fixture.rules.status.append(StatusRule(test: .when(.ldap(try Filter(parsing: disabled))), outcome: .inactive, text: disabled))
        fixture.rules.lifecycle.statusMissing = .active
        var people = People(["ann"])
        people["ann"]["userAccountControl"] = ["512"]
        _ = try await fixture.approve(people.directory)
        people.add("bob", mail: "bob@x")
        people.groups = [
            MemoryGroup("cn=admins,ou=groups", anchor: "g8", name: "admins", members: ["uid=bob,ou=people"]),
            MemoryGroup("cn=dev-red,ou=groups", anchor: "g9", name: "dev-red", members: ["uid=bob,ou=people"]),
        ]
        let joined = try await fixture.apply(people.directory)
        #expect(joined.changes == ["create bob", "grant bob Team red"] && joined.record.heldPlan == nil)
        #expect(try await fixture.apply(people.directory).changes == [])
        people["bob"]["userAccountControl"] = ["512"]
        #expect(try await fixture.apply(people.directory).changes == ["held grant bob Administrators"])
    }

    @Test("a lock that passes is reported, and deactivates only when config says so")
    func temporaryLock() async throws {
        var rule = StatusRule(test: .when(.ldap(try Filter(parsing: "(pwdState=lock)"))), outcome: .inactive, text: "(pwdState=lock)")
        rule.isTemporary = true
        fixture.rules.status.append(rule)
        var people = People(["ann"])
        _ = try await fixture.approve(people.directory)
        people["ann"]["pwdState"] = ["lock"]
        let reported = try await fixture.plan(people.directory)
        #expect(reported.changes == [] && reported.remarks == ["drift temporary_lock ann"])
        fixture.rules.lifecycle.temporaryLock = .inactive
        #expect(try await fixture.plan(people.directory).changes == ["deactivate ann"])
    }

    @Test("whose access ends within a week is named, whether the run looks at them or not")
    func expiring() async throws {
        fixture.rules.status.append(
            StatusRule(test: .expired(try World.name("shadowExpire")), outcome: .inactive, text: "expired: shadowExpire"))
        var people = People(["ann", "bob", "cyd"])
        let today = fixture.now.unixSeconds / 86_400
        people["ann"]["shadowExpire"] = ["\(today + 3)"]
        people["bob"]["shadowExpire"] = ["\(today + 9)"]
        _ = try await fixture.approve(people.directory)
        for skipsNothing in [false, true] {
            let warnings = try await fixture.plan(people.directory, skipsNothing: skipsNothing).record.warnings.map(\.string)
            #expect(warnings.filter { $0.hasPrefix("1 user loses access within 1w: ann (") }.count == 1, "\(warnings)")
        }
        people["ann"]["shadowExpire"] = ["\(today + 30)"]
        people["cyd"]["shadowExpire"] = ["\(today + 1)"]
        let moved = try await fixture.plan(people.directory).record.warnings.map(\.string)
        #expect(moved.filter { $0.hasPrefix("1 user loses access within 1w: cyd (") }.count == 1, "\(moved)")
    }

    @Test("C5: a clock that jumped back brings nobody back, one that jumped ahead ends nobody's access, and a long pause is no jump")
    func clocks() async throws {
        fixture.rules.status.append(
            StatusRule(test: .expired(try World.name("shadowExpire")), outcome: .inactive, text: "expired: shadowExpire"))
        var people = People(["ann", "bob"])
        let start = fixture.now
        let today = start.unixSeconds / 86_400
        people["ann"]["shadowExpire"] = ["\(today - 1)"]
        people["bob"]["shadowExpire"] = ["\(today + 10)"]
        _ = try await fixture.approve(people.directory)
        fixture.now = Instant.epoch
        let back = try await fixture.plan(people.directory, skipsNothing: true)
        #expect(back.changes == [] && back.record.warnings.first?.string.contains("before the last applied run") == true)
        // The source was changed yesterday, and neither it nor a run knows of the seventy years since.
        fixture.now = start + .days(26_000)
        var marked = people.directory
        marked.timeMarks = TimeMarks(newestChange: start)
        let ahead = try await fixture.plan(marked)
        #expect(ahead.changes == [] && ahead.record.warnings.first?.string.contains("more than a year") == true)
        // A source that tells its clock is believed within a day.
        fixture.now = start + .days(20)
        marked.timeMarks = TimeMarks(clock: start + .days(2))
        #expect(try await fixture.plan(marked).changes == [])
        marked.timeMarks = TimeMarks(clock: start + .days(20))
        #expect(try await fixture.plan(marked).changes == ["deactivate bob"])
        // Two hundred days without a run or a change are possible.
        fixture.now = start + .days(200)
        marked.timeMarks = TimeMarks(newestChange: start)
        #expect(try await fixture.plan(marked).changes == ["deactivate bob"])
    }
}

extension RollcallCore.Span {
    static func days(_ count: Int64) -> RollcallCore.Span { RollcallCore.Span(seconds: count * 86_400) }
}
