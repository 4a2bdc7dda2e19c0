import Foundation
import RollcallTesting
import Testing

@Suite("What comes from upstream reaches no terminal as it is")
struct HostileTextTests {
    /// Names that try something, each with what it tries.
    static let names: [(String, String)] = [
        ("escape", "\u{1B}[2J\u{1B}[31mRed\u{1B}]0;title\u{07}"), ("c1", "\u{9B}31mRed\u{9D}0;title\u{9C}"),
        ("bidi", "abc\u{202E}txt.exe\u{2066}x\u{2069}"),
        ("line", "First\nApplied: 999 changes made.\r\nIn sync"), ("formula", "=HYPERLINK(\"http://192.0.2.1/\",\"click\")"),
        ("at", "@SUM(1+1)*cmd|' /C calc'!A0"),
        ("marks", "left\u{200E}right\u{200F}zero\u{200B}width\u{FEFF}"), ("separator", "one\u{2028}two\u{2029}three"),
        ("delete", "gone\u{7F}\u{08}\u{08}\u{08}here"),
        ("markup", "<script>alert(1)</script>&amp;\"'"), ("tag", "tag\u{E0041}\u{E0042}"), ("null", "ends\u{0}here"),
        ("backslash", "C:\\new\\table \\u001b[31m"),
        ("tabs", "a\tb\u{0B}c\u{0C}d"), ("long", String(repeating: "W", count: 5000)),
        ("combining", "e" + String(repeating: "\u{301}", count: 50)),
        ("language", "Ærøskøbing 東京 😀"),
    ]

    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    private func ldif(_ round: Int) -> String {
        var text = ""
        for (index, (tag, name)) in HostileTextTests.names.enumerated() {
            text += "dn:: \(HostileTextTests.base64("uid=\(tag),ou=people,dc=example,dc=org"))\nobjectClass: inetOrgPerson\n"
            text += "entryUUID: \(SampleDirectory.personUUID(index))\nuid: \(tag)\nsn:: \(HostileTextTests.base64(name))\n"
            text +=
                "cn:: \(HostileTextTests.base64(name + " \(round)"))\nmail:: \(HostileTextTests.base64("\(name.prefix(40))\(tag)@example.org"))\n"
            text += "departmentNumber:: \(HostileTextTests.base64(name))\n\n"
            text += "dn:: \(HostileTextTests.base64("cn=g\(index),ou=groups,dc=example,dc=org"))\nobjectClass: groupOfNames\n"
            text += "entryUUID: \(SampleDirectory.personUUID(1000 + index))\ncn:: \(HostileTextTests.base64("app-\(name.prefix(100))"))\n"
            text += "member:: \(HostileTextTests.base64("uid=\(tag),ou=people,dc=example,dc=org"))\n\n"
        }
        // Two who claim one name, and a name that is itself hostile.
        text += "dn: uid=twin,ou=people,dc=example,dc=org\nobjectClass: inetOrgPerson\nentryUUID: \(SampleDirectory.personUUID(500))\n"
        text += "uid:: \(HostileTextTests.base64("\u{1B}[31mtwin\nroot"))\nsn: Twin\ncn: Twin\n\n"
        text += "dn:: \(HostileTextTests.base64("uid=\u{1B}[5mblink\u{202E},ou=people,dc=example,dc=org"))\nobjectClass: inetOrgPerson\n"
        text += "entryUUID: \(SampleDirectory.personUUID(501))\nuid: clash\nsn: Twin\ncn: Twin\n\n"
        text += "dn: uid=clash,ou=people,dc=example,dc=org\nobjectClass: inetOrgPerson\nentryUUID: \(SampleDirectory.personUUID(503))\n"
        text += "uid: clash\nsn: Twin\ncn: Twin\n\n"
        // Not UTF-8.
        text += "dn: uid=bytes,ou=people,dc=example,dc=org\nobjectClass: inetOrgPerson\nentryUUID: \(SampleDirectory.personUUID(502))\n"
        text += "uid: bytes\nsn: Bytes\ncn:: \(Data([0xFF, 0xFE, 0x1B, 0x5B, 0x33, 0x31, 0x6D, 0xC3, 0x28]).base64EncodedString())\n\n"
        return text
    }

    private static let rules = """
        attributes: {display_name: cn, extra: {department: departmentNumber}}
        groups:
          - {match: "^app-.*$", grant: Everybody}
        """

    /// The scalars of an output that a terminal would act on; the line ends of CSV have a carriage return.
    private func harmful(_ data: Data, _ format: String = "") -> [String] {
        var text = String(decoding: data, as: UTF8.self)
        if format == "csv" { text = text.replacingOccurrences(of: "\r\n", with: "\n") }
        return text.unicodeScalars.filter { scalar in
            switch scalar.value {
            case 0x0A: false
            case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xE0000...0xE007F: true
            default: false
            }
        }.map { "U+" + String($0.value, radix: 16, uppercase: true) }
    }

    @Test("No command writes a control character, and every JSON is whole and says what was there")
    func commands() async throws {
        let workspace = try Workspace()
        try workspace.configure(ldif: ldif(1), HostileTextTests.rules)
        for round in 1...2 {
            try workspace.directory.write(ldif(round), to: "people.ldif")
            if round == 2 {
                let apply = try await workspace.approveAll(endingWith: 4)
                #expect(harmful(apply.output) == [] && harmful(apply.errors) == [])
            }
            if round == 1 {
                for format in ["text", "json"] {
                    let apply = try await workspace.run("apply", "--format", format)
                    #expect(apply.status == 3, "\(apply.said)")
                    #expect(harmful(apply.output) == [] && harmful(apply.errors) == [])
                }
            }
            var commands = [
                ["check"], ["plan"], ["plan", "--limit", "1000"], ["plan", "--decide-all"], ["report"], ["runs"], ["users", "list"],
                ["groups", "list"], ["groups", "list", "--unmapped"], ["groups", "show", "Everybody"],
                ["explain", "\u{1B}[31mnobody\u{202E}"],
                ["users", "show", "\u{1B}[31mnobody\u{9B}"], ["users", "list", "--search", "\u{1B}"], ["report", "\u{1B}[31m"],
            ]
            for tag in ["escape", "c1", "bidi", "line", "null", "bytes"] { commands += [["explain", tag], ["users", "show", tag]] }
            for arguments in commands where !arguments.contains(where: { $0.utf8.contains(0) }) {
                for format in ["text", "json", "csv", "html", "markdown"] {
                    let outcome = try await workspace.binary.run(arguments + ["--format", format, "--config", workspace.config])
                    #expect([0, 1, 2, 3].contains(outcome.status), "\(arguments): \(outcome.status)")
                    #expect(harmful(outcome.output, format) == [], "\(arguments), \(format), standard output")
                    #expect(harmful(outcome.errors) == [], "\(arguments), standard error")
                    if format == "json", outcome.status != 1 { _ = try outcome.json() }
                    let forged = outcome.text.split(separator: "\n").filter { $0.hasPrefix("Applied: 999") || $0 == "In sync" }
                    #expect(forged.isEmpty, "\(arguments): a name begins a line of its own")
                }
            }
        }
        // Stored as it is: JSON gives it back, character for character.
        let users = try await workspace.run("users", "list", "--format", "json")
        let listed = try users.part("users") as? [[String: Any]] ?? []
        for (tag, name) in HostileTextTests.names where !name.contains("\u{0}") && tag != "long" && tag != "combining" {
            let user = listed.first { $0["username"] as? String == tag }
            let shown = (user?["display_name"] as? String).map { Array($0.unicodeScalars) }
            #expect(shown == Array("\(name) 2".unicodeScalars), "\(tag)")
        }
    }

    @Test("A hostile config path and plan path are shown harmless")
    func paths() async throws {
        let workspace = try Workspace()
        try workspace.configure(ldif: Population(3).ldif)
        for arguments in [
            ["plan", "--config", "/tmp/\u{1B}[31m\u{202E}no.yaml"], ["apply", "/tmp/\u{1B}[31mno.json", "--config", workspace.config],
        ] {
            let outcome = try await workspace.binary.run(arguments)
            #expect(outcome.status != 0)
            #expect(harmful(outcome.output) == [] && harmful(outcome.errors) == [], "\(arguments): \(harmful(outcome.errors))")
        }
    }
}
