import Foundation
import Glibc
import RollcallTesting
import Testing

@Suite("rollcall snapshot, and plans from it")
struct SnapshotCommandTests {
    /// The report as it was printed, but for the three lines that differ from run to run.
    private func lines(_ outcome: ProgramOutcome) -> [Substring] {
        outcome.text.split(separator: "\n").filter { line in
            !["\"id\": \"2", "\"started\":", "\"finished\":"].contains { line.contains($0) }
        }
    }

    private func snapshot(_ workspace: Workspace) -> String { workspace.directory.file("people.snapshot") }

    @Test("LDIF: the same report as at the time, without the file")
    func ldif() async throws {
        let workspace = try Workspace()
        var population = Population(80)
        try workspace.configure(ldif: population.ldif, Population.rules())
        try await workspace.approveAll()
        population.people[3].name = "Changed"
        population.people[4].extra = ["employeeType: left"]
        population.people.remove(at: 7)
        population.people[8].extra = ["userPassword: canary-snapshot"]
        population.extra = "dn: uid=broken,ou=people\nobjectClass: inetOrgPerson\nuid: broken\n\n"
        try workspace.directory.write(population.ldif, to: "people.ldif")
        let before = try await workspace.run("plan", "--format", "json")
        let taken = try await workspace.run("snapshot", "--out", snapshot(workspace))
        #expect(taken.status == 0 && taken.text.isEmpty && taken.errorText.contains("85 records"), "\(taken.said)")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: snapshot(workspace)))
        #expect(bytes.range(of: Data("canary-snapshot".utf8)) == nil)
        unlink(workspace.people)
        let store = try FolderTrace(workspace.storeFolder)
        let after = try await workspace.run("plan", "--snapshot", snapshot(workspace), "--format", "json")
        #expect(after.status == before.status && after.status == 2, "\(after.said)")
        #expect(lines(after) == lines(before))
        #expect(store.differences(to: try FolderTrace(workspace.storeFolder)) == [])
        let explained = try await workspace.run("explain", "u3", "--snapshot", snapshot(workspace))
        #expect(explained.status == 0 && explained.text.contains("Changed"), "\(explained.said)")
    }

