import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

@Suite("What is certain of an entry that cannot be used still counts")
struct RejectedEntryTests {
    private let fixture: RunFixture
    private var people = People(numbered: 10..<22)

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
        people.groups = [
            MemoryGroup(
                "cn=dev-red", anchor: "d1", name: "dev-red", members: ["uid=p10,ou=people", "uid=p11,ou=people", "uid=p12,ou=people"])
        ]
    }

    @Test("a value that cannot be read costs its field alone: the lock and the group that is left take effect")
    func oneValue() async throws {
        fixture.rules.lifecycle.username = .rename
        _ = try await fixture.approve(people.directory)
        var changed = people
        for name in ["p10", "p11", "p12"] { changed[name].unreadable = [AttributeName(known: "mail")] }
        changed["p10"]["employeeType"] = ["ended"]
        changed["p12"]["uid"] = ["p12new"]
        changed.groups[0].members.remove(at: 1)
        let report = try await fixture.apply(changed.directory)
        #expect(report.changes == ["deactivate p10", "revoke p11 Team red", "rename p12"], "\(report.changes)")
        #expect(report.remarks == ["p10", "p11", "p12"].map { "warning unreadable \($0)" })
        #expect(report.record.summary.undecidedActive == 0)
    }

    @Test("a status attribute that cannot be read leaves the status open, run after run, and is never taken for known")
    func unreadableStatus() async throws {
        _ = try await fixture.approve(people.directory)
        var changed = people
        changed["p10"].unreadable = [AttributeName(known: "employeeType")]
        changed.groups[0].members.removeFirst()
        let first = try await fixture.apply(changed.directory)
        #expect(first.changes == ["revoke p10 Team red"] && first.remarks == ["undecided status_unknown p10"])
        for _ in 0..<2 {
            let report = try await fixture.apply(changed.directory)
            #expect(report.changes.isEmpty && report.record.summary.undecidedActive == 1)
            #expect(report.remarks == ["undecided status_unknown p10"] && report.rows.flatMap(\.remarks).allSatisfy(\.isNew))
        }
        #expect(try await fixture.plan(changed.directory).record.summary.undecidedActive == 1)
        #expect(try await fixture.apply(people.directory).changes == ["grant p10 Team red"], "it can be read again")
    }

    @Test("a rejected entry is deactivated by what can be read, loses the groups that do not have it, and gains nothing")
    func rejected() async throws {
        _ = try await fixture.approve(people.directory)
        var changed = people
        for name in ["p10", "p11", "p12", "p13", "p14"] {
            changed[name].defect = "two values for entryUUID"
            changed[name].proves = name != "p14"
        }
        changed["p10"]["employeeType"] = ["ended"]
        changed["p14"]["employeeType"] = ["ended"]
        changed["p12"]["uid"] = ["other"]
        changed.groups[0].members = ["uid=p10,ou=people", "uid=p12,ou=people", "uid=p13,ou=people"]
        let report = try await fixture.apply(changed.directory)
        #expect(report.changes == ["deactivate p10", "revoke p11 Team red"], "\(report.changes)")
        #expect(report.remarks == (10...14).map { "undecided unusable p\($0)" })
        #expect(report.record.summary.undecidedActive == 4)
        let again = try await fixture.apply(changed.directory)
        #expect(again.changes.isEmpty && again.record.summary.undecidedActive == 4)
        // Once they can be used, what the directory says counts, also where the entry is what it was before.
        let back = try await fixture.apply(people.directory)
        #expect(back.changes == ["reactivate p10", "grant p10 Team red", "grant p11 Team red"], "\(back.changes)")
        #expect(back.record.summary.undecidedActive == 0)
    }

    @Test("a deactivation that is proved so waits for its guard as any other")
    func guarded() async throws {
        _ = try await fixture.approve(people.directory)
        var changed = people
        for name in (10..<20).map({ "p\($0)" }) {
            changed[name].defect = "too large"
            changed[name].proves = true
            changed[name]["employeeType"] = ["ended"]
        }
        let report = try await fixture.apply(changed.directory)
        #expect(report.record.outcome == .held && report.holding.contains(.deactivations), "\(report.holding)")
    }

    @Test(
        "an entry with several ids is recognised by each, and takes nothing from the entry that has one of them alone",
        arguments: [1, 7, 23])
    func severalIDs(_ seed: UInt64) async throws {
        fixture.rules.lifecycle.username = .rename
        _ = try await fixture.approve(people.directory)
        var changed = people
        changed["p10"].otherAnchors = ["id-p11", "id-p12"]
        changed["p10"].defect = "it has 3 values for the anchor attribute"
        changed["p10"].proves = true
        changed["p10"]["employeeType"] = ["ended"]
        changed["p12"]["uid"] = ["renamed"]
        changed.groups[0].members.removeLast()
        var directory = changed.directory
        directory.orderSeed = seed
        directory.batchSize = 1
        let report = try await fixture.apply(directory)
        #expect(report.changes == ["deactivate p10", "rename p12", "revoke p12 Team red"], "\(report.changes)")
        #expect(report.remarks == ["undecided unusable p10"], "\(report.remarks) \(report.record.reason ?? "")")
    }
}
