import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

@Suite("Names that match rules make of upstream groups'")
struct GroupNameTests {
    private let fixture: RunFixture
    private var people = People(["ann", "bob"])

    init() async throws {
        fixture = try RunFixture(rules: try People.rules())
        fixture.rules.groups.append(
            GroupRule(selector: .pattern(try LinearPattern("^own-(?<name>.*)$")), grant: try PatternTemplate("{name}"), text: "^own-"))
        people.groups = [MemoryGroup("cn=admins,ou=groups", anchor: "g0", name: "admins", members: ["uid=bob,ou=people"])]
        _ = try await fixture.approve(people.directory)
    }

    private mutating func run(_ name: String) async throws -> RunReport {
        people.groups.append(MemoryGroup("cn=own,ou=groups", anchor: "g1", name: name, members: ["uid=ann,ou=people"]))
        return try await fixture.apply(people.directory)
    }

    @Test(
        "one that looks like a declared or privileged group gives nothing, and is named",
        arguments: ["own-\u{410}dministrators", "own-Adminlstrators", "own-Adm\u{456}nistrators"])
    mutating func lookalike(_ name: String) async throws {
        let run = try await run(name)
        #expect(run.changes == [], "\(run.changes)")
        #expect(run.record.warnings.contains { $0.string.contains("looks like Administrators: it is left out") }, "\(run.record.warnings)")
        #expect(try fixture.probe.rows("SELECT name FROM permission_groups") == [#"name="Administrators""#])
    }

    @Test("a blank one gives nothing, and is named", arguments: ["own-", "own- ", "own-\u{200B}\u{A0}"])
    mutating func blank(_ name: String) async throws {
        let run = try await run(name)
        #expect(run.changes == [], "\(run.changes)")
        #expect(run.record.warnings.contains { $0.string.contains("would be blank") }, "\(run.record.warnings)")
    }

    @Test(
        "the privileged group itself waits as ever, also with invisible characters; another name passes, in several scripts with a warning")
    mutating func others() async throws {
        let same = try await run("own-Administrators\u{200B}")
        #expect(same.changes == ["held grant ann Administrators"], "\(same.changes)")
        people.groups.removeLast()
        let mixed = try await run("own-Team \u{440}\u{430}\u{437}")
        #expect(mixed.changes == ["grant ann Team \u{440}\u{430}\u{437}"], "\(mixed.changes)")
        #expect(mixed.record.warnings.contains { $0.string.contains("letters of several scripts") })
    }

    @Test("one that the store has already is kept, with a warning")
    mutating func kept() async throws {
        fixture.rules.permissionGroups = []
        fixture.rules.groups.remove(at: 0)
        #expect(try await run("own-Team red").changes.contains("grant ann Team red"))
        fixture.rules.permissionGroups = [PermissionGroup(name: "Tearn red", isPrivileged: true, permissions: ["*"])]
        let next = try await fixture.apply(people.directory)
        #expect(!next.changes.contains { $0.contains("revoke ann") }, "\(next.changes)")
        #expect(next.record.warnings.contains { $0.string.contains("looks like Tearn red: make sure") }, "\(next.record.warnings)")
    }
}
