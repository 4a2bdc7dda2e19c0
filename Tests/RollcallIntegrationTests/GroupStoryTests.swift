import Foundation
import RollcallTesting
import Testing

@Suite("Groups that are renamed, deleted and made again, on a real server")
struct GroupStoryTests {
    private let admins = "cn=admins,ou=groups,\(SlapdServer.suffix)"
    private let staff = "cn=staff,ou=groups,\(SlapdServer.suffix)"

    private func start() async throws -> (SlapdServer, Workspace) {
        var configuration = SlapdServer.Configuration(ldif: Population(40).serverLDIF())
        configuration.databaseLines = SlapdServer.managerLines
        let server = try await SlapdServer.start(configuration)
        let workspace = try Workspace()
        try workspace.configure(source: try LDAPSource(server).yaml(in: workspace), Population.rules())
        try await workspace.approveAll()
        return (server, workspace)
    }

    private func members(of group: String, _ workspace: Workspace) async throws -> [String] {
        try await StoreContent.ask(
            workspace.store,
            """
            SELECT coalesce(group_concat(username), '') FROM (SELECT u.username FROM grants g JOIN users u ON u.id = g.user_id
            JOIN permission_groups p ON p.id = g.group_id WHERE p.name = '\(group)' ORDER BY u.id)
            """
        ).split(separator: ",").map(String.init)
    }

    /// Each change as `action user group`, with `held` before those that wait.
    private func changes(_ outcome: ProgramOutcome) throws -> Set<String> {
        Set(
            try outcome.changes().map { change in
                let user = (change["user"] as? [String: Any])?["username"] as? String ?? "?"
                let group = (change["group"] as? String).map { " \($0)" } ?? ""
                return ((change["held"] as? Bool) == true ? "held " : "") + "\(change["action"] as? String ?? "?") \(user)\(group)"
            })
    }

    private func state(of rule: Int, _ workspace: Workspace) async throws -> [String] {
        let list = try await workspace.run("groups", "list", "--mapped", "--format", "json")
        #expect(list.status == 0, "\(list.said)")
        let rules = try list.part("rules") as? [[String: Any]] ?? []
        return rules.filter { $0["rule"] as? Int == rule }.map { "\($0["state"] ?? "") \($0["dn"] ?? "")" }
    }

