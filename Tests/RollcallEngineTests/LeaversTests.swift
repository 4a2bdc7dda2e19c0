import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Testing

/// Forty people, of whom `p25` leaves while something else is the matter.
@Suite("Whoever left loses access at once, whatever else is the matter, and nobody else does")
struct LeaversTests {
    /// How somebody leaves.
    enum Way: String, Sendable, CaseIterable {
        case gone, leftScope, ended, fired

        func leave(_ people: inout People, _ directory: inout MemoryDirectory) {
            switch self {
            case .ended, .fired: people["p25"]["employeeType"] = [rawValue]
            case .gone: people.remove("p25")
            case .leftScope:
                people.remove("p25")
                directory.presences[Anchor("id-p25".utf8)] = .leftScope(dn: "uid=p25,ou=people")
            }
        }
    }

    /// What else is the matter when `p25` leaves.
    struct Scene: Sendable, CustomTestStringConvertible {
        var name: String
        /// The guards that hold something beside the leaving.
        var holding: [GuardName]
        /// What is said about the leaver's own entry, which must then still be there.
        var remark: String?
        /// Whether it is about the leaver's own entry.
        var isOwn: Bool
        var change: @Sendable (inout People) -> Void

        var testDescription: String { name }

        init(
            _ name: String, holding: [GuardName] = [], remark: String? = nil, isOwn: Bool = false,
            _ change: @escaping @Sendable (inout People) -> Void
        ) {
            self.name = name
            self.holding = holding
            self.remark = remark
            self.isOwn = isOwn || remark != nil
            self.change = change
        }
    }

    static let scenes: [Scene] = [
        Scene("nothing else") { _ in },
        Scene("an email that somebody else wants too", remark: "conflict email_disputed p25") {
            $0["p25"]["mail"] = ["one@x"]
            $0["p30"]["mail"] = ["one@x"]
        },
        Scene("an email that somebody else has", remark: "conflict email_taken p25") { $0["p25"]["mail"] = ["p31@x"] },
        Scene("a bad byte in the display name", remark: "warning unreadable p25") {
            $0["p25"].values[AttributeName(known: "displayName")] = [[0x41, 0xFF, 0xFE]]
        },
        Scene("a bad byte in the username", remark: "warning unreadable p25") {
            $0["p25"].values[AttributeName(known: "uid")] = [[0xC0, 0x80]]
        },
        Scene("a username that somebody else wants too", remark: "conflict username_disputed p25") {
            $0["p25"]["uid"] = ["boss"]
            $0["p30"]["uid"] = ["boss"]
        },
        Scene("a privileged grant elsewhere", holding: [.privilegedGrant]) { $0.groups[0].members.append("uid=p30,ou=people") },
        Scene("a privileged grant of the leaver's own", isOwn: true) { $0.groups[0].members.append("uid=p25,ou=people") },
        Scene("a vanished group", holding: [.groupRevocations]) { $0.groups.remove(at: 1) },
        Scene("a mapped group without members", holding: [.groupRevocations]) { $0.groups[1].members = [] },
        Scene("an adoption", holding: [.adoption]) { $0.add("newcomer", mail: "loc@x") },
        Scene("anchors that changed", holding: [.anchorsChanged]) { people in
            for name in ["p30", "p31", "p32"] {
                people.remove(name)
                people.add("new-\(name)", mail: "\(name)@x")
                people["new-\(name)"]["uid"] = [name]
            }
        },
        Scene("a new email of a privileged user", holding: [.privilegedIdentifier]) { $0["p10"]["mail"] = ["boss@x"] },
        Scene("an email that a privileged user gives up", holding: [.privilegedIdentifier], isOwn: true) {
            $0["p10"]["mail"] = ["boss@x"]
            $0["p25"]["mail"] = ["p10@x"]
        },
        Scene("the last holder of a privileged group, deleted now", holding: [.lastHolder]) {
            for name in ["p10", "p11"] { $0[name]["employeeType"] = ["fired"] }
        },
        Scene("the last holder of a privileged group", holding: [.lastHolder]) {
            for name in ["p10", "p11"] { $0[name]["employeeType"] = ["ended"] }
        },
        Scene("an unreadable status of somebody else") { $0["p30"]["userAccountControl"] = ["lots"] },
        Scene("an entry of somebody else that cannot be used") { $0["p30"].defect = "two anchors" },
    ]

