import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Testing

@Suite("A deleted user's names")
struct FreedNamesTests {
    private let fixture: RunFixture
    private var people = People(["ann", "bob"])

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
    }

    /// Lets ann go, and waits until she is deleted; then another ann joins.
    private mutating func replaceAnn() async throws -> RunReport {
        _ = try await fixture.approve(people.directory)
        people.remove("ann")
        _ = try await fixture.apply(people.directory)
        fixture.now = fixture.now + Span(seconds: 31 * 86_400)
        #expect(try await fixture.apply(people.directory).changes == ["delete ann"])
        people.add("new", mail: "ann@x")
        people["new"]["uid"] = ["ann"]
        return try await fixture.apply(people.directory)
    }

    @Test("stay theirs, so that whoever joins under one of them waits")
    mutating func kept() async throws {
        let joined = try await replaceAnn()
        #expect(joined.changes == [] && joined.remarks == ["conflict username_recycled ann"])
    }

    @Test("stay theirs as long as freeing them waits: whoever joins under one of them waits with it, and the run goes on")
    mutating func waiting() async throws {
        people.add("cyd", mail: "cyd@x")
        _ = try await fixture.approve(people.directory)
        // One lacks its email, and is deleted.
        try fixture.probe.addLocal("one", email: "same@x")
        try fixture.probe.execute("INSERT INTO users (username, email, status) VALUES ('two', 'same@x', 'active')")
        #expect(try await replaceAnn().remarks.contains("conflict username_recycled ann"))
        try fixture.probe.execute("UPDATE users SET status = 'deleted' WHERE username = 'two'")
        let claims = "SELECT kind, hex(key), user_id FROM claims ORDER BY kind, key"
        let before = try fixture.probe.rows(claims)
        fixture.rules.lifecycle.reusesIdentifiers = true
        fixture.rulesDigest = Digest(hashing: [2])
        fixture.guards.scope = GuardLimit(percent: 0, count: 0, min: 0)
        people["bob"]["mail"] = ["robert@x"]
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        let part = try await fixture.apply(people.directory, fixture.filed(id, ChangeSelection(except: [.action(.names)])))
        #expect(part.record.outcome == .appliedPartly, "\(part.record.reason ?? "")")
        #expect(part.shared == ["held names deleted accounts"])
        #expect(part.changes == ["update bob", "held create ann"])
        #expect(part.record.summary.held == 2)
        let deed = DeedRequest(.claimNames, by: Approver(name: "a", shortName: "a", accounts: []), rules: fixture.rules)
        let store = SQLiteStore(path: fixture.path, holder: "a test")
        _ = try store.carryOut(deed, as: try store.preview(deed), at: fixture.now)
        let after = try fixture.probe.rows(claims)
        #expect(after.filter { !before.contains($0) }.count == 1 && after.count == before.count, "only bob's email is another one")
        let rest = try #require(try await fixture.apply(people.directory).record.heldPlan)
        #expect(try await fixture.apply(people.directory, fixture.filed(rest)).changes == ["create ann"])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("go to whoever joins when config frees them; back again, the deleted one waits until the name is given up")
    mutating func reused() async throws {
        fixture.rules.lifecycle.reusesIdentifiers = true
        #expect(try await replaceAnn().changes == ["create ann"])
        people.add("ann", mail: "ann@x")
        let back = try await fixture.apply(people.directory)
        #expect(back.changes == [] && back.remarks == ["conflict username_taken ann"])
        #expect(
            try fixture.probe.rows("SELECT status FROM users WHERE username = 'ann' ORDER BY id") == [
                #"status="deleted""#, #"status="active""#,
            ])
        people.remove("new")
        _ = try await fixture.apply(people.directory)
        fixture.now = fixture.now + Span(seconds: 31 * 86_400)
        let turn = try await fixture.apply(people.directory)
        #expect(turn.changes == ["delete ann"] && turn.remarks == ["conflict username_taken ann"])
        #expect(try await fixture.apply(people.directory).changes == ["reactivate ann"])
        #expect(
            try fixture.probe.rows("SELECT status FROM users WHERE username = 'ann' ORDER BY id") == [
                #"status="active""#, #"status="deleted""#,
            ])
    }

    @Test("are looked at before an administrator restores the account")
    mutating func restored() async throws {
        fixture.rules.lifecycle.reusesIdentifiers = true
        _ = try await fixture.approve(people.directory)
        try fixture.probe.execute("UPDATE users SET status = 'deleted' WHERE username = 'ann'")
        people.add("new", mail: "new@x")
        people["new"]["uid"] = ["Ann"]
        #expect(try await fixture.apply(people.directory).changes == ["create Ann"])
        let store = fixture.store
        let request = DeedRequest(
            .restore("ann"), by: Approver(name: "alice (uid 1000)", shortName: "alice", accounts: []), rules: fixture.rules)
        let error = #expect(throws: StoreError.self) { try store.preview(request) }
        #expect(
            "\(error.map { "\($0)" } ?? "")".contains("the username was free while the account was deleted, and Ann has it now (account 3)")
        )
        people.remove("new")
        _ = try await fixture.apply(people.directory)
        try fixture.probe.execute("UPDATE users SET username = 'former' WHERE id = 3")
        let plan = try store.preview(request)
        _ = try store.carryOut(request, as: plan, at: fixture.now)
        #expect(try await fixture.apply(people.directory).changes == ["reactivate ann"])
        #expect(try fixture.probe.claimProblems() == [])
    }

    @Test("set free by a change of config are a change of scope only when something follows from it")
    mutating func scope() async throws {
        #expect(try await replaceAnn().changes == [])
        fixture.rules.lifecycle.reusesIdentifiers = true
        fixture.rulesDigest = Digest(hashing: [2])
        let held = try await fixture.apply(people.directory)
        #expect(held.record.outcome == .held && held.holding == [.scope])
        #expect(try fixture.probe.claimProblems() == [])
        #expect(try await fixture.approve(people.directory).changes == ["create ann"])
    }
}
