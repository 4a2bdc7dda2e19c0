import Foundation
import RollcallTesting
import Testing

/// What goes wrong with people in a real directory, by the numbers of the list of faults, with the real program.
@Suite("People who leave, move and come back under other names, on a real server")
struct FaultStoryTests {
    private func start(_ population: Population, globalLines: [String] = [], auxiliary: String? = nil) async throws -> SlapdServer {
        var ldif = population.serverLDIF()
        let unit = "dn: ou=unit,\(SampleDirectory.peopleBase)\nobjectClass: organizationalUnit\nou: unit\n\n"
        if let first = ldif.range(of: "dn: uid=") { ldif.insert(contentsOf: unit, at: first.lowerBound) }
        if let auxiliary {
            let ordinary = "objectClass: inetOrgPerson\n"
            ldif = ldif.replacingOccurrences(of: ordinary, with: "\(ordinary)objectClass: \(auxiliary)\n")
        }
        var configuration = SlapdServer.Configuration(ldif: ldif)
        configuration.databaseLines = SlapdServer.managerLines
        configuration.globalLines = globalLines
        return try await SlapdServer.start(configuration)
    }

    /// A store filled from a server once.
    private func workspace(_ server: SlapdServer, _ rules: String, filter: String? = nil) async throws -> Workspace {
        let workspace = try Workspace()
        try configure(workspace, server, rules, filter: filter)
        try await workspace.approveAll()
        return workspace
    }

    private func configure(_ workspace: Workspace, _ server: SlapdServer, _ rules: String, filter: String? = nil) throws {
        var source = try LDAPSource(server).yaml(in: workspace)
        if let filter {
            source = source.replacingOccurrences(
                of: "users: {base: \"\(SampleDirectory.peopleBase)\"}",
                with: "users: {base: \"\(SampleDirectory.peopleBase)\", filter: \"\(filter)\"}")
        }
        try workspace.configure(source: source, rules)
    }

    private func dn(_ number: Int) -> String { SampleDirectory.personDN(number) }

    /// Each change as `action user group`, with `held` before those that wait.
    private func changes(_ outcome: ProgramOutcome) throws -> Set<String> {
        Set(
            try outcome.changes().map { change in
                let user = (change["user"] as? [String: Any])?["username"] as? String ?? "?"
                let group = (change["group"] as? String).map { " \($0)" } ?? ""
                return ((change["held"] as? Bool) == true ? "held " : "") + "\(change["action"] as? String ?? "?") \(user)\(group)"
            })
    }

    private func reasons(_ outcome: ProgramOutcome) throws -> [String: String] {
        try outcome.changes().reduce(into: [:]) { reasons, change in
            let user = (change["user"] as? [String: Any])?["username"] as? String ?? "?"
            reasons["\(change["action"] ?? "?") \(user)"] = change["reason"] as? String
        }
    }

    /// Status and groups of everybody but some.
    private func access(_ workspace: Workspace, except names: [String] = []) async throws -> String {
        try await StoreContent.ask(
            workspace.store,
            """
            SELECT u.username, u.status, (SELECT group_concat(group_id || origin) FROM
              (SELECT group_id, origin FROM grants WHERE user_id = u.id ORDER BY group_id, origin))
            FROM users u WHERE u.username NOT IN (\((names.map { "'\($0)'" } + ["''"]).joined(separator: ", "))) ORDER BY u.id
            """)
    }

