import Foundation
import RollcallTesting
import Testing

@Suite("From an LDAP directory to the store, from the first look to the last")
struct EndToEndTests {
    private static let people = 2000

    private func start() async throws -> SlapdServer {
        var configuration = SlapdServer.Configuration(ldif: Population(EndToEndTests.people).serverLDIF())
        configuration.globalLines = ["moduleload ppolicy"]
        configuration.databaseLines = SlapdServer.managerLines + ["overlay ppolicy"]
        return try await SlapdServer.start(configuration)
    }

    private func dn(_ number: Int, _ unit: String = "people") -> String { "uid=u\(number),ou=\(unit),\(SlapdServer.suffix)" }

    private static func dayTwo(_ dn: (Int) -> String) -> String {
        var records: [String] = []
        for number in 10...14 {
            records.append("dn: \(dn(number))\nchangetype: modify\nreplace: displayName\ndisplayName: New name \(number)\n")
        }
        records.append("dn: \(dn(16))\nchangetype: modify\nreplace: mail\nmail: new16@example.org\n")
        records.append("dn: \(dn(20))\nchangetype: modrdn\nnewrdn: uid=renamed20\ndeleteoldrdn: 1\n")
        records.append("dn: \(dn(30))\nchangetype: modify\nadd: employeeType\nemployeeType: left\n")
        records.append("dn: \(dn(31))\nchangetype: modify\nadd: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z\n")
        // A lock that a stranger can cause by wrong passwords is reported at most.
        records.append("dn: \(dn(32))\nchangetype: modify\nadd: pwdAccountLockedTime\npwdAccountLockedTime: 20260102030405Z\n")
        records.append("dn: \(dn(40))\nchangetype: modrdn\nnewrdn: uid=u40\ndeleteoldrdn: 0\nnewsuperior: ou=left,\(SlapdServer.suffix)\n")
        records.append("dn: \(dn(41))\nchangetype: delete\n")
        var joiner = Population.Person(3000)
        joiner.name = "Joiner"
        records.append(
            joiner.ldif.replacingOccurrences(of: "objectClass:", with: "changetype: add\nobjectClass:").split(separator: "\n")
                .filter { !$0.hasPrefix("entryUUID") }.joined(separator: "\n") + "\n")
        let red = "cn=app-red,ou=groups,\(SlapdServer.suffix)"
        records.append(
            "dn: \(red)\nchangetype: modify\nadd: member\nmember: \(dn(3000))\nmember: \(dn(11))\n-\ndelete: member\nmember: \(dn(50))\n")
        return records.joined(separator: "\n")
    }

    @Test("Check, review, approve, follow changes, explain, list, report")
    func story() async throws {
        let server = try await start()
        defer { server.end() }
        let workspace = try Workspace()
        try workspace.configure(source: try LDAPSource(server).yaml(in: workspace), Population.rules())

        let check = try await workspace.run("check")
        #expect(check.status == 0 && check.text.contains("2000 users and 5 groups"), "\(check.said)")
        let first = try await workspace.run("plan", "--format", "json")
        #expect(first.status == 3)
        #expect(try first.part("summary", "create") as? Int == 2000)
        #expect(try first.part("summary", "unmapped_groups") as? Int == 1)
        let held = try await workspace.run("apply")
        #expect(held.status == 3 && held.text.contains("rollcall plans ") && held.text.contains("rollcall approve "), "\(held.said)")
        #expect(try await StoreContent.ask(workspace.store, "SELECT count(*) FROM users") == "0")
        let approved = try await workspace.approveAll()
        #expect(approved.text.hasPrefix("Applied: ") && approved.text.contains("as approved"), "\(approved.said.prefix(500))")
        let sync = try await workspace.run("plan")
        #expect(sync.status == 0 && sync.text.hasPrefix("In sync: nothing to change"), "\(sync.said)")

        try await server.modify(EndToEndTests.dayTwo { dn($0) })
        let plan = try await workspace.run("plan", "--format", "json")
        #expect(plan.status == 2, "\(plan.said.prefix(1500))")
        try expectDayTwo(plan)
        let everyone = try await workspace.run("plan", "--format", "json", "--decide-all")
        #expect(try everyone.changes().count == plan.changes().count)
        let apply = try await workspace.run("apply", "--format", "json")
        #expect(apply.status == 0, "\(apply.said.prefix(1500))")
        try expectDayTwo(apply)
        try await lists(workspace)

        // The groups still name the former DN of the renamed one, which counts from the next run on.
        #expect(apply.text.contains("before it moved"))
        let next = try await workspace.run("apply", "--format", "json")
        let ended = try next.changes().map { "\($0["action"] ?? "") \(($0["user"] as? [String: Any])?["username"] ?? "")" }
        #expect(next.status == 0 && !ended.isEmpty && Set(ended) == ["revoke u20"], "\(ended)")
        #expect(try await workspace.run("plan").status == 0)

        // Back again: what a run did is undone by itself.
        try await server.modify(
            """
            dn: \(dn(40, "left"))
            changetype: modrdn
            newrdn: uid=u40
            deleteoldrdn: 0
            newsuperior: \(SampleDirectory.peopleBase)

            dn: \(dn(31))
            changetype: modify
            delete: pwdAccountLockedTime

            """)
        let back = try await workspace.run("apply", "--format", "json")
        #expect(back.status == 0, "\(back.said.prefix(1500))")
        let reactivated = try back.changes().filter { $0["action"] as? String == "reactivate" }
        #expect(Set(reactivated.compactMap { ($0["user"] as? [String: Any])?["username"] as? String }) == ["u31", "u40"])
        let grants = "SELECT group_concat(g.name) FROM grants JOIN users u ON u.id = user_id JOIN permission_groups g ON g.id = group_id"
        #expect(try await StoreContent.ask(workspace.store, "\(grants) WHERE username = 'u40'") == "Team red")
        #expect(try await workspace.run("plan").status == 0)
        let audit = try await workspace.run("audit", "verify")
        #expect(audit.status == 0, "\(audit.said)")
    }

