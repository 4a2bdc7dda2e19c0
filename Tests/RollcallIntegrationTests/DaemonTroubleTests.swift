import Foundation
import Glibc
import RollcallTesting
import Testing

@Suite("The daemon beside a source or a store that fails")
struct DaemonTroubleTests {
    @Test("a source that keeps failing is quarantined, the reason stands in runs, log and status; `resume` releases it")
    func quarantine() async throws {
        let workspace = try await Workspace.filled()
        let content = try String(contentsOfFile: workspace.people, encoding: .utf8)
        try FileManager.default.removeItem(atPath: workspace.people)
        let scene = try DaemonScene(workspace)
        try await scene.ready()
        try await scene.logged("the source is quarantined after 5 failed runs in a row")
        try await eventually("the status says so") {
            scene.status.contains("source quarantined since ") && scene.status.contains("failing since ")
        }
        let runs = try await workspace.run("runs")
        #expect(runs.text.contains("quarantined after 5 failed runs in a row"), "\(runs.said)")
        #expect(try await scene.stop().status == 0)
        // A daemon that is started anew remembers it: it tries once, and then no more than hourly.
        let again = try DaemonScene(workspace)
        try await again.ready()
        #expect(again.status.contains("source quarantined since "), "\(again.status)")
        try await again.logged("incomplete")
        try await eventually("it waits for an hour") {
            again.status.contains("source quarantined since ") && again.status.contains("next run ")
        }
        #expect(!again.log.contains("(interval") && !again.log.contains("(retry"), "\(again.log)")
        try workspace.replace(content)
        let resumed = try await workspace.run("resume", "--yes")
        #expect(resumed.status == 0 && resumed.text.contains("in quarantine since"), "\(resumed.said)")
        // The daemon looks at the store at least every half a minute.
        try await eventually("it is released", within: .seconds(40)) { again.log.contains("(release") }
        #expect(again.log.contains("(release"), "\(again.log)")
        try await eventually("all is well again") { again.status.hasPrefix("in sync since ") && !again.status.contains("quarantine") }
        #expect(try await again.stop().status == 0)
        #expect(try await StoreContent.ask(workspace.store, "SELECT quarantined_at IS NULL FROM sources") == "1")
    }

    /// A daemon that has read of forty people, of whom u4 has access for so many seconds more, and on to the next full minute: by those the
    /// daemon acts.
    private func daemon(endingAfter seconds: Double) async throws -> (workspace: Workspace, scene: DaemonScene) {
        var population = Population(40)
        let workspace = try await Workspace.filled(population, "daemon: {interval: 6h}")
        let formatter = DateFormatter()
        formatter.dateFormat = "yyyyMMddHHmmss'Z'"
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.locale = Locale(identifier: "en_US_POSIX")
        let end = Date(timeIntervalSince1970: ((Date().timeIntervalSince1970 + seconds) / 60).rounded(.up) * 60)
        population.people[4].extra = ["pwdEndTime: \(formatter.string(from: end))"]
        try workspace.replace(population.ldif)
        let scene = try DaemonScene(workspace)
        try await scene.ready()
        try await scene.logged("(start")
        return (workspace, scene)
    }

    @Test("somebody's expiry is acted on at its minute though the source is gone, by what was read last; all else waits for the source")
    func expiryWithoutSource() async throws {
        let (workspace, scene) = try await daemon(endingAfter: 60)
        try FileManager.default.removeItem(atPath: workspace.people)
        try await eventually("it is acted on", within: .seconds(180)) { scene.log.contains("deactivate 1") }
        #expect(scene.log.contains("deactivate 1") && scene.log.contains("source not read"), Comment(rawValue: scene.log))
        #expect(scene.log.contains("incomplete"), Comment(rawValue: scene.log))
        #expect(try await StoreContent.ask(workspace.store, "SELECT status FROM users WHERE username = 'u4'") == "inactive")
        #expect(try await StoreContent.ask(workspace.store, "SELECT count(*) FROM users WHERE status = 'active'") == "39")
        // The source is still the matter, for whoever looks.
        #expect(scene.status.contains("failing since "), Comment(rawValue: scene.status))
        // By its id: the daemon goes on trying to read, so the newest run may be another by now.
        let run = try await StoreContent.ask(workspace.store, "SELECT id FROM runs WHERE outcome LIKE 'applied%' ORDER BY seq DESC LIMIT 1")
        let report = try await workspace.run("report", run)
        #expect(report.text.contains("as they were last applied, not read now"), "\(report.said)")
        #expect(try await scene.stop().status == 0)
    }

    @Test("somebody's expiry is acted on at its minute, long before the next interval")
    func expiry() async throws {
        let (workspace, scene) = try await daemon(endingAfter: 20)
        try await eventually("it is acted on", within: .seconds(140)) { scene.log.contains("(due") }
        #expect(scene.log.contains("(due") && scene.log.contains("deactivate 1"), Comment(rawValue: scene.log))
        #expect(try await StoreContent.ask(workspace.store, "SELECT status FROM users WHERE username = 'u4'") == "inactive")
        #expect(try await scene.stop().status == 0)
    }

