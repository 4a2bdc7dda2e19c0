import Testing

@testable import RollcallCore

@Suite("What a user gets and loses by groups that vanished or were replaced")
struct PlannerGroupTests {
    private let fixture = PlanFixture()

    private func pair(_ user: LocalUser?, _ status: StatusRule.Outcome? = .active) -> Pair {
        PlanFixture.pair(.present(PlanFixture.desired(status: status)), user)
    }

    private func wanted(_ group: Text, privileged: Bool = false) -> WantedGrant {
        WantedGrant(group: group, isPrivileged: privileged, path: ["staff"], rule: 2, isHeld: true)
    }

    @Test("a revocation that follows from a lost group waits; one that follows from something else does not")
    func lost() {
        var pair = pair(PlanFixture.ann())
        pair.grants = [PlanFixture.source("Staff"), PlanFixture.source("Team")]
        pair.lostGrants = [LostGrant(group: "Staff", rule: 2)]
        let decision = fixture.decision(pair)
        #expect(decision.row.shown == ["held by group_replaced: revoke Staff", "revoke Team"])
        #expect(decision.row.changes.map(\.rule) == [.group(2), .groups] && decision.needsAttention)
        pair.wantedGrants = [PlanFixture.wanted("Staff"), PlanFixture.wanted("Team")]
        #expect(fixture.decision(pair).row.isEmpty, "another rule gives it")
    }

    @Test("whoever is deactivated loses it at once")
    func deactivated() {
        var pair = pair(PlanFixture.ann(), .inactive)
        pair.grants = [PlanFixture.source("Staff")]
        pair.lostGrants = [LostGrant(group: "Staff", rule: 2)]
        #expect(fixture.decision(pair).row.shown == ["deactivate status active→inactive"])
        var inactive = self.pair(PlanFixture.ann(.inactive), .inactive)
        inactive.grants = pair.grants
        inactive.lostGrants = pair.lostGrants
        #expect(fixture.decision(inactive).row.shown == ["revoke Staff"])
    }

    @Test("a grant by another group waits, for a newcomer too; who has it already keeps it")
    func newcomers() {
        var pair = pair(PlanFixture.ann())
        pair.wantedGrants = [wanted("Staff"), wanted("Admins", privileged: true), PlanFixture.wanted("Team")]
        #expect(
            fixture.decision(pair).row.shown == [
                "held by group_replaced: grant Staff", "held by group_replaced: grant Admins", "grant Team",
            ])
        var newcomer = self.pair(nil)
        newcomer.wantedGrants = [wanted("Staff")]
        #expect(fixture.decision(newcomer).row.changes.map(\.heldBy) == [nil, .groupReplaced])
        pair.grants = [PlanFixture.source("Staff"), PlanFixture.source("Admins", privileged: true), PlanFixture.source("Team")]
        pair.lostGrants = [LostGrant(group: "Staff", rule: 2)]
        #expect(fixture.decision(pair).row.isEmpty)
    }

    @Test("what waits is no loss of a privileged group until it is approved")
    func privileged() {
        var pair = pair(PlanFixture.ann())
        pair.grants = [PlanFixture.source("Admins", privileged: true)]
        pair.lostGrants = [LostGrant(group: "Admins", rule: 1)]
        var decision = fixture.decision(pair)
        #expect(decision.privilegedLosses == ["Admins"] && decision.certainLosses().isEmpty)
        decision.release(.groupReplaced)
        #expect(decision.certainLosses() == ["Admins"])
    }

    @Test("the guard counts it by its rule, and no other guard counts it again")
    func tally() {
        var pair = pair(PlanFixture.ann())
        pair.grants = [PlanFixture.source("Staff")]
        pair.lostGrants = [LostGrant(group: "Staff", rule: 2)]
        pair.wantedGrants = [wanted("Admins", privileged: true)]
        let row = fixture.decision(pair).row
        var tally = GuardTally()
        tally.add(row)
        var once = GuardTally()
        once.replaced = [2: 2]
        #expect(tally == once)
        var other = GuardTally()
        other.add(row, except: [row.changes[0].digest])
        tally.add(other)
        #expect(tally.replaced == [2: 3])
    }

    @Test("each rule of which something waits says what, and how it is resolved")
    func results() {
        let former = PinnedGroup(anchor: Anchor("a".utf8), name: "staff", dn: "cn=staff")
        var standing = PinStanding(
            rule: 2, text: "staff", selector: .name(FoldedKey("staff")), permissionGroup: "Staff",
            review: PinReview(pinned: [former], named: [], seen: []), pinned: [former])
        standing.absences[former.anchor] = .gone
        var tally = GuardTally()
        tally.replaced = [2: 1]
        let results = Guards(limits: GuardLimits(), baseline: Baseline()).replacements(tally, [standing])
        #expect(results.map(\.guardName) == [.groupReplaced] && results.first?.reach == .changes && results.first?.limit == .each)
        #expect(
            results.first?.message
                == "group rule 2 (staff) has lost its group cn=staff: the directory has no such group any more; 1 change that would follow from it waits for a person"
        )
        #expect(standing.finding.advice == "`rollcall groups repin 2` shows what follows from it, and lets it follow")
        #expect(Guards(limits: GuardLimits(), baseline: Baseline()).replacements(GuardTally(), [standing]).isEmpty)
    }
}
