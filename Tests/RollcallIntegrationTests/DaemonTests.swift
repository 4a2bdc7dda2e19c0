import Foundation
import Glibc
import RollcallTesting
import Testing

@Suite("The daemon, beside a service manager that the test stands for")
struct DaemonTests {
    @Test("it says when it is ready, runs, runs again when the file has changed, and ends with 0 when it is told to")
    func story() async throws {
        var population = Population(40)
        let workspace = try await Workspace.filled(population)
        let socket = workspace.directory.file("notify")
        let scene = try DaemonScene(workspace, watchdog: 4_000_000, path: socket)
        try await scene.ready()
        try await scene.logged("in_sync")
        try await eventually("the status named the next run") {
            scene.status.contains("in sync since ") && scene.status.contains("next run ")
        }
        population.people[3].name = "Renamed"
        try workspace.replace(population.ldif)
        try await scene.logged("applied in ")
        #expect(try await StoreContent.ask(workspace.store, "SELECT display_name FROM users WHERE username = 'u3'") == "Renamed")
        let outcome = try await scene.stop()
        #expect(outcome.status == 0 && outcome.text.isEmpty, "\(outcome.said)")
        #expect(scene.receiver.values("STOPPING") == ["1"])
        #expect(scene.receiver.values("WATCHDOG").count > 1)
        let runs = try await workspace.run("runs", "--format", "json")
        let list = try runs.part("runs") as? [[String: Any]] ?? []
        #expect(list.count { $0["mode"] as? String == "daemon" } == scene.log.components(separatedBy: " users and ").count - 1)
        let report = try await workspace.run("report", "--format", "json")
        #expect(try report.part("run", "mode") as? String == "daemon")
        #expect(try await workspace.run("audit", "verify").status == 0)
    }

    @Test("without a service manager it runs in the foreground just as well; SIGINT ends it as SIGTERM does")
    func foreground() async throws {
        let workspace = try await Workspace.filled()
        let daemon = try workspace.start("run")
        try await eventually("it ran twice") { String(decoding: daemon.errors, as: UTF8.self).components(separatedBy: "in_sync").count > 2 }
        daemon.stop(SIGINT)
        let outcome = try await daemon.outcome()
        #expect(outcome.status == 0, "\(outcome.said)")
    }