    @Test("whoever leaves by any way loses access at once, beside whatever waits, and nobody else loses anything")
    func leavers() async throws {
        let server = try await start(Population(60))
        defer { server.end() }
        let rules = Population.rules(isPrivileged: true)
        let workspace = try await workspace(server, rules, filter: "(&(objectClass=inetOrgPerson)(!(description=external)))")
        let leavers = ["u30", "u41", "u42", "u43"]
        let before = try await access(workspace, except: leavers)
        // Out of the base, out of the filter, gone, and by a rule with an email that somebody else wants too; and beside it an
        // administrator more, and a mapped group less.
        try await server.modify(
            """
            dn: \(dn(30))
            changetype: modrdn
            newrdn: uid=u30
            deleteoldrdn: 0
            newsuperior: ou=left,\(SlapdServer.suffix)

            dn: \(dn(41))
            changetype: modify
            add: description
            description: external

            dn: \(dn(42))
            changetype: delete

            dn: \(dn(43))
            changetype: modify
            add: employeeType
            employeeType: left
            -
            replace: mail
            mail: one@example.org

            dn: \(dn(44))
            changetype: modify
            replace: mail
            mail: one@example.org

            dn: cn=admins,ou=groups,\(SlapdServer.suffix)
            changetype: modify
            add: member
            member: \(dn(51))

            dn: cn=app-red,ou=groups,\(SlapdServer.suffix)
            changetype: delete

            """)
        let apply = try await workspace.run("apply", "--format", "json")
        #expect(apply.status == 3, "\(apply.said.prefix(2000))")
        let passed = try changes(apply).filter { !$0.hasPrefix("held ") }
        #expect(passed == Set(leavers.map { "deactivate \($0)" }), "\(passed)")
        let guards = try apply.heldGuards()
        #expect(guards == ["privileged_grant", "group_revocations"], "\(guards)")
        let reasons = try reasons(apply)
        #expect(reasons["deactivate u30"]?.hasPrefix("left scope: uid=u30,ou=left,") == true, "\(reasons)")
        #expect(reasons["deactivate u41"]?.hasPrefix("left scope: uid=u41,ou=people,") == true, "\(reasons)")
        #expect(reasons["deactivate u42"]?.hasPrefix("gone: ") == true, "\(reasons)")
        #expect(reasons["deactivate u43"]?.hasPrefix("status rule 1: (employeeType=left)") == true, "\(reasons)")
        #expect(try await access(workspace, except: leavers) == before)
        let left = try await StoreContent.ask(
            workspace.store,
            """
            SELECT count(*), sum(status = 'inactive'), (SELECT count(*) FROM grants g WHERE g.user_id IN
              (SELECT id FROM users WHERE username IN ('u30', 'u41', 'u42', 'u43')))
            FROM users WHERE username IN ('u30', 'u41', 'u42', 'u43')
            """)
        #expect(left == "4|4|0", "\(left)")
    }

    @Test("C6: somebody who flaps in and out of the base is the same account each time")
    func flapping() async throws {
        let server = try await start(Population(20))
        defer { server.end() }
        let workspace = try await workspace(server, Population.rules())
        let before = try await access(workspace)
        let id = try await StoreContent.ask(workspace.store, "SELECT id FROM users WHERE username = 'u10'")
        for _ in 0..<3 {
            for (from, to) in [("people", "left"), ("left", "people")] {
                try await server.modify(
                    """
                    dn: uid=u10,ou=\(from),\(SlapdServer.suffix)
                    changetype: modrdn
                    newrdn: uid=u10
                    deleteoldrdn: 0
                    newsuperior: ou=\(to),\(SlapdServer.suffix)

                    """)
                let apply = try await workspace.run("apply", "--format", "json")
                #expect(apply.status == 0, "\(apply.said)")
                let expected: Set = to == "left" ? ["deactivate u10"] : ["reactivate u10", "grant u10 Team red"]
                #expect(try changes(apply) == expected)
            }
        }
        #expect(try await access(workspace) == before)
        #expect(try await StoreContent.ask(workspace.store, "SELECT id FROM users WHERE username = 'u10'") == id)
    }

    @Test("D1: anchors of sixteen octets with NUL, line ends and wildcards among them are bytes, read as looked up")
    func binaryAnchors() async throws {
        var population = Population(8)
        for index in population.people.indices {
            let number = UInt8(index)
            let octets: [UInt8] = [0x00, 0x0A, 0x0D, number, 0x2A, 0x28, 0x29, 0x5C, 0xFF, 0x20, number, 0, 0, 0, 0x20, 0]
            population.people[index].extra = ["objectGUID:: \(Data(octets).base64EncodedString())"]
        }
        population.groups = []
        let server = try await start(
            population,
            globalLines: [
                "attributetype ( 1.2.840.113556.1.4.2 NAME 'objectGUID' EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )",
                "objectclass ( 1.3.6.1.4.1.4203.666.1.1 NAME 'guidUser' SUP top AUXILIARY MAY objectGUID )",
            ], auxiliary: "guidUser")
        defer { server.end() }
        let workspace = try await workspace(server, "attributes: {anchor: objectGUID}")
        #expect(try await workspace.run("plan").status == 0)
        try await server.modify(
            """
            dn: \(dn(3))
            changetype: delete

            dn: \(dn(4))
            changetype: modrdn
            newrdn: uid=u4
            deleteoldrdn: 0
            newsuperior: ou=left,\(SlapdServer.suffix)

            """)
        let apply = try await workspace.run("apply", "--format", "json")
        #expect(apply.status == 0, "\(apply.said)")
        let reasons = try reasons(apply)
        #expect(Set(reasons.keys) == ["deactivate u3", "deactivate u4"], "\(reasons)")
        #expect(reasons["deactivate u3"]?.hasPrefix("gone: ") == true && reasons["deactivate u4"]?.hasPrefix("left scope: ") == true)
        let anchors = try apply.changes().compactMap { ($0["user"] as? [String: Any])?["anchor"] as? String }
        #expect(anchors.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F } }, "\(anchors)")
        // Whoever comes back under the same octets is the same person.
        let ldif = population.people[3].ldif.replacingOccurrences(
            of: "objectClass: inetOrgPerson", with: "changetype: add\nobjectClass: inetOrgPerson\nobjectClass: guidUser")
        try await server.modify(ldif.split(separator: "\n").filter { !$0.hasPrefix("entryUUID") }.joined(separator: "\n") + "\n")
        let back = try await workspace.run("apply", "--format", "json")
        #expect(try changes(back) == ["reactivate u3"], "\(back.said)")
    }

