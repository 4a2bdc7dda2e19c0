import Foundation
import Glibc
import RollcallCore
import RollcallFiles
import RollcallTesting
import Testing

@testable import RollcallSnapshot

@Suite("A snapshot of a file")
struct SnapshotTests {
    @Test("reads as the file does: users, groups, what was rejected and why, and the proof")
    func sameReading() async throws {
        let fixture = try SnapshotFixture()
        let live = try await Delivered(try fixture.live, SnapshotFixture.request())
        #expect(live.users.count == 2 && live.groups.count == 1 && live.rejected.count == 1)
        let facts = try await fixture.take()
        #expect(try await Delivered(try fixture.snapshot(), SnapshotFixture.request()) == live)
        var withoutGroups = SnapshotFixture.request()
        withoutGroups.readsGroups = false
        #expect(try await Delivered(try fixture.snapshot(), withoutGroups) == Delivered(try fixture.live, withoutGroups))
        #expect(try SnapshotFile(path: fixture.path).facts == facts)
    }

    @Test("of a CSV file reads as that does, rows without a name too")
    func csv() async throws {
        let directory = try TemporaryDirectory()
        let rows = "id;uid;mail;mail;note\n1;anna;a@x;b@x;\n2;bert;;;\"two\nlines\"\n;nobody;n@x;;\n3;cleo;c@x;;x\n"
        let path = try directory.write(rows, to: "p.csv")
        let file = FileSourceSettings(path: path, format: .csv, users: .and([]), groups: nil)
        let request = ReadRequest(
            users: AttributeLayout(
                anchor: AttributeName(known: "id"), others: [AttributeName(known: "uid"), AttributeName(known: "mail")]),
            groupAnchor: AttributeName(known: "id"), groupName: AttributeName(known: "cn"), groupMembers: [], readsGroups: false)
        let live = try await Delivered(FileDirectory(file), request)
        #expect(live.users.count == 3 && live.rejected.map(\.subject) == [Text("\(path):5")])
        var raw = request
        raw.isRaw = true
        let reading = try await FileDirectory(file).read(raw)
        let header = SnapshotHeader(
            taken: Instant(unixSeconds: 0), sourceType: "file", flavor: nil, users: SourceSettings.file(file).users, groups: nil,
            anchor: AttributeName(known: "id"), read: [])
        let draft = try SnapshotDraft(path: directory.file("s"), header, .file(file), FileReplay())
        while case .batch(let batch) = try await reading.next() { try draft.keep(batch.raw) }
        _ = try draft.prove(
            ReadProof(server: path, users: 4, groups: 0, rejected: 0, pages: 1, result: 0), lookingUpIn: FileDirectory(file))
        _ = try draft.commit()
        let kept = SnapshotDirectory(try SnapshotFile(path: directory.file("s")), .file(file), FileReplay())
        #expect(try await Delivered(kept, request) == live)
    }

    @Test("has no secret in it, and is readable by its owner alone")
    func secrets() async throws {
        let fixture = try SnapshotFixture()
        let facts = try await fixture.take()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: fixture.path))
        #expect(bytes.range(of: Data(SnapshotFixture.canary.utf8)) == nil && bytes.range(of: Data("anna@x".utf8)) != nil)
        #expect(!facts.seen.contains(AttributeName(known: "userPassword")) && facts.seen.contains(AttributeName(known: "employeeType")))
        var status = stat()
        #expect(stat(fixture.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(fixture.files == ["people.ldif", "people.snapshot"])
    }

    @Test("answers for attributes and filters that nobody read at the time")
    func otherConfig() async throws {
        let fixture = try SnapshotFixture()
        try await fixture.take()
        let guests = try fixture.snapshot(fixture.settings(users: "(&(objectClass=inetOrgPerson)(employeeType=guest))"))
        let delivered = try await Delivered(guests, SnapshotFixture.request(["employeeType"]))
        #expect(delivered.names == ["uid=anna,ou=people"])
        let type = try #require(delivered.users.first).values(inSlot: 1).map { String(decoding: $0, as: UTF8.self) }
        #expect(type == ["guest"])
    }

    @Test("is planned from by a config of an LDAP source too: base and scope by the entries' names")
    func otherSource() async throws {
        let fixture = try SnapshotFixture()
        try await fixture.take()
        let search = LDAPSettings.Search(base: "ou=people", filter: try Filter(parsing: "(objectClass=inetOrgPerson)"))
        let below = try fixture.snapshot(.ldap(LDAPSettings(urls: [], flavor: .openldap, users: search)))
        let delivered = try await Delivered(below, SnapshotFixture.request())
        #expect(delivered.names == ["uid=anna,ou=people"] && delivered.rejected.count == 1 && delivered.groups.isEmpty)
    }

    @Test("looks up as the file does, by the filter of now")
    func lookUps() async throws {
        let fixture = try SnapshotFixture()
        let anchors = ["a-1", "b-1", "o-1", "zz"].map { Anchor($0.utf8) }
        let live = try await fixture.live.lookUp(anchors, SnapshotFixture.request())
        let facts = try await fixture.take(lookingUp: [Anchor("zz".utf8)])
        #expect(facts.lookUps == 1)
        #expect(try await fixture.snapshot().lookUp(anchors, SnapshotFixture.request()) == live)
        #expect(live[2] == .leftScope(dn: "ou=people"))
        let guests = try fixture.snapshot(fixture.settings(users: "(employeeType=guest)"))
        let now = try await guests.lookUp(anchors, SnapshotFixture.request())
        #expect(now[0] == .inScope && now[1] == .leftScope(dn: "uid=bert,ou=left"))
    }

    @Test("leaves nothing behind when it is not completed, and replaces a snapshot but nothing else")
    func places() async throws {
        let fixture = try SnapshotFixture()
        let header = SnapshotHeader(
            taken: Instant(unixSeconds: 0), sourceType: "file", flavor: nil, users: fixture.settings.users, groups: nil,
            anchor: AttributeName(known: "entryUUID"), read: [])
        func draft(_ path: String) throws -> SnapshotDraft { try SnapshotDraft(path: path, header, fixture.settings, FileReplay()) }
        let draft = try draft(fixture.path)
        #expect(fixture.files.count == 2)
        draft.discard()
        #expect(fixture.files == ["people.ldif"])
        try await fixture.take()
        try await fixture.take()
        #expect(fixture.files == ["people.ldif", "people.snapshot"])
        #expect(symlink(fixture.path, fixture.directory.file("link")) == 0)
        _ = try fixture.directory.makeDirectory("folder")
        try fixture.directory.write("", to: "empty")
        for name in ["people.ldif", "link", "folder", "empty"] {
            let error = #expect(throws: SnapshotError.self, "\(name)") {
                try SnapshotDraft(path: fixture.directory.file(name), header, fixture.settings, FileReplay())
            }
            #expect(error?.message.contains("of this name") == true, "\(name): \(error?.description ?? "")")
        }
        #expect(try String(contentsOfFile: fixture.people, encoding: .utf8) == SnapshotFixture.ldif)
    }

    @Test("that was changed between its proof and its reading is refused by the reading")
    func changedMeanwhile() async throws {
        let fixture = try SnapshotFixture()
        try await fixture.take()
        let snapshot = try fixture.snapshot()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: fixture.path))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: fixture.path))
        await #expect(throws: SourceError.self) { try await Delivered(snapshot, SnapshotFixture.request()) }
    }
}

