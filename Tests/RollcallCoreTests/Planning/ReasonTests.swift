import RollcallCore
import Testing

@Suite("A reason")
struct ReasonTests {
    private static let rule = StatusReason.Rule(2, "(title=a)")
    private static let other = StatusReason.Rule(1, "(title=b)")

    private static let sentences: [(Reason, String)] = [
        (.newEntry(.active), "new entry"), (.newEntry(.invited), "new entry; new users are invited"),
        (.newEntry(.waiting), "new entry; new users wait until an administrator activates them"),
        (.newEntry(.status(.matching([rule]))), "new entry; status rule 2: (title=a)"),
        (.newEntry(.missing(.unknown(rule), .inactive)), "new entry; status rule 2 cannot be told: (title=a); status_missing: inactive"),
        (.changedUpstream, "changed upstream"), (.renamedUpstream, "renamed upstream"),
        (.activeAgain(Reason.Return()), "active again upstream"),
        (.activeAgain(Reason.Return(isInvited: true)), "active again upstream; still invited"),
        (
            .activeAgain(Reason.Return(role: .admin, groups: ["Admins", "Ops"])),
            "active again upstream; role admin, Admins, Ops comes back with it"
        ),
        (.left(.gone, Reason.Ending()), "gone: the directory has no such entry any more"),
        (.left(.leftScope("uid=a"), Reason.Ending(groups: ["A", "B"])), "left scope: uid=a; ends A, B"),
        (
            .left(.absent, Reason.Ending(groups: ["A"], waited: .inactive(Span(seconds: 86_400)))),
            "absent from the reading; 1d have passed; ends A"
        ),
        (
            .left(.gone, Reason.Ending(waited: .deleted(Span(seconds: 60)))),
            "gone: the directory has no such entry any more; deleted 1m ago"
        ),
        (.left(.notLookedUp, Reason.Ending()), "absent from the reading; not looked up, for a guard holds"),
        (
            .left(.notBelowBase(PartialContext(base: "ou=x,o=y", context: "o=y")), Reason.Ending()),
            "gone: not below ou=x,o=y any more (parts of o=y lie on other servers)"
        ),
        (.left(.ignored("(a=b)"), Reason.Ending()), "left scope: it matches the ignore filter (a=b)"),
        (.left(.status(.matching([rule, other])), Reason.Ending()), "status rule 2: (title=a); status rule 1: (title=b)"),
        (.left(.status(.noRule), Reason.Ending()), "no status rule matches"),
        (.member, "member of a mapped group"), (.memberOfReplacement, "member of another group than the rule has pinned"),
        (.noLongerMember, "no mapped group has this member any longer"),
        (.lostGroup, "the group of this rule vanished, or another one has its name"),
        (.sameIdentifier(.email, "ann"), "the entry has the email of the local user ann"),
        (.declared(Reason.Declaration(holders: nil)), "declared in the config, and new here"),
        (
            .declared(Reason.Declaration(holders: 1, gained: ["a", "b"], lost: ["c"])),
            "declared so in the config; 1 active user has it; gains a, b; loses c"
        ),
        (.declared(Reason.Declaration(holders: 0)), "declared so in the config; 0 active users have it"),
        (.names(Reason.Names(areFreed: true, first: ["a", "b"], more: 2)), "`store.reuse_identifiers` frees the names of a, b and 2 more"),
        (.names(Reason.Names(areFreed: false, first: ["a"], more: 0)), "without `store.reuse_identifiers` these keep their names: a"),
        (.legacy("as it was"), "as it was"),
    ]

    @Test("has its sentence, and comes back from its record", arguments: sentences)
    func sentence(_ reason: Reason, _ sentence: String) {
        #expect(reason.sentence == sentence)
        let change = Change(action: .update, rule: .attributes, reason: reason, digest: Digest(hashing: []))
        let row = PlanRow(anchor: Anchor([1]), userID: 1, label: "ann", changes: [change])
        #expect(PlanRow(record: row.record)?.changes.first?.reason == reason)
        #expect(PlanRow(record: row.record.dropLast()) == nil)
    }

    @Test("shows no value from outside where each is replaced", arguments: sentences.map(\.0))
    func replaced(_ reason: Reason) {
        let sentence = reason.sentence { thing, _ in "<\(thing)>" }
        for value in ["title", "Admins", "uid=", "ou=x", "(a=b)", " ann", "as it was"] { #expect(!sentence.contains(value), "\(sentence)") }
    }
}
