import Testing

@testable import RollcallCore

@Suite("Linear patterns match as written")
struct LinearPatternTests {
    /// Pattern, text, matched part (`nil` for no match).
    static let matches: [(String, String, String?)] = [
        ("abc", "xabcx", "abc"), ("a.c", "a\nc abc", "abc"), ("a|ab", "ab", "a"), ("(?:a|ab)c", "abc", "abc"), ("a*", "baa", ""),
        ("a+", "baa", "aa"), ("a+?", "baa", "a"),
        ("a??b", "ab", "ab"), ("^a", "ba", nil), ("^b", "ba", "b"), ("a$", "ab", nil), ("b$", "ab", "b"), ("^$", "", ""), ("^$", "x", nil),
        ("", "x", ""), ("[a-c]+", "xxabcd", "abc"),
        ("[^a-c]+", "abxyc", "xy"), ("[a-]+", "b-a", "-a"), ("[\\]\\[]+", "x[]", "[]"), ("\\d+", "ab123c", "123"), ("\\D+", "12ab", "ab"),
        ("\\w+", "é a_1", "a_1"),
        ("\\W", "aé", "é"), ("\\s", "a\tb", "\t"), ("\\S+", " ab ", "ab"), ("[\\d.]+", "v1.2", "1.2"), ("[^\\w]", "a-b", "-"),
        ("a{2}", "aaa", "aa"), ("a{2,}", "aaaa", "aaaa"),
        ("a{1,2}", "aaa", "aa"), ("a{1,2}?", "aaa", "a"), ("a{0}b", "ab", "b"), ("(?:ab){2}", "ababab", "abab"), ("é+", "caféé", "éé"),
        (".", "\u{1F600}", "\u{1F600}"),
        ("[à-ü]", "xé", "é"), ("\\x41\\x{1F600}", "A\u{1F600}", "A\u{1F600}"), ("\\.\\*\\{\\}", ".*{}", ".*{}"), ("a|", "b", ""),
        ("(?:)", "b", ""), ("(a*)*b", "aab", "aab"),
        ("(?:a*)*$", "aaab", ""), ("(?:^a|b)c", "xbc", "bc"), ("(?:^a|b)c", "xac", nil), ("x*^a", "a", "a"), ("K", "\u{212A}", nil),
        ("e\u{301}", "é", nil), ("\\-", "-", "-"),
        ("cn=(?<team>[^,]+),", "cn=eng,ou=x", "cn=eng,"), ("[^,]$", "a,é", "é"), ("日本", "x日本", "日本"),
    ]

    @Test("The leftmost match is found", arguments: matches)
    func matching(pattern: String, text: String, expected: String?) throws {
        let match = try LinearPattern(pattern).firstMatch(in: Text(text))
        #expect(match?.whole == expected.map { Text($0) })
    }

    @Test("Groups take what they should")
    func groups() throws {
        let pattern = try LinearPattern("^cn=(?<kind>team|guild)-(?<name>[a-z-]+?)(-(?<role>lead))?,(ou=[^,]+,)*dc=")
        #expect(pattern.captureNames == ["kind", "name", "role"])
        let match = try #require(pattern.firstMatch(in: "cn=team-data-lead,ou=a,ou=b,dc=example"))
        #expect(match["kind"] == "team")
        #expect(match["name"] == "data")
        #expect(match["role"] == "lead")
        #expect(match[5] == "ou=b,")
        #expect(match["nobody"] == nil)
        #expect(match[-1] == nil)
        #expect(match[6] == nil)
        #expect(match.range == 0..<31)
        let other = try #require(pattern.firstMatch(in: "cn=guild-web,dc=example"))
        #expect(other["name"] == "web")
        #expect(other["role"] == nil)
        #expect(try LinearPattern("(?P<a>x)|(?<b>y)").firstMatch(in: "y")?["a"] == nil)
    }

    /// Pattern, offset of the error, a word of the message.
    static let malformed: [(String, Int, String)] = [
        ("(a", 0, "not closed"), ("a)", 1, "closes no group"), ("[a", 0, "not closed"), ("[]", 1, "empty"), ("[^]", 2, "empty"),
        ("[b-a]", 1, "wrong order"), ("[a-\\d]", 1, "end with a character"),
        ("[[:alpha:]]", 1, "named classes"), ("*a", 0, "nothing before"), ("a|*", 2, "nothing before"), ("a**", 2, "cannot be repeated"),
        ("a*+", 1, "possessive"), ("a{2}{3}", 4, "cannot be repeated"),
        ("a{2,1}", 1, "wrong order"), ("a{x}", 1, "{m}"), ("a{1", 1, "{m}"), ("a{,2}", 1, "{m}"), ("a{1001}", 1, "at most 1000"),
        ("a{99999999999999999999}", 1, "at most 1000"), ("}", 0, "\\}"), ("]", 0, "\\]"),
        ("(a)\\1", 3, "backreferences"), ("(?<n>a)\\k<n>", 7, "backreferences"), ("(?=a)", 0, "lookahead"), ("(?!a)", 0, "lookahead"),
        ("(?<=a)", 0, "lookbehind"), ("(?<!a)", 0, "lookbehind"),
        ("(?>a)", 0, "atomic"), ("(?i)a", 0, "flags"), ("(?<1a>x)", 3, "group name"), ("(?<>x)", 3, "group name"),
        ("(?<a-b>x)", 3, "group name"), ("(?<a>x)(?<a>y)", 10, "twice"),
        ("\\", 0, "ends after a backslash"), ("\\q", 0, "nothing here"), ("\\bword", 0, "anchors"), ("\\p{L}", 0, "properties"),
        ("\\x4", 0, "hexadecimal"), ("\\x{D800}", 0, "hexadecimal"),
        ("\\x{110000}", 0, "hexadecimal"), ("^*", 0, "cannot be repeated"), ("(a{100}){100}", 0, "states"),
        ("((((a{9}){9}){9}){9}){9}", 0, "states"), ("[a", 0, "not closed"), ("[a-", 0, "not closed"),
        ("[\\", 1, "backslash"),
    ]

