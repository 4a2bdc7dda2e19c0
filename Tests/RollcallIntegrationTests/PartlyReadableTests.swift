import Foundation
import RollcallTesting
import Testing

@Suite("What can be read takes effect, and what cannot is never passed over in silence")
struct PartlyReadableTests {
    /// More than is kept of one user.
    private static let large = String(repeating: "x", count: 1_150_000)

    private func workspace(_ population: Population) async throws -> Workspace {
        let workspace = try Workspace()
        try workspace.configure(ldif: population.ldif, Population.rules())
        try await workspace.approveAll()
        return workspace
    }

    private func users(_ workspace: Workspace, _ names: String) async throws -> [String] {
        try await StoreContent.ask(
            workspace.store,
            "SELECT username || ' ' || status || ' ' || (SELECT count(*) FROM grants WHERE user_id = users.id) FROM users WHERE username IN (\(names)) ORDER BY username"
        ).split(separator: "\n").map(String.init)
    }

    @Test("A display name of a megabyte does not keep its user: the lock and the group that is left take effect")
    func hugeName() async throws {
        var population = Population(30)
        let workspace = try await workspace(population)
        #expect(try await users(workspace, "'u7', 'u10'") == ["u10 active 1", "u7 active 2"])
        population.people[7].name = PartlyReadableTests.large
        population.people[7].extra = ["employeeType: left"]
        population.people[10].name = PartlyReadableTests.large
        population.groups[0].members.removeAll { $0 == population.people[10].dn }
        try workspace.directory.write(population.ldif, to: "people.ldif")
        let apply = try await workspace.run("apply")
        #expect(apply.status == 0 && apply.text.contains("its display_name cannot be read"), "\(apply.said)")
        #expect(try await users(workspace, "'u7', 'u10'") == ["u10 active 0", "u7 inactive 0"])
        #expect(try await workspace.run("plan").status == 0)
    }

    @Test("A status attribute of a megabyte ends each plan and run with 4, however often they are made")
    func hugeStatus() async throws {
        var population = Population(30)
        let workspace = try await workspace(population)
        population.people[7].extra = ["employeeType: \(PartlyReadableTests.large)"]
        try workspace.directory.write(population.ldif, to: "people.ldif")
        for command in ["plan", "apply", "apply", "plan"] {
            let outcome = try await workspace.run(command)
            #expect(outcome.status == 4 && outcome.text.contains("cannot be told"), "\(command): \(outcome.said)")
        }
        // What cannot be told cannot be acknowledged.
        let ack = try await workspace.run("ack", "u7", "--yes")
        #expect(ack.status == 1 && ack.said.contains("u7: the last applied run had no drift and no conflict about it"), "\(ack.said)")
        #expect(try await workspace.run("apply").status == 4)
        population.people[7].extra = []
        try workspace.directory.write(population.ldif, to: "people.ldif")
        #expect(try await workspace.run("apply").status == 0)
        #expect(try await workspace.run("plan").status == 0)
    }

    @Test("One id on two records of a file leaves that user undecided, names both lines, and the rest goes on")
    func twoRecords() async throws {
        var population = Population(30)
        let workspace = try await workspace(population)
        population.people[5].name = "Changed"
        var twin = population.people[3]
        twin.uid = "twin"
        population.extra = twin.ldif
        let text = population.ldif
        try workspace.directory.write(text, to: "people.ldif")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let first = try #require(lines.firstIndex(of: "dn: \(population.people[3].dn)")) + 1
        let second = try #require(lines.firstIndex(of: "dn: \(twin.dn)")) + 1
        let apply = try await workspace.run("apply")
        let places = "people.ldif:\(first) and "
        #expect(apply.status == 4 && apply.text.contains(places) && apply.text.contains("people.ldif:\(second)"), "\(apply.said)")
        let name = try await StoreContent.ask(workspace.store, "SELECT display_name FROM users WHERE username = 'u5'")
        #expect(name == "Changed" && apply.text.contains("u3"))
        population.extra = ""
        try workspace.directory.write(population.ldif, to: "people.ldif")
        #expect(try await workspace.run("apply").status == 0)
    }

    @Test("A user who is moved on the server keeps what groups give to the old DN for one run, and all of it once they name the new one")
    func moved() async throws {
        var configuration = SlapdServer.Configuration(
            ldif: Population(30).serverLDIF()
                + "dn: ou=sales,\(SampleDirectory.peopleBase)\nobjectClass: organizationalUnit\nou: sales\n\n")
        configuration.databaseLines = SlapdServer.managerLines
        let server = try await SlapdServer.start(configuration)
        defer { server.end() }
        let workspace = try Workspace()
        try workspace.configure(source: try LDAPSource(server).yaml(in: workspace), Population.rules(isPrivileged: true))
        try await workspace.approveAll()
        let old = "uid=u0,\(SampleDirectory.peopleBase)"
        let new = "uid=u0,ou=sales,\(SampleDirectory.peopleBase)"
        let before = try await users(workspace, "'u0'")
        try await server.modify(
            "dn: \(old)\nchangetype: modrdn\nnewrdn: uid=u0\ndeleteoldrdn: 0\nnewsuperior: ou=sales,\(SampleDirectory.peopleBase)\n")
        // The groups name the old DN, as they do when they are read before the move and the users after.
        let during = try await workspace.run("apply")
        #expect(during.status == 0 && during.text.contains("before it moved"), "\(during.said)")
        #expect(try await users(workspace, "'u0'") == before)
        let changes = ["app-red", "app-blue", "staff", "admins", "unmapped"].map { group in
            "dn: cn=\(group),\(SampleDirectory.groupsBase)\nchangetype: modify\ndelete: member\nmember: \(old)\n-\nadd: member\nmember: \(new)\n"
        }
        try await server.modify(changes.joined(separator: "\n"))
        let after = try await workspace.run("apply")
        #expect(after.status == 0 && after.text.hasPrefix("In sync"), "\(after.said)")
        #expect(try await users(workspace, "'u0'") == before)
    }
}
