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
        let workspace = try await Workspace.filled(population)
        let scene = try DaemonScene(workspace)
        try await scene.ready()
        try await scene.logged("in_sync")
        let file = "source: {type: file, path: people.ldif}"
        // A warning comes before the mistakes.
        try workspace.configure(
            source: """
                source:
                  type: ldap
                  url: "ldap://192.0.2.1"
                  bind: {dn: "cn=sync", password: {file: password}}
                  users: {base: "dc=example"}
                """, "daemon: {interval: 1h, listen: x}\nfoo: 1")
        scene.daemon.stop(SIGHUP)
        try await eventually("it was ready again") { scene.receiver.values("READY").count == 2 }
        #expect(scene.receiver.values("RELOADING") == ["1"])
        #expect(scene.receiver.values("MONOTONIC_USEC").allSatisfy { Int64($0) ?? 0 > 0 })
        #expect(
            scene.status.contains("reload refused, still the former config: ") && scene.status.contains("daemon.listen")
                && scene.status.contains("and 1 more"), "\(scene.status)")
        #expect(scene.log.contains(" warning: ") && scene.log.contains("would cross the network in clear"), "\(scene.log)")
        for text in ["error: unknown key `foo`", "daemon.listen"] {
            #expect(scene.log.components(separatedBy: text).count == 2, "\(text): \(scene.log)")
        }
        #expect(scene.log.contains("the config was not taken, the former one stays: 2 mistakes"), "\(scene.log)")
        // The old config is still the one that runs go by, and by its interval.
        population.people[1].name = "Changed"
        try workspace.replace(population.ldif)
        try await scene.logged("applied in ")
        #expect(try await StoreContent.ask(workspace.store, "SELECT display_name FROM users WHERE username = 'u1'") == "Changed")
        // A good file whose store is none of ours.
        try workspace.directory.write("this is no database, by no means", to: "store/other.db")
        let other = "\(file)\nstore: {url: \"sqlite:store/other.db\"}\n\(Population.rules())\ndaemon: {interval: 1h}\n"
        try workspace.directory.write(other, to: "rollcall.yaml")
        scene.daemon.stop(SIGHUP)
        try await eventually("it was ready again") { scene.receiver.values("READY").count == 3 }
        #expect(scene.status.contains("reload refused, still the former config: ") && scene.status.contains("not an SQLite database"))
        population.people[2].name = "Changed too"
        try workspace.replace(population.ldif)
        try await scene.logged("applied in ", times: 2)
        // The good one is taken, with a run at once.
        try workspace.configure(source: file, Population.rules() + "\ndaemon: {interval: 2h}")
        population.people[3].name = "Changed as well"
        try workspace.replace(population.ldif)
        scene.daemon.stop(SIGHUP)
        try await eventually("the status is clean again") { !scene.status.contains("refused") && scene.log.contains("(reload") }
        try await scene.logged("(reload")
        #expect(try await scene.stop().status == 0)
        #expect(try await StoreContent.ask(workspace.store, "SELECT display_name FROM users WHERE username = 'u3'") == "Changed as well")
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
        let id = try #require((try plans.part("plans") as? [[String: Any]])?.first?["digest"] as? String)
        let approved = try await workspace.run("approve", id)
        #expect(approved.status == 0, "\(approved.said)")
        try await eventually("nothing is held any more") { !scene.status.contains("held") }
        #expect(try await scene.stop().status == 0)
        #expect(try await workspace.run("audit", "verify").status == 0)
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

    @Test("values of people are in the log at debug only, and in the status never")
    func names() async throws {
        var population = Population(20)
        let workspace = try await Workspace.filled(population)
        population.people[3].name = "Somebody Unmistakable"
        try workspace.replace(population.ldif)
        let scene = try DaemonScene(workspace)
        try await scene.ready()
        try await scene.logged("applied in ")
        // An expectation that fails by rules that were not applied yet.
        try workspace.configure(
            source: "source: {type: file, path: people.ldif}",
            Population.rules() + "\nprotect: {users: [nobody]}\nexpect: [{user: u3, absent: true}]\ndaemon: {interval: 1s}")
        scene.daemon.stop(SIGHUP)
        try await scene.logged("1 expectation fails; see `rollcall report ")
        let report = try await workspace.run("report")
        #expect(report.text.contains("u3: expected nobody of this name"), "\(report.said)")
        // Two entries of one anchor.
        var twin = population.people[3]
        twin.uid = "unmistakable-twin"
        population.people.append(twin)
        try workspace.replace(population.ldif)
        try await eventually("the report names both places") {
            try await workspace.run("report").text.contains(#/people\.ldif:[0-9]+ and /#)
        }
        let outcome = try await scene.stop()
        for text in [outcome.errorText] + scene.receiver.values("STATUS") {
            #expect(
                !text.lowercased().contains("unmistakable") && !text.contains("u3") && !text.contains(SampleDirectory.personUUID(3)),
                "\(text)")
        }
    }

    @Test("a config with mistakes ends it with 78 before it is ready, by lines in the log's form; a store that cannot be opened with 1")
    func refused() async throws {
        let workspace = try Workspace()
        try workspace.configure(ldif: Population(3).ldif, "foo: 1\nbar: 2")
        let mistaken = try DaemonScene(workspace, ["--log-format", "json"])
        let bad = try await mistaken.daemon.outcome()
        #expect(bad.status == 78, "\(bad.said)")
        let lines = bad.errorText.split(separator: "\n")
        #expect(lines.count == 2)
        for line in lines {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["level"] as? String == "error" && (object?["message"] as? String)?.contains("unknown key") == true, "\(line)")
        }
        try workspace.configure(ldif: Population(3).ldif)
        try workspace.directory.write("this is no database, by no means", to: "store/rollcall.db")
        let broken = try DaemonScene(workspace)
        let foreign = try await broken.daemon.outcome()
        #expect(foreign.status == 1 && foreign.errorText.contains("not an SQLite database"), "\(foreign.said)")
        for scene in [mistaken, broken] { #expect(scene.receiver.values("READY").isEmpty) }
    }
}