    @Test("a store that vanishes is not made again: each run fails with one line until it is back")
    func vanished() async throws {
        let workspace = try await Workspace.filled()
        let scene = try DaemonScene(workspace)
        try await scene.ready()
        try await scene.logged("in_sync")
        let away = workspace.directory.file("away")
        // Between two runs, as an admin would have it; during one, SQLite itself would fail.
        guard rename(workspace.storeFolder, away) == 0, mkdir(workspace.storeFolder, 0o750) == 0 else {
            throw ChildProcess.Failure("rename: \(errno)")
        }
        try await scene.logged("there is no store here", times: 2)
        #expect(!FileManager.default.fileExists(atPath: workspace.store))
        #expect(scene.status.contains("failing since"), "\(scene.status)")
        try FileManager.default.removeItem(atPath: workspace.storeFolder)
        #expect(rename(away, workspace.storeFolder) == 0)
        try await eventually("all is well again") { scene.status.hasPrefix("in sync since ") }
        #expect(try await scene.stop().status == 0)
        #expect(try await workspace.run("audit", "verify").status == 0)
    }

    @Test("a refused password is not sent again by the runs that follow: SIGHUP tries it once more, another password is tried at once")
    func refusedBind() async throws {
        let server = try await SharedDirectory.server()
        let workspace = try await SharedDirectory.workspace()
        let proxy = try TCPFaultProxy(to: server.port)
        defer { proxy.end() }
        var source = LDAPSource(server)
        source.url = "ldap://127.0.0.1:\(proxy.port)"
        source.password = "not-\(SlapdServer.syncPassword)"
        try workspace.configure(source: try source.yaml(in: workspace), Population.rules() + "\ndaemon: {interval: 1s}")
        let scene = try DaemonScene(workspace)
        try await scene.ready()
        try await scene.logged("(interval")
        #expect(proxy.connections == 1, "\(scene.log)")
        #expect(scene.log.contains("the source refused the credentials; they are sent again when"), "\(scene.log)")
        scene.daemon.stop(SIGHUP)
        try await scene.logged("(reload")
        #expect(proxy.connections == 2, "\(scene.log)")
        _ = try workspace.writeSecret(SlapdServer.syncPassword, to: "ldap-password")
        try await scene.logged("\(SharedDirectory.people) users and ")
        #expect(proxy.connections >= 3, "\(scene.log)")
        #expect(try await scene.stop().status == 0)
    }

    @Test("a service that asks to wait for longer than the watchdog does is waited for, with signs of life; the runs missed are said")
    func asksToWait() async throws {
        let script = ScimScript(faults: [ScimFault(.status(429, retryAfter: 5), path: "/Users", times: 1)])
        let server = try await ScriptedScimServer.start(users: 20, script: script)
        defer { server.end() }
        let workspace = try Workspace()
        try workspace.configure(
            source: "source: {type: scim, url: \"\(server.url)\"}", "daemon: {interval: 1s}")
        let scene = try DaemonScene(workspace, watchdog: 2_000_000)
        try await scene.ready()
        try await scene.logged(" held in ", times: 2)
        let pings = scene.receiver.messages.filter { $0.name == "WATCHDOG" }.map(\.time)
        #expect(pings.count > 5 && zip(pings.dropFirst(), pings).allSatisfy { $0 - $1 < .seconds(2) }, "\(pings.count)")
        #expect(scene.log.contains(" skipped before it"), "\(scene.log)")
        #expect(try await scene.stop().status == 0)
    }

    @Test("SIGTERM in the middle of a reading that hangs ends it within 20 s, a second one hastens nothing, and the store is as it was")
    func stopWhileReading() async throws {
        let server = try await SharedDirectory.server()
        let workspace = try await SharedDirectory.workspace()
        let proxy = try TCPFaultProxy(to: server.port, .stall(after: 40_001))
        defer { proxy.end() }
        var source = LDAPSource(server)
        source.url = "ldap://127.0.0.1:\(proxy.port)"
        try workspace.configure(source: try source.yaml(in: workspace), Population.rules())
        let before = try await StoreContent.ask(workspace.store, "SELECT count(*), max(updated_at) FROM users")
        let scene = try DaemonScene(workspace, watchdog: 1_000_000)
        try await scene.ready()
        try await eventually("the reading hangs") { proxy.connections > 0 }
        // While the source hangs nothing feeds the watchdog: systemd would end the daemon now.
        try await eventually("the pings have stopped") {
            guard let last = scene.receiver.messages.last(where: { $0.name == "WATCHDOG" }) else { return false }
            return ContinuousClock.now - last.time > .seconds(2)
        }
        let locked = try await workspace.run("apply", "--wait", "0")
        #expect(locked.status == 6 && locked.said.contains("pid \(scene.daemon.pid), rollcall run"), "\(locked.said)")
        let start = ContinuousClock.now
        scene.daemon.stop(SIGTERM)
        try await eventually("it says that it is stopping") { scene.receiver.values("STOPPING") == ["1"] }
        scene.daemon.stop(SIGTERM)
        let outcome = try await scene.daemon.outcome()
        #expect(outcome.status == 0, "\(outcome.said)")
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(try await StoreContent.ask(workspace.store, "SELECT count(*), max(updated_at) FROM users") == before)
        #expect(try await workspace.run("audit", "verify").status == 0)
    }
}