    @Test("LDAP: the same report as at the time, with whoever left or is gone, without the server and without the password")
    func ldap() async throws {
        var population = Population(120)
        population.people[5].extra = ["userPassword: canary-snapshot", "roomNumber: 17"]
        let manager = "cn=manager,\(SlapdServer.suffix)"
        var configuration = SlapdServer.Configuration(ldif: population.serverLDIF())
        configuration.databaseLines = [
            "rootdn \"\(manager)\"", "rootpw manager",
            "access to attrs=userPassword by dn.exact=\"\(SlapdServer.syncDN)\" read by anonymous auth by * none",
        ]
        let server = try await SlapdServer.start(configuration)
        defer { server.end() }
        let workspace = try Workspace()
        try workspace.configure(source: try LDAPSource(server).yaml(in: workspace), Population.rules())
        try await workspace.approveAll()
        let moves = """
            dn: uid=u40,\(SampleDirectory.peopleBase)
            changetype: modrdn
            newrdn: uid=u40
            deleteoldrdn: 0
            newsuperior: ou=left,\(SlapdServer.suffix)

            dn: uid=u41,\(SampleDirectory.peopleBase)
            changetype: delete

            dn: uid=u30,\(SampleDirectory.peopleBase)
            changetype: modify
            add: employeeType
            employeeType: left


            """
        let file = try workspace.directory.write(moves, to: "moves.ldif")
        let moved = try await RunningProgram.run(
            "/usr/bin/ldapmodify", ["-x", "-H", server.url, "-D", manager, "-w", "manager", "-f", file])
        #expect(moved.status == 0, "\(moved.said)")
        let before = try await workspace.run("plan", "--format", "json")
        #expect(before.status == 2, "\(before.said)")
        let taken = try await workspace.run("snapshot", "--out", snapshot(workspace))
        #expect(taken.status == 0 && taken.errorText.contains("2 looked up"), "\(taken.said)")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: snapshot(workspace)))
        #expect(bytes.range(of: Data("canary-snapshot".utf8)) == nil)
        server.end()
        unlink(workspace.directory.file("ldap-password"))
        let after = try await workspace.run("plan", "--snapshot", snapshot(workspace), "--format", "json")
        #expect(after.status == 2, "\(after.said)")
        #expect(lines(after) == lines(before))
        #expect(after.text.contains("left scope: uid=u40") && after.text.contains("gone: "))

        // Another config: a filter, an attribute that nobody mapped at the time, and one that nobody has.
        let narrow = try LDAPSource(server).yaml(in: workspace).replacingOccurrences(
            of: "users: {base: \"\(SampleDirectory.peopleBase)\"}",
            with: "users: {base: \"\(SampleDirectory.peopleBase)\", filter: \"(&(objectClass=inetOrgPerson)(uid=u*)(!(uid=u11)))\"}")
        try workspace.configure(
            source: narrow, Population.rules() + "\nattributes: {extra: {room: roomNumber, car: carLicense}}")
        let other = try await workspace.run("plan", "--snapshot", snapshot(workspace), "--format", "json")
        let changes = try other.changes()
        let reasons = changes.compactMap { $0["reason"] as? String }
        #expect(reasons.contains { $0.contains("left scope: uid=u11,") }, "\(other.said)")
        let rooms = changes.compactMap { (($0["fields"] as? [String: Any])?["extra.room"] as? [Any])?.last as? String }
        #expect(rooms == ["17"], "\(other.said)")
        #expect(other.text.contains("carLicense is read by the config, and no entry of the snapshot has it"))
        #expect(other.text.contains("source.users asks for others"))
    }

    @Test("A source that cannot be read whole leaves nothing behind and ends with 5")
    func incomplete() async throws {
        let workspace = try Workspace()
        try workspace.configure(ldif: Population(10).ldif, Population.rules())
        var cut = Population(10).ldif
        cut.removeLast(3)
        try workspace.directory.write(cut, to: "people.ldif")
        let taken = try await workspace.run("snapshot", "--out", snapshot(workspace))
        #expect(taken.status == 5 && taken.errorText.contains("no line end"), "\(taken.said)")
        let server = try await SharedDirectory.server()
        for account in ["total", "pages"] {
            var source = LDAPSource(server)
            source.account = account
            try workspace.configure(source: try source.yaml(in: workspace), Population.rules())
            let taken = try await workspace.run("snapshot", "--out", snapshot(workspace))
            #expect(taken.status == 5, "\(account): \(taken.said)")
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: workspace.directory.path)
        #expect(!left.contains { $0.contains("snapshot") }, "\(left)")
    }

    @Test("A snapshot that is cut, changed, something else or missing is refused in one line, with 1")
    func refused() async throws {
        let workspace = try Workspace()
        try workspace.configure(ldif: Population(10).ldif, Population.rules())
        let path = snapshot(workspace)
        #expect(try await workspace.run("snapshot", "--out", path).status == 0)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        var changed = whole
        changed[whole.count / 2] ^= 1
        for (bytes, words) in [
            (whole.prefix(whole.count - 1), "cut short"), (whole.prefix(100), "cut short"), (changed, "was changed"),
            (whole + whole, "was changed"), (Data("hello\n".utf8), "not a snapshot"), (Data(), "not a snapshot"),
            (Data("rollcall.snapshot/9\n".utf8), "another version"),
        ] {
            try bytes.write(to: URL(fileURLWithPath: path))
            for arguments in [["plan"], ["explain", "u1"]] {
                let outcome = try await workspace.binary.run(arguments + ["--snapshot", path, "--config", workspace.config])
                #expect(outcome.status == 1 && outcome.text.isEmpty, "\(outcome.said)")
                #expect(outcome.errorText.contains(words) && outcome.errorText.filter { $0 == "\n" }.count == 1, "\(outcome.said)")
            }
        }
        unlink(path)
        let missing = try await workspace.run("plan", "--snapshot", path)
        #expect(missing.status == 1 && missing.errorText.contains("No such file"), "\(missing.said)")
    }

