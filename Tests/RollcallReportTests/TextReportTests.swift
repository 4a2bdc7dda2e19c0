import Foundation
import RollcallCore
import RollcallReport
import Testing

@testable import struct RollcallReport.DisplayText
@testable import struct RollcallReport.FirstFew

@Suite("The text report is for a person at a terminal")
struct TextReportTests {
    @Test("rows in any order give the same text")
    func order() throws {
        let fixture = try ReportFixture.nominal()
        let expected = try fixture.text()
        var random = SeededRandom(42)
        for round in 0..<20 {
            var shuffled = MemoryRows([])
            shuffled.rows = fixture.rows.shuffled(using: &random)
            let text = try rendered { try TextReport(fixture.record, rows: shuffled, context: fixture.context).write(to: &$0) }
            #expect(text == expected, "seed 42, round \(round)")
        }
    }

    @Test("of many changes the first by name are shown, and the rest counted")
    func many() throws {
        struct Many: PlanRows {
            func forEachRow(_ body: (PlanRow) throws -> Bool) throws {
                for index in (0..<100_000).reversed() {
                    let row = PlanRow(
                        anchor: Anchor("\(index)".utf8), userID: 1, label: Text("user\(index + 100_000)"),
                        changes: [.deactivation(.legacy("gone"))])
                    if try !body(row) { return }
                }
            }
        }
        var fixture = try ReportFixture(.pending)
        fixture.record.summary[.deactivate] = 100_000
        let text = try rendered { try TextReport(fixture.record, rows: Many(), style: TextStyle(rowsPerKind: 3)).write(to: &$0) }
        #expect(text.contains("Deactivate (100,000)\n  user100000  active → inactive  gone\n  user100001"))
        #expect(text.contains("\n  … and 99,997 more; --format json shows all\n"))
        #expect(text.split(separator: "\n").filter { $0.contains("active → inactive") }.count == 3)
    }

    @Test("the first few are kept in bounded memory")
    func bounded() {
        var few = FirstFew<Int>(10, by: <)
        var most = 0
        for number in (0..<10_000).reversed() {
            few.offer(number)
            most = max(most, few.heldCount)
        }
        #expect(few.elements == Array(0..<10))
        #expect(few.count == 10_000 && few.more == 9_990)
        #expect(most <= 20)
    }

    @Test("colour is used only when asked, and takes nothing away")
    func colour() throws {
        for fixture in try [ReportFixture.nominal(), .held(), .empty(), .incomplete(), .hostile()] {
            let plain = try fixture.text()
            let colored = try fixture.text(TextStyle(isColored: true))
            #expect(!plain.contains("\u{1B}"))
            #expect(colored.contains("\u{1B}["))
            var stripped = ""
            var isInside = false
            for scalar in colored.unicodeScalars {
                if scalar == "\u{1B}" { isInside = true }
                if !isInside { stripped.unicodeScalars.append(scalar) }
                if scalar == "m" { isInside = false }
            }
            #expect(stripped == plain)
        }
    }

    @Test("the verdict says whether anything changed", arguments: RunRecord.Outcome.allCases)
    func verdict(_ outcome: RunRecord.Outcome) throws {
        var fixture = try ReportFixture.nominal()
        fixture.record.outcome = outcome
        fixture.record.reason = "a reason."
        let first = try #require(try fixture.text().split(separator: "\n").first)
        switch outcome {
        case .applied, .appliedPartly: #expect(first.contains("made"))
        case .inSync: #expect(first == "In sync: nothing to change.")
        default: #expect(first.lowercased().contains("nothing was changed"))
        }
        #expect(!first.contains(".."))
    }

    @Test("a plan whose every change is held would apply nothing, and says so", arguments: [RunRecord.Outcome.pending, .held])
    func allHeld(_ outcome: RunRecord.Outcome) throws {
        let row = person("igarcia", id: 3, [.grant("Administrators", path: [], heldBy: .privilegedGrant)])
        let text = try ReportFixture(outcome, rows: [row], unchanged: 37).text()
        #expect(text.hasPrefix("Held: 1 change needs approval. Nothing was changed.\n"))
        #expect(text.contains("\nIf this is expected, review and approve\n  rollcall plan --out plan.json\n"))
        #expect(!text.contains("To apply"))
    }

    @Test("a reactivation that is held for its privilege stands under a heading that fits it, and grants say which are privileged")
    func heldPrivilege() throws {
        let status = [FieldChange(.status, before: "inactive", after: "active")]
        let changes: [Change] = [
            .test(.reactivate, status, rule: .noStatusRule, reason: .activeAgain(Reason.Return()), heldBy: .privilegedGrant),
            .grant("Administrators", path: [], heldBy: .privilegedGrant),
            .test(.grant, group: "Staff", rule: .group(2), reason: .member, heldBy: .privilegedGrant),
        ]
        let text = try ReportFixture(.held, rows: [person("igarcia", id: 3, changes)], unchanged: 37).text()
        #expect(text.contains("\nPrivileged access held (3)\n"))
        for words in ["reactivate inactive → active ", "grant Administrators (privileged) ", "grant Staff "] {
            #expect(text.contains("  igarcia  \(words)"), "\(words): \(text)")
        }
    }

