import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Testing

@Suite("An account that reanchor links to another entry")
struct HandedOverTests {
    private let fixture: RunFixture
    private var people = People((10..<30).map { "p\($0)" } + ["ann"])
    private static let approver = Approver(name: "tester (uid 7)", shortName: "tester", accounts: [])

    init() async throws {
        fixture = try RunFixture(rules: try People.rules())
        fixture.rules.attributes.displayName = FieldSource([.attribute(AttributeName(known: "cn"))])
        people["ann"]["cn"] = ["Ann Archer"]
        people.groups = [
            MemoryGroup("cn=dev,ou=groups", anchor: "g1", name: "dev-red", members: ["uid=ann,ou=people", "uid=p10,ou=people"])
        ]
        _ = try await fixture.approve(people.directory)
        // Of two administrators one may leave.
        for name in ["ann", "p10"] { try fixture.probe.grant("Administrators", to: name, isPrivileged: true) }
    }

    /// Another person has the leaver's login; the account is linked to them.
    private mutating func reanchor(leaver isGone: Bool) async throws -> DeedPlan {
        people["ann"]["entryUUID"] = ["id-another"]
        people["another"]["cn"] = ["Anna Bell"]
        people["another"]["mail"] = ["bell@x"]
        people.groups[0].members = ["uid=p10,ou=people"]
        people.groups.append(MemoryGroup("cn=blue,ou=groups", anchor: "g2", name: "dev-blue", members: ["uid=ann,ou=people"]))
        if isGone { _ = try await fixture.apply(people.directory) }
        return try await moved()
    }

    /// Links the accounts whose usernames came with unknown anchors.
    private func moved() async throws -> DeedPlan {
        let environment = RunEnvironment(
            source: people.directory, store: fixture.store, rules: fixture.rules,
            rulesDigest: fixture.rulesDigest, guards: fixture.guards, sourceType: "ldap", clock: { [now = fixture.now] in now },
            random: { 7 })
        let moved = await Run(environment, RunRequest(mode: .plan, actor: "tester")).movedAnchors().moved
        let store = fixture.store
        let request = DeedRequest(.reanchor(moved), by: Self.approver, rules: fixture.rules)
        let plan = try store.preview(request)
        #expect(try store.carryOut(request, as: plan, at: fixture.now) == plan)
        return plan
    }

    @Test("the preview shows both people side by side, and what the account may do")
    mutating func preview() async throws {
        let plan = try await reanchor(leaver: true)
        let notes = try #require(plan.notes.first)
        #expect(
            notes[0].hasPrefix("the account: Ann Archer, ann@x, inactive; made 20") && notes[0].contains("its entry is missing since 20"))
        #expect(notes[1] == "the entry:   Anna Bell, bell@x")
        #expect(notes[2] == "may do:      Administrators (privileged, granted here)")
        #expect(notes[3].hasPrefix("neither name nor email is the same"))
    }

    @Test("the preview asks for a look as well when the two have neither name nor email to compare")
    mutating func nameless() async throws {
        people["ann"]["cn"] = []
        people["ann"]["mail"] = []
        _ = try await fixture.approve(people.directory)
        people["ann"]["entryUUID"] = ["id-another"]
        _ = try await fixture.apply(people.directory)
        let notes = try #require(try await moved().notes.first)
        #expect(notes[1] == "the entry:   (no name), (no email)" && notes.last?.hasPrefix("neither name nor email is the same") == true)
    }

    @Test("what it gains waits for a person, run after run, and approval lets it pass once")
    mutating func gains() async throws {
        // What an administrator gains waits for reasons of its own.
        try fixture.probe.execute("DELETE FROM grants WHERE origin = 'local'")
        _ = try await reanchor(leaver: true)
        for _ in 0..<2 {
            let next = try await fixture.apply(people.directory)
            #expect(next.changes == ["held update ann", "held reactivate ann", "held grant ann Team blue"], "\(next.changes)")
            #expect(next.rows.flatMap(\.changes).allSatisfy { $0.heldBy == .anchorsChanged })
            #expect(next.record.warnings.contains { $0.string.hasPrefix("1 account was linked to another entry") })
        }
        #expect(try fixture.probe.rows("SELECT status FROM users WHERE username = 'ann'") == [#"status="inactive""#])
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        let approved = try await fixture.apply(people.directory, fixture.filed(id))
        #expect(approved.changes == ["update ann", "reactivate ann", "grant ann Team blue"], "\(approved.changes)")
        #expect(try fixture.probe.rows("SELECT * FROM handed_over") == [])
        people["another"]["mail"] = ["other@x"]
        #expect(try await fixture.apply(people.directory).changes == ["update ann"])
    }

    @Test("what it loses goes through at once")
    mutating func losses() async throws {
        _ = try await reanchor(leaver: false)
        let next = try await fixture.apply(people.directory)
        #expect(next.changes.contains("revoke ann Team red") && next.changes.contains("held grant ann Team blue"), "\(next.changes)")
        #expect(next.changes.contains("held update ann"))
    }

    @Test("when nothing would change, nothing waits, and the mark is gone")
    mutating func rebuilt() async throws {
        people["ann"]["entryUUID"] = ["id-another"]
        let environment = RunEnvironment(
            source: people.directory, store: fixture.store, rules: fixture.rules,
            rulesDigest: fixture.rulesDigest, guards: fixture.guards, sourceType: "ldap", clock: { [now = fixture.now] in now },
            random: { 7 })
        let moved = await Run(environment, RunRequest(mode: .plan, actor: "tester")).movedAnchors().moved
        let store = fixture.store
        let request = DeedRequest(.reanchor(moved), by: Self.approver, rules: fixture.rules)
        _ = try store.carryOut(request, as: try store.preview(request), at: fixture.now)
        #expect(try fixture.probe.rows("SELECT count(*) AS n FROM handed_over") == ["n=1"])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
        #expect(try fixture.probe.rows("SELECT count(*) AS n FROM handed_over") == ["n=0"])
    }
}
