import Foundation
import Glibc
import RollcallTesting
import Testing

let isRoot = getuid() == 0

@Suite("A dry run leaves the store's folder as it was")
struct DryRunTests {
    /// A store with 40 people, and a directory in which one was renamed, one left and one joined.
    private func workspace() async throws -> Workspace {
        let workspace = try Workspace()
        var population = Population(40)
        try workspace.configure(ldif: population.ldif, Population.rules())
        try await workspace.approveAll()
        population.people[3].name = "Changed upstream"
        population.people[4].extra = ["employeeType: left"]
        population.people.append(Population.Person(900))
        try workspace.directory.write(population.ldif, to: "people.ldif")
        return workspace
    }

    private func openToOthers(_ workspace: Workspace) throws {
        try workspace.directory.openToOthers()
        chmod(workspace.storeFolder, 0o755)
        chmod(workspace.config, 0o644)
        chmod(workspace.people, 0o644)
        for name in try FileManager.default.contentsOfDirectory(atPath: workspace.storeFolder) {
            chmod("\(workspace.storeFolder)/\(name)", 0o644)
        }
    }

    /// Every command that only shows something, with the status that it ends with.
    private static let showing: [(arguments: [String], status: Int32)] = [
        (["plan"], 2), (["plan", "--format", "json"], 2), (["plan", "--decide-all"], 2), (["check"], 0), (["explain", "u3"], 0),
        (["report"], 0), (["runs"], 0), (["users", "list"], 0), (["users", "show", "u3"], 0), (["groups", "list"], 0),
        (["groups", "list", "--unmapped"], 0), (["groups", "show", "Staff"], 0), (["audit", "verify"], 0), (["audit", "operations"], 0),
    ]

    private func expectUntouched(_ workspace: Workspace, _ options: ProgramOptions = ProgramOptions()) async throws {
        let before = try FolderTrace(workspace.storeFolder)
        for (arguments, status) in DryRunTests.showing {
            let outcome = try await workspace.binary.run(arguments + ["--config", workspace.config], options)
            #expect(outcome.status == status, "\(arguments): \(outcome.said)")
            let after = try FolderTrace(workspace.storeFolder)
            #expect(before.differences(to: after) == [], "\(arguments)")
        }
    }

    @Test("beside the files that the writer left in place")
    func withSidecars() async throws {
        let workspace = try await workspace()
        #expect(try FolderTrace(workspace.storeFolder).names.contains("rollcall.db-wal"))
        try await expectUntouched(workspace)
    }

    @Test("when there is the database alone")
    func withoutSidecars() async throws {
        let workspace = try await workspace()
        for suffix in ["-wal", "-shm", ".lock"] { unlink(workspace.store + suffix) }
        try await expectUntouched(workspace)
        #expect(try FolderTrace(workspace.storeFolder).names == ["rollcall.db"])
    }

    @Test("as a user who may only read", .enabled(if: isRoot, "only root can run it as somebody else"), arguments: [true, false])
    func asNobody(_ withSidecars: Bool) async throws {
        let workspace = try await workspace()
        if !withSidecars { for suffix in ["-wal", "-shm", ".lock"] { unlink(workspace.store + suffix) } }
        try openToOthers(workspace)
        try await expectUntouched(workspace, .asNobody)
        let check = try await workspace.run("check", options: .asNobody)
        #expect(check.text.contains("cannot be written by this user") && check.text.contains("apply will fail"), "\(check.said)")
        let apply = try await workspace.run("apply", options: .asNobody)
        #expect(apply.status == 1, "\(apply.said)")
        #expect(apply.text.contains("nothing was changed") && apply.text.contains("run as the user that owns"), "\(apply.said)")
    }

    @Test("when a crash left a log that was not taken over", .enabled(if: isRoot, "only root can run it as somebody else"))
    func afterACrash() async throws {
        let workspace = try await workspace()
        // A writer's files, copied while it runs, are what a crash leaves.
        let writer = try await StoreWriter(workspace.store)
        try await writer.commit("UPDATE users SET given_name = 'Only in the log' WHERE username = 'u7'")
        let crashed = try Workspace(hasStore: false)
        try StoreContent.copyFiles(workspace.store, to: crashed.store)
        try FileManager.default.copyItem(atPath: workspace.config, toPath: crashed.config)
        try FileManager.default.copyItem(atPath: workspace.people, toPath: crashed.people)
        try await writer.end()
        try openToOthers(crashed)
        let before = try FolderTrace(crashed.storeFolder)
        for options in [ProgramOptions(), .asNobody] {
            let plan = try await crashed.run("plan", "--format", "json", options: options)
            if plan.status == 1 {
                #expect(plan.text.contains("run as the service user"), "\(plan.said)")
            } else {
                // Whoever can read the log must see what was committed.
                #expect(plan.status == 2, "\(plan.said)")
                #expect(plan.text.contains("Only in the log"), "\(plan.said)")
            }
            #expect(before.differences(to: try FolderTrace(crashed.storeFolder)) == [])
        }
    }

