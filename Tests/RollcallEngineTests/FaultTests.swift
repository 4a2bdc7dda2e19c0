import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

/// What goes wrong with names and with administrators, by the numbers of the list of faults.
@Suite("Faults of identity and of administrators")
struct FaultTests {
    private let fixture: RunFixture

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
    }

    private func emails() throws -> [String] {
        try fixture.probe.column("SELECT email FROM users ORDER BY id")
    }

    @Test("C6: somebody who flaps in and out is the same user each time, and is not deleted before the wait is over")
    func flapping() async throws {
        fixture.guards.deactivations.min = 100
        fixture.guards.reactivations.min = 100
        fixture.rules.lifecycle.deleteAfter = .days(30)
        var people = People(["ann", "bob", "cyd"])
        people.groups = [MemoryGroup("cn=dev,ou=groups", anchor: "g1", name: "dev-red", members: ["uid=ann,ou=people"])]
        _ = try await fixture.approve(people.directory)
        try fixture.probe.grant("Local", to: "ann")
        let ann = people["ann"]
        let before = try fixture.probe.rows("SELECT id, username, email FROM users")
        for days in [1, 29, 29, 1, 29] as [Int64] {
            people.remove("ann")
            #expect(try await fixture.apply(people.directory).changes == ["deactivate ann"])
            fixture.now = fixture.now + .days(days)
            #expect(try await fixture.apply(people.directory).changes == [], "after \(days) days")
            people["ann"] = ann
            #expect(try await fixture.apply(people.directory).changes == ["reactivate ann", "grant ann Team red"])
        }
        #expect(try fixture.probe.rows("SELECT id, username, email FROM users") == before)
        #expect(
            try fixture.probe.rows("SELECT p.name FROM grants g JOIN permission_groups p ON p.id = g.group_id ORDER BY 1") == [
                "name=\"Local\"", "name=\"Team red\"",
            ])
    }

    @Test("an adoption that a limit lets through carries no privileged grant with it")
    func adoptionWithPrivilege() async throws {
        fixture.rules.lifecycle.adoption = .email
        fixture.guards.adoption.min = 3
        var people = People(["ann", "bob"])
        people.groups = [MemoryGroup("cn=admins,ou=groups", anchor: "g1", name: "admins", members: ["uid=ann,ou=people"])]
        _ = try await fixture.approve(people.directory)
        try fixture.probe.addLocal("loc", email: "loc@x")
        people.add("cyd", mail: "loc@x")
        people.groups[0].members.append("uid=cyd,ou=people")
        #expect(try await fixture.apply(people.directory).changes == ["adopt loc"])
        let next = try await fixture.apply(people.directory)
        #expect(next.changes == ["held grant loc Administrators"] && next.holding == [.privilegedGrant], "\(next.changes)")
        #expect(try await fixture.approve(people.directory).changes == ["grant loc Administrators"])
    }

    @Test("D5: two users swap emails, or a ring of fifty moves on by one, in one run and without a conflict", arguments: [2, 50])
    func ring(_ size: Int) async throws {
        fixture.guards.identifiers.min = 100
        let names = (0..<60).map { "p\($0)" }
        var people = People(names)
        _ = try await fixture.approve(people.directory)
        for number in 0..<size { people["p\(number)"]["mail"] = ["p\((number + 1) % size)@x"] }
        let run = try await fixture.apply(people.directory)
        #expect(run.record.outcome == .applied && run.remarks.isEmpty && run.changes.count == size, "\(run.remarks) \(run.changes)")
        #expect(try emails().sorted() == names.map { "\($0)@x" }.sorted())
        #expect(try fixture.probe.claimProblems() == [])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("D6: what two entries claim waits, whoever is linked keeps it, and nobody loses access for it")
    func disputed() async throws {
        fixture.rules.lifecycle.username = .rename
        var people = People(["ann", "bob", "cyd"])
        people.groups = [
            MemoryGroup("cn=dev,ou=groups", anchor: "g1", name: "dev-red", members: ["uid=ann,ou=people", "uid=bob,ou=people"])
        ]
        _ = try await fixture.approve(people.directory)
        // One whom Rollcall does not know yet claims what ann has; two others want the same new email.
        people.add("eve", mail: "ann@x")
        people["eve"]["uid"] = ["ANN"]
        people["bob"]["mail"] = ["shared@x"]
        people["cyd"]["mail"] = ["Shared@X"]
        people["cyd"]["sn"] = ["Dee"]
        people.groups[0].members.removeLast()
        let run = try await fixture.apply(people.directory)
        #expect(run.changes == ["revoke bob Team red"], "\(run.changes)")
        #expect(
            Set(run.remarks) == ["conflict email_disputed bob", "conflict email_disputed cyd", "conflict username_taken ANN"],
            "\(run.remarks)")
        let messages = run.rows.flatMap(\.remarks).map(\.message)
        #expect(messages.contains { $0.contains("is held by ann") } && messages.contains { $0.contains("also wanted by") })
        #expect(run.rows.allSatisfy { row in row.remarks.allSatisfy { !$0.advice(of: row).isEmpty } })
        #expect(try fixture.probe.rows("SELECT 1 FROM users WHERE status = 'active'").count == 3)
        #expect(try emails() == ["ann@x", "bob@x", "cyd@x"])
    }

    @Test(
        "D7: names that a reader calls the same are one claim",
        arguments: [
            ("Straße", "STRASSE"), ("\u{212A}im", "kim"), ("\u{E9}mile", "e\u{301}mile"), ("ann\u{200B}", "ann"), ("\u{FF41}nn", "ann"),
            ("İ", "i\u{307}"),
        ])
    func folding(_ one: String, _ other: String) async throws {
        var people = People(["first"])
        people["first"]["uid"] = [one]
        _ = try await fixture.approve(people.directory)
        people.add("second", mail: "second@x")
        people["second"]["uid"] = [other]
        let run = try await fixture.apply(people.directory)
        #expect(run.changes == [] && run.remarks.count == 1 && run.remarks[0].hasPrefix("conflict username_taken"), "\(run.remarks)")
        // Another spelling of one's own name is drift at most, and never a conflict with oneself.
        people.remove("second")
        people["first"]["uid"] = [other]
        #expect(try await fixture.apply(people.directory).remarks.allSatisfy { $0.hasPrefix("drift username") })
        fixture.rules.lifecycle.username = .rename
        fixture.guards.scope.min = 100
        #expect(try await fixture.apply(people.directory).changes.allSatisfy { $0.hasPrefix("rename") })
        #expect(try fixture.probe.claimProblems() == [])
    }

    @Test("D7: a name that looks like another one is another one, and a finding", arguments: [false, true])
    func lookalike(_ isRename: Bool) async throws {
        fixture.rules.lifecycle.username = .rename
        var people = People(["anna", "bob"])
        _ = try await fixture.approve(people.directory)
        if isRename {
            people["bob"]["uid"] = ["\u{430}nna"]
        } else {
            people.add("cyd", mail: "cyd@x")
            people["cyd"]["uid"] = ["\u{430}nna"]
        }
        let run = try await fixture.apply(people.directory)
        #expect(run.changes == [isRename ? "rename bob" : "create \u{430}nna"])
        #expect(run.remarks == [isRename ? "warning lookalike bob" : "warning lookalike \u{430}nna"])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("D8: several emails in another order, empty values and spaces at the ends change nothing")
    func sameValues() async throws {
        var people = People(["ann", "bob", "cyd"])
        people["ann"]["mail"] = ["b@x", "a@x"]
        people["bob"]["mail"] = []
        _ = try await fixture.approve(people.directory)
        #expect(try emails().first == "a@x")
        people["ann"]["mail"] = ["a@x", "b@x"]
        people["bob"]["mail"] = [""]
        people["cyd"]["mail"] = ["  cyd@x\t"]
        people["cyd"]["uid"] = [" cyd "]
        let run = try await fixture.apply(people.directory)
        #expect(run.changes == [] && !run.remarks.contains { $0.hasPrefix("conflict") }, "\(run.changes) \(run.remarks)")
        // Her own one is kept although a lesser one was added.
        people["ann"]["mail"] = ["b@x", "a@x", "0@x"]
        people["bob"]["mail"] = ["", "  "]
        #expect(try await fixture.apply(people.directory).changes == [])
    }

    @Test("E4: whoever puts themselves into an admin group waits, shown first, and joiners and leavers go on")
    func adminGroup() async throws {
        var people = People(numbered: 10..<30)
        people.groups = [MemoryGroup("cn=admins,ou=groups", anchor: "g1", name: "admins", members: ["uid=p10,ou=people"])]
        _ = try await fixture.approve(people.directory)
        people.groups[0].members += ["uid=p29,ou=people", "uid=new,ou=people"]
        people.add("new", mail: "new@x")
        people.remove("p20")
        people["p21"]["employeeType"] = ["ended"]
        let run = try await fixture.apply(people.directory)
        #expect(run.record.outcome == .appliedPartly && run.holding == [.privilegedGrant])
        #expect(
            Set(run.changes) == [
                "held grant p29 Administrators", "held grant new Administrators", "create new", "deactivate p20", "deactivate p21",
            ])
        #expect(try fixture.probe.rows("SELECT status FROM users WHERE username = 'new'") == ["status=\"active\""])
        let waits = try #require(run.json.range(of: "\"guard\": \"privileged_grant\""))
        let changes = try #require(run.json.range(of: "\"changes\""))
        #expect(waits.lowerBound < changes.lowerBound)
    }

    @Test("E5: the last holder, a protected user and the approving admin keep what they have, in one plan that an admin approves")
    func administrators() async throws {
        fixture.guards.deactivations.min = 100
        var people = People(["alice", "bob", "breakglass", "dan", "boss", "zed"])
        people.groups = [MemoryGroup("cn=admins,ou=groups", anchor: "g1", name: "admins", members: ["uid=dan,ou=people"])]
        _ = try await fixture.approve(people.directory)
        fixture.rules.protection.users = [FoldedKey("breakglass")]
        try fixture.probe.execute("UPDATE users SET role = 'owner' WHERE username = 'boss'")
        // Upstream gives up the only administrator and whoever is protected, and makes alice one.
        people.groups[0].members = ["uid=alice,ou=people"]
        for name in ["breakglass", "boss", "dan"] { people.remove(name) }
        fixture.approver = Approver(name: "alice (uid 7)", shortName: "alice", accounts: [FoldedKey("alice")])
        let run = try await fixture.approve(people.directory)
        #expect(Set(run.changes) == ["held grant alice Administrators", "held deactivate dan"], "\(run.changes)")
        #expect(Set(run.remarks) == ["protected protected breakglass", "protected protected boss"])
        #expect(run.holding.contains(.lastHolder) && run.holding.contains(.ownAccess), "\(run.holding)")
        #expect(try fixture.probe.rows("SELECT 1 FROM users WHERE status = 'active'").count == 6)
        // With another holder dan goes, and alice still decides nothing about herself.
        people.groups[0].members.append("uid=zed,ou=people")
        let second = try await fixture.approve(people.directory)
        #expect(
            Set(second.changes) == ["held grant alice Administrators", "grant zed Administrators", "deactivate dan"], "\(second.changes)")
        fixture.approver = Approver(name: "bob (uid 8)", shortName: "bob", accounts: [FoldedKey("bob")])
        #expect(try await fixture.approve(people.directory).changes == ["grant alice Administrators"])
    }
}
