import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

@Suite("Runs whose source proves to be what it was")
struct UnchangedTests {
    private let fixture: RunFixture
    private var people = People(["ann", "bob", "cyd"])

    init() throws {
        var rules = try People.rules()
        rules.status.append(StatusRule(test: .expired(try World.name("shadowExpire")), outcome: .inactive, text: "expired: shadowExpire"))
        rules.lifecycle.deleteAfter = .days(30)
        rules.lifecycle.purgeAfter = .days(10)
        fixture = try RunFixture(rules: rules)
    }

    /// The directory with a tag that stands for its content.
    private func directory(_ people: People, tag: String = "1") -> MemoryDirectory {
        var snapshot = people.snapshot
        snapshot.watermark = FeedMark(etag: "\"\(tag)\"")?.text
        return MemoryDirectory(snapshot)
    }

    private func apply(_ people: People, tag: String = "1", _ consent: RunRequest.Consent = .none) async throws -> RunReport {
        try await fixture.apply(directory(people, tag: tag), consent)
    }

    private func extent(_ people: People, tag: String = "1") async throws -> ReadExtent? {
        try await apply(people, tag: tag).record.source.proof?.extent
    }

    @Test("it is not read again, and the run is in sync with all that is known")
    func unchanged() async throws {
        _ = try await fixture.approve(directory(people))
        let run = try await apply(people)
        #expect(run.record.source.proof?.extent == .unchanged && run.record.outcome == .inSync)
        #expect(run.record.summary.unchanged == 3 && run.record.source.proof?.users == 3)
    }

    @Test("it is read when somebody's time has come: an expiry, a deletion, a purge; and not for ever after")
    mutating func due() async throws {
        people["ann"]["shadowExpire"] = ["20770"]
        _ = try await fixture.approve(directory(people))
        #expect(try await extent(people) == .unchanged)
        fixture.now = fixture.now + .days(8)
        #expect(try await apply(people).changes == ["deactivate ann"])
        people.remove("bob")
        #expect(try await apply(people, tag: "2").changes == ["deactivate bob"])
        for (wait, change) in [(30, "delete bob"), (10, "purge bob")] {
            _ = try await extent(people, tag: "2")
            #expect(try await extent(people, tag: "2") == .unchanged, "before \(change)")
            fixture.now = fixture.now + .days(Int64(wait))
            #expect(try await apply(people, tag: "2").changes == [change])
        }
        _ = try await extent(people, tag: "2")
        #expect(try await extent(people, tag: "2") == .unchanged)
    }

    @Test("it is read when something here was changed: a user, or what a declared permission group may do")
    func changedHere() async throws {
        _ = try await fixture.approve(directory(people))
        // Giving permissions back waits for a person, and the source is read until then.
        for (change, waits) in [
            ("UPDATE users SET display_name = 'x' WHERE username = 'ann'", false),
            ("UPDATE permission_groups SET permissions = '[]'", true), ("UPDATE permission_groups SET privileged = 0", false),
        ] {
            #expect(try await extent(people) == .unchanged)
            try fixture.probe.execute(change)
            #expect(try await extent(people) == .whole, "\(change)")
            #expect(try await extent(people) == (waits ? .whole : .unchanged), "\(change)")
            if waits { _ = try await fixture.approve(directory(people)) }
        }
        let declared = try fixture.probe.rows("SELECT count(*) AS n FROM permission_groups WHERE privileged AND permissions = '[\"*\"]'")
        #expect(declared == ["n=1"])
    }

    @Test("it is read for a reviewed plan, for what config expects, for other rules, and where the plan itself is asked for")
    func asked() async throws {
        let digest = try #require(try await fixture.plan(directory(people)).record.planDigest)
        #expect(try await apply(people, .approving(digest)).record.outcome == .applied)
        // The plan was carried out already, so that it is stale, not in sync.
        #expect(try await apply(people, .exactly(digest)).record.outcome == .stale)
        fixture.acceptsUnchanged = false
        #expect(try await extent(people) == .whole)
        fixture.acceptsUnchanged = true
        // Another source may happen to have the same tag.
        fixture.place = "there"
        #expect(try await extent(people) == .whole)
        #expect(try await extent(people) == .unchanged)
        fixture.rulesDigest = Digest(hashing: [5])
        #expect(try await extent(people) == .whole)
        #expect(try await extent(people) == .unchanged)
        fixture.expectations = [Expectation(user: "ann", .present(status: .inactive, groups: []))]
        let expecting = try await apply(people)
        #expect(expecting.record.source.proof?.extent == .whole)
        #expect(expecting.record.warnings.contains { $0.string.hasPrefix("expectation failed") })
    }

    @Test("whose access ends soon is said all the same")
    mutating func expiring() async throws {
        people["ann"]["shadowExpire"] = ["20770"]
        _ = try await fixture.approve(directory(people))
        let run = try await apply(people)
        #expect(run.record.source.proof?.extent == .unchanged)
        #expect(run.record.warnings.map(\.string).contains("1 user loses access within 1w: ann (2026-11-13T00:00:00Z)"))
    }
}
