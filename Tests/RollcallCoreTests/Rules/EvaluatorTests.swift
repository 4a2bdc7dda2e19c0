import Testing

@testable import RollcallCore

@Suite("Evaluating entries")
struct EvaluatorTests {
    // Comparing each with each takes minutes.
    @Test("an attribute with a hundred thousand values costs no more than sorting them", .timeLimit(.minutes(1)))
    func manyValues() {
        let fixture = RuleFixture()
        let desired = fixture.desired((0..<100_000).map { (RuleFixture.uid, "u\($0)") })
        guard case .value(let text, let others) = desired.username else {
            Issue.record("\(desired.username)")
            return
        }
        #expect(text == "u0" && others.count == 99_999)
    }

    @Test("the first alternative that has a value is taken")
    func fallbacks() {
        let fixture = RuleFixture { mapping in
            mapping.displayName = FieldSource([
                .attribute(RuleFixture.display), .template([.attribute(RuleFixture.given), .text(" "), .attribute(RuleFixture.family)]),
                .attribute(RuleFixture.family),
            ])
        }
        let cases: [([(AttributeName, String)], FieldValue)] = [
            ([(RuleFixture.display, "Ann L."), (RuleFixture.family, "Lee")], .value("Ann L.", others: [])),
            ([(RuleFixture.given, "Ann"), (RuleFixture.family, "Lee")], .value("Ann Lee", others: [])),
            ([(RuleFixture.family, "Lee")], .value("Lee", others: [])),
            ([(RuleFixture.display, "  "), (RuleFixture.family, "Lee")], .value("Lee", others: [])),
            ([(RuleFixture.given, "Ann")], .none), ([], .none),
        ]
        for (values, expected) in cases { #expect(fixture.desired(values).displayName == expected, "\(values)") }
        #expect(fixture.desired([]).email == .unmapped)
    }

    @Test(
        "a value is trimmed, and an empty one is none",
        arguments: [
            (" ann ", "ann"), ("\tann\n", "ann"), ("\u{A0}ann\u{3000}", "ann"), ("a  b", "a  b"), ("", nil), (" \u{2003} ", nil),
        ] as [(String, Text?)])
    func trimming(value: String, expected: Text?) {
        let fixture = RuleFixture { $0.familyName = FieldSource([.attribute(RuleFixture.family)]) }
        #expect(fixture.desired([(RuleFixture.family, value)]).familyName == expected.map { .value($0, others: []) } ?? .none)
    }

    @Test("of several values the least in byte order stands first; equal ones after trimming are one")
    func severalValues() {
        let fixture = RuleFixture { $0.email = FieldSource([.attribute(RuleFixture.mail)]) }
        let value = fixture.desired([
            (RuleFixture.mail, "b@x"), (RuleFixture.mail, "a@x"), (RuleFixture.mail, " a@x "), (RuleFixture.mail, "C@x"),
        ]).email
        #expect(value == .value("C@x", others: ["a@x", "b@x"]))
        #expect(value.preferring("b@x") == "b@x" && value.preferring("z@x") == "C@x" && value.preferring(nil) == "C@x")
        #expect(FieldValue.none.preferring("b@x") == nil && FieldValue.unmapped.preferring("b@x") == nil)
    }

    @Test("what is not text is unreadable, unless another value or alternative can be read")
    func unreadable() {
        let fixture = RuleFixture { mapping in
            mapping.email = FieldSource([.attribute(RuleFixture.mail)])
            mapping.displayName = FieldSource([.attribute(RuleFixture.display), .attribute(RuleFixture.family)])
        }
        let evaluator = Evaluator(rules: fixture.rules)
        let binary: [UInt8] = [0xFF, 0xFE]
        let nul: [UInt8] = [0x61, 0, 0x62]
        for bad in [binary, nul, [0xC0, 0xAF], [0xED, 0xA0, 0x80]] {
            let alone = fixture.entry([(RuleFixture.mail, bad), (RuleFixture.display, bad)])
            #expect(evaluator.desiredUser(for: alone, at: RuleFixture.now).email == .unreadable)
            #expect(evaluator.desiredUser(for: alone, at: RuleFixture.now).displayName == .unreadable)
            let beside = fixture.entry([
                (RuleFixture.mail, bad), (RuleFixture.mail, Array("a@x".utf8)), (RuleFixture.display, bad), (RuleFixture.family, [0x4C]),
            ])
            #expect(evaluator.desiredUser(for: beside, at: RuleFixture.now).email == .value("a@x", others: []))
            #expect(evaluator.desiredUser(for: beside, at: RuleFixture.now).displayName == .value("L", others: []))
        }
    }

    @Test("a name of invisible characters alone names nobody")
    func invisible() {
        let fixture = RuleFixture { $0.email = FieldSource([.attribute(RuleFixture.mail)]) }
        let desired = fixture.desired([(RuleFixture.uid, "\u{200B}\u{2060}"), (RuleFixture.mail, "\u{AD}"), (RuleFixture.mail, "ü@x")])
        #expect(desired.username == .none && desired.usernameKey == nil)
        #expect(desired.email == .value("ü@x", others: []))
    }

    @Test("an ignored entry says by which filter, and claims nothing")
    func ignored() throws {
        var fixture = RuleFixture()
        fixture.rules.ignore = [.ldap(try Filter(parsing: "(uid=svc-*)")), .ldap(try Filter(parsing: "(uid=x)"))]
        let evaluator = Evaluator(rules: fixture.rules)
        #expect(fixture.desired([(RuleFixture.uid, "svc-backup")]).ignoredBy == "(uid=svc-*)")
        #expect(fixture.desired([(RuleFixture.uid, "ann")]).ignoredBy == nil)
        #expect(evaluator.claims(of: fixture.entry([(RuleFixture.uid, Array("svc-backup".utf8))]).slots) == nil)
        #expect(evaluator.claims(of: fixture.entry([(RuleFixture.uid, Array("ann".utf8))]).slots)?.username == .value("ann", others: []))
    }

    @Test("extra fields stand in the order of their names, however config has them")
    func extra() {
        let fixture = RuleFixture { mapping in
            mapping.extra = [
                ExtraField(name: "z", source: FieldSource([.attribute(RuleFixture.family)])),
                ExtraField(name: "a", source: FieldSource([.attribute(RuleFixture.given)])),
            ]
        }
        #expect(fixture.desired([(RuleFixture.given, "Ann"), (RuleFixture.family, "Lee")]).extra.map(\.text) == ["Ann", "Lee"])
    }
}
