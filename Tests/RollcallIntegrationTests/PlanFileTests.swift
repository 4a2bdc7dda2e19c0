import Foundation
import RollcallTesting
import Testing

@Suite("A saved plan is applied exactly, or not at all")
struct PlanFileTests {
    /// A filled store, a directory that has moved on, and a plan of the difference.
    private func workspace() async throws -> (Workspace, Population) {
        let workspace = try Workspace()
        var population = Population(60)
        try workspace.configure(ldif: population.ldif, Population.rules())
        try await workspace.approveAll()
        population.people[3].name = "Changed upstream"
        population.people[4].extra = ["employeeType: left"]
        population.people.append(Population.Person(900))
        try workspace.directory.write(population.ldif, to: "people.ldif")
        let plan = try await workspace.run("plan", "--out", workspace.planFile)
        #expect(plan.status == 2, "\(plan.said)")
        return (workspace, population)
    }

    private func expectRefused(_ workspace: Workspace, _ words: String..., asStale isStale: Bool = false) async throws {
        let before = try await workspace.content()
        for arguments in [[workspace.planFile], [workspace.planFile, "--approve"]] {
            let apply = try await workspace.binary.run(["apply"] + arguments + ["--config", workspace.config])
            #expect(apply.status == 1, "\(apply.said)")
            let said = apply.text + apply.errorText
            for word in words { #expect(said.contains(word), "it does not say \(word): \(apply.said)") }
            if isStale { #expect(said.lowercased().contains("stale"), "\(apply.said)") }
            #expect(before.differences(to: try await workspace.content()) == [])
        }
    }

    @Test("Exactly what it shows, once")
    func exact() async throws {
        let (workspace, _) = try await workspace()
        let apply = try await workspace.run("apply", workspace.planFile, "--format", "json")
        #expect(apply.status == 0, "\(apply.said)")
        let lines = String(decoding: FileManager.default.contents(atPath: workspace.planFile) ?? Data(), as: UTF8.self).split(
            separator: "\n")
        let planned = try lines.dropFirst().dropLast().map {
            (try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])?["digest"] as? String ?? ""
        }
        let applied = try apply.changes().map { $0["digest"] as? String ?? "" }
        #expect(planned.count >= 3 && planned.sorted() == applied.sorted())
        #expect(try await workspace.run("plan").status == 0)
        try await expectRefused(workspace, asStale: true)
    }

    @Test(
        "F1: an edited file is refused",
        arguments: [
            "name", "digest", "first", "cut", "doubled", "swapped", "empty", "garbage", "more", "newer",
        ])
    func edited(_ how: String) async throws {
        let (workspace, _) = try await workspace()
        var text = String(decoding: FileManager.default.contents(atPath: workspace.planFile) ?? Data(), as: UTF8.self)
        let lines = text.split(separator: "\n").map(String.init)
        switch how {
        case "name": text = text.replacingOccurrences(of: "Changed upstream", with: "Changed on the way")
        case "digest": text = text.replacingOccurrences(of: "\"plan_digest\": \"", with: "\"plan_digest\": \"0")
        case "first": text = text.replacingOccurrences(of: "\"rollcall.plan/1\"", with: "\"rollcall.plan/1\" ")
        case "cut": text = lines.dropLast().joined(separator: "\n") + "\n"
        case "doubled": text = (lines.prefix(2) + lines.dropFirst()).joined(separator: "\n") + "\n"
        case "swapped": text = ([lines[0], lines[2], lines[1]] + lines.dropFirst(3)).joined(separator: "\n") + "\n"
        case "empty": text = ""
        case "garbage": text = "\u{1B}[31mnot a plan\n"
        case "more": text += lines[1] + "\n"
        default: text = text.replacingOccurrences(of: "rollcall.plan/1", with: "rollcall.plan/9")
        }
        try workspace.directory.write(text, to: "plan.json")
        try await expectRefused(workspace, "plan.json")
    }

    @Test("F1: stale once the directory has moved, in a change that it names or in another", arguments: [true, false])
    func directoryMoved(_ isNamed: Bool) async throws {
        var (workspace, population) = try await workspace()
        population.people[isNamed ? 3 : 20].name = "Changed again"
        try workspace.directory.write(population.ldif, to: "people.ldif")
        try await expectRefused(workspace, "plan --out", asStale: true)
    }

    @Test("F1: stale once the store has moved under it; a change of somebody else's account does not matter")
    func storeMoved() async throws {
        let (workspace, _) = try await workspace()
        try await StoreContent.edit(workspace.store, "UPDATE users SET status = 'inactive' WHERE username = 'u4'")
        try await expectRefused(workspace, asStale: true)
        let (other, _) = try await self.workspace()
        try await StoreContent.edit(
            other.store, "INSERT INTO users (username, status) VALUES ('local-one', 'active')")
        let apply = try await other.run("apply", other.planFile)
        #expect(apply.status == 0, "\(apply.said)")
        #expect(try await StoreContent.ask(other.store, "SELECT status FROM users WHERE username = 'local-one'") == "active")
    }

    @Test("F1: stale once a rule has changed; not for a comment", arguments: [true, false])
    func configMoved(_ isRule: Bool) async throws {
        let (workspace, population) = try await workspace()
        let rules = Population.rules()
        let changed = isRule ? rules.replacingOccurrences(of: "grant: Staff", with: "grant: Employees") : "# A remark.\n" + rules
        #expect(changed != rules)
        try workspace.configure(ldif: population.ldif, changed)
        if isRule {
            try await expectRefused(workspace, "rules have changed", asStale: true)
        } else {
            let apply = try await workspace.run("apply", workspace.planFile)
            #expect(apply.status == 0, "\(apply.said)")
        }
    }

    @Test("A grant that was approved, revoked and asked for again is not let through by the old file, nor by a copy of it")
    func replayed() async throws {
        let workspace = try Workspace()
        var population = Population(30)
        try workspace.configure(ldif: population.ldif, Population.rules(isPrivileged: true))
        try await workspace.approveAll()
        let members = population.groups[3].members
        population.groups[3].members.append(population.people[7].dn)
        try workspace.directory.write(population.ldif, to: "people.ldif")
        let second = workspace.directory.file("second.json")
        for file in [workspace.planFile, second] { #expect(try await workspace.run("plan", "--out", file).status == 3) }
        #expect(try await workspace.run("apply", workspace.planFile, "--approve").status == 0)
        population.groups[3].members = members
        try workspace.directory.write(population.ldif, to: "people.ldif")
        #expect(try await workspace.run("apply").status == 0)
        population.groups[3].members.append(population.people[7].dn)
        try workspace.directory.write(population.ldif, to: "people.ldif")
        for (file, why) in [(workspace.planFile, "used already"), (second, "has changed the store since")] {
            let replayed = try await workspace.run("apply", file, "--approve")
            #expect(replayed.status == 1 && replayed.text.hasPrefix("Stale, "), "\(replayed.said)")
            #expect(replayed.text.contains(why), "\(replayed.said)")
        }
        #expect(try await workspace.run("plan").status == 3)
    }

    @Test("It is stale in another store, and one of no store is once a run is recorded")
    func otherStore() async throws {
        let none = try Workspace(hasStore: false)
        try none.configure(ldif: Population(10).ldif, Population.rules())
        #expect(try await none.run("plan", "--out", none.planFile).status == 3)
        let stores = [try Workspace(), try Workspace()]
        for workspace in stores {
            try workspace.configure(ldif: Population(10).ldif, Population.rules())
            #expect(try await workspace.run("plan", "--out", workspace.planFile).status == 3)
        }
        let other = try await stores[0].run("apply", stores[1].planFile, "--approve")
        #expect(other.status == 1 && other.text.contains("made of another store"), "\(other.said)")
        #expect(try await StoreContent.ask(stores[0].store, "SELECT count(*) FROM users") == "0")
        let late = try await stores[0].run("apply", none.planFile, "--approve")
        #expect(late.status == 1 && late.text.contains("while there was no store"), "\(late.said)")
        let own = try await stores[1].run("apply", stores[1].planFile, "--approve")
        #expect(own.status == 0, "\(own.said)")
        try none.makeStore()
        let first = try await none.run("apply", none.planFile, "--approve")
        #expect(first.status == 0, "\(first.said)")
    }

    @Test("A file of an earlier build, which does not say of which store it is, is stale")
    func earlier() async throws {
        let (workspace, _) = try await workspace()
        let text = try String(contentsOfFile: workspace.planFile, encoding: .utf8)
        var lines = text.split(separator: "\n").map(String.init)
        let start = try #require(lines[0].range(of: ", \"store\": \""))
        let end = try #require(lines[0].range(of: ", \"guards\""))
        lines[0].removeSubrange(start.lowerBound..<end.lowerBound)
        try workspace.directory.write(lines.dropLast().joined(separator: "\n") + "\n", to: "body")
        let outcome = try await RunningProgram.run("/usr/bin/sha256sum", [workspace.directory.file("body")])
        let trailer = try #require(lines.last).replacing(/"sha256": "[0-9a-f]+"/, with: "\"sha256\": \"\(outcome.text.prefix(64))\"")
        try workspace.directory.write(lines.dropLast().joined(separator: "\n") + "\n\(trailer)\n", to: "plan.json")
        try await expectRefused(workspace, "does not say of which store", asStale: true)
    }

    @Test("Of a held plan nothing is applied without --approve")
    func unapproved() async throws {
        let workspace = try Workspace()
        try workspace.configure(ldif: Population(10).ldif, Population.rules())
        #expect(try await workspace.run("plan", "--out", workspace.planFile).status == 3)
        let apply = try await workspace.run("apply", workspace.planFile)
        #expect(apply.status == 3, "\(apply.said)")
        #expect(try await StoreContent.ask(workspace.store, "SELECT count(*) FROM users") == "0")
        let approved = try await workspace.run("apply", workspace.planFile, "--approve")
        #expect(approved.status == 0, "\(approved.said)")
    }
}
