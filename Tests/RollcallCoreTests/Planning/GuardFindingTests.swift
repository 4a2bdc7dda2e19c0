import Testing

@testable import RollcallCore

@Suite("What a guard found")
struct GuardFindingTests {
    /// A guard with its finding, and the sentence for 60 of 120 within a day.
    typealias Case = (guardName: GuardName, finding: GuardFinding?, sentence: String)

    private static let group = PinFinding.Group(dn: "cn=Staff", anchor: Anchor("id-s".utf8))
    private static let other = PinFinding.Group(dn: "cn=Other", anchor: Anchor("id-o".utf8))

    private static func pin(_ state: PinFinding.State) -> GuardFinding { .groupReplaced(PinFinding(rule: 2, text: "a rule", state)) }

    private static func expectation(_ outcome: RollcallCore.Expectation.Outcome, _ found: Standing?) -> GuardFinding {
        .expectation(FailedExpectation(RollcallCore.Expectation(user: "zoe", outcome), found: found))
    }

    private static let checks = "check base, filter and what we may read there"
    private static let waits = "60 changes that would follow from it wait for a person"

    static let cases: [Case] = [
        (.empty, nil, ""),
        (.empty, .noUsers, "the source answered with no users at all: \(checks)"),
        (.empty, .noGroups(before: 7), "the source answered with no groups, and had 7: \(checks)"),
        (.firstRun, .firstRun, "no user is linked yet: the first run waits for a person who has looked at it"),
        (
            .deactivations, .exceeded(earlier: 4),
            "60 of 120 active users would be deactivated; look upstream before you approve (4 of them within the last 1d)"
        ),
        (.reactivations, .exceeded(earlier: 0), "60 of 120 users would be let in again; did an attribute vanish upstream?"),
        (.creations, .exceeded(earlier: 0), "60 of 120 users would be created; is base or filter wider than meant?"),
        (
            .identifiers, .exceeded(earlier: 0),
            "60 of 120 users would get another username or email; did a mapped attribute change its meaning?"
        ),
        (.rejected, .exceeded(earlier: 0), "60 of 120 entries cannot be used; see the conflicts"),
        (.shrink, .usersMissing, "60 of 120 users are missing from the reading: check what we may read there"),
        (.shrink, .groupsMissing, "60 of 120 groups are missing from the reading: check what we may read there"),
        (
            .attributeGone, .attributeGone("phone"),
            "phone is gone from 60 of 120 entries that had it: check what we may read there"
        ),
        (
            .scope, .otherRules,
            "the config asks for something else than the last applied run did: what that changes waits for a person"
        ),
        (
            .scope, .otherSemantics,
            "this version of Rollcall takes the rules otherwise than that of the last applied run: what that changes waits for a person"
        ),
        (.privilegedGrant, .each(1), "1 grant of a privileged group waits for a person"),
        (.privilegedGrant, .each(2), "2 grants of privileged groups wait for a person"),
        (.privilegedIdentifier, .each(1), "1 new username or email of a privileged user, or behind one, waits for a person"),
        (.privilegedIdentifier, .each(2), "2 new usernames or emails of privileged users, or behind one, wait for a person"),
        (.adoption, .each(1), "1 adoption of a local user waits for a person"),
        (.adoption, .each(2), "2 adoptions of local users wait for a person"),
        (
            .permissionChanges, .each(1),
            "1 change of a permission group that gives permissions or ends its privilege waits for a person"
        ),
        (
            .permissionChanges, .each(2),
            "2 changes of permission groups that give permissions or end their privilege wait for a person"
        ),
        (
            .groupRevocations, .revocations(of: "Admins", earlier: 4),
            "60 of 120 memberships of Admins would end (4 of them within the last 1d); did its upstream group lose its members?"
        ),
        (
            .anchorsChanged, .anchorsChanged,
            "60 of 120 linked users came with unknown anchors: if the server was rebuilt, `rollcall reanchor`"
        ),
        (.groupReplaced, pin(.unmatched), "group rule 2 meets no upstream group: a rule; \(waits)"),
        (.groupReplaced, pin(.pinned), "group rule 2 (a rule) has its group; \(waits)"),
        (.groupReplaced, pin(.followed([group])), "group rule 2 (a rule) follows its group, which is now cn=Staff; \(waits)"),
        (
            .groupReplaced, pin(.missing([group, other], .gone, pins: true)),
            "group rule 2 (a rule) has lost its group cn=Staff and cn=Other: the directory has no such group any more; \(waits)"
        ),
        (
            .groupReplaced, pin(.missing([group], .unconfirmed("Busy"), pins: false)),
            "group rule 2 (a rule) has lost its group cn=Staff: it is not in the reading, and could not be looked up (Busy); \(waits)"
        ),
        (
            .groupReplaced, pin(.missing([group], .notInReading, pins: true)),
            "group rule 2 (a rule) has lost its group cn=Staff: it is not in the reading; \(waits)"
        ),
        (
            .groupReplaced, pin(.missing([group], .leftScope("cn=Other"), pins: true)),
            "group rule 2 (a rule) has lost its group cn=Staff: it has left scope: cn=Other; \(waits)"
        ),
        (
            .groupReplaced, pin(.missing([group], .notBelowBase(PartialContext(base: "ou=Other", context: "o=Other")), pins: true)),
            "group rule 2 (a rule) has lost its group cn=Staff: it is not below ou=Other any more (parts of o=Other lie on other servers); \(waits)"
        ),
        (
            .groupReplaced, pin(.replaced([other], lost: [group])),
            "group rule 2 (a rule) says another group than it has pinned: cn=Other (id id-o), not cn=Staff (id id-s); \(waits)"
        ),
        (
            .groupReplaced, pin(.replaced([other], lost: [])),
            "group rule 2 (a rule) says another group than it has pinned: cn=Other (id id-o); \(waits)"
        ),
        (
            .lastHolder, .lastHolder(of: "Admins"),
            "Admins would be left without an active holder: give it to somebody else first"
        ),
        (.ownAccess, .ownAccess(of: "zoe"), "60 approved changes wait for somebody else than zoe"),
        (.paused, .paused, "`rollcall resume` lets runs apply again"),
        (
            .expect, expectation(.absent, Standing(status: .active, groups: ["Staff"])),
            "zoe: expected nobody of this name, found active, in Staff"
        ),
        (
            .expect, expectation(.present(status: .inactive, groups: ["Admins", "Staff"]), Standing(status: .active, groups: [])),
            "zoe: expected inactive, in Admins, Staff, found active, in no permission group"
        ),
        (.expect, expectation(.present(status: nil, groups: []), nil), "zoe: expected an account, found nobody of this name"),
        (.deactivations, .planWaits(1), "1 of these changes waits since an earlier run, until a person approves it"),
        (.deactivations, .planWaits(2), "2 of these changes wait since an earlier run, until a person approves them"),
        (
            .deactivations, .changesWait,
            "60 changes wait since an earlier run, until a person approves them or upstream no longer asks for them"
        ),
        (.rejection, .rejected, "60 changes were rejected by a person, and wait until one approves them after all"),
        (.shrink, .legacy("zoe was"), "zoe was"),
    ]

