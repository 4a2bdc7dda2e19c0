import Foundation
import GRDB
import RollcallCore
import RollcallEngine
import RollcallTesting
import Synchronization
import Testing

@Suite("What an application writes during a run")
struct OtherWritersTests {
    private let fixture: RunFixture
    private var people = People(["ann", "bob", "cyd"])
    private var probe: StoreProbe { fixture.probe }

    init() async throws {
        var rules = try People.rules()
        rules.lifecycle.username = .rename
        fixture = try RunFixture(rules: rules)
        people.groups = [MemoryGroup("cn=dev-ops,ou=groups", anchor: "g1", name: "dev-ops", members: ["uid=ann,ou=people"])]
        _ = try await fixture.approve(people.directory)
    }

    /// Runs once; the application writes right before the plan is applied.
    private func apply(
        _ directory: MemoryDirectory, _ consent: RunRequest.Consent = .none, writing statements: [String]
    ) async throws -> RunReport {
        fixture.now = fixture.now + Span(seconds: 1)
        let probe = probe
        let failures = Mutex<[String]>([])
        let report = try await fixture.run(
            directory, .apply, consent,
            progress: { progress in
                guard progress == .applying else { return }
                for statement in statements {
                    do { try probe.execute(statement) } catch { failures.withLock { $0.append("\(error)") } }
                }
            }, { try RunReport($0) })
        #expect(failures.withLock { $0 } == [])
        return report
    }

