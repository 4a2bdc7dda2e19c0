import Testing

@testable import RollcallCore

@Suite("A distinguished name")
struct DistinguishedNameTests {
    typealias Levels = [[[String]]]

    static let readable: [(String, Levels)] = [
        ("", []),
        (
            "cn=Jim\\2C \\22Hasse Hö\\22 Hansson!,dc=dummy,dc=com",
            [[["cn", "Jim, \"Hasse Hö\" Hansson!"]], [["dc", "dummy"]], [["dc", "com"]]]
        ),
        ("UID=jsmith,DC=example,DC=net", [[["UID", "jsmith"]], [["DC", "example"]], [["DC", "net"]]]),
        ("1.3.6.1.4.1.1466.0=#04024869", [[["1.3.6.1.4.1.1466.0", "Hi"]]]),
        ("CN=Lu\\C4\\8Di\\C4\\87", [[["CN", "Lučić"]]]),
        ("  CN  =  Lu\\C4\\8Di\\C4\\87  ", [[["CN", "Lučić"]]]),
        ("   A   =   1   ,   B   =   2   ", [[["A", "1"]], [["B", "2"]]]),
        ("A = 88  \n", [[["A", "88  \n"]]]),
        ("cn=⭐;dc=❤️=\\==,dc=❤️\\\\", [[["cn", "⭐"]], [["dc", "❤️==="]], [["dc", "❤️\\"]]]),
        ("cn=john.doe\\;weird name,dc=example,dc=net", [[["cn", "john.doe;weird name"]], [["dc", "example"]], [["dc", "net"]]]),
        ("1.3.6.1.4.1.1466.0=test", [[["1.3.6.1.4.1.1466.0", "test"]]]),
        ("1=#04024869", [[["1", "Hi"]]]),
        (
            "CN=James \\\"Jim\\\" Smith\\, III,DC=example,DC=net",
            [[["CN", "James \"Jim\" Smith, III"]], [["DC", "example"]], [["DC", "net"]]]
        ),
        (
            "cn=foo-lon\\e2\\9d\\a4\\ef\\b8\\8f\\,g.com,OU=Foo===Long;ou=Ba # rq,ou=Baz,o=C\\; orp.+c=US",
            [
                [["cn", "foo-lon❤️,g.com"]], [["OU", "Foo===Long"]], [["ou", "Ba # rq"]], [["ou", "Baz"]],
                [["o", "C; orp."], ["c", "US"]],
            ]
        ),
        ("cn=\\ John Doe", [[["cn", " John Doe"]]]),
        ("cn=John Doe\\ ", [[["cn", "John Doe "]]]),
        ("cn=John\\2BDoe", [[["cn", "John+Doe"]]]),
        ("cn=Doe\\, John", [[["cn", "Doe, John"]]]),
        ("cn=Doe\\2C John", [[["cn", "Doe, John"]]]),
        ("cn=John\\;Doe", [[["cn", "John;Doe"]]]),
        ("cn=John\\<Doe", [[["cn", "John<Doe"]]]),
        ("cn=John\\3EDoe", [[["cn", "John>Doe"]]]),
        ("cn=John\\\\Doe", [[["cn", "John\\Doe"]]]),
        ("cn=admin\\\\\\ ", [[["cn", "admin\\ "]]]),
        ("cn=admin\\\\\\\\ ", [[["cn", "admin\\\\"]]]),
        ("cn=\"Doe, John\" , dc=x", [[["cn", "Doe, John"]], [["dc", "x"]]]),
        ("cn=\" a \\\" b \\2c\"", [[["cn", " a \" b ,"]]]),
        ("cn=\"\"", [[["cn", ""]]]),
        ("cn=", [[["cn", ""]]]),
        ("cn=,dc=", [[["cn", ""]], [["dc", ""]]]),
        ("OID.2.5.4.3=x", [[["2.5.4.3", "x"]]]),
        ("cn=#0C024869 , dc=x", [[["cn", "Hi"]], [["dc", "x"]]]),
        ("cn=#0481024869", [[["cn", "Hi"]]]),
    ]

    @Test("is read into levels, types and raw values", arguments: readable)
    func reads(text: String, levels: Levels) throws {
        let name = try DistinguishedName(parsing: text)
        let read = name.rdns.map { $0.components.map { [$0.type.description, String(decoding: $0.value, as: UTF8.self)] } }
        #expect(read == levels)
        let again = try DistinguishedName(parsing: name.description)
        #expect(again == name)
        #expect(again.isIdentical(to: name))
    }