    private static func result(_ index: Int) -> GuardResult {
        GuardResult(
            cases[index].guardName, reach: .plan, limit: .each, observed: 60, whole: 120, window: Span(seconds: 86_400), verdict: .held,
            cases[index].finding)
    }

    private static func run(_ results: [GuardResult]) -> RunRecord {
        let started = Instant(unixSeconds: 1_794_000_000)
        var run = RunRecord(
            id: RunID(started: started, random: 1), started: started, mode: .apply, source: SourceFacts(type: "ldap"), actor: "alice")
        run.guards = results
        return run
    }

    @Test("has its sentence, and comes back from its record", arguments: cases.indices)
    func sentence(_ index: Int) {
        let result = GuardFindingTests.result(index)
        #expect(result.message == GuardFindingTests.cases[index].sentence)
        let run = GuardFindingTests.run([result])
        #expect(RunRecord(record: run.record) == run)
        for count in run.record.indices { #expect(RunRecord(record: Array(run.record.prefix(count))) == nil) }
    }

    @Test("of one change has it in the singular")
    func one() {
        var result = GuardResult(.rejection, reach: .changes, limit: .untilApproved, observed: 1, verdict: .held, .rejected)
        #expect(result.message == "1 change was rejected by a person, and waits until one approves it after all")
        result.finding = .changesWait
        #expect(result.message == "1 change waits since an earlier run, until a person approves it or upstream no longer asks for it")
        result.finding = .ownAccess(of: "zoe")
        #expect(result.message == "1 approved change waits for somebody else than zoe")
    }

    @Test("shows no value from outside where each is replaced", arguments: cases.indices)
    func replaced(_ index: Int) {
        let sentence = GuardFindingTests.result(index).sentence { thing, _ in "<\(thing)>" }
        for value in ["phone", "Admins", "Staff", "Other", "a rule", "id-", "zoe", "Busy"] {
            #expect(!sentence.contains(value), "\(sentence)")
        }
    }

    @Test("every limit comes back from its record, and says what it said before it was a value")
    func thresholds() {
        let limit = GuardLimit(percent: 5, count: 500, min: 5)
        let expected: [(GuardThreshold, String)] = [
            (.always, "always"), (.each, "each"), (.limit(limit), "5 % or 500, min 5"),
            (.limitOrAll(GuardLimit(percent: 50, min: 2)), "50 %, min 2, or all of 3 or more"), (.untilApproved, "until approved"),
            (.atLeastOne, "at least one"), (.legacy("some"), "some"), (.limit(GuardLimit(percent: nil, count: 3, min: 0)), "3, min 0"),
        ]
        for (threshold, words) in expected {
            #expect(threshold.description == words)
            let run = GuardFindingTests.run([GuardResult(.shrink, reach: .changes, limit: threshold, observed: 1, verdict: .passed)])
            #expect(RunRecord(record: run.record) == run)
        }
    }

    @Test("the bytes are those that stores already hold")
    func pinned() {
        let run = GuardFindingTests.run(GuardFindingTests.cases.indices.map { GuardFindingTests.result($0) })
        #expect("\(Digest(hashing: run.record))" == "2bf82066c0c42be01271938ea5af97f10d6d23dd915c56c94cc55b28b7a2de97")
    }
}
