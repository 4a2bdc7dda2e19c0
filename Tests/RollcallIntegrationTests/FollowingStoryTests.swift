import Foundation
import RollcallTesting
import Testing

/// The daemon against a SCIM service that is asked for what has changed.
@Suite("A SCIM service that is followed")
struct FollowingStoryTests {
    private static let accounts = "SELECT status || ' ' || coalesce(display_name, '-') FROM users WHERE username = "

    /// A change of now, as the service tells it.
    private func changed(_ values: JSONLiteral) -> JSONLiteral {
        guard case .object(var members) = values else { return values }
        members["meta"] = ["lastModified": .string(ISO8601DateFormatter().string(from: Date()))]
        return .object(members)
    }

    private func start(_ directory: ScriptedDirectory) async throws -> (ScriptedScimServer, Workspace) {
        let server = try await ScriptedScimServer.start(directory)
        let workspace = try Workspace()
        try workspace.configure(
            source: "source: {type: scim, url: \"\(server.url)\", page_size: 10, follow: true}",
            "groups: [{from: g0, grant: Staff}]\ndaemon: {interval: 1s}")
        try await workspace.approveAll()
        return (server, workspace)
    }

    private func account(_ name: String, _ workspace: Workspace) async throws -> String {
        try await StoreContent.ask(workspace.store, Self.accounts + "'\(name)'")
    }

    /// The lists that were asked for whole: no numbers alone, and nothing about changes.
    private func wholeLists(_ server: ScriptedScimServer) throws -> [String] {
        try server.log().filter {
            ($0.path.hasSuffix("/Users") || $0.path.hasSuffix("/Groups")) && !$0.query.contains("count=0")
                && !$0.query.contains("lastModified")
        }.map { "\($0.path)?\($0.query)" }
    }

    @Test("Only what has changed is asked for; whoever is deleted upstream shows in the numbers, and then everything is read")
    func story() async throws {
        var people = ScriptedDirectory(users: 60, groups: 3)
        let (server, workspace) = try await start(people)
        defer { server.end() }
        let scene = try DaemonScene(workspace)
        try await scene.ready()
        try await scene.logged("what has changed among 60 users and 3 groups read")

        try server.clearLog()
        people.userChanges = [4: changed(["displayName": "Renamed"]), 7: changed(["active": false])]
        let staff = people.members(ofGroup: 0).filter { $0 != 2 }
        people.groupChanges = [
            0: changed(["members": .array(staff.map { ["value": .string(ScriptedDirectory.userID($0)), "type": "User"] })])
        ]
        try server.replace(people)
        try await scene.logged("applied in ")
        #expect(try await account("u4", workspace) == "active Renamed")
        #expect(try await account("u7", workspace) == "inactive Person 7")
        let grants = "SELECT count(*) FROM grants g JOIN users u ON u.id = g.user_id WHERE u.username = 'u2'"
        #expect(try await StoreContent.ask(workspace.store, grants) == "0")
        #expect(try wholeLists(server).isEmpty)
        #expect(try server.log().contains { $0.path.hasSuffix("/Groups/" + ScriptedDirectory.groupID(0)) })
        #expect(try server.log().allSatisfy { !$0.path.contains("/Users/") && !$0.path.hasSuffix(ScriptedDirectory.groupID(1)) })

        people.userChanges[7] = changed(["active": true])
        try server.replace(people)
        try await scene.logged("applied in ", times: 2)
        #expect(try await account("u7", workspace) == "active Person 7")
        #expect(try wholeLists(server).isEmpty)

        people.users = 59
        try server.replace(people)
        try await scene.logged("applied in ", times: 3)
        #expect(try await account("u59", workspace) == "inactive Person 59")
        #expect(try !wholeLists(server).isEmpty)
        #expect(try server.log().contains { $0.path.hasSuffix("/Users/" + ScriptedDirectory.userID(59)) && $0.status == 404 })
        try await scene.logged("what has changed among 59 users and 3 groups read")
        #expect(try await scene.stop().status == 0)
        #expect(try await workspace.run("audit", "verify").status == 0)
    }

    @Test("plan and apply read everything, a service that cannot be followed is read whole and said so, and check says which it is")
    func commands() async throws {
        let (server, workspace) = try await start(ScriptedDirectory(users: 60, groups: 3))
        defer { server.end() }
        try server.clearLog()
        #expect(try await workspace.run("plan").status == 0)
        #expect(try !wholeLists(server).isEmpty)
        let check = try await workspace.run("check")
        #expect(check.status == 0 && check.text.contains("60 users found by it of 60"), "\(check.said)")

        try server.replace(script: ScimScript { $0.filters = .ignored })
        let plan = try await workspace.run("plan")
        #expect(plan.text.contains("the service does not say that it can filter"), "\(plan.said)")
        let warned = try await workspace.run("check")
        #expect(warned.text.contains("filter no") && warned.text.contains("leave source.follow out"), "\(warned.said)")
    }

    @Test("scim2-server is followed by its own times and numbers, whole readings when somebody is deleted")
    func scim2() async throws {
        let server = try await Scim2Server.start()
        defer { server.end() }
        let people = try await server.load(people: 60)
        let workspace = try Workspace()
        let secret = try workspace.writeSecret(Scim2Server.token, to: "token")
        try workspace.configure(
            source: "source: {type: scim, url: \"\(server.url)\", follow: true, auth: {bearer: {file: \"\(secret)\"}}}",
            "daemon: {interval: 1s}")
        try await workspace.approveAll()
        let scene = try DaemonScene(workspace)
        try await scene.ready()
        try await scene.logged("what has changed among 60 users and 0 groups read")
        let rename: JSONLiteral = [
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [["op": "replace", "path": "displayName", "value": "Renamed"]],
        ]
        let renamed = try await server.loader.send([ScimLoader.Request("PATCH", "/Users/\(people.users[5])", rename)])
        #expect(renamed.allSatisfy { $0.status < 300 })
        try await scene.logged("applied in ")
        #expect(try await account("u5", workspace) == "active Renamed")
        let deleted = try await server.loader.send([ScimLoader.Request("DELETE", "/Users/\(people.users[9])")])
        #expect(deleted.allSatisfy { $0.status < 300 })
        try await scene.logged("deactivate 1")
        #expect(try await account("u9", workspace) == "inactive -")
        try await scene.logged("what has changed among 59 users and 0 groups read")
        #expect(try await scene.stop().status == 0)
    }
}
