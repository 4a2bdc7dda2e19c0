import Testing

@testable import RollcallCore

@Suite("Evaluating a filter")
struct FilterEvaluationTests {
    /// An entry of text values; attributes in `hidden` have not been read.
    struct Entry: FilterSubject {
        var values: [String: [[UInt8]]]
        var hidden: Set<String> = []
        var distinguishedName: DistinguishedName?

        func reading(of attribute: AttributeName) -> AttributeReading {
            let key = String(decoding: attribute.folded, as: UTF8.self)
            return hidden.contains(key) ? .unknown : .values((values[key] ?? []).map { $0[...] })
        }
    }

    static let anna = Entry(
        values: [
            "objectclass": ["top", "inetOrgPerson"].map { Array($0.utf8) }, "cn": ["Anna  Lindqvist", "Åsa Öberg"].map { Array($0.utf8) },
            "sn": [Array("Lindqvist".utf8)], "uidnumber": [Array("1042".utf8)], "age": [Array("-5".utf8)], "empty": [Array("".utf8)],
            "telephonenumber": [Array("+46 (0)8-123 45".utf8)], "useraccountcontrol": [Array("514".utf8)],
            "grouptype": [Array("-2147483646".utf8)], "huge": [Array("99999999999999999999".utf8)],
            "mixed": ["x", "7"].map { Array($0.utf8) },
            "objectguid": [[0x41, 0xFF, 0x20, 0x20, 0x42]], "entryuuid": [Array("0F1E2D3C-aaaa".utf8)],
            "memberof": ["CN=Staff, OU=Groups,DC=example,DC=com", "not a name"].map { Array($0.utf8) },
            "manager": [Array("cn=Bo\\2C Ek,dc=example".utf8)], "whenchanged": [Array("20240229120000.0Z".utf8)],
            "local": [Array("20240229120000+0100".utf8)], "cn;lang-en": [Array("Ann".utf8)],
        ], hidden: ["secret", "hiddengroup"],
        distinguishedName: try? DistinguishedName(parsing: "uid=anna,ou=People+l=Lund,dc=example,dc=com"))

    @Test(
        "compares values by what the attribute holds",
        arguments: [
            ("(objectClass=INETORGPERSON)", Truth.yes), ("(objectClass=person)", .no), ("(cn=anna lindqvist)", .yes),
            ("(cn= Anna   LINDQVIST )", .yes),
            ("(cn=åSA öBERG)", .yes), ("(cn=annalindqvist)", .no), ("(cn=anna lind)", .no), ("(cn=anna lindqvist x)", .no),
            ("(nothing=x)", .no),
            ("(nothing=)", .no), ("(empty=)", .yes), ("(empty= )", .yes), ("(secret=x)", .unknown), ("(secret=*)", .unknown),
            ("(sn=*)", .yes),
            ("(nothing=*)", .no), ("(cn;lang-en=ann)", .yes), ("(objectGUID=A\\ff  B)", .yes), ("(objectGUID=a\\ff  B)", .no),
            ("(objectGUID=A\\ff B)", .no), ("(entryUUID=0f1e2d3c-AAAA)", .yes), ("(memberOf=cn=staff,ou=groups,dc=example,dc=com)", .yes),
            ("(memberOf=cn=staff,ou=groups)", .no), ("(memberOf=not a name)", .unknown), ("(manager=CN=bo\\5c, ek, dc=Example)", .yes),
            ("(sn~=lind-qvist)", .yes), ("(sn~=lindkvist)", .no), ("(telephoneNumber~=460812345)", .yes), ("(sn~=--)", .no),
            ("(secret~=a)", .unknown),
        ])
    func equality(text: String, expected: Truth) throws {
        #expect(try Filter(parsing: text).evaluate(on: Self.anna) == expected)
    }