    @Test("E3: renamed by modrdn it is followed with a warning, and nobody loses a grant")
    func renamed() async throws {
        let (server, workspace) = try await start()
        defer { server.end() }
        let before = try await members(of: "Staff", workspace)
        try await server.modify("dn: \(staff)\nchangetype: modrdn\nnewrdn: cn=personnel\ndeleteoldrdn: 1\n")
        let apply = try await workspace.run("apply")
        #expect(apply.status == 0, "\(apply.said)")
        #expect(
            apply.text.contains("group rule 2 (staff) follows its group, which is now cn=personnel,ou=groups,\(SlapdServer.suffix)"),
            "\(apply.said)")
        #expect(try await members(of: "Staff", workspace) == before)
        #expect(try await state(of: 2, workspace) == ["followed cn=personnel,ou=groups,\(SlapdServer.suffix)"])
        let list = try await workspace.run("groups", "list")
        #expect(list.text.contains("personnel (followed)"), "\(list.said)")
        let repin = try await workspace.run("groups", "repin")
        #expect(repin.status == 0 && repin.text.contains("nothing waits: every rule has its group"), "\(repin.said)")
        let unmapped = try await workspace.run("groups", "list", "--unmapped")
        #expect(unmapped.text.contains("unmapped") && !unmapped.text.contains("personnel"), "\(unmapped.said)")
    }

    @Test("E3: deleted, and made again under its name: what follows waits, joiners and leavers go on, and approving pins it anew")
    func deletedAndMadeAgain() async throws {
        let (server, workspace) = try await start()
        defer { server.end() }
        let before = try await members(of: "Staff", workspace)
        var joiner = Population.Person(100)
        joiner.name = "Joiner"
        let add = joiner.ldif.split(separator: "\n").filter { !$0.hasPrefix("entryUUID") }.joined(separator: "\n")
            .replacingOccurrences(of: "objectClass:", with: "changetype: add\nobjectClass:")
        try await server.modify(
            "dn: \(staff)\nchangetype: delete\n\ndn: uid=u9,ou=people,\(SlapdServer.suffix)\nchangetype: delete\n\n\(add)\n")
        let held = try await workspace.run("apply", "--format", "json")
        #expect(held.status == 3, "\(held.said)")
        let left = before.filter { $0 != "u9" }
        #expect(try changes(held) == Set(left.map { "held revoke \($0) Staff" } + ["deactivate u9", "create u100"]))
        #expect(try await members(of: "Staff", workspace) == left)
        #expect(try await state(of: 2, workspace) == ["missing \(staff)"])
        let text = try await workspace.run("report")
        for words in [
            "has lost its group \(staff): the directory has no such group any more", "rollcall groups repin 2", "rollcall approve ",
        ] {
            #expect(text.text.contains(words), "\(text.said)")
        }

        let snapshot = workspace.directory.file("people.snapshot")
        let taken = try await workspace.run("snapshot", "--out", snapshot)
        #expect(taken.status == 0, "\(taken.said)")
        let offline = try await workspace.run("plan", "--snapshot", snapshot)
        #expect(
            offline.status == 3 && offline.text.contains("the directory has no such group any more"), "the look-up is kept: \(offline.said)"
        )
        let check = try await workspace.run("check")
        #expect(check.status == 0 && check.text.contains("has lost its group"), "\(check.said)")

        let member = { (number: Int) in "member: uid=u\(number),ou=people,\(SlapdServer.suffix)\n" }
        try await server.modify("dn: \(staff)\nchangetype: add\nobjectClass: groupOfNames\ncn: staff\n\(member(3))\(member(5))")
        let replaced = try await workspace.run("apply", "--format", "json")
        #expect(replaced.status == 3, "\(replaced.said)")
        let lost = left.filter { $0 != "u3" }
        #expect(try changes(replaced) == Set(lost.map { "held revoke \($0) Staff" } + ["held grant u5 Staff"]))
        #expect(try await state(of: 2, workspace) == ["replaced \(staff)"])
        let plans = try await workspace.run("plans", "--format", "json")
        let id = try #require((try plans.part("plans") as? [[String: Any]])?.first?["digest"] as? String, "\(plans.said)")
        let approved = try await workspace.run("approve", id)
        #expect(approved.status == 0, "\(approved.said)")
        #expect(try await members(of: "Staff", workspace) == ["u3", "u5"])
        #expect(try await state(of: 2, workspace) == ["pinned \(staff)"])
        #expect(try await workspace.run("plan").status == 0)
    }

    @Test("E3: repin shows what follows, changes nothing without --yes, and with it the next run goes on")
    func repin() async throws {
        let (server, workspace) = try await start()
        defer { server.end() }
        try await server.modify("dn: \(admins)\nchangetype: delete\n")
        let before = try await workspace.content()
        let preview = try await workspace.run("groups", "repin", "Administrators")
        #expect(preview.status == 3 && preview.errorText.contains("Nothing was changed. With --yes it is done."), "\(preview.said)")
        for words in ["groups repin cn=admins", admins, "→ nothing", "revoke", "u0", "u1"] {
            #expect(preview.text.contains(words), "\(preview.said)")
        }
        #expect(before.differences(to: try await workspace.content()) == [])
        let other = try await workspace.run("groups", "repin", "nobody")
        #expect(other.status == 1 && other.errorText.contains("no rule and no mapped group is called nobody"), "\(other.said)")
        #expect(try await workspace.run("groups", "repin", "staff").text.contains("nothing waits"))

        let done = try await workspace.run("groups", "repin", "1", "--yes")
        #expect(done.status == 0 && done.text.contains("Done; it is in the audit log."), "\(done.said)")
        #expect(try await state(of: 1, workspace) == ["never matched <null>"])
        #expect(try await StoreContent.ask(workspace.store, "SELECT count(*) FROM audit WHERE kind = 4") == "1")
        #expect(try await workspace.run("audit", "verify").status == 0)
        #expect(try await members(of: "Administrators", workspace) == ["u0", "u1"])
        let apply = try await workspace.run("apply", "--format", "json")
        #expect(apply.status == 0, "\(apply.said)")
        #expect(try changes(apply) == ["revoke u0 Administrators", "revoke u1 Administrators"])
        #expect(try await workspace.run("plan").status == 0)
    }
}

