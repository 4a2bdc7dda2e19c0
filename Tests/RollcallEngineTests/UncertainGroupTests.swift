import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

@Suite("A group that cannot be told keeps its members")
struct UncertainGroupTests {
    private let fixture: RunFixture
    private var people = People(numbered: 10..<22)

    /// `dev-red` gives, and holds `inner`, which holds `core`.
    init() throws {
        fixture = try RunFixture(rules: try People.rules())
        people.groups = [
            MemoryGroup("cn=dev-red", anchor: "d1", name: "dev-red", members: ["uid=p10,ou=people", "cn=inner"]),
            MemoryGroup("cn=inner", anchor: "i1", name: "inner", members: ["uid=p11,ou=people", "cn=core"]),
            MemoryGroup("cn=core", anchor: "c1", name: "core", members: ["uid=p12,ou=people"]),
        ]
    }

    @Test("a nested group that the reading lacks and that is there when it is looked up makes the reading incomplete", arguments: [1, 2])
    func there(_ place: Int) async throws {
        _ = try await fixture.approve(people.directory)
        let report = try await fixture.apply(people.directory(without: place, .inScope))
        #expect(report.record.outcome == .incomplete && report.record.reason?.contains("it is there when it is looked up") == true)
    }

    @Test("a nested group whose absence cannot be confirmed takes nothing away unasked", arguments: [1, 2])
    func unconfirmed(_ place: Int) async throws {
        _ = try await fixture.approve(people.directory)
        let lost = place == 1 ? ["p11", "p12"] : ["p12"]
        for _ in 0..<2 {
            let report = try await fixture.apply(people.directory(without: place, .unknown("busy")))
            #expect(report.changes == lost.map { "held revoke \($0) Team red" }, "\(report.changes)")
        }
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync, "it is back")
    }

    @Test("a nested group that is gone takes its members' access with it", arguments: [1, 2])
    func gone(_ place: Int) async throws {
        _ = try await fixture.approve(people.directory)
        let report = try await fixture.apply(people.directory(without: place, nil))
        #expect(report.changes == (place == 1 ? ["p11", "p12"] : ["p12"]).map { "revoke \($0) Team red" }, "\(report.changes)")
    }

    @Test("a group that cannot be used is there with the members that it had, named, and the rest goes on", arguments: [0, 1, 2])
    func rejected(_ place: Int) async throws {
        _ = try await fixture.approve(people.directory)
        var changed = people
        changed.groups[place].defect = "it has no value for the anchor attribute"
        changed.groups[place].members = []
        changed["p15"]["mail"] = ["new@x"]
        let report = try await fixture.apply(changed.directory)
        #expect(report.changes == ["update p15"], "\(report.changes)")
        #expect(
            report.record.warnings.contains {
                $0.string.contains("group \(people.groups[place].name) cannot be used and stays what it was")
            },
            "\(report.record.warnings)")
        changed.groups = people.groups
        #expect(try await fixture.apply(changed.directory).record.outcome == .inSync)
    }

    @Test("a group that cannot be used in the run whose rules first reach it gives its members what it should as soon as it can")
    func rejectedAtFirst() async throws {
        var people = people
        people.groups.append(MemoryGroup("cn=ops", anchor: "o1", name: "ops", members: ["uid=p15,ou=people"]))
        _ = try await fixture.approve(people.directory)
        fixture.rules.groups.append(GroupRule(selector: .name(FoldedKey("ops")), grant: try PatternTemplate("Ops"), text: "ops"))
        fixture.rulesDigest = Digest(hashing: [2])
        var changed = people
        changed.groups[3].defect = "it has no value for the anchor attribute"
        changed["p16"]["mail"] = ["new@x"]
        #expect(try await fixture.approve(changed.directory).changes == ["update p16"])
        changed.groups[3].defect = nil
        #expect(try await fixture.apply(changed.directory).changes == ["grant p15 Ops"])
        #expect(try await fixture.apply(changed.directory).record.outcome == .inSync)
    }

    @Test("a group without a usable name keeps its name and has the members that it says", arguments: [0, 1, 2])
    func unnamed(_ place: Int) async throws {
        _ = try await fixture.approve(people.directory)
        var changed = people
        changed.groups[place].hasName = false
        changed.groups[place].members.append("uid=p13,ou=people")
        let report = try await fixture.apply(changed.directory)
        #expect(report.changes == ["grant p13 Team red"], "\(report.changes)")
        #expect(report.record.warnings.contains { $0.string.contains("keeps the name that it had") }, "\(report.record.warnings)")
    }

    @Test("a group whose members are cut short keeps those that it had, and gives nothing on a new store")
    func cutShort() async throws {
        var cut = people
        cut.groups[1].doubt = "the server gives only a range of them"
        cut.groups[1].members = []
        let first = try await fixture.approve(cut.directory)
        #expect(first.changes.filter { $0.contains("grant") } == ["grant p10 Team red"], "\(first.changes)")
        #expect(first.record.warnings.contains { $0.string.contains("the members of group inner are not known") })
        _ = try await fixture.apply(people.directory)
        #expect(try await fixture.apply(cut.directory).changes.isEmpty)
    }

    @Test("a new group without a usable name gives nothing by a pattern that would match any name")
    func newUnnamed() async throws {
        fixture.rules.groups = [
            GroupRule(selector: .pattern(try LinearPattern("^(?<team>.*)$")), grant: try PatternTemplate("Team {team}"), text: "any")
        ]
        var unnamed = People(["p10"])
        unnamed.groups = [MemoryGroup("cn=x", anchor: "x1", name: "x", members: ["uid=p10,ou=people"])]
        unnamed.groups[0].hasName = false
        let report = try await fixture.approve(unnamed.directory)
        #expect(!report.changes.contains { $0.contains("grant") }, "\(report.changes)")
    }
}