    @Test("D2: when the server was rebuilt and every anchor is new, nobody loses access and nobody is created twice")
    func rebuilt() async throws {
        let server = try await start(Population(40))
        defer { server.end() }
        let workspace = try await workspace(server, Population.rules())
        let before = try await access(workspace)
        var rebuilt = Population(40)
        for index in rebuilt.people.indices { rebuilt.people[index].number += 5000 }
        let other = try await start(rebuilt)
        defer { other.end() }
        try configure(workspace, other, Population.rules())
        for _ in 0..<2 {
            let apply = try await workspace.run("apply", "--format", "json")
            #expect(apply.status == 3, "\(apply.said.prefix(1500))")
            let guards = try apply.heldGuards()
            #expect(guards.contains("anchors_changed"), "\(guards)")
            #expect(try changes(apply).allSatisfy { $0.hasPrefix("held deactivate ") })
            #expect(try await access(workspace) == before)
        }
        let text = try await workspace.run("plan")
        #expect(text.text.contains("rollcall reanchor"), "\(text.said.prefix(1500))")
    }

    @Test("D3: an OU that moves, a DN that is renamed and members in another case and spacing change nobody")
    func renamedDNs() async throws {
        var population = Population(30)
        population.people[11].unit = "unit,ou=people"
        let server = try await start(population)
        defer { server.end() }
        let workspace = try await workspace(server, Population.rules())
        let before = try await access(workspace)
        let unit = "ou=unit,\(SampleDirectory.peopleBase)"
        func move(_ dn: String, _ newRDN: String, below parent: String? = nil) -> String {
            "dn: \(dn)\nchangetype: modrdn\nnewrdn: \(newRDN)\ndeleteoldrdn: \(newRDN.hasPrefix("ou=") ? 1 : 0)\n"
                + (parent.map { "newsuperior: \($0)\n" } ?? "")
        }
        let odd = [0, 10, 20].map { "member: UID=U\($0) , OU=People,  DC=EXAMPLE , dc=Org" }.joined(separator: "\n")
        let steps = [
            move(unit, "ou=Other Unit"), move("uid=u11,ou=Other Unit,\(SampleDirectory.peopleBase)", "cn=Person 11"),
            move("ou=Other Unit,\(SampleDirectory.peopleBase)", "ou=Third", below: SampleDirectory.peopleBase),
            "dn: cn=app-red,ou=groups,\(SlapdServer.suffix)\nchangetype: modify\nreplace: member\n\(odd)\n",
        ]
        for step in steps {
            try await server.modify(step)
            let apply = try await workspace.run("apply", "--format", "json")
            #expect(apply.status == 0, "\(step)\(apply.said.prefix(1500))")
            #expect(try changes(apply) == [], "\(step)")
            #expect(try await access(workspace) == before, "\(step)")
        }
    }

    @Test("D4: a recycled username and email are a conflict; whoever left loses access, and the newcomer gets none of it")
    func recycled() async throws {
        let server = try await start(Population(30))
        defer { server.end() }
        let workspace = try await workspace(server, Population.rules(isPrivileged: true) + "\nlifecycle: {username: rename}")
        let before = try await access(workspace, except: ["u7"])
        try await server.modify("dn: \(dn(7))\nchangetype: delete\n")
        try await server.modify(
            """
            dn: \(dn(7))
            changetype: add
            objectClass: inetOrgPerson
            uid: u7
            cn: Somebody Else
            sn: Else
            mail: u7@example.org

            """)
        let apply = try await workspace.run("apply", "--format", "json")
        #expect(apply.status == 4, "\(apply.said.prefix(1500))")
        #expect(try changes(apply) == ["deactivate u7"], "\(apply.said)")
        let conflicts = try apply.part("conflicts") as? [[String: Any]] ?? []
        #expect(conflicts.count == 1 && "\(conflicts)".contains("username_recycled"), "\(conflicts)")
        #expect("\(conflicts)".contains("rollcall reanchor u7"), "\(conflicts)")
        #expect(try await access(workspace, except: ["u7"]) == before)
        #expect(try await StoreContent.ask(workspace.store, "SELECT status FROM users WHERE username = 'u7'") == "inactive")
        let grants = "SELECT count(*) FROM grants WHERE user_id = (SELECT id FROM users WHERE username = 'u7')"
        #expect(try await StoreContent.ask(workspace.store, grants) == "0")
    }

