import Foundation
import RollcallTesting
import Testing

/// The program against SCIM services: what an admin sees, and what the store has afterwards.
@Suite("SCIM services as a source")
struct ScimStoryTests {
    private static let token = "canary-Qx7-scim-story"

    private static let rules = """
        groups:
          - {from: g0, grant: Administrators}
          - {from: g1, grant: Staff}
        permission_groups:
          Administrators: {privileged: true}
        """

    private func start(
        _ directory: ScriptedDirectory, _ change: (inout ScimScript) -> Void = { _ in }, source: String = ""
    ) async throws -> (ScriptedScimServer, Workspace) {
        var script = ScimScript { $0.authorization = .bearer(Self.token) }
        change(&script)
        let server = try await ScriptedScimServer.start(directory, script: script, security: .tls())
        let workspace = try Workspace()
        let secret = try workspace.writeSecret(Self.token, to: "token")
        let more = source.isEmpty ? "" : ", \(source)"
        try workspace.configure(
            source: """
                source:
                  {type: scim, url: "\(server.url)", page_size: 10, auth: {bearer: {file: "\(secret)"}}, tls: {ca_file: "\(server.caFile ?? "")"}\(more)}
                """, Self.rules)
        return (server, workspace)
    }

    private func script(_ change: (inout ScimScript) -> Void) -> ScimScript {
        var script = ScimScript { $0.authorization = .bearer(Self.token) }
        change(&script)
        return script
    }

