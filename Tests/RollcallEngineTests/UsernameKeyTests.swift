import GRDB
import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

@testable import RollcallSQLite

@Suite("A username belongs to one account")
struct UsernameKeyTests {
    private let fixture: RunFixture
    private var people = People(["ann", "bob"])
    private var probe: StoreProbe { fixture.probe }

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
    }

    /// Local accounts as an application inserts them.
    private func insert(_ names: (username: String, email: String?)...) throws {
        for name in names {
            try probe.execute(
                "INSERT INTO users (username, email, status) VALUES (?, ?, 'active')", [name.username, name.email])
        }
    }

    private func activeNames() throws -> [String] {
        try probe.column("SELECT username FROM active_users ORDER BY id")
    }

    /// What the store would do for `users claim`.
    private func claims() throws -> DeedPlan {
        try fixture.store.preview(DeedRequest(.claimNames, by: RunFixture.alice, rules: fixture.rules))
    }

    @Test("so a second local account of it is in conflict, in no view, and has none of the first one's permissions")
    mutating func doubles() async throws {
        _ = try await fixture.approve(people.directory)
        try insert(("root", nil))
        try probe.grant("Administrators", to: "root", isPrivileged: true)
        try insert(("root", nil), (" ROOT ", nil))
        #expect(try activeNames() == ["ann", "bob", "root"])
        #expect(try probe.rows("SELECT user_id FROM user_permissions WHERE username = 'root'") == ["user_id=3"])
        // Not even what it was given itself, for whoever reads by name would take it for the other's.
        try probe.execute("INSERT INTO grants (user_id, group_id) SELECT 4, id FROM permission_groups WHERE name = 'Administrators'")
        #expect(try probe.rows("SELECT DISTINCT user_id FROM user_permissions") == ["user_id=3"])
        let sentence =
            "2 accounts are in conflict and in no view, for the username is another account's: root (account 4),  ROOT  (account 5); rename one of the two"
        #expect(try await fixture.plan(people.directory).told == [sentence])
        for _ in 0..<2 { #expect(try await fixture.apply(people.directory).told == [sentence]) }
        #expect(try activeNames() == ["ann", "bob", "root"])
        #expect(try StoreReader(path: fixture.path).user(named: "ROOT")?.user.id == 3)
        var owners: [Int64: Bool] = [:]
        try StoreReader(path: fixture.path).forEachUser(status: nil, search: "root") { listed in
            owners[listed.user.id] = listed.ownsUsername
            return true
        }
        #expect(owners == [3: true, 4: false, 5: false])
        try probe.execute("UPDATE users SET username = 'rose' WHERE id = 4")
        #expect(try activeNames() == ["ann", "bob", "root", "rose"])
        // Who waits gets the name once it is given up, by the next run.
        try probe.execute("UPDATE users SET username = 'former' WHERE id = 3")
        #expect(try await fixture.apply(people.directory).told.count == 1)
        #expect(try activeNames() == ["ann", "bob", "former", "rose", " ROOT "])
        #expect(try await fixture.apply(people.directory).told == [])
        #expect(try probe.claimProblems() == [])
    }

    @Test("which SQL can fold in ASCII alone: any other is claimed by the next run, or by `users claim`")
    mutating func others() async throws {
        _ = try await fixture.approve(people.directory)
        try insert(("Ünal", "ÜNAL@x"), ("o\u{FB03}ce", nil))
        #expect(try activeNames() == ["ann", "bob"])
        let waiting =
            "2 accounts are in no view until the username is claimed, by an applied run or `rollcall users claim`: Ünal (account 3), o\u{FB03}ce (account 4)"
        #expect(try await fixture.plan(people.directory).told == [waiting])
        let preview = try claims()
        #expect(preview.operations.map(\.subject) == ["Ünal", "o\u{FB03}ce"])
        #expect(try activeNames() == ["ann", "bob"])
        #expect(try fixture.carryOut(.claimNames) == preview)
        #expect(try activeNames() == ["ann", "bob", "Ünal", "o\u{FB03}ce"])
        try insert(("U\u{308}NAL", nil), ("office", nil), ("Zoë", nil))
        _ = try await fixture.apply(people.directory)
        #expect(try activeNames() == ["ann", "bob", "Ünal", "o\u{FB03}ce", "Zoë"])
        #expect(try claims().operations == [] && claims().idle.contains("2 accounts are in conflict"))
        #expect(
            try probe.rows("SELECT username_key FROM users WHERE id > 2 ORDER BY id").map { $0 == "username_key=NULL" }
                == [false, false, true, true, false])
    }

    @Test("also when the application removes or takes its claim: no newcomer gets it")
    mutating func lostClaims() async throws {
        _ = try await fixture.approve(people.directory)
        try insert(("Zoë", "zoë@x"))
        _ = try await fixture.apply(people.directory)
        try probe.execute("DELETE FROM claims WHERE user_id = 3 OR kind = 2")
        people.add("new", mail: "ZOË@x")
        people["new"]["uid"] = ["ZOE\u{308}"]
        let joined = try await fixture.apply(people.directory)
        #expect(joined.changes == [] && joined.remarks.contains("conflict username_taken ZOE\u{308}"), "\(joined.remarks)")
        #expect(try probe.claimProblems() == [])
        try probe.execute("INSERT OR REPLACE INTO claims SELECT kind, key, 1 FROM claims WHERE user_id = 3")
        let again = try await fixture.apply(people.directory)
        #expect(again.changes == [] && again.remarks.contains("conflict username_taken ZOE\u{308}"))
        #expect(try probe.claimProblems() == [])
        people["new"]["uid"] = ["new"]
        #expect(try await fixture.apply(people.directory).remarks == ["conflict email_taken new"])
    }

    @Test("and so does an email: who comes second has none in the views")
    mutating func emails() async throws {
        _ = try await fixture.approve(people.directory)
        try insert(("one", "Shared@x"), ("two", "shared@X"), ("three", "ann@x"))
        let shown = "SELECT id, email FROM active_users WHERE id > 2 ORDER BY id"
        #expect(try probe.rows(shown) == ["id=3|email=\"Shared@x\"", "id=4|email=NULL", "id=5|email=NULL"])
        let warning =
            "2 accounts have no email in the views, for it is another account's: shared@X (account 4), ann@x (account 5); change one of the two"
        for _ in 0..<2 { #expect(try await fixture.apply(people.directory).told == [warning]) }
        #expect(try probe.rows(shown) == ["id=3|email=\"Shared@x\"", "id=4|email=NULL", "id=5|email=NULL"])
        try probe.execute("UPDATE users SET email = 'two@x' WHERE id = 4; UPDATE users SET email = NULL WHERE id = 5")
        #expect(try probe.rows(shown) == ["id=3|email=\"Shared@x\"", "id=4|email=\"two@x\"", "id=5|email=NULL"])
        #expect(try await fixture.apply(people.directory).told == [])
        #expect(try probe.claimProblems() == [])
    }

    @Test("in a store from before there was such a key, too: doubles and lost claims are found when it is brought up to date")
    mutating func migrated() async throws {
        try await fixture.makeOldStore { database in
            try database.execute(
                sql: """
                    INSERT INTO users (username, email, status) VALUES ('root', 'r@x', 'active'), ('Root', 'R@x', 'active'), ('Ünal', NULL, 'active');
                    INSERT INTO claims VALUES (1, CAST('root' AS BLOB), 1), (2, CAST('r@x' AS BLOB), 1);
                    DELETE FROM unclaimed;
                    """)
        }
        let queue = try StoreOpening.forWriting(fixture.path)
        #expect(try await queue.read { try String.fetchAll($0, sql: "SELECT username FROM active_users") } == ["root"])
        try queue.close()
        let first = try await fixture.plan(people.directory)
        #expect(first.record.warnings.contains { $0.string.contains("is another account's: Root (account 2)") }, "\(first.record.warnings)")
        #expect(first.record.warnings.contains { $0.string.contains("Ünal (account 3)") })
        people.add("new", mail: "new@x")
        people["new"]["uid"] = ["ünal"]
        let joined = try await fixture.approve(people.directory)
        #expect(joined.remarks == ["conflict username_taken ünal"])
        #expect(try activeNames() == ["root", "Ünal", "ann", "bob"])
    }

    @Test("whatever accounts do to each other in one run: a ring of renames keeps key and claim together")
    mutating func ring() async throws {
        fixture.rules.lifecycle.username = .rename
        let names = (0..<40).map { "p\(10 + $0)" }
        people = People(names)
        _ = try await fixture.approve(people.directory)
        for (place, name) in names.enumerated() { people[name]["uid"] = [names[(place + 1) % 40]] }
        #expect(try await fixture.approve(people.directory).changes.count == 40)
        #expect(try probe.claimProblems() == [])
        #expect(try activeNames().count == 40)
    }

    @Test("and a row that the application replaces keeps its key, its hold and its memberships")
    mutating func replaced() async throws {
        people.groups = [MemoryGroup("cn=dev-ops,ou=groups", anchor: "g1", name: "dev-ops", members: ["uid=ann,ou=people"])]
        people.add("Zoë", mail: "zoë@x")
        _ = try await fixture.approve(people.directory)
        try probe.execute("UPDATE users SET status = 'inactive' WHERE username IN ('ann', 'Zoë')")
        #expect(try probe.rows("SELECT sum(held) AS held FROM users") == ["held=2"])
        let made = try probe.rows("SELECT id, created_at FROM users ORDER BY id")
        for name in ["ann", "Zoë"] {
            try probe.execute(
                "INSERT OR REPLACE INTO users (id, username, email, status) SELECT id, username, email, status FROM users WHERE username = ?",
                [name])
        }
        #expect(try probe.rows("SELECT sum(held) AS held, count(username_key) AS keys FROM users") == ["held=2|keys=3"])
        #expect(try probe.rows("SELECT id, created_at FROM users ORDER BY id") == made)
        let report = try await fixture.apply(people.directory)
        #expect(report.changes.filter { $0.contains("activate") } == [], "\(report.changes)")
        #expect(report.remarks == ["drift held_here Zoë", "drift held_here ann"])
        // A replacement that sets another status is a change of the status; the run brings the rest back.
        try probe.execute(
            "REPLACE INTO users (id, username, email, status) SELECT id, username, email, 'active' FROM users WHERE username = 'ann'")
        try probe.execute(
            "REPLACE INTO users (id, username, email, status) SELECT id, username, email, 'inactive' FROM users WHERE username = 'bob'")
        #expect(try probe.rows("SELECT held FROM users ORDER BY username") == ["held=1", "held=0", "held=1"])
        for (change, refusal) in [
            ("id = 1 WHERE id = 2", "the id of an account never changes"),
            ("username_key = 'ann' WHERE username = 'bob'", "username_key belongs to Rollcall"),
        ] {
            let error = #expect(throws: DatabaseError.self) { try probe.execute("UPDATE OR REPLACE users SET \(change)") }
            #expect(error?.message == refusal)
        }
        #expect(try probe.claimProblems() == [])
    }
}

extension RunReport {
    /// What is said of accounts without one of their names.
    fileprivate var told: [String] { record.warnings.map(\.string).filter { $0.contains("account") } }
}
