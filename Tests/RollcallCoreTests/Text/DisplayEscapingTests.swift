import Testing

@testable import RollcallCore

@Suite("Text is escaped before it is shown")
struct DisplayEscapingTests {
    static let cases: [(String, String)] = [
        ("", ""), ("Zoë Müller", "Zoë Müller"), ("\u{1B}[31mred", "\\u{1B}[31mred"), ("a\nb\r\tc", "a\\u{A}b\\u{D}\\u{9}c"),
        ("\u{7F}\u{9B}2J", "\\u{7F}\\u{9B}2J"),
        ("a\u{202E}b\u{2066}", "a\\u{202E}b\\u{2066}"), ("\u{200E}\u{200F}\u{61C}", "\\u{200E}\\u{200F}\\u{61C}"),
        ("\u{200B}\u{200D}\u{FEFF}", "\\u{200B}\\u{200D}\\u{FEFF}"),
        ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"), ("\u{E0041}x", "\\u{E0041}x"), ("C:\\dir", "C:\\dir"),
        ("\u{FFFE}\u{10FFFF}", "\\u{FFFE}\\u{10FFFF}"), ("\u{1F600}", "\u{1F600}"),
        ("\u{AD}\u{3164}", "\\u{AD}\\u{3164}"), ("a\u{A0}b", "a\u{A0}b"),
    ]

    @Test("What could act or hide is written out, the rest stays", arguments: cases)
    func escaping(from: String, to: String) {
        #expect(DisplayEscaping.escapedForTerminal(Text(from)) == to)
        #expect(DisplayEscaping.escapedForTerminal(from) == to)
    }

    @Test("NUL in a string is written out")
    func nul() {
        #expect(DisplayEscaping.escapedForTerminal("a\0") == "a\\u{0}")
    }

    @Test("No control or format character survives")
    func exhaustive() {
        let formats: Set<Unicode.GeneralCategory> = [.control, .lineSeparator, .paragraphSeparator]
        for scalar in (UInt32(1)...0x10FFFF).lazy.compactMap(Unicode.Scalar.init) {
            let properties = scalar.properties
            guard
                formats.contains(properties.generalCategory) || properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint
            else { continue }
            if DisplayEscaping.escapedForTerminal(Text("\(scalar)")).unicodeScalars.contains(scalar) {
                Issue.record("U+\(String(scalar.value, radix: 16))")
            }
        }
    }
}
