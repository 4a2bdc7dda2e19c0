import Foundation
import GRDB
import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

@testable import RollcallSQLite

@Suite("An upgrade")
struct UpgradeTests {
    private let fixture: RunFixture
    private var people = People(["ann", "bob", "cyd"])

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
    }

    /// The store's files as they are.
    private func files() throws -> [String: Data] {
        var files: [String: Data] = [:]
        let folder = (fixture.path as NSString).deletingLastPathComponent
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            files[name] = FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data()
        }
        return files
    }

    /// A store as version 0.1 has left it, with one run.
    private func makeOldStore() async throws {
        let rules = Hexadecimal.text(fixture.rulesDigest.bytes)
        try await fixture.makeOldStore { database in
            try database.execute(
                sql: """
                    INSERT INTO users (id, username, email, status) VALUES (1, 'ann', 'ann@x', 'active'), (2, 'local', NULL, 'active');
                    INSERT INTO claims VALUES (1, CAST('ann' AS BLOB), 1), (2, CAST('ann@x' AS BLOB), 1), (1, CAST('local' AS BLOB), 2);
                    DELETE FROM unclaimed;
                    INSERT INTO entries (source, anchor, id, digest, member_key, present, state, user_id, attention)
                        VALUES (1, CAST('id-ann' AS BLOB), 1, zeroblob(16), zeroblob(16), 7, 1, 1, 0);
                    INSERT INTO entry_images VALUES (1, x'00');
                    UPDATE sources SET rules_digest = x'\(rules)', users = 1, groups = 0, last_applied = 1;
                    INSERT INTO audit VALUES (1, 1, 1, 1, x'00', zeroblob(32));
                    """)
            try database.execute(sql: "UPDATE audit SET hash = randomblob(32)")
        }
        let log = try DatabaseQueue(path: fixture.path)
        try await log.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
        try log.close()
    }

    @Test("is planned before it is applied: what reads shows an old store as it will be, and changes no byte of it")
    mutating func planned() async throws {
        try await makeOldStore()
        let before = try files()
        let plan = try await fixture.plan(people.directory)
        #expect(plan.record.outcome != .failed, "\(plan.record.reason ?? "")")
        #expect(plan.changes == ["create bob", "create cyd"])
        let warning: Text = "the store is of an earlier version; the next run that applies brings it up to date"
        #expect(plan.record.warnings.contains(warning))
        let reader = try StoreReader(path: fixture.path)
        var names: [String] = []
        try reader.forEachUser(status: nil, search: nil) { listed in
            names.append(listed.user.username.string)
            return true
        }
        #expect(names == ["ann", "local"])
        let identity = try reader.basis().origin.store
        #expect(try StoreReader(path: fixture.path).basis().origin.store == identity && identity != nil)
        #expect(try files() == before)
        #expect(plan.holding.contains(.scope), "\(plan.holding)")
        // The run that applies brings it up to date; it is the store of which the plan was made.
        let applied = try await fixture.approve(people.directory)
        #expect(applied.changes == plan.changes && applied.record.isApproved)
        #expect(try await !fixture.plan(people.directory).record.warnings.contains(warning))
        #expect(try StoreReader(path: fixture.path).basis().origin.store == identity)
    }

    @Test("forgets no remark that was known or acknowledged, though marks of remarks were other ones", arguments: [false, true])
    mutating func remarks(_ isAcknowledged: Bool) async throws {
        try await makeOldStore()
        let mark = Hexadecimal.text(Remark(.usernameKept("anna")).legacyMark)
        // As that version kept it.
        let queue = try DatabaseQueue(path: fixture.path)
        try await queue.write { database in
            let settled = isAcknowledged ? "x'\(mark)'" : "NULL"
            try database.execute(sql: "UPDATE entries SET attention = 1, noted = x'\(mark)', acknowledged = \(settled)")
        }
        try queue.close()
        people["ann"]["uid"] = ["anna"]
        func standing(_ run: RunReport) -> [Bool] { run.rows.flatMap(\.remarks).flatMap { [$0.isNew, $0.isAcknowledged] } }
        #expect(standing(try await fixture.plan(people.directory)) == [false, isAcknowledged])
        for _ in 0..<2 {
            let run = try await fixture.approve(people.directory)
            #expect(run.remarks == ["drift username ann"] && standing(run) == [false, isAcknowledged], "\(run.rows)")
            #expect(
                try fixture.probe.rows("SELECT length(noted) AS n, length(acknowledged) AS a FROM entries WHERE user_id = 1")
                    == [isAcknowledged ? "n=32|a=32" : "n=32|a=NULL"])
        }
    }

    @Test("keeps what a person acknowledges before the first run")
    mutating func acknowledgedBeforeRun() async throws {
        people["ann"]["uid"] = ["anna"]
        fixture.rules.lifecycle.username = .keep
        _ = try await fixture.approve(People(["ann", "bob", "cyd"]).directory)
        #expect(try await fixture.apply(people.directory).remarks == ["drift username ann"])
        // As if an earlier version had kept it.
        let mark = Hexadecimal.text([0] + Remark(.usernameKept("anna")).legacyMark)
        try fixture.probe.execute("UPDATE entries SET noted = x'\(mark)' WHERE noted IS NOT NULL")
        try fixture.carryOut(.acknowledge(.all))
        #expect(
            try fixture.probe.rows("SELECT hex(acknowledged) AS a FROM entries WHERE acknowledged IS NOT NULL") == [
                "a=\"\(mark.uppercased())\""
            ])
        let run = try await fixture.apply(people.directory)
        #expect(run.rows.flatMap(\.remarks).map(\.isAcknowledged) == [true])
    }

    @Test("to a version that takes the same rules otherwise waits for a person when it changes anybody, and is said so")
    mutating func otherSemantics() async throws {
        _ = try await fixture.approve(people.directory)
        #expect(
            try fixture.probe.rows("SELECT semantics FROM sources") == ["semantics=\(Evaluator.semanticsVersion)"])
        // Nobody is changed by it: all are looked at, and nothing waits.
        try fixture.probe.execute("UPDATE sources SET semantics = 1")
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
        #expect(
            try fixture.probe.rows("SELECT semantics FROM sources") == ["semantics=\(Evaluator.semanticsVersion)"])
        // As if the former version had made something else of an entry that is the same.
        try fixture.probe.execute(
            "UPDATE sources SET semantics = 1; UPDATE users SET email = 'other@x' WHERE username = 'bob'; UPDATE entries SET attention = 0; DELETE FROM unclaimed"
        )
        let held = try await fixture.apply(people.directory)
        #expect(held.record.outcome == .held && held.holding == [.scope] && held.changes == ["update bob"])
        #expect(held.record.reason?.hasPrefix("this version of Rollcall takes the rules otherwise") == true)
        #expect(try await fixture.approve(people.directory).record.outcome == .applied)
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("back to an earlier version is refused, and changes nothing")
    mutating func laterStore() async throws {
        _ = try await fixture.approve(people.directory)
        try fixture.probe.execute("INSERT INTO grdb_migrations VALUES ('99 of another time')")
        people["bob"]["mail"] = ["other@x"]
        let before = try fixture.probe.rows("SELECT * FROM users ORDER BY id") + fixture.probe.rows("SELECT seq FROM runs")
        for mode in [RunRecord.Mode.plan, .apply] {
            let report = try await fixture.run(people.directory, mode) { try RunReport($0) }
            #expect(report.record.outcome == .failed && report.record.reason?.contains("a later version of Rollcall") == true)
        }
        #expect(try fixture.probe.rows("SELECT * FROM users ORDER BY id") + fixture.probe.rows("SELECT seq FROM runs") == before)
    }
}
