import Testing

@testable import RollcallCore

@Suite("Templates are filled from the groups of a match")
struct PatternTemplateTests {
    @Test("Names are replaced and doubled braces are braces")
    func filling() throws {
        let pattern = try LinearPattern("team-(?<team>[a-z]+)(?:-(?<role>[a-z]+))?")
        let match = try #require(pattern.firstMatch(in: "team-data"))
        #expect(try PatternTemplate("Team {team}").filled(from: match) == "Team data")
        #expect(try PatternTemplate("{{{team}}}/{team}é").filled(from: match) == "{data}/dataé")
        #expect(try PatternTemplate("").filled(from: match) == "")
        #expect(try PatternTemplate("{team} {role}").filled(from: match) == nil)
        #expect(try PatternTemplate("{x}").filled { Text($0 + "!") } == "x!")
    }

    @Test("Names are listed once, and checked against a pattern")
    func names() throws {
        let template = try PatternTemplate("{b} {a} {b} {c}")
        #expect(template.names == ["b", "a", "c"])
        #expect(template.namesMissing(in: try LinearPattern("(?<a>x)(?<c>y)")) == ["b"])
        #expect(try PatternTemplate("{a}").namesMissing(in: LinearPattern("(?<a>x)")).isEmpty)
    }

    static let malformed: [(String, Int)] = [
        ("{", 0), ("a}", 1), ("{}", 0), ("x{a", 1), ("{a b}", 0), ("{1a}", 0), ("{{}", 2), ("{é}", 0), ("{a}}", 3), ("{ a}", 0),
    ]

    @Test("Stray braces and odd names are refused with their place", arguments: malformed)
    func refusal(template: String, offset: Int) {
        #expect { try PatternTemplate(template) } throws: { ($0 as? PatternSyntaxError)?.offset == offset }
    }
}
