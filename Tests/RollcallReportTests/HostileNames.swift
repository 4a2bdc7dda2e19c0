import RollcallCore
import RollcallReport

/// Names that try to act where they are shown, put together from building blocks; the same seed gives the same names.
enum HostileNames {
    /// What a terminal, a spreadsheet, a browser, a Markdown renderer or a shell might take for more than text.
    static let blocks = [
        "\u{1B}[2J", "\u{1B}[31m", "\u{1B}]0;title\u{07}", "\u{1B}]8;;http://evil.example\u{1B}\\", "\u{9B}31m", "\u{9D}0;t\u{9C}",
        "\u{8}\u{7F}",
        "\u{202E}gnp.exe", "\u{2066}x\u{2069}", "\u{200E}", "\u{200F}", "\u{61C}", "\u{200B}", "\u{200D}", "\u{2060}", "\u{FEFF}", "\u{AD}",
        "\u{E0041}",
        "\u{FE0F}", "\u{2028}", "\u{2029}", "\u{85}", "\u{FFF9}", "\u{FFFE}", "\u{0}", "\r\n", "\n", "\r", "\t", "\u{B}", "\u{C}",
        "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "=HYPERLINK(\"http://evil.example\",\"x\")", " =1", "\u{FF1D}1", "\u{FF0B}1",
        "\u{FF0D}1", "\u{FF20}x",
        "\u{A0}=1", "\u{3000}=1", "\u{2212}1", "x;=1", "x; =1", "\t=1", "\"=1", "\"\"", "\",\"=1", "a,b", "'",
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</td></table>", "\" onmouseover=\"x", "' onfocus='x", "<!--", "-->",
        "]]>",
        "&lt;b&gt;", "&#60;b&#62;", "<a href=\"javascript:x\">", "</title>", "</style>", "<svg/onload=x>", "<", ">", "&",
        "[x](http://evil.example)", "![x](http://evil.example/i.png)", "<http://evil.example>", "http://evil.example",
        "https://evil.example/a?b",
        "www.evil.example", "mail@evil.example", "@everyone", "#1", "owner/repo#2", "| a | b |", "\\|", "\\", "`", "``", "```", "` `",
        "~~~",
        "**b**", "_i_", "~~s~~", "# h", "> q", "- l", "1. l", "---", "[^1]", "[x]: http://evil.example", "$x$", ":smile:", "deadbeefcafe",
        "$(id)", "; rm -rf /", "%s%n", "../..", "\u{FFFD}", "\u{D7FF}", "\u{E000}", "ﷺ", "e\u{301}\u{302}\u{303}", "渡辺", "👩\u{200D}👧",
    ]

    /// At least `count` names: every block by itself, then random ones of up to five blocks, some of them storms and very long ones.
    static func all(_ count: Int = 520, seed: UInt64 = 20_261_121) -> [String] {
        var random = SeededRandom(seed)
        var names = blocks
        names.append(String(repeating: "W", count: 8_000))
        names.append("e" + String(repeating: "\u{301}", count: 2_000))
        names.append(String(repeating: "`", count: 300))
        names.append(String(repeating: "\u{202E}", count: 500))
        names.append(String(repeating: "<", count: 3_000))
        // The bytes that a lone surrogate would have are not UTF-8; what a decoder makes of them.
        names.append(String(decoding: [0xED, 0xA0, 0x80, 0x3C, 0xC0, 0xBC, 0xF4, 0x90, 0x80, 0x80], as: UTF8.self))
        while names.count < count {
            let parts = (0..<Int.random(in: 2...5, using: &random)).compactMap { _ in blocks.randomElement(using: &random) }
            names.append(parts.joined(separator: Bool.random(using: &random) ? "" : "a"))
        }
        return names
    }

    /// A run in which every place that can hold a value from outside holds `name`.
    static func fixture(_ name: String) throws -> ReportFixture {
        let text = Text(name)
        let everything: [FieldChange] = [
            FieldChange(.username, before: text, after: text), FieldChange(.email, before: text, after: nil),
            FieldChange(.givenName, before: nil, after: text), FieldChange(.familyName, before: text, after: text),
            FieldChange(.displayName, before: text, after: text), FieldChange(.extra(text), before: text, after: text),
        ]
        var rows = Action.allCases.enumerated().map { index, action in
            let isGrant = action == .grant || action == .revoke
            let change = Change.test(
                action, isGrant ? [] : everything, group: isGrant ? text : nil, path: isGrant ? [text, text] : [], rule: .legacy(name),
                reason: .legacy("said of \(name)!"), heldBy: index == 3 ? .lastHolder : index == 5 ? .privilegedGrant : nil)
            return person(text, id: Int64(index), anchor: "\(index)\(name)", [change])
        }
        rows += Remark.Kind.allCases.enumerated().map { index, kind in
            let legacy = Remark.Legacy(kind, "code", name, advice: "do \(name)!")
            return person(text, anchor: "r\(index)\(name)", remarks: [Remark(.legacy(legacy), isNew: index != 2)])
        }
        var fixture = try ReportFixture(.held, mode: .apply, rows: rows)
        fixture.record.reason = "for \(name)!"
        fixture.record.actor = text
        fixture.record.source = SourceFacts(name: name, type: name, proof: fixture.record.source.proof)
        fixture.record.source.proof?.server = name
        fixture.record.guards = [
            GuardResult(.deactivations, reach: .plan, limit: .legacy("limit \(name)!"), observed: 1, verdict: .held, .legacy(name)),
            GuardResult(.lastHolder, reach: .changes, limit: .atLeastOne, observed: 1, verdict: .held, .legacy("\(name)!")),
            GuardResult(.shrink, reach: .plan, limit: .legacy("x"), observed: 1, verdict: .approved, .legacy(name)),
        ]
        fixture.context.warnings = [Remark(.ofRun(text))]
        fixture.context.hints = CommandHints(configPath: name, planPath: name)
        return fixture
    }

    /// A table in which every place that can hold a value from outside holds `name`.
    static func table(_ name: String, _ format: Format) throws -> String {
        let table = Table(
            schema: "rollcall.x/1", name: "rows",
            columns: [.init("a", title: "a"), .init("b", title: "b"), .init("c", title: "c", isRightAligned: true)], emptyText: "None.")
        return try rendered { output in
            try table.write(format, { body in _ = body([.text(Text(name)), .string(name), .number(1)]) }, to: &output)
        }
    }
}
