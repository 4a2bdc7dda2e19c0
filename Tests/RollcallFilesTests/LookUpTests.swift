import RollcallCore
import Testing

@testable import RollcallFiles

@Suite("Looking anchors up in a file")
struct LookUpTests {
    private func lookUp(_ text: String, _ anchors: [String], limits: FileLimits = FileLimits()) async throws -> [Presence] {
        let file = TemporaryFile(text)
        defer { withExtendedLifetime(file) {} }
        return try await Fixture.directory(file.path, limits: limits).lookUp(anchors.map { Anchor($0.utf8) }, Fixture.request)
    }

    @Test("Each anchor is in scope, has left it or is gone, in the order of the question")
    func answers() async throws {
        let text = Fixture.unit + Fixture.anna + Fixture.staff + Fixture.bo
        #expect(
            try await lookUp(text, ["none", "b-2", "o-3", "a-1", "g-4", "b-2"]) == [
                .gone, .inScope, .leftScope(dn: "ou=people"), .inScope, .leftScope(dn: "cn=staff,ou=groups"), .inScope,
            ])
        #expect(try await lookUp(text, []).isEmpty)
        #expect(try await lookUp("", ["a"]) == [.gone])
    }

    @Test("Groups are looked for as groups")
    func groups() async throws {
        let file = TemporaryFile(Fixture.unit + Fixture.anna + Fixture.staff)
        defer { withExtendedLifetime(file) {} }
        var request = Fixture.request
        request.sought = .group
        let anchors = ["g-4", "a-1", "none"].map { Anchor($0.utf8) }
        let answers = try await Fixture.directory(file.path).lookUp(anchors, request)
        #expect(answers == [.inScope, .leftScope(dn: Text(Fixture.annaDN)), .gone])
    }

    @Test("An anchor that two records have is in scope if one of them is, whichever comes first")
    func twice() async throws {
        let guest = "dn: uid=guest\nobjectClass: guest\nentryUUID: a-1\n\n"
        #expect(try await lookUp(guest + Fixture.anna, ["a-1"]) == [.inScope])
        #expect(try await lookUp(Fixture.anna + guest, ["a-1"]) == [.inScope])
        #expect(try await lookUp(guest, ["a-1"]) == [.leftScope(dn: "uid=guest")])
    }

    @Test("Nobody is gone while users without an anchor may be them")
    func withoutAnchors() async throws {
        let anonymous = "dn: uid=x\nobjectClass: inetOrgPerson\nuid: x\n\n"
        let answers = try await lookUp(anonymous + Fixture.anna, ["a-1", "b-2"])
        #expect(answers.first == .inScope)
        #expect(answers.last == .unknown("it is not in the file, which has users without a readable entryUUID (1)"))
        #expect(try await lookUp(Fixture.anna + "dn: ou=x\nobjectClass: organizationalUnit\n\n", ["b-2"]) == [.gone])
    }

    @Test("A record whose values are too large to judge decides nothing")
    func large() async throws {
        var limits = FileLimits()
        limits.line = 60
        let large = "dn: uid=x\nentryUUID: x\nobjectClass: \(String(repeating: "x", count: 80))\n\n"
        #expect(try await lookUp(large, ["x"], limits: limits) == [.unknown("the entry is too large to be judged")])
        // What is left decides by itself that it is no user.
        let room = "dn: cn=x\nentryUUID: x\nobjectClass: room\nmail: \(String(repeating: "x", count: 80))\n\n"
        #expect(try await lookUp(room, ["x"], limits: limits) == [.leftScope(dn: "cn=x")])
    }

    @Test("A file that cannot be read whole answers nothing")
    func failures() async throws {
        await #expect(throws: SourceError.self) { try await lookUp(Fixture.anna + "nonsense", ["a-1"]) }
        await #expect(throws: SourceError.self) {
            try await Fixture.directory("/nowhere").lookUp([Anchor("a".utf8)], Fixture.request)
        }
    }
}
