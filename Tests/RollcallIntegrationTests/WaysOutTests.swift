import Foundation
import Glibc
import RollcallTesting
import Testing

@Suite("The ways out of what a report says")
struct WaysOutTests {
    /// Twenty people, of whom one was renamed upstream and one is wanted twice, and a local account that one entry waits for.
    private func workspace(_ rest: String = "") async throws -> Workspace {
        let workspace = try Workspace()
        var population = Population(20)
        try workspace.configure(ldif: population.ldif, Population.rules(isPrivileged: true) + "\n" + rest)
        try await workspace.approveAll()
        try await StoreContent.edit(
            workspace.store, "INSERT INTO users (username, email, status) VALUES ('u50', 'u50@example.org', 'active')")
        population.people[4].uid = "renamed"
        population.people.append(Population.Person(50))
        try workspace.directory.write(population.ldif, to: "people.ldif")
        let apply = try await workspace.run("apply")
        guard apply.status == 4 else { throw ChildProcess.Failure("apply: \(apply.said)") }
        return workspace
    }

    private func run(_ workspace: Workspace, _ arguments: [String], _ more: String...) async throws -> ProgramOutcome {
        try await workspace.binary.run(arguments + more + ["--config", workspace.config])
    }

    private static let entry = SampleDirectory.personUUID(50)
    /// Each command, what undoes it, and words of what it shows.
    private static let deeds: [(deed: [String], opposite: [String]?, words: String)] = [
        (["pause", "--reason", "a move"], ["resume"], "pause default: no run applies anything until `rollcall resume`: a move"),
        (["ack", "u4"], ["ack", "u4", "--withdraw"], "ack u4: drift username: upstream is now called renamed"),
        (["ack", "--all"], ["ack", "--all", "--withdraw"], "ack u50: conflict username_taken"),
        (["users", "hold", "u3"], ["users", "release", "u3"], "users hold u3: active → inactive, held here; ends Staff"),
        (["users", "link", "u50", entry], ["users", "unlink", "u50"], "users link u50: linked to \(entry)"),
        (["users", "unlink", "u3"], ["users", "link", "u3", SampleDirectory.personUUID(3)], "no longer linked to"),
    ]

    @Test("each is shown first and changes no byte; with --yes it is done once, is in the audit log, and is undone by its opposite")
    func deeds() async throws {
        let workspace = try await workspace()
        for (deed, opposite, words) in WaysOutTests.deeds {
            let before = try FolderTrace(workspace.storeFolder)
            let shown = try await run(workspace, deed)
            #expect(shown.status == 3 && shown.text.contains(words) && shown.errorText.contains("--yes"), "\(deed): \(shown.said)")
            #expect(before.differences(to: try FolderTrace(workspace.storeFolder)) == [], "\(deed)")
            let events = try await StoreContent.ask(workspace.store, "SELECT count(*) FROM audit WHERE kind = 4")
            let done = try await run(workspace, deed, "--yes")
            #expect(done.status == 0 && done.text.contains("Done"), "\(deed): \(done.said)")
            #expect(try await StoreContent.ask(workspace.store, "SELECT count(*) FROM audit WHERE kind = 4") != events)
            let again = try await run(workspace, deed, "--yes")
            #expect(again.status == 0 && again.text.contains("nothing to do"), "\(deed): \(again.said)")
            guard let opposite else { continue }
            let undone = try await run(workspace, opposite, "--yes")
            #expect(undone.status == 0 && undone.text.contains("Done"), "\(opposite): \(undone.said)")
        }
        #expect(try await workspace.run("audit", "verify").status == 0)
        let operations = try await workspace.run("audit", "operations", "--format", "json")
        let verbs = (try operations.part("operations") as? [[String: Any]] ?? []).compactMap { $0["verb"] as? String }
        #expect(verbs.first == "users link" && verbs.last == "pause" && verbs.contains("ack --withdraw"), "\(operations.said)")
        #expect(try await StoreContent.integrity(workspace.store) == "ok")
        let apply = try await workspace.run("apply")
        #expect([0, 4].contains(apply.status), "\(apply.said)")
        #expect(try await workspace.run("users", "show", "u3").text.contains("active"))
    }

