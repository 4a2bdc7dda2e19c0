import RollcallCore
import RollcallTesting
import Testing

@testable import RollcallSCIM

@Suite("Only groups that matter are asked for one by one")
struct MembersTests {
    @Test("Groups that rules mean, and those below them, and no others")
    func closure() async throws {
        let server = try await ScriptedScimServer.start(users: 20, groups: 12, script: ScimScript { $0.members = .empty })
        defer { server.end() }
        var request = Pulled.request
        // g0 holds g1; g5 holds g6.
        request.means = { _, name in ["g0", "g3"].contains(name.string) }
        let pulled = await Pulled(server.settings { $0.groupMembers = .each }, request: request)
        let alone = try server.log().filter { $0.path.contains("/Groups/") }.map { String($0.path.suffix(2)) }
        #expect(Set(alone) == ["00", "01", "03"])
        #expect(pulled.members["g0"]??.count == 11 && pulled.members["g1"]??.count == 7 && pulled.members["g3"]??.count == 4)
        #expect(pulled.members["g7"] == .some(nil))
        #expect(!pulled.remarks.contains("g7"))
    }

    @Test("A list that cuts beyond the first group asked about is noticed at the end, and the next try reads one by one")
    func cutLate() async throws {
        var directory = ScriptedDirectory(users: 30)
        let few: [JSONLiteral] = (0..<3).map { ["value": .string(ScriptedDirectory.userID($0)), "type": "User"] }
        let many: [JSONLiteral] = (0..<25).map { ["value": .string(ScriptedDirectory.userID($0)), "type": "User"] }
        directory.extraGroups =
            (0..<12).map { ["id": .string("a\($0)"), "displayName": .string("few \($0)"), "members": .array(few)] }
            + [["id": "z", "displayName": "many", "members": .array(many)]]
        let server = try await ScriptedScimServer.start(directory, script: ScimScript { $0.membersCap = 10 })
        defer { server.end() }
        let source = ScimDirectory(server.settings()) { _ throws(SourceError) in Secret([]) }
        let first = await Pulled(source)
        #expect(first.error?.code == .unstable && first.error?.message.contains("cuts members: many has 10 there and 25") == true)
        let second = await Pulled(source)
        #expect(second.members["many"]??.count == 25 && second.members["few 3"]??.count == 3)
    }

    @Test("A group that is in the list and not by itself keeps its members")
    func goneMeanwhile() async throws {
        let server = try await ScriptedScimServer.start(
            users: 5, groups: 2,
            script: ScimScript { script in
                script.members = .empty
                script.faults = [ScimFault(.status(404), path: "/Groups/\(ScriptedDirectory.groupID(1))", times: 0)]
            })
        defer { server.end() }
        let pulled = await Pulled(server.settings { $0.groupMembers = .each })
        #expect(pulled.members["g0"]??.isEmpty == false && pulled.members["g1"] == .some(nil))
        #expect(pulled.remarks.contains("g1"))
    }
}