    private let fixture: RunFixture
    private var people = People(numbered: 10..<50)

    init() throws {
        var rules = try People.rules()
        rules.attributes.displayName = FieldSource([.attribute(AttributeName(known: "displayName"))])
        let disabled = "(userAccountControl:1.2.840.113556.1.4.803:=2)"
        rules.status.append(StatusRule(test: .when(.ldap(try Filter(parsing: disabled))), outcome: .inactive, text: disabled))
        var fired = StatusRule(
            test: .when(.ldap(try Filter(parsing: "(employeeType=fired)"))), outcome: .deleted, text: "(employeeType=fired)")
        fired.isImmediate = true
        rules.status.append(fired)
        rules.lifecycle.username = .rename
        rules.lifecycle.adoption = .email
        fixture = try RunFixture(rules: rules)
        for number in 10..<50 { people["p\(number)"]["userAccountControl"] = ["512"] }
        people.groups = [
            MemoryGroup("cn=admins,ou=groups", anchor: "g1", name: "admins", members: ["uid=p10,ou=people", "uid=p11,ou=people"]),
            MemoryGroup(
                "cn=dev-red,ou=groups", anchor: "g2", name: "dev-red", members: (20..<28).map { "uid=p\($0),ou=people" }),
        ]
    }

    /// Everybody's status and groups but the leaver's.
    private func others() throws -> [String] {
        try fixture.probe.rows(
            """
            SELECT u.username, u.status, group_concat(p.name || g.origin) FROM users u LEFT JOIN grants g ON g.user_id = u.id
            LEFT JOIN permission_groups p ON p.id = g.group_id WHERE u.id <> (SELECT id FROM users WHERE username = 'p25')
              AND (u.username GLOB 'p[0-9][0-9]' OR u.username = 'loc')
            GROUP BY u.id ORDER BY u.id
            """)
    }

    private func leaver() throws -> [String] {
        try fixture.probe.rows(
            "SELECT status, (SELECT count(*) FROM grants WHERE user_id = users.id) AS grants FROM users WHERE username = 'p25'")
    }

    private func expect(_ scene: Scene, _ way: Way, acknowledged: Bool = false) async throws {
        _ = try await fixture.approve(people.directory)
        // A local account that the newcomer of one scene is to adopt.
        try fixture.probe.addLocal("loc", email: "loc@x")
        let before = try others()
        #expect(try leaver() == ["status=\"active\"|grants=1"])
        var people = people
        scene.change(&people)
        if acknowledged {
            _ = try await fixture.apply(people.directory)
            try fixture.carryOut(.acknowledge(.about(["p25"])))
        }
        var directory = people.directory
        way.leave(&people, &directory)
        directory.snapshots = [people.snapshot]
        let run = try await fixture.apply(directory)
        let place = "\(scene.name), \(way): \(run.changes) \(run.remarks) \(run.holding)"
        #expect([.applied, .appliedPartly].contains(run.record.outcome), "\(place)")
        #expect(run.changes.contains(way == .fired ? "delete p25" : "deactivate p25"), "\(place)")
        #expect(run.holding == scene.holding, "\(place)")
        if let remark = scene.remark, [.ended, .fired].contains(way) { #expect(run.remarks.contains(remark), "\(place)") }
        #expect(try leaver() == ["status=\"\(way == .fired ? "deleted" : "inactive")\"|grants=0"], "\(place)")
        #expect(try others() == before, "\(place)")
    }

    @Test("by a rule", arguments: scenes, [Way.ended, .fired])
    func ended(_ scene: Scene, _ way: Way) async throws { try await expect(scene, way) }

    @Test("by their absence", arguments: scenes.filter { !$0.isOwn }, [Way.gone, .leftScope])
    func absent(_ scene: Scene, _ way: Way) async throws { try await expect(scene, way) }

    @Test(
        "with a conflict about their entry that somebody has acknowledged",
        arguments: scenes.filter { $0.remark?.hasPrefix("conflict") == true })
    func acknowledged(_ scene: Scene) async throws {
        try await expect(scene, .ended, acknowledged: true)
    }
}