@Suite("Groups as directories have them, from a file")
struct GroupFaultTests {
    private func grants(_ workspace: Workspace) async throws -> String {
        try await StoreContent.ask(
            workspace.store,
            """
            SELECT coalesce(group_concat(line, '; '), '') FROM (SELECT u.username || ' ' || p.name || ' ' || w.path AS line FROM grants g
            JOIN users u ON u.id = g.user_id JOIN permission_groups p ON p.id = g.group_id JOIN grant_paths w ON w.id = g.path_id ORDER BY 1)
            """)
    }

    @Test("E1: cycles, a group in itself, a diamond and ten thousand levels: each member once, by the shortest way")
    func nesting() async throws {
        var population = Population(3)
        func group(_ name: String) -> String { "cn=\(name),ou=groups,\(SlapdServer.suffix)" }
        let (u0, u1, u2) = (population.people[0].dn, population.people[1].dn, population.people[2].dn)
        population.groups = [
            Population.Group(name: "top", members: [group("top"), group("left"), group("right")]),
            Population.Group(name: "left", members: [group("bottom"), group("top")]),
            Population.Group(name: "right", members: [group("bottom"), u1]),
            Population.Group(name: "bottom", members: [u0, u1, group("left")]),
        ]
        population.groups += (0..<10_000).map { level in
            Population.Group(name: "l\(level)", members: [level == 9_999 ? u2 : group("l\(level + 1)")])
        }
        let workspace = try Workspace()
        try workspace.configure(ldif: population.ldif, "groups: [{from: top, grant: Top}, {from: l0, grant: Deep}]")
        let plan = try await workspace.run("plan", "--format", "json")
        let grants = try plan.changes().filter { $0["action"] as? String == "grant" }.map { change in
            let path = (change["path"] as? [String] ?? []).joined(separator: " › ")
            return "\((change["user"] as? [String: Any])?["username"] as? String ?? "?") \(path)"
        }
        #expect(
            grants == [
                "u0 top › left › bottom", "u1 top › right",
                "u2 l0 › l1 › l2 › l3 › l4 › l5 › … 9989 more … › l9995 › l9996 › l9997 › l9998 › l9999",
            ])
    }

    @Test("E2: members that do not exist, that are no people or out of scope are counted and get nothing")
    func dangling() async throws {
        var population = Population(2)
        population.extra =
            "dn: cn=S-1-5-21,cn=ForeignSecurityPrincipals\nobjectClass: foreignSecurityPrincipal\ncn: S-1-5-21\nentryUUID: x-1\n\n"
            + "dn: uid=far,ou=elsewhere\nobjectClass: inetOrgPerson\nuid: far\nsn: Far\nentryUUID: x-2\n\n"
        population.groups = [
            Population.Group(
                name: "staff",
                members: [
                    "uid=gone,ou=people", "cn=S-1-5-21,cn=ForeignSecurityPrincipals", "uid=far,ou=elsewhere", population.people[0].dn,
                ])
        ]
        let workspace = try Workspace()
        let source = "source: {type: file, path: people.ldif, users: {filter: \"(&(objectClass=inetOrgPerson)(!(uid=far)))\"}}"
        try workspace.configure(source: source, "groups: [{from: staff, grant: Staff}]")
        try workspace.directory.write(population.ldif, to: "people.ldif")
        try await workspace.approveAll()
        #expect(try await grants(workspace) == "u0 Staff staff")
        #expect(try await StoreContent.ask(workspace.store, "SELECT count(*) FROM users") == "2")
        #expect(try await StoreContent.ask(workspace.store, "SELECT member_count FROM upstream_groups") == "4")
    }

    @Test("E6: one permission group that is emptied waits, however small it is beside the whole")
    func emptied() async throws {
        var population = Population(200)
        population.groups = [
            Population.Group(name: "staff", members: population.people.map(\.dn)),
            Population.Group(name: "app-red", members: population.people.prefix(3).map(\.dn)),
        ]
        let workspace = try Workspace()
        try workspace.configure(ldif: population.ldif, Population.rules())
        try await workspace.approveAll()
        population.groups[1].members = []
        try workspace.directory.write(population.ldif, to: "people.ldif")
        let held = try await workspace.run("apply")
        #expect(held.status == 3 && held.text.contains("3 of 3 memberships of Team red would end"), "\(held.said)")
        #expect(try await grants(workspace).components(separatedBy: "Team red").count == 4)
    }
}
