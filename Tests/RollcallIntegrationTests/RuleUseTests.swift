import Foundation
import RollcallTesting
import Testing

@Suite("What check says of the rules")
struct RuleUseTests {
    @Test("rules of the config that match nobody are named, those that match are not")
    func unused() async throws {
        let workspace = try Workspace()
        var population = Population(5)
        population.people[1].extra = ["employeeType: left"]
        try workspace.configure(
            ldif: population.ldif,
            Population.rules() + "\n  - {when: (employeeType=never), then: inactive}\n")
        let check = try await workspace.run("check")
        #expect(check.text.contains("status rule 2 matches nobody: (employeeType=never)"), "\(check.said)")
        #expect(!check.text.contains("status rule 1 matches nobody"), "\(check.said)")
    }
}