    @Test(
        "is refused with the place of the fault",
        arguments: [
            ("*", 0), ("cn=Jim\\0Test", 6), ("cn=Jim\\0", 6), ("DC=example,=net", 11), ("1=#0402486900", 2), ("1=#04024869ffff,DC=net", 2),
            ("test,DC=example,DC=com", 4), ("1.3.6.1.4.1.1466.0=test+", 24), ("1.3.6.1.4.1.1466.0=test;", 24),
            ("cn=John \"Doe\",dc=com", 8), ("cn=John+", 8), ("cn=John,", 8), ("cn=John>Doe,dc=com", 7), ("cn=John\\", 7),
            ("foobar,ou=ae-dir", 6), ("-cn=foobar,ou=ae-dir", 0), (";cn=foobar,ou=ae-dir", 0), ("1.2.3.abc=bar", 0), ("føø=bar", 1),
            (" ", 1), (",", 0), ("cn", 2), ("=", 0), ("cn=#", 3), ("cn=#0", 4), ("cn=#zz", 4), ("cn= #x", 5), ("cn=#04024869 x", 13),
            ("cn=#3003020101", 3), ("cn=#0480", 3), ("cn=#04", 3), ("cn=#0484ffffffff", 3), ("cn=#0488ffffffffffffffff", 3), ("cn=\"a", 3),
            ("cn=\"a\"b", 6), ("cn=a\u{0}", 4), ("cn=\"\u{0}\"", 4), ("cn=a\\x", 4), ("cn;lang-en=x", 2), ("a=b,,c=d", 4),
        ])
    func refuses(text: String, offset: Int) {
        let error = #expect(throws: DistinguishedNameError.self) { try DistinguishedName(parsing: text) }
        #expect(error?.offset == offset, "\(text): \(String(describing: error))")
        var out: [UInt8] = [1, 2, 3]
        #expect(!DistinguishedName.normalize(Array(text.utf8)[...], into: &out))
        #expect(out.isEmpty)
    }

    @Test(
        "is equal whatever the case of values, repeated spaces and the order in a level",
        arguments: [
            ("", "", true), ("o=A", "o=A", true), ("o=A", "o=B", false), ("o=A+o=B", "o=A+o=B", true), ("o=A+o=B", "o=A+o=C", false),
            ("o=A", "O=A", true), ("o=A+o=B", "o=A+O=B", true), ("o=a", "O=A", true), ("o=A+o=B", "O=B+o=A+O=B", false),
            ("o=A+o=B+o=C", "O=B+o=A", false), ("o=A+o=A+o=B", "o=A+o=A+o=B", true),
            ("cn=John Doe, ou=People, dc=sun.com", "cn=John  Doe, ou=People, dc=sun.com", true),
            ("cn=john;dc=example,dc=com", "cn=john,dc=example,dc=com", true), ("o=a+o=B", "o=A+o=b", true),
            ("cn=users,ou=example,dc=com", "cn=Users,ou=example,dc=com", true), ("o=A,o=b", "o=a,O=B", true),
            ("o=a+o=B", "o=A+O=b", true), ("o=A+o=a+o=B", "o=a+o=A+o=b", true), ("o=A+o=a+o=b", "o=a+o=b+o=B", false),
            ("dc=example,dc=com", " dc = example , dc = com ", true),
            (
                "givenName=Test+sn=User,ou=People,dc=example,dc=com",
                " sn = user + GIVENNAME = test , ou=people , dc=example , dc = com ", true
            ),
            ("dc=example,dc=com", "o=example.com", false), ("cn=ÅSA Öberg", "cn=åsa öberg", true), ("cn=ŽIŽKA", "cn=\\c5\\beižka", true),
            ("2.5.4.3=a,2.5.4.11=b", "CommonName=A,organizationalUnitName=B", true), ("cn=a,ou=b", "cn=a\\,ou=b", false),
            ("cn=a+ou=b", "cn=a\\+ou=b", false), ("cn=\\ a\\ ", "cn=a", true), ("cn=\"A  B\"", "cn=a b", true), ("cn=\\ ", "cn=", true),
            ("cn=#04024869", "cn=hi", true), ("cn=\\ff", "cn=\\fe", false), ("cn=a\tb", "cn=a b", false), ("cn=\\23a", "cn=\\#A", true),
            ("cn=a\\=b", "cn=a=b", true), ("cn=stra\u{df}e", "cn=STRASSE", false), ("cn=×÷", "cn=××", false),
        ])
    func equality(left: String, right: String, isEqual: Bool) throws {
        let (one, other) = (try DistinguishedName(parsing: left), try DistinguishedName(parsing: right))
        #expect((one == other) == isEqual)
        #expect((one.hashValue == other.hashValue) == isEqual)
        #expect((form(left) == form(right)) == isEqual)
    }

