import Foundation
import RollcallTesting
import Testing

@Suite("The HTML report in a browser", .serialized)
struct BrowserTests {
    /// What the page is in Chromium once it is open.
    private func dom(of page: String, seconds: Double) async throws -> String {
        let profile = try TemporaryDirectory()
        var options = ProgramOptions()
        options.timeout = seconds
        options.environment = ["HOME": profile.path]
        let outcome = try await RunningProgram.run(
            "/usr/bin/chromium",
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--user-data-dir=\(profile.path)/profile",
                "--dump-dom", "file://\(page)",
            ], options)
        #expect(outcome.status == 0, "\(outcome.said)")
        return outcome.text
    }

    /// The names of the elements of a document, in their order.
    private func elements(_ text: String) -> [Substring] {
        text.split(separator: "<").dropFirst().compactMap { piece in
            guard let first = piece.first, first.isLetter else { return nil }
            return piece.prefix { $0.isLetter || $0.isNumber }
        }
    }

    private static let ours: Set<Substring> = [
        "html", "head", "meta", "title", "style", "body", "main", "header", "h1", "h2", "dl", "dt", "dd", "section", "p", "pre", "table",
        "thead", "tbody",
        "tr", "th", "td", "br",
    ]

    @Test("Hostile names make no element, no attribute and no script of their own")
    func hostile() async throws {
        let workspace = try Workspace()
        let attacks = [
            "<script>document.body.innerHTML='owned'</script>", "<img src=x onerror=\"document.title='owned'\">",
            "</td></tr></table><h1>owned</h1>",
            "<style>*{display:none}</style>", "<iframe src=\"http://192.0.2.1/\"></iframe>", "<svg/onload=alert(1)>", "<!-- ", "]]><b>",
            "<plaintext>",
            "&lt;script&gt;", "<a href=\"javascript:alert(1)\">x</a>", "' autofocus onfocus='alert(1)",
        ]
        var ldif = ""
        for (index, attack) in attacks.enumerated() {
            let name = Data(attack.utf8).base64EncodedString()
            ldif +=
                "dn: uid=u\(index),ou=people,dc=example,dc=org\nobjectClass: inetOrgPerson\nentryUUID: \(SampleDirectory.personUUID(index))\n"
            ldif += "uid:: \(name)\nsn:: \(name)\ncn:: \(name)\n\n"
        }
        try workspace.configure(ldif: ldif, "attributes: {display_name: cn}")
        let plan = try await workspace.run("plan", "--format", "html")
        #expect(plan.status == 3, "\(plan.said)")
        let page = try workspace.directory.write(plan.text, to: "report.html")
        let shown = try await dom(of: page, seconds: 60)
        let found = elements(shown)
        #expect(Set(found).subtracting(BrowserTests.ours) == [])
        #expect(found.filter { $0 == "h1" }.count == 1 && found.filter { $0 == "style" }.count == 1)
        #expect(found == elements(plan.text), "the browser understands the page as another one than was written")
        #expect(!shown.contains("<h1>owned") && !shown.contains("<title>owned"))

    }

    @Test("A long report opens, whole, in a few seconds")
    func long() async throws {
        let workspace = try Workspace()
        try workspace.configure(ldif: Population(10_000).ldif, Population.rules())
        let plan = try await workspace.run("plan", "--format", "html")
        #expect(plan.status == 3)
        let page = try workspace.directory.write(plan.text, to: "report.html")
        let shown = try await dom(of: page, seconds: 60)
        let rows = elements(shown).filter { $0 == "tr" }.count
        #expect(rows > 10_000 && rows == elements(plan.text).filter { $0 == "tr" }.count)
    }
}