    @Test("A hundred thousand entries stream through: memory does not grow with them")
    func streams() async throws {
        let workspace = try Workspace()
        try workspace.configure(source: "source: {type: file, path: people.ldif}")
        let filling = String(repeating: "description: some text that makes an entry as large as entries are\n", count: 12)
        _ = FileManager.default.createFile(atPath: workspace.people, contents: nil)
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: workspace.people))
        for start in stride(from: 0, to: 100_000, by: 1000) {
            let part = (start..<start + 1000).map { SampleDirectory.person($0, dn: "uid=u\($0),ou=people,dc=x", extra: filling) }.joined()
            try handle.write(contentsOf: Data(part.utf8))
        }
        try handle.close()
        let path = snapshot(workspace)
        let taking = try await peak(workspace, ["snapshot", "--out", path])
        let size = try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) >> 20
        #expect(size > 60, "the snapshot has \(size) MiB")
        let planning = try await peak(workspace, ["plan", "--snapshot", path])
        // A dry run of so many takes some forty; the snapshot itself would take more than this.
        #expect(taking < 110 && planning < 110, "taking \(taking) MiB, planning \(planning) MiB, the file \(size) MiB")
    }

    /// The most memory that a command had at once, in MiB.
    private func peak(_ workspace: Workspace, _ arguments: [String]) async throws -> Int {
        var options = ProgramOptions()
        options.timeout = 300
        let program = try workspace.binary.start(arguments + ["--config", workspace.config], options)
        var most = 0
        while program.isRunning {
            let status = (try? String(contentsOfFile: "/proc/\(program.pid)/status", encoding: .utf8)) ?? ""
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            most = max(most, line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
            try await Task.sleep(for: .milliseconds(20))
        }
        let outcome = try await program.outcome()
        #expect([0, 3].contains(outcome.status), "\(outcome.said)")
        return most >> 10
    }
}

@Suite("expect: in the config")
struct ExpectCommandTests {
    private func configure(_ workspace: Workspace, _ expectations: String) throws {
        try workspace.configure(ldif: Population(30).ldif, Population.rules() + "\nexpect:\n" + expectations)
    }

    @Test("check ends with 3 and one line each; plan and apply of a new config are held, and go through approved")
    func story() async throws {
        let workspace = try Workspace()
        try configure(
            workspace,
            "  - {user: u0, status: active, groups: [Administrators]}\n  - {user: u1, absent: true}\n  - {user: u9, groups: [Staff]}\n")
        let check = try await workspace.run("check")
        #expect(check.status == 3, "\(check.said)")
        #expect(check.text.contains("u1: expected nobody of this name, found active, in Administrators"), "\(check.said)")
        #expect(check.text.split(separator: "\n").filter { $0.hasPrefix("expect ") }.count == 1)
        let plan = try await workspace.run("plan", "--format", "json")
        #expect(plan.status == 3)
        #expect(try plan.heldGuards() == ["expect", "first_run"])
        try await workspace.approveAll()
        let same = try await workspace.run("plan")
        #expect(same.status == 0 && same.text.contains("u1: expected nobody of this name"), "\(same.said)")
        #expect(try await workspace.run("check").status == 3)
        try configure(workspace, "  - {user: u0, status: active}\n  - {user: nobody, absent: true}\n")
        let good = try await workspace.run("check")
        #expect(good.status == 0 && good.text.contains("all 2 expectations hold"), "\(good.said)")
    }
}
