import Foundation
import Glibc
import RollcallTesting
import Testing

@Suite("Every exit status, by a real case")
struct ExitStatusTests {
    /// A workspace whose store has 30 people.
    private func workspace() async throws -> (Workspace, Population) {
        let workspace = try Workspace()
        let population = Population(30)
        try workspace.configure(ldif: population.ldif, Population.rules())
        try await workspace.approveAll()
        return (workspace, population)
    }

    @Test("0: in sync, done, and what only shows something")
    func done() async throws {
        let (workspace, population) = try await workspace()
        var changed = population
        changed.people[3].name = "Changed"
        #expect(try await workspace.run("plan").status == 0)
        try workspace.directory.write(changed.ldif, to: "people.ldif")
        #expect(try await workspace.run("apply").status == 0)
        #expect(try await workspace.run("apply").status == 0)
        for arguments in [["--version"], ["--help"], ["help", "apply"], ["plan", "--help"]] {
            let outcome = try await workspace.binary.run(arguments)
            #expect(outcome.status == 0 && !outcome.output.isEmpty && outcome.errors.isEmpty, "\(arguments): \(outcome.said)")
        }
        let version = try await workspace.binary.run(["--version"])
        #expect(version.text.split(separator: ".").count == 3, "\(version.said)")
    }

    @Test("1: a failed run, a stale plan, a store that is none of ours, and what is not there")
    func failed() async throws {
        let (workspace, population) = try await workspace()
        _ = try await workspace.run("plan", "--out", workspace.planFile)
        var changed = population
        changed.people[3].name = "Changed"
        try workspace.directory.write(changed.ldif, to: "people.ldif")
        let stale = try await workspace.run("apply", workspace.planFile)
        #expect(stale.status == 1 && stale.text.hasPrefix("Stale, nothing was changed: "), "\(stale.said)")
        for arguments in [
            ["users", "show", "nobody"], ["groups", "show", "No such group"], ["report", "no-such-run"], ["explain", "nobody"],
            ["apply", "no-such-plan.json"],
        ] {
            let outcome = try await workspace.binary.run(arguments + ["--config", workspace.config])
            #expect(outcome.status == 1 && !outcome.errors.isEmpty && outcome.output.isEmpty, "\(arguments): \(outcome.said)")
        }
        let foreign = try Workspace(hasStore: false)
        try foreign.configure(ldif: population.ldif, Population.rules())
        try "not a database, but longer than the header that one has".appending(String(repeating: ".", count: 100))
            .write(toFile: foreign.store, atomically: false, encoding: .utf8)
        let before = FileManager.default.contents(atPath: foreign.store)
        for command in ["plan", "apply", "check"] {
            let outcome = try await foreign.run(command)
            #expect(outcome.status == 1 && outcome.text.contains("not an SQLite database"), "\(command): \(outcome.said)")
        }
        #expect(FileManager.default.contents(atPath: foreign.store) == before)
        // Another application's database.
        for identity in [7, 0] {
            let other = try Workspace(hasStore: false)
            try other.configure(ldif: population.ldif, Population.rules())
            try await StoreContent.edit(
                other.store, "PRAGMA application_id = \(identity); CREATE TABLE users (id INTEGER); INSERT INTO users VALUES (1);")
            let content = FileManager.default.contents(atPath: other.store)
            for command in ["plan", "apply"] {
                let outcome = try await other.run(command)
                #expect(outcome.status == 1 && outcome.text.contains("another application"), "\(identity) \(command): \(outcome.said)")
            }
            #expect(FileManager.default.contents(atPath: other.store) == content, "\(identity)")
        }
    }

    @Test("2: changes are pending (plan only)")
    func pending() async throws {
        let (workspace, population) = try await workspace()
        var changed = population
        changed.people[3].name = "Changed"
        try workspace.directory.write(changed.ldif, to: "people.ldif")
        let plan = try await workspace.run("plan")
        #expect(plan.status == 2 && plan.text.hasPrefix("Pending: 1 change would be applied. Nothing was changed."), "\(plan.said)")
    }

