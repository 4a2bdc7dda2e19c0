import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Testing

@Suite("Mapped groups that a reading lacks are looked up")
struct GroupLookUpTests {
    private let fixture: RunFixture
    private var people = People(numbered: 10..<22)

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
        people.groups = [
            MemoryGroup("cn=dev-red", anchor: "d1", name: "dev-red", members: ["uid=p10,ou=people", "uid=p11,ou=people"]),
            MemoryGroup("cn=admins", anchor: "a1", name: "admins", members: ["uid=p20,ou=people", "uid=p21,ou=people"]),
        ]
    }

    @Test("one that a pattern met and that is gone is ordinary")
    func gone() async throws {
        _ = try await fixture.approve(people.directory)
        let report = try await fixture.apply(people.directory(without: 0, nil))
        #expect(report.changes == ["revoke p10 Team red", "revoke p11 Team red"] && report.holding.isEmpty)
        #expect(try await fixture.plan(people.directory(without: 0, .unknown("busy"))).record.outcome == .inSync)
    }

    @Test("one that a pattern met waits as long as it cannot be told to be gone")
    func unknown() async throws {
        _ = try await fixture.approve(people.directory)
        for _ in 0..<2 {
            let report = try await fixture.apply(people.directory(without: 0, .unknown("busy")))
            #expect(report.changes == ["held revoke p10 Team red", "held revoke p11 Team red"] && report.holding == [.groupReplaced])
            #expect(
                report.record.warnings.last?.string
                    == "group rule 2 (^dev-) has lost its group cn=dev-red: it is not in the reading, and could not be looked up (busy); approve what waits (`rollcall plans`) if it is gone for good"
            )
        }
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync, "it is back")
        _ = try await fixture.apply(people.directory(without: 0, .unknown("busy")))
        #expect(try await fixture.approve(people.directory(without: 0, .unknown("busy"))).changes.allSatisfy { $0.hasPrefix("revoke") })
        #expect(try await fixture.apply(people.directory(without: 0, .unknown("busy"))).record.outcome == .inSync)
    }

    @Test("one that is there after all shows that the reading was not whole", arguments: [0, 1])
    func there(_ place: Int) async throws {
        _ = try await fixture.approve(people.directory)
        let report = try await fixture.apply(people.directory(without: place, .inScope))
        #expect(report.record.outcome == .incomplete && report.record.reason?.contains("it is there when it is looked up") == true)
    }

    @Test("the report says of a pinned one whether it is gone, elsewhere or unknown")
    func pinned() async throws {
        _ = try await fixture.approve(people.directory)
        for (presence, words) in [
            (nil, "the directory has no such group any more"),
            (Presence.leftScope(dn: "cn=admins,o=x"), "it has left scope: cn=admins,o=x"),
            (
                .notBelowBase(PartialContext(base: "ou=groups,o=x", context: "o=x")),
                "it is not below ou=groups,o=x any more (parts of o=x lie on other servers)"
            ),
            (.unknown("busy"), "it is not in the reading, and could not be looked up (busy)"),
        ] {
            let report = try await fixture.apply(people.directory(without: 1, presence))
            #expect(report.changes == ["held revoke p20 Administrators", "held revoke p21 Administrators"])
            #expect(report.record.warnings.contains { $0.string.contains("cn=admins: \(words);") }, "\(report.record.warnings)")
        }
    }

    @Test("none is looked up while a guard holds for what the reading lacks")
    func inBulk() async throws {
        var people = people
        people.groups += (0..<9).map { MemoryGroup("cn=dev-\($0)", anchor: "x\($0)", name: "dev-\($0)", members: ["uid=p12,ou=people"]) }
        _ = try await fixture.approve(people.directory)
        people.groups.removeLast(9)
        let source = people.directory
        #expect(try await fixture.apply(source).holding.contains(.shrink))
        #expect(source.log.lookUps.isEmpty)
        _ = try await fixture.approve(source)
        #expect(source.log.lookUps.map(\.count) == [9])
    }

}