    private func expectDayTwo(_ outcome: ProgramOutcome) throws {
        var reasons: [String: String] = [:]
        for change in try outcome.changes() {
            let user = (change["user"] as? [String: Any])?["username"] as? String ?? "?"
            let action = change["action"] as? String ?? "?"
            let group = change["group"] as? String ?? (change["fields"] as? [String: Any])?["group"] as? String ?? ""
            reasons["\(action) \(user)\(["grant", "revoke"].contains(action) ? " \(group)" : "")"] = change["reason"] as? String ?? ""
        }
        var expected: Set<String> = ["update u16", "create u3000", "deactivate u30", "deactivate u31", "deactivate u40", "deactivate u41"]
        for number in 10...14 { expected.insert("update u\(number)") }
        #expect(Set(reasons.keys.filter { !$0.hasPrefix("grant") && !$0.hasPrefix("revoke") }) == expected)
        #expect(
            Set(reasons.keys.filter { $0.hasPrefix("revoke") }.map { $0.prefix(10) }) == ["revoke u50"],
            "\(reasons.keys.sorted())")
        #expect(
            Set(reasons.keys.filter { $0.hasPrefix("grant") }.map { $0.prefix(9) }) == ["grant u11", "grant u30"],
            "\(reasons.keys.sorted())")
        #expect(reasons["deactivate u30"]?.contains("(employeeType=left)") == true, "\(reasons)")
        #expect(reasons["deactivate u31"]?.contains("pwdAccountLockedTime=000001010000Z") == true, "\(reasons)")
        #expect(reasons["deactivate u40"]?.contains("left scope: uid=u40,ou=left,") == true, "\(reasons)")
        #expect(reasons["deactivate u41"]?.contains("gone: ") == true, "\(reasons)")
        let drift = try outcome.part("drift") as? [[String: Any]] ?? []
        #expect(drift.count == 2 && "\(drift)".contains("renamed20") && "\(drift)".contains("locked for a time upstream"), "\(drift)")
    }

    private func lists(_ workspace: Workspace) async throws {
        for (user, words) in [
            ("u40", ["inactive", "left"]), ("u41", ["inactive"]), ("u30", ["inactive", "(employeeType=left)"]),
            ("u0", ["active", "Team red", "Team blue", "Administrators", "Staff"]), ("u3000", ["active", "Team red", "app-red"]),
            ("u14", ["Staff", "staff › app-blue"]), ("u12@example.org", ["u12"]),
        ] {
            let explained = try await workspace.run("explain", user)
            #expect(explained.status == 0, "\(explained.said)")
            for word in words { #expect(explained.text.contains(word), "explain \(user) does not say \(word): \(explained.said)") }
            let json = try await workspace.run("explain", user, "--format", "json")
            _ = try json.json()
        }
        let inactive = try await workspace.run("users", "list", "--status", "inactive", "--format", "json")
        let users = try inactive.part("users") as? [[String: Any]] ?? []
        #expect(users.compactMap { $0["username"] as? String } == ["u30", "u31", "u40", "u41"], "\(inactive.said)")
        let found = try await workspace.run("users", "list", "--search", "New name 1")
        #expect(found.status == 0 && found.text.split(separator: "\n").count == 6, "\(found.said)")
        let show = try await workspace.run("users", "show", "u16")
        #expect(show.text.contains("new16@example.org"), "\(show.said)")
        let unmapped = try await workspace.run("groups", "list", "--unmapped")
        #expect(unmapped.text.contains("unmapped") && unmapped.text.contains("40"), "\(unmapped.said)")
        #expect(!unmapped.text.contains("app-red"))
        let staff = try await workspace.run("groups", "show", "Staff")
        #expect(staff.text.contains("staff › app-blue"), "\(staff.said.prefix(500))")
        let runs = try await workspace.run("runs", "--format", "json")
        #expect(runs.status == 0)
        _ = try runs.json()
        let report = try await workspace.run("report", "--format", "json")
        #expect(report.status == 0, "\(report.said.prefix(500))")
        try expectDayTwo(report)
    }
}

