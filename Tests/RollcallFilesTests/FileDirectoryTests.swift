import RollcallCore
import Testing

@testable import RollcallFiles

@Suite("A directory in a file")
struct FileDirectoryTests {
    @Test("Records become users, groups or nothing, and the proof counts them")
    func entries() async throws {
        let file = TemporaryFile(Fixture.unit + Fixture.anna + Fixture.staff + Fixture.bo)
        let delivery = try await Fixture.read(try Fixture.directory(file.path))
        #expect(delivery.dns == ["uid=anna,ou=people", "uid=bo,ou=people"])
        let anna = try #require(delivery.users.first)
        #expect(anna.anchor == Anchor("a-1".utf8))
        #expect(anna.values(inSlot: 1).map { String(decoding: $0, as: UTF8.self) } == ["anna@example.org"])
        #expect(anna.values(inSlot: 2).map { String(decoding: $0, as: UTF8.self) } == ["anna"])
        let staff = try #require(delivery.groups.first)
        #expect(staff.anchor == Anchor("g-4".utf8))
        #expect(staff.name == "staff")
        #expect(String(decoding: staff.dn, as: UTF8.self) == "cn=staff,ou=groups")
        var members: [String] = []
        func note(_ name: UnsafeBufferPointer<UInt8>) { members.append(String(decoding: name, as: UTF8.self)) }
        staff.members.forEachName(note)
        #expect(members == ["uid=anna,ou=people", "uid=bo,ou=people", "uid=cy"])
        var proof = ReadProof(server: file.path, users: 2, groups: 1, rejected: 0, pages: 1, result: 0)
        proof.timeMarks.newestChange = file.written
        #expect(delivery.proof == proof)
    }

    @Test("A byte order mark is passed over, and UTF-16 refused", arguments: [3, 4, 7, 1 << 18])
    func marks(_ chunk: Int) async throws {
        var limits = FileLimits()
        limits.chunk = chunk
        #expect(try await Fixture.read("\u{FEFF}" + Fixture.anna, limits: limits).dns == ["uid=anna,ou=people"])
        #expect(try await Fixture.read("", limits: limits).proof?.users == 0)
        let wide = TemporaryFile([0xFF, 0xFE, 0x64, 0x00])
        let error = await #expect(throws: SourceError.self) { try await Fixture.read(try Fixture.directory(wide.path)) }
        #expect(error?.description.contains("UTF-16") == true)
    }

    @Test("Groups are passed over when nobody asked for them")
    func withoutGroups() async throws {
        let text = Fixture.anna + Fixture.staff
        #expect(try await Fixture.read(text, groups: nil).groups.isEmpty)
        var request = Fixture.request
        request.readsGroups = false
        let file = TemporaryFile(text)
        let delivery = try await Fixture.read(try Fixture.directory(file.path), request)
        #expect(delivery.groups.isEmpty && delivery.users.count == 1)
    }

    /// A users filter, and the users it selects among Anna, Bo, the unit and the group.
    static let filters: [(filter: String, users: [String])] = [
        ("(objectclass=INETorgPERSON)", ["anna", "bo"]),
        ("(&(objectClass=inetOrgPerson)(objectClass=top))", ["bo"]),
        ("(&(objectClass=inetOrgPerson)(!(objectClass=top)))", ["anna"]),
        ("(|(objectClass=top)(mail=anna@*))", ["anna", "bo"]),
        ("(&(objectClass=inetOrgPerson)(!(mail=*)))", ["bo"]),
        ("(&(objectClass=*)(uid=*))", ["anna", "bo"]),
        ("(ou:dn:=people)", ["anna", "bo", "unit"]),
        ("(objectClass= inetOrgPerson )", ["anna", "bo"]),
        ("(&)", ["anna", "bo", "unit", "group"]),
        ("(|)", []),
    ]