    @Test("a paused source is neither applied nor approved, and a plan, a report and explain say so")
    func paused() async throws {
        let workspace = try Workspace()
        try workspace.configure(ldif: Population(20).ldif, Population.rules(isPrivileged: true))
        let filed = try await workspace.run("apply", "--format", "json").heldPlan()
        try await workspace.approveAll()
        #expect(try await workspace.run("pause", "--yes").status == 0)
        for arguments in [["apply"], ["approve", filed]] {
            let outcome = try await run(workspace, arguments)
            #expect(outcome.status == 3 && outcome.text.contains("rollcall resume"), "\(outcome.said)")
            #expect(outcome.text.hasPrefix("Held: the source is paused by "), "\(outcome.said)")
        }
        let plan = try await workspace.run("plan")
        #expect(plan.status == 0 && plan.text.contains("`apply` changes nothing until `rollcall resume`"), "\(plan.said)")
        for arguments in [["report"], ["explain", "u3"]] {
            let outcome = try await run(workspace, arguments)
            #expect(outcome.status == 0 && outcome.errorText.contains("the source is paused by "), "\(outcome.said)")
        }
        #expect(try await workspace.run("resume", "--yes").status == 0)
        #expect(try await workspace.run("apply").status == 0)
    }

    @Test("an acknowledged conflict is counted, not shown, and does not make `apply` end with 4")
    func acknowledged() async throws {
        let workspace = try await workspace()
        #expect(try await workspace.run("ack", "--all", "--yes").status == 0)
        let text = try await workspace.run("apply")
        #expect(text.status == 0 && text.text.contains("Conflicts (0 new)") && text.text.contains("+ 1 acknowledged"), "\(text.said)")
        #expect(!text.text.contains("is held by"), "\(text.said)")
        let json = try await workspace.run("report", "--format", "json")
        let drift = try json.part("drift") as? [[String: Any]] ?? []
        #expect(drift.map { $0["acknowledged"] as? Bool } == [true] && drift.map { $0["new"] as? Bool } == [false], "\(json.said)")
        for format in ["html", "markdown"] {
            #expect(try await workspace.run("report", "--format", format).text.contains("1 acknowledged"), "\(format)")
        }
        #expect(try await workspace.run("report", "--format", "csv").text.contains("\"acknowledged\""))
    }

    @Test("matches go through a file that a person edits, all of them or none")
    func matches() async throws {
        let workspace = try await workspace()
        let path = workspace.directory.file("matches.csv")
        let match = try await workspace.run("users", "match", "--out", path)
        #expect(match.status == 0 && match.errorText.contains("1 pairs"), "\(match.said)")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains("\"same username and email\",\"yes\""), "\(text)")
        let lines = text.split(separator: "\r\n").map(String.init)
        for (broken, words) in [
            (lines[1].replacingOccurrences(of: "\"u50\"", with: "\"u51\""), "matches.csv:3: u51: account"),
            ("x,y", "matches.csv:3: user_id"),
            (lines[1], "named twice"),
        ] {
            try workspace.directory.write((lines + [broken]).joined(separator: "\n") + "\n", to: "matches.csv")
            let refused = try await workspace.run("users", "link", "--from", path, "--yes")
            #expect(refused.status == 1 && refused.errorText.contains(words), "\(refused.said)")
        }
        // As a spreadsheet may save it.
        try workspace.directory.write(
            lines.map { $0.replacingOccurrences(of: "\",\"", with: "\";\"") }.joined(separator: "\r\n"), to: "matches.csv")
        #expect(try await workspace.run("users", "link", "--from", path, "--yes").status == 0)
        let apply = try await workspace.run("apply")
        #expect(apply.status == 0 && apply.text.contains("u50"), "\(apply.said)")
        #expect(try await workspace.run("users", "match", "--out", path).errorText.contains("0 pairs"))
    }

    @Test("a purged account is not made again until its anchor is restored")
    func purged() async throws {
        let workspace = try await workspace()
        try await StoreContent.edit(workspace.store, "PRAGMA foreign_keys = ON; DELETE FROM users WHERE username = 'u3'")
        let apply = try await workspace.run("apply")
        #expect(apply.status == 4 && apply.text.contains("rollcall users restore \(SampleDirectory.personUUID(3))"), "\(apply.said)")
        #expect(try await workspace.run("users", "restore", SampleDirectory.personUUID(3), "--yes").status == 0)
        let again = try await workspace.run("apply")
        #expect(again.status == 0 && again.text.contains("Create (1)"), "\(again.said)")
    }

    private static let operators = "operators: {somebody-else: {user: u1, role: approver}}"