    private func count(_ sql: String, _ workspace: Workspace) async throws -> Int {
        Int(try await StoreContent.ask(workspace.store, sql).trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
    }

    private func grants(_ group: String, _ workspace: Workspace) async throws -> Int {
        try await count(
            "SELECT count(*) FROM grants g JOIN permission_groups p ON p.id = g.group_id WHERE p.name = '\(group)'", workspace)
    }

    @Test("A first run waits, and once approved the store is in sync; a user who is deactivated upstream is so here")
    func firstRun() async throws {
        let (server, workspace) = try await start(ScriptedDirectory(users: 40, groups: 3))
        defer { server.end() }
        let plan = try await workspace.run("plan")
        #expect(plan.status == 3 && plan.text.contains("first_run"), "\(plan.said)")
        try await workspace.approveAll()
        let again = try await workspace.run("plan")
        #expect(again.status == 0, "\(again.said)")
        #expect(try await count("SELECT count(*) FROM users WHERE status = 'active'", workspace) == 40)
        // g0 has every second user and holds g1, which has every third.
        #expect(try await grants("Administrators", workspace) == 27)
        #expect(try await grants("Staff", workspace) == 14)

        var changed = ScriptedDirectory(users: 40, groups: 3)
        changed.userChanges = [3: ["active": false], 4: ["name": ["familyName": "New"]]]
        try server.replace(changed)
        let apply = try await workspace.run("apply")
        #expect(apply.status == 0, "\(apply.said)")
        #expect(apply.text.contains("active eq false"), "\(apply.said)")
        #expect(try await StoreContent.ask(workspace.store, "SELECT status FROM users WHERE username = 'u3'").contains("inactive"))
        let explain = try await workspace.run("explain", "u3")
        #expect(explain.text.contains("active eq false"), "\(explain.said)")
        for said in [plan.said, again.said, apply.said, explain.said] { #expect(!said.contains(Self.token)) }
    }

    @Test(
        "Groups that the list shows without members lose nobody, in whichever way they are silent", arguments: ["absent", "null", "empty"])
    func silentGroups(_ style: String) async throws {
        let (server, workspace) = try await start(ScriptedDirectory(users: 40, groups: 3))
        defer { server.end() }
        try await workspace.approveAll()
        let before = try await grants("Administrators", workspace)
        let members = try #require(ScimScript.Members(rawValue: style))
        try server.replace(
            script: script { script in
                script.members = members
                script.singleMembers = members
            })
        let apply = try await workspace.run("apply")
        #expect(apply.status == 0, "\(apply.said)")
        #expect(apply.text.contains("stay what they were"), "\(apply.said)")
        #expect(try await grants("Administrators", workspace) == before)
        #expect(try await grants("Staff", workspace) == 14)
    }

    @Test("Who is gone loses access once looking up by id has proved it; a look-up that proves nothing changes nobody")
    func leaver() async throws {
        let (server, workspace) = try await start(ScriptedDirectory(users: 40, groups: 3))
        defer { server.end() }
        try await workspace.approveAll()
        try server.replace(
            ScriptedDirectory(users: 39, groups: 3), script: script { $0.faults = [ScimFault(.status(404), path: "/Users/", times: 0)] })
        let doubtful = try await workspace.run("apply")
        #expect(try await count("SELECT count(*) FROM users WHERE status = 'active'", workspace) == 40, "\(doubtful.said)")
        #expect(doubtful.text.contains("proves nothing"), "\(doubtful.said)")
        try server.replace(script: script { _ in })
        let apply = try await workspace.run("apply")
        #expect(apply.status == 0 && apply.text.contains("gone"), "\(apply.said)")
        #expect(try await StoreContent.ask(workspace.store, "SELECT status FROM users WHERE username = 'u39'").contains("inactive"))
    }

    @Test(
        "A reading that is not whole changes nothing and ends with 5 and one line",
        arguments: [
            (ScimFault(.status(500), path: "/Users", page: .middle, times: 0), "500"),
            (ScimFault(.html, path: "/Users", page: .last, times: 0), "HTML"),
            (ScimFault(.truncated(), path: "/Users", page: .middle, times: 0), "broke off"),
            (ScimFault(.totalDrift(5), path: "/Users", page: .last, times: 0), "totalResults"),
            (ScimFault(.redirect(to: "https://127.0.0.1:1/x"), path: "/Users", times: 0), "credentials go to"),
            (ScimFault(.deepJSON(depth: 100_000), path: "/Users", times: 0), "deeper than"),
            (ScimFault(.manyMembers(1_000_000), path: "/Groups", times: 0), "more than"),
        ])
    func incomplete(_ fault: ScimFault, _ message: String) async throws {
        let (server, workspace) = try await start(ScriptedDirectory(users: 40, groups: 3))
        defer { server.end() }
        try await workspace.approveAll()
        let accounts = "SELECT u.username, u.status, count(g.group_id) FROM users u LEFT JOIN grants g ON g.user_id = u.id GROUP BY u.id"
        let before = try await StoreContent.ask(workspace.store, accounts)
        // Half of the people would go, if the reading were believed.
        try server.replace(ScriptedDirectory(users: 25, groups: 1), script: script { $0.faults = [fault] })
        let apply = try await workspace.run("apply")
        #expect(apply.status == 5, "\(apply.said)")
        #expect(apply.text.contains(message), "\(apply.said)")
        #expect(apply.text.hasPrefix("Incomplete, nothing was changed: "), "\(apply.said)")
        #expect(try await StoreContent.ask(workspace.store, accounts) == before)
    }

    @Test("check looks at TLS, sign-in, discovery, one page of each, and how many have each attribute")
    func check() async throws {
        let (server, workspace) = try await start(ScriptedDirectory(users: 40, groups: 3))
        defer { server.end() }
        let check = try await workspace.run("check")
        #expect(check.status == 0, "\(check.said)")
        for part in [
            "TLS, certificate verified", "the bearer token was accepted", "ServiceProviderConfig", "one page of 10 of 40",
            "10 of 10 have it", "members",
        ] {
            #expect(check.text.contains(part), "\(part): \(check.said)")
        }
        let wrong = try workspace.writeSecret("wrong-token", to: "token")
        #expect(!wrong.isEmpty)
        let refused = try await workspace.run("check")
        #expect(refused.status == 5 && refused.text.contains("refused the credentials"), "\(refused.said)")
    }

    @Test("A snapshot of a service gives the plan of the time, without the service and without its secrets")
    func snapshot() async throws {
        var directory = ScriptedDirectory(users: 40, groups: 3)
        directory.userChanges = [2: ["password": "canary-in-resource"]]
        let (server, workspace) = try await start(directory) { $0.members = .empty }
        let kept = workspace.directory.file("kept.snapshot")
        let snapshot = try await workspace.run("snapshot", "--out", kept)
        #expect(snapshot.status == 0, "\(snapshot.said)")
        let live = try await workspace.run("plan", "--format", "json")
        server.end()
        let replayed = try await workspace.run("plan", "--snapshot", kept, "--format", "json")
        #expect(replayed.status == live.status, "\(replayed.said)")
        #expect(try replayed.changes().count == live.changes().count)
        #expect(
            try Set(replayed.changes().compactMap { $0["digest"] as? String }) == Set(live.changes().compactMap { $0["digest"] as? String })
        )
        let bytes = try Data(contentsOf: URL(fileURLWithPath: kept))
        #expect(bytes.range(of: Data("canary-in-resource".utf8)) == nil)
        #expect(bytes.range(of: Data(Self.token.utf8)) == nil)
    }

    @Test("scim2-server is read whole, by index and by cursor, with members that do not say what they are", arguments: [false, true])
    func scim2(_ byCursor: Bool) async throws {
        let server = try await Scim2Server.start(byCursor ? .cursor(pageSize: 7) : .index)
        defer { server.end() }
        _ = try await server.load(people: 30, groups: [Array(0..<20), [1, 2, 3]])
        let workspace = try Workspace()
        let secret = try workspace.writeSecret(Scim2Server.token, to: "token")
        try workspace.configure(
            source: "source: {type: scim, url: \"\(server.url)\", page_size: 7, auth: {bearer: {file: \"\(secret)\"}}}", Self.rules)
        try await workspace.approveAll()
        #expect(try await workspace.run("plan").status == 0)
        #expect(try await count("SELECT count(*) FROM users", workspace) == 30)
        #expect(try await grants("Administrators", workspace) == 20)
        #expect(try await grants("Staff", workspace) == 3)
        #expect(try await workspace.run("check").status == 0)
    }

    @Test("django-scim2 is read whole, with its integers for ids")
    func django() async throws {
        let server = try await DjangoScimServer.start()
        defer { server.end() }
        _ = try await server.load(people: 30, groups: [Array(0..<12), [1, 2]])
        let workspace = try Workspace()
        let secret = try workspace.writeSecret(DjangoScimServer.token, to: "token")
        try workspace.configure(
            source: "source: {type: scim, url: \"\(server.url)\", page_size: 7, auth: {bearer: {file: \"\(secret)\"}}}", Self.rules)
        try await workspace.approveAll()
        #expect(try await workspace.run("plan").status == 0)
        #expect(try await count("SELECT count(*) FROM users", workspace) == 30)
        #expect(try await grants("Administrators", workspace) == 12)
        #expect(try await grants("Staff", workspace) == 2)
    }
}

/// A feed: one JSON document with everything in it.
@Suite("A JSON feed as a source")
struct FeedStoryTests {
    private func start(_ directory: ScriptedDirectory, _ change: (inout ScimScript) -> Void = { _ in }) async throws -> (
        ScriptedScimServer, Workspace
    ) {
        let server = try await ScriptedScimServer.start(directory, script: ScimScript(change))
        let workspace = try Workspace()
        try workspace.configure(
            source: "source: {type: scim, url: \"\(server.feedURL)\", feed: true}", "groups: [{from: g0, grant: Staff}]")
        return (server, workspace)
    }

