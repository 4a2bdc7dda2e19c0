import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

/// Every guard that has a limit: what just passes, and one more.
@Suite("A guard lets its limit through and holds one past it, at once or bit by bit")
struct GuardEdgeTests {
    /// One guard with a hundred people.
    struct Edge: Sendable, CustomTestStringConvertible {
        var name: String
        var guardName: GuardName
        /// So many pass.
        var limit: Int
        /// Whether what came shortly before counts too.
        var isWindowed = true
        /// What is set up before the first run, and the limits.
        var prepare: @Sendable (RunFixture, inout People) throws -> Void = { _, _ in }
        /// One more, told which.
        var step: @Sendable (RunFixture, inout People, Int) throws -> Void

        var testDescription: String { name }

        init(
            _ guardName: GuardName, _ name: String, _ limit: Int, isWindowed: Bool = true,
            prepare: @escaping @Sendable (RunFixture, inout People) throws -> Void = { _, _ in },
            step: @escaping @Sendable (RunFixture, inout People, Int) throws -> Void
        ) {
            (self.guardName, self.limit, self.isWindowed, self.prepare, self.step) = (guardName, limit, isWindowed, prepare, step)
            self.name = "\(guardName.rawValue), \(name)"
        }
    }

    private static func name(_ number: Int) -> String { "p\(100 + number)" }

    private static func setAttribute(_ attribute: String, _ value: String, of count: Int) -> @Sendable (RunFixture, inout People) -> Void {
        { _, people in for number in 0..<count { people[name(number)][attribute] = [value] } }
    }

    static let whole: [Edge] = [
        Edge(.deactivations, "gone", 5) { $1.remove(name($2)) },
        Edge(.deactivations, "by a rule", 5) { $1[name($2)]["employeeType"] = ["ended"] },
        Edge(.deactivations, "deleted by a rule, now", 5) { $1[name($2)]["employeeType"] = ["fired"] },
        Edge(.reactivations, "by a rule", 5, prepare: setAttribute("employeeType", "ended", of: 30)) { $1[name($2)]["employeeType"] = [] },
        Edge(.creations, "new entries", 50) { $1.add("new\($2)", mail: "new\($2)@x") },
        Edge(.identifiers, "emails", 5) { $1[name($2)]["mail"] = ["new\($2)@x"] },
        Edge(
            .identifiers, "usernames", 5, prepare: { fixture, _ in fixture.rules.lifecycle.username = .rename },
            step: { $1[name($2)]["uid"] = ["new\($2)"] }),
        Edge(.shrink, "of people", 20, prepare: setAttribute("employeeType", "ended", of: 50)) { $1.remove(name($2)) },
        Edge(.attributeGone, "given name", 20, prepare: setAttribute("givenName", "Given", of: 100)) { $1[name($2)]["givenName"] = [] },
        Edge(.rejected, "entries", 5) { $1[name($2)].defect = "two anchors" },
        Edge(
            .scope, "more than 2", 2, isWindowed: false,
            prepare: { fixture, _ in fixture.guards.scope = GuardLimit(percent: nil, count: 2, min: 2) },
            step: { fixture, people, number in
                fixture.rulesDigest = Digest(hashing: [9])
                people[name(number)]["givenName"] = ["Other"]
            }),
    ]

    static let named: [Edge] = [
        Edge(
            .groupRevocations, "more than half", 15,
            prepare: { $1.groups[1].members = (0..<30).map { "uid=\(name($0)),ou=people" } },
            step: { fixture, people, _ in people.groups[1].members.removeLast() }),
        Edge(.privilegedGrant, "each", 0) { $1.groups[0].members.append("uid=\(name($2 + 10)),ou=people") },
        Edge(
            .privilegedGrant, "more than 2", 2,
            prepare: { fixture, _ in fixture.guards.privilegedGrant.min = 2 },
            step: { $1.groups[0].members.append("uid=\(name($2 + 10)),ou=people") }),
        Edge(.privilegedIdentifier, "each", 0) { $1[name(90 + $2)]["mail"] = ["new\($2)@x"] },
        Edge(
            .privilegedIdentifier, "more than 2", 2,
            prepare: { fixture, _ in fixture.guards.privilegedIdentifier.min = 2 },
            step: { $1[name(90 + $2)]["mail"] = ["new\($2)@x"] }),
        Edge(.adoption, "each", 0, prepare: strangers) { $1.add("new\($2)", mail: "loc\($2)@x") },
        Edge(
            .adoption, "more than 2", 2,
            prepare: { fixture, people in
                try strangers(fixture, &people)
                fixture.guards.adoption.min = 2
            },
            step: { $1.add("new\($2)", mail: "loc\($2)@x") }),
        Edge(.permissionChanges, "each", 0, prepare: teams) { fixture, _, number in widen(number, fixture) },
        Edge(
            .permissionChanges, "more than 2", 2,
            prepare: { fixture, people in
                try teams(fixture, &people)
                fixture.guards.permissionChanges.min = 2
            },
            step: { fixture, _, number in widen(number, fixture) }),
        // One after the other they are recycled names, and whoever had one counts among the deactivations.
        Edge(.anchorsChanged, "usernames", 1, isWindowed: false) { fixture, people, number in
            let old = people[name(number)]
            people.remove(name(number))
            people.add("new\(number)", mail: "new\(number)@x")
            people["new\(number)"]["uid"] = old["uid"]
        },
    ]

    private static let strangers: @Sendable (RunFixture, inout People) throws -> Void = { fixture, _ in
        fixture.rules.lifecycle.adoption = .email
    }

    private static let teams: @Sendable (RunFixture, inout People) throws -> Void = { fixture, _ in
        for number in 0..<5 { fixture.rules.permissionGroups.append(PermissionGroup(name: Text("Team \(number)"), permissions: ["read"])) }
    }

