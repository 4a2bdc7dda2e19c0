import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

@Suite("An entry that moves while the directory is read")
struct MovedEntryTests {
    private let fixture: RunFixture
    private var people = People(numbered: 10..<22)

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
        people.groups = [
            MemoryGroup("cn=dev-red", anchor: "d1", name: "dev-red", members: ["uid=p10,ou=people", "uid=p11,ou=people"]),
            MemoryGroup("cn=admins", anchor: "a1", name: "admins", members: ["uid=p10,ou=people", "uid=p21,ou=people"]),
        ]
    }

    @Test("keeps what the groups give to its former name, and the next run decides by one name")
    func between() async throws {
        _ = try await fixture.approve(people.directory)
        // The groups were read before it moved, the users after.
        var during = people
        during["p10"].dn = "uid=p10,ou=sales"
        let report = try await fixture.apply(during.directory)
        #expect(report.changes.isEmpty && report.remarks == ["warning moved p10"], "\(report.changes)")
        #expect(
            report.rows.first?.remarks.first?.message
                == "keeps Administrators, Team red: groups still name the DN that the entry had before it moved; the next run decides")
        var after = during
        after.groups[0].members[0] = "uid=p10,ou=sales"
        after.groups[1].members[0] = "uid=p10,ou=sales"
        let next = try await fixture.apply(after.directory)
        #expect(next.changes.isEmpty && next.remarks.isEmpty, "\(next.changes) \(next.remarks)")
        #expect(try await fixture.plan(after.directory, skipsNothing: true).record.outcome == .inSync)
    }

    @Test("loses them in the next run when the groups still name its former name then")
    func stale() async throws {
        _ = try await fixture.approve(people.directory)
        var moved = people
        moved["p10"].dn = "uid=p10,ou=sales"
        _ = try await fixture.apply(moved.directory)
        #expect(try await fixture.apply(moved.directory).changes == ["revoke p10 Administrators", "revoke p10 Team red"])
    }

    @Test("loses at once what the groups took from its former name, and gains nothing by that")
    func both() async throws {
        _ = try await fixture.approve(people.directory)
        var moved = people
        moved["p10"].dn = "uid=p10,ou=sales"
        moved["p12"].dn = "uid=p12,ou=sales"
        moved.groups[0].members = ["uid=p11,ou=people", "uid=p12,ou=people"]
        let report = try await fixture.apply(moved.directory)
        #expect(report.changes == ["revoke p10 Team red"] && report.remarks == ["warning moved p10"], "\(report.changes)")
    }

    @Test("whose former name another entry has now is not what the groups mean")
    func taken() async throws {
        _ = try await fixture.approve(people.directory)
        var moved = people
        moved["p10"].dn = "uid=p10,ou=sales"
        moved["p13"].dn = "uid=p10,ou=people"
        let report = try await fixture.apply(moved.directory)
        #expect(
            report.changes == [
                "revoke p10 Administrators", "revoke p10 Team red", "held grant p13 Administrators", "grant p13 Team red",
            ], "\(report.changes)")
    }

    @Test("makes no other reading, and looks nobody up")
    func once() async throws {
        _ = try await fixture.approve(people.directory)
        var moved = people
        for name in (10..<20).map({ "p\($0)" }) { moved[name].dn = "uid=\(name),ou=sales" }
        let directory = moved.directory
        let report = try await fixture.apply(directory)
        #expect(report.changes.isEmpty && directory.log.readings == 1 && directory.log.lookUps.isEmpty, "\(report.changes)")
    }
}
