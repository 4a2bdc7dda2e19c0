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

    @Test("A list that cuts beyond the first group asked about is noticed, and groups are read one by one")
    func cutLate() async throws {
        var directory = ScriptedDirectory(users: 30)
        let few: [JSONLiteral] = (0..<3).map { ["value": .string(ScriptedDirectory.userID($0)), "type": "User"] }
        let many: [JSONLiteral] = (0..<25).map { ["value": .string(ScriptedDirectory.userID($0)), "type": "User"] }
        directory.extraGroups =
            (0..<12).map { ["id": .string("a\($0)"), "displayName": .string("few \($0)"), "members": .array(few)] }
            + [["id": "z", "displayName": "many", "members": .array(many)]]
        let server = try await ScriptedScimServer.start(directory, script: ScimScript { $0.membersCap = 10 })
        defer { server.end() }
        let pulled = await Pulled(server.settings())
        #expect(pulled.remarks.contains("cuts members: many has 10 there and 25"), "\(pulled.remarks)")
        #expect(pulled.members["many"]??.count == 25 && pulled.members["few 3"]??.count == 3)
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

    // MARK: - What is not the group

    @Test("An answer that is no usable group says what it is, and a member twice rejects that group alone")
    func notTheGroup() async throws {
        let cases: [(ScimFault.Kind, String)] = [
            (.html, "HTML"), (.trailingGarbage(), "something follows"), (.cutBody(bytes: 3), "cut short"),
            (.deepJSON(depth: 1000), "deeper than 32"), (.gzipBomb(bytes: 64 << 20), "larger than the cap of 33554432 bytes"),
            (.value("id", json: "\"another\""), "not the group"), (.duplicateKey("displayName"), ""),
        ]
        for (kind, message) in cases {
            let server = try await ScriptedScimServer.start(
                users: 5, groups: 3,
                script: ScimScript(faults: [ScimFault(kind, path: "/Groups/\(ScriptedDirectory.groupID(1))", times: 0)]))
            defer { server.end() }
            for way in [ScimSettings.GroupMembers.each, .auto] {
                let pulled = await Pulled(server.settings { $0.groupMembers = way })
                if message.isEmpty {
                    #expect(pulled.error == nil && pulled.groups.count == 2, "\(String(describing: pulled.error))")
                    #expect(pulled.rejected.first?.reason == "it has the member displayName twice", "\(pulled.rejected)")
                    #expect(pulled.rejected.first?.anchor == Anchor(ScriptedDirectory.groupID(1).utf8))
                } else {
                    #expect(pulled.proof == nil && pulled.error?.message.contains(message) == true, "\(String(describing: pulled.error))")
                }
            }
        }
    }
}