    @Test("What cannot be read is refused with its place", arguments: malformed)
    func refusal(pattern: String, offset: Int, word: String) {
        do {
            _ = try LinearPattern(pattern)
            Issue.record("\(pattern) was read")
        } catch {
            #expect(error.offset == offset, "\(error)")
            #expect(error.message.contains(word), "\(error)")
            #expect(error.description.hasPrefix("character \(offset + 1): "))
        }
    }

    @Test("Patterns too long or too deep are refused")
    func limits() {
        #expect(throws: PatternSyntaxError.self) { try LinearPattern(String(repeating: "a", count: 4_097)) }
        #expect(throws: PatternSyntaxError.self) { try LinearPattern(String(repeating: "(", count: 2_000)) }
        #expect(throws: PatternSyntaxError.self) {
            try LinearPattern(String(repeating: "(?:", count: 60) + "a" + String(repeating: ")", count: 60))
        }
        #expect(throws: Never.self) {
            try LinearPattern(
                String(repeating: "(?:", count: 50) + "a" + String(repeating: "){2}", count: 5) + String(repeating: ")", count: 45))
        }
    }

    @Test("Repeating nothing, nested, ends at once", .timeLimit(.minutes(1)))
    func nothingRepeated() throws {
        let nested = String(repeating: "(?:", count: 40) + "a{0}" + String(repeating: "){1000}", count: 40)
        #expect(try LinearPattern(nested).firstMatch(in: "x")?.whole == "")
        let optional = String(repeating: "(?:", count: 40) + String(repeating: "){0,1000}", count: 40)
        #expect(throws: PatternSyntaxError.self) { try LinearPattern(optional) }
        let stars = String(repeating: "(?:", count: 6) + "a" + String(repeating: ")*", count: 6) + "b"
        #expect(try LinearPattern(stars).firstMatch(in: "aaab")?.whole == "aaab")
    }

    @Test("Patterns that make others backtrack are fast", .timeLimit(.minutes(1)))
    func linearTime() throws {
        let letters = Text(String(repeating: "a", count: 10_000))
        #expect(try LinearPattern("^(a+)+$").firstMatch(in: letters)?.whole == letters)
        #expect(try LinearPattern("^(a+)+$").firstMatch(in: letters + "!") == nil)
        #expect(try LinearPattern("^(a|aa)+$").firstMatch(in: letters + "!") == nil)
        #expect(try LinearPattern("(a*)*(a*)*(a*)*b").firstMatch(in: Text(String(repeating: "a", count: 2_000))) == nil)
        #expect(try LinearPattern("(?:a?){40}a{40}$").firstMatch(in: Text(String(repeating: "a", count: 40))) != nil)
    }

    @Test("Random patterns never trap, and match where a plain search does")
    func random() throws {
        let seed: UInt64 = 0x9A77
        var generator = TextTestGenerator(seed: seed)
        var readable = 0
        for round in 0..<20_000 {
            let pattern = generator.string(from: "ab()|*+?{}[]^$\\d.1,2<:é", upTo: 10)
            if let parsed = try? LinearPattern(pattern) {
                readable += 1
                _ = parsed.firstMatch(in: Text(generator.string(from: "abé1", upTo: 10)))?.whole
            }
            let word = generator.string(from: "abé", upTo: 3)
            let text = generator.string(from: "abé", upTo: 12)
            let found = try LinearPattern(word).firstMatch(in: Text(text))?.range.lowerBound
            #expect(found == Self.place(of: Array(word.utf8), in: Array(text.utf8)), "seed \(seed), round \(round)")
        }
        #expect(readable > 1_000)
    }

    private static func place(of word: [UInt8], in text: [UInt8]) -> Int? {
        guard word.count <= text.count else { return nil }
        return (0...(text.count - word.count)).first { text[$0...].starts(with: word) }
    }

    @Test("Patterns are equal when their texts are")
    func equality() throws {
        #expect(try LinearPattern("a") == LinearPattern("a"))
        #expect(try LinearPattern("\u{E9}") != LinearPattern("e\u{301}"))
        #expect(try Set([LinearPattern("a"), LinearPattern("a")]).count == 1)
        #expect(try LinearPattern("a+").description == "a+")
    }
}