    @Test("an entry without a name is told by its anchor")
    func nameless() throws {
        let remark = Remark(.unusable("2 records have this id"))
        let row = PlanRow(anchor: Anchor("id-7".utf8), userID: nil, label: .empty, remarks: [remark])
        let text = try ReportFixture(.inSync, rows: [row]).text()
        #expect(text.contains("\n  id-7  the entry cannot be used: 2 records have this id"), "\(text)")
    }

    @Test("a last holder's change comes first and is not offered for approval, which would not help", arguments: [false, true])
    func lastHolder(_ alone: Bool) throws {
        var fixture = try ReportFixture.lastHolder()
        if alone {
            fixture.rows = fixture.rows.filter { $0.label == "bdahl" }
            fixture.record.summary = Summary()
            for row in fixture.rows { fixture.record.summary.add(row) }
        }
        let text = try fixture.text()
        let waits = "for another holder of a privileged group. Nothing was changed.\n"
        #expect(text.hasPrefix(alone ? "Held: 1 change waits \(waits)" : "Held: 1 change needs approval, 1 waits \(waits)"))
        #expect(text.contains("--approve") == !alone)
        let first = try #require(text.range(of: "\n\n"))
        let heading = "Last holders kept (1): the one case in which a leaver keeps access\n"
        #expect(text[first.upperBound...].hasPrefix(heading + "  bdahl  deactivate active → inactive"))
    }

    @Test("what the policy stops is not offered for approval")
    func policy() throws {
        for outcome in [RunRecord.Outcome.pending, .held] {
            var fixture = try ReportFixture(outcome, rows: [person("carol", id: 1, [.deactivation(.legacy("gone"))])])
            fixture.record.reason = "the policy is report-only"
            let text = try fixture.text()
            let word = outcome == .held ? "Held" : "Pending"
            #expect(text.hasPrefix("\(word): 1 change found, and the policy is report-only. Nothing was changed.\n"))
            #expect(!text.contains("rollcall apply") && !text.contains("why"))
        }
    }

    @Test("what a guard says is said once")
    func once() throws {
        var fixture = try ReportFixture.held()
        fixture.record.reason = fixture.record.guards[1].message
        #expect(try fixture.text().components(separatedBy: fixture.record.guards[1].message).count == 2)
        fixture.record.reason = "another reason"
        #expect(try !fixture.text().contains("why     another reason"), "every change is held, as the verdict says")
    }

    @Test("the audit log's head is printed as `audit verify --expect` takes it, times to the second")
    func provenance() throws {
        var fixture = try ReportFixture.held()
        fixture.record.started = fixture.record.started.adding(microseconds: 500_000)
        let text = try fixture.text()
        #expect(text.contains("\n  audit   1204:\(String(repeating: "5e", count: 32))\n"))
        #expect(text.contains("started 2026-11-21T18:45:00Z, took 11 s"))
        #expect(try fixture.json().contains("\"started\": \"2026-11-21T18:45:00.5"))
    }

    @Test("a saved plan is approved by its own name, quoted for the shell")
    func hints() throws {
        var fixture = try ReportFixture.held()
        fixture.context.hints = CommandHints(program: "./rollcall", configPath: "it's.yaml", planPath: "p 1.json")
        let text = try fixture.text()
        #expect(text.contains("  ./rollcall apply 'p 1.json' --approve --config 'it'\\''s.yaml'\n"))
        #expect(!text.contains("plan --out"))
    }

    @Test("remarks that were there before are counted, not repeated")
    func known() throws {
        let rows = (0..<5).map { index in
            person(Text("user\(index)"), id: Int64(index), remarks: [Remark(.protectedName("root", keeping: nil), isNew: index == 3)])
        }
        let text = try ReportFixture(.inSync, rows: rows).text()
        #expect(
            text.contains(
                "Conflicts (1 new)\n  user3  it claims the protected username root\n         do: rename it upstream, or take the name out of `protect.users`\n  + 4 known since the last applied run\n"
            ))
    }

    @Test("long values are cut at the width asked for, wide characters counted twice")
    func cutting() {
        #expect(DisplayText(Text(String(repeating: "x", count: 300)), limit: 200).text.unicodeScalars.count == 200)
        #expect(DisplayText("渡辺渡辺", limit: 8).width == 8)
        #expect(DisplayText("渡辺渡辺渡", limit: 8).text == "渡辺渡…")
        #expect(DisplayText(Text(String(repeating: "\u{0301}", count: 100_000)), limit: 40).text.utf8.count < 2_000)
        #expect(DisplayText("x\u{1B}y", limit: 40).text == "x\\u{1B}y")
    }
}
