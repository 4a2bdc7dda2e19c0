import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

@Suite("What guards remember of earlier runs")
struct LedgerTimeTests {
    private let fixture: RunFixture
    private var people = People(LedgerTimeTests.names)

    private static let names = (100..<200).map { "p\($0)" }
    private static let hour = Span(seconds: 3_600)

    init() throws {
        var rules = try People.rules()
        rules.attributes.givenName = FieldSource([.attribute(AttributeName(known: "givenName"))])
        fixture = try RunFixture(rules: rules)
    }

    /// Deactivates as many as may be within the window.
    private mutating func deactivateFive() async throws {
        _ = try await fixture.approve(people.directory)
        for name in LedgerTimeTests.names.prefix(5) { people.remove(name) }
        #expect(try await fixture.apply(people.directory).record.outcome == .applied)
    }

    /// Whether the window still has them: then one more is too many.
    private mutating func isOneMoreHeld() async throws -> Bool {
        people.remove(LedgerTimeTests.names[5])
        return try await fixture.plan(people.directory).holding == [.deactivations]
    }

    @Test("does not end by a clock that is ahead for one run: what counts is the time since the host was started")
    mutating func clockAhead() async throws {
        try await deactivateFive()
        let time = fixture.now.microseconds - 1_794_000_000_000_000
        fixture.boot = BootReading(boot: "a start", microseconds: time + 60_000_000)
        fixture.now = fixture.now + Span(seconds: 25 * 3_600)
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
        fixture.now = fixture.now - Span(seconds: 24 * 3_600)
        fixture.boot = BootReading(boot: "a start", microseconds: time + 120_000_000)
        #expect(try await isOneMoreHeld())
        fixture.boot = BootReading(boot: "a start", microseconds: time + 86_500_000_000)
        #expect(try await fixture.apply(people.directory).record.outcome == .applied)
    }

    @Test("does not end by a restart of the host with a clock ahead, either; by a long time on another host it does")
    mutating func restarted() async throws {
        try await deactivateFive()
        fixture.boot = BootReading(boot: "another start", microseconds: 60_000_000)
        fixture.now = fixture.now + Span(seconds: 25 * 3_600)
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
        #expect(try await isOneMoreHeld())
        fixture.boot = BootReading(boot: "a third one", microseconds: 90_000_000_000)
        fixture.now = fixture.now + Span(seconds: 25 * 3_600)
        #expect(try await fixture.apply(people.directory).record.outcome == .applied)
    }

    @Test("is kept for seven days, whatever the window was for one run")
    mutating func shortWindow() async throws {
        try await deactivateFive()
        let window = fixture.guards.window
        fixture.guards.window = Span(seconds: 1)
        fixture.now = fixture.now + LedgerTimeTests.hour
        _ = try await fixture.apply(people.directory)
        fixture.guards.window = window
        #expect(try await isOneMoreHeld())
        fixture.now = fixture.now + Span(seconds: 6 * 86_400)
        _ = try await fixture.plan(people.directory)
        people.add("new", mail: "new@x")
        #expect(try await fixture.apply(people.directory).record.outcome == .applied)
        #expect(
            try fixture.probe.rows("SELECT DISTINCT counted FROM guard_ledger ORDER BY 1") == [
                "counted=\"creations\"", "counted=\"deactivations\"", "counted=\"users\"",
            ])
        fixture.now = fixture.now + Span(seconds: 8 * 86_400)
        _ = try await fixture.apply(people.directory)
        #expect(try fixture.probe.rows("SELECT DISTINCT counted FROM guard_ledger") == [])
    }

    @Test("of a reading that shrinks is not reset by the approval of something else; approving just that does")
    mutating func shrink() async throws {
        for name in LedgerTimeTests.names.prefix(50) { people[name]["employeeType"] = ["ended"] }
        _ = try await fixture.approve(people.directory)
        for name in LedgerTimeTests.names.prefix(10) { people.remove(name) }
        #expect(try await fixture.apply(people.directory).holding == [])
        try await approveGrant()
        for name in LedgerTimeTests.names[10..<21] { people.remove(name) }
        #expect(try await fixture.plan(people.directory).holding == [.shrink])
        _ = try await fixture.approve(people.directory)
        people.remove(LedgerTimeTests.names[21])
        #expect(try await fixture.apply(people.directory).holding == [])
    }

    @Test("of an attribute that goes is not reset by the approval of something else, or of another attribute")
    mutating func attributes() async throws {
        for name in LedgerTimeTests.names { people[name]["givenName"] = ["Given"] }
        _ = try await fixture.approve(people.directory)
        for name in LedgerTimeTests.names.prefix(10) { people[name]["givenName"] = [] }
        #expect(try await fixture.apply(people.directory).holding == [])
        try await approveGrant()
        fixture.guards.identifiers = GuardLimit(percent: nil, min: 0)
        for name in LedgerTimeTests.names[60..<90] { people[name]["mail"] = [] }
        #expect(try await fixture.plan(people.directory).holding == [.attributeGone])
        _ = try await fixture.approve(people.directory)
        for name in LedgerTimeTests.names[10..<21] { people[name]["givenName"] = [] }
        #expect(try await fixture.plan(people.directory).holding == [.attributeGone])
        _ = try await fixture.approve(people.directory)
        people[LedgerTimeTests.names[21]]["givenName"] = []
        #expect(try await fixture.apply(people.directory).holding == [])
    }

    /// Approves a grant of a privileged group, and nothing else.
    private mutating func approveGrant() async throws {
        people.groups = [MemoryGroup("cn=admins,ou=groups", anchor: "g1", name: "admins", members: ["uid=p190,ou=people"])]
        #expect(try await fixture.apply(people.directory).holding == [.privilegedGrant])
        let approved = try await fixture.approve(people.directory)
        #expect(approved.record.isApproved && approved.changes == ["grant p190 Administrators"])
    }
}
