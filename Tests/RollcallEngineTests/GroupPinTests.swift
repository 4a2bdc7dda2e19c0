import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Testing

@Suite("Groups that rules have pinned")
struct GroupPinTests {
    private let fixture: RunFixture
    private var people = People(numbered: 10..<22)

    /// `staff` gives Staff, `team` gives Team by its DN; `ops` is in `staff`.
    init() throws {
        var rules = try People.rules()
        rules.groups.append(GroupRule(selector: .name(FoldedKey("staff")), grant: try PatternTemplate("Staff"), text: "staff"))
        let team = try DistinguishedName(parsing: "cn=team,ou=groups").normalized
        rules.groups.append(GroupRule(selector: .dn(team), grant: try PatternTemplate("Team"), text: "cn=team,ou=groups"))
        fixture = try RunFixture(rules: rules)
        people.groups = [
            MemoryGroup("cn=staff,ou=groups", anchor: "s1", name: "staff", members: [dn(10), dn(11), dn(12), "cn=ops,ou=groups"]),
            MemoryGroup("cn=ops,ou=groups", anchor: "o1", name: "ops", members: [dn(13)]),
            MemoryGroup("cn=team,ou=groups", anchor: "t1", name: "team", members: [dn(10)]),
            MemoryGroup("cn=admins,ou=groups", anchor: "a1", name: "admins", members: [dn(20), dn(21)]),
        ]
    }

    private func dn(_ number: Int) -> String { "uid=p\(number),ou=people" }

    private func pins() throws -> [String] {
        try fixture.probe.rows("SELECT CAST(anchor AS TEXT) AS a, name, state FROM group_pins ORDER BY 1").map {
            $0.split(separator: "|").map { $0.split(separator: "=")[1].trimmingCharacters(in: ["\""]) }.joined(separator: " ")
        }
    }

    private func staff() throws -> [String] {
        try fixture.probe.rows(
            """
            SELECT u.username FROM grants g JOIN users u ON u.id = g.user_id JOIN permission_groups p ON p.id = g.group_id
            WHERE p.name = 'Staff' ORDER BY 1
            """
        ).map { $0.dropFirst("username=".count).trimmingCharacters(in: ["\""]) }
    }

    /// What is said of the rules whose groups are not where they say.
    private func warnings(_ report: RunReport) -> [String] { report.record.warnings.map(\.string).filter { !$0.contains("^dev-") } }

    private static let all = ["a1 admins pinned", "s1 staff pinned", "t1 team pinned"]

    @Test("an applied run pins what its rules meet; a dry run, and one that a guard holds, pin nothing")
    func pinning() async throws {
        _ = try await fixture.plan(people.directory)
        _ = try await fixture.apply(people.directory)
        #expect(try pins().isEmpty)
        _ = try await fixture.approve(people.directory)
        #expect(try pins() == GroupPinTests.all)
        let before = try fixture.probe.rows("SELECT * FROM group_pins")
        _ = try await fixture.apply(people.directory)
        #expect(try fixture.probe.rows("SELECT * FROM group_pins") == before)
    }

    @Test("pins stay with what rules say when the rules change places, and go with them")
    func rules() async throws {
        _ = try await fixture.approve(people.directory)
        let before = try fixture.probe.rows("SELECT * FROM group_pins")
        fixture.rules.groups.reverse()
        fixture.rulesDigest = Digest(hashing: [2])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
        #expect(try fixture.probe.rows("SELECT * FROM group_pins") == before)
        fixture.rules.groups.removeAll { $0.text == "cn=team,ou=groups" }
        fixture.rulesDigest = Digest(hashing: [3])
        _ = try await fixture.approve(people.directory)
        #expect(try pins() == ["a1 admins pinned", "s1 staff pinned"])
    }

