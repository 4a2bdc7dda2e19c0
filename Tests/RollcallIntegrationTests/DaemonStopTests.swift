import Foundation
import Glibc
import RollcallTesting
import Testing

@Suite("How the daemon stops, whatever it is doing")
struct DaemonStopTests {
    @Test("a run that does not react is given up with the process after the limit, also on one processor, and nothing of it is applied")
    func forced() async throws {
        let workspace = try await Workspace.filled(Population(40), "daemon: {interval: 5s}")
        let scene = try DaemonScene(workspace, ["--stop-after", "2"], hasOneCPU: true)
        try await scene.ready()
        try await scene.logged("in_sync")
        // A run that failed keeps its record, and waits for the database.
        try FileManager.default.removeItem(atPath: workspace.people)
        try await scene.logged("incomplete")
        let before = try await StoreContent.ask(workspace.store, "SELECT count(*), max(updated_at) FROM users")
        let lock = try await WriteLock(workspace.store, in: workspace.directory, seconds: 9)
        try await scene.stuck()
        let begin = ContinuousClock.now
        let outcome = try await scene.stop()
        #expect(outcome.status == 1, "\(outcome.said)")
        #expect(outcome.errorText.contains("does not end; it is given up, and nothing of it is applied"), "\(outcome.said)")
        #expect(ContinuousClock.now - begin >= .seconds(1.5) && ContinuousClock.now - begin < .seconds(8))
        #expect(scene.receiver.values("STOPPING") == ["1"])
        try await lock.end()
        #expect(try await StoreContent.ask(workspace.store, "SELECT count(*), max(updated_at) FROM users") == before)
        #expect(try await workspace.run("audit", "verify").status == 0)
    }

    @Test("a commit that waits is waited for, longer than the limit, and the daemon ends with 0")
    func whileCommitting() async throws {
        let server = try await ScriptedScimServer.start(users: 20)
        defer { server.end() }
        let workspace = try Workspace()
        try workspace.configure(source: "source: {type: scim, url: \"\(server.url)\"}", "daemon: {interval: 1h}")
        try await workspace.approveAll()
        let runs = "SELECT count(*) FROM runs WHERE record IS NOT NULL"
        let before = Int(try await StoreContent.ask(workspace.store, runs)) ?? 0
        // The run has opened the store by the time the service asks it to wait, and gets to its commit when another program writes.
        try server.replace(script: ScimScript(faults: [ScimFault(.status(429, retryAfter: 2), path: "/Users", times: 1)]))
        try server.clearLog()
        let scene = try DaemonScene(workspace, ["--stop-after", "1"])
        try await scene.ready()
        try await eventually("it was told to wait") { try server.log().contains { $0.status == 429 } }
        let lock = try await WriteLock(workspace.store, in: workspace.directory, seconds: 8)
        // The wait and what comes before the commit are over by then.
        try await scene.stuck(seconds: 4)
        let begin = ContinuousClock.now
        let outcome = try await scene.stop()
        #expect(outcome.status == 0, "\(outcome.said)")
        #expect(!outcome.errorText.contains("given up") && outcome.errorText.contains(" in_sync in "), "\(outcome.said)")
        #expect(ContinuousClock.now - begin > .seconds(2))
        try await lock.end()
        #expect(Int(try await StoreContent.ask(workspace.store, runs)) == before + 1)
        #expect(try await workspace.run("audit", "verify").status == 0)
    }

    @Test("SIGTERM at any moment of a run leaves the store as it was or as the run meant it, and ends with 0")
    func whileWorking() async throws {
        var random = SeededRandom(20_261_123)
        for round in 0..<rounds(4, soak: 40) {
            var population = Population(2_000)
            let workspace = try await Workspace.filled(population, "daemon: {interval: 1h}")
            for index in population.people.indices { population.people[index].name = "Renamed \(index)" }
            try workspace.replace(population.ldif)
            let scene = try DaemonScene(workspace)
            try await scene.ready()
            try await eventually("it runs") { scene.receiver.values("STATUS").contains { $0.contains("running since") } }
            // Somewhere in reading, staging, planning or applying.
            try await Task.sleep(for: .milliseconds(random.below(400)))
            let outcome = try await scene.stop()
            #expect(outcome.status == 0, "\(outcome.said)")
            let count = try await StoreContent.ask(workspace.store, "SELECT count(*) FROM users WHERE display_name LIKE 'Renamed %'")
            #expect(["0", "2000"].contains(count), "round \(round): \(count)")
            #expect(count == (outcome.errorText.contains(" applied in ") ? "2000" : "0"), "round \(round): \(outcome.said)")
            #expect(try await workspace.run("audit", "verify").status == 0)
        }
    }

    @Test("a reload that does not end holds up no stop")
    func whileReloading() async throws {
        let other = try await Workspace.filled()
        let workspace = try await Workspace.filled(Population(40), "daemon: {interval: 1h}")
        let scene = try DaemonScene(workspace)
        try await scene.ready()
        try await scene.logged("in_sync")
        let lock = try await WriteLock(other.store, in: other.directory, seconds: 8)
        try workspace.directory.write(
            "source: {type: file, path: people.ldif}\nstore: {url: \"sqlite://\(other.store)\"}\n\(Population.rules())\n",
            to: "rollcall.yaml")
        scene.daemon.stop(SIGHUP)
        try await eventually("it reloads") { !scene.receiver.values("RELOADING").isEmpty }
        let begin = ContinuousClock.now
        let outcome = try await scene.stop()
        #expect(outcome.status == 0, "\(outcome.said)")
        #expect(ContinuousClock.now - begin < .seconds(5))
        #expect(scene.receiver.values("READY").count == 1, "the reload had ended")
        try await lock.end()
    }
}
