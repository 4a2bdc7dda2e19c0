import Testing

@testable import RollcallCommands

@Suite("The words of the command line, as the kernel shows them")
struct ProgramArgumentsTests {
    private func words(_ line: String) -> [String]? { ProgramArguments.words(of: Array(line.utf8)) }

    @Test("each word but the program's name, empty ones and the last included")
    func words() {
        #expect(words("rollcall\0plan\0--out\0a b\0") == ["plan", "--out", "a b"])
        #expect(words("rollcall\0explain\0\0") == ["explain", ""])
        #expect(words("rollcall\0explain\0Jos\u{E9}\n\0") == ["explain", "Jos\u{E9}\n"])
        #expect(words("rollcall\0") == [])
    }

    @Test("what is no whole line is none, rather than a command line without words", arguments: ["", "rollcall", "rollcall\0plan"])
    func cut(_ line: String) {
        #expect(words(line) == nil)
    }

    @Test("bytes that are no UTF-8 are replaced, not dropped")
    func bytes() {
        #expect(ProgramArguments.words(of: Array("r\0".utf8) + [0x61, 0xFF, 0]) == ["a\u{FFFD}"])
    }

    @Test("this process's own words are found there too")
    func own() {
        #expect(ProgramArguments.words() == Array(CommandLine.arguments.dropFirst()))
    }
}
