import Testing

@testable import RollcallCore

@Suite("The last holder of a privileged group")
struct LastHoldersTests {
    private func row(_ actions: [(Action, Text?)], heldBy: GuardName? = nil) -> PlanRow {
        PlanRow(
            anchor: Anchor([1]), userID: 1, label: "ann",
            changes: actions.map {
                Change(action: $0, group: $1, rule: .legacy(""), reason: .legacy(""), heldBy: heldBy, digest: Digest(hashing: []))
            })
    }

    private func loss(_ groups: Text...) -> Decision {
        var decision = Decision(row: row([(.deactivate, nil)]), state: .linked)
        decision.privilegedLosses = groups
        return decision
    }

    private func gain(_ group: Text, waits: Bool) -> Decision {
        var decision = Decision(row: row([(.grant, group)], heldBy: waits ? .privilegedGrant : nil), state: .linked)
        decision.privilegedGains = [group]
        return decision
    }

    @Test(
        "a group is in danger when all who have it lose it",
        arguments: [(1, 1, true), (2, 1, false), (2, 2, true), (0, 1, false), (1, 0, false)])
    func danger(holders: Int, losses: Int, isEndangered: Bool) {
        var fold = LastHolders(holders: ["Admins": holders])
        for _ in 0..<losses { fold.add(loss("Admins")) }
        #expect(fold.endangered == (isEndangered ? ["Admins"] : []))
    }

    @Test("a newcomer saves the group, but not while the grant waits")
    func gains() {
        var waiting = LastHolders(holders: ["Admins": 1])
        waiting.add(loss("Admins"))
        waiting.add(gain("Admins", waits: true))
        #expect(waiting.endangered == ["Admins"])
        var approved = LastHolders(holders: ["Admins": 1])
        approved.add(loss("Admins"))
        approved.add(gain("Admins", waits: false))
        #expect(approved.endangered.isEmpty)
    }

    @Test("several groups in danger come in order, each with its numbers")
    func several() {
        var fold = LastHolders(holders: ["B": 1, "A": 2, "C": 5])
        fold.add(loss("A", "B"))
        fold.add(loss("A", "C"))
        #expect(fold.endangered == ["A", "B"])
        let result = fold.result(for: "A")
        #expect(result.observed == 2 && result.whole == 2 && result.reach == .changes && result.verdict == .held)
        #expect(result.message == "A would be left without an active holder: give it to somebody else first")
    }

    @Test("what takes the group is held, and nothing else")
    func holding() {
        let whole = row([(.update, nil), (.deactivate, nil), (.revoke, "A"), (.revoke, "B"), (.grant, "A")])
        let held = LastHolders.holding(whole, for: "A", losses: ["A"])
        #expect(held?.changes.map(\.heldBy) == [nil, .lastHolder, .lastHolder, nil, nil])
        #expect(LastHolders.holding(whole, for: "A", losses: ["B"]) == nil)
    }
}
