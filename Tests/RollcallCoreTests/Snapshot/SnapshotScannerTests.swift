import RollcallCore
import Testing

@Suite("The bytes of a snapshot")
struct SnapshotScannerTests {
    private static func entry(_ name: String) -> RawEntry {
        var builder = RawEntryBuilder()
        builder.begin(.user, dn: name.utf8, line: 7)
        builder.attribute("uid".utf8)
        builder.value(name.utf8)
        builder.value([0, 0xFF])
        builder.attribute("photo".utf8)
        builder.cut()
        return builder.finish()
    }

    private static let header = SnapshotHeader(
        taken: Instant(unixSeconds: 1_794_000_000), sourceType: "ldap", flavor: "openldap",
        users: LDAPSettings.Search(base: "dc=x", scope: .one, filter: .presence(AttributeName(known: "uid"))),
        groups: LDAPSettings.Search(base: "ou=g,dc=x", filter: .and([])), anchor: AttributeName(known: "entryUUID"),
        read: [AttributeName(known: "entryUUID"), AttributeName(known: "cn;lang-de")])

    private static let proof: ReadProof = {
        var proof = ReadProof(server: "ldap://x", users: 2, groups: 0, rejected: 0, pages: 3, result: 0, watermark: "w")
        proof.groupSearch = SearchShare(pages: 1, referralsIgnored: 0)
        return proof
    }()

    /// A snapshot of two entries and two look-ups.
    private static let bytes: [UInt8] = {
        var bytes = SnapshotFrame.opening
        bytes += SnapshotFrame.header(header).bytes
        bytes += SnapshotFrame.entry(entry("anna")).bytes + SnapshotFrame.entry(entry("bert")).bytes
        bytes += SnapshotFrame.proof(proof, seen: [AttributeName(known: "uid"), AttributeName(known: "photo")]).bytes
        bytes += SnapshotFrame.lookUp(Anchor([1]), .gone).bytes + SnapshotFrame.lookUp(Anchor([2]), .leftScope(dn: "uid=c")).bytes
        return bytes + SnapshotFrame.trailer(entries: 2, lookUps: 2, sum: Digest(hashing: bytes)).bytes
    }()

    private func scan(_ bytes: [UInt8], chunk: Int = .max, showsEntries: Bool = true) throws -> (SnapshotFacts, [SnapshotFrame]) {
        var scanner = SnapshotScanner(showsEntries: showsEntries)
        var frames: [SnapshotFrame] = []
        var start = 0
        while start < bytes.count {
            let end = start + min(chunk, bytes.count - start)
            let piece = Array(bytes[start..<end])
            try piece.withUnsafeBytes { piece in try scanner.read(piece) { frames.append($0) } }
            start = end
        }
        return (try scanner.finish(), frames)
    }

    @Test("Whatever pieces it comes in, it gives what was written", arguments: [1, 2, 3, 7, 64, Int.max])
    func pieces(_ chunk: Int) throws {
        let (facts, frames) = try scan(Self.bytes, chunk: chunk)
        #expect(facts.header == Self.header && facts.proof == Self.proof && facts.lookUps == 2)
        #expect(facts.seen == [AttributeName(known: "uid"), AttributeName(known: "photo")])
        let entries = frames.compactMap { if case .entry(let entry) = $0 { entry } else { nil } }
        #expect(entries == [Self.entry("anna"), Self.entry("bert")] && frames.count == 7)
        let (same, fewer) = try scan(Self.bytes, chunk: chunk, showsEntries: false)
        #expect(same == facts && fewer.count == 5)
    }

    @Test("Cut anywhere it is refused as cut, and never as whole")
    func cut() {
        for end in 0..<Self.bytes.count {
            for showsEntries in [true, false] {
                let error = #expect(throws: SnapshotError.self) { try scan(Array(Self.bytes[..<end]), showsEntries: showsEntries) }
                #expect(error?.code == (end == 0 ? .notASnapshot : .truncated), "cut at \(end): \(error?.description ?? "")")
            }
        }
    }

    @Test("With any one byte changed, or one more at its end, it is refused")
    func changed() {
        for place in Self.bytes.indices {
            var bytes = Self.bytes
            bytes[place] ^= 1 << UInt8(place % 8)
            #expect(throws: SnapshotError.self, "changed at \(place)") { try scan(bytes) }
            #expect(throws: SnapshotError.self, "changed at \(place)") { try scan(bytes, showsEntries: false) }
        }
        let error = #expect(throws: SnapshotError.self) { try scan(Self.bytes + [0]) }
        #expect(error?.description == "the snapshot was changed after it was written; take a new one with `snapshot --out`")
    }

    @Test("Something else, and another version, are told apart")
    func foreign() {
        let other = #expect(throws: SnapshotError.self) { try scan(Array("dn: uid=anna\n".utf8)) }
        #expect(other?.code == .notASnapshot)
        let later = #expect(throws: SnapshotError.self) { try scan(Array("rollcall.snapshot/2\nxxxxxxxxxxxx".utf8)) }
        #expect(later?.code == .otherVersion)
    }

    @Test("An entry whose bytes are none of an entry ends, and says so")
    func damagedEntry() {
        for end in Self.entry("anna").bytes.indices {
            let damaged = RawEntry(bytes: Array(Self.entry("anna").bytes[..<end]))
            var items = 0
            let isDamaged = damaged.withCursor { cursor in
                while cursor.next() != nil { items += 1 }
                return cursor.isDamaged
            }
            #expect(items < 5 && (isDamaged ?? true || items < 5))
        }
    }
}