    @Test("E3: a group that is renamed and moved is followed; nobody loses anything, and a warning names it")
    func followed() async throws {
        _ = try await fixture.approve(people.directory)
        var people = people
        people.groups[0].name = "personnel"
        people.groups[0].dn = "cn=personnel,ou=elsewhere"
        people.groups[2].dn = "cn=team,ou=elsewhere"
        let plan = try await fixture.plan(people.directory)
        #expect(plan.changes.isEmpty)
        #expect(
            warnings(plan) == [
                "group rule 3 (staff) follows its group, which is now cn=personnel,ou=elsewhere; put its new name into the config",
                "group rule 4 (cn=team,ou=groups) follows its group, which is now cn=team,ou=elsewhere; put its new name into the config",
            ])
        people.groups[0].members.append(dn(14))
        #expect(try await fixture.apply(people.directory).changes == ["grant p14 Staff"])
        #expect(try pins() == ["a1 admins pinned", "s1 personnel followed", "t1 team followed"])
        #expect(try await fixture.plan(people.directory).record.warnings == plan.record.warnings)
    }

    @Test("E3: what ends with a deleted group waits; joiners and leavers go on, and the look-up says that it is gone")
    func deleted() async throws {
        _ = try await fixture.approve(people.directory)
        var people = people
        people.groups.remove(at: 0)
        people.remove("p11")
        people["p12"]["employeeType"] = ["ended"]
        people["p30"] = MemoryPerson(dn(30), ["entryUUID": ["id-p30"], "uid": ["p30"]])
        for run in 0..<3 {
            let report = try await fixture.apply(people.directory)
            let ordinary = run == 0 ? ["deactivate p11", "deactivate p12", "create p30"] : []
            #expect(report.changes.sorted() == (ordinary + ["held revoke p10 Staff", "held revoke p13 Staff"]).sorted())
            #expect(report.record.guards.first { $0.guardName == .groupReplaced }?.observed == 2)
            #expect(report.holding == [.groupReplaced])
            #expect(
                warnings(report) == [
                    "group rule 3 (staff) has lost its group cn=staff,ou=groups: the directory has no such group any more; `rollcall groups repin 3` shows what follows from it, and lets it follow"
                ]
            )
            #expect(
                try await fixture.plan(people.directory, skipsNothing: true).changes == ["held revoke p10 Staff", "held revoke p13 Staff"])
        }
        #expect(try staff() == ["p10", "p13"])
        #expect(try pins() == ["a1 admins pinned", "s1 staff missing", "t1 team pinned"])
        // It comes back as it was.
        var back = people
        back.groups.append(self.people.groups[0])
        #expect(try await fixture.apply(back.directory).record.outcome == .inSync)
        #expect(try pins() == GroupPinTests.all)
    }

    @Test("E3: a member of a deleted group who moves, or whom another rule gives the same, is told by who they are")
    func moving() async throws {
        fixture.rules.groups.append(GroupRule(selector: .name(FoldedKey("more")), grant: try PatternTemplate("Staff"), text: "more"))
        var people = people
        people.groups.append(MemoryGroup("cn=more", anchor: "m1", name: "more", members: [dn(12), dn(15)]))
        _ = try await fixture.approve(people.directory)
        people.groups.remove(at: 0)
        people["p10"].dn = "uid=p10,ou=moved"
        #expect(try await fixture.apply(people.directory).changes.filter { $0.contains("Staff") }.count == 3)
        people.groups[people.groups.count - 1].members = [dn(12)]
        let report = try await fixture.apply(people.directory)
        #expect(
            report.changes.filter { $0.contains("Staff") } == [
                "held revoke p10 Staff", "held revoke p11 Staff", "held revoke p13 Staff", "revoke p15 Staff",
            ])
        people["p10"].dn = "uid=p10,ou=further"
        _ = try await fixture.apply(people.directory)
        #expect(
            try await fixture.plan(people.directory, skipsNothing: true).changes.filter { $0.contains("p10 Staff") } == [
                "held revoke p10 Staff"
            ])
    }

    @Test("E3: under the name of a deleted group, grants by another one wait; who is in both keeps theirs", arguments: [true, false])
    func replaced(_ isRenamed: Bool) async throws {
        _ = try await fixture.approve(people.directory)
        var people = people
        let former = people.groups.remove(at: 0)
        people.groups.append(MemoryGroup("cn=staff,ou=groups", anchor: "s2", name: "staff", members: [dn(10), dn(16)]))
        if isRenamed { people.groups.append(MemoryGroup("cn=staff-old", anchor: "s1", name: "staff-old", members: former.members)) }
        let waiting = ["held revoke p11 Staff", "held revoke p12 Staff", "held revoke p13 Staff", "held grant p16 Staff"]
        let held = try await fixture.apply(people.directory)
        #expect(held.changes == waiting && held.record.outcome == .held)
        #expect(
            warnings(held).first?.hasPrefix(
                "group rule 3 (staff) says another group than it has pinned: cn=staff,ou=groups (id s2), not cn=staff")
                == true)
        #expect(try pins().contains(isRenamed ? "s1 staff-old replaced" : "s1 staff replaced"))
        #expect(try await fixture.plan(people.directory).changes == waiting)
        let id = try #require(held.record.heldPlan)
        let approved = try await fixture.apply(people.directory, fixture.filed(id))
        #expect(approved.record.outcome == .applied && approved.changes.count == 4)
        #expect(try staff() == ["p10", "p16"])
        #expect(try pins() == ["a1 admins pinned", "s2 staff pinned", "t1 team pinned"])
        #expect(try await fixture.plan(people.directory).record.outcome == .inSync)
    }

    @Test("approving a reviewed plan forgets a group that is gone; another one of its name is then met for the first time")
    func approvedByFile() async throws {
        _ = try await fixture.approve(people.directory)
        var people = people
        let former = people.groups.remove(at: 0)
        #expect(try await fixture.approve(people.directory).record.outcome == .applied)
        #expect(try staff().isEmpty)
        #expect(try pins() == ["a1 admins pinned", "t1 team pinned"])
        #expect(warnings(try await fixture.plan(people.directory)) == ["group rule 3 meets no upstream group: staff"])
        people.groups.append(MemoryGroup(former.dn, anchor: "s3", name: "staff", members: former.members))
        people.groups.append(MemoryGroup("cn=ops2", anchor: "o2", name: "ops2"))
        #expect(try await fixture.apply(people.directory).changes.count == 4)
        #expect(try pins() == ["a1 admins pinned", "s3 staff pinned", "t1 team pinned"])
    }

    @Test("what was not there when it was approved waits on, and so does the pin")
    func partly() async throws {
        _ = try await fixture.approve(people.directory)
        var people = people
        people.groups[0] = MemoryGroup("cn=staff,ou=groups", anchor: "s2", name: "staff", members: people.groups[0].members + [dn(16)])
        let held = try await fixture.apply(people.directory)
        #expect(held.changes == ["held grant p16 Staff"])
        people.groups[0].members.append(dn(17))
        let id = try #require(held.record.heldPlan)
        #expect(try await fixture.apply(people.directory, fixture.filed(id)).changes == ["grant p16 Staff", "held grant p17 Staff"])
        #expect(try pins().contains("s1 staff replaced"))
        #expect(try await fixture.plan(people.directory).changes == ["held grant p17 Staff"])
        #expect(try await fixture.approve(people.directory).changes == ["grant p17 Staff"])
        #expect(try pins().contains("s2 staff pinned"))
    }

    @Test("a privileged group by another one of its name waits once, and its last holders stay")
    func privileged() async throws {
        _ = try await fixture.approve(people.directory)
        var people = people
        people.groups[3] = MemoryGroup("cn=admins,ou=groups", anchor: "a2", name: "admins", members: [dn(18)])
        let report = try await fixture.apply(people.directory)
        #expect(report.holding == [.groupReplaced])
        #expect(
            report.changes == ["held grant p18 Administrators", "held revoke p20 Administrators", "held revoke p21 Administrators"])
        let approved = try await fixture.approve(people.directory)
        #expect(approved.changes.allSatisfy { !$0.hasPrefix("held") })
        #expect(try pins().contains("a2 admins pinned"))
        people.groups.remove(at: 3)
        let last = try await fixture.approve(people.directory)
        #expect(last.changes == ["held revoke p18 Administrators"] && last.holding == [.lastHolder])
    }

    @Test("two rules that have pinned one group are approved together, also where a last holder stays")
    func shared() async throws {
        let byName = GroupRule(
            selector: .dn(try DistinguishedName(parsing: "cn=admins,ou=groups").normalized), grant: try PatternTemplate("Administrators"),
            text: "cn=admins")
        fixture.rules.groups.append(byName)
        _ = try await fixture.approve(people.directory)
        var people = people
        people.groups.remove(at: 3)
        let report = try await fixture.approve(people.directory)
        #expect(report.changes == ["held revoke p20 Administrators", "held revoke p21 Administrators"] && report.holding == [.lastHolder])
        #expect(try pins() == ["s1 staff pinned", "t1 team pinned"])
        #expect(try await fixture.apply(people.directory).holding.contains(.lastHolder))
    }

    @Test("what an approver may not approve for themselves waits on, and so does the pin", arguments: [true, false])
    func ownAccess(_ isFiled: Bool) async throws {
        _ = try await fixture.approve(people.directory)
        var people = people
        people.groups[3] = MemoryGroup("cn=admins,ou=groups", anchor: "a2", name: "admins", members: [dn(18)])
        let id = try #require(try await fixture.apply(people.directory).record.heldPlan)
        fixture.approver = Approver(name: "p20 (uid 1000)", shortName: "p20", accounts: [FoldedKey("p20")])
        let approved = isFiled ? try await fixture.apply(people.directory, fixture.filed(id)) : try await fixture.approve(people.directory)
        #expect(approved.changes.filter { $0.hasPrefix("held") } == ["held revoke p20 Administrators"])
        #expect(try pins().contains("a1 admins replaced"))
        fixture.approver = nil
        #expect(try await fixture.approve(people.directory).changes == ["revoke p20 Administrators"])
        #expect(try pins().contains("a2 admins pinned"))
    }

    @Test("without removals the end of a membership stays a remark")
    func noRemovals() async throws {
        _ = try await fixture.approve(people.directory)
        fixture.rules.policy = .noRemovals
        fixture.rulesDigest = Digest(hashing: [4])
        var people = people
        people.groups.remove(at: 0)
        let report = try await fixture.apply(people.directory)
        #expect(report.changes.isEmpty && report.remarks.count == 4)
    }
}
