import Foundation
import Glibc
import RollcallTesting
import Testing

@Suite("Standard output and error")
struct StreamTests {
    private func workspace() async throws -> Workspace {
        let workspace = try Workspace()
        var population = Population(400)
        try workspace.configure(ldif: population.ldif, Population.rules())
        try await workspace.approveAll()
        for index in population.people.indices { population.people[index].name = "Renamed \(index)" }
        try workspace.directory.write(population.ldif, to: "people.ldif")
        return workspace
    }

    /// Runs a line of bash in which `$R` is the program and `$C` the config; its last line is to be the program's status.
    private func bash(_ line: String, _ workspace: Workspace, _ environment: [String: String] = [:]) async throws -> ProgramOutcome {
        var options = ProgramOptions()
        options.environment = environment.merging(["R": workspace.binary.path, "C": workspace.config, "O": workspace.planFile]) { $1 }
        return try await RunningProgram.run("/bin/bash", ["-c", line], options)
    }

    @Test(
        "A reader that goes away after a line is no failure, and an apply goes on to its end",
        arguments: [
            ("plan --limit 100000", 2), ("plan --format json", 2), ("users list", 0), ("users list --format json", 0),
            ("apply --format json", 0),
            ("apply --limit 100000", 0),
        ])
    func head(_ command: String, _ status: Int) async throws {
        let workspace = try await workspace()
        let outcome = try await bash("$R \(command) --config \"$C\" | head -n 1 >/dev/null; echo ${PIPESTATUS[0]}", workspace)
        #expect(outcome.text == "\(status)\n" && outcome.errors.isEmpty, "\(outcome.said)")
        if command.hasPrefix("apply") { #expect(try await workspace.run("plan").status == 0) }
    }

    @Test(
        "An apply whose report cannot be written has applied, and does not say that nothing was changed",
        arguments: [">/dev/full", ">&-", "0<&- >&- 2>&-"])
    func unwritable(_ redirection: String) async throws {
        let workspace = try await workspace()
        let outcome = try await bash("$R apply --config \"$C\" \(redirection); echo $?", workspace)
        #expect(try await workspace.run("plan").status == 0)
        #expect(outcome.text == "0\n", "the exit status says that nothing was changed: \(outcome.said)")
        #expect(try await StoreContent.integrity(workspace.store) == "ok")
        let audit = try await workspace.run("audit", "verify")
        #expect(audit.status == 0, "\(audit.said)")
    }

    @Test("A plan whose report cannot be written says so, and keeps nothing half-written", arguments: [">/dev/full", ">&-"])
    func unwritablePlan(_ redirection: String) async throws {
        let workspace = try await workspace()
        let before = try FolderTrace(workspace.storeFolder)
        let outcome = try await bash("$R plan --out \"$O\" --config \"$C\" \(redirection); echo $?", workspace)
        #expect(outcome.text != "0\n", "\(outcome.said)")
        #expect(outcome.errorText.contains("writing failed"), "\(outcome.said)")
        #expect(before.differences(to: try FolderTrace(workspace.storeFolder)) == [])
        let apply = try await workspace.run("apply", workspace.planFile)
        #expect(apply.status == 0, "\(apply.said)")
    }

    @Test("Into a file or a pipe goes no escape, whatever TERM says")
    func plain() async throws {
        let workspace = try await workspace()
        for command in ["plan", "check", "users list", "runs", "explain u3", "report"] {
            let outcome = try await bash("$R \(command) --config \"$C\"", workspace, ["TERM": "xterm-256color", "COLORTERM": "truecolor"])
            #expect(!outcome.output.contains(0x1B) && !outcome.errors.contains(0x1B), "\(command)")
        }
    }

    @Test("On a terminal there is colour, and with NO_COLOR none")
    func terminal() async throws {
        let workspace = try await workspace()
        let line = "script -qec \"$R plan --config $C\" /dev/null"
        let coloured = try await bash(line, workspace, ["TERM": "xterm"])
        #expect(coloured.text.contains("\u{1B}["), "\(coloured.said)")
        let plain = try await bash(line, workspace, ["TERM": "xterm", "NO_COLOR": "1"])
        #expect(!plain.text.contains("\u{1B}[3") && plain.text.contains("Pending: "), "\(plain.said)")
    }

    @Test("Without a terminal to ask on, --approve without a plan is a usage error")
    func nobodyToAsk() async throws {
        let workspace = try await workspace()
        let outcome = try await workspace.run("apply", "--approve")
        #expect(outcome.status == 64 && outcome.errorText.contains("plan --out"), "\(outcome.said)")
        #expect(try await workspace.run("plan").status == 2)
    }
}

@Suite("A disk without room", .enabled(if: isRoot, "only root can mount a small one"))
struct FullDiskTests {
    /// Whether this machine lets us mount in a namespace of our own; containers may not.
    static let canMount: Bool = {
        let directory = try? TemporaryDirectory()
        guard let directory else { return false }
        return
            (try? ChildProcess.run(
                "/usr/bin/unshare", ["-m", "/bin/sh", "-c", "mount -t tmpfs -o size=2m tmpfs \(directory.path)"], in: directory)) != nil
    }()

    @Test(
        "F4: the run ends with 1 and says what to do, nothing is changed, and with room it goes through",
        .enabled(if: canMount, "mounting in a private namespace is not allowed here"), arguments: [0, 64, 256, 700])
    func full(_ room: Int) async throws {
        let scene = try await CrashScene.shared()
        let workspace = try scene.workspace()
        let kept = try workspace.directory.makeDirectory("kept")
        // The store on a disk that is full but for some KiB; what it is then is copied out before the disk is gone.
        let script = """
            set -e
            cp "$S"/* "$K"/; mount -t tmpfs -o size=8m tmpfs "$S"; cp "$K"/* "$S"/; rm "$K"/*
            dd if=/dev/zero of="$S"/ballast bs=1k count=100000 2>/dev/null || true
            truncate -s -\(max(room, 1))k "$S"/ballast
            set +e
            "$R" apply --config "$C"; echo "status $?"
            "$R" plan --config "$C" >/dev/null; echo "plan $?"
            cp "$S"/rollcall.db* "$K"/
            rm "$S"/ballast
            "$R" apply --config "$C" >/dev/null; echo "with room $?"
            """
        var options = ProgramOptions()
        options.environment = ["R": workspace.binary.path, "C": workspace.config, "S": workspace.storeFolder, "K": kept]
        let outcome = try await RunningProgram.run("/usr/bin/unshare", ["-m", "/bin/bash", "-c", script], options)
        #expect(outcome.text.contains("Failed, nothing was changed: ") && outcome.text.contains("make room"), "\(outcome.said)")
        #expect(outcome.text.contains("status 1\nplan 2\nwith room 0\n"), "\(outcome.said)")
        let content = try await StoreContent("\(kept)/rollcall.db")
        #expect(scene.old.differences(to: content) == [])
        #expect(try await StoreContent.integrity("\(kept)/rollcall.db") == "ok")
    }
}
