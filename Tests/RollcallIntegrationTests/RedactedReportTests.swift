import Foundation
import RollcallTesting
import Testing

@Suite("A redacted report of the program")
struct RedactedReportTests {
    @Test("It names nobody in any format, knows every sentence of the run, and has another pseudonym the next time")
    func program() async throws {
        let workspace = try Workspace()
        var population = Population(30)
        try workspace.configure(ldif: population.ldif, Population.rules(isPrivileged: true))
        try await workspace.approveAll()
        population.people[3].name = "Person Renamed"
        population.people[4].mail = population.people[5].mail
        population.people.removeLast()
        population.people.append(Population.Person(900))
        population.groups[3].members.append(Population.Person(900).dn)
        try workspace.directory.write(population.ldif, to: "people.ldif")
        let open = try await workspace.run("plan", "--limit", "1000")
        #expect(open.text.contains("u900") && open.text.contains("@example.org") && open.text.contains("Renamed"), "\(open.said)")
        for format in ["text", "json", "csv", "html", "markdown"] {
            let plan = try await workspace.run("plan", "--redact", "--format", format, "--limit", "1000")
            #expect(plan.status == open.status, "\(plan.said)")
            for name in ["u900", "example.org", "Person", "Renamed", "ou=", workspace.directory.path] {
                #expect(!plan.text.contains(name), "\(format), \(name): \(plan.said)")
            }
            #expect(!plan.text.contains("(redacted)"), "\(format): \(plan.said)")
        }
        let first = try await workspace.run("apply", "--redact", "--format", "json")
        let again = try await workspace.run("report", "--redact", "--format", "json")
        let names = try [first, again].map { outcome in
            let changes = try outcome.part("changes") as? [[String: Any]] ?? []
            return Set(changes.compactMap { ($0["user"] as? [String: Any])?["username"] as? String })
        }
        #expect(names[0].count == names[1].count && !names[0].isEmpty)
        #expect(names[0].isDisjoint(with: names[1]))
    }
}
