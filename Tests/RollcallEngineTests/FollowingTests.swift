import Foundation
import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

@Suite("Runs that go by what has changed")
struct FollowingTests {
    private let fixture: RunFixture

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
        fixture.follows = true
    }

    /// A run of the daemon on a directory that tells what has changed since `former`.
    private func follow(_ people: People, since former: People, _ adjust: (inout MemoryDirectory) -> Void = { _ in }) async throws -> (
        run: RunReport, readings: Int
    ) {
        var directory = people.directory
        directory.tellsChanges = true
        directory.former = former.snapshot
        adjust(&directory)
        fixture.now = fixture.now + Span(seconds: 1)
        let run = try await fixture.run(directory, .daemon) { try RunReport($0) }
        return (run, directory.log.readings)
    }

    /// A store that has everybody, read by a source that can be followed.
    private func begin(_ people: People) async throws {
        var directory = people.directory
        directory.tellsChanges = true
        _ = try await fixture.approve(directory)
    }

    @Test("who is new or changed is applied, and everybody else stays as they were kept")
    func changes() async throws {
        let before = People(["ann", "bob", "cyd"])
        try await begin(before)
        var people = before
        people["ann"]["mail"] = ["new@x"]
        people["bob"]["employeeType"] = ["ended"]
        people.add("dan", mail: "dan@x")
        let (run, readings) = try await follow(people, since: before)
        #expect(readings == 1 && run.record.source.proof?.extent == .changes)
        #expect(run.changes == ["update ann", "deactivate bob", "create dan"])
        #expect(run.record.source.proof?.users == 4 && run.record.summary.unchanged == 1)
        let (again, _) = try await follow(people, since: people)
        #expect(again.changes == [] && again.record.outcome == .inSync && again.record.summary.unchanged == 4)
    }

    @Test("a changed membership is applied, and groups that did not change keep their members")
    func groups() async throws {
        var before = People(["ann", "bob", "cyd"])
        before.groups = [
            MemoryGroup("cn=dev-a", anchor: "g1", name: "dev-a", members: ["uid=ann,ou=people"]),
            MemoryGroup("cn=dev-b", anchor: "g2", name: "dev-b", members: ["uid=bob,ou=people"]),
        ]
        try await begin(before)
        var people = before
        people.groups[0].members = ["uid=cyd,ou=people"]
        let (run, readings) = try await follow(people, since: before)
        #expect(readings == 1)
        #expect(run.changes == ["revoke ann Team a", "grant cyd Team a"])
        #expect(run.record.source.proof?.groups == 2)
    }

    @Test("somebody who is gone shows in the numbers, and the run reads everything")
    func gone() async throws {
        let before = People(["ann", "bob", "cyd", "dan", "eve", "fay"])
        try await begin(before)
        var people = before
        people.remove("fay")
        people["ann"]["mail"] = ["new@x"]
        let (run, readings) = try await follow(people, since: before)
        #expect(readings == 2 && run.record.source.proof?.extent == .whole)
        #expect(run.changes == ["update ann", "deactivate fay"])
        let told = run.record.warnings.map(\.string).filter { $0.contains("so everything was read") }
        #expect(
            told == [
                "asking for changes only was not enough, so everything was read: the source has 5 users, and had 6 before 0 came that are new"
            ])
        // One gone and one come leave the number as it was, and yet it does not come out.
        try await begin(people)
        var swapped = people
        swapped.remove("eve")
        swapped.add("gus", mail: "gus@x")
        let (other, _) = try await follow(swapped, since: people)
        #expect(other.record.source.proof?.extent == .whole && other.changes == ["deactivate eve", "create gus"])
    }

    @Test("after somebody was missing, or could not be read, the next run reads everything")
    func unsettled() async throws {
        let before = People(["ann", "bob", "cyd", "dan", "eve", "fay"])
        try await begin(before)
        var people = before
        people.remove("fay")
        _ = try await follow(people, since: before)
        #expect(try await follow(people, since: people).run.record.source.proof?.extent == .whole)
        #expect(try await follow(people, since: people).run.record.source.proof?.extent == .changes)
        people["ann"].defect = "too large"
        let unread = try await follow(people, since: before).run.record.source.proof
        #expect(unread?.extent == .changes && unread?.rejected == 1)
        #expect(try await follow(people, since: people).run.record.source.proof?.extent == .whole)
    }

    @Test("what a guard holds whole is planned from everything")
    func held() async throws {
        let before = People(numbered: 0..<40)
        try await begin(before)
        var people = before
        for index in 0..<20 { people["p\(index)"]["employeeType"] = ["ended"] }
        let (run, readings) = try await follow(people, since: before)
        #expect(readings == 2 && run.record.outcome == .held && run.record.source.proof?.extent == .whole)
        #expect(run.holding == [.deactivations])
        // It stays held, and is found again from where it was.
        let (again, _) = try await follow(people, since: before)
        #expect(again.record.heldPlan != nil && again.record.heldPlan == run.record.heldPlan)
    }

    @Test("what waits for a person waits on, though its entry does not come again")
    func waiting() async throws {
        var before = People(["ann", "bob"])
        before.groups = [MemoryGroup("cn=admins", anchor: "g1", name: "admins", members: ["uid=ann,ou=people"])]
        try await begin(before)
        var people = before
        people.groups[0].members.append("uid=bob,ou=people")
        people.add("ann2", mail: "ann@x")
        let (run, _) = try await follow(people, since: before)
        #expect(run.changes == ["create ann2", "held grant bob Administrators"])
        let plan = try #require(run.record.heldPlan)
        let (again, readings) = try await follow(people, since: people)
        #expect(readings == 1 && again.record.source.proof?.extent == .changes)
        #expect(again.changes == ["held grant bob Administrators"] && again.record.heldPlan == plan)
        #expect(again.remarks == run.remarks && again.remarks.contains { $0.hasPrefix("conflict") })
    }

    @Test("other rules, a command's run and a source that does not understand read everything")
    func whole() async throws {
        let people = People(["ann", "bob"])
        try await begin(people)
        var directory = people.directory
        directory.tellsChanges = true
        directory.former = people.snapshot
        #expect(try await fixture.apply(directory).record.source.proof?.extent == .whole)
        fixture.place = "there"
        #expect(try await follow(people, since: people).run.record.source.proof?.extent == .whole)
        #expect(try await follow(people, since: people).run.record.source.proof?.extent == .changes)
        fixture.rulesDigest = Digest(hashing: [2])
        #expect(try await follow(people, since: people).run.record.source.proof?.extent == .whole)
        #expect(try await follow(people, since: people).run.record.source.proof?.extent == .changes)
        let failure = SourceError(.incomplete, subject: "memory", message: "the service answered 400")
        let (run, readings) = try await follow(people, since: people) { directory in
            var refusing = people.snapshot
            refusing.failure = (0, failure)
            directory.snapshots = [refusing, people.snapshot]
        }
        #expect(readings == 2 && run.record.source.proof?.extent == .whole && run.record.outcome == .inSync)
        // Where nothing can be followed a failure is one, and is not tried again for having been asked for changes.
        var other = people.directory
        other.snapshots[0].failure = (0, failure)
        fixture.place = "elsewhere"
        let plain = try await fixture.run(other, .daemon) { try RunReport($0) }
        #expect(other.log.readings == 1 && plain.record.outcome == .incomplete)
        #expect(!plain.record.warnings.contains { $0.string.contains("changes only") })
        fixture.place = "there"
        let unreachable = SourceError(.unreachable, subject: "memory", message: "no route")
        let (failed, tries) = try await follow(people, since: people) { $0.snapshots[0].failure = (0, unreachable) }
        #expect(tries == 1 && failed.record.outcome == .incomplete)
    }

    @Test("a group that becomes reached without its members having been kept is read with everything")
    func untold() async throws {
        var before = People(["ann", "bob"])
        before.groups = [
            MemoryGroup("cn=dev-a", anchor: "g1", name: "dev-a", members: ["uid=ann,ou=people"]),
            MemoryGroup("cn=other", anchor: "g2", name: "other", members: ["uid=bob,ou=people"]),
        ]
        try await begin(before)
        var people = before
        people.groups[0].members.append("cn=other")
        let (run, readings) = try await follow(people, since: before)
        #expect(readings == 2 && run.changes == ["grant bob Team a"])
    }

    @Test("a mark is kept as text and taken back, and nothing else is taken for one")
    func text() throws {
        let mark = FollowMark(
            since: Instant(microseconds: 1_794_000_000_123_456), users: 100_000, groups: 0, readWhole: Instant(unixSeconds: 1_793_999_000))
        #expect(FollowMark(kept: mark.text) == mark)
        var placed = mark
        placed.place = "0123"
        #expect(FollowMark(kept: placed.text) == placed && placed.text == mark.text + " of 0123")
        #expect(mark.text == "changes since 2026-11-06T21:20:00.123456Z users 100000 groups 0 whole 2026-11-06T21:03:20Z")
        let broken = [
            "", "changes since ", "etag \"a\"", mark.text + " more", mark.text.replacingOccurrences(of: "100000", with: "-1"),
            mark.text.replacingOccurrences(of: "2026", with: "x"), "20261106000000.000000Z#000000#000#000000",
        ]
        for text in broken { #expect(FollowMark(kept: text) == nil, "\(text)") }
    }
}