    /// Gives a permission more to one of ``teams``.
    private static func widen(_ number: Int, _ fixture: RunFixture) {
        let name = Text("Team \(number)")
        fixture.rules.permissionGroups.removeAll { $0.name == name }
        fixture.rules.permissionGroups.append(PermissionGroup(name: name, permissions: ["read", "write"]))
    }

    private let fixture: RunFixture
    private var people = People(numbered: 100..<200)

    init() throws {
        var rules = try People.rules()
        rules.attributes.givenName = FieldSource([.attribute(AttributeName(known: "givenName"))])
        for (word, isImmediate) in [("left", false), ("fired", true)] {
            let filter = "(employeeType=\(word))"
            var rule = StatusRule(test: .when(.ldap(try Filter(parsing: filter))), outcome: .deleted, text: filter)
            rule.isImmediate = isImmediate
            rules.status.append(rule)
        }
        fixture = try RunFixture(rules: rules)
        people.groups = [
            MemoryGroup(
                "cn=admins,ou=groups", anchor: "g1", name: "admins", members: (90..<93).map { "uid=\(GuardEdgeTests.name($0)),ou=people" }),
            MemoryGroup("cn=dev-x,ou=groups", anchor: "g2", name: "dev-x", members: ["uid=p199,ou=people"]),
        ]
    }

    private func start(_ edge: Edge) async throws -> People {
        var people = people
        try edge.prepare(fixture, &people)
        _ = try await fixture.approve(people.directory)
        if edge.guardName == .adoption {
            for number in 0..<5 { try fixture.probe.addLocal(Text("loc\(number)"), email: Text("loc\(number)@x")) }
        }
        return people
    }

    private func accounts() throws -> [String] {
        try fixture.probe.rows("SELECT username, email, given_name, status FROM users ORDER BY id")
            + fixture.probe.rows("SELECT user_id, group_id, origin FROM grants ORDER BY 1, 2, 3")
    }

    @Test("a guard that holds the whole plan, at once", arguments: whole, [false, true])
    func wholeAtOnce(_ edge: Edge, _ isPast: Bool) async throws {
        var people = try await start(edge)
        for number in 0..<edge.limit + (isPast ? 1 : 0) { try edge.step(fixture, &people, number) }
        let before = try accounts()
        let run = try await fixture.apply(people.directory)
        #expect(run.holding.contains(edge.guardName) == isPast, "\(run.holding) \(run.record.reason ?? "")")
        #expect(isPast ? run.record.outcome == .held : [.applied, .inSync].contains(run.record.outcome), "\(run.record.reason ?? "")")
        if isPast { #expect(try accounts() == before) }
    }

    @Test("a guard that holds what it names, at once", arguments: named, [false, true])
    func namedAtOnce(_ edge: Edge, _ isPast: Bool) async throws {
        var people = try await start(edge)
        for number in 0..<edge.limit + (isPast ? 1 : 0) { try edge.step(fixture, &people, number) }
        people.remove("p198")
        people.add("joiner", mail: "joiner@x")
        let run = try await fixture.apply(people.directory)
        let held = (run.shared + run.changes).filter { $0.hasPrefix("held ") }
        #expect(run.holding == (isPast ? [edge.guardName] : []), "\(run.holding) \(run.changes)")
        #expect(held.count == (isPast ? edge.limit + 1 : 0), "\(run.changes)")
        // Whoever leaves or joins beside it goes through.
        #expect(run.record.outcome == (isPast ? .appliedPartly : .applied))
        #expect(run.changes.contains("deactivate p198") && run.changes.contains("create joiner"))
        #expect(try fixture.probe.rows("SELECT status FROM users WHERE username = 'p198'") == ["status=\"inactive\""])
    }

    @Test("F2a: bit by bit within the window, in as many runs", arguments: (whole + named).filter(\.isWindowed))
    func oneByOne(_ edge: Edge) async throws {
        var people = try await start(edge)
        for number in 0..<edge.limit {
            try edge.step(fixture, &people, number)
            fixture.now = fixture.now + Span(seconds: 1_200)
            let run = try await fixture.apply(people.directory)
            try #require(run.holding.isEmpty, "run \(number + 1): \(run.holding) \(run.record.reason ?? "")")
        }
        try edge.step(fixture, &people, edge.limit)
        let run = try await fixture.apply(people.directory)
        #expect(run.holding.contains(edge.guardName), "\(run.record.outcome) \(run.changes)")
    }

    @Test("fifty privileged grants, one in each of fifty runs, are fifty that wait; leavers and joiners go through beside them")
    func fiftyGrants() async throws {
        var people = people
        fixture.guards.deactivations.min = 100
        _ = try await fixture.approve(people.directory)
        for number in 0..<50 {
            people.groups[0].members.append("uid=\(GuardEdgeTests.name(number + 10)),ou=people")
            if number % 10 == 0 { people.remove(GuardEdgeTests.name(number + 49)) }
            if number % 10 == 5 { people.add("new\(number)", mail: "new\(number)@x") }
            fixture.now = fixture.now + Span(seconds: 1_200)
            let run = try await fixture.apply(people.directory)
            #expect(run.holding == [.privilegedGrant], "run \(number)")
        }
        #expect(
            try fixture.probe.rows("SELECT count(*) AS n FROM grants g JOIN permission_groups p ON p.id = g.group_id WHERE p.privileged")
                == ["n=3"])
        #expect(
            try fixture.probe.rows("SELECT status, count(*) AS n FROM users GROUP BY status") == [
                "status=\"active\"|n=100", "status=\"inactive\"|n=5",
            ])
    }
}
