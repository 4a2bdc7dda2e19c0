import Foundation
import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Testing

@Suite("A store that others reach into")
struct TamperedStoreTests {
    private let fixture: RunFixture
    private var people = People(["ann", "bob"])
    private var probe: StoreProbe { fixture.probe }

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
    }

    private func verdict() throws -> AuditVerdict { try StoreReader(path: fixture.path).verifyAudit(against: nil) }

    private func isWhole() throws -> Bool { if case .whole = try verdict() { true } else { false } }

    @Test("is not whole when the list of runs hides rows, or tells a run otherwise than its record")
    mutating func hiddenRows() async throws {
        _ = try await fixture.approve(people.directory)
        people.groups = [MemoryGroup("cn=admins,ou=groups", anchor: "g1", name: "admins", members: ["uid=ann,ou=people"])]
        // Held twice: the second run has the rows of the first.
        for _ in 0..<2 { #expect(try await fixture.apply(people.directory).holding == [.privilegedGrant]) }
        _ = try await fixture.apply(MemoryDirectory(MemorySnapshot(people: [])))
        people.groups = []
        for _ in 0..<2 { _ = try await fixture.apply(people.directory) }
        #expect(try isWhole())
        let runs = try probe.rows("SELECT seq FROM runs WHERE outcome <> 'in_sync'").map { $0.dropFirst("seq=".count) }
        #expect(runs.count >= 3)
        let columns = "first_event, id, outcome, actor, started, finished"
        var edited = 0
        for seq in runs {
            for edit in [
                "first_event = last_event", "first_event = first_event + 1", "first_event = first_event - 1", "first_event = 1",
                "id = id || 'x'", "outcome = 'failed'", "actor = 'nobody'", "started = started + 1", "finished = 1",
            ] {
                let before = try probe.rows("SELECT \(columns) FROM runs WHERE seq = \(seq)")
                try probe.execute("CREATE TABLE saved AS SELECT * FROM runs; UPDATE runs SET \(edit) WHERE seq = \(seq)")
                if try probe.rows("SELECT \(columns) FROM runs WHERE seq = \(seq)") != before {
                    edited += 1
                    #expect(try !isWhole(), "run \(seq): \(edit)")
                }
                try probe.execute(
                    "UPDATE runs SET (\(columns)) = (SELECT \(columns) FROM saved WHERE saved.seq = runs.seq); DROP TABLE saved")
            }
        }
        #expect(edited >= 5 * runs.count)
        #expect(try isWhole())
    }

    @Test("has one lock, also by a symbolic link; by another name of the file it is not written to")
    mutating func names() async throws {
        _ = try await fixture.approve(people.directory)
        let folder = "\((fixture.path as NSString).deletingLastPathComponent)/elsewhere"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let link = "\(folder)/link.db"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: fixture.path)
        let evaluator = Evaluator(rules: fixture.rules)
        let options = SessionOptions(now: fixture.now, rulesDigest: fixture.rulesDigest)
        let session = try fixture.store.begin(.apply, evaluator, options)
        let error = #expect(throws: StoreError.self) {
            try SQLiteStore(path: link, holder: "pid 2, a test").begin(.apply, evaluator, options)
        }
        #expect(error?.code == .locked)
        session.close()
        try SQLiteStore(path: link, holder: "pid 2, a test").begin(.apply, evaluator, options).close()
        #expect(try StoreReader(path: link).basis().baseline.links == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["link.db"])
        try FileManager.default.linkItem(atPath: fixture.path, toPath: "\(folder)/other.db")
        for path in [fixture.path, "\(folder)/other.db"] {
            let error = #expect(throws: StoreError.self) {
                try SQLiteStore(path: path, holder: "pid 3, a test").begin(.apply, evaluator, options)
            }
            #expect(error?.message.contains("2 names (hard links)") == true)
        }
        try FileManager.default.removeItem(atPath: "\(folder)/other.db")
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("whose permission groups the application renamed goes on: the key says which group it is")
    mutating func renamedGroups() async throws {
        people.groups = [
            MemoryGroup("cn=admins,ou=groups", anchor: "g1", name: "admins", members: ["uid=ann,ou=people"]),
            MemoryGroup("cn=dev-web,ou=groups", anchor: "g2", name: "dev-web", members: ["uid=ann,ou=people"]),
        ]
        _ = try await fixture.approve(people.directory)
        try probe.execute("UPDATE permission_groups SET name = 'Somebody else' WHERE name = 'Administrators'")
        try probe.execute("UPDATE permission_groups SET name = 'Administrators' WHERE name = 'Team web'")
        #expect(try await fixture.apply(people.directory).changes == [])
        people.groups[1].members.append("uid=bob,ou=people")
        let report = try await fixture.apply(people.directory)
        #expect(report.record.outcome == .applied && report.changes.count == 1, "\(report.changes) \(report.record.reason ?? "")")
        #expect(try probe.rows("SELECT count(*) AS n FROM permission_groups") == ["n=2"])
        #expect(
            try probe.rows("SELECT g.user_id, p.id FROM grants g JOIN permission_groups p ON p.id = g.group_id ORDER BY 1, 2").count == 3)
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }
}