    @Test("with operators only they may approve")
    func operators() async throws {
        let workspace = try await workspace(WaysOutTests.operators)
        let deeds = [
            ["users", "hold", "u3", "--yes"], ["pause", "--yes"], ["approve", "01234567"], ["reject", "01234567"],
            ["apply", workspace.planFile, "--approve"],
        ]
        if isRoot { try workspace.directory.openToOthers() }
        for deed in deeds {
            let refused = try await workspace.binary.run(
                deed + ["--config", workspace.config], isRoot ? .asNobody : ProgramOptions())
            #expect(refused.status == 1 && refused.errorText.contains("is no operator"), "\(deed): \(refused.said)")
        }
    }

    @Test("with operators root may approve all the same, and the report says so", .enabled(if: isRoot, "only root is root"))
    func rootIsNoOperator() async throws {
        let workspace = try await workspace(WaysOutTests.operators)
        let held = try await workspace.run("users", "hold", "u3", "--yes")
        #expect(held.status == 0 && held.errorText.contains("operator"), "\(held.said)")
        let record = try await StoreContent.ask(workspace.store, "SELECT CAST(record AS TEXT) FROM audit WHERE kind = 4")
        #expect(record.contains("no operator"), "\(record)")
        #expect(try await workspace.run("plan", "--out", workspace.planFile).status == 0)
        let approved = try await workspace.run("apply", workspace.planFile, "--approve")
        #expect(approved.text.contains("the config's operators do not name root"), "\(approved.said)")
    }

    @Test("nobody holds themselves", .enabled(if: !isRoot, "root has no account of its own"))
    func ownHold() async throws {
        let workspace = try await workspace("operators: {\(login): {user: u3}, other: {user: u5}}")
        let own = try await workspace.run("users", "hold", "u3", "--yes")
        #expect(own.status == 1 && own.errorText.contains("nobody changes their own account"), "\(own.said)")
    }

    /// Who runs the tests.
    private var login: String { getpwuid(getuid())?.pointee.pw_name.map { String(cString: $0) } ?? "" }

    @Test("another applier is waited for, and hostile names are shown as text")
    func refused() async throws {
        let workspace = try await workspace("operators: {\(login): {user: u3}, other: {user: u5}}")
        try await StoreContent.edit(
            workspace.store, "INSERT INTO users (username, status) VALUES ('ev' || char(27) || '[31mil', 'active')")
        let shown = try await workspace.run("users", "hold", "ev\u{1B}[31mil")
        #expect(shown.status == 3 && shown.text.contains("ev\\u{1B}[31mil") && !shown.text.contains("\u{1B}"), "\(shown.said)")
        let nobody = try await workspace.run("users", "hold", "no\u{1B}body", "--yes")
        #expect(nobody.status == 1 && !nobody.errorText.contains("\u{1B}"), "\(nobody.said)")
        #expect(try await workspace.run("ack").status == 64)
        #expect(try await workspace.run("users", "link", "u3").status == 64)
        let lock = open(workspace.store + ".lock", O_RDWR)
        defer { close(lock) }
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        #expect(try await workspace.run("users", "hold", "u5", "--yes").status == 6)
    }

    @Test("--new leaves out what was reviewed before, and says how much")
    func new() async throws {
        let workspace = try Workspace()
        var population = Population(20)
        try workspace.configure(ldif: population.ldif, Population.rules(isPrivileged: true))
        let first = try await workspace.run("apply", "--format", "json")
        let former = try first.heldPlan()
        population.people.append(Population.Person(600))
        try workspace.directory.write(population.ldif, to: "people.ldif")
        let second = try await workspace.run("apply", "--format", "json")
        let id = try second.heldPlan()
        #expect(second.text.contains("supersedes \(former): 1 added"), "\(second.said)")
        #expect(try await workspace.run("plans").text.contains("supersedes \(former)"))
        #expect(try await workspace.run("reject", id).status == 0)
        population.people.append(Population.Person(700))
        try workspace.directory.write(population.ldif, to: "people.ldif")
        let text = try await workspace.run("plan", "--new")
        #expect(text.text.contains("Create (1)") && text.text.contains("u700") && text.text.contains("seen before"), "\(text.said)")
        #expect(!text.text.contains("u12"), "\(text.said)")
        let json = try await workspace.run("plan", "--new", "--format", "json")
        let unseen = try json.changes().filter { $0["seen"] == nil }
        #expect(unseen.count == 1, "\(json.said)")
        let apply = try await workspace.run("apply", "--new")
        #expect(apply.text.contains("u700") && !apply.text.contains("u12"), "\(apply.said)")
    }
}