    @Test("who still reads an older state of the store keeps no run from letting go of it")
    mutating func longReader() async throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let queue = try DatabaseQueue(path: fixture.path, configuration: configuration)
        defer { try? queue.close() }
        // A transaction that stays open.
        let before = try queue.inDatabase { database in
            try database.execute(sql: "BEGIN")
            return try Int.fetchOne(database, sql: "SELECT count(*) FROM users")
        }
        people.add("dan", mail: "dan@x")
        let began = ContinuousClock.now
        #expect(try await apply(people.directory, writing: []).changes == ["create dan"])
        // It would wait for ten seconds.
        #expect(ContinuousClock.now - began < .seconds(5))
        #expect(try queue.inDatabase { try Int.fetchOne($0, sql: "SELECT count(*) FROM users") } == before)
    }

    @Test("costs no second reading, however often it writes its own account")
    mutating func thousandWrites() async throws {
        for number in 0..<500 { people.add("p\(number)", mail: "p\(number)@x") }
        fixture.guards.identifiers = GuardLimit(percent: nil, min: 0)
        _ = try await fixture.approve(people.directory)
        try probe.execute("INSERT INTO users (username, status) VALUES ('service', 'active')")
        let probe = probe
        let written = Mutex((count: 0, failure: "", isOver: false))
        let writer = Thread {
            while !written.withLock({ $0.isOver }) {
                do {
                    try probe.execute("UPDATE users SET updated_at = updated_at + 1 WHERE username = 'service'")
                    written.withLock { $0.count += 1 }
                } catch {
                    return written.withLock { $0.failure = "\(error)" }
                }
            }
        }
        writer.start()
        var outcomes: [RunRecord.Outcome] = []
        while written.withLock({ $0.count < 1_000 && $0.failure.isEmpty }) || outcomes.count < 2 {
            people["ann"]["mail"] = ["ann\(outcomes.count)@x"]
            let directory = people.directory
            let report = try await fixture.apply(directory)
            #expect(directory.log.readings == 1)
            outcomes.append(report.record.outcome)
        }
        written.withLock { $0.isOver = true }
        #expect(written.withLock { $0.failure } == "")
        #expect(Set(outcomes) == [.applied], "\(outcomes)")
        #expect(try probe.claimProblems() == [])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("counts: an account that it deactivates stays so, and the report says it")
    mutating func deactivation() async throws {
        people["bob"]["mail"] = ["robert@x"]
        let directory = people.directory
        let report = try await apply(directory, writing: ["UPDATE users SET status = 'inactive' WHERE username = 'ann'"])
        #expect(directory.log.readings == 1)
        #expect(report.changes == ["update bob"] && report.remarks == ["drift held_here ann"])
        #expect(report.record.summary.unchanged == 1)
        #expect(try probe.rows("SELECT status, held FROM users WHERE username = 'ann'") == ["status=\"inactive\"|held=1"])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("counts: a membership that it takes is given again, by what was read")
    mutating func membership() async throws {
        people["bob"]["mail"] = ["robert@x"]
        let directory = people.directory
        let report = try await apply(directory, writing: ["DELETE FROM grants"])
        #expect(directory.log.readings == 1)
        #expect(report.changes == ["grant ann Team ops", "update bob"])
        #expect(try probe.rows("SELECT count(*) AS n FROM grants") == ["n=1"])
    }

    @Test("counts: who becomes privileged meanwhile keeps the email until a person has looked")
    mutating func privilege() async throws {
        people["bob"]["mail"] = ["robert@x"]
        people["cyd"]["mail"] = ["cydney@x"]
        let directory = people.directory
        let report = try await apply(
            directory,
            writing: [
                """
                INSERT INTO grants (user_id, group_id) SELECT u.id, p.id FROM users u, permission_groups p
                WHERE u.username = 'bob' AND p.name = 'Administrators'
                """
            ])
        #expect(directory.log.readings == 1)
        #expect(report.changes == ["held update bob", "update cyd"] && report.record.outcome == .appliedPartly)
        #expect(report.holding == [.privilegedIdentifier] && report.record.heldPlan != nil)
        #expect(try probe.rows("SELECT email FROM users WHERE username = 'bob'") == ["email=\"bob@x\""])
    }

    @Test("makes a plan stale that was approved exactly, when its changes are others by it; else the plan is applied")
    mutating func exactApproval() async throws {
        people["bob"]["mail"] = ["robert@x"]
        let directory = people.directory
        let digest = try #require(try await fixture.plan(directory).record.planDigest)
        let stale = try await apply(directory, .approving(digest), writing: ["UPDATE users SET email = 'b@x' WHERE username = 'bob'"])
        #expect(stale.record.outcome == .stale && directory.log.readings == 2)
        #expect(try probe.rows("SELECT email FROM users WHERE username = 'bob'") == ["email=\"b@x\""])
        let now = try #require(try await fixture.plan(directory).record.planDigest)
        let applied = try await apply(directory, .approving(now), writing: ["UPDATE users SET updated_at = 1 WHERE username = 'cyd'"])
        #expect(applied.record.outcome == .applied && applied.changes == ["update bob"])
    }

    @Test("takes a name that a newcomer wants: the newcomer waits")
    mutating func name() async throws {
        people.add("new", mail: "new@x")
        let directory = people.directory
        let report = try await apply(directory, writing: ["INSERT INTO users (username, status) VALUES ('NEW', 'active')"])
        #expect(directory.log.readings == 1)
        #expect(report.changes == [] && report.remarks == ["conflict username_taken new"])
        #expect(try probe.claimProblems() == [])
    }

    @Test("counts: a row that it removes is not made again")
    mutating func removal() async throws {
        people["ann"]["mail"] = ["anna@x"]
        let directory = people.directory
        let report = try await apply(directory, writing: ["DELETE FROM users WHERE username IN ('ann', 'bob')"])
        #expect(directory.log.readings == 1)
        #expect(report.changes == [] && report.remarks == ["conflict purged_here ann", "conflict purged_here bob"])
        #expect(try probe.rows("SELECT count(*) AS n FROM users") == ["n=1"])
    }

    @Test("ends no access by an absence that was not looked up: the next run looks")
    mutating func absence() async throws {
        people.remove("cyd")
        _ = try await fixture.approve(people.directory)
        people["bob"]["mail"] = ["robert@x"]
        let directory = people.directory
        let report = try await apply(directory, writing: ["UPDATE users SET status = 'active' WHERE username = 'cyd'"])
        #expect(directory.log.readings == 1)
        #expect(report.changes == ["update bob"] && report.remarks == ["warning unconfirmed cyd"])
        #expect(try await fixture.apply(people.directory).changes == ["deactivate cyd"])
    }

    @Test("that moves a permission group makes the run read again")
    mutating func permissionGroup() async throws {
        people["bob"]["mail"] = ["robert@x"]
        let once = Mutex(false)
        let probe = probe
        let directory = people.directory
        fixture.now = fixture.now + Span(seconds: 1)
        let report = try await fixture.run(
            directory, .apply,
            progress: { progress in
                let isFirst = once.withLock { isDone in
                    defer { isDone = isDone || progress == .applying }
                    return !isDone
                }
                guard progress == .applying, isFirst else { return }
                try? probe.execute("UPDATE permission_groups SET privileged = 1 WHERE name = 'Team ops'")
            }, { try RunReport($0) })
        #expect(directory.log.readings == 2 && report.record.outcome == .applied)
    }

    @Test("does not stop a dry run: its plan is made of the store as it is")
    mutating func dryRun() async throws {
        people["bob"]["mail"] = ["robert@x"]
        let directory = people.directory
        let application = Application(path: fixture.path)
        let report = try await fixture.run(
            directory, .plan,
            progress: { progress in
                guard progress == .settling else { return }
                application.write([
                    "UPDATE users SET status = 'inactive' WHERE username = 'ann'", "DELETE FROM grants",
                    "INSERT INTO users (username, email, status) VALUES ('other', 'robert@x', 'active')",
                ])
            }, { try RunReport($0) })
        #expect(directory.log.readings == 1 && report.record.outcome == .inSync)
        #expect(report.changes == [] && report.remarks == ["drift held_here ann", "conflict email_taken bob"])
    }

    @Test("stops no dry run, if it changes what every run must find as it was, in each reading: the plan is of one state")
    mutating func everChanging() async throws {
        people["bob"]["mail"] = ["robert@x"]
        let directory = people.directory
        let application = Application(path: fixture.path)
        let times = Mutex(0)
        let report = try await fixture.run(
            directory, .plan,
            progress: { progress in
                guard progress == .settling else { return }
                let number = times.withLock { times in
                    times += 1
                    return times
                }
                application.write(["UPDATE permission_groups SET permissions = '[\"other:\(number)\"]' WHERE name = 'Team ops'"])
            }, { try RunReport($0) })
        #expect(directory.log.readings == 2 && report.record.outcome == .pending, "\(report.record.reason ?? "")")
        #expect(report.changes.contains("update bob"), "\(report.changes)")
        let held = try await fixture.apply(directory)
        #expect(held.changes.contains("update bob"))
    }

    @Test("leaves the same store as if it had written before the run", arguments: 1...40 as ClosedRange<UInt64>)
    mutating func sameAsBefore(_ seed: UInt64) async throws {
        var random = SeededRandom(seed)
        let names = (0..<12).map { "p\($0)" }
        for name in names { people.add(name, mail: "\(name)@x") }
        people.groups[0].members += names.prefix(6).map { "uid=\($0),ou=people" }
        _ = try await fixture.approve(people.directory)
        func some() -> String { names.randomElement(using: &random) ?? "p0" }
        for _ in 0..<4 {
            switch Int.random(in: 0..<5, using: &random) {
            case 0: people.remove(some())
            case 1: people[some()]["mail"] = ["\(some())@y"]
            case 2: people[some()]["employeeType"] = ["ended"]
            case 3: people[some()]["uid"] = [some()]
            default: people.groups[0].members.removeAll { _ in Bool.random(using: &random) }
            }
        }
        var writes: [String] = []
        for _ in 0..<4 {
            let user = some()
            let write =
                switch Int.random(in: 0..<6, using: &random) {
                case 0: "UPDATE users SET status = 'inactive' WHERE username = '\(user)'"
                case 1: "UPDATE users SET username = '\(some())x' WHERE username = '\(user)'"
                case 2: "DELETE FROM grants WHERE user_id IN (SELECT id FROM users WHERE username = '\(user)')"
                case 3: "INSERT INTO users (username, email, status) VALUES ('\(user)z', '\(some())@y', 'active')"
                case 4: "DELETE FROM users WHERE username = '\(user)'"
                default: "UPDATE users SET email = '\(some())@y' WHERE username = '\(user)'"
                }
            writes.append(write)
        }
        fixture.guards.deactivations = GuardLimit(percent: nil, min: 0)
        fixture.guards.identifiers = GuardLimit(percent: nil, min: 0)
        let copy = fixture.path + ".copy"
        try FileManager.default.copyItem(atPath: fixture.path, toPath: copy)
        let directory = people.directory
        let during = try await apply(directory, writing: writes)
        #expect(directory.log.readings == 1)
        let store = try content(probe)
        let other = StoreProbe(path: copy)
        for write in writes { try other.execute(write) }
        try FileManager.default.removeItem(atPath: fixture.path)
        for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: fixture.path + end) }
        try FileManager.default.moveItem(atPath: copy, toPath: fixture.path)
        let before = try await fixture.run(people.directory, .apply) { try RunReport($0) }
        #expect(
            during.record.outcome == before.record.outcome && during.record.outcome != .failed,
            "seed \(seed): \(during.record.reason ?? "")")
        #expect(during.changes == before.changes && during.remarks == before.remarks, "seed \(seed)")
        #expect(store == (try content(probe)), "seed \(seed): \(writes)")
    }

    /// What the store holds about accounts and entries.
    private func content(_ probe: StoreProbe) throws -> [String] {
        try probe.rows("SELECT id, username, username_key, email, status, held FROM users ORDER BY id")
            + probe.rows("SELECT kind, hex(key), user_id FROM claims ORDER BY kind, key")
            + probe.rows("SELECT user_id, group_id, origin FROM grants ORDER BY 1, 2, 3")
            + probe.rows("SELECT hex(anchor), user_id, state, attention FROM entries ORDER BY anchor")
    }
}

/// A program that writes the store. SQLite shares the index of the log within a process, and a dry run's is read-only: so it is
/// another process.
private struct Application {
    let path: String

    func write(_ statements: [String]) {
        let program = Process()
        program.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
        program.arguments = ["-batch", "-bail", "-init", "/dev/null", path] + statements
        try? program.run()
        program.waitUntilExit()
    }
}