    @Test("The users filter means what it means to a server", arguments: filters)
    func selection(_ filter: String, _ users: [String]) async throws {
        let names = ["uid=anna,ou=people": "anna", "uid=bo,ou=people": "bo", "ou=people": "unit", "cn=staff,ou=groups": "group"]
        let delivery = try await Fixture.read(Fixture.anna + Fixture.bo + Fixture.unit + Fixture.staff, users: filter, groups: nil)
        #expect(delivery.dns.map { names[$0] ?? $0 } == users)
    }

    @Test("A filter on an attribute sees its values with options too")
    func subtypes() async throws {
        let text = "dn: cn=a\nentryUUID: a\ncn;lang-en: Anna\n\ndn: cn=b\nentryUUID: b\ncn: Bo\n"
        #expect(try await Fixture.read(text, users: "(cn=anna)").dns == ["cn=a"])
        #expect(try await Fixture.read(text, users: "(cn;lang-en=anna)").dns == ["cn=a"])
        #expect(try await Fixture.read(text, users: "(cn;lang-de=anna)").dns.isEmpty)
    }

    /// A record, its kind of flaw.
    static let unusable: [(text: String, word: String)] = [
        ("dn: uid=x\nobjectClass: inetOrgPerson\nuid: x\n", "slapcat"),
        ("dn: uid=x\nobjectClass: inetOrgPerson\nentryUUID:\nuid: x\n", "slapcat"),
        ("dn: uid=x\nobjectClass: inetOrgPerson\nentryUUID: 1\nentryUUID: 2\n", "several values"),
        ("dn: uid=x\nobjectClass: groupOfNames\ncn: x\n", "slapcat"),
    ]

    @Test("An unusable entry is rejected with a reason and counted, and reading goes on", arguments: unusable)
    func rejections(_ text: String, _ word: String) async throws {
        let delivery = try await Fixture.read(text + "\n" + Fixture.anna)
        #expect(delivery.rejected.map(\.subject) == ["uid=x"])
        #expect(delivery.rejected.first?.reason.contains(word) == true, "\(delivery.rejected)")
        #expect(delivery.proof?.rejected == 1 && delivery.proof?.users == 1)
    }

    @Test("A group without a usable name is there with its members")
    func unnamedGroups() async throws {
        for (name, word) in [("", "no readable value for cn"), ("cn:: /w==\n", "not UTF-8")] {
            let text = "dn: cn=x\nobjectClass: groupOfNames\nentryUUID: 1\n\(name)member: uid=anna,ou=people\n\n"
            let delivery = try await Fixture.read(text + Fixture.anna)
            let group = try #require(delivery.groups.first)
            #expect(!group.hasName && group.knowsMembers && group.members.count == 1)
            #expect(group.doubt?.contains(word) == true, "\(group.doubt ?? "")")
            #expect(delivery.proof?.groups == 1 && delivery.proof?.rejected == 0)
        }
    }

    @Test("An entry with several ids is recognised by each, and what can be read of it comes along")
    func severalIDs() async throws {
        let text = "dn: uid=x\nobjectClass: inetOrgPerson\nentryUUID: 1\nentryUUID: 2\nuid: x\n\n"
        let rejected = try #require(try await Fixture.read(text + Fixture.anna).rejected.first)
        #expect([rejected.anchor].compactMap(\.self) + rejected.others == [Anchor("1".utf8), Anchor("2".utf8)])
        let uid = try #require(Fixture.request.users.slot(of: .named("uid")))
        #expect(rejected.readable?.values(inSlot: uid).map { Array($0) } == [Array("x".utf8)] && rejected.hasCertainName)
    }

