import Testing

@testable import RollcallCore

@Suite("What a remark is about")
struct RemarkTests {
    /// A cause, its kind and code, its sentence and its advice.
    typealias Case = (cause: Remark.Cause, kind: Remark.Kind, code: String, sentence: String, advice: String)

    private static let rule = StatusReason.unknown(StatusReason.Rule(2, "(title=a)"))

    private static func claim(
        _ kind: ClaimKind, _ name: Text, _ obstacle: Remark.Claim.Obstacle, _ outcome: Remark.Claim.Outcome
    ) -> Remark.Cause {
        .claim(Remark.Claim(kind, name, obstacle, outcome))
    }

    static let cases: [Case] = [
        (.unusable("2 records"), .conflict, "unusable", "the entry cannot be used: 2 records", "correct it upstream"),
        (
            .unusableEntryOfUser("2 records"), .undecided, "unusable",
            "the entry cannot be used, so it gives the user nothing: 2 records", "correct it upstream"
        ),
        (
            .purgedHere, .conflict, "purged_here", "purged here by an administrator; it is not created again",
            "rollcall users restore 'an anchor'"
        ),
        (
            .noUsername(keeping: nil), .conflict, "no_username", "it has no value for the username",
            "set it upstream, or map another attribute"
        ),
        (
            .noUsername(keeping: "ann"), .conflict, "no_username", "upstream has no value for the username; the account keeps ann",
            "set it upstream, or rollcall ack 'a label'"
        ),
        (
            .usernameUnreadable, .conflict, "username_unreadable",
            "its username cannot be read (too large, not UTF-8, or with a NUL)", "correct it upstream"
        ),
        (
            .protectedName("root", keeping: nil), .conflict, "protected_name", "it claims the protected username root",
            "rename it upstream, or take the name out of `protect.users`"
        ),
        (
            .protectedName("root", keeping: "ann"), .conflict, "protected_name",
            "it claims the protected username root; the account keeps ann", "rename it upstream, or rollcall ack 'a label'"
        ),
        (
            .statusUnknown(rule), .conflict, "status_unknown",
            "its status cannot be told (status rule 2 cannot be told: (title=a))", "correct it upstream"
        ),
        (
            .statusUndecided(rule, .inactive), .undecided, "status_unknown",
            "status rule 2 cannot be told: (title=a); the user stays inactive", "correct it upstream"
        ),
        (
            claim(.username, "ann", .taken(by: "bob", isLinked: false), .noAccount), .conflict, "username_taken",
            "the username ann is held by bob (a local user); no account is made meanwhile",
            "rollcall users link bob 'an anchor' if they are one person"
        ),
        (
            claim(.email, "ann@x", .taken(by: "bob", isLinked: false), .noEmail), .conflict, "email_taken",
            "the email ann@x is held by bob (a local user); the account has no email meanwhile",
            "rollcall users show bob, then correct one of the two"
        ),
        (
            claim(.username, "ann", .taken(by: "bob", isLinked: true), .noAccount), .conflict, "username_taken",
            "the username ann is held by bob (the user of another entry); no account is made meanwhile",
            "rollcall users show bob, then correct one of the two"
        ),
        (
            claim(.email, "ann@x", .recycled(from: "bob"), .keeps("old@x")), .conflict, "email_recycled",
            "the email ann@x is held by bob, whose entry is gone: a recycled email, or the same person under a new anchor; "
                + "the account keeps old@x",
            "rollcall reanchor bob if it is the same person, else correct it upstream"
        ),
        (
            claim(.username, "ann", .disputed(with: ["bob", "cyd"]), .staysDeleted), .conflict, "username_disputed",
            "the username ann is also wanted by bob, cyd; the account stays deleted", "correct all but one of them upstream"
        ),
        (
            claim(.username, "ann", .blocked(by: "bob"), .keeps("anna")), .conflict, "username_blocked",
            "the username ann is still held by bob, who waits for another conflict to end; the account keeps anna",
            "rollcall explain bob"
        ),
        (
            .deletedHere, .drift, "deleted_here", "deleted here, present upstream; it stays deleted",
            "rollcall users restore 'a label'"
        ),
        (
            .usernameKept("anna"), .drift, "username", "upstream is now called anna; usernames are kept",
            "rollcall ack 'a label', or set `lifecycle.username: rename` to follow upstream"
        ),
        (
            .heldHere, .drift, "held_here", "deactivated here, active upstream; it stays inactive",
            "rollcall users release 'a label'"
        ),
        (
            .heldHereAndLeft(.leftScope("uid=ann,ou=x")), .drift, "held_here",
            "deactivated here and given up upstream (left scope: uid=ann,ou=x); it stays inactive", "rollcall ack 'a label'"
        ),
        (
            .protected(.grant, group: "Admins", .member), .protected, "protected",
            "protected: grant Admins was left alone (member of a mapped group)", "rollcall ack 'a label'"
        ),
        (
            .protected(.delete, group: nil, .left(.gone, Reason.Ending())), .protected, "protected",
            "protected: delete was left alone (gone: the directory has no such entry any more)", "rollcall ack 'a label'"
        ),
        (
            .accessKept(.deactivate, .gone), .drift, "policy",
            "would be deactivated (gone: the directory has no such entry any more); the policy is no-removals",
            "rollcall ack 'a label'"
        ),
        (
            .accessKept(.purge, .absent), .drift, "policy",
            "would be purged (absent from the reading); the policy is no-removals", "rollcall ack 'a label'"
        ),
        (.membershipKept("Admins"), .drift, "policy", "would lose Admins; the policy is no-removals", "rollcall ack 'a label'"),
        (
            .unconfirmed("Busy"), .warning, "unconfirmed",
            "absent from the reading, but its absence could not be confirmed (Busy); unchanged", ""
        ),
        (
            .moved(["Admins", "Staff"]), .warning, "moved",
            "keeps Admins, Staff: groups still name the DN that the entry had before it moved; the next run decides", ""
        ),
        (
            .temporaryLock("(title=a)"), .drift, "temporary_lock",
            "locked for a time upstream, which changes nothing here: (title=a)",
            "set `lifecycle.temporary_lock: inactive` to follow such locks"
        ),
        (
            .lookalike("ann"), .warning, "lookalike",
            "the username ann has letters of several scripts: make sure that it is not meant to be mistaken for another one", ""
        ),
        (
            .unreadable(.email), .warning, "unreadable",
            "its email cannot be read (too large, not UTF-8, or with a NUL); left as it is", ""
        ),
        (
            .severalValues(.extra("Staff"), count: 3, least: "ann"), .warning, "several_values",
            "extra.Staff has 3 values upstream; one is used, the least is ann", ""
        ),
        (.ofRun("ann said so"), .warning, "run", "ann said so", ""),
        (
            .legacy(Remark.Legacy(.drift, "other", "ann was", advice: "ask ann")), .drift, "other", "ann was", "ask ann"
        ),
    ]