@Suite("The audit log shows what was done to it")
struct AuditTests {
    /// Three applied runs, and the head after the second.
    private func workspace() async throws -> (Workspace, middle: String) {
        let workspace = try Workspace()
        var population = Population(30)
        try workspace.configure(ldif: population.ldif, Population.rules())
        try await workspace.approveAll()
        var middle = ""
        for round in 1...2 {
            population.people[3].name = "Round \(round)"
            try workspace.directory.write(population.ldif, to: "people.ldif")
            let apply = try await workspace.run("apply", "--format", "json")
            #expect(apply.status == 0)
            let head = try apply.part("run", "audit_head") as? String ?? ""
            let count = try apply.part("run", "audit_count") as? Int ?? 0
            if round == 1 { middle = "\(count):\(head)" }
        }
        return (workspace, middle)
    }

    @Test("A whole log verifies, has the heads that reports printed, and --head prints its own")
    func whole() async throws {
        let (workspace, middle) = try await workspace()
        let verify = try await workspace.run("audit", "verify")
        #expect(verify.status == 0 && verify.text.contains("is whole"), "\(verify.said)")
        #expect(try await workspace.run("audit", "verify", "--expect", middle).status == 0)
        let head = try await workspace.run("audit", "verify", "--head")
        let text = head.text.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(head.status == 0 && verify.text.contains(text) && text != middle, "\(head.said)")
        #expect(try await workspace.run("audit", "verify", "--expect", text).status == 0)
    }

    @Test(
        "An edited, reordered or shortened log does not",
        arguments: [
            "UPDATE audit SET record = zeroblob(length(record)) WHERE seq = (SELECT min(seq) + 1 FROM audit)",
            "UPDATE audit SET hash = zeroblob(32) WHERE seq = (SELECT max(seq) FROM audit)", "UPDATE audit SET at = at + 1 WHERE seq = 2",
            "UPDATE audit SET kind = kind + 1 WHERE seq = 2", "DELETE FROM audit WHERE seq = (SELECT min(seq) + 1 FROM audit)",
            "DELETE FROM audit WHERE seq = (SELECT min(seq) FROM audit)",
            "UPDATE audit SET record = (SELECT record FROM audit WHERE seq = 3) WHERE seq = 2",
        ])
    func tampered(_ sql: String) async throws {
        let (workspace, _) = try await workspace()
        try await StoreContent.edit(workspace.store, sql)
        let verify = try await workspace.run("audit", "verify")
        #expect(verify.status == 1 && verify.errorText.contains("audit log is broken") && verify.output.isEmpty, "\(verify.said)")
    }

    @Test("A log whose end was cut verifies by itself, but not against a head that was kept elsewhere")
    func cut() async throws {
        let (workspace, middle) = try await workspace()
        let last = try await workspace.run("audit", "verify", "--head").text.trimmingCharacters(in: .whitespacesAndNewlines)
        let run = "(SELECT max(run) FROM audit)"
        try await StoreContent.edit(
            workspace.store, "DELETE FROM audit WHERE run = \(run); DELETE FROM runs WHERE seq = (SELECT max(seq) FROM runs)")
        let verify = try await workspace.run("audit", "verify", "--expect", last)
        #expect(verify.status == 1 && verify.errorText.contains("cut"), "\(verify.said)")
        #expect(try await workspace.run("audit", "verify", "--expect", middle).status == 0)
    }
}
