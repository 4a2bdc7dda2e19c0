import Foundation
import Glibc
import RollcallTesting
import Testing

@Suite("Output goes to new and to regular files, and never over what Rollcall works with")
struct OutputFileTests {
    private func workspace() throws -> Workspace {
        let workspace = try Workspace()
        try workspace.configure(ldif: Population(10).ldif, Population.rules())
        return workspace
    }

    /// Every command with a file to write, with the end that its name must have.
    private static let commands: [(words: [String], ending: String)] = [
        (["plan", "--out"], ""), (["plan", "--also"], ".json"), (["apply", "--also"], ".json"), (["report", "--also"], ".json"),
        (["snapshot", "--out"], ""), (["users", "match", "--out"], ""),
    ]

    private func expectRefused(_ workspace: Workspace, _ words: [String], _ path: String, _ why: String) async throws {
        let runs = try await StoreContent.ask(workspace.store, "SELECT count(*) FROM runs")
        let outcome = try await workspace.binary.run(words + [path, "--config", workspace.config])
        #expect(outcome.status == 64, "\(words) \(path): \(outcome.said)")
        let lines = outcome.errorText.split(separator: "\n")
        #expect(lines.count == 1 && lines[0].contains(path) && lines[0].contains(why), "\(words) \(path): \(outcome.said)")
        #expect(outcome.output.isEmpty || words[0] == "report", "\(words): \(outcome.said)")
        #expect(try await StoreContent.ask(workspace.store, "SELECT count(*) FROM runs") == runs, "\(words) made a run")
        #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.directory.path).allSatisfy { !$0.hasSuffix(".part") })
    }

    @Test("not over the store, what lies beside it, the config or the source: by name, by another name and by a hard link")
    func own() async throws {
        let workspace = try workspace()
        _ = try await workspace.run("apply")
        let before = try FolderTrace(workspace.storeFolder)
        let config = try Data(contentsOf: URL(fileURLWithPath: workspace.config))
        link(workspace.store, workspace.directory.file("hard"))
        for words in [["plan", "--out"], ["snapshot", "--out"], ["users", "match", "--out"]] {
            for suffix in ["", "-wal", "-shm", "-journal", ".lock"] {
                try await expectRefused(
                    workspace, words, workspace.store + suffix, suffix.isEmpty ? "it is the store" : "a part of the store")
            }
            try await expectRefused(workspace, words, "\(workspace.directory.path)/./store/../store//rollcall.db", "it is the store")
            try await expectRefused(workspace, words, workspace.directory.file("hard"), "it is the store")
            try await expectRefused(workspace, words, workspace.config, "it is the config")
            try await expectRefused(workspace, words, workspace.people, "it is the source")
        }
        unlink(workspace.directory.file("hard"))
        #expect(before.differences(to: try FolderTrace(workspace.storeFolder)) == [])
        #expect(try Data(contentsOf: URL(fileURLWithPath: workspace.config)) == config)
    }

    @Test("not over a store that is not there yet")
    func absent() async throws {
        let workspace = try Workspace(hasStore: false)
        try workspace.configure(ldif: Population(10).ldif, Population.rules())
        let outcome = try await workspace.run("plan", "--out", workspace.store)
        #expect(outcome.status == 64 && outcome.errorText.contains("it is the store"), "\(outcome.said)")
        #expect(!FileManager.default.fileExists(atPath: workspace.store))
    }

    @Test("not through a link, not over a folder, a pipe or a device, also for root", arguments: commands)
    func special(_ command: (words: [String], ending: String)) async throws {
        let workspace = try workspace()
        _ = try await workspace.run("apply")
        let aim = try workspace.directory.write("something else", to: "aim" + command.ending)
        let names = ["link", "dangling", "folder", "pipe", "device"].map { workspace.directory.file($0 + command.ending) }
        symlink(aim, names[0])
        symlink(workspace.directory.file("nothing"), names[1])
        mkdir(names[2], 0o755)
        mkfifo(names[3], 0o644)
        for path in names.prefix(2) { try await expectRefused(workspace, command.words, path, "symbolic link") }
        try await expectRefused(workspace, command.words, names[2], "it is a folder")
        try await expectRefused(workspace, command.words, names[3], "device, pipe or socket")
        // A node of /dev/null; only root can make one.
        if isRoot, mknod(names[4], S_IFCHR | 0o666, 0x103) == 0 {
            try await expectRefused(workspace, command.words, names[4], "device, pipe or socket")
        }
        try await expectRefused(workspace, command.words, workspace.directory.file("no/such" + command.ending), "no such folder")
        #expect(try String(contentsOfFile: aim, encoding: .utf8) == "something else")
        #expect(!FileManager.default.fileExists(atPath: workspace.directory.file("nothing")))
    }

    @Test("but a regular file of anything else is replaced, as before")
    func regular() async throws {
        let workspace = try workspace()
        try workspace.directory.write("an older plan", to: "plan.json")
        #expect(try await workspace.run("plan", "--out", workspace.planFile).status == 3)
        #expect(try String(contentsOfFile: workspace.planFile, encoding: .utf8).hasPrefix("{\"schema\": \"rollcall.plan/1\""))
    }
}
