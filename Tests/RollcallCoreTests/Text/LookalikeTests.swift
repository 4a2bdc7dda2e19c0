import Testing

@testable import RollcallCore

@Suite("Look-alikes are names of mixed scripts")
struct LookalikeTests {
    @Test(
        "Latin with Cyrillic or Greek is mixed",
        arguments: ["p\u{430}ypal", "\u{410}lice", "alph\u{3B1}", "\u{3BF}scar", "ivan\u{456}", "ｊ\u{430}"])
    func mixed(name: String) {
        #expect(Lookalike.isMixedScript(Text(name)))
    }

    @Test(
        "One script, with whatever else, is not mixed",
        arguments: ["", "alice.1@example.org", "Юрий-2", "Νίκος", "müller", "山田taro", "ñandú", "3×4", "a\u{301}b", "µm"])
    func plain(name: String) {
        #expect(!Lookalike.isMixedScript(Text(name)))
    }
}