    @Test("A value beyond its cap costs its attribute alone, and members beyond theirs are not known")
    func caps() async throws {
        var limits = FileLimits()
        (limits.user, limits.group, limits.line, limits.chunk) = (100, 300, 200, 64)
        let long = String(repeating: "x", count: 150)
        let tooLong = String(repeating: "y", count: 400)
        let members = (0..<40).map { "member: uid=member\($0)\n" }.joined()
        let text =
            "dn: uid=large\nobjectClass: inetOrgPerson\nentryUUID: l\nmail: \(long)\n\n"
            + "dn: uid=huge\nobjectClass: inetOrgPerson\nentryUUID: h\nmail: \(tooLong)\n\n"
            + "dn: uid=photo\nobjectClass: inetOrgPerson\nentryUUID: p\njpegPhoto: \(tooLong)\n\n"
            + "dn: cn=crowd\nobjectClass: groupOfNames\nentryUUID: c\ncn: crowd\n\(members)\n"
            + "dn: cn=room\nobjectClass: room\n\(members)\n" + Fixture.staff
        let delivery = try await Fixture.read(text, limits: limits)
        #expect(delivery.rejected.isEmpty)
        #expect(delivery.dns == ["uid=large", "uid=huge", "uid=photo"])
        let mail = try #require(Fixture.request.users.slot(of: .named("mail")))
        #expect(delivery.users.map { $0.slots.isUnreadable(mail) } == [true, true, false])
        #expect(!delivery.users.contains { entry in (0..<3).contains { $0 != mail && entry.slots.isUnreadable($0) } })
        #expect(delivery.groups.map(\.name) == ["crowd", "staff"] && delivery.groups.map(\.knowsMembers) == [false, true])
        // A filter that reads what was cut cannot tell.
        let judged = try await Fixture.read(text, users: "(mail=xxx)", limits: limits)
        #expect(
            judged.dns.isEmpty && judged.rejected.map(\.subject.string) == ["uid=huge"] && judged.rejected[0].anchor == Anchor("h".utf8))
    }

    @Test("A filter that reads a value which was left out cannot be told unless another value decides; what is readable is kept")
    func leftOut() async throws {
        var limits = FileLimits()
        limits.line = 60
        let text =
            "dn: uid=x\nobjectClass: inetOrgPerson\nentryUUID: x\nuid: ex\nmail: \(String(repeating: "y", count: 80))\n"
            + "mail: x@example.org\n\n"
        let cases: [(filter: String, isUser: Bool, isRejected: Bool)] = [
            ("(mail=y@example.org)", false, true), ("(!(mail=y@example.org))", false, true), ("(mail=x@example.org)", true, false),
            ("(!(mail=x@example.org))", false, false), ("(&(mail=y@example.org)(uid=other))", false, false),
            ("(|(mail=y@example.org)(uid=ex))", true, false), ("(mail=*)", true, false), ("(uid=other)", false, false),
        ]
        for (filter, isUser, isRejected) in cases {
            let delivery = try await Fixture.read(text, users: filter, limits: limits)
            #expect(delivery.users.count == (isUser ? 1 : 0) && delivery.rejected.count == (isRejected ? 1 : 0), "\(filter)")
            guard let rejected = delivery.rejected.first else { continue }
            let readable = try #require(rejected.readable?.slots)
            let uid = try #require(Fixture.request.users.slot(of: .named("uid")))
            let mail = try #require(Fixture.request.users.slot(of: .named("mail")))
            #expect(rejected.anchor == Anchor("x".utf8) && rejected.kind == .user, "\(filter)")
            #expect(readable[uid] == [Array("ex".utf8)[...]] && readable.isUnreadable(mail), "\(filter)")
        }
        // A filter of groups likewise.
        let group = try await Fixture.read(text, users: "(uid=other)", groups: "(mail=y@example.org)", limits: limits)
        #expect(group.rejected.map(\.kind) == [.group] && group.users.isEmpty && group.groups.isEmpty)
    }

    @Test("The size of chunks changes nothing but the number of batches")
    func chunks() async throws {
        var random = SeededGenerator(seed: 7)
        var text = "version: 1\n\n"
        for index in 0..<120 {
            text += [Fixture.anna, Fixture.bo, Fixture.unit, Fixture.staff].randomElement(using: &random) ?? ""
            if index % 9 == 0 { text += "# a comment\n that goes on\n\n" }
        }
        let whole = try await Fixture.read(text)
        for chunk in [3, 4, 5, 17, 64, 333, 4096] {
            var limits = FileLimits()
            limits.chunk = chunk
            let delivery = try await Fixture.read(text, limits: limits)
            #expect(delivery.users == whole.users, "chunk \(chunk)")
            #expect(delivery.groups.map(\.anchor) == whole.groups.map(\.anchor), "chunk \(chunk)")
            #expect(delivery.proof?.users == whole.proof?.users, "chunk \(chunk)")
        }
    }

    @Test("A reading that was cancelled or has ended delivers nothing more")
    func ending() async throws {
        let file = TemporaryFile(Fixture.anna)
        let cancelled = try await Fixture.directory(file.path).read(Fixture.request)
        cancelled.cancel()
        let error = await #expect(throws: SourceError.self) { try await cancelled.next() }
        #expect(error?.code == .cancelled)
        let ended = try await Fixture.directory(file.path).read(Fixture.request)
        _ = try await ended.next()
        _ = try await ended.next()
        ended.cancel()
        await #expect(throws: SourceError.self) { try await ended.next() }
    }

    /// A text, its format, and the users of it.
    static let whole: [(text: String, format: FileSourceSettings.Format, users: Int)] = [
        ("\u{FEFF}version: 1\n\n" + Fixture.anna + Fixture.staff + Fixture.bo, .ldif, 2),
        ((Fixture.anna + Fixture.bo).replacing("\n", with: "\r\n"), .ldif, 2),
        ((Fixture.anna + Fixture.bo).replacing("\n", with: "\r"), .ldif, 2),
        ("entryUUID,uid,mail\na-1,anna,anna@example.org\nb-2,bo,\n", .csv, 2),
        ("entryUUID;uid;mail\r\na-1;anna;\"an\r\nna\"\r\n", .csv, 1),
    ]

    @Test("A file whose last line has no line end may have been cut, and is refused wherever that is", arguments: whole)
    func cut(_ text: String, _ format: FileSourceSettings.Format, _ users: Int) async throws {
        let bytes = Array(text.utf8)
        let filter = format == .csv ? "(entryUUID=*)" : Fixture.users
        func directory(_ file: TemporaryFile) throws -> FileDirectory {
            try Fixture.directory(file.path, format, users: filter, groups: nil, limits: FileLimits())
        }
        let file = TemporaryFile(bytes)
        #expect(try await Fixture.read(directory(file)).proof?.users == users)
        for length in 4..<bytes.count where !"\r\n".utf8.contains(bytes[length - 1]) {
            let file = TemporaryFile(Array(bytes[..<length]))
            let error = await #expect(throws: SourceError.self, "\(length) bytes") { try await Fixture.read(directory(file)) }
            #expect(error?.code == .malformed)
            await #expect(throws: SourceError.self, "\(length) bytes") {
                try await directory(file).lookUp([Anchor("a-1".utf8)], Fixture.request)
            }
        }
    }

    @Test("The error for a cut file names the last line and says what to do")
    func cutInAValue() async throws {
        let file = TemporaryFile(Fixture.anna + Fixture.bo.dropLast(3))
        let error = await #expect(throws: SourceError.self) { try await Fixture.read(try Fixture.directory(file.path)) }
        #expect(
            error?.description
                == "\(file.path):11: the last line has no line end, so the file may be cut short; "
                + "write the export again; if it is whole, end it with an empty line")
    }

    @Test("A flaw of the file ends the reading after what came before it")
    func flaw() async throws {
        var limits = FileLimits()
        limits.chunk = 32
        let file = TemporaryFile(Fixture.anna + Fixture.bo + "nonsense\n")
        let reading = try await Fixture.directory(file.path, limits: limits).read(Fixture.request)
        _ = try await reading.next()
        _ = try await reading.next()
        let error = await #expect(throws: SourceError.self) { try await reading.next() }
        #expect(error?.subject == file.path + ":13")
        await #expect(throws: SourceError.self) { try await reading.next() }
    }
}
