import Testing

@testable import RollcallCore

@Suite("A filter")
struct FilterTests {
    static let cyrillic = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"

    @Test(
        "is read and written back, with every byte beyond ASCII escaped on demand",
        arguments: [
            ("(!(sn=Miller))", "(!(sn=Miller))"), ("(sn=Miller)", "(sn=Miller)"), ("(sn=*Mill)", "(sn=*Mill)"),
            ("(sn=*Mill*)", "(sn=*Mill*)"),
            ("(sn=Mi*l*r)", "(sn=Mi*l*r)"), ("(sn=*i*ler)", "(sn=*i*ler)"), ("(sn>=Miller)", "(sn>=Miller)"), ("(sn=*)", "(sn=*)"),
            ("(sn<=Miller)", "(sn<=Miller)"), ("(sn~=Miller)", "(sn~=Miller)"),
            ("(objectGUID=함수목록)", "(objectGUID=\\ed\\95\\a8\\ec\\88\\98\\eb\\aa\\a9\\eb\\a1\\9d)"),
            ("(&(objectclass=inetorgperson)(cn=中文))", "(&(objectclass=inetorgperson)(cn=\\e4\\b8\\ad\\e6\\96\\87))"),
            ("(memberOf:=foo)", "(memberOf:=foo)"), ("(memberOf:test:=foo)", "(memberOf:test:=foo)"),
            ("(cn:1.2.3.4.5:=Fred Flintstone)", "(cn:1.2.3.4.5:=Fred Flintstone)"),
            ("(sn:dn:2.4.6.8.10:=Barney Rubble)", "(sn:dn:2.4.6.8.10:=Barney Rubble)"), ("(o:dn:=Ace Industry)", "(o:dn:=Ace Industry)"),
            ("(:1.2.3:=Wilma Flintstone)", "(:1.2.3:=Wilma Flintstone)"), ("(:DN:2.4.6.8.10:=Dino)", "(:dn:2.4.6.8.10:=Dino)"),
            ("(seeAlso=)", "(seeAlso=)"), ("(cn=*\\2A*)", "(cn=*\\2a*)"), ("(&)", "(&)"), ("(|)", "(|)"),
            ("(sn=**)", "(sn=*)"), ("(sn=a**b)", "(sn=a*b)"), (" ( &\n\t(a=b)\r\n (c=d) ) \n", "(&(a=b)(c=d))"), ("(a=b c )", "(a=b c )"),
            ("(a=\\28\\29\\2a\\5c\\00\\0a\\41)", "(a=\\28\\29\\2a\\5c\\00\\0aA)"), ("(a==b)", "(a==b)"), ("(a>==b)", "(a>==b)"),
            ("(a=b:=c)", "(a=b:=c)"),
            ("(cn;lang-en=x)", "(cn;lang-en=x)"), ("(1.3.6.1.4.1.1466.0=\\04\\02\\48\\69)", "(1.3.6.1.4.1.1466.0=\\04\\02Hi)"),
        ])
    func reads(text: String, canonical: String) throws {
        let filter = try Filter(parsing: text)
        #expect(filter.text(escapingNonASCII: true) == canonical)
        #expect(try Filter(parsing: canonical) == filter)
        #expect(try Filter(parsing: filter.description) == filter)
    }

    @Test("escapes long runs of text byte by byte")
    func cyrillicValue() throws {
        let filter = try Filter(parsing: "(objectGUID=\(Self.cyrillic))")
        let digits = Array("0123456789abcdef")
        let escaped = Self.cyrillic.utf8.map { "\\" + String(digits[Int($0 >> 4)]) + String(digits[Int($0 & 15)]) }.joined()
        #expect(filter.text(escapingNonASCII: true) == "(objectGUID=\(escaped))")
        #expect(filter.text(escapingNonASCII: true).hasPrefix("(objectGUID=\\d0\\b0\\d0\\b1\\d0\\b2"))
        #expect(filter.description == "(objectGUID=\(Self.cyrillic))")
    }

