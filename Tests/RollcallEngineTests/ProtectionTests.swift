import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

@Suite("A protected name")
struct ProtectionTests {
    private let fixture: RunFixture
    private var people = People(["ann", "boss", "cyd"])

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
        fixture.rules.lifecycle.username = .rename
    }

    /// Applies what is upstream, and does something to the store once the directory has been read.
    private func apply(_ directory: MemoryDirectory, meanwhile sql: String) async throws -> RunReport {
        let probe = fixture.probe
        fixture.now = fixture.now + Span(seconds: 1)
        return try await fixture.run(
            directory, .apply,
            progress: { step in
                // Done twice it is done once.
                if step == .settling { #expect(throws: Never.self) { try probe.execute(sql) } }
            }, { try RunReport($0) })
    }

    @Test("protects the user who has it when the run begins, also when an administrator renames them while it goes on")
    mutating func renamedMeanwhile() async throws {
        _ = try await fixture.approve(people.directory)
        fixture.rules.protection.users = [FoldedKey("Boss")]
        people.remove("boss")
        let rename = "UPDATE users SET username = 'former' WHERE username = 'boss'"
        let run = try await apply(people.directory, meanwhile: rename)
        #expect(run.changes == [] && run.remarks == ["protected protected former"])
        let accounts = try fixture.probe.rows("SELECT username, status FROM users ORDER BY id")
        #expect(accounts[1] == #"username="former"|status="active""#)
        // The line of the config is pinned to the account: the next run, which begins with them called otherwise, protects them too.
        let next = try await fixture.apply(people.directory)
        #expect(next.changes == [] && next.remarks == ["protected protected former"])
        // Another line is pinned to who has the name by then, and the former pin is forgotten.
        fixture.rules.protection.users = [FoldedKey("ann")]
        #expect(try await fixture.apply(people.directory).changes == ["deactivate former"])
        #expect(try fixture.probe.rows("SELECT user_id FROM account_pins WHERE kind = 'protected'") == ["user_id=1"])
    }

    @Test("protects who is given it while the run goes on")
    mutating func namedMeanwhile() async throws {
        _ = try await fixture.approve(people.directory)
        fixture.rules.protection.users = [FoldedKey("breakglass")]
        people.remove("boss")
        let run = try await apply(people.directory, meanwhile: "UPDATE users SET username = 'BreakGlass' WHERE username = 'boss'")
        #expect(run.changes == [] && run.remarks == ["protected protected BreakGlass"])
    }

    @Test("stays with the user who has it, whatever their entry is called upstream, and goes to no other entry")
    mutating func claimed() async throws {
        _ = try await fixture.approve(people.directory)
        fixture.rules.protection.users = [FoldedKey("boss"), FoldedKey("root")]
        people["boss"]["uid"] = ["other"]
        people["ann"]["uid"] = ["BOSS"]
        people["cyd"]["uid"] = ["Root"]
        people.add("new", mail: "new@x")
        people["new"]["uid"] = ["boss"]
        let run = try await fixture.apply(people.directory)
        #expect(run.changes == [])
        #expect(
            run.remarks == [
                "conflict protected_name ann", "protected protected boss", "conflict protected_name cyd", "conflict protected_name boss",
            ])
        #expect(run.rows.first?.remarks.first?.message == "it claims the protected username BOSS; the account keeps ann")
        #expect(run.rows.last?.remarks.first?.message == "it claims the protected username boss")
        #expect(try fixture.probe.rows("SELECT username FROM users ORDER BY id").count == 3)
    }
}
