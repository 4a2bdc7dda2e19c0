import RollcallCore
import Testing

@Suite("The name of a rule")
struct ChangeRuleTests {
    private static let rules: [ChangeRule] = [
        .absent, .ignored, .attributes, .status(1), .status(210), .noStatusRule, .newUsers, .group(1), .group(12), .groups,
        .adoption(.username), .adoption(.email), .permissionGroups, .reusedIdentifiers, .legacy("default"), .legacy(""),
    ]

    @Test("stands for the rule, and for no other one", arguments: rules)
    func roundTrip(_ rule: ChangeRule) {
        #expect(ChangeRule(name: rule.name) == rule)
        #expect(ChangeRuleTests.rules.filter { $0.name == rule.name } == [rule])
    }

    @Test(
        "that is written otherwise is kept as it is",
        arguments: [
            "status rule", "status rule ", "status rule 01", "status rule +1", "group rule 1 ", "Absent", "group rule 99999999999999999999",
        ])
    func legacy(_ name: String) {
        #expect(ChangeRule(name: name) == .legacy(name) && ChangeRule(name: name).name == name)
    }
}
