import RollcallCore
import RollcallTesting

/// People with a username and an email each, and the rules to read them by.
struct People {
    private var all: [MemoryPerson]
    var groups: [MemoryGroup] = []

    init(_ names: [String]) {
        all = []
        for name in names { add(name, mail: "\(name)@x") }
    }

    /// `p` and each of the numbers.
    init(numbered numbers: Range<Int>) {
        self.init(numbers.map { "p\($0)" })
    }

    mutating func add(_ name: String, mail: String) {
        all.append(MemoryPerson("uid=\(name),ou=people", ["entryUUID": ["id-\(name)"], "uid": [name], "mail": [mail]]))
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

    /// The directory without one of the groups, which a look-up finds as `presence` says.
    func directory(without place: Int, _ presence: Presence?) -> MemoryDirectory {
        var people = self
        let gone = people.groups.remove(at: place)
        var directory = people.directory
        directory.presences[gone.anchor] = presence
        return directory
    }

    /// `uid` is the username and `mail` the email; `employeeType: ended` ends access; `admins` are privileged Administrators.
    static func rules() throws -> RuleSettings {
        var mapping = AttributeMapping(
            anchor: AttributeName(known: "entryUUID"), username: FieldSource([.attribute(AttributeName(known: "uid"))]))
        mapping.email = FieldSource([.attribute(AttributeName(known: "mail"))])
        var rules = RuleSettings(attributes: mapping)
        let ended = "(employeeType=ended)"
        rules.status = [StatusRule(test: .when(.ldap(try Filter(parsing: ended))), outcome: .inactive, text: ended)]
        rules.groups = [
            GroupRule(selector: .name(FoldedKey("admins")), grant: try PatternTemplate("Administrators"), text: "admins"),
            GroupRule(selector: .pattern(try LinearPattern("^dev-(?<team>.+)$")), grant: try PatternTemplate("Team {team}"), text: "^dev-"),
        ]
        rules.permissionGroups = [PermissionGroup(name: "Administrators", isPrivileged: true, permissions: ["*"])]
        return rules
    }
}
