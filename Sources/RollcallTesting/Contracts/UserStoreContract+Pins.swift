internal import RollcallCore

/// What rules have pinned, and what waits when a pinned group vanishes or is replaced.
extension UserStoreContract {
    static let pinCases = [
        Case("a pinned group is followed under another name, and a dry run pins nothing") { contract in
            try contract.nameStaff()
            _ = try contract.pass(.dryRun)
            contract.groups[0].name = "crew"
            try contract.expect(try contract.pass().settlement.groupRulesUnmatched, [1], "what a dry run left")
            contract.groups[0].name = "staff"
            _ = try contract.pass()
            contract.groups[0].name = "crew"
            contract.groups[0].dn = "cn=crew,ou=elsewhere"
            for _ in 0..<2 {
                let pass = try contract.pass()
                try contract.expect(pass.changes, [], "the rename is a change")
                try contract.expect(pass.settlement.pins.map(\.review.state), [.followed], "the rule's state")
                try contract.expect(pass.settlement.pins.first?.review.followed.first?.dn, "cn=crew,ou=elsewhere", "the new name")
                try contract.expect(pass.settlement.groupRulesUnmatched, [], "rules that met nothing")
            }
        },
        Case("what ends with a pinned group that is gone is held, run after run, until it is approved") { contract in
            try contract.nameStaff()
            _ = try contract.pass()
            contract.groups.removeFirst()
            contract.approves = false
            for skipsNothing in [false, true, false] {
                contract.skipsNothing = skipsNothing
                let pass = try contract.pass()
                try contract.expect(pass.changes, ["revoke ann Staff", "revoke cyd Staff"], "the changes")
                try contract.expect(pass.rows.flatMap(\.changes).allSatisfy { $0.heldBy == .groupReplaced }, "what holds them")
                try contract.expect(pass.totals.tally.replaced, [1: 2], "what the guard counts")
                try contract.expect(pass.totals.tally.revocations, [:], "what the other guard counts")
                try contract.expect(pass.settlement.pins.map(\.review.state), [.missing], "the rule's state")
            }
            contract.approves = true
            _ = try contract.pass()
            try contract.expect(try contract.kept.dump().grants, [], "grants")
            let after = try contract.pass()
            try contract.expect(after.settlement.pins, [], "what is still pinned")
            try contract.expect(after.settlement.groupRulesUnmatched, [1], "rules that met nothing")
        },
        Case("under the name of a pinned group that is gone, another one's grants are held; pinning it anew lets them pass") { contract in
            try contract.nameStaff()
            _ = try contract.pass()
            contract.groups[0] = MemoryGroup("cn=staff", anchor: "s2", name: "staff", members: ["uid=bob,ou=people", "uid=ann,ou=people"])
            contract.approves = false
            let held = try contract.pass()
            try contract.expect(held.changes, ["grant bob Staff", "revoke cyd Staff"], "the changes")
            try contract.expect(held.rows.flatMap(\.changes).allSatisfy { $0.heldBy == .groupReplaced }, "what holds them")
            let standings = held.settlement.pins
            let done = try contract.carryOut(.repin(standings))
            try contract.expect(done.operations.map(\.detail), ["cn=staff (s1) → cn=staff (s2)"], "what is kept of it")
            try contract.expect(try contract.kept.operations().first?.verb, "groups repin", "the audit log")
            do {
                _ = try contract.carryOut(.repin(standings))
                try contract.expect(false, "what was pinned meanwhile is pinned over")
            } catch let error as StoreError {
                try contract.expect(error.code, .moved, "why not")
            }
            let after = try contract.pass()
            try contract.expect(after.changes, held.changes, "the changes")
            try contract.expect(after.rows.flatMap(\.changes).allSatisfy { $0.heldBy == nil }, "something holds them")
            try contract.expect(
                try contract.kept.dump().grants, ["ann Staff source staff › ops", "bob Staff source staff"], "grants")
            try contract.expect(try contract.pass().changes, [], "something is left to do")
        },
        Case("what looking up cannot tell of a pattern's group is held, and what it tells is ordinary") { contract in
            try contract.nameStaff()
            contract.rules.groups = [
                GroupRule(selector: .pattern(try LinearPattern("^st(?<rest>.+)$")), grant: try PatternTemplate("Staff"), text: "^st")
            ]
            _ = try contract.pass()
            contract.groups.removeFirst()
            contract.approves = false
            for (absence, guardName) in [(Absence.unconfirmed("busy"), GuardName.groupReplaced as GuardName?), (.gone, nil)] {
                let (session, _) = try contract.begin(.apply)
                defer { session.close() }
                try contract.expect(try session.missingGroups(), [Anchor("s1".utf8)], "what is missing")
                let standings = try session.note(groups: [(Anchor("s1".utf8), absence)])
                try contract.expect(standings.map(\.rule), guardName == nil ? [] : [1], "rules that have lost something")
                _ = try session.plan(Planner(rules: contract.rules, at: Instant(unixSeconds: contract.time)), approval: .nothing)
                let rows = try UserStoreContract.rows(of: session)
                try contract.expect(rows.map(\.label), ["ann", "cyd"], "who loses something")
                try contract.expect(rows.flatMap(\.changes).allSatisfy { $0.heldBy == guardName }, "what holds it")
                _ = try session.apply(contract.record(.apply, .appliedPartly))
            }
            try contract.expect(try contract.kept.dump().grants, [], "grants")
        },
    ]

    /// `staff` gives Staff to cyd, and by way of `ops` to ann.
    private mutating func nameStaff() throws {
        people = ["ann", "bob", "cyd"].map { UserStoreContract.person($0) }
        groups = [
            MemoryGroup("cn=staff", anchor: "s1", name: "staff", members: ["cn=ops", "uid=cyd,ou=people"]),
            MemoryGroup("cn=ops", anchor: "o1", name: "ops", members: ["uid=ann,ou=people"]),
        ]
        rules.groups = [GroupRule(selector: .name(FoldedKey("staff")), grant: try PatternTemplate("Staff"), text: "staff")]
    }
}