    @Test("3: something is held, and what passed is applied")
    func held() async throws {
        let workspace = try Workspace()
        var population = Population(30)
        try workspace.configure(ldif: population.ldif, Population.rules(isPrivileged: true))
        let first = try await workspace.run("apply")
        #expect(first.status == 3 && first.text.hasPrefix("Held: "), "\(first.said)")
        #expect(try await StoreContent.ask(workspace.store, "SELECT count(*) FROM users") == "0")
        try await workspace.approveAll()
        var joiner = Population.Person(900)
        joiner.name = "A joiner"
        population.people.append(joiner)
        population.groups[3].members.append(joiner.dn)
        try workspace.directory.write(population.ldif, to: "people.ldif")
        let apply = try await workspace.run("apply")
        #expect(apply.status == 3 && apply.text.hasPrefix("Applied in part: "), "\(apply.said)")
        #expect(try await StoreContent.ask(workspace.store, "SELECT status FROM users WHERE username = 'u900'") == "active")
        let grants = "SELECT count(*) FROM grants JOIN users ON users.id = user_id WHERE username = 'u900'"
        #expect(try await StoreContent.ask(workspace.store, grants) == "0")
        // It is held still, and approval lets it through.
        #expect(try await workspace.run("apply").status == 3)
        try await workspace.approveAll()
        #expect(try await StoreContent.ask(workspace.store, grants) == "1")
        #expect(try await workspace.run("plan").status == 0)
    }

    @Test("3 for what --fail-on names, in plan, apply and report; what matters more wins")
    func failOn() async throws {
        let (workspace, population) = try await workspace()
        var changed = population
        changed.people[3].name = "Changed"
        try workspace.directory.write(changed.ldif, to: "people.ldif")
        #expect(try await workspace.run("plan", "--fail-on", "update").status == 3)
        #expect(try await workspace.run("plan", "--fail-on", "create,deactivate,held").status == 2)
        let apply = try await workspace.run("apply", "--fail-on", "conflict,update")
        #expect(apply.status == 3 && apply.text.hasPrefix("Applied: 1 change made."), "\(apply.said)")
        #expect(try await workspace.run("report", "--fail-on", "update").status == 3)
        #expect(try await workspace.run("report", "--fail-on", "drift,warning,undecided,protected,conflict,held").status == 0)
        #expect(try await workspace.run("report").status == 0)
        let unknown = try await workspace.run("plan", "--fail-on", "update,\u{1B}[31mupdates")
        #expect(unknown.status == 64 && unknown.errorText.contains("create, update, rename"), "\(unknown.said)")
        #expect(!unknown.errors.contains(0x1B))
        try FileManager.default.removeItem(atPath: workspace.people)
        #expect(try await workspace.run("plan", "--fail-on", "update").status == 5)
    }

    @Test("4: done, but a new conflict waits; once it is known it is 0")
    func conflicts() async throws {
        let (workspace, population) = try await workspace()
        var changed = population
        var twin = Population.Person(901)
        twin.uid = population.people[5].uid
        twin.unit = "left"
        changed.people.append(twin)
        try workspace.directory.write(changed.ldif, to: "people.ldif")
        let apply = try await workspace.run("apply")
        #expect(apply.status == 4, "\(apply.said)")
        #expect(apply.text.contains("u5"), "\(apply.said)")
        let again = try await workspace.run("apply")
        #expect(again.status == 0, "\(again.said)")
        #expect(try await StoreContent.ask(workspace.store, "SELECT count(*) FROM users WHERE username = 'u5'") == "1")
    }