    @Test("D5: a ring of emails goes through in one run on a real server")
    func ring() async throws {
        let server = try await start(Population(30))
        defer { server.end() }
        let workspace = try await workspace(server, Population.rules())
        let ring = [3, 8, 13, 19]
        let steps = ring.indices.map { place in
            "dn: \(dn(ring[place]))\nchangetype: modify\nreplace: mail\nmail: u\(ring[(place + 1) % ring.count])@example.org\n"
        }
        try await server.modify(steps.joined(separator: "\n"))
        let apply = try await workspace.run("apply", "--format", "json")
        #expect(apply.status == 0, "\(apply.said)")
        #expect(try changes(apply) == Set(ring.map { "update u\($0)" }))
        #expect(try await StoreContent.ask(workspace.store, "SELECT email FROM users WHERE username = 'u3'") == "u8@example.org")
        #expect(try await workspace.run("plan").status == 0)
    }

    @Test("D6: an email that two entries claim waits alone, and both are named with what to do")
    func claimedTwice() async throws {
        let server = try await start(Population(30))
        defer { server.end() }
        let workspace = try await workspace(server, Population.rules())
        let before = try await access(workspace)
        try await server.modify(
            [3, 4].map { "dn: \(dn($0))\nchangetype: modify\nreplace: mail\nmail: One@example.org\n-\nreplace: sn\nsn: New\n" }.joined(
                separator: "\n"))
        let apply = try await workspace.run("apply", "--format", "json")
        #expect(apply.status == 4, "\(apply.said)")
        #expect(try changes(apply) == ["update u3", "update u4"])
        let conflicts = try apply.part("conflicts") as? [[String: Any]] ?? []
        #expect(conflicts.count == 2 && conflicts.allSatisfy { ($0["advice"] as? String)?.isEmpty == false }, "\(conflicts)")
        #expect(try await access(workspace) == before)
        let emails = try await StoreContent.ask(workspace.store, "SELECT email FROM users WHERE username IN ('u3', 'u4') ORDER BY id")
        #expect(emails == "u3@example.org\nu4@example.org")
    }

    @Test("D8: another order of several emails changes nothing")
    func order() async throws {
        var population = Population(10)
        population.people[3].extra = ["mail: zz@example.org", "mail: mm@example.org"]
        let server = try await start(population)
        defer { server.end() }
        let workspace = try await workspace(server, Population.rules())
        for values in [["zz", "mm", "u3"], ["mm", "u3", "zz"], ["u3", "aa"]] {
            let mails = values.map { "mail: \($0)@example.org" }.joined(separator: "\n")
            try await server.modify("dn: \(dn(3))\nchangetype: modify\nreplace: mail\n\(mails)\n")
            let kept = try await StoreContent.ask(workspace.store, "SELECT email FROM users WHERE username = 'u3'")
            let apply = try await workspace.run("apply", "--format", "json")
            #expect(apply.status == 0, "\(apply.said)")
            let isThere = values.contains { "\($0)@example.org" == kept }
            #expect(try changes(apply).isEmpty == isThere, "\(values): \(apply.said)")
        }
    }

    @Test("E4: whoever puts themselves into a mapped admin group upstream waits, shown first, and joiners and leavers go on")
    func adminGroup() async throws {
        let server = try await start(Population(30))
        defer { server.end() }
        let workspace = try await workspace(server, Population.rules(isPrivileged: true))
        try await server.modify(
            """
            dn: cn=admins,ou=groups,\(SlapdServer.suffix)
            changetype: modify
            add: member
            member: \(dn(11))

            dn: \(dn(13))
            changetype: delete

            dn: \(dn(70))
            changetype: add
            objectClass: inetOrgPerson
            uid: u70
            cn: Joiner
            sn: Joiner

            """)
        let apply = try await workspace.run("apply")
        #expect(apply.status == 3, "\(apply.said)")
        let waits = apply.text.range(of: "Administrators")
        let leaver = apply.text.range(of: "u13")
        #expect(waits.map { waits in leaver.map { waits.lowerBound < $0.lowerBound } ?? false } == true, "\(apply.said)")
        #expect(try await StoreContent.ask(workspace.store, "SELECT status FROM users WHERE username = 'u13'") == "inactive")
        #expect(try await StoreContent.ask(workspace.store, "SELECT status FROM users WHERE username = 'u70'") == "active")
        let grants = """
            SELECT count(*) FROM grants g JOIN users u ON u.id = g.user_id JOIN permission_groups p ON p.id = g.group_id
            WHERE p.name = 'Administrators' AND u.username = 'u11'
            """
        #expect(try await StoreContent.ask(workspace.store, grants) == "0")
    }
}