    @Test(
        "finds pieces of values",
        arguments: [
            ("(cn=Anna*)", Truth.yes), ("(cn=anna *)", .yes), ("(cn=*qvist)", .yes), ("(cn=*NA LI*)", .yes), ("(cn=an*lind*vist)", .yes),
            ("(cn=anna * lindqvist)", .yes), ("(cn=anna*anna*)", .no), ("(cn=*lind*lind*)", .no), ("(sn=lind*dqvist)", .no),
            ("(sn=lind*qvist)", .yes),
            ("(sn=lindqvist*)", .yes), ("(sn=*lindqvist*)", .yes), ("(sn=lindqvist *)", .yes), ("(sn=*lindqvist *)", .yes),
            ("(sn=* lind*)", .yes),
            ("(sn=*d q*)", .no), ("(cn=*ÖB*)", .yes), ("(cn=å*g)", .yes), ("(objectGUID=*\\ff*B)", .yes), ("(objectGUID=a*)", .no),
            ("(memberOf=*ou=groups*)", .yes), ("(nothing=*a)", .no), ("(secret=a*)", .unknown), ("(sn=*v*i*s*t*)", .yes),
            ("(sn=*t*s*)", .no),
        ])
    func substrings(text: String, expected: Truth) throws {
        #expect(try Filter(parsing: text).evaluate(on: Self.anna) == expected)
    }

    @Test(
        "orders numbers, times and text",
        arguments: [
            ("(uidNumber>=1042)", Truth.yes), ("(uidNumber>=1043)", .no), ("(uidNumber>=999)", .yes), ("(uidNumber<=999)", .no),
            ("(uidNumber<=2000)", .yes), ("(age<=-4)", .yes), ("(age>=-4)", .no), ("(age>=-10)", .yes),
            ("(huge>=9223372036854775807)", .yes),
            ("(huge<=5)", .no), ("(huge>=-99999999999999999999)", .yes), ("(sn>=5)", .unknown), ("(mixed>=5)", .yes),
            ("(mixed>=8)", .unknown),
            ("(sn>=LINDA)", .yes), ("(sn<=linda)", .no), ("(sn>=lindqvist)", .yes), ("(sn<=lindqvist)", .yes), ("(sn>=m)", .no),
            ("(whenChanged>=20240229120000.0Z)", .yes), ("(whenChanged>=20240229120000Z)", .yes), ("(whenChanged<=20240229115959Z)", .no),
            ("(whenChanged>=20240301000000.0Z)", .no), ("(whenChanged<=20240229120000.5Z)", .yes),
            ("(whenChanged>=202402291200Z)", .unknown),
            ("(local>=20240229110000Z)", .unknown), ("(local>=20240229110000+0100)", .yes), ("(nothing>=1)", .no),
            ("(secret<=1)", .unknown),
        ])
    func ordering(text: String, expected: Truth) throws {
        #expect(try Filter(parsing: text).evaluate(on: Self.anna) == expected)
    }

    @Test(
        "uses the rule it names",
        arguments: [
            ("(sn:=LINDQVIST)", Truth.yes), ("(sn:caseExactMatch:=Lindqvist)", .yes), ("(sn:caseExactMatch:=lindqvist)", .no),
            ("(sn:2.5.13.5:=lindqvist)", .no), ("(sn:2.5.13.2:=lindqvist)", .yes), ("(sn:CASEIGNOREMATCH:=lindqvist)", .yes),
            ("(sn:1.2.3.4:=Lindqvist)", .unknown), ("(userAccountControl:1.2.840.113556.1.4.803:=2)", .yes),
            ("(userAccountControl:1.2.840.113556.1.4.803:=3)", .no), ("(userAccountControl:1.2.840.113556.1.4.804:=3)", .yes),
            ("(userAccountControl:1.2.840.113556.1.4.804:=0)", .no), ("(userAccountControl:1.2.840.113556.1.4.803:=0)", .yes),
            ("(userAccountControl:1.2.840.113556.1.4.803:=x)", .unknown), ("(sn:1.2.840.113556.1.4.803:=2)", .unknown),
            ("(huge:1.2.840.113556.1.4.803:=2)", .unknown), ("(groupType:1.2.840.113556.1.4.803:=2147483648)", .yes),
            ("(groupType:1.2.840.113556.1.4.803:=-2147483648)", .yes), ("(groupType:1.2.840.113556.1.4.803:=2147483650)", .yes),
            ("(groupType:1.2.840.113556.1.4.803:=4)", .no), ("(groupType:1.2.840.113556.1.4.803:=4294967296)", .yes),
            ("(nothing:1.2.840.113556.1.4.803:=2)", .no), ("(secret:1.2.840.113556.1.4.803:=2)", .unknown),
            ("(memberOf:distinguishedNameMatch:=CN=STAFF,OU=Groups,DC=example,DC=com)", .yes),
            ("(memberOf:1.2.840.113556.1.4.1941:=CN=Staff,OU=Groups,DC=example,DC=com)", .unknown), ("(memberOf:2.5.13.1:=x)", .unknown),
            ("(ou:dn:=people)", .yes), ("(ou:=people)", .no), ("(2.5.4.11:dn:=people)", .yes),
            ("(organizationalUnitName:dn:=people)", .yes),
            ("(l:dn:=lund)", .yes), ("(l:dn:caseExactMatch:=lund)", .no), ("(ou:dn:=x)", .no), ("(secret:dn:=x)", .unknown),
            ("(:dn:caseIgnoreMatch:=anna)", .yes), ("(:dn:caseIgnoreMatch:=nobody)", .unknown), ("(:caseIgnoreMatch:=anna)", .unknown),
        ])
    func extensible(text: String, expected: Truth) throws {
        #expect(try Filter(parsing: text).evaluate(on: Self.anna) == expected)
    }

