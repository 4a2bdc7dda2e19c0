import Glibc
import RollcallCore

@testable import RollcallFiles

/// A file in a directory of its own that goes away with it.
final class TemporaryFile {
    let directory: String
    let path: String

    init(_ content: [UInt8], name: String = "people.ldif") {
        var template = Array("/tmp/rollcall-files-XXXXXX".utf8CString)
        directory = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
        path = directory + "/" + name
        TemporaryFile.write(content, to: path)
    }

    convenience init(_ text: String, name: String = "people.ldif") {
        self.init(Array(text.utf8), name: name)
    }

    deinit {
        for entry in ["/people.ldif", "/people.csv", "/other", "/link"] { unlink(directory + entry) }
        rmdir(directory)
    }

    /// When the file was last written.
    var written: Instant {
        var status = stat()
        return stat(path, &status) == 0 ? Instant(unixSeconds: Int64(status.st_mtim.tv_sec)) : .epoch
    }

    /// Writes a file from its start, or at its end.
    static func write(_ content: [UInt8], to path: String, appending: Bool = false) {
        let descriptor = open(path, O_WRONLY | O_CREAT | (appending ? O_APPEND : O_TRUNC), 0o600)
        var rest = content[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written <= 0 { break }
            rest = rest.dropFirst(written)
        }
        close(descriptor)
    }
}

/// What a reading delivered.
struct Delivery {
    var users: [Entry] = []
    var groups: [GroupEntry] = []
    var rejected: [RejectedEntry] = []
    var proof: ReadProof?
    var batches = 0

    var dns: [String] { users.map { String(decoding: $0.dn, as: UTF8.self) } }
}

/// A reading of a small directory: users by `uid` and `mail`, groups by `member`.
enum Fixture {
    static let request = ReadRequest(
        users: AttributeLayout(anchor: .named("entryUUID"), others: [.named("uid"), .named("mail")]), groupAnchor: .named("entryUUID"),
        groupName: .named("cn"), groupMembers: [.named("member"), .named("uniqueMember")], readsGroups: true)

    static let users = "(objectClass=inetOrgPerson)"
    static let groups = "(objectClass=groupOfNames)"

    static let annaDN = "uid=anna,ou=people"
    static let anna = "dn: uid=anna,ou=people\nobjectClass: inetOrgPerson\nentryUUID: a-1\nuid: anna\nmail: anna@example.org\n\n"
    static let bo = "dn: uid=bo,ou=people\nobjectclass: top\nobjectclass: INETORGPERSON\nentryuuid: b-2\nuid: bo\n\n"
    static let unit = "dn: ou=people\nobjectClass: organizationalUnit\nou: people\nentryUUID: o-3\n\n"
    static let staff =
        "dn: cn=staff,ou=groups\nobjectClass: groupOfNames\nentryUUID: g-4\ncn: staff\nmember: uid=anna,ou=people\nmember:\n"
        + "member:: dWlkPWJvLG91PXBlb3BsZQ==\nuniqueMember: uid=cy\n\n"

    static func directory(
        _ path: String, _ format: FileSourceSettings.Format = .ldif, users: String = users, groups: String? = groups,
        limits: FileLimits = FileLimits()
    ) throws -> FileDirectory {
        FileDirectory(
            FileSourceSettings(
                path: path, format: format, users: try Filter(parsing: users), groups: try groups.map { try Filter(parsing: $0) }),
            limits: limits)
    }

    /// Reads all of it; `between` runs before each step.
    static func read(
        _ directory: FileDirectory, _ request: ReadRequest = request, between: (Int) -> Void = { _ in }
    ) async throws -> Delivery {
        let reading = try await directory.read(request)
        var delivery = Delivery()
        while true {
            between(delivery.batches)
            switch try await reading.next() {
            case .batch(let batch):
                delivery.users += batch.users
                delivery.groups += batch.groups
                delivery.rejected += batch.rejected
                delivery.batches += 1
            case .end(let proof):
                delivery.proof = proof
                return delivery
            }
        }
    }

    /// Reads text in a file of its own.
    static func read(
        _ text: String, _ format: FileSourceSettings.Format = .ldif, users: String = users, groups: String? = groups,
        limits: FileLimits = FileLimits()
    ) async throws -> Delivery {
        let file = TemporaryFile(text)
        defer { withExtendedLifetime(file) {} }
        return try await read(try directory(file.path, format, users: users, groups: groups, limits: limits))
    }
}

/// A generator with a seed, the same on every machine (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
