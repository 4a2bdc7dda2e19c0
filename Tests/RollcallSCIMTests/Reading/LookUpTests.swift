import RollcallCore
import RollcallReading
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

    /// Looks up with tries that follow each other at once.
    private func lookUpFast(_ ids: [String], _ server: ScriptedScimServer) async throws -> [Presence] {
        let settings = server.settings { $0.deadline = Span(seconds: 60) }
        return try await WorkerThread.run("test") { (stop) throws(SourceError) in
            var retry = RetryRule()
            retry.first = .milliseconds(1)
            let connection = try HTTPConnection(
                settings, stop: stop, patience: Patience(deadline: settings.deadline, answer: settings.answerTimeout), retry: retry
            ) { (_) throws(SourceError) in Secret([]) }
            return try ScimLookUp(connection, settings, Pulled.request).run(ids.map { Anchor($0.utf8) })
        }
    }

    @Test("One that is refused or answered with errors is unknown, and the others are found")
    func refused() async throws {
        for (kind, reason) in [
            (ScimFault.Kind.status(403), "403"), (.status(503, retryAfter: 0), "503"), (.status(429, retryAfter: 3600), "429"),
        ] {
            let server = try await ScriptedScimServer.start(
                users: 10, script: ScimScript(faults: [ScimFault(kind, path: "/Users/\(there)", times: 0)]))
            defer { server.end() }
            let found = try await lookUpFast([ScriptedDirectory.userID(2), there, ScriptedDirectory.userID(4), nobody], server)
            guard found.count == 4, case .unknown(let text) = found[1] else {
                Issue.record("\(found)")
                return
            }
            #expect(text.contains(reason) && found[0] == .inScope && found[2] == .inScope && found[3] == .gone, "\(found)")
        }
    }

    @Test("A service that stays busy is not asked about all of them")
    func busy() async throws {
        let server = try await ScriptedScimServer.start(
            users: 10, script: ScimScript(faults: [ScimFault(.status(503, retryAfter: 0), path: "/Users/", times: 0)]))
        defer { server.end() }
        let found = try await lookUpFast((0..<10).map(ScriptedDirectory.userID), server)
        #expect(found.count == 10 && found.allSatisfy { if case .unknown = $0 { true } else { false } })
        #expect(try server.log().count == 15)
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
