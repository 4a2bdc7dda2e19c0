import RollcallCore
import RollcallTesting
import Testing

@testable import RollcallSCIM

@Suite("Single resources are looked up by id, and nothing found proves something only when it can")
struct LookUpTests {
    private func lookUp(
        _ ids: [String], _ server: ScriptedScimServer, sought: EntryKind = .user, _ change: (inout ScimSettings) throws -> Void = { _ in }
    ) async throws -> [Presence] {
        var settings = server.settings()
        try change(&settings)
        var request = Pulled.request
        request.sought = sought
        return try await ScimDirectory(settings) { _ throws(SourceError) in Secret([]) }.lookUp(ids.map { Anchor($0.utf8) }, request)
    }

    private let there = ScriptedDirectory.userID(3)
    private let nobody = ScriptedDirectory.userID(999)

    @Test("In scope, left scope and gone")
    func answers() async throws {
        var directory = ScriptedDirectory(users: 10, groups: 2)
        directory.userChanges = [4: ["userType": "Contractor"]]
        let server = try await ScriptedScimServer.start(directory)
        defer { server.end() }
        let found = try await lookUp([there, ScriptedDirectory.userID(4), nobody, "odd/../id?x#y"], server) {
            $0.userFilter = try ScimFilter(parsing: "userType eq \"Employee\"")
        }
        #expect(found == [.inScope, .leftScope(dn: Text("/Users/\(ScriptedDirectory.userID(4))")), .gone, .gone])
        let groups = try await lookUp([ScriptedDirectory.groupID(1), there], server, sought: .group)
        #expect(groups == [.inScope, .gone])
    }

    @Test("400 for an unknown id is as good as 404 when every unknown id gets it")
    func badRequest() async throws {
        let server = try await ScriptedScimServer.start(users: 10, script: ScimScript { $0.unknownID = 400 })
        defer { server.end() }
        #expect(try await lookUp([there, nobody], server) == [.inScope, .gone])
    }

    @Test("When looking up does not work, or nobody is there to tell by, nothing is gone")
    func unproved() async throws {
        let broken = try await ScriptedScimServer.start(
            users: 10, script: ScimScript(faults: [ScimFault(.status(404), path: "/Users/", times: 0)]))
        defer { broken.end() }
        guard case .unknown(let reason) = try await lookUp([nobody], broken)[0] else {
            Issue.record("an absence was taken for proved")
            return
        }
        #expect(reason.contains("proves nothing"))
        let empty = try await ScriptedScimServer.start(users: 0)
        defer { empty.end() }
        guard case .unknown = try await lookUp([nobody], empty)[0] else {
            Issue.record("an absence was taken for proved")
            return
        }
        let wrong = try await ScriptedScimServer.start(
            users: 10, script: ScimScript(faults: [ScimFault(.value("id", json: "\"another\""), path: "/Users/", times: 0)]))
        defer { wrong.end() }
        guard case .unknown = try await lookUp([there], wrong)[0] else {
            Issue.record("another resource was taken for the one asked for")
            return
        }
    }
}
