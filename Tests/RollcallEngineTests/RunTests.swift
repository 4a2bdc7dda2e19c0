import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Testing

@Suite("One run from end to end")
struct RunTests {
    @Test("somebody who changes and leaves on one day is no hold of an administrator, and comes back")
    func changedAndEnded() async throws {
        let fixture = try RunFixture(rules: try People.rules())
        var people = People(["ann", "bob"])
        _ = try await fixture.approve(people.directory)
        people["ann"]["mail"] = ["new@x"]
        people["ann"]["employeeType"] = ["ended"]
        let ended = try await fixture.approve(people.directory)
        #expect(ended.changes == ["update ann", "deactivate ann"])
        #expect(try fixture.probe.rows("SELECT held FROM users WHERE username = 'ann'") == ["held=0"])
        people["ann"]["employeeType"] = []
        #expect(try await fixture.approve(people.directory).changes == ["reactivate ann"])
    }
}

/// People with a username and an email each, and the rules to read them by.
struct People {
    private var all: [MemoryPerson]
    var groups: [MemoryGroup] = []

    init(_ names: [String]) {
        all = names.map { MemoryPerson("uid=\($0),ou=people", ["entryUUID": ["id-\($0)"], "uid": [$0], "mail": ["\($0)@x"]]) }
    }

    /// The person whose anchor is `id-` and `name`.
    subscript(name: String) -> MemoryPerson {
        get { all.first { $0["entryUUID"] == ["id-\(name)"] } ?? MemoryPerson("") }
        set {
            all.removeAll { $0["entryUUID"] == ["id-\(name)"] }
            all.append(newValue)
        }
    }

    mutating func remove(_ name: String) {
        all.removeAll { $0["entryUUID"] == ["id-\(name)"] }
    }

    var snapshot: MemorySnapshot { MemorySnapshot(people: all, groups: groups) }
    var directory: MemoryDirectory { MemoryDirectory(snapshot) }

    /// `uid` is the username and `mail` the email; `employeeType: ended` ends access; `admins` are privileged Administrators.
    static func rules() throws -> RuleSettings {
        var mapping = AttributeMapping(anchor: AttributeName(known: "entryUUID"), username: FieldSource([.attribute(AttributeName(known: "uid"))]))
        mapping.email = FieldSource([.attribute(AttributeName(known: "mail"))])
        var rules = RuleSettings(attributes: mapping)
        let ended = "(employeeType=ended)"
        rules.status = [StatusRule(test: .when(try Filter(parsing: ended)), outcome: .inactive, text: ended)]
        rules.groups = [
            GroupRule(selector: .name(FoldedKey("admins")), grant: try PatternTemplate("Administrators"), text: "admins"),
            GroupRule(selector: .pattern(try LinearPattern("^dev-(?<team>.+)$")), grant: try PatternTemplate("Team {team}"), text: "^dev-"),
        ]
        rules.permissionGroups = [PermissionGroup(name: "Administrators", isPrivileged: true, permissions: ["*"])]
        return rules
    }
}
