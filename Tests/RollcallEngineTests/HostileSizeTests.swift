import Foundation
import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

@Suite("Sizes and numbers that somebody chose")
struct HostileSizeTests {
    private let fixture: RunFixture
    private var people = People(["ann", "bob"])
    private var probe: StoreProbe { fixture.probe }

    init() throws {
        var rules = try People.rules()
        rules.attributes.extra = [ExtraField(name: "department", source: FieldSource([.attribute(AttributeName(known: "ou"))]))]
        fixture = try RunFixture(rules: rules)
        fixture.guards.creations = GuardLimit(percent: nil, min: 0)
    }

    @Test("leave room for new accounts and entries, whatever ids the application gave")
    mutating func largestIDs() async throws {
        _ = try await fixture.approve(people.directory)
        let largest = Int64.max
        for id in [largest, largest / 2, largest / 4 + 5, -7] {
            try probe.execute("INSERT INTO users (id, username, status) VALUES (?, ?, 'active')", [id, "local\(id)"])
        }
        for (old, new) in [(1, largest), (2, -3)] {
            try probe.execute("UPDATE entry_images SET id = ? WHERE id = ?", [new, old])
            try probe.execute("UPDATE entries SET id = ? WHERE id = ?", [new, old])
        }
        people.groups = [MemoryGroup("cn=dev-ops,ou=groups", anchor: "g1", name: "dev-ops", members: ["uid=ann,ou=people"])]
        _ = try await fixture.apply(people.directory)
        try probe.execute("UPDATE upstream_groups SET id = ?", [largest - 1])
        people.groups.append(MemoryGroup("cn=dev-web,ou=groups", anchor: "g2", name: "dev-web", members: ["uid=cyd,ou=people"]))
        for name in ["cyd", "dan"] { people.add(name, mail: "\(name)@x") }
        let report = try await fixture.apply(people.directory)
        #expect(report.record.outcome == .applied, "\(report.record.reason ?? "")")
        #expect(report.changes == ["create cyd", "grant cyd Team web", "create dan"])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
        #expect(try probe.claimProblems() == [])
        people.remove("ann")
        #expect(try await fixture.apply(people.directory).changes == ["deactivate ann"])
    }

    @Test("in the lists of runs and events end in a sentence, never in a trap", arguments: ["runs", "audit"])
    mutating func largestNumbers(_ table: String) async throws {
        _ = try await fixture.approve(people.directory)
        people.add("cyd", mail: "cyd@x")
        for number in [Int64.max, -2] {
            try probe.execute("UPDATE \(table) SET seq = ? WHERE seq = (SELECT max(seq) FROM \(table))", [number])
            if number < 0 { try probe.execute("UPDATE \(table) SET seq = seq - 1000 WHERE seq > -2") }
            let report = try await fixture.apply(people.directory)
            #expect(report.record.outcome == .failed && report.record.reason?.contains("restore the store from a backup") == true)
        }
    }

    @Test("in what guards compare with are taken for the nearest that can be")
    mutating func baseline() async throws {
        _ = try await fixture.approve(people.directory)
        for number in [Int64.max, .min] {
            try probe.execute("UPDATE sources SET users = ?1, groups = ?1, fill = ?1 || ',' || ?1 || ',' || ?1 || ',' || ?1", [number])
            for counted in ["deactivations", "users", "groups", "creations", "lost"] {
                try probe.execute(
                    "INSERT OR REPLACE INTO guard_ledger (source, at, run, counted, subject, count, elapsed) VALUES (1, ?1, ?1, ?2, '', ?1, 0)",
                    [number, counted])
            }
            #expect(try await fixture.plan(people.directory).record.outcome != .failed)
        }
    }

    @Test(
        "of rivals for one username, of values of one attribute, and of fields an application wrote are planned within two minutes",
        .timeLimit(.minutes(2)))
    mutating func rivals() async throws {
        _ = try await fixture.approve(people.directory)
        try probe.execute("INSERT INTO users (username, status) VALUES ('taken', 'active')")
        fixture.rules.lifecycle.adoption = .username
        fixture.rules.lifecycle.username = .rename
        for number in 0..<10_000 {
            people.add("same\(number)", mail: "one@x")
            people.add("taken\(number)", mail: "t\(number)@x")
        }
        var directory = people.directory
        for place in directory.snapshots[0].people.indices {
            let name = directory.snapshots[0].people[place]["uid"]
            if name.first?.hasPrefix("same") == true { directory.snapshots[0].people[place]["uid"] = ["Same"] }
            if name.first?.hasPrefix("taken") == true { directory.snapshots[0].people[place]["uid"] = ["Taken"] }
            if name == ["ann"] { directory.snapshots[0].people[place]["ou"] = (0..<50_000).map { "value \($0)" } }
        }
        directory.batchSize = 1_000
        let fields = (0..<50_000).map { "\"f\(99_999 - $0)\":\"x\"" }.joined(separator: ",")
        try probe.execute("UPDATE users SET extra = ? WHERE username = 'bob'", ["{\(fields)}"])
        let report = try await fixture.apply(directory)
        #expect(report.record.summary.conflict == 20_000, "\(report.record.reason ?? "")")
        #expect(report.changes == ["update ann"])
    }

    @Test("of groups within each other that each give something are planned within two minutes", .timeLimit(.minutes(2)))
    mutating func chain() async throws {
        let count = 400
        people.groups = (0..<count).map { number in
            MemoryGroup(
                "cn=g\(number),ou=groups", anchor: "g\(number)", name: "dev-\(number)",
                members: number + 1 < count ? ["cn=g\(number + 1),ou=groups"] : ["uid=ann,ou=people"])
        }
        let report = try await fixture.approve(people.directory)
        #expect(report.changes.filter { $0.hasPrefix("grant ann") }.count == count)
        let path = try #require(report.rows.flatMap(\.changes).first { $0.group == Text("Team 0") }?.path)
        #expect(path.prefix(7).map(\.string) == (0..<6).map { "dev-\($0)" } + ["… \(count - 11) more …"])
        #expect(path.suffix(5).map(\.string) == (count - 5..<count).map { "dev-\($0)" })
        let short = try #require(report.rows.flatMap(\.changes).first { $0.group == Text("Team \(count - 12)") }?.path)
        #expect(short.map(\.string) == (count - 12..<count).map { "dev-\($0)" })
    }

    @Test("of entries that come twice in one reading are planned within two minutes", .timeLimit(.minutes(2)))
    mutating func repeated() async throws {
        for number in 0..<5_000 { people.add("p\(number)", mail: "p\(number)@x") }
        _ = try await fixture.approve(people.directory)
        var snapshot = people.snapshot
        for place in snapshot.people.indices { snapshot.people[place]["mail"] = ["new\(place)@x"] }
        var directory = MemoryDirectory(MemorySnapshot(people: snapshot.people + snapshot.people, groups: []))
        directory.batchSize = 1_000
        fixture.guards.identifiers = GuardLimit(percent: nil, min: 0)
        let report = try await fixture.plan(directory)
        #expect(report.record.summary[.update] == snapshot.people.count, "\(report.record.reason ?? "")")
        // Twice with different content is a contradiction, also when one of the two is what was kept.
        for first in [true, false] {
            let both = first ? people.snapshot.people + snapshot.people : snapshot.people + people.snapshot.people
            let contradiction = try await fixture.plan(MemoryDirectory(MemorySnapshot(people: both, groups: [])))
            #expect(contradiction.record.outcome == .incomplete)
        }
    }
}
