import Foundation
import Glibc
import RollcallTesting

/// A store of 2,000 people on day one, the directory of day two, and what the store is before and after the run between them.
struct CrashScene: Sendable {
    let dayOne: Workspace
    let dayTwo: String
    let old: StoreContent
    let oldTimeless: StoreContent
    let new: StoreContent
    /// How long `apply` takes when nothing ends it.
    let runTime: Duration
    /// How often `apply` writes to the database and its log.
    let writes: Int

    static func shared() async throws -> CrashScene { try await made.value }

    private static let made = Task {
        let workspace = try Workspace()
        AtEnd.remove(workspace.directory)
        var population = Population(2000)
        try workspace.configure(ldif: population.ldif, Population.rules())
        try await workspace.approveAll()
        for index in stride(from: 0, to: 2000, by: 2) { population.people[index].name = "Renamed \(index)" }
        for index in stride(from: 1, to: 2000, by: 41) { population.people[index].extra = ["employeeType: left"] }
        for index in 0..<60 { population.people.append(Population.Person(5000 + index)) }
        population.people.remove(at: 1900)
        // Less than half of it leaves, so that nothing is held.
        let stays = population.groups[0].members
        let joins = stride(from: 5, to: 2000, by: 10).map { population.people[$0].dn }
        population.groups[0].members = stays.prefix(stays.count * 2 / 3) + joins
        population.groups[2].members.removeFirst(200)

        let after = try CrashScene.copy(of: workspace, population.ldif)
        let apply = try await after.run("apply")
        guard apply.status == 0 else { throw ChildProcess.Failure("apply: \(apply.said)") }
        let traced = try CrashScene.copy(of: workspace, population.ldif)
        let writes = try await CrashScene.trace(traced, nil).1.split(separator: "\n").filter { $0.contains("pwrite64(") }.count
        return CrashScene(
            dayOne: workspace, dayTwo: population.ldif, old: try await workspace.content(),
            oldTimeless: try await workspace.content(isTimeless: true), new: try await after.content(isTimeless: true),
            runTime: apply.duration, writes: writes)
    }

    /// A workspace with the store of day one and the directory of day two.
    func workspace() throws -> Workspace { try CrashScene.copy(of: dayOne, dayTwo) }

    private static func copy(of workspace: Workspace, _ ldif: String) throws -> Workspace {
        let copy = try Workspace(hasStore: false)
        try copy.configure(ldif: ldif, Population.rules())
        try StoreContent.copyFiles(workspace.store, to: copy.store)
        return copy
    }

    /// Runs `apply` under `strace`, which sees what it does with the database and its log and may bring a fault upon it.
    static func trace(_ workspace: Workspace, _ fault: String?) async throws -> (ProgramOutcome, String) {
        let log = workspace.directory.file("trace")
        var words = ["-f", "-o", log, "-e", "trace=pwrite64,fdatasync,fsync,ftruncate,write"]
        for suffix in ["", "-wal"] { words += ["-P", workspace.store + suffix] }
        // Standard output is a file of the test's, seen by its number only.
        if let fault { words += ["-e", "inject=\(fault)"] }
        let outcome = try await RunningProgram.run(
            "/usr/bin/strace", words + [workspace.binary.path, "apply", "--config", workspace.config])
        return (outcome, String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self))
    }

    /// What a killed or failed run has left: `old` or `new`, or in what it differs from both.
    func state(of workspace: Workspace) async throws -> String {
        let integrity = try await StoreContent.integrity(workspace.store)
        guard integrity == "ok" else { return "damaged: \(integrity)" }
        if try await workspace.content() == old { return "old" }
        let content = try await workspace.content(isTimeless: true)
        if content == new { return "new" }
        return "neither; from old: \(oldTimeless.differences(to: content)); from new: \(new.differences(to: content))"
    }

    /// What the next runs make of it: nothing to report when they are clean, quick and end as the new state; and how long `apply` took.
    func next(after state: String, _ workspace: Workspace, isThorough: Bool) async throws -> (trouble: [String], runTime: Duration) {
        var trouble: [String] = []
        let before = try FolderTrace(workspace.storeFolder)
        let plan = try await workspace.run("plan")
        if plan.status != (state == "old" ? 2 : 0) { trouble.append("plan: \(plan.said)") }
        if plan.duration > .seconds(5) { trouble.append("plan took \(plan.duration)") }
        trouble += before.differences(to: try FolderTrace(workspace.storeFolder)).map { "plan touched \($0)" }
        let apply = try await workspace.run("apply")
        if apply.status != 0 { trouble.append("apply: \(apply.said)") }
        if apply.duration > .seconds(5) { trouble.append("apply took \(apply.duration)") }
        trouble += new.differences(to: try await workspace.content(isTimeless: true))
        if isThorough {
            let again = try await workspace.run("plan")
            if again.status != 0 { trouble.append("plan afterwards: \(again.said)") }
            let audit = try await workspace.run("audit", "verify")
            if audit.status != 0 { trouble.append("audit verify: \(audit.said)") }
        }
        return (trouble, apply.duration)
    }
}

/// Random numbers that are the same for the same seed (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// How many rounds a test makes: few, or all of them in a soak.
func rounds(_ few: Int, soak: Int) -> Int { ProcessInfo.processInfo.environment["ROLLCALL_SOAK"] == "1" ? soak : few }
