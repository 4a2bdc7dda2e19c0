import Foundation
import Glibc
import RollcallTesting
import Testing

@Suite("Approvers, and sources that went back, with the real program")
struct ApproverStoryTests {
    /// Lets everybody write the store, as when several administrators share it.
    private func open(_ workspace: Workspace) throws {
        try workspace.directory.openToOthers()
        chmod(workspace.storeFolder, 0o777)
        chmod(workspace.config, 0o644)
        chmod(workspace.people, 0o644)
        for name in try FileManager.default.contentsOfDirectory(atPath: workspace.storeFolder) {
            chmod("\(workspace.storeFolder)/\(name)", 0o666)
        }
    }

    @Test(
        "an approver's own privileged group waits for somebody else, by a filed plan as by a plan file; root's approval stands and is told",
        .enabled(if: isRoot, "only root can be two people"))
    func ownAccess() async throws {
        let nobody = try #require(getpwuid(65_534)?.pointee.pw_name.map { String(cString: $0) })
        let workspace = try Workspace()
        var population = Population(20)
        let operators = "\noperators: {\(nobody): {user: u3}, root: {user: u4}}"
        try workspace.configure(ldif: population.ldif, Population.rules(isPrivileged: true) + operators)
        try await workspace.approveAll()
        population.groups[3].members += [3, 4, 5].map { population.people[$0].dn }
        try workspace.directory.write(population.ldif, to: "people.ldif")
        let held = try await workspace.run("apply", "--format", "json")
        #expect(try !held.heldPlan().isEmpty)
        let id = try await StoreContent.ask(workspace.store, "SELECT hex(digest) FROM held_plans WHERE state = 'open'")
        try open(workspace)
        let approved = try await workspace.run("approve", id, options: .asNobody)
        #expect(approved.status == 3 && approved.text.hasPrefix("Applied in part: 2 changes made, 1 held"), "\(approved.said)")
        #expect(approved.text.contains("1 approved change waits for somebody else than \(nobody)"), "\(approved.said)")
        let own = try await workspace.run("users", "hold", "u3", "--yes", options: .asNobody)
        #expect(own.status == 1 && own.errorText.contains("nobody changes their own account"), "\(own.said)")
        #expect(try await workspace.run("plan", "--out", workspace.planFile).status == 3)
        chmod(workspace.planFile, 0o644)
        try open(workspace)
        let file = try await workspace.run("apply", workspace.planFile, "--approve", options: .asNobody)
        #expect(file.status == 3 && file.text.hasPrefix("Held: 1 change needs approval"), "\(file.said)")
        let rest = try await workspace.run("apply", workspace.planFile, "--approve")
        #expect(rest.status == 0 && !rest.text.contains("own access"), "\(rest.said)")
        #expect(try await workspace.run("groups", "show", "Administrators").text.contains("u3"))
        // Root is u4 here.
        population.groups[3].members.removeAll { $0 == population.people[4].dn }
        try workspace.directory.write(population.ldif, to: "people.ldif")
        #expect(try await workspace.run("apply").status == 0)
        population.groups[3].members.append(population.people[4].dn)
        try workspace.directory.write(population.ldif, to: "people.ldif")
        #expect(try await workspace.run("plan", "--out", workspace.planFile).status == 3)
        let root = try await workspace.run("apply", workspace.planFile, "--approve")
        #expect(root.status == 0 && root.text.contains("1 of the approved changes are of the approver's own access: root"), "\(root.said)")
        #expect(try await workspace.run("audit", "verify").status == 0)
    }

    @Test("F2: two who do the same at once do it once")
    func twoAtOnce() async throws {
        let workspace = try Workspace()
        try workspace.configure(ldif: Population(20).ldif, Population.rules())
        try await workspace.approveAll()
        let statuses = try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<4 { group.addTask { try await workspace.run("users", "hold", "u5", "--yes").status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.contains(0) && statuses.allSatisfy { $0 == 0 || $0 == 6 }, "\(statuses)")
        #expect(try await StoreContent.ask(workspace.store, "SELECT count(*) FROM audit WHERE kind = 4") == "1")
    }

    @Test("a server whose data went back is refused until it is accepted, and then let through")
    func acceptedSource() async throws {
        let server = try await SlapdServer.start(SlapdServer.Configuration(ldif: Population(20).serverLDIF()))
        defer { server.end() }
        let workspace = try Workspace()
        try workspace.configure(source: try LDAPSource(server).yaml(in: workspace), Population.rules())
        try await workspace.approveAll()
        let idle = try await workspace.run("source", "accept", "--yes")
        #expect(idle.status == 0 && idle.text.contains("nothing to do"), "\(idle.said)")
        // What a server that was ahead would have left behind.
        try await StoreContent.edit(workspace.store, "UPDATE sources SET watermark = '2099' || substr(watermark, 5)")
        let refused = try await workspace.run("apply")
        #expect(refused.status == 5 && refused.text.contains("`rollcall source accept`"), "\(refused.said)")
        let before = try FolderTrace(workspace.storeFolder)
        let shown = try await workspace.run("source", "accept")
        #expect(shown.status == 3 && shown.text.contains("the last applied run read 2099"), "\(shown.said)")
        #expect(before.differences(to: try FolderTrace(workspace.storeFolder)) == [])
        #expect(try await workspace.run("source", "accept", "--yes").status == 0)
        #expect(try await workspace.run("apply").status == 0)
        #expect(try await StoreContent.ask(workspace.store, "SELECT watermark LIKE '2099%' FROM sources") == "0")
    }
}
