import Testing

@testable import RollcallCore

/// A digest is what a person approves. When one of these fails, every saved plan and every approval has become void.
@Suite("The digest of a change")
struct ChangeDigestTests {
    private static let anchor = Anchor("6f1c0a1e-0000-4000-8000-000000000001".utf8)

    @Test("digests are those of the form rollcall.change/2")
    func pinned() {
        let created = ChangeDigest.of(
            .create, anchor: ChangeDigestTests.anchor, userID: nil,
            fields: [FieldChange(.username, before: nil, after: "ann"), FieldChange(.status, before: nil, after: "active")], group: nil,
            rule: .noStatusRule)
        let granted = ChangeDigest.of(
            .grant, anchor: ChangeDigestTests.anchor, userID: nil, fields: [], group: "Administrators", rule: .group(1))
        let ended = ChangeDigest.of(
            .deactivate, anchor: Anchor([0, 255]), userID: 42, fields: [FieldChange(.status, before: "active", after: "inactive")],
            group: nil,
            rule: .absent)
        let extra = ChangeDigest.of(
            .update, anchor: Anchor([]), userID: -1, fields: [FieldChange(.extra("department"), before: "7", after: nil)], group: nil,
            rule: .attributes)
        #expect("\(created)" == "2e0afbdc6981cc1a85777f7d61b04014113554f05b6555ebe410d6a033bb9de6")
        #expect("\(granted)" == "ad3766a80b242e19aad40135c324487e552b7c3c770fa0a92d6a5dd51953f64d")
        #expect("\(ended)" == "6a1aff865576bd3bd496f125a554e0b9067e4d979afc01f302d1d86acbdd9304")
        #expect("\(extra)" == "f04d4965a998e28a4be867dd4844fdb1a647d2ecb7ca552d68f88eadc1185243")
    }

    @Test("every part tells")
    func parts() {
        let field = FieldChange(.email, before: "a@x", after: nil)
        let base = { (action: Action, anchor: Anchor, id: Int64?, fields: [FieldChange], group: Text?, rule: ChangeRule) in
            ChangeDigest.of(action, anchor: anchor, userID: id, fields: fields, group: group, rule: rule)
        }
        let one = Anchor([1])
        let digests = [
            base(.update, one, 1, [field], nil, .status(1)), base(.rename, one, 1, [field], nil, .status(1)),
            base(.update, Anchor([2]), 1, [field], nil, .status(1)),
            base(.update, one, nil, [field], nil, .status(1)), base(.update, one, 0, [field], nil, .status(1)),
            base(.update, one, 2, [field], nil, .status(1)),
            base(.update, one, 1, [], nil, .status(1)), base(.update, one, 1, [field, field], nil, .status(1)),
            base(.update, one, 1, [FieldChange(.username, before: "a@x", after: nil)], nil, .status(1)),
            base(.update, one, 1, [FieldChange(.email, before: nil, after: "a@x")], nil, .status(1)),
            base(.update, one, 1, [FieldChange(.email, before: "a@x", after: "")], nil, .status(1)),
            base(.update, one, 1, [field], "", .status(1)),
            base(.update, one, 1, [field], "g", .status(1)), base(.update, one, 1, [field], nil, .status(2)),
        ]
        #expect(Set(digests).count == digests.count)
    }

    @Test("privilege and binding tell")
    func bound() {
        let base = { (isPrivileged: Bool, binding: ShortDigest?) in
            ChangeDigest.of(
                .grant, anchor: ChangeDigestTests.anchor, userID: 1, fields: [], group: "g", rule: .legacy("r"), isPrivileged: isPrivileged,
                binding: binding)
        }
        let digests = [
            base(false, nil), base(true, nil), base(false, ShortDigest(high: 0, low: 0)), base(false, ShortDigest(high: 0, low: 1)),
            base(true, ShortDigest(high: 0, low: 0)),
        ]
        #expect(Set(digests).count == digests.count)
    }

    @Test("a reason, the names on a path and a hold are no part of it; the groups behind it are, and who gets a privileged group")
    func others() {
        func digest(
            _ path: [Text], _ origin: [String], privileged isPrivileged: Bool = false, held isHeld: Bool = false,
            _ change: (inout LocalUser) -> Void = { _ in }
        ) -> Set<Digest> {
            var user = PlanFixture.ann()
            change(&user)
            var pair = PlanFixture.pair(.present(PlanFixture.desired()), user)
            let anchors = origin.reduce(nil as ShortDigest?) { ChangeBinding.origin(Anchor($1.utf8), below: $0) }
            pair.wantedGrants = [
                WantedGrant(group: "Team", isPrivileged: isPrivileged, path: path, rule: 1, isHeld: isHeld, origin: anchors)
            ]
            return Set(PlanFixture().decision(pair).row.changes.filter { $0.action == .grant }.map(\.digest))
        }
        let base = digest(["a"], ["1"])
        #expect(base.count == 1 && digest(["a", "b"], ["1"]) == base && digest(["a"], ["1"], held: true) == base)
        // Another group of the same name, another group on the way, and privilege.
        #expect(digest(["a"], ["2"]) != base && digest(["a"], ["1", "2"]) != base && digest(["a"], ["1"], privileged: true) != base)
        // Who gets an ordinary group may change their email; who gets a privileged one is approved as who they are.
        #expect(digest(["a"], ["1"]) { $0.email = "other@x" } == base)
        let privileged = digest(["a"], ["1"], privileged: true)
        #expect(digest(["a"], ["1"], privileged: true) { $0.email = "other@x" } != privileged)
        #expect(digest(["a"], ["1"], privileged: true) { $0.username = "other" } != privileged)
    }
}
