import Testing

@testable import RollcallCore

/// A digest is what a person approves. When one of these fails, every saved plan and every approval has become void.
@Suite("The digest of a change")
struct ChangeDigestTests {
    private static let anchor = Anchor("6f1c0a1e-0000-4000-8000-000000000001".utf8)

    @Test("digests are those of the form rollcall.change/1")
    func pinned() {
        let created = ChangeDigest.of(
            .create, anchor: ChangeDigestTests.anchor, userID: nil,
            fields: [FieldChange(.username, before: nil, after: "ann"), FieldChange(.status, before: nil, after: "active")], group: nil,
            rule: "no status rule")
        let granted = ChangeDigest.of(
            .grant, anchor: ChangeDigestTests.anchor, userID: nil, fields: [], group: "Administrators", rule: "group rule 1")
        let ended = ChangeDigest.of(
            .deactivate, anchor: Anchor([0, 255]), userID: 42, fields: [FieldChange(.status, before: "active", after: "inactive")],
            group: nil,
            rule: "absent")
        let extra = ChangeDigest.of(
            .update, anchor: Anchor([]), userID: -1, fields: [FieldChange(.extra("department"), before: "7", after: nil)], group: nil,
            rule: "attributes")
        #expect("\(created)" == "2235e3548e2b4e435a16dd58fd39058bf9ba22daa57606a348c3bdb3786f7b1f")
        #expect("\(granted)" == "9a11aca16d4f807c7c47a446b42d5ff1d648f93d8eb9eabd2789cec3d3afb80d")
        #expect("\(ended)" == "3eedf0a91afbf27ce7a72122863891ec8d4d510a1b503fe9643194b1f672c5b5")
        #expect("\(extra)" == "5477ecbd4f8a8ff18571440a322fbbc24cbd70ad7d2f0e78f951fc968df76f32")
    }

    @Test("every part tells")
    func parts() {
        let field = FieldChange(.email, before: "a@x", after: nil)
        let base = { (action: Action, anchor: Anchor, id: Int64?, fields: [FieldChange], group: Text?, rule: String) in
            ChangeDigest.of(action, anchor: anchor, userID: id, fields: fields, group: group, rule: rule)
        }
        let one = Anchor([1])
        let digests = [
            base(.update, one, 1, [field], nil, "r"), base(.rename, one, 1, [field], nil, "r"),
            base(.update, Anchor([2]), 1, [field], nil, "r"),
            base(.update, one, nil, [field], nil, "r"), base(.update, one, 0, [field], nil, "r"), base(.update, one, 2, [field], nil, "r"),
            base(.update, one, 1, [], nil, "r"), base(.update, one, 1, [field, field], nil, "r"),
            base(.update, one, 1, [FieldChange(.username, before: "a@x", after: nil)], nil, "r"),
            base(.update, one, 1, [FieldChange(.email, before: nil, after: "a@x")], nil, "r"),
            base(.update, one, 1, [FieldChange(.email, before: "a@x", after: "")], nil, "r"), base(.update, one, 1, [field], "", "r"),
            base(.update, one, 1, [field], "g", "r"), base(.update, one, 1, [field], nil, "rr"),
        ]
        #expect(Set(digests).count == digests.count)
    }

    @Test("a reason, a path and a hold are no part of it")
    func others() {
        let planner = PlanFixture()
        var grants: Set<Digest> = []
        for path in [["a"], ["a", "b"]] as [[Text]] {
            for isPrivileged in [true, false] {
                var pair = PlanFixture.pair(.present(PlanFixture.desired()), PlanFixture.ann())
                pair.wantedGrants = [WantedGrant(group: "Team", isPrivileged: isPrivileged, path: path, rule: 1)]
                grants.formUnion(planner.decision(pair).row.changes.map(\.digest))
            }
        }
        #expect(grants.count == 1)
    }
}
