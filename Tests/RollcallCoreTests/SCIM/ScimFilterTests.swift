import Testing

@testable import RollcallCore

@Suite("A SCIM filter")
struct ScimFilterTests {
    /// The shape of a filter, every operator written before its parts.
    static func shape(_ filter: ScimFilter) -> String {
        switch filter {
        case .and(let parts): "and(\(parts.map(shape).joined(separator: ", ")))"
        case .or(let parts): "or(\(parts.map(shape).joined(separator: ", ")))"
        case .not(let part): "not(\(shape(part)))"
        case .comparison(let comparison): "\(comparison.relation.rawValue)(\(comparison.path), \(text(comparison.literal)))"
        case .presence(let path): "pr(\(path))"
        case .element(let path, let filter): "\(path)[\(shape(filter))]"
        }
    }

    private static func text(_ literal: ScimLiteral) -> String {
        switch literal {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .number(let number): String(decoding: number.text, as: UTF8.self)
        case .string(let bytes): "<\(String(decoding: bytes, as: UTF8.self))>"
        }
    }

    @Test(
        "is read into its shape",
        arguments: [
            ("userName ew \"sen\"", "ew(userName, <sen>)"),
            ("title pr", "pr(title)"),
            ("meta.lastModified le \"2011-05-13T04:42:34Z\"", "le(meta.lastModified, <2011-05-13T04:42:34Z>)"),
            ("title pr or userType eq \"Intern\"", "or(pr(title), eq(userType, <Intern>))"),
            ("not(userName ew \"sen\")", "not(ew(userName, <sen>))"),
            ("not ( userName ew \"sen\" ) ", "not(ew(userName, <sen>))"),
            (
                "userType eq \"Employee\" and (email co \"example.com\" or email co \"example.org\")",
                "and(eq(userType, <Employee>), or(co(email, <example.com>), co(email, <example.org>)))"
            ),
            ("userName co \"\\ufe00\\\"\\n\\t\\\\\"", "co(userName, <\u{FE00}\"\n\t\\>)"),
            ("urn:extension:members eq 25.52", "eq(urn:extension:members, 25.52)"),
            ("(title pr and email pr) or userType pr", "or(and(pr(title), pr(email)), pr(userType))"),
            ("title pr or email pr and userType pr", "or(pr(title), and(pr(email), pr(userType)))"),
            ("(title pr or email pr) and userType pr", "and(or(pr(title), pr(email)), pr(userType))"),
            ("userName eq \"bjensen\"", "eq(userName, <bjensen>)"),
            (
                "urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"J\"",
                "sw(urn:ietf:params:scim:schemas:core:2.0:User:userName, <J>)"
            ),
            ("meta.lastModified ge \"2011-05-13T04:42:34Z\"", "ge(meta.lastModified, <2011-05-13T04:42:34Z>)"),
            ("title pr and userType eq \"Employee\"", "and(pr(title), eq(userType, <Employee>))"),
            (
                "schemas eq \"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\"",
                "eq(schemas, <urn:ietf:params:scim:schemas:extension:enterprise:2.0:User>)"
            ),
            (
                "userType eq \"Employee\" and (emails co \"example.com\" or emails.value co \"example.org\")",
                "and(eq(userType, <Employee>), or(co(emails, <example.com>), co(emails.value, <example.org>)))"
            ),
            ("userType eq \"Employee\" and (emails.type eq \"work\")", "and(eq(userType, <Employee>), eq(emails.type, <work>))"),
            (
                "userType eq \"Employee\" and emails[type eq \"work\" and value co \"@example.com\"]",
                "and(eq(userType, <Employee>), emails[and(eq(type, <work>), co(value, <@example.com>))])"
            ),
            (
                "emails[type eq \"work\" and value co \"@example.com\"] or ims[type eq \"xmpp\" and value co \"@foo.com\"]",
                "or(emails[and(eq(type, <work>), co(value, <@example.com>))], ims[and(eq(type, <xmpp>), co(value, <@foo.com>))])"
            ),
            ("name pr and userName pr and title pr", "and(pr(name), pr(userName), pr(title))"),
            ("name pr or userName pr or title pr", "or(pr(name), pr(userName), pr(title))"),
            ("userName eq \"5.5\"", "eq(userName, <5.5>)"),
            ("userName eq \"chu\" and name.givenName eq \"null\"", "and(eq(userName, <chu>), eq(name.givenName, <null>))"),
            (
                "((userName eq \"5.5\") and not( name.givenName eq \"Carlos\" OR nickName eq \"blubb\"))",
                "and(eq(userName, <5.5>), not(or(eq(name.givenName, <Carlos>), eq(nickName, <blubb>))))"
            ),
            (
                "((userName eQ \"chu\") and not( name.givenName eq \"-6\" or nickName eq \"true\"))",
                "and(eq(userName, <chu>), not(or(eq(name.givenName, <-6>), eq(nickName, <true>))))"
            ),
            (
                "((userName eq \"false\") and not( name.givenName eq \"6\" or nickName eq \"true\"))",
                "and(eq(userName, <false>), not(or(eq(name.givenName, <6>), eq(nickName, <true>))))"
            ),
            (
                "((userName pR) and not( name.givenName Pr and nickName pr))",
                "and(pr(userName), not(and(pr(name.givenName), pr(nickName))))"
            ),
            (
                "((userName ne \"false\") and not( name.givenName co \"-6\" or nickName sw \"true\"))",
                "and(ne(userName, <false>), not(or(co(name.givenName, <-6>), sw(nickName, <true>))))"
            ),
            (
                "((userName ew \"false\") and not( name.givenName gt \"6\" or nickName GE \"true\"))",
                "and(ew(userName, <false>), not(or(gt(name.givenName, <6>), ge(nickName, <true>))))"
            ),
            ("meta.lastModified ge \"2019-10-17T01:07:00Z\"", "ge(meta.lastModified, <2019-10-17T01:07:00Z>)"),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter eq \"chuck\"",
                "eq(urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter, <chuck>)"
            ),
            (
                "emails[type eq \"work\" and value co \"@example.com\" or display co \"hello world\"]",
                "emails[or(and(eq(type, <work>), co(value, <@example.com>)), co(display, <hello world>))]"
            ),
            (
                "userName eq \"TestGroup!@#$%^&*()_+=-{}][\\\":;'/.,?Nej\"",
                "eq(userName, <TestGroup!@#$%^&*()_+=-{}][\":;'/.,?Nej>)"
            ),
            (
                "urn:ietf:params:scim:schemas:core:2.0:User:meta.created gt \"2019-10-10T10:10:10\"",
                "gt(urn:ietf:params:scim:schemas:core:2.0:User:meta.created, <2019-10-10T10:10:10>)"
            ),
            ("not (name pr)", "not(pr(name))"),
            ("meta.lastModified gt \"2011-05-13T04:42:34Z\"", "gt(meta.lastModified, <2011-05-13T04:42:34Z>)"),
            ("meta.lastModified lt \"2011-05-13T04:42:34Z\"", "lt(meta.lastModified, <2011-05-13T04:42:34Z>)"),
            (
                "userType ne \"Employee\" and not (emails co \"example.com\" or emails.value co \"example.org\")",
                "and(ne(userType, <Employee>), not(or(co(emails, <example.com>), co(emails.value, <example.org>))))"
            ),
            // Words as names, other spaces, and what stands close together.
            ("null eq null and true ne false", "and(eq(null, null), ne(true, false))"),
            ("and pr or or pr", "or(pr(and), pr(or))"),
            ("\n(a pr)and(b pr)\r\n\tor\nnot\n(c pr)", "or(and(pr(a), pr(b)), not(pr(c)))"),
            ("not(not(not (a pr)))", "not(not(not(pr(a))))"),
            ("a[b pr]and c pr", "and(a[pr(b)], pr(c))"),
            ("a[not(b pr)]", "a[not(pr(b))]"),
            ("active eq True", "eq(active, true)"),
            ("friends[$ref eq \"Users/1\"] and $ref pr", "and(friends[eq($ref, <Users/1>)], pr($ref))"),
            ("a eq \"\\ud83d\\ude00\\u00E9\\/\\b\\f\\r\"", "eq(a, <😀é/\u{8}\u{C}\r>)"),
            ("a eq \"😀é\u{7F}\"", "eq(a, <😀é\u{7F}>)"),
            ("a eq \"\"", "eq(a, <>)"),
            (
                "a eq -0 or a eq 1E+2 or a gt -9223372036854775808 or a lt 0.5e-7",
                "or(eq(a, -0), eq(a, 1E+2), gt(a, -9223372036854775808), lt(a, 0.5e-7))"
            ),
        ])
    func reads(text: String, shape: String) throws {
        let filter = try ScimFilter(parsing: text)
        #expect(Self.shape(filter) == shape)
        #expect(try ScimFilter(parsing: filter.description) == filter)
        #expect(try ScimFilter(parsing: String(decoding: filter.folded, as: UTF8.self)) == filter)
    }

    @Test(
        "is refused at the place where it goes wrong",
        arguments: [
            ("", 0), ("  ", 2), ("(", 1), ("()", 1), ("foo", 3), ("username pr \"bjensen\"", 12),
            ("meta.lastModified lte \"2011-05-13T04:42:34Z\"", 18), ("username eq", 11), ("username eq ", 12),
            ("title pr and userType eq \"Employee\" eq", 36), ("title pr and userType eq 12345.23 eq", 34), ("userName eq 'bjensen'", 12),
            ("userName eq \"bjensen", 12), ("userName eq \"bjensen\\", 20), ("userName eq (\"john\")", 12), ("userName eq \"john\")", 18),
            ("userName pr and", 15), ("and or", 4), ("not ( and )", 10), ("not userName pr", 0), ("() userName pr", 1),
            ("userName[userName pr)", 20), ("userName[userName[bar pr]])", 17), ("userName[userName pr]])", 21),
            ("emails.primary GE true", 18), ("emails.primary GT true", 18), ("emails.primary SW true", 18),
            ("userName regex \"a.*\"", 9), ("meta.Created gt 2015-10-10T14:38:21.8617979-07:00", 16), ("userName=\"Octocat\"", 8),
            // Beyond the known cases.
            ("a lt null", 5), ("a co 5", 5), ("a eq 1e999", 5), ("a eq 01", 5), ("a eq +1", 5), ("a eq .5", 5), ("a eq 5.", 5),
            ("a eq 1e", 5), ("a eq -", 5), ("a eq nil", 5), ("a eq {}", 5), ("a eq []", 5), ("a eq \"x\"b", 8), ("a eq \"x\"and b pr", 8),
            ("a pr b pr", 5), ("a prand b pr", 2), ("a pr andb pr", 5), ("a eq \"\\x\"", 6), ("a eq \"\\u12\"", 6), ("a eq \"\\u12g4\"", 6),
            ("a eq \"\\ud800\"", 6), ("a eq \"\\udc00\"", 6), ("a eq \"\\ud800\\u0041\"", 6), ("a eq \"\\u0000\"", 6),
            ("a eq \"\u{0}\"", 6),
            ("a eq \"\n\"", 6), ("\u{0}", 0), ("a\u{0}pr", 1), ("a pr)", 4), ("a pr]", 4), ("(a pr]", 5), ("a[b pr].c pr", 7),
            ("a.b[c pr]", 3), ("a.b.c pr", 3), ("a [b pr]", 2), ("a[ ", 3), ("a[b pr] [c pr]", 8), ("é pr", 0), ("a pr or", 7),
            ("not", 0), ("not not (a pr)", 0), ("or pr or", 8), ("urn:x:2.0:User pr", 10), (",", 0),
        ])
    func refuses(text: String, offset: Int) {
        let error = #expect(throws: ScimSyntaxError.self, "\(text)") { try ScimFilter(parsing: text) }
        #expect(error?.offset == offset, "\(text): \(error?.description ?? "")")
        #expect(error?.message.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) } == true)
    }

    @Test(
        "has one canonical text",
        arguments: [
            ("(a eq \"1\" or b eq \"2\") and c eq \"3\"", "(a eq \"1\" or b eq \"2\") and c eq \"3\""),
            ("c eq \"3\" and (a eq \"1\" or b eq \"2\")", "c eq \"3\" and (a eq \"1\" or b eq \"2\")"),
            (
                "a eq \"1\" and (b eq \"2\" or c eq \"3\") and d eq \"4\"",
                "a eq \"1\" and (b eq \"2\" or c eq \"3\") and d eq \"4\""
            ),
            ("a eq \"1\" or b eq \"2\" and c eq \"3\"", "a eq \"1\" or b eq \"2\" and c eq \"3\""),
            ("(a eq \"1\" and b eq \"2\") or c eq \"3\"", "a eq \"1\" and b eq \"2\" or c eq \"3\""),
            ("((A PR))", "a pr"),
            ("a pr and (b pr and (c pr and d pr))", "a pr and b pr and c pr and d pr"),
            ("(a pr or b pr) or (c pr or d pr)", "a pr or b pr or c pr or d pr"),
            ("NOT(A.B EQ TRUE)", "not (a.b eq true)"),
            ("not ((a pr and b pr))", "not (a pr and b pr)"),
            ("Emails[ Type  Eq \"Work\" ]", "emails[type eq \"Work\"]"),
            ("a eq \"\\u0041\\/\\u00e9\\u001f\\n\\\"\"", "a eq \"A/é\\u001f\\n\\\"\""),
            ("a gt 1.50E3", "a gt 1.50E3"),
            ("URN:Ext:A pr", "urn:ext:a pr"),
        ])
    func canonical(text: String, canonical: String) throws {
        let filter = try ScimFilter(parsing: text)
        #expect(String(decoding: filter.folded, as: UTF8.self) == canonical)
        #expect(filter.description.lowercased() == canonical.lowercased())
        #expect(try filter == ScimFilter(parsing: canonical))
    }

    @Test("names the attributes that it reads once each, brackets by what stands before them")
    func paths() throws {
        let filter = try ScimFilter(
            parsing: "emails[type eq \"work\"] and (Active eq true or not (name.familyName pr)) and ACTIVE ne null and emails pr")
        #expect(filter.paths.map(\.description) == ["emails", "Active", "name.familyName"])
    }

    @Test("may be nested 50 deep", arguments: [("(", ")"), ("not (", ")"), ("not(", " )")])
    func depth(open: String, close: String) throws {
        func nested(_ depth: Int, _ inner: String) -> String {
            String(repeating: open, count: depth) + inner + String(repeating: close, count: depth)
        }
        #expect(throws: Never.self) { try ScimFilter(parsing: nested(50, "a pr")) }
        #expect(throws: Never.self) { try ScimFilter(parsing: nested(49, "a[b pr]")) }
        #expect(throws: ScimSyntaxError.self) { try ScimFilter(parsing: nested(51, "a pr")) }
        let error = #expect(throws: ScimSyntaxError.self) { try ScimFilter(parsing: nested(50, "a[b pr]")) }
        #expect(error?.offset == 50 * open.utf8.count + 1)
        #expect(throws: ScimSyntaxError.self) { try ScimFilter(parsing: nested(12_000, "a pr")) }
    }

    @Test("may join any number of parts up to 64 KiB")
    func length() throws {
        let parts = Array(repeating: "a pr", count: 8_000).joined(separator: " or ")
        guard case .or(let read) = try ScimFilter(parsing: parts) else {
            Issue.record("this is a row of alternatives")
            return
        }
        #expect(read.count == 8_000)
        let error = #expect(throws: ScimSyntaxError.self) { try ScimFilter(parsing: parts + parts) }
        #expect(error?.offset == 65_536)
    }
}
