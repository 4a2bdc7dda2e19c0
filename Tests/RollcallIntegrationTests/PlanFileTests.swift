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
