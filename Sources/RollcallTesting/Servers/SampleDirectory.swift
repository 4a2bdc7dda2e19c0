/// Makes LDIF for directories of any size, always the same for the same numbers.
public struct SampleDirectory: Sendable {
    public var people: Int
    public var groups: Int
    /// Further records at the end, as LDIF.
    public var extra = ""

    public init(people: Int, groups: Int = 0) {
        self.people = people
        self.groups = groups
    }

    public static let peopleBase = "ou=people,\(SlapdServer.suffix)"
    public static let groupsBase = "ou=groups,\(SlapdServer.suffix)"

    public static func personDN(_ index: Int) -> String { "uid=u\(index),\(peopleBase)" }

    /// The id that person `index` has on the server.
    public static func personUUID(_ index: Int) -> String {
        let digits = String(index, radix: 16)
        return "00000000-0000-4000-8000-" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits
    }

    /// The people in group `index`: every (index + 2)nd.
    public func members(ofGroup index: Int) -> StrideTo<Int> { stride(from: 0, to: people, by: index + 2) }

    /// Every fifth group also holds the group after it.
    public func nested(inGroup index: Int) -> Int? { index % 5 == 0 && index + 1 < groups ? index + 1 : nil }

    public var ldif: String {
        var text = """
            dn: \(SlapdServer.suffix)
            objectClass: dcObject
            objectClass: organization
            o: Example
            dc: example


            """
        for unit in ["people", "groups", "services", "left"] {
            text += "dn: ou=\(unit),\(SlapdServer.suffix)\nobjectClass: organizationalUnit\nou: \(unit)\n\n"
        }
        text += """
            dn: \(SlapdServer.syncDN)
            objectClass: applicationProcess
            objectClass: simpleSecurityObject
            cn: sync
            userPassword: \(SlapdServer.syncPassword)


            """
        for index in 0..<people { text += SampleDirectory.person(index, dn: SampleDirectory.personDN(index)) }
        for index in 0..<groups {
            text += "dn: cn=g\(index),\(SampleDirectory.groupsBase)\nobjectClass: groupOfNames\ncn: g\(index)\n"
            for member in members(ofGroup: index) { text += "member: \(SampleDirectory.personDN(member))\n" }
            if let nested = nested(inGroup: index) { text += "member: cn=g\(nested),\(SampleDirectory.groupsBase)\n" }
            text += "\n"
        }
        return text + extra
    }

    /// One person as an LDIF record; the uid is the index's whatever the name.
    public static func person(_ index: Int, dn: String, extra: String = "") -> String {
        """
        dn: \(dn)
        objectClass: inetOrgPerson
        uid: u\(index)
        cn: Person \(index)
        sn: Person
        mail: u\(index)@example.org
        entryUUID: \(personUUID(index))
        \(extra)

        """ + (extra.isEmpty ? "" : "\n")
    }
}
