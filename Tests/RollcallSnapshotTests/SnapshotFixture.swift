import Foundation
import Glibc
import RollcallCore
import RollcallFiles
import RollcallTesting

@testable import RollcallSnapshot

/// An LDIF file with a bit of everything, and its snapshot.
final class SnapshotFixture {
    let directory: TemporaryDirectory
    var people: String { directory.file("people.ldif") }
    var path: String { directory.file("people.snapshot") }

    static let canary = "canary-7Yq-secret"
    static let ldif = """
        dn: uid=anna,ou=people
        objectClass: inetOrgPerson
        entryUUID: a-1
        uid: anna
        mail: anna@x
        mail: a@x
        userPassword: \(canary)
        userPassword;x-old: \(canary)
        sambaNTPassword: \(canary)
        employeeType: guest
        cn;lang-de: Änna

        dn: uid=bert,ou=left
        objectClass: inetOrgPerson
        entryUUID: b-1
        uid:: YmVydAA=
        mail:

        dn: uid=none,ou=people
        objectClass: inetOrgPerson
        uid: none

        dn: cn=staff,ou=groups
        objectClass: groupOfNames
        entryUUID: g-1
        cn: staff
        member: uid=anna,ou=people
        uniqueMember: uid=bert,ou=left
        member: uid=gone,ou=people

        dn: ou=people
        objectClass: organizationalUnit
        entryUUID: o-1


        """

    init(_ ldif: String = SnapshotFixture.ldif) throws {
        directory = try TemporaryDirectory()
        try directory.write(ldif, to: "people.ldif")
    }

    var settings: SourceSettings { settings(users: "(objectClass=inetOrgPerson)") }

    func settings(users: String) -> SourceSettings {
        .file(
            FileSourceSettings(
                path: people, format: .ldif, users: (try? Filter(parsing: users)) ?? .and([]),
                groups: try? Filter(parsing: "(objectClass=groupOfNames)")))
    }

    static func request(_ others: [String] = ["uid", "mail", "cn;lang-de"]) -> ReadRequest {
        ReadRequest(
            users: AttributeLayout(anchor: AttributeName(known: "entryUUID"), others: others.compactMap { AttributeName($0) }),
            groupAnchor: AttributeName(known: "entryUUID"), groupName: AttributeName(known: "cn"),
            groupMembers: [.member, .uniqueMember], readsGroups: true)
    }

    var live: FileDirectory {
        get throws {
            guard case .file(let file) = settings else { throw SnapshotError(.file, "no file") }
            return FileDirectory(file)
        }
    }

    private var header: SnapshotHeader {
        SnapshotHeader(
            taken: Instant(unixSeconds: 1_794_000_000), sourceType: "file", flavor: nil, users: settings.users, groups: settings.groups,
            anchor: AttributeName(known: "entryUUID"), read: Self.request().users.names)
    }

    /// Takes the snapshot; `lookingUp` are asked for while it is a draft.
    @discardableResult
    func take(lookingUp: [Anchor] = []) async throws -> SnapshotFacts {
        let draft = try SnapshotDraft(path: path, header, settings, FileReplay())
        var request = Self.request()
        request.isRaw = true
        let reading = try await live.read(request)
        while true {
            switch try await reading.next() {
            case .batch(let batch): try draft.keep(batch.raw)
            case .end(let proof):
                let rehearsal = try draft.prove(proof, lookingUpIn: try live)
                _ = try await Delivered(rehearsal, Self.request())
                _ = try await rehearsal.lookUp(lookingUp, Self.request())
                return try draft.commit()
            }
        }
    }

    func snapshot(_ settings: SourceSettings? = nil) throws -> SnapshotDirectory {
        SnapshotDirectory(try SnapshotFile(path: path), settings ?? self.settings, FileReplay())
    }

    var files: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []).sorted() }
}

/// What a reading delivered.
struct Delivered: Equatable {
    var users: [Entry] = []
    var groups: [String] = []
    var rejected: [RejectedEntry] = []
    var proof: ReadProof?

    init(_ source: any DirectorySource, _ request: ReadRequest) async throws {
        let reading = try await source.read(request)
        while proof == nil {
            switch try await reading.next() {
            case .batch(let batch):
                users += batch.users
                rejected += batch.rejected
                for group in batch.groups {
                    var members: [String] = []
                    group.members.forEachName { members.append(String(decoding: $0, as: UTF8.self)) }
                    groups.append("\(String(decoding: group.dn, as: UTF8.self)) \(group.anchor) \(group.name): \(members)")
                }
            case .end(var proof):
                // What a source says about the clock is not kept.
                proof.timeMarks = TimeMarks()
                self.proof = proof
            }
        }
    }

    var names: [String] { users.map { String(decoding: $0.dn, as: UTF8.self) } }
}