@Suite("What was found out about missing users at the time")
struct LookUpMemoryTests {
    @Test("counts while base and filter are the same, and only as far as it goes when they are not")
    func memory() async throws {
        let directory = try TemporaryDirectory()
        let then = LDAPSettings.Search(base: "ou=people", filter: .and([]))
        func source(_ base: String) -> SourceSettings {
            .ldap(LDAPSettings(urls: [], flavor: .openldap, users: LDAPSettings.Search(base: base, filter: .and([]))))
        }
        let header = SnapshotHeader(
            taken: Instant(unixSeconds: 0), sourceType: "file", flavor: nil, users: then, groups: nil,
            anchor: AttributeName(known: "entryUUID"), read: [])
        let draft = try SnapshotDraft(path: directory.file("s"), header, source("ou=people"), Nothing())
        let proof = ReadProof(server: "s", users: 0, groups: 0, rejected: 0, pages: 1, result: 0)
        let anchors = (1...4).map { Anchor([$0]) }
        let found: [Presence] = [
            .gone, .leftScope(dn: "uid=b,ou=left"), .unknown("no answer"),
            .notBelowBase(PartialContext(base: "ou=people,o=x", context: "o=x")),
        ]
        let rehearsal = try draft.prove(proof, lookingUpIn: Answers(found))
        #expect(try await rehearsal.lookUp(anchors, SnapshotFixture.request()) == found)
        #expect(try draft.commit().lookUps == 4)
        func answers(_ base: String, _ request: ReadRequest = SnapshotFixture.request()) async throws -> [Presence] {
            let file = try SnapshotFile(path: directory.file("s"))
            return try await SnapshotDirectory(file, source(base), Nothing()).lookUp(anchors + [Anchor([9])], request)
        }
        let unasked = Presence.unknown("the snapshot does not have it, and it was not looked up when the snapshot was taken")
        #expect(try await answers("OU=people") == found + [unasked])
        let wider = try await answers("ou=left")
        #expect(wider[0] == .gone && wider[1] != found[1])
        #expect(
            wider[3]
                == .unknown(
                    "it was not below ou=people,o=x any more (parts of o=x lie on other servers); the snapshot cannot tell whether it is below the base of now"
                ))
        #expect(try await answers("ou=elsewhere")[1] == found[1])
        var other = SnapshotFixture.request()
        other.users = AttributeLayout(anchor: AttributeName(known: "uid"), others: [])
        #expect(try await answers("ou=people", other) == Array(repeating: unasked, count: 5))
    }
}

/// A source that only answers look-ups.
private struct Answers: DirectorySource {
    let answers: [Presence]

    init(_ answers: [Presence]) {
        self.answers = answers
    }

    func read(_ request: ReadRequest) async throws(SourceError) -> any DirectoryReading {
        throw SourceError(.unreachable, subject: "test", message: "nothing to read")
    }

    func lookUp(_ anchors: [Anchor], _ request: ReadRequest) async throws(SourceError) -> [Presence] { answers }
}

/// A replay of entries that say nothing.
private struct Nothing: RawReplay {
    private final class Silence: RawDecoder, RawSearch {
        func take(_ entry: RawEntry) -> Bool { true }
        func takeBatch() -> EntryBatch { EntryBatch() }
        func presence(of anchor: Anchor) -> Presence? { nil }
    }

    func decoder(_ request: ReadRequest, _ scope: ReplayScope, server: String) -> any RawDecoder { Silence() }

    func search(_ anchors: [Anchor], _ request: ReadRequest, _ scope: ReplayScope, server: String) -> any RawSearch { Silence() }
}
