import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

@Suite("One id on two records")
struct RepeatedRecordTests {
    private let fixture: RunFixture
    private var people = People(numbered: 10..<22)

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
        people.groups = [
            MemoryGroup("cn=dev-red", anchor: "d1", name: "dev-red", members: ["uid=p10,ou=people", "uid=p11,ou=people"])
        ]
    }

    private func file(_ people: People, adding extra: [MemoryPerson] = [], _ groups: [MemoryGroup] = []) -> MemoryDirectory {
        var snapshot = people.snapshot
        snapshot.people += extra
        snapshot.groups += groups
        var directory = MemoryDirectory(snapshot)
        directory.isFile = true
        return directory
    }

    @Test("of a file leaves that user undecided, names both places, and the rest goes on")
    func file() async throws {
        _ = try await fixture.approve(file(people))
        var other = people["p10"]
        other["uid"] = ["somebody"]
        var changed = people
        changed["p11"]["mail"] = ["new@x"]
        for changes in [["update p11"], []] {
            let report = try await fixture.apply(file(changed, adding: [other]))
            #expect(report.changes == changes && report.record.summary.undecidedActive == 1, "\(report.record.outcome)")
            #expect(report.remarks == ["undecided unusable p10"])
            let message = report.rows.flatMap(\.remarks).first?.message ?? ""
            #expect(message.contains("2 records have this id: memory:2 and memory:14"), "\(message)")
        }
        let last = try await fixture.apply(file(changed))
        #expect(last.changes.isEmpty && last.remarks.isEmpty, "\(last.changes) \(last.remarks)")
        #expect(try await fixture.plan(file(changed), skipsNothing: true).record.outcome == .inSync)
    }

    @Test("of a file takes away what both records prove, and nothing else")
    func proved() async throws {
        _ = try await fixture.approve(file(people))
        var changed = people
        for name in ["p10", "p11", "p12"] { changed[name]["employeeType"] = ["ended"] }
        changed.groups[0].members = ["uid=p11,ou=people"]
        var ended = changed["p12"]
        ended["mail"] = ["other@x"]
        var active = changed["p10"]
        active["employeeType"] = []
        var elsewhere = changed["p11"]
        elsewhere["employeeType"] = []
        elsewhere.dn = "uid=p11,ou=other"
        let report = try await fixture.apply(file(changed, adding: [ended, active, elsewhere]))
        #expect(report.changes == ["revoke p10 Team red", "deactivate p12"], "\(report.changes)")
        #expect(report.record.summary.undecidedActive == 2)
    }

    @Test("of a newcomer is a conflict, and neither record gets an account or a name")
    func newcomer() async throws {
        _ = try await fixture.approve(file(people))
        let one = MemoryPerson("uid=new,ou=people", ["entryUUID": ["id-new"], "uid": ["newname"], "mail": ["n@x"]])
        let two = MemoryPerson("uid=new,ou=people", ["entryUUID": ["id-new"], "uid": ["othername"], "mail": ["n@x"]])
        let third = MemoryPerson("uid=third,ou=people", ["entryUUID": ["id-third"], "uid": ["newname"], "mail": ["t@x"]])
        let report = try await fixture.apply(file(people, adding: [one, two, third]))
        #expect(report.changes == ["create newname"] && report.remarks == ["conflict unusable uid=new,ou=people"], "\(report.changes)")
        #expect(report.rows.flatMap(\.remarks).first?.message.contains("memory:14 and memory:15") == true)
    }

    @Test("of a newcomer with two names has none, and a rule about names cannot be told of it")
    func twoNames() async throws {
        fixture.rules.ignore = [.ldap(try Filter(parsing: "(!(ou:dn:=people))"))]
        _ = try await fixture.approve(file(people))
        let one = MemoryPerson("uid=new,ou=people", ["entryUUID": ["id-new"], "uid": ["newname"]])
        let two = MemoryPerson("uid=new,ou=left", ["entryUUID": ["id-new"], "uid": ["newname"]])
        for records in [[one, two], [two, one]] {
            let report = try await fixture.plan(file(people, adding: records))
            #expect(report.changes == [] && report.remarks == ["conflict unusable "], "\(report.changes) \(report.remarks)")
        }
    }

    @Test("with the same content is one entry")
    func same() async throws {
        _ = try await fixture.approve(file(people))
        #expect(try await fixture.apply(file(people, adding: [people["p10"]])).record.outcome == .inSync)
    }

    @Test("of a source that is read page by page makes the reading incomplete")
    func pages() async throws {
        _ = try await fixture.approve(people.directory)
        var other = people["p10"]
        other["uid"] = ["somebody"]
        var snapshot = people.snapshot
        snapshot.people.append(other)
        let report = try await fixture.apply(MemoryDirectory(snapshot))
        #expect(report.record.outcome == .incomplete && report.record.reason?.contains("twice") == true)
        var groups = people.snapshot
        groups.groups.append(MemoryGroup("cn=dev-red", anchor: "d1", name: "dev-red", members: []))
        #expect(try await fixture.apply(MemoryDirectory(groups)).record.outcome == .incomplete)
    }

    @Test("of a group keeps the members that it had, named in the report")
    func group() async throws {
        _ = try await fixture.approve(file(people))
        var changed = people
        changed["p15"]["mail"] = ["new@x"]
        let twin = MemoryGroup("cn=dev-red", anchor: "d1", name: "dev-red", members: ["uid=p12,ou=people"])
        let report = try await fixture.apply(file(changed, adding: [], [twin]))
        #expect(report.changes == ["update p15"], "\(report.changes)")
        #expect(
            report.record.warnings.contains {
                $0.string.contains("2 records have its id: memory:1 and memory:2") && $0.string.contains("cn=dev-red")
            }, "\(report.record.warnings)")
    }
}
