import Foundation
import Glibc
import RollcallTesting
import Testing

@Suite("Two daemons and six commands on one store")
struct ManyAppliersTests {
    /// What the six do in a round, each by its own dice.
    private static let commands = [["apply"], ["apply", "--wait", "30"], ["plan"], ["report"], ["approve"], ["pause", "--yes"]]
    /// What counts whatever an applier commits.
    private static let commits = "SELECT (SELECT max(seq) FROM audit) || ' ' || (SELECT max(seq) FROM runs)"

    @Test("one applies at a time, nobody waits for ever, and no run is lost; a slice of 20 rounds, 1,000 in a soak")
    func together() async throws {
        var random = SeededRandom(20_261_122)
        var population = Population(30)
        let workspace = try Workspace()
        try workspace.configure(ldif: population.ldif, Population.rules(isPrivileged: true) + "\ndaemon: {interval: 1s}")
        try await workspace.approveAll()
        let count = rounds(20, soak: 1000)
        let patience = 120 + Double(count) * 20
        let daemons = try [DaemonScene(workspace, timeout: patience), DaemonScene(workspace, timeout: patience)]
        for daemon in daemons { try await daemon.ready() }
        var ids: Set<String> = []
        for round in 0..<count {
            let person = random.below(30)
            population.people[person].name = "Round \(round)"
            if random.once(in: 4) { population.groups[3].members = [0, 1, 2 + random.below(5)].map { population.people[$0].dn } }
            try workspace.replace(population.ldif)
            let outcomes = try await withThrowingTaskGroup(of: ([String], ProgramOutcome).self) { group in
                for words in ManyAppliersTests.commands {
                    group.addTask { (words, try await ManyAppliersTests.run(words, workspace)) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for (words, outcome) in outcomes {
                // 1 is a plan that became another one before it could be approved; 6 a wait that was too short.
                let allowed: Set<Int32> = words == ["approve"] ? [0, 1, 3, 4, 6] : [0, 2, 3, 4, 6]
                #expect(allowed.contains(outcome.status), "round \(round), \(words): \(outcome.said)")
                guard ["apply", "approve"].contains(words[0]), outcome.status != 6, outcome.status != 1 else { continue }
                // Without a plan there is nothing to approve.
                if words[0] == "approve", (try? outcome.part("plans")) != nil { continue }
                ids.insert(try #require(ManyAppliersTests.run(in: outcome), "round \(round), \(words): \(outcome.said)"))
            }
            try await ManyAppliersTests.expectExclusion(workspace, round)
        }
        // One of the two that apply has the time to wait.
        #expect(ids.count >= count, "\(ids.count)")
        for daemon in daemons {
            let outcome = try await daemon.stop()
            #expect(outcome.status == 0, "\(outcome.said)")
            for line in daemon.log.split(separator: "\n") where line.contains(": run ") && !line.contains("locked_out") {
                let words = line.split(separator: " ")
                if let place = words.firstIndex(of: "run") { ids.insert(String(words[place + 1])) }
            }
        }
        let list = try await workspace.run("runs", "--format", "json", "--last", "1000000")
        let runs = try list.part("runs") as? [[String: Any]] ?? []
        let kept = Set(runs.compactMap { $0["id"] as? String })
        #expect(ids.subtracting(kept) == [], "of \(ids.count)")
        #expect(kept.count == runs.count && runs.count >= ids.count)
        #expect(try await workspace.run("audit", "verify").status == 0)
        _ = try await workspace.run("resume", "--yes")
        let last = try await workspace.run("apply")
        #expect([0, 3].contains(last.status), "\(last.said)")
        #expect(try await StoreContent.ask(workspace.store, "SELECT count(*) FROM users WHERE display_name LIKE 'Round %'") != "0")
        #expect(try await StoreContent.ask(workspace.store, "PRAGMA integrity_check") == "ok")
    }

    /// While somebody else has the lock nobody commits, and whoever does not wait ends with 6.
    private static func expectExclusion(_ workspace: Workspace, _ round: Int) async throws {
        let lock = try AppliersLock(workspace.store)
        try await eventually("the lock is free") { lock.take() }
        let before = try await StoreContent.ask(workspace.store, commits)
        let refused = try await workspace.run("apply", "--wait", "0")
        #expect(refused.status == 6, "round \(round): \(refused.said)")
        let plan = try await workspace.run("plan")
        #expect([0, 2, 3].contains(plan.status), "round \(round): \(plan.said)")
        #expect(try await StoreContent.ask(workspace.store, commits) == before, "round \(round): somebody committed without the lock")
    }

    private static func run(_ words: [String], _ workspace: Workspace) async throws -> ProgramOutcome {
        func run(_ words: [String]) async throws -> ProgramOutcome {
            try await workspace.binary.run(words + ["--config", workspace.config])
        }
        switch words[0] {
        case "approve":
            let plans = try await run(["plans", "--format", "json"])
            guard let id = (try plans.part("plans") as? [[String: Any]])?.first?["digest"] as? String else { return plans }
            return try await run(["approve", id, "--format", "json"])
        case "pause":
            let paused = try await run(words)
            let resumed = try await run(["resume", "--yes", "--wait", "60"])
            return paused.status == 0 ? resumed : paused
        case "apply": return try await run(words + ["--format", "json"])
        default: return try await run(words)
        }
    }

    private static func run(in outcome: ProgramOutcome) -> String? { (try? outcome.part("run", "id")) as? String }
}

/// The lock that appliers take, taken by the test.
private final class AppliersLock {
    private let descriptor: Int32

    init(_ database: String) throws {
        descriptor = open(database + ".lock", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw ChildProcess.Failure("\(database).lock: \(errno)") }
    }

    deinit {
        close(descriptor)
    }

    func take() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }
}
