import Foundation
import Glibc
import RollcallTesting
import Testing

@Suite("One applier at a time")
struct ApplierLockTests {
    @Test("F2: the second waits, ends with 6 and names the first; plans go on; the end of the first frees the lock")
    func second() async throws {
        let server = try await SharedDirectory.server()
        let workspace = try await SharedDirectory.workspace()
        // The first one hangs in its reading, and holds the lock meanwhile.
        let proxy = try TCPFaultProxy(to: server.port, .stall(after: 40_001))
        defer { proxy.end() }
        var source = LDAPSource(server)
        // Where nobody is, so that a plan is filed.
        source.base = SampleDirectory.groupsBase
        try workspace.configure(source: try source.yaml(in: workspace), Population.rules())
        #expect(try await workspace.run("apply").status == 3)
        let filed = try await StoreContent.ask(workspace.store, "SELECT hex(digest) FROM held_plans")
        source.base = SampleDirectory.peopleBase
        try workspace.configure(source: try source.yaml(in: workspace), Population.rules())
        _ = try await workspace.run("plan", "--out", workspace.planFile)
        source.url = "ldap://127.0.0.1:\(proxy.port)"
        let slow = workspace.directory.file("slow.yaml")
        try workspace.configure(source: try source.yaml(in: workspace), Population.rules())
        try FileManager.default.moveItem(atPath: workspace.config, toPath: slow)
        try FileManager.default.copyItem(atPath: slow, toPath: workspace.config)
        source.url = server.url
        try workspace.configure(source: try source.yaml(in: workspace), Population.rules())
        let first = try workspace.binary.start(["apply", "--config", slow])
        defer { first.stop(SIGKILL) }
        try await eventually("the first applier took the lock") {
            (FileManager.default.contents(atPath: workspace.store + ".lock") ?? Data()).isEmpty == false
        }
        let before = try await workspace.content()
        let patience: [(arguments: [String], seconds: ClosedRange<Int>)] = [
            (["apply"], 5...8), (["apply", workspace.planFile, "--wait", "0"], 0...4),
            (["apply", workspace.planFile, "--approve", "--wait", "1"], 1...5),
            (["approve", filed, "--wait", "0"], 0...4),
        ]
        for (arguments, seconds) in patience {
            let second = try await workspace.binary.run(arguments + ["--config", workspace.config])
            #expect(second.status == 6, "\(arguments): \(second.said)")
            #expect(second.duration >= .seconds(seconds.lowerBound) && second.duration < .seconds(seconds.upperBound), "\(second.duration)")
            #expect(
                second.text.contains("nothing was changed") && second.text.contains("pid \(first.pid), rollcall apply"), "\(second.said)")
        }
        let plan = try await workspace.run("plan")
        #expect(plan.status == 0, "\(plan.said)")
        #expect(before.differences(to: try await workspace.content()) == [])
        #expect(first.isRunning)
        first.stop(SIGKILL)
        _ = try await first.outcome()
        let third = try await workspace.run("apply")
        #expect(third.status == 0, "\(third.said)")
    }

    @Test("F2: of several that start together each has its turn, and the store is as one would leave it")
    func together() async throws {
        let workspace = try Workspace()
        var population = Population(200)
        try workspace.configure(ldif: population.ldif, Population.rules())
        try await workspace.approveAll()
        for index in population.people.indices { population.people[index].name = "Renamed \(index)" }
        try workspace.directory.write(population.ldif, to: "people.ldif")
        let alone = try Workspace(hasStore: false)
        try alone.configure(ldif: population.ldif, Population.rules())
        try StoreContent.copyFiles(workspace.store, to: alone.store)
        let reference = try await alone.run("apply")
        #expect(reference.status == 0, "\(reference.said)")

        let statuses = try await withThrowingTaskGroup(of: ProgramOutcome.self) { group in
            for _ in 0..<5 { group.addTask { try await workspace.run("apply") } }
            return try await group.reduce(into: [Int32]()) { $0.append($1.status) }
        }
        #expect(statuses == [0, 0, 0, 0, 0], "\(statuses)")
        #expect(try await alone.content(isTimeless: true).differences(to: workspace.content(isTimeless: true)) == [])
        let plan = try await workspace.run("plan")
        #expect(plan.status == 0, "\(plan.said)")
        let audit = try await workspace.run("audit", "verify")
        #expect(audit.status == 0, "\(audit.said)")
    }
}

/// Waits until something is so, for a minute unless another time is given.
func eventually(_ what: String, within limit: Duration = .seconds(60), _ isSo: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + limit
    while true {
        // On a busy host a pause may last until long after the end, so the last look comes behind it.
        let isLast = ContinuousClock.now >= end
        if try await isSo() { return }
        if isLast { break }
        try await Task.sleep(for: .milliseconds(5))
    }
    throw ChildProcess.Failure("it never came true that \(what)")
}