    @Test("SIGHUP takes a good config whole, with a run at once, and keeps the old one for a bad one and says why")
    func reload() async throws {
        var population = Population(40)
        let workspace = try await Workspace.filled(population, "daemon: {interval: 1h}")
        let scene = try DaemonScene(workspace)
        try await scene.ready()
        try await scene.logged("in_sync")
        try workspace.configure(
            source: "source: {type: file, path: people.ldif}", Population.rules() + "\ndaemon: {interval: 1h, listen: x}\nfoo: 1")
        scene.daemon.stop(SIGHUP)
        try await eventually("it was ready again") { scene.receiver.values("READY").count == 2 }
        #expect(scene.receiver.values("RELOADING") == ["1"])
        #expect(scene.receiver.values("MONOTONIC_USEC").allSatisfy { Int64($0) ?? 0 > 0 })
        #expect(
            scene.status.contains("reload refused, still the former config: ") && scene.status.contains("daemon.listen"), "\(scene.status)")
        #expect(scene.log.contains("unknown key `foo`"))
        // The old config is still the one that runs go by; the new one has another store and a name of its own.
        population.people[1].name = "Changed"
        try workspace.replace(population.ldif)
        try workspace.configure(source: "source: {type: file, path: people.ldif}", Population.rules() + "\ndaemon: {interval: 2h}")
        scene.daemon.stop(SIGHUP)
        try await scene.logged("applied in ")
        try await eventually("the status is clean again") { !scene.status.contains("refused") }
        #expect(scene.log.contains("(reload"), "\(scene.log)")
        #expect(try await scene.stop().status == 0)
    }

    @Test("a held plan does not stop the clock: what is ordinary goes on beside it, and approving works beside the daemon")
    func held() async throws {
        var population = Population(40)
        let workspace = try Workspace()
        try workspace.configure(ldif: population.ldif, Population.rules(isPrivileged: true) + "\ndaemon: {interval: 1s}")
        try await workspace.approveAll()
        population.groups[3].members.append(population.people[7].dn)
        try workspace.replace(population.ldif)
        let scene = try DaemonScene(workspace)
        try await scene.ready()
        try await eventually("a plan is held") { scene.status.contains("1 plan held") }
        population.people[5].name = "Ordinary"
        try workspace.replace(population.ldif)
        try await scene.logged("applied_partly")
        #expect(try await StoreContent.ask(workspace.store, "SELECT display_name FROM users WHERE username = 'u5'") == "Ordinary")
        let plans = try await workspace.run("plans", "--format", "json")
        let id = try #require((try plans.part("plans") as? [[String: Any]])?.first?["id"] as? String)
        let approved = try await workspace.run("approve", id)
        #expect(approved.status == 0, "\(approved.said)")
        try await eventually("nothing is held any more") { !scene.status.contains("held") }
        #expect(try await scene.stop().status == 0)
        #expect(try await workspace.run("audit", "verify").status == 0)
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
        try workspace.replace(content)
        let resumed = try await workspace.run("resume", "--yes")
        #expect(resumed.status == 0 && resumed.text.contains("in quarantine since"), "\(resumed.said)")
        // The daemon looks at the store at least every half a minute.
        for _ in 0..<40 where !scene.log.contains("(release") { try await Task.sleep(for: .seconds(1)) }
        #expect(scene.log.contains("(release"), "\(scene.log)")
        try await eventually("all is well again") { scene.status.hasPrefix("in sync since ") && !scene.status.contains("quarantine") }
        #expect(try await scene.stop().status == 0)
        // A daemon that is started anew remembers a quarantine, and one that succeeds forgets it.
        #expect(try await StoreContent.ask(workspace.store, "SELECT quarantined_at IS NULL FROM sources") == "1")
    }

    @Test("somebody's expiry is acted on at its minute, long before the next interval")
    func expiry() async throws {
        var population = Population(40)
        let workspace = try await Workspace.filled(population, "daemon: {interval: 6h}")
        let formatter = DateFormatter()
        formatter.dateFormat = "yyyyMMddHHmmss'Z'"
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.locale = Locale(identifier: "en_US_POSIX")
        population.people[4].extra = ["pwdEndTime: \(formatter.string(from: Date().addingTimeInterval(15)))"]
        try workspace.replace(population.ldif)
        let scene = try DaemonScene(workspace)
        try await scene.ready()
        for _ in 0..<100 where !scene.log.contains("(due") { try await Task.sleep(for: .seconds(1)) }
        #expect(scene.log.contains("(due") && scene.log.contains("deactivate 1"), Comment(rawValue: scene.log))
        #expect(try await StoreContent.ask(workspace.store, "SELECT status FROM users WHERE username = 'u4'") == "inactive")
        #expect(try await scene.stop().status == 0)
    }

    @Test("no control byte of a hostile name reaches the log, in any format; JSON lines parse", arguments: ["text", "journal", "json"])
    func log(format: String) async throws {
        var population = Population(20)
        let workspace = try await Workspace.filled(population)
        for index in 0..<5 {
            population.people[index].name = "evil"
            population.people[index].extra = [
                "displayName;lang-en: x", "givenName:: " + Data("\u{1B}[31mred\r\nfake: <0>\u{202E}\(index)".utf8).base64EncodedString(),
            ]
        }
        var newcomer = Population.Person(99)
        newcomer.mail = nil
        newcomer.extra = ["mail:: " + Data("a\u{1B}]0;x\u{7}@\nexample".utf8).base64EncodedString()]
        population.people.append(newcomer)
        try workspace.replace(population.ldif)
        let scene = try DaemonScene(workspace, ["--log-format", format, "--log-level", "debug"])
        try await scene.ready()
        try await scene.logged("applied")
        try FileManager.default.removeItem(atPath: workspace.people)
        try await scene.logged("incomplete")
        let outcome = try await scene.stop()
        let lines = outcome.errorText.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(outcome.errors.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x0A }, "\(outcome.errorText.debugDescription)")
        #expect(!outcome.errorText.unicodeScalars.contains { (0x80...0x9F).contains($0.value) || $0.value == 0x202E })
        #expect(lines.contains { $0.contains("update") })
        for line in lines {
            switch format {
            case "journal": #expect(line.range(of: "^<[2-7]>[^ ]", options: .regularExpression) != nil, "\(line)")
            case "json":
                let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
                #expect(object["level"] is String && object["message"] is String && object["time"] is String)
            default: #expect(line.range(of: "^20[0-9-]+T[0-9:.]+Z [a-z]+: ", options: .regularExpression) != nil, "\(line)")
            }
        }
    }

    @Test("values of people are in the log at debug only")
    func names() async throws {
        var population = Population(20)
        let workspace = try await Workspace.filled(population)
        population.people[3].name = "Somebody Unmistakable"
        try workspace.replace(population.ldif)
        let scene = try DaemonScene(workspace)
        try await scene.ready()
        try await scene.logged("applied in ")
        let outcome = try await scene.stop()
        #expect(!outcome.errorText.contains("Unmistakable") && !outcome.errorText.contains("u3"), "\(outcome.errorText)")
    }

    @Test("a config with mistakes ends it with 78 before it is ready; a store that cannot be opened with 1")
    func refused() async throws {
        let workspace = try Workspace()
        try workspace.configure(ldif: Population(3).ldif, "foo: 1")
        let bad = try await workspace.run("run")
        #expect(bad.status == 78, "\(bad.said)")
        try workspace.configure(ldif: Population(3).ldif)
        try workspace.directory.write("this is no database, by no means", to: "store/rollcall.db")
        let foreign = try await workspace.run("run")
        #expect(foreign.status == 1 && foreign.errorText.contains("not an SQLite database"), "\(foreign.said)")
    }
}
