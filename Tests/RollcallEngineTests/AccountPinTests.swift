import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Testing

@Suite("Operators are pinned to accounts")
struct AccountPinTests {
    private let fixture: RunFixture
    private var people = People((10..<30).map { "p\($0)" } + ["asmith", "bob"])

    init() async throws {
        fixture = try RunFixture(rules: try People.rules())
        fixture.rules.lifecycle.username = .rename
        fixture.operators = [Operator(login: "alice", user: "ASmith"), Operator(login: "zoe", user: "zoe")]
        people.groups = [MemoryGroup("cn=admins,ou=groups", anchor: "g1", name: "admins", members: ["uid=p10,ou=people"])]
    }

    /// The approver behind an operating-system user.
    private func approver(_ login: Text, number: UInt32 = 1000) throws -> Approver {
        try #require(Approver(SystemUser(name: login, number: number), claimed: nil, operators: fixture.operators))
    }

    /// A plan is held that makes asmith and bob administrators.
    private mutating func held() async throws -> HeldPlanID {
        people.groups[0].members += ["uid=asmith,ou=people", "uid=bob,ou=people"]
        return try #require(try await fixture.apply(people.directory).record.heldPlan)
    }

    @Test("own access stays the account's whose line it is, also once that is renamed and another one has the name")
    mutating func renamed() async throws {
        _ = try await fixture.approve(people.directory)
        people["asmith"]["uid"] = ["alice-jones"]
        people["bob"]["uid"] = ["asmith"]
        _ = try await fixture.approve(people.directory)
        #expect(
            try fixture.probe.rows("SELECT username FROM users WHERE username LIKE 'a%' ORDER BY id") == [
                #"username="alice-jones""#, #"username="asmith""#,
            ])
        let id = try await held()
        fixture.approver = try approver("alice")
        let approved = try await fixture.apply(people.directory, fixture.filed(id))
        #expect(approved.changes.sorted() == ["grant asmith Administrators", "held grant alice-jones Administrators"])
        #expect(approved.holding == [.ownAccess])
    }

    @Test("renamed by the application, and by a plan file, it is the same")
    mutating func renamedHere() async throws {
        _ = try await fixture.approve(people.directory)
        fixture.rules.lifecycle.username = .keep
        try fixture.probe.execute("UPDATE users SET username = 'somebody' WHERE username = 'asmith'")
        _ = try await fixture.apply(people.directory)
        _ = try await held()
        fixture.approver = try approver("alice")
        let approved = try await fixture.approve(people.directory)
        #expect(approved.changes.sorted() == ["grant bob Administrators", "held grant somebody Administrators"])
        let store = fixture.store
        var request = DeedRequest(.hold(user: "somebody"), by: try approver("alice"), rules: fixture.rules)
        request.operators = fixture.operators
        let error = #expect(throws: StoreError.self) { try store.preview(request) }
        #expect(error?.message.contains("nobody changes their own account") == true, "\(error.map { "\($0)" } ?? "")")
        request.approver = try approver("root", number: 0)
        #expect(try store.preview(request).operations.count == 1)
    }

    @Test("a changed line is pinned again, to who has the name by then")
    mutating func changed() async throws {
        _ = try await fixture.approve(people.directory)
        people["asmith"]["uid"] = ["alice-jones"]
        _ = try await fixture.approve(people.directory)
        fixture.operators[0] = Operator(login: "alice", user: "alice-jones")
        let id = try await held()
        #expect(try fixture.probe.rows("SELECT count(*) AS n FROM account_pins WHERE kind = 'operator'") == ["n=1"])
        fixture.approver = try approver("alice")
        let approved = try await fixture.apply(people.directory, fixture.filed(id))
        #expect(approved.changes.sorted() == ["grant bob Administrators", "held grant alice-jones Administrators"])
    }

    @Test("an operator without an account cannot approve: before the first run, and once the account is gone; root can")
    mutating func without() async throws {
        fixture.approver = try approver("alice")
        let first = try await fixture.approve(people.directory)
        #expect(
            first.record.outcome == .failed
                && first.record.reason?.contains("operator alice has no account ASmith yet; root approves") == true)
        fixture.approver = try approver("root", number: 0)
        #expect(try await fixture.approve(people.directory).record.outcome == .applied)
        let id = try await held()
        fixture.approver = try approver("zoe")
        #expect(try await fixture.apply(people.directory, fixture.filed(id)).record.outcome == .failed)
        try fixture.probe.execute("DELETE FROM users WHERE username = 'asmith'")
        // Whoever comes by that name, or gets its number, is not who was pinned.
        people["asmith"]["entryUUID"] = ["id-another"]
        _ = try await fixture.approve(people.directory)
        people.groups[0].members.append("uid=p11,ou=people")
        let other = try #require(try await fixture.apply(people.directory).record.heldPlan)
        fixture.approver = try approver("alice")
        let gone = try await fixture.apply(people.directory, fixture.filed(other))
        #expect(gone.record.outcome == .failed && gone.record.reason?.contains("the account ASmith of operator alice is gone") == true)
        // Nor change an account here: it may be their new one.
        var request = DeedRequest(.hold(user: "p12"), by: try approver("alice"), rules: fixture.rules)
        request.operators = fixture.operators
        let store = SQLiteStore(path: fixture.path, holder: "a test")
        let error = #expect(throws: StoreError.self) { try store.preview(request) }
        #expect(
            error?.code == .refused && error?.message.contains("is gone, so that it may be this one") == true,
            "\(error.map { "\($0)" } ?? "")")
        request.approver = try approver("root", number: 0)
        #expect(try store.preview(request).operations.count == 1)
    }

    @Test("without operators, an approver's login is pinned to the account of that name once they have approved something")
    mutating func login() async throws {
        fixture.operators = []
        _ = try await fixture.approve(people.directory)
        fixture.approver = try approver("bob")
        people.groups[0].members.append("uid=p11,ou=people")
        let first = try #require(try await fixture.apply(people.directory).record.heldPlan)
        #expect(try await fixture.apply(people.directory, fixture.filed(first)).record.outcome == .applied)
        people["bob"]["uid"] = ["robert"]
        fixture.approver = nil
        _ = try await fixture.approve(people.directory)
        let id = try await held()
        fixture.approver = try approver("bob")
        let approved = try await fixture.apply(people.directory, fixture.filed(id))
        #expect(approved.changes.sorted() == ["grant asmith Administrators", "held grant robert Administrators"])
    }
}
