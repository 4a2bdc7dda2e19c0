import RollcallCore
import RollcallTesting
import Testing

@testable import RollcallSCIM

@Suite("What users do not say of groups is not taken for a no")
struct UserGroupsTests {
    /// Ten users who all show `groups`; group 0 and 1 are meant, `Everyone` is not.
    private func pull(_ groups: (Int) -> JSONLiteral, _ way: ScimSettings.GroupMembers) async throws -> Pulled {
        var directory = ScriptedDirectory(users: 10, groups: 2)
        directory.userChanges = Dictionary(uniqueKeysWithValues: (0..<10).map { ($0, ["groups": groups($0)]) })
        directory.extraGroups = [["id": "everyone", "displayName": "Everyone", "members": []]]
        let server = try await ScriptedScimServer.start(
            directory,
            script: ScimScript { script in
                script.members = .empty
                script.singleMembers = .empty
            })
        defer { server.end() }
        var request = Pulled.request
        request.means = { _, name in name.string != "Everyone" }
        let pulled = await Pulled(server.settings { $0.groupMembers = way }, request: request)
        #expect(pulled.error == nil && pulled.groups.count == 3)
        return pulled
    }

    private static let everyone: JSONLiteral = ["value": "everyone"]
    private static let first: JSONLiteral = ["value": .string(ScriptedDirectory.groupID(0))]

    @Test("Users who show Everyone and nothing else empty no group", arguments: [ScimSettings.GroupMembers.auto, .fromUsers])
    func everyoneOnly(_ way: ScimSettings.GroupMembers) async throws {
        let pulled = try await pull({ _ in [Self.everyone] }, way)
        #expect(pulled.members["g0"] == .some(nil) && pulled.members["g1"] == .some(nil), "\(pulled.members)")
        #expect(pulled.remarks.contains("the members of group g0 are not known"), "\(pulled.remarks)")
    }

    @Test("A group that nobody names is empty only by config, and when another one is named")
    func unnamed() async throws {
        let groups: (Int) -> JSONLiteral = { $0 == 3 ? [Self.everyone, Self.first] : [Self.everyone] }
        let auto = try await pull(groups, .auto)
        #expect(auto.members["g0"] == ["/Users/\(ScriptedDirectory.userID(3))"] && auto.members["g1"] == .some(nil))
        let config = try await pull(groups, .fromUsers)
        #expect(config.members["g0"] == ["/Users/\(ScriptedDirectory.userID(3))"] && config.members["g1"] == .some([]))
    }

    @Test(
        "The groups of one user that cannot be read make all unknown",
        arguments: [
            first, [["$ref": "https://example.org/Groups/1"]], [["display": "g0"]], [["value": nil, "display": "g0"]], [true], "g0",
            [first, ["value": ["x": 1]]],
        ] as [JSONLiteral])
    func unreadable(_ groups: JSONLiteral) async throws {
        let pulled = try await pull({ $0 == 7 ? groups : [Self.first] }, .fromUsers)
        #expect(pulled.members["g0"] == .some(nil) && pulled.members["g1"] == .some(nil), "\(pulled.members)")
        #expect(pulled.remarks.contains("the `groups` of /Users/\(ScriptedDirectory.userID(7)) cannot be read"), "\(pulled.remarks)")
    }

    @Test("Placeholders, plain ids and users without groups are no doubt")
    func readable() async throws {
        let pulled = try await pull(
            { index in
                switch index {
                case 0: [[:], "", Self.first]
                case 1: [.string(ScriptedDirectory.groupID(0))]
                case 2: nil
                case 3: []
                default: [Self.everyone]
                }
            }, .fromUsers)
        #expect(pulled.members["g0"]??.count == 2 && pulled.members["g1"] == .some([]))
    }
}