    @Test("6 wins over 1, 5 and 3: another applier holds the lock")
    func locked() async throws {
        let (workspace, _) = try await workspace()
        try FileManager.default.removeItem(atPath: workspace.people)
        #expect(try await workspace.run("apply").status == 5)
        let lock = open(workspace.store + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        defer { close(lock) }
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        let line = Array("pid 4711, rollcall apply, by \u{1B}[31msomebody\n".utf8)
        ftruncate(lock, 0)
        #expect(pwrite(lock, line, line.count, 0) == line.count)
        let apply = try await workspace.run("apply")
        #expect(apply.status == 6 && apply.text.contains("pid 4711, rollcall apply, by "), "\(apply.said)")
        #expect(!apply.output.contains(0x1B))
        #expect(try await workspace.run("plan").status == 5)
    }

    @Test(
        "64: usage",
        arguments: [
            ["plan", "--no-such-option"], ["no-such-command"], ["plan", "--format", "xml"], ["plan", "--limit", "0"],
            ["apply", "--approve"], ["plan", "--fail-on", "deletions"], ["report", "--fail-on", "create,"],
            ["explain"], ["users"], ["help", "no-such-command"], ["users", "list", "--status", "sleeping"],
            ["audit", "verify", "--expect", "nonsense"], ["apply", "a", "b"],
        ])
    func usage(_ arguments: [String]) async throws {
        let workspace = try Workspace(hasStore: false)
        try workspace.configure(ldif: Population(3).ldif)
        let outcome = try await workspace.binary.run(arguments + ["--config", workspace.config])
        #expect(outcome.status == 64, "\(outcome.said)")
        #expect(outcome.output.isEmpty && !outcome.errors.isEmpty, "\(outcome.said)")
        #expect(!FileManager.default.fileExists(atPath: workspace.store))
    }

    @Test(
        "64: what was typed comes back without what acts on a terminal",
        arguments: [
            ["plan", "--no-\u{1B}[31mred"], ["\u{1B}]0;title\u{7}"], ["plan", "--format", "x\u{9B}31m\r\nfake: line"],
            ["plan", "--also", "\u{202E}nosj.\u{1B}[2J"], ["users", "list", "--status", "\u{1B}[1A"], ["help", "\u{1B}[31m"],
            ["approve", "\u{7F}\u{1B}c"],
        ])
    func typed(_ arguments: [String]) async throws {
        let outcome = try await RollcallBinary.built().run(arguments)
        #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome.said)")
        #expect(outcome.errors.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x0A }, "\(outcome.errorText.debugDescription)")
        #expect(!outcome.errorText.unicodeScalars.contains { (0x80...0x9F).contains($0.value) || $0.value == 0x202E })
        #expect(!outcome.errorText.split(separator: "\n").contains { $0.hasPrefix("fake") }, "\(outcome.errorText)")
    }

    @Test("64: a command line without a command shows what there is, on standard error", arguments: [[], ["store"], ["audit"], ["source"]])
    func bare(_ arguments: [String]) async throws {
        let outcome = try await RollcallBinary.built().run(arguments)
        #expect(outcome.status == 64 && outcome.output.isEmpty && outcome.errorText.contains("SUBCOMMANDS"), "\(outcome.said)")
        let help = try await RollcallBinary.built().run(arguments + ["--help"])
        #expect(help.status == 0 && help.text.contains("SUBCOMMANDS"), "\(help.said)")
    }

    @Test(
        "78: a config with problems, all of them with their place, before anything else is looked at",
        arguments: [
            ["plan"], ["apply"], ["check"], ["explain", "x"], ["users", "list"], ["groups", "list"], ["runs"], ["report"],
            ["audit", "verify"],
            ["apply", "no-such-plan.json"],
        ])
    func config(_ arguments: [String]) async throws {
        let workspace = try Workspace(hasStore: false)
        try workspace.directory.write(
            "source: {type: file, path: people.ldif, colour: red}\nstore: {url: \"sqlite:store/rollcall.db\"}\ngroops: []\n",
            to: "rollcall.yaml")
        let outcome = try await workspace.binary.run(arguments + ["--config", workspace.config])
        #expect(outcome.status == 78 && outcome.output.isEmpty, "\(outcome.said)")
        #expect(outcome.errorText.contains("rollcall.yaml:1:") && outcome.errorText.contains("rollcall.yaml:3:"), "\(outcome.said)")
        #expect(outcome.errorText.contains("groups"), "the nearest right key is not named: \(outcome.said)")
        let missing = try await workspace.binary.run(arguments + ["--config", workspace.directory.file("no.yaml")])
        #expect(missing.status == 78 && missing.errorText.contains("no.yaml"), "\(missing.said)")
        #expect(try FolderTrace(workspace.storeFolder).names.isEmpty)
    }
}