    /// Only root can make a plan as somebody else.
    @Test("beside a running writer, and sees what that has committed", arguments: isRoot ? [false, true] : [false])
    func besideAWriter(_ asNobody: Bool) async throws {
        let workspace = try await workspace()
        let writer = try await StoreWriter(workspace.store)
        for round in 1...4 {
            // Committed, and not yet moved into the database; then a transaction that stays open.
            try await writer.commit("UPDATE users SET given_name = 'Round \(round)' WHERE username = 'u7'")
            try await writer.begin("UPDATE users SET given_name = 'Never committed' WHERE username = 'u8'")
            if asNobody { try openToOthers(workspace) }
            let before = try FolderTrace(workspace.storeFolder)
            let plan = try await workspace.run("plan", "--format", "json", options: asNobody ? .asNobody : ProgramOptions())
            #expect(plan.status == 2, "\(plan.said)")
            #expect(plan.text.contains("Round \(round)"), "round \(round) was not seen")
            #expect(!plan.text.contains("Never committed"))
            #expect(before.differences(to: try FolderTrace(workspace.storeFolder)) == [])
            try await writer.rollBack()
        }
        try await writer.end()
    }

    @Test("and a plan or a check needs no store at all, and says first that there is none")
    func withoutStore() async throws {
        let workspace = try Workspace(hasStore: false)
        try workspace.configure(ldif: Population(20).ldif, Population.rules())
        let empty = try FolderTrace(workspace.storeFolder)
        let plan = try await workspace.run("plan", "--format", "json")
        #expect(plan.status == 3, "\(plan.said)")
        #expect(try plan.heldGuards() == ["first_run"])
        #expect(try plan.part("summary", "create") as? Int == 20)
        #expect(plan.errorText.hasPrefix("there is no store at \(workspace.store) yet"), "\(plan.said)")
        let check = try await workspace.run("check", "--format", "csv")
        #expect(check.status == 0, "\(check.said)")
        let first = check.text.split(separator: "\r\n").dropFirst().first ?? ""
        #expect(first.contains("warning") && first.contains("\(workspace.store): there is no store here"), "\(check.said)")
        #expect(empty.differences(to: try FolderTrace(workspace.storeFolder)) == [])
        // Nor the store's folder.
        rmdir(workspace.storeFolder)
        let before = try FolderTrace(workspace.directory.path)
        let homeless = try await workspace.run("plan")
        #expect(homeless.status == 3, "\(homeless.said)")
        #expect(before.differences(to: try FolderTrace(workspace.directory.path)) == [])
    }

    @Test("and writes nothing but the plan file that it was asked for, for its owner alone")
    func planFile() async throws {
        let workspace = try await workspace()
        let before = try FolderTrace(workspace.storeFolder)
        let plan = try await workspace.run("plan", "--out", workspace.planFile)
        #expect(plan.status == 2, "\(plan.said)")
        var status = stat()
        #expect(stat(workspace.planFile, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(before.differences(to: try FolderTrace(workspace.storeFolder)) == [])
        let names = try FileManager.default.contentsOfDirectory(atPath: workspace.directory.path)
        #expect(Set(names) == ["rollcall.yaml", "people.ldif", "plan.json", "store"])
    }
}

/// Another program that has the store open for writing: `sqlite3`, told what to do line by line.
final class StoreWriter: Sendable {
    private let program: RunningProgram
    private let input: FileHandle

    init(_ path: String) async throws {
        let pipe = Pipe()
        var options = ProgramOptions()
        options.input = pipe.fileHandleForReading.fileDescriptor
        input = pipe.fileHandleForWriting
        _ = fcntl(input.fileDescriptor, F_SETFD, FD_CLOEXEC)
        program = try RunningProgram("/usr/bin/sqlite3", ["-batch", "-init", "/dev/null", path], options)
        try await tell(".filectrl persist_wal 1\nPRAGMA busy_timeout = 5000; PRAGMA wal_autocheckpoint = 0; SELECT count(*) FROM users;")
    }

    func commit(_ sql: String) async throws { try await tell("BEGIN IMMEDIATE; \(sql); COMMIT;") }
    func begin(_ sql: String) async throws { try await tell("BEGIN IMMEDIATE; \(sql);") }
    func rollBack() async throws { try await tell("ROLLBACK;") }

    func end() async throws {
        try input.write(contentsOf: Data(".quit\n".utf8))
        _ = try await program.outcome()
    }

    private func tell(_ lines: String) async throws {
        let mark = "done-\(UInt64.random(in: 0 ... .max))"
        try input.write(contentsOf: Data("\(lines)\nSELECT '\(mark)';\n".utf8))
        for _ in 0..<5000 {
            if String(decoding: program.output, as: UTF8.self).contains(mark) {
                guard program.errors.isEmpty else { throw ChildProcess.Failure(String(decoding: program.errors, as: UTF8.self)) }
                return
            }
            try await Task.sleep(for: .milliseconds(2))
        }
        throw ChildProcess.Failure("sqlite3 does not answer: \(String(decoding: program.errors, as: UTF8.self))")
    }
}