    @Test(
        "can be told apart byte for byte as well",
        arguments: [
            ("o=A", "O=A", true), ("o=A+o=B", "O=B+o=A", true), ("o=a", "O=A", false), ("o=A+o=B", "O=B+o=A+O=B", false),
            ("o=A", "", false),
            ("cn=John Doe, ou=People, dc=sun.com", "cn=John  Doe, ou=People, dc=sun.com", false), ("cn=a\\2Cb", "cn=a\\,b", true),
            ("cn=john;dc=example,dc=com", "cn=john,dc=example,dc=com", true), ("o=A+o=A+o=B", "o=A+o=A+o=B", true),
        ])
    func identity(left: String, right: String, isIdentical: Bool) throws {
        #expect(try DistinguishedName(parsing: left).isIdentical(to: DistinguishedName(parsing: right)) == isIdentical)
    }

    @Test(
        "knows what it is below",
        arguments: [
            ("o=A+o=B", "o=A+o=B", false), ("ou=E,ou=C,ou=B,o=A", "ou=C,ou=B,o=A", true), ("ou=E,ou=C,ou=B,o=A", "OU=c, ou=b, o=a", true),
            ("ou=C,ou=B,o=A", "ou=E,ou=C,ou=B,o=A", false), ("cn=x\\,dc=com", "dc=com", false), ("cn=x+dc=com", "dc=com", false),
            ("adc=com", "dc=com", false), ("dc=com", "", true), ("", "", false), ("", "dc=com", false), ("cn=\\\\\\,o=a,o=b", "o=b", true),
            ("cn=\\\\\\,o=a", "o=a", false),
        ])
    func descent(child: String, ancestor: String, isBelow: Bool) throws {
        #expect(try DistinguishedName(parsing: child).isDescendant(of: DistinguishedName(parsing: ancestor)) == isBelow)
    }

    @Test("has a parent up to the root")
    func parents() throws {
        var name = try DistinguishedName(parsing: "cn=a\\,b+sn=c, OU=d ,dc=e")
        var texts: [String] = []
        while let parent = name.parent {
            #expect(name.isDescendant(of: parent))
            #expect(try parent == DistinguishedName(parsing: parent.description))
            texts.append(parent.description)
            name = parent
        }
        #expect(texts == ["OU=d,dc=e", "dc=e", ""])
        #expect(name == .root)
    }

    @Test(
        "is written with the escapes it needs",
        arguments: [
            ("foobar", "foobar"), ("foo,bar", "foo\\,bar"), ("foo=bar", "foo\\=bar"), ("#foobar", "\\#foobar"), (" foobar", "\\ foobar"),
            (" ", "\\ "), ("  ", "\\ \\ "), ("foobar ", "foobar\\ "), ("f+o>o,b<a;r=\"\u{0}\"", "f\\+o\\>o\\,b\\<a\\;r\\=\\\"\\00\\\""),
            (" has a leading and trailing space ", "\\ has a leading and trailing space\\ "),
            ("James \"Jim\" Smith, III", "James \\\"Jim\\\" Smith\\, III"), ("Before\rAfter", "Before\\0dAfter"), ("Lučić", "Lučić"),
            ("₠", "₠"), ("😀", "😀"), ("a#b", "a#b"), ("", ""), ("\u{7f}", "\\7f"),
        ])
    func writes(value: String, escaped: String) throws {
        let type = try #require(AttributeName("cn"))
        let name = DistinguishedName([RelativeName(type: type, value: Array(value.utf8))])
        #expect(name.description == "cn=" + escaped)
        #expect(try DistinguishedName(parsing: name.description).rdns.first?.components.first?.value == Array(value.utf8))
    }

    @Test(
        "reads values that others escape in digits",
        arguments: [
            ("\\20has a leading and trailing space\\20", " has a leading and trailing space "),
            ("James \\22Jim\\22 Smith\\2c III", "James \"Jim\" Smith, III"), ("Before\\0dAfter", "Before\rAfter"),
            ("Lu\\c4\\8di\\c4\\87", "Lučić"), ("\\e2\\82\\a0", "₠"), ("\\f0\\9f\\98\\80", "😀"),
        ])
    func readsHex(escaped: String, value: String) throws {
        #expect(try DistinguishedName(parsing: "cn=" + escaped).rdns.first?.components.first?.value == Array(value.utf8))
    }

    @Test(
        "keeps its text when it is read and written",
        arguments: [
            (
                "cn=foo-long.com,ou=FooLong,ou=Barq,ou=Baz,ou=Dept.,o=Corp.,c=US",
                "cn=foo-long.com,ou=FooLong,ou=Barq,ou=Baz,ou=Dept.,o=Corp.,c=US"
            ),
            ("cn=fo\\00o-long.com,ou=\u{4}FooLong", "cn=fo\\00o-long.com,ou=\\04FooLong"), ("CN = \\ff\\C3\\a9", "CN=\\ffé"),
        ])
    func rewrites(text: String, canonical: String) throws {
        #expect(try DistinguishedName(parsing: text).description == canonical)
    }

