import Foundation
import RollcallCore
import RollcallEngine
import RollcallReport
import RollcallTesting
import Testing

@Suite("Every rendering counts what was done")
struct CountsTests {
    private let fixture: RunFixture
    /// How many people there are of each kind: another number for each, so that no two can be taken for each other.
    private static let kinds: [(name: String, count: Int)] = [
        ("create", 2), ("update", 3), ("rename", 4), ("deactivate", 5), ("reactivate", 6), ("grant", 7), ("revoke", 8), ("adopt", 9),
        ("delete", 10), ("purge", 11),
    ]

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
        fixture.rules.lifecycle.deleteAfter = .days(30)
        fixture.rules.lifecycle.purgeAfter = .days(10)
        fixture.rules.lifecycle.username = .rename
        fixture.rules.lifecycle.adoption = .username
    }

    private func names(_ kind: String) -> [String] { (0..<(Self.kinds.first { $0.name == kind }?.count ?? 0)).map { "\(kind)\($0)" } }

    private func team(_ kinds: String...) -> [MemoryGroup] {
        [MemoryGroup("cn=dev,ou=groups", anchor: "g1", name: "dev-red", members: kinds.flatMap(names).map { "uid=\($0),ou=people" })]
    }

    /// The database as lines, by what each line is about.
    private func lines(_ sql: String) throws -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: try fixture.probe.rows(sql).map { line in
                let parts = line.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
                return (String(parts[0]), String(parts.last ?? ""))
            })
    }

    private struct Content {
        var status: [String: String] = [:]
        var username: [String: String] = [:]
        var fields: [String: String] = [:]
        var grants: Set<String> = []
        var links: [String: String] = [:]
        var groups: [String: String] = [:]
        /// The deleted accounts whose names are free.
        var freed: Set<String> = []
    }

    private func content() throws -> Content {
        Content(
            status: try lines("SELECT id, status FROM users"), username: try lines("SELECT id, username FROM users"),
            fields: try lines("SELECT id, email, given_name, family_name, display_name, extra FROM users"),
            grants: Set(try fixture.probe.rows("SELECT user_id, group_id FROM grants WHERE origin = 'source'")),
            links: try lines("SELECT user_id, hex(anchor) FROM entries WHERE user_id IS NOT NULL"),
            groups: try lines("SELECT name, privileged, permissions FROM permission_groups"),
            freed: Set(try fixture.probe.rows("SELECT user_id AS id FROM freed")))
    }

    /// How often each action was done, by the difference of the database.
    private func counts(from old: Content, to new: Content) -> [String: Int] {
        func moved(_ path: KeyPath<Content, [String: String]>, _ isMeant: (String, String) -> Bool) -> Int {
            old[keyPath: path].count { id, before in new[keyPath: path][id].map { isMeant(before, $0) } ?? false }
        }
        return [
            "create": new.status.keys.count { old.status[$0] == nil }, "purge": old.status.keys.count { new.status[$0] == nil },
            "update": moved(\.fields) { $0 != $1 }, "rename": moved(\.username) { $0 != $1 },
            "deactivate": moved(\.status) { $0 == "status=\"active\"" && $1 == "status=\"inactive\"" },
            "reactivate": moved(\.status) { $0 == "status=\"inactive\"" && $1 == "status=\"active\"" },
            "delete": moved(\.status) { $0 != $1 && $1 == "status=\"deleted\"" },
            "grant": new.grants.subtracting(old.grants).count, "revoke": old.grants.subtracting(new.grants).count,
            "adopt": new.links.keys.count { id in old.links[id] == nil && old.status[id.replacing("user_id=", with: "id=")] != nil },
            // One change stands for the names of all accounts that were deleted before.
            "names": new.freed.subtracting(old.freed).contains { old.status[$0] == "status=\"deleted\"" } ? 1 : 0,
            "permission_group": moved(\.groups) { $0 != $1 } + new.groups.keys.count { old.groups[$0] == nil },
        ]
    }

    private func rendered(_ write: (inout ReportOutput) throws -> Void) throws -> [Substring] {
        let sink = Sink()
        var output = ReportOutput { sink.bytes += $0 }
        try write(&output)
        try output.finish()
        return String(decoding: sink.bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    }

    /// The number after the first of the lines that begin so; 0 without one, for kinds of which there is nothing are left out.
    private func number(_ lines: [Substring], after opening: String) -> Int {
        guard let line = lines.first(where: { $0.hasPrefix(opening) }) else { return 0 }
        return Int(line.dropFirst(opening.count).drop { $0 == " " }.prefix { $0.isNumber }) ?? -1
    }

    @Test("text, JSON, CSV, HTML, Markdown and the plan file count every action as the database shows it")
    func counts() async throws {
        var people = People(Self.kinds.filter { $0.name != "create" && $0.name != "adopt" }.flatMap { names($0.name) })
        people.groups = team("revoke")
        for name in names("reactivate") { people[name]["employeeType"] = ["ended"] }
        _ = try await fixture.approve(people.directory)
        for (kind, days) in [("purge", 10), ("delete", 20), ("", 10)] {
            for name in names(kind) { people.remove(name) }
            _ = try await fixture.approve(people.directory)
            fixture.now = fixture.now + .days(Int64(days))
        }
        try fixture.probe.addLocal("former", status: .deleted)
        fixture.rules.lifecycle.reusesIdentifiers = true
        for name in names("adopt") {
            try fixture.probe.addLocal(Text(name), email: Text("\(name)@x"))
            people.add(name, mail: "\(name)@x")
        }
        for name in names("create") { people.add(name, mail: "\(name)@x") }
        for name in names("update") { people[name]["mail"] = ["new-\(name)@x"] }
        for name in names("rename") { people[name]["uid"] = ["new-\(name)"] }
        for name in names("deactivate") { people[name]["employeeType"] = ["ended"] }
        for name in names("reactivate") { people[name]["employeeType"] = [] }
        people.groups = team("grant")
        fixture.rules.permissionGroups.append(PermissionGroup(name: "Team red", isPrivileged: false, permissions: ["read"]))

        let before = try content()
        let digest = try await fixture.plan(people.directory).record.planDigest
        fixture.now = fixture.now + Span(seconds: 1)
        try await fixture.run(people.directory, .apply, digest.map { .approving($0) } ?? .none) { finished in
            let done = counts(from: before, to: try content())
            let (record, rows) = (finished.record, finished.rows)
            #expect(record.outcome == .applied, "\(record.reason ?? "")")
            let basis = PlanFileBasis(
                configDigest: fixture.rulesDigest, storeGeneration: 0, planDigest: try #require(digest), origin: finished.basis?.origin)
            let text = try rendered { try TextReport(record, rows: rows).write(to: &$0) }.drop { $0 != "Counts" }
            let json = try rendered { try JSONReport(record, rows: rows).write(to: &$0) }.map { $0.drop { $0 == " " } }.drop {
                !$0.hasPrefix("\"summary\"")
            }
            let csv = try rendered { try CSVReport(record, rows: rows).write(to: &$0) }
            let html = try rendered { try HTMLReport(record, rows: rows).write(to: &$0) }.drop { $0 != "<h2>Counts</h2>" }
            let markdown = try rendered { try MarkdownReport(record, rows: rows).write(to: &$0) }.drop { $0 != "### Counts" }
            let plan = try rendered { try PlanFileWriter(record, basis: basis).write(rows, to: &$0) }
            let header = try #require(plan.first).components(separatedBy: "\"summary\": {").last ?? ""
            for action in Action.allCases {
                let name = action.rawValue
                let count = try #require(done[name], "\(name) is not counted in the database")
                #expect(count > 0, "nothing of \(name) was done")
                #expect(record.summary[action] == count, "\(name) in the record")
                #expect(number(Array(text), after: "  \(name) ") == count, "\(name) in the text")
                #expect(number(Array(json), after: "\"\(name)\": ") == count, "\(name) in JSON")
                #expect(csv.count { $0.hasPrefix("\"change\",\"\(name)\",") } == count, "\(name) in CSV")
                #expect(number(Array(html), after: "<tr><th scope=\"row\">\(name)</th><td>") == count, "\(name) in HTML")
                #expect(number(Array(markdown), after: "| \(name) | ") == count, "\(name) in Markdown")
                #expect(
                    number(header.components(separatedBy: ", ").map { $0[...] }, after: "\"\(name)\": ") == count,
                    "\(name) in the plan file")
                #expect(plan.count { $0.contains("\"action\": \"\(name)\"") } == count, "\(name) among the plan file's changes")
            }
        }
    }
}

private final class Sink {
    var bytes: [UInt8] = []
}