@Suite("Attributes that are never kept")
struct SecretAttributesTests {
    @Test(
        "passwords, hashes, histories, keys",
        arguments: [
            "userPassword", "USERPASSWORD", "userPassword;x", "userpassword;lang-de;x", "2.5.4.35", "unicodePwd", "dBCSPwd", "ntPwdHistory",
            "sambaNTPassword", "sambaLMPassword", "pwdHistory", "krbPrincipalKey", "ipaNTHash", "passwordHash", "password_hash",
            "Password-Hash", "ms-Mcs-AdmPwd", "msLAPS-Password", "msLAPS-EncryptedPassword", "msLAPS-EncryptedPasswordHistory",
            "supplementalCredentials", "authPassword", "userPKCS12", "ipatokenOTPKey", "api_key", "reset-token", "client_secret",
            "msFVE-RecoveryPassword", "nsSSL3SessionToken",
        ])
    func secret(_ name: String) throws {
        #expect(SecretAttributes.contains(try #require(AttributeName(name))))
        #expect(SecretAttributes.contains(description: name.utf8))
    }

    @Test(
        "what merely tells when or how often",
        arguments: [
            "pwdLastSet", "pwdChangedTime", "pwdAccountLockedTime", "pwdEndTime", "badPwdCount", "badPasswordTime",
            "passwordExpirationTime",
            "shadowLastChange", "pwdReset", "uid", "mail", "cn;lang-de", "userCertificate", "jpegPhoto", "memberOf", "description",
        ])
    func open(_ name: String) throws {
        #expect(!SecretAttributes.contains(try #require(AttributeName(name))))
    }
}

@Suite("What a snapshot cannot say")
struct SnapshotGapsTests {
    private func facts(_ read: [String], seen: [String], groups: Bool = true) -> SnapshotFacts {
        let search = LDAPSettings.Search(base: "ou=p,dc=x", filter: .presence(AttributeName(known: "uid")))
        let header = SnapshotHeader(
            taken: Instant(unixSeconds: 0), sourceType: "ldap", flavor: "openldap", users: search, groups: groups ? search : nil,
            anchor: AttributeName(known: "entryUUID"), read: read.compactMap { AttributeName($0) })
        return SnapshotFacts(
            header: header, proof: ReadProof(server: "s", users: 0, groups: 0, rejected: 0, pages: 0, result: 0),
            seen: Set(seen.compactMap { AttributeName($0) }), lookUps: 0)
    }

    private func request(_ others: [String]) -> ReadRequest {
        ReadRequest(
            users: AttributeLayout(anchor: AttributeName(known: "entryUUID"), others: others.compactMap { AttributeName($0) }),
            groupAnchor: AttributeName(known: "entryUUID"), groupName: AttributeName(known: "cn"), groupMembers: [], readsGroups: true)
    }

    private func source(_ base: String = "OU=p, DC=x") -> SourceSettings {
        let search = LDAPSettings.Search(base: base, filter: .presence(AttributeName(known: "uid")))
        var ldap = LDAPSettings(urls: [], flavor: .generic, users: search)
        ldap.groups = search
        return .ldap(ldap)
    }

    @Test("By the config of the time there are none, though nobody has an attribute that it reads")
    func same() {
        let facts = facts(["entryUUID", "uid", "shadowExpire", "cn"], seen: ["entryUUID", "uid", "cn"])
        #expect(facts.gaps(for: source(), request(["uid", "shadowExpire"])) == [])
    }

    @Test("Another attribute, another base, another type and secrets are named")
    func others() {
        let facts = facts(["entryUUID", "uid", "userPassword", "cn"], seen: ["entryUUID", "uid", "cn"], groups: false)
        let gaps = facts.gaps(for: source("dc=x"), request(["roomNumber", "userPassword"])).map(\.string)
        #expect(gaps.count == 4, "\(gaps)")
        #expect(gaps[0].contains("users below \"ou=p,dc=x\"") && gaps[1].contains("no groups"))
        #expect(gaps[2] == "roomNumber is read by the config, and no entry of the snapshot has it")
        #expect(gaps[3] == "userPassword is read by the config and never kept in a snapshot")
        let file = SourceSettings.file(FileSourceSettings(path: "p.ldif", format: .ldif, users: .and([]), groups: nil))
        #expect(facts.gaps(for: file, request([])).contains { $0.string.contains("type ldap, and source.type is file") })
    }

    @Test("An attribute of a filter counts as read")
    func filters() throws {
        let facts = facts(["entryUUID", "uid", "cn"], seen: ["entryUUID", "uid", "cn"])
        let filter = try Filter(parsing: "(&(uid=*)(!(userPassword=*))(carLicense=x))")
        let file = SourceSettings.file(FileSourceSettings(path: "p.ldif", format: .ldif, users: filter, groups: nil))
        let gaps = facts.gaps(for: file, request([])).map(\.string)
        #expect(gaps.contains { $0.hasPrefix("carLicense is read") } && gaps.contains { $0.hasPrefix("userPassword is read") })
    }

    @Test("A search covers what lies where it looks")
    func covers() throws {
        let base = try DistinguishedName(parsing: "ou=p,dc=x")
        let child = try DistinguishedName(parsing: "uid=a,OU=P,dc=x")
        let grandchild = try DistinguishedName(parsing: "cn=z,uid=a,ou=p,dc=x")
        func search(_ scope: LDAPSettings.Scope) -> [Bool] {
            let search = LDAPSettings.Search(base: "ou=p, dc=x", scope: scope, filter: .and([]))
            return [base, child, grandchild].map(search.covers)
        }
        #expect(search(.base) == [true, false, false])
        #expect(search(.one) == [false, true, false])
        #expect(search(.subtree) == [true, true, true])
        #expect(!LDAPSettings.Search(base: "ou=q,dc=x", filter: .and([])).covers(child))
    }
}
