import Foundation
import Glibc
import RollcallTesting
import Testing

@Suite("A store is made when that is asked for, and never taken for an empty one")
struct MissingStoreTests {
    private func workspace() throws -> Workspace {
        let workspace = try Workspace(hasStore: false)
        try workspace.configure(ldif: Population(10).ldif, Population.rules())
        return workspace
    }

    /// Every command that works with a store and makes none.
    private static let commands: [[String]] = [
        ["apply"], ["run"], ["plans"], ["approve", "0a1b2c3d"], ["reject", "0a1b2c3d"], ["report"], ["runs"], ["explain", "u1"],
        ["users", "list"], ["users", "show", "u1"], ["users", "hold", "u1", "--yes"], ["users", "release", "u1", "--yes"],
        ["users", "match", "--out", "matches.csv"], ["users", "unlink", "u1", "--yes"], ["users", "restore", "u1", "--yes"],
        ["groups", "list"], ["groups", "list", "--unmapped"], ["groups", "show", "Staff"], ["audit", "verify"],
        ["audit", "verify", "--head"],
        ["audit", "operations"], ["pause", "--yes"], ["resume", "--yes"], ["source", "accept", "--yes"],
        ["snapshot", "--out", "people.snapshot"], ["ack", "--all", "--yes"], ["users", "claim", "--yes"],
        ["users", "link", "u1", "u1", "--yes"], ["groups", "repin", "1", "--yes"], ["reanchor", "--yes"],
    ]

    @Test("every other command fails with 1 and one line that names the path and why, and makes nothing", arguments: commands)
    func missing(_ command: [String]) async throws {
        let workspace = try workspace()
        let words = command.map { $0.hasSuffix(".csv") || $0.hasSuffix(".snapshot") ? workspace.directory.file($0) : $0 }
        let before = try FolderTrace(workspace.storeFolder)
        let outcome = try await workspace.binary.run(words + ["--config", workspace.config])
        #expect(outcome.status == 1, "\(outcome.said)")
        let lines = (outcome.text + outcome.errorText).split(separator: "\n").filter { $0.contains(workspace.store) }
        #expect(lines.count == 1 && lines[0].contains("there is no store here"), "\(outcome.said)")
        #expect(before.differences(to: try FolderTrace(workspace.storeFolder)) == [])
        #expect(!FileManager.default.fileExists(atPath: workspace.directory.file("people.snapshot")))
    }

    @Test("`apply` without a plan names both ways to make it")
    func bothWays() async throws {
        let outcome = try await workspace().run("apply")
        for words in ["rollcall store create", "rollcall plan --out plan.json", "rollcall apply plan.json --approve"] {
            #expect(outcome.text.contains(words), "\(words): \(outcome.said)")
        }
    }

    /// Root reads what is closed to others, so that another user must run the program there, which only root can make.
    @Test(
        "a file that is empty, no file or not readable is no store either",
        arguments: ["empty", "folder", "pipe", "device"] + (isRoot ? ["closed"] : []))
    func unusable(_ kind: String) async throws {
        let workspace = try workspace()
        var options = ProgramOptions()
        let why: String
        switch kind {
        case "empty":
            try workspace.directory.write("", to: "store/rollcall.db")
            why = "the file is empty, and no store"
        case "folder":
            mkdir(workspace.store, 0o755)
            why = "this is not a file"
        case "pipe":
            mkfifo(workspace.store, 0o644)
            why = "this is not a file"
        case "device":
            symlink("/dev/null", workspace.store)
            why = "this is not a file"
        default:
            try workspace.makeStore()
            chmod(workspace.store, 0o600)
            try workspace.directory.openToOthers()
            for file in [workspace.config, workspace.people] { chmod(file, 0o644) }
            chmod(workspace.storeFolder, 0o700)
            options = .asNobody
            why = "Permission denied"
        }
        for command in [["plan"], ["check"], ["apply"], ["audit", "verify"], ["plans"], ["explain", "u1"], ["run"], ["store", "create"]] {
            let outcome = try await workspace.binary.run(command + ["--config", workspace.config], options)
            #expect(outcome.status == 1, "\(command): \(outcome.said)")
            let text = outcome.text + outcome.errorText
            let isSaid = command[0] == "store" && kind != "closed" ? text.contains("a file of this name already") : text.contains(why)
            // What a link leads to is named by its own name.
            #expect(
                isSaid && text.contains(kind == "device" && command[0] != "store" ? "/dev/null" : workspace.store),
                "\(command): \(outcome.said)")
        }
    }

    @Test("`store create` makes it once, with the rights that runs expect, and says so")
    func create() async throws {
        let workspace = try workspace()
        chmod(workspace.storeFolder, 0o755)
        if isRoot { chown(workspace.storeFolder, 65534, 65534) }
        let made = try await workspace.run("store", "create")
        #expect(made.status == 0 && made.errorText == "\(workspace.store): an empty store was made\n", "\(made.said)")
        let names = try FolderTrace(workspace.storeFolder).names
        #expect(names == ["rollcall.db", "rollcall.db-shm", "rollcall.db-wal", "rollcall.db.lock"])
        for name in names {
            var status = stat()
            stat("\(workspace.storeFolder)/\(name)", &status)
            #expect(status.st_mode & 0o777 == 0o640, "\(name)")
            if isRoot { #expect(status.st_uid == 65534, "\(name)") }
        }
        let before = FileManager.default.contents(atPath: workspace.store)
        let again = try await workspace.run("store", "create")
        #expect(again.status == 1 && again.errorText.contains("a file of this name already"), "\(again.said)")
        #expect(FileManager.default.contents(atPath: workspace.store) == before)
        #expect(try await workspace.run("audit", "verify").status == 0)
        #expect(try await workspace.run("apply").status == 3)
    }

    @Test("a plan that was made while there was no store makes it when it is applied; one that was made of a store does not")
    func byPlan() async throws {
        let workspace = try workspace()
        #expect(try await workspace.run("plan", "--out", workspace.planFile).status == 3)
        let apply = try await workspace.run("apply", workspace.planFile, "--approve")
        #expect(apply.status == 0, "\(apply.said)")
        let another = workspace.directory.file("another.json")
        #expect(try await workspace.run("plan", "--out", another).status == 0)
        for suffix in ["", "-wal", "-shm", ".lock"] { unlink(workspace.store + suffix) }
        for file in [another, "no-such-plan.json"] {
            let refused = try await workspace.run("apply", file)
            #expect(refused.status == 1, "\(refused.said)")
            #expect(!FileManager.default.fileExists(atPath: workspace.store))
        }
    }
}