    @Test("leaves parts of a name open when the name is not known")
    func namelessEntry() throws {
        var entry = Self.anna
        entry.distinguishedName = nil
        #expect(try Filter(parsing: "(ou:dn:=people)").evaluate(on: entry) == .unknown)
        #expect(try Filter(parsing: "(sn:dn:=lindqvist)").evaluate(on: entry) == .yes)
    }

    @Test(
        "combines parts without guessing what is unknown",
        arguments: [
            ("(&)", Truth.yes), ("(|)", .no), ("(!(&))", .no), ("(&(sn=lindqvist)(cn=*))", .yes), ("(&(sn=lindqvist)(secret=x))", .unknown),
            ("(&(secret=x)(sn=other))", .no), ("(|(secret=x)(sn=lindqvist))", .yes), ("(|(secret=x)(sn=other))", .unknown),
            ("(!(secret=x))", .unknown),
            ("(!(nothing=x))", .yes), ("(!(sn=lindqvist))", .no), ("(&(objectClass=*)(!(|(hiddenGroup=x)(sn=b))))", .unknown),
            ("(&(!(secret=x))(!(sn=lindqvist)))", .no),
        ])
    func combination(text: String, expected: Truth) throws {
        #expect(try Filter(parsing: text).evaluate(on: Self.anna) == expected)
    }

    @Test("agrees with its own denial on random filters, and reads no more than it knows")
    func randomFilters() throws {
        for seed in 0..<UInt64(3_000) {
            var random = DirectoryTestRandom(seed: seed)
            let filter = try FilterTests.randomFilter(depth: 3, using: &random)
            let values = (0..<3).map { _ in random.bytes(of: Array("ab é".utf8) + [0xFF], count: 0...4) }
            let entry = Entry(values: ["cn": values, "1.2.3": []], hidden: ["sn;lang-x"], distinguishedName: .root)
            let truth = filter.evaluate(on: entry)
            #expect(Filter.not(filter).evaluate(on: entry) == truth.negated, "seed \(seed): \(filter)")
            // What is decided without an attribute stays decided whatever the attribute turns out to hold.
            var revealed = entry
            revealed.hidden = []
            revealed.values["sn;lang-x"] = values
            if truth != .unknown { #expect(filter.evaluate(on: revealed) == truth, "seed \(seed): \(filter)") }
        }
    }

    @Test("equals folding both sides, whatever the bytes")
    func foldedEquality() {
        for seed in 0..<UInt64(20_000) {
            var random = DirectoryTestRandom(seed: seed)
            let alphabet = Array("aA  é".utf8) + (seed % 2 == 0 ? [] : [0xFF])
            let (left, right) = (random.bytes(of: alphabet, count: 0...4), random.bytes(of: alphabet, count: 0...4))
            let folded = CaseIgnoreFolding.folded(right[...])
            #expect(
                CaseIgnoreFolding.isEqual(left[...], toFolded: folded) == (CaseIgnoreFolding.folded(left[...]) == folded), "seed \(seed)")
        }
    }
}
