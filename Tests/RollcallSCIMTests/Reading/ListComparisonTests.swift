import RollcallCore
import RollcallTesting
import Testing

@testable import RollcallSCIM

@Suite("The list of groups is believed no more than it has been compared")
struct ListComparisonTests {
    private static func users(_ range: Range<Int>) -> JSONLiteral {
        .array(range.map { ["value": .string(ScriptedDirectory.userID($0)), "type": "User"] })
    }

    private static func group(_ name: String, _ members: JSONLiteral) -> JSONLiteral {
        ["id": .string("id-\(name)"), "displayName": .string(name), "members": members]
    }

    /// A group of groups, what it holds, and a larger one without groups in it.
    private static let nested: ScriptedDirectory = {
        var directory = ScriptedDirectory(users: 30)
        directory.extraGroups = [
            group("large", users(0..<20)), group("child", users(0..<3)), group("parent", [["value": "id-child", "type": "Group"]]),
            group("void", []),
        ]
        return directory
    }()

    @Test("A group of groups is not empty because lists leave groups out")
    func nestedGroups() async throws {
        let server = try await ScriptedScimServer.start(Self.nested, script: ScimScript { $0.hidesNested = true })
        defer { server.end() }
        let pulled = await Pulled(server.settings())
        #expect(pulled.members["parent"] == ["/Groups/id-child"] && pulled.members["child"]??.count == 3)
        #expect(pulled.members["large"]??.count == 20 && pulled.members["void"] == .some([]))
        #expect(pulled.remarks.contains("cuts members: parent has 0 there and 1 by itself"), "\(pulled.remarks)")
    }

    @Test(
        "An empty list is not believed of a group where groups by themselves show nothing", arguments: [ScimScript.Members.absent, .empty])
    func silentAlone(_ alone: ScimScript.Members) async throws {
        let server = try await ScriptedScimServer.start(
            Self.nested,
            script: ScimScript { script in
                script.hidesNested = true
                script.singleMembers = alone
            })
        defer { server.end() }
        let pulled = await Pulled(server.settings())
        #expect(pulled.members["parent"] == .some(nil) && pulled.members["void"] == .some(nil))
        #expect(pulled.members["large"]??.count == 20 && pulled.members["child"]??.count == 3)
        #expect(pulled.remarks.contains("the members of group parent are not known"), "\(pulled.remarks)")
    }

    @Test("Groups that no rule means are asked for only to see whether groups show members by themselves")
    func proofByOthers() async throws {
        let server = try await ScriptedScimServer.start(Self.nested)
        defer { server.end() }
        var request = Pulled.request
        request.means = { _, name in name.string == "void" }
        let pulled = await Pulled(server.settings(), request: request)
        #expect(pulled.members["void"] == .some([]) && pulled.members["large"] == .some(nil))
        #expect(
            try server.log().filter { $0.path.contains("/Groups/") }.map { $0.path.split(separator: "/").last } == ["id-void", "id-large"])
        #expect(pulled.remarks.isEmpty, "\(pulled.remarks)")
    }

    /// More groups than are asked for by themselves, and then some.
    private static func many(_ last: [JSONLiteral]) -> ScriptedDirectory {
        var directory = ScriptedDirectory(users: 30)
        directory.extraGroups = (0..<230).map { group("few\($0)", users(0..<3)) } + last
        return directory
    }

    @Test("Of many groups the largest and the empty ones are asked for too, and the others are believed")
    func manyGroups() async throws {
        let server = try await ScriptedScimServer.start(
            Self.many([Self.group("a", Self.users(0..<9)), Self.group("b", Self.users(3..<12)), Self.group("void", [])]),
            script: ScimScript { $0.sorts = false })
        defer { server.end() }
        let pulled = await Pulled(server.settings { $0.pageSize = 100 })
        #expect(try server.log().count { $0.path.contains("/Groups/") } == 203)
        #expect(pulled.members.count == 233 && pulled.members["few229"]??.count == 3 && pulled.members["few0"]??.count == 3)
        #expect(pulled.members["b"]??.count == 9 && pulled.members["void"] == .some([]))
        #expect(pulled.remarks.isEmpty, "\(pulled.remarks)")
    }

    @Test("A list that cuts at the length of the largest group is noticed among many groups")
    func tie() async throws {
        let server = try await ScriptedScimServer.start(
            Self.many([Self.group("full", Self.users(0..<10)), Self.group("cut", Self.users(0..<25))]),
            script: ScimScript { script in
                script.membersCap = 10
                script.sorts = false
            })
        defer { server.end() }
        let pulled = await Pulled(server.settings { $0.pageSize = 100 })
        #expect(pulled.members["full"]??.count == 10 && pulled.members["cut"]??.count == 25 && pulled.members["few229"]??.count == 3)
        #expect(pulled.remarks.contains("cut has 10 there and 25"), "\(pulled.remarks)")
        #expect(try server.log().count { $0.path.contains("/Groups/") } == 232)
    }

    @Test("A snapshot knows as little of members as the reading that it is made of")
    func snapshot() async throws {
        let cases: [(String, ScimSettings.GroupMembers, @Sendable (inout ScimScript) -> Void, Set<String>)] = [
            (
                "nothing shows members", .auto,
                { script in
                    script.members = .empty
                    script.singleMembers = .empty
                }, ["g0", "g1", "g2", "g3"]
            ),
            (
                "one is not there by itself", .each,
                { $0.faults = [ScimFault(.status(404), path: "/Groups/\(ScriptedDirectory.groupID(1))", times: 0)] }, ["g1"]
            ),
            ("members are absent by themselves", .each, { $0.singleMembers = .absent }, ["g0", "g1", "g2", "g3"]),
            ("all is well", .auto, { _ in }, []),
        ]
        for (name, way, change, unknown) in cases {
            let server = try await ScriptedScimServer.start(users: 6, groups: 4, script: ScimScript(change))
            defer { server.end() }
            let live = await Pulled(server.settings { $0.groupMembers = way })
            var request = Pulled.request
            request.isRaw = true
            let kept = await Pulled(server.settings { $0.groupMembers = way }, request: request).kept
            #expect(Set(kept.filter { $0.value == nil }.keys) == unknown, "\(name): \(kept)")
            #expect(kept == live.members, "\(name): \(kept), \(live.members)")
        }
    }
}
