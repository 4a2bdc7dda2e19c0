import Testing

@testable import RollcallCore

@Suite("An attribute name")
struct AttributeNameTests {
    @Test(
        "is read from key strings, numbers and options",
        arguments: [
            ("mail", "mail"), ("objectClass", "objectclass"), ("ms-DS-ConsistencyGuid", "ms-ds-consistencyguid"), ("a1", "a1"),
            ("my_attr", "my_attr"), ("_id", "_id"), ("x$y", "x$y"), ("2.5.4.3", "2.5.4.3"), ("1", "1"), ("0.9.2342", "0.9.2342"),
            ("CN;Lang-EN", "cn;lang-en"), ("cn;b;A", "cn;a;b"), ("cn;b;a;B", "cn;a;b"), ("member;Range=0-1499", "member;range=0-1499"),
            ("member;range=1500-*", "member;range=1500-*"), ("userCertificate;binary", "usercertificate;binary"),
        ])
    func reads(text: String, folded: String) throws {
        let name = try #require(AttributeName(text))
        #expect(name.folded == Array(folded.utf8))
        #expect(name.description == text)
        #expect(AttributeName(bytes: Array(text.utf8)[...]) == name)
    }

    @Test(
        "is not read from anything else",
        arguments: [
            "", " ", "a b", " cn", "cn ", "-cn", "1.2.3.abc", "1..2", ".1", "1.", "01.2", "1.02", "3com", "cn;", ";x", "cn;;x", "cn;a b",
            "cn;x=y", "cn;range=", "cn;range=a", "føø", "c\u{212A}", "cn=", "*", "cn\u{0}", "a.b",
        ])
    func refuses(text: String) {
        #expect(AttributeName(text) == nil)
    }

    @Test("is the same whatever the letter case and the order of options")
    func identity() throws {
        let one = try #require(AttributeName("cn;lang-de;x-a"))
        let other = try #require(AttributeName("CN;X-A;LANG-DE"))
        #expect(one == other)
        #expect(Set([one, other]).count == 1)
        #expect(AttributeName("cn") != one)
    }

    @Test("has a base without options, written as before")
    func base() throws {
        let name = try #require(AttributeName("Member;range=0-9"))
        #expect(name.base.description == "Member")
        #expect(name.base == AttributeName("member"))
        #expect(name.base.base == name.base)
    }

    @Test("sorts by its folded bytes")
    func order() {
        let names = ["sn", "CN", "mail", "cn;a", "B"].compactMap { AttributeName($0) }
        #expect(names.sorted().map(\.description) == ["B", "CN", "cn;a", "mail", "sn"])
    }

    @Test("has one short form for its long name and its number")
    func shortNames() {
        let table = [
            "cn": ["2.5.4.3", "commonName", "CN"], "sn": ["2.5.4.4", "surname"], "c": ["2.5.4.6", "countryName"],
            "l": ["2.5.4.7", "localityName"], "st": ["2.5.4.8", "stateOrProvinceName"], "street": ["2.5.4.9", "streetAddress"],
            "o": ["2.5.4.10", "organizationName"], "ou": ["2.5.4.11", "organizationalUnitName"],
            "uid": ["0.9.2342.19200300.100.1.1", "userid"], "dc": ["0.9.2342.19200300.100.1.25", "domainComponent"],
            "givenname": ["givenName"],
        ]
        for (short, names) in table {
            for name in names { #expect(AttributeName(name)?.foldedShortName == Array(short.utf8), "\(name)") }
        }
    }

    @Test("tells which values are names, bytes or text")
    func syntax() {
        #expect(AttributeName("memberOf")?.syntax == .distinguishedName)
        #expect(AttributeName("member;range=0-1")?.syntax == .distinguishedName)
        #expect(AttributeName("objectGUID")?.syntax == .binary)
        #expect(AttributeName("x;binary")?.syntax == .binary)
        #expect(AttributeName("entryUUID")?.syntax == .text)
        #expect(AttributeName("objectClass")?.syntax == .text)
    }

    @Test("never traps on random bytes")
    func random() {
        var random = DirectoryTestRandom(seed: 11)
        for _ in 0..<5000 {
            let bytes = random.bytes(of: Array("aZ09-_$;.=* \u{0}ø".utf8), count: 0...12)
            guard let name = AttributeName(bytes: bytes) else { continue }
            #expect(AttributeName(bytes: name.folded)?.folded == name.folded, "\(name)")
        }
    }
}