    private static func row(_ remark: Remark) -> PlanRow {
        PlanRow(anchor: Anchor("an anchor".utf8), userID: 1, label: "a label", remarks: [remark])
    }

    @Test("has kind, code, sentence and advice, and comes back from its record", arguments: cases.indices)
    func words(_ index: Int) {
        let expected = RemarkTests.cases[index]
        var remark = Remark(expected.cause, isNew: false)
        remark.isAcknowledged = true
        let row = RemarkTests.row(remark)
        #expect(remark.kind == expected.kind && remark.code == expected.code)
        #expect(remark.message == expected.sentence)
        #expect(remark.advice(of: row) == expected.advice)
        #expect(PlanRow(record: row.record) == row)
        for count in row.record.indices { #expect(PlanRow(record: Array(row.record.prefix(count))) == nil) }
    }

    @Test("shows no value from outside where each is replaced", arguments: cases.indices)
    func replaced(_ index: Int) {
        let cause = RemarkTests.cases[index].cause
        let sentence = cause.sentence { thing, _ in "<\(thing)>" }
        let advice = cause.advice(label: "a label", anchor: Anchor("an anchor".utf8)) { thing, _ in "\(thing)" }
        for value in [
            "title", "Admins", "Staff", "ou=x", " ann", "ann@", "bob", "cyd", "root", "Busy", "2 records", "a label", "an anchor",
        ] {
            #expect(!sentence.contains(value), "\(sentence)")
            #expect(!advice.contains(value), "\(advice)")
        }
    }

    @Test("every cause has a mark of its own, which neither its standing nor its row changes")
    func marks() {
        #expect(Set(RemarkTests.cases.map { Remark($0.cause).mark }).count == RemarkTests.cases.count)
        let known = Remark(.heldHere, isNew: false)
        #expect(known.mark == Remark(.heldHere).mark)
        // The bytes are in stores already.
        var builder = DigestBuilder()
        for entry in RemarkTests.cases { Remark(entry.cause).mark.withBytes { builder.add($0) } }
        #expect("\(builder.digest())" == "7b5f2e92081ca05f8406c62dfe7c91dfbc48913ff4a79dfe47f953c8ea5616e5")
    }

    @Test("marks of an earlier version are known by the words of then, until whole ones take their place")
    func legacyMarks() {
        let held = Remark(.heldHere)
        let kept = Remark(.usernameKept("anna"))
        var former = RemarkMarks([0] + held.legacyMark)
        #expect(former.contains(held) && !former.contains(kept))
        let added = former.insert(kept)
        #expect(added && former.contains(kept) && former.bytes.count == 17)
        #expect(RemarkMarks(former.bytes) == former)
        let removed = former.remove(held)
        #expect(removed && former.bytes == [0] + kept.legacyMark)
        // What is added beside marks of then is of then as well.
        var beside = RemarkMarks([], like: former)
        _ = beside.insert(held)
        #expect(beside.bytes == [0] + held.legacyMark)
        var whole = RemarkMarks(PlanRow(anchor: Anchor([1]), userID: 1, label: "ann", remarks: [held]).remarkMarks)
        #expect(whole.contains(held) && !whole.contains(kept) && whole.bytes == held.mark.bytes)
        let again = whole.insert(held)
        #expect(!again)
    }

    @Test("a mark of an earlier version is the one that such a store holds")
    func formerMark() {
        #expect(Hexadecimal.text(Remark(.heldHere).legacyMark) == "c88cee6f2f9d093d")
        // A remark that was read from a record of then has the same.
        let legacy = Remark.Legacy(.drift, "held_here", "deactivated here, active upstream; it stays inactive")
        #expect(Remark(.legacy(legacy)).legacyMark == Remark(.heldHere).legacyMark)
    }
}