    @Test(
        "has one comparison form",
        arguments: [
            ("CN=Anna Lind, OU=People ,DC=example,DC=com", "cn=anna lind,ou=people,dc=example,dc=com"), ("", ""),
            ("commonName=A,userid=B,GivenName=C", "cn=a,uid=b,givenname=c"), ("cn=a\\,b,o=\\23x", "cn=a\\2cb,o=\\23x"),
            ("sn=b+cn=a", "cn=a+sn=b"), ("cn=  a   b  ", "cn=a b"), ("CN=ÅSA", "cn=åsa"), ("cn=a=b", "cn=a=b"), ("cn=a\\=b", "cn=a=b"),
            ("0.9.2342.19200300.100.1.25=X", "dc=x"), ("streetAddress=1", "street=1"),
        ])
    func forms(text: String, expected: String) throws {
        #expect(form(text) == Array(expected.utf8))
        #expect(try DistinguishedName(parsing: text).normalized == Array(expected.utf8))
    }

    @Test("has the same comparison form by the short way and by the long one")
    func shortAndLongWayAgree() {
        let types = [
            "cn", "OU", "Dc", "userid", "surNAME", "commonName", "givenName", "2.5.4.11", "domaincomponent", "x_y", "1.2", "9", "",
        ]
        let alphabets = [
            Array("abcXYZ09-.@_ ".utf8), Array("aZ  =:/'()*?!~".utf8), Array("aB ,;+\\\"#<>20cé\u{0}\u{9}\u{7f}".utf8),
            Array("ÀÖ×ØÞßàöÿ÷ÅZŽ k\u{212A}İ".utf8) + [0xC3, 0xFF],
        ]
        for seed in 0..<UInt64(40_000) {
            var random = DirectoryTestRandom(seed: seed)
            var text: [UInt8] = []
            for level in 0..<Int.random(in: 1...4, using: &random) {
                if level > 0 { text += random.bytes(of: Array(" ".utf8), count: 0...1) + Array(",".utf8) }
                text += random.bytes(of: Array(" ".utf8), count: 0...1) + Array((types.randomElement(using: &random) ?? "").utf8)
                text += random.bytes(of: Array(" ".utf8), count: 0...1) + Array("=".utf8)
                text += random.bytes(of: alphabets.randomElement(using: &random) ?? [], count: 0...9)
            }
            var short: [UInt8] = Array("left over".utf8)
            let isName = DistinguishedName.normalize(text[...], into: &short)
            let long = try? DistinguishedName(parsing: text[...])
            #expect(isName == (long != nil), "seed \(seed): \(String(decoding: text, as: UTF8.self))")
            guard let long else { continue }
            #expect(short == long.normalized, "seed \(seed): \(String(decoding: text, as: UTF8.self))")
            var again: [UInt8] = []
            #expect(DistinguishedName.normalize(short[...], into: &again) && again == short, "seed \(seed) once more")
        }
    }

    @Test("is read back as it was made, whatever the values hold")
    func roundTrip() throws {
        let types = try ["cn", "ou", "1.2.3"].map { try #require(AttributeName($0)) }
        for seed in 0..<UInt64(5_000) {
            var random = DirectoryTestRandom(seed: seed)
            let rdns = (0..<Int.random(in: 0...3, using: &random)).compactMap { _ in
                RelativeName(
                    (0..<Int.random(in: 1...2, using: &random)).map { _ in
                        let value = random.bytes(of: Array(" ,+\"\\;<>=#aÉ".utf8) + [0, 0xFF, 0xC3, 0x0A], count: 0...5)
                        return RelativeName.Component(type: types.randomElement(using: &random) ?? types[0], value: value)
                    })
            }
            let name = DistinguishedName(rdns)
            let again = try DistinguishedName(parsing: name.description)
            #expect(again.isIdentical(to: name), "seed \(seed): \(name)")
            #expect(again == name, "seed \(seed): \(name)")
        }
    }

    @Test("never traps on random bytes")
    func randomBytes() {
        for seed in 0..<UInt64(10_000) {
            var random = DirectoryTestRandom(seed: seed)
            let text = random.bytes(of: Array("cn=a,+;\"\\#04 2.".utf8) + [0xC3, 0xA9, 0xF0], count: 0...16)
            guard let name = try? DistinguishedName(parsing: text[...]) else { continue }
            #expect((try? DistinguishedName(parsing: name.description)) == name, "seed \(seed)")
        }
    }

    private func form(_ text: String) -> [UInt8]? {
        var out: [UInt8] = []
        return DistinguishedName.normalize(Array(text.utf8)[...], into: &out) ? out : nil
    }
}
