import Testing

@testable import RollcallCore

@Suite("Guards")
struct GuardsTests {
    private static let proof = ReadProof(server: "ldap://one", users: 1000, groups: 50, rejected: 0, pages: 2, result: 0)
    private static let baseline = Baseline(linkedActive: 1000, links: 1100, users: 1000, groups: 50)

    private func judge(
        limits: GuardLimits = GuardLimits(), baseline: Baseline = GuardsTests.baseline, proof: ReadProof = GuardsTests.proof,
        losses: [AttributeLoss] = [], _ fill: (inout GuardTally) -> Void = { _ in }
    ) -> [GuardResult] {
        var tally = GuardTally()
        fill(&tally)
        return Guards(limits: limits, baseline: baseline).judge(tally, proof: proof, losses: losses)
    }

    private func held(_ results: [GuardResult]) -> [GuardName] { results.filter { $0.verdict == .held }.map(\.guardName) }

    @Test("a plan within every limit passes every guard, each of which reports what it saw")
    func calm() {
        let results = judge()
        #expect(held(results).isEmpty && results.allSatisfy { $0.message.isEmpty })
        #expect(
            results.map(\.guardName) == [
                .empty, .firstRun, .scope, .deactivations, .reactivations, .creations, .identifiers, .shrink, .attributeGone, .rejected,
            ])
        #expect("\(results[3].limit)" == "5 % or 500, min 5" && results[3].whole == 1000)
    }

    @Test("deactivations hold one past their percent", arguments: [(50, false), (51, true)])
    func deactivations(observed: Int, isHeld: Bool) {
        let results = judge { $0.deactivations = observed }
        #expect(held(results) == (isHeld ? [.deactivations] : []))
        #expect(Guards(limits: GuardLimits(), baseline: GuardsTests.baseline).holdsDeactivations(observed) == isHeld)
        if isHeld {
            #expect(results[3].message == "51 of 1000 active users would be deactivated; look upstream before you approve")
        }
    }

    @Test("the count holds although the percent does not", arguments: [(500, false), (501, true)])
    func count(observed: Int, isHeld: Bool) {
        let many = Baseline(linkedActive: 1_000_000, links: 1_000_000, users: 1000, groups: 50)
        #expect(held(judge(baseline: many) { $0.deactivations = observed }) == (isHeld ? [.deactivations] : []))
        #expect(held(judge(baseline: many) { $0.reactivations = observed }) == (isHeld ? [.reactivations] : []))
    }

    @Test("up to the minimum never holds, whatever the percent", arguments: [(5, false), (6, true)])
    func minimum(observed: Int, isHeld: Bool) {
        let few = Baseline(linkedActive: 6, links: 6, users: 1000, groups: 50)
        #expect(held(judge(baseline: few) { $0.deactivations = observed }) == (isHeld ? [.deactivations] : []))
        #expect(held(judge(baseline: few) { $0.reactivations = observed }) == (isHeld ? [.reactivations] : []))
        #expect(held(judge(baseline: few) { $0.identifiers = observed }) == (isHeld ? [.identifiers] : []))
    }

    @Test("creations hold above a fifth and above fifty, and not in a first run", arguments: [(200, false), (201, true)])
    func creations(observed: Int, isHeld: Bool) {
        #expect(held(judge { $0.creations = observed }) == (isHeld ? [.creations] : []))
        let few = Baseline(linkedActive: 100, links: 100, users: 1000, groups: 50)
        #expect(held(judge(baseline: few) { $0.creations = 50 }).isEmpty)
        #expect(held(judge(baseline: few) { $0.creations = 51 }) == [.creations])
        #expect(held(judge(baseline: Baseline()) { $0.creations = 1000 }) == [.firstRun])
    }

    @Test("identifiers hold above five percent", arguments: [(50, false), (51, true)])
    func identifiers(observed: Int, isHeld: Bool) {
        #expect(held(judge { $0.identifiers = observed }) == (isHeld ? [.identifiers] : []))
    }

    @Test("a snapshot shrunk by more than a fifth of users or of groups holds", arguments: [(0, false), (1, true)])
    func shrink(beyond: Int, isHeld: Bool) {
        var proof = GuardsTests.proof
        proof.users = 800 - beyond
        #expect(held(judge(proof: proof)) == (isHeld ? [.shrink] : []))
        proof.users = 1000
        proof.groups = 40 - beyond
        let results = judge(proof: proof)
        #expect(held(results) == (isHeld ? [.shrink] : []))
        if isHeld {
            #expect(results[7].message == "11 of 50 groups are missing from the reading: check what we may read there")
        }
        #expect(held(judge(baseline: Baseline(linkedActive: 5, links: 5), proof: proof)).isEmpty, "there is nothing to compare with")
    }

    @Test("rejected entries hold above one percent and above five", arguments: [(10, false), (11, true)])
    func rejected(observed: Int, isHeld: Bool) {
        let proof = ReadProof(server: "s", users: 1000 - observed, groups: 0, rejected: observed, pages: 1, result: 0)
        let base = Baseline(linkedActive: 1000, links: 1000, users: 1000, groups: 0)
        #expect(held(judge(baseline: base, proof: proof)) == (isHeld ? [.rejected] : []))
        let small = ReadProof(server: "s", users: 10, groups: 0, rejected: 5, pages: 1, result: 0)
        #expect(held(judge(baseline: Baseline(linkedActive: 9, links: 9, users: 10, groups: 0), proof: small)).isEmpty)
    }

    @Test("a snapshot without users holds always, with an empty store too")
    func empty() {
        var proof = GuardsTests.proof
        proof.users = 0
        proof.groups = 0
        let results = judge(baseline: Baseline(), proof: proof)
        #expect(held(results) == [.empty, .firstRun])
        #expect(results[0].message.hasPrefix("the source answered with no users at all"))
    }

    @Test("groups that have vanished hold; none before and none now do not")
    func groupsVanished() {
        var proof = GuardsTests.proof
        proof.groups = 0
        let results = judge(baseline: Baseline(linkedActive: 1000, links: 1000, users: 1000, groups: 3), proof: proof)
        #expect(held(results) == [.empty])
        #expect(results[0].message.hasPrefix("the source answered with no groups, and had 3"))
        #expect(held(judge(baseline: Baseline(linkedActive: 1000, links: 1000, users: 1000, groups: 0), proof: proof)).isEmpty)
    }

    @Test("the first run holds until somebody is linked")
    func firstRun() {
        #expect(held(judge(baseline: Baseline())) == [.firstRun])
        #expect(held(judge(baseline: Baseline(linkedActive: 0, links: 1, users: 1000, groups: 50))).isEmpty)
    }

    @Test("an attribute gone from more than a fifth of those who had it holds", arguments: [(20, false), (21, true)])
    func attributeGone(lost: Int, isHeld: Bool) {
        let losses = [
            AttributeLoss(attribute: "sn", had: 1000, lost: 1, isMarker: false),
            AttributeLoss(attribute: "mail", had: 100, lost: lost, isMarker: false),
        ]
        let results = judge(losses: losses)
        #expect(held(results) == (isHeld ? [.attributeGone] : []))
        #expect(results[8].observed == lost && results[8].whole == 100)
    }

    @Test("every attribute that is gone has a line of its own")
    func attributesGone() {
        let losses = ["sn", "mail"].map { AttributeLoss(attribute: Text($0), had: 10, lost: 10, isMarker: false) }
        #expect(judge(losses: losses).filter { $0.guardName == .attributeGone }.map(\.message).map { $0.prefix(5) } == ["mail ", "sn is"])
    }

    @Test("a marker that vanishes from all of its three holders holds", arguments: [(3, 3, true), (2, 2, false), (4, 3, false)])
    func marker(had: Int, lost: Int, isHeld: Bool) {
        let marker = AttributeLoss(attribute: "nsAccountLock", had: had, lost: lost, isMarker: true)
        #expect(held(judge(losses: [marker])) == (isHeld ? [.attributeGone] : []))
        let state = AttributeLoss(attribute: "userAccountControl", had: had, lost: lost, isMarker: false)
        #expect(held(judge(losses: [state])).isEmpty)
    }

    @Test("privileged grants are reported as held alone")
    func privilegedGrants() {
        let results = judge { $0.privilegedGrants = 2 }
        #expect(held(results) == [.privilegedGrant] && results.last?.reach == .changes)
        #expect(results.last?.message == "2 grants of privileged groups wait for a person")
    }

    @Test("a row is counted once for each kind of change, and its identifiers once")
    func tally() {
        let digest = Digest(hashing: [])
        let email = FieldChange(.email, before: "a@x", after: "b@x")
        let row = PlanRow(
            anchor: Anchor([1]), userID: 1, label: "ann",
            changes: [
                Change(action: .rename, rule: .legacy(""), reason: .legacy(""), digest: digest),
                Change(action: .update, fields: [email], rule: .legacy(""), reason: .legacy(""), digest: digest),
                Change(action: .deactivate, rule: .legacy(""), reason: .legacy(""), digest: digest),
                Change(
                    action: .grant, group: "A", rule: .legacy(""), reason: .legacy(""), isPrivileged: true, heldBy: .privilegedGrant,
                    digest: digest),
                Change(action: .grant, group: "B", rule: .legacy(""), reason: .legacy(""), digest: digest),
                Change(action: .revoke, group: "C", rule: .legacy(""), reason: .legacy(""), digest: digest),
            ])
        var tally = GuardTally()
        tally.add(row)
        #expect(tally.identifiers == 1 && tally.deactivations == 1 && tally.privilegedGrants == 1 && tally.creations == 0)
        var first = row
        first.changes = [
            Change(
                action: .update, fields: [FieldChange(.email, before: nil, after: "a@x")], rule: .legacy(""), reason: .legacy(""),
                digest: digest)
        ]
        tally.add(first)
        #expect(tally.identifiers == 1, "a first email is no change of identifier")
    }
}