    @Test("A feed that has not changed costs one question, and one that has is read", arguments: [false, true])
    func unchanged(_ isCompressed: Bool) async throws {
        let (server, workspace) = try await start(ScriptedDirectory(users: 40, groups: 3)) { $0.compresses = isCompressed }
        defer { server.end() }
        try await workspace.approveAll()
        try server.clearLog()
        for command in ["plan", "apply"] {
            let again = try await workspace.run(command)
            #expect(again.status == 0 && again.text.contains("was not read again"), "\(again.said)")
        }
        #expect(try server.log().map(\.status) == [304, 304])
        #expect(try await StoreContent.ask(workspace.store, "SELECT count(*) FROM grants").hasPrefix("27"))

        var changed = ScriptedDirectory(users: 40, groups: 3)
        changed.userChanges = [3: ["active": false]]
        try server.replace(changed)
        let apply = try await workspace.run("apply")
        #expect(apply.status == 0 && apply.text.contains("active eq false"), "\(apply.said)")
        #expect(try await workspace.run("plan").text.contains("was not read again"))
    }

    @Test("A feed is read again when the rules have changed, and after that is not")
    func otherRules() async throws {
        let (server, workspace) = try await start(ScriptedDirectory(users: 40, groups: 3))
        defer { server.end() }
        try await workspace.approveAll()
        #expect(try await workspace.run("plan").text.contains("was not read again"))
        try workspace.configure(
            source: "source: {type: scim, url: \"\(server.feedURL)\", feed: true}", "groups: [{from: g1, grant: Staff}]")
        let changed = try await workspace.run("plan")
        #expect(!changed.text.contains("was not read again"), "\(changed.said)")
        try await workspace.approveAll()
        let settled = try await workspace.run("plan")
        #expect(settled.text.contains("was not read again"), "\(settled.said)")
    }

    @Test("A feed is read again when something changed here")
    func readAgain() async throws {
        let (server, workspace) = try await start(ScriptedDirectory(users: 40, groups: 3))
        defer { server.end() }
        try await workspace.approveAll()
        #expect(try await workspace.run("plan").text.contains("was not read again"))
        _ = try await StoreContent.edit(workspace.store, "UPDATE users SET status = 'inactive' WHERE username = 'u7'")
        let afterEdit = try await workspace.run("plan")
        #expect(!afterEdit.text.contains("was not read again"), "\(afterEdit.said)")
    }

    @Test("What a reading left undone is looked at again though the feed is the same")
    func leftSomething() async throws {
        var directory = ScriptedDirectory(users: 40, groups: 3)
        directory.userChanges = [5: ["userName": "u6"]]
        let (server, workspace) = try await start(directory)
        defer { server.end() }
        try await workspace.approveAll(endingWith: 4)
        let again = try await workspace.run("plan")
        #expect(again.text.contains("conflict          2") && !again.text.contains("was not read again"), "\(again.said)")
    }

    @Test(
        "A feed that is not whole changes nothing",
        arguments: [
            (ScimFault(.truncated(), path: "/feed.json", times: 0), "broke off"),
            (ScimFault(.cutBody(bytes: 5), path: "/feed.json", times: 0), "cut short"),
            (ScimFault(.status(404), path: "/feed.json", times: 0), "404"),
            (ScimFault(.duplicateKey("totalResults", json: "1"), path: "/feed.json", times: 0), "there twice"),
        ])
    func incomplete(_ fault: ScimFault, _ message: String) async throws {
        let (server, workspace) = try await start(ScriptedDirectory(users: 40, groups: 3))
        defer { server.end() }
        try await workspace.approveAll()
        try server.replace(ScriptedDirectory(users: 20, groups: 3), script: ScimScript(faults: [fault]))
        let apply = try await workspace.run("apply")
        #expect(apply.status == 5 && apply.text.contains(message), "\(apply.said)")
    }
}