    @Test("has the meaning of the examples in RFC 4515")
    func examples() throws {
        let cn = try #require(AttributeName("cn"))
        let sn = try #require(AttributeName("sn"))
        let value = Filter.AssertionValue("Fred Flintstone")
        #expect(try Filter(parsing: "(cn=Babs Jensen)") == .equality(cn, Filter.AssertionValue("Babs Jensen")))
        #expect(try Filter(parsing: "(cn=)") == .equality(cn, Filter.AssertionValue("")))
        #expect(try Filter(parsing: "(cn=*)") == .presence(cn))
        let star = try #require(Filter.SubstringPattern(any: [Array("*".utf8)]))
        #expect(try Filter(parsing: "(cn=*\\2A*)") == .substrings(cn, star))
        #expect(try Filter(parsing: "(sn=Lu\\c4\\8di\\c4\\87)") == .equality(sn, Filter.AssertionValue("Lučić")))
        let exact = Filter.ExtensibleMatch(attribute: cn, rule: AttributeName("caseExactMatch"), value: value)
        #expect(try Filter(parsing: "(cn:caseExactMatch:=Fred Flintstone)") == .extensible(try #require(exact)))
        let plain = Filter.ExtensibleMatch(attribute: cn, rule: nil, value: Filter.AssertionValue("Betty Rubble"))
        #expect(try Filter(parsing: "(cn:=Betty Rubble)") == .extensible(try #require(plain)))
        let ruleOnly = Filter.ExtensibleMatch(attribute: nil, rule: AttributeName("1.2.3"), value: value)
        #expect(try Filter(parsing: "(:1.2.3:=Fred Flintstone)") == .extensible(try #require(ruleOnly)))
        let pattern = try #require(Filter.SubstringPattern(initial: Array("a".utf8), any: [Array("b".utf8)], final: Array("c".utf8)))
        #expect(try Filter(parsing: "(cn=a*b*c)") == .substrings(cn, pattern))
        let number = try #require(AttributeName("1.3.6.1.4.1.1466.0"))
        #expect(
            try Filter(parsing: "(1.3.6.1.4.1.1466.0=\\04\\02\\48\\69)") == .equality(number, Filter.AssertionValue([4, 2, 0x48, 0x69])))
    }

    @Test(
        "is refused with the place and with words that help",
        arguments: [
            ("", 0, "empty"), ("  ", 2, "empty"), ("cn=x", 0, "parentheses"), ("objectClass", 0, "parentheses"),
            ("(objectGUID=", 12, "missing"),
            ("((cn=)", 1, "second"), ("(objectGUID=\\zz)", 12, "\\5c"), ("(cn=\\2)", 4, "\\5c"), ("(cn=a\\)", 5, "\\5c"),
            ("(", 1, "missing"),
            ("()", 1, "nothing"), ("(cn)", 3, "comparison"), ("(cn", 3, "missing"), ("(=x)", 1, "missing"), ("(c n=x)", 1, "no spaces"),
            ("(cn =x)", 1, "no spaces"), ("(cn=x))", 6, "too many"), ("(cn=x)(sn=y)", 6, "combine"), ("(cn=x)y", 6, "combine"),
            ("(cn=a(b)", 5, "\\28"), ("(cn>x)", 3, ">="), ("(cn<x)", 3, "<="), ("(cn~x)", 3, "comparison"), ("(cn>=a*)", 6, "\\2a"),
            ("(cn~=*)", 5, "\\2a"), ("(cn:=*)", 5, "\\2a"), ("(!)", 1, "one filter"), ("(!(a=b)(c=d))", 1, "one filter"),
            ("(&(a=b)", 7, "missing"), ("(&a=b)", 2, "own parentheses"), ("(!a=b)", 2, "own parentheses"), ("(:=x)", 1, "needs"),
            ("(:dn:=x)", 1, "needs"), ("(cn:a:b:=x)", 6, "matching rule"), ("(cn:dn)", 6, ":="), ("(cn::=x)", 4, "matching rule"),
            ("(cn:a;b:=x)", 4, "matching rule"), ("(cn:", 4, ":="), ("(cn=\u{0})", 4, "\\00"), ("(føø=x)", 1, "attribute name"),
            ("(&(a=b)))", 8, "too many"),
            ("(*=x)", 1, "attribute name"),
        ])
    func refuses(text: String, offset: Int, word: String) {
        let error = #expect(throws: FilterSyntaxError.self) { try Filter(parsing: text) }
        #expect(error?.offset == offset, "\(text): \(String(describing: error))")
        #expect(error?.message.contains(word) == true, "\(text): \(String(describing: error))")
    }

    @Test("may be nested a hundred deep and no deeper")
    func depth() throws {
        func nested(_ count: Int) -> String { String(repeating: "(!", count: count) + "(a=b)" + String(repeating: ")", count: count) }
        #expect(throws: Never.self) { try Filter(parsing: nested(Filter.maximumDepth - 1)) }
        let error = #expect(throws: FilterSyntaxError.self) { try Filter(parsing: nested(Filter.maximumDepth)) }
        #expect(error?.offset == 200)
        #expect(throws: FilterSyntaxError.self) { try Filter(parsing: String(repeating: "(&", count: 1_000_000)) }
    }

    @Test("names its attributes once, in order")
    func attributes() throws {
        let filter = try Filter(parsing: "(&(Mail=*)(|(sn=a)(mail=b*)(uid>=c))(!(o:dn:=x))(:1.2:=y)(sn<=z)(l~=q))")
        #expect(filter.attributes.map(\.description) == ["Mail", "sn", "uid", "o", "l"])
    }

    @Test("is built safely from raw bytes")
    func building() throws {
        let name = try #require(AttributeName("entryUUID"))
        #expect(Filter.equalityText(name, Array("a*)(b=\u{0}ø".utf8)) == "(entryUUID=a\\2a\\29\\28b\\3d\\00\\c3\\b8)")
        let every = (0...UInt8.max).map { $0 }
        #expect(try Filter(parsing: Filter.equalityText(name, every)) == .equality(name, Filter.AssertionValue(every)))
        let filter = Filter.equality(name, Filter.AssertionValue(every))
        #expect(try Filter(parsing: filter.description) == filter)
        #expect(try Filter(parsing: filter.text(escapingNonASCII: true)) == filter)
    }

    @Test("is read back as it was made, whatever it holds")
    func roundTrip() throws {
        for seed in 0..<UInt64(3_000) {
            var random = DirectoryTestRandom(seed: seed)
            let filter = try Self.randomFilter(depth: 4, using: &random)
            #expect(try Filter(parsing: filter.description) == filter, "seed \(seed): \(filter)")
            #expect(try Filter(parsing: filter.text(escapingNonASCII: true)) == filter, "seed \(seed): \(filter)")
        }
    }

    @Test("never traps on random bytes")
    func randomBytes() {
        for seed in 0..<UInt64(20_000) {
            var random = DirectoryTestRandom(seed: seed)
            let text = random.bytes(of: Array("((()))&|!a=*:<>~\\2 dn".utf8) + [0, 0xFF], count: 0...20)
            do throws(FilterSyntaxError) {
                let filter = try Filter(parsing: text[...])
                #expect((try? Filter(parsing: filter.description)) == filter, "seed \(seed)")
            } catch {
                #expect((0...text.count).contains(error.offset), "seed \(seed)")
            }
        }
    }

    static func randomFilter(depth: Int, using random: inout DirectoryTestRandom) throws -> Filter {
        let name = try #require(AttributeName(["cn", "sn;lang-x", "1.2.3"].randomElement(using: &random) ?? "cn"))
        let alphabet = Array("ab *()\\:=é ".utf8) + [0, 0xFF, 0xE9]
        let value = Filter.AssertionValue(random.bytes(of: alphabet, count: 0...6))
        switch Int.random(in: (depth > 0 ? 0 : 3)...9, using: &random) {
        case 0: return .and(try (0..<Int.random(in: 0...3, using: &random)).map { _ in try randomFilter(depth: depth - 1, using: &random) })
        case 1: return .or(try (0..<Int.random(in: 0...3, using: &random)).map { _ in try randomFilter(depth: depth - 1, using: &random) })
        case 2: return .not(try randomFilter(depth: depth - 1, using: &random))
        case 3: return .greaterOrEqual(name, value)
        case 4: return .lessOrEqual(name, value)
        case 5: return .approximate(name, value)
        case 6: return .presence(name)
        case 7:
            let pieces = (0..<4).map { _ in random.bytes(of: alphabet, count: 0...3) }
            guard let pattern = Filter.SubstringPattern(initial: pieces[0], any: [pieces[1], pieces[2]], final: pieces[3]) else {
                fallthrough
            }
            return .substrings(name, pattern)
        case 8:
            let rule = Bool.random(using: &random) ? AttributeName("caseExactMatch") : nil
            let isOnlyRule = rule != nil && Bool.random(using: &random)
            let match = Filter.ExtensibleMatch(
                attribute: isOnlyRule ? nil : name, rule: rule, dnAttributes: Bool.random(using: &random), value: value)
            return match.map { .extensible($0) } ?? .presence(name)
        default: return .equality(name, value)
        }
    }
}
