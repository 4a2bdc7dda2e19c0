import Foundation
import Glibc
import RollcallTesting
import Testing

@Suite("A run that is killed or fails leaves the store wholly old or wholly new")
struct CrashTests {
    @Test("F3: killed at a random moment")
    func killedAtAnyTime() async throws {
        let scene = try await CrashScene.shared()
        var numbers = SeededNumbers(0x726F_6C6C_6361_6C6C)
        var seen: [String: Int] = [:]
        // As long as a run takes just now, for other tests share the machine.
        var runTime = scene.runTime
        for round in 1...rounds(20, soak: 200) {
            let workspace = try scene.workspace()
            let delay = runTime * Double.random(in: 0...1.15, using: &numbers)
            let program = try workspace.start("apply")
            try await Task.sleep(for: delay)
            program.stop(SIGKILL)
            let outcome = try await program.outcome()
            let state = try await scene.state(of: workspace)
            #expect(["old", "new"].contains(state), "round \(round), after \(delay): \(state)")
            if outcome.signal == nil { #expect(state == "new", "round \(round): it ended with \(outcome.said)") }
            let next = try await scene.next(after: state, workspace, isThorough: round % 4 == 0)
            #expect(next.trouble == [], "round \(round), after \(delay), \(state)")
            if state == "old" { runTime = next.runTime }
            seen[outcome.signal == nil ? "ended" : state, default: 0] += 1
        }
        print("killed at a random moment: \(seen.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))")
        #expect((seen["old"] ?? 0) + (seen["new"] ?? 0) > 0, "nothing was killed: \(seen)")
    }

    @Test("F3: killed at a certain write")
    func killedAtAWrite() async throws {
        let scene = try await CrashScene.shared()
        var numbers = SeededNumbers(0x6B69_6C6C)
        // The last writes move the committed pages into the database.
        let places =
            [1, 2, 3, scene.writes - 1] + (0..<rounds(5, soak: 100)).map { _ in Int.random(in: 1...scene.writes, using: &numbers) }
        var faults = places.map { "pwrite64:signal=KILL:when=\($0)" }
        faults += (1...4).map { "fdatasync:signal=KILL:when=\($0)" } + (1...3).map { "ftruncate:signal=KILL:when=\($0)" }
        var seen: Set<String> = []
        for fault in faults {
            let workspace = try scene.workspace()
            _ = try await CrashScene.trace(workspace, fault)
            let state = try await scene.state(of: workspace)
            #expect(["old", "new"].contains(state), "\(fault): \(state)")
            let next = try await scene.next(after: state, workspace, isThorough: fault.hasPrefix("f"))
            #expect(next.trouble == [], "\(fault), \(state)")
            seen.insert(state)
        }
        #expect(seen == ["old", "new"])
    }

    @Test("F4: a disk that is full or fails at a certain write: what is said is what is there")
    func failing() async throws {
        let scene = try await CrashScene.shared()
        var numbers = SeededNumbers(0x6661_696C)
        var faults = (1...4).flatMap { ["fdatasync:error=EIO:when=\($0)", "fdatasync:error=EIO:when=\($0)+"] }
        for place in [1, 2, 5] + (0..<rounds(4, soak: 60)).map({ _ in Int.random(in: 1...scene.writes, using: &numbers) }) {
            faults.append("pwrite64:error=\(place % 2 == 0 ? "ENOSPC" : "EIO"):when=\(place)\(place % 3 == 0 ? "" : "+")")
        }
        for fault in faults {
            let workspace = try scene.workspace()
            let (outcome, _) = try await CrashScene.trace(workspace, fault)
            let state = try await scene.state(of: workspace)
            switch outcome.status {
            case 0: #expect(state == "new", "\(fault): \(state)\n\(outcome.said)")
            case 1:
                #expect(state == "old", "\(fault): \(state)\n\(outcome.said)")
                #expect(outcome.text.hasPrefix("Failed, nothing was changed: "), "\(fault): \(outcome.said)")
                let advice = fault.contains("ENOSPC") ? "make room" : "check the disk"
                #expect(outcome.text.contains(advice), "\(fault): \(outcome.said)")
            default: Issue.record("\(fault): \(outcome.said)")
            }
            let next = try await scene.next(after: state, workspace, isThorough: false)
            #expect(next.trouble == [], "\(fault), \(state)")
        }
    }

    @Test("F3: nothing is said to be applied before it is on the disk")
    func durable() async throws {
        let scene = try await CrashScene.shared()
        let workspace = try scene.workspace()
        let log = workspace.directory.file("trace")
        let traced = try await RunningProgram.run(
            "/usr/bin/strace",
            [
                "-f", "-y", "-s", "40", "-o", log, "-e", "trace=pwrite64,fdatasync,fsync,write", workspace.binary.path, "apply", "--config",
                workspace.config,
            ])
        #expect(traced.status == 0, "\(traced.said)")
        let lines = String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self).split(separator: "\n")
        let said = try #require(lines.firstIndex { $0.contains("\"Applied: ") })
        let written = try #require(lines[..<said].lastIndex { $0.contains("pwrite64(") && $0.contains("rollcall.db-wal>") })
        #expect(lines[written..<said].contains { $0.contains("sync(") && $0.contains("rollcall.db-wal>") }, "the log was not synced")
    }

    @Test("F3: killed in a first run: the next one begins anew or finds it done")
    func killedFirst() async throws {
        let scene = try await CrashScene.shared()
        let start = try Workspace(hasStore: false)
        try start.configure(ldif: Population(1000).ldif, Population.rules())
        _ = try await start.run("plan", "--out", start.planFile)
        var numbers = SeededNumbers(0x6669_7273_74)
        for round in 1...rounds(4, soak: 40) {
            let workspace = try Workspace(hasStore: false)
            try workspace.configure(ldif: Population(1000).ldif, Population.rules())
            try FileManager.default.copyItem(atPath: start.planFile, toPath: workspace.planFile)
            let program = try workspace.start("apply", workspace.planFile, "--approve")
            try await Task.sleep(for: scene.runTime * Double.random(in: 0...0.9, using: &numbers))
            program.stop(SIGKILL)
            _ = try await program.outcome()
            let before = try FolderTrace(workspace.storeFolder)
            let plan = try await workspace.run("plan", "--format", "json")
            #expect([0, 1, 3].contains(plan.status), "round \(round): \(plan.said)")
            #expect(before.differences(to: try FolderTrace(workspace.storeFolder)) == [])
            if plan.status == 3 { #expect(try plan.part("summary", "create") as? Int == 1000, "round \(round)") }
            // A half-made store cannot be read yet: then the one thing to do is said, and it helps.
            if plan.status == 1 {
                #expect(plan.text.contains("rollcall apply") || plan.text.contains("service user"), "round \(round): \(plan.said)")
            }
            let apply = try await workspace.run("apply", workspace.planFile, "--approve")
            #expect(apply.status == (plan.status == 0 ? 1 : 0), "round \(round): plan \(plan.said) apply \(apply.said)")
            #expect(apply.duration < .seconds(5))
            let users = try await StoreContent.ask(workspace.store, "SELECT count(*) FROM users WHERE status = 'active'")
            #expect(users == "1000", "round \(round): \(users)")
            #expect(try await StoreContent.integrity(workspace.store) == "ok")
            let again = try await workspace.run("plan")
            #expect(again.status == 0, "round \(round): \(again.said)")
        }
    }
}
