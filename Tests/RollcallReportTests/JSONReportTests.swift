import Foundation
import RollcallCore
import RollcallReport
import Testing

@testable import struct RollcallReport.JSONParser
@testable import enum RollcallReport.JSONValue

@Suite("The JSON report is the machine's contract")
struct JSONReportTests {
    private func fixtures() throws -> [ReportFixture] {
        try [.empty(), .nominal(), .held(), .lastHolder(), .hostile(), .incomplete()]
    }

    @Test("every report parses, here and elsewhere")
    func parses() throws {
        for fixture in try fixtures() {
            let json = try fixture.json()
            _ = try JSONParser.value(of: Array(json.utf8))
            _ = try JSONSerialization.jsonObject(with: Data(json.utf8))
        }
    }

    @Test("the top-level keys come in the contract's order")
    func keys() throws {
        let value = try JSONParser.value(of: Array(ReportFixture.nominal().json().utf8))
        guard case .object(let members) = value else { throw Unexpected() }
        #expect(
            members.map(\.name) == [
                "schema", "run", "source", "summary", "guards", "changes", "conflicts", "drift", "warnings", "undecided", "protected",
            ])
        guard case .object(let summary)? = value["summary"] else { throw Unexpected() }
        #expect(
            summary.map(\.name) == [
                "create", "update", "rename", "deactivate", "reactivate", "delete", "purge", "adopt", "grant", "revoke",
                "permission_group", "names", "unchanged",
                "held", "drift", "conflict", "undecided", "undecided_active", "protected", "ignored", "unmapped_groups",
            ])
        #expect(summary.allSatisfy { $0.value.integer != nil })
    }

    @Test("values come back as they were, however hostile")
    func fidelity() throws {
        let fixture = try ReportFixture.hostile()
        let value = try JSONParser.value(of: Array(fixture.json().utf8))
        guard case .array(let changes)? = value["changes"] else { throw Unexpected() }
        let rows = MemoryRows(fixture.rows).rows
        let expected = rows.flatMap { row in row.changes.map { (row, $0) } }
        #expect(changes.count == expected.count)
        for (json, (row, change)) in zip(changes, expected) {
            #expect(Array((json["user"]?["username"]?.string ?? "").utf8) == row.label.utf8)
            #expect(json["reason"]?.string == change.reason.sentence)
            #expect(json["digest"]?.string == change.digest.description)
            for field in change.fields {
                guard case .array(let pair)? = json["fields"]?[field.field.name] else { throw Unexpected() }
                #expect(pair.first?.string == field.before?.string)
                #expect(pair.last?.string == field.after?.string)
            }
        }
    }

    @Test("no byte of any report can act on a terminal")
    func inert() throws {
        for fixture in try fixtures() {
            for text in [try fixture.json(), try fixture.text()] {
                for scalar in text.unicodeScalars where scalar != "\n" {
                    #expect(scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format)
                    #expect(scalar != "\u{2028}" && scalar != "\u{2029}")
                }
            }
        }
    }

    @Test("each change is one line")
    func lines() throws {
        let json = try ReportFixture.held().json()
        let changes = json.split(separator: "\n").filter { $0.hasPrefix("    {\"action\"") }
        #expect(changes.count == 61)
        #expect(changes.last?.contains("\"held\": true, \"held_by\": \"privileged_grant\"") == true)
    }

    @Test("a long report leaves in pieces of bounded size")
    func pieces() throws {
        struct Many: PlanRows {
            func forEachRow(_ body: (PlanRow) throws -> Bool) throws {
                for index in 0..<5_000 {
                    if try !body(person(Text("user\(index)"), id: Int64(index), [.deactivation(.legacy("gone"))])) { return }
                }
            }
        }
        let record = try ReportFixture.empty().record
        let sizes = Sizes()
        var output = ReportOutput { sizes.all.append($0.count) }
        try JSONReport(record, rows: Many()).write(to: &output)
        try output.finish()
        #expect(sizes.all.count > 10)
        #expect(sizes.all.allSatisfy { $0 > 0 && $0 < 70_000 })
    }

    @Test("a reader who goes away ends the rendering, and the failure is thrown at the end")
    func brokenPipe() throws {
        struct Closed: Error {}
        struct Endless: PlanRows {
            func forEachRow(_ body: (PlanRow) throws -> Bool) throws {
                let row = person("same", [.deactivation(.legacy("gone"))])
                while try body(row) {}
            }
        }
        let fixture = try ReportFixture.empty()
        var output = ReportOutput { _ in throw Closed() }
        try JSONReport(fixture.record, rows: Endless()).write(to: &output)
        var failure: (any Error)?
        do { try output.finish() } catch { failure = error }
        #expect(failure is Closed)
    }
}

/// A JSON value that is not of the expected kind.
struct Unexpected: Error {}

/// How large the pieces were that a sink has taken.
private final class Sizes {
    var all: [Int] = []
}
