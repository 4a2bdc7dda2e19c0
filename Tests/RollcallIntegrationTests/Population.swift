import Foundation
import RollcallTesting

/// Made-up people and groups, as LDIF for a file source or for `slapadd`, always the same for the same numbers.
struct Population {
    /// One person; what is not named comes from the number.
    struct Person {
        var number: Int
        var uid: String
        var name: String
        var mail: String?
        var unit = "people"
        /// Further lines of LDIF.
        var extra: [String] = []

        init(_ number: Int) {
            self.number = number
            uid = "u\(number)"
            name = "Person \(number)"
            mail = "u\(number)@example.org"
        }

        var dn: String { "uid=\(uid),ou=\(unit),\(SlapdServer.suffix)" }

        var ldif: String {
            var lines = [
                "dn: \(dn)", "objectClass: inetOrgPerson", "uid: \(uid)", "cn: \(name)", "sn: Person", "displayName: \(name)",
                "entryUUID: \(SampleDirectory.personUUID(number))",
            ]
            if let mail { lines.append("mail: \(mail)") }
            return (lines + extra).joined(separator: "\n") + "\n\n"
        }
    }

    /// One group with its members' DNs.
    struct Group {
        var name: String
        var members: [String]

        var dn: String { "cn=\(name),ou=groups,\(SlapdServer.suffix)" }

        func ldif(_ number: Int) -> String {
            // A group of this class has at least one member; a dangling one is nobody.
            let shown = members.isEmpty ? ["cn=nobody,\(SlapdServer.suffix)"] : members
            return
                (["dn: \(dn)", "objectClass: groupOfNames", "cn: \(name)", "entryUUID: \(SampleDirectory.personUUID(1_000_000 + number))"]
                + shown.map { "member: \($0)" }).joined(separator: "\n") + "\n\n"
        }
    }

    var people: [Person]
    var groups: [Group]
    /// Further records.
    var extra = ""

    /// So many people; every tenth is in `app-red`, every seventh in `app-blue`, which is inside `staff`; the first two are `admins`;
    /// `unmapped` is what no rule reaches.
    init(_ count: Int) {
        people = (0..<count).map { Person($0) }
        let everyone = people.map(\.dn)
        func every(_ step: Int) -> [String] { stride(from: 0, to: count, by: step).map { everyone[$0] } }
        let red = Group(name: "app-red", members: every(10))
        let blue = Group(name: "app-blue", members: every(7))
        groups = [
            red, blue, Group(name: "staff", members: every(3) + [blue.dn]), Group(name: "admins", members: Array(everyone.prefix(2))),
            Group(name: "unmapped", members: every(50)),
        ]
    }

    /// Rules for these groups. `Administrators` is privileged only when asked, since its grants would then wait for a person.
    static func rules(isPrivileged: Bool = false) -> String {
        """
        groups:
          - {from: "cn=admins,ou=groups,\(SlapdServer.suffix)", grant: Administrators}
          - {from: staff, grant: Staff}
          - {match: "^app-(?<team>[a-z]+)$", grant: "Team {team}"}
        permission_groups:
          Administrators: {privileged: \(isPrivileged), permissions: ["*"]}
        status:
          - {when: "(employeeType=left)", then: inactive}
        """
    }

    private var records: String { people.map(\.ldif).joined() + groups.enumerated().map { $1.ldif($0) }.joined() + extra }

    /// For a file source: people and groups alone.
    var ldif: String { records }

    /// For `slapadd`: with the entries above them, and the accounts that a test binds as.
    func serverLDIF(accounts: [String] = []) -> String {
        var text = SampleDirectory(people: 0).ldif
        for account in accounts {
            text += """
                dn: cn=\(account),ou=services,\(SlapdServer.suffix)
                objectClass: applicationProcess
                objectClass: simpleSecurityObject
                cn: \(account)
                userPassword: \(SlapdServer.syncPassword)


                """
        }
        return text + records
    }
}

extension ProgramOutcome {
    /// The report that it printed as JSON.
    func json() throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: output) as? [String: Any] else {
            throw ChildProcess.Failure("no JSON object: \(said)")
        }
        return object
    }

    /// A part of the JSON by its keys.
    func part(_ keys: String...) throws -> Any? {
        var value: Any? = try json()
        for key in keys { value = (value as? [String: Any])?[key] }
        return value
    }

    /// The changes of a JSON report.
    func changes() throws -> [[String: Any]] { try part("changes") as? [[String: Any]] ?? [] }

    /// The name of the plan that a JSON report says is held.
    func heldPlan() throws -> String {
        guard let name = try part("run", "held_plan") as? String else { throw ChildProcess.Failure("no plan is held: \(said)") }
        return name
    }

    /// The guards of a JSON report that hold.
    func heldGuards() throws -> Set<String> {
        let guards = try part("guards") as? [[String: Any]] ?? []
        return Set(guards.filter { $0["verdict"] as? String == "held" }.compactMap { $0["guard"] as? String })
    }
}
