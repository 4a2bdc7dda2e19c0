import Testing

@testable import RollcallCore

/// The decision table of ``Planner``, row by row.
@Suite("The planner's decision table")
struct PlannerTests {
    private var fixture = PlanFixture()

    private func decide(_ side: UpstreamSide, _ user: LocalUser? = nil, _ change: (inout Pair) -> Void = { _ in }) -> Decision {
        var pair = PlanFixture.pair(side, user)
        change(&pair)
        return fixture.decision(pair)
    }

    private static let ignored: DesiredUser = {
        var desired = PlanFixture.desired()
        desired.ignoredBy = "(employeeType=service)"
        return desired
    }()

    @Test("an ignored newcomer is counted and nothing else")
    func ignoredNewcomer() {
        let decision = decide(.present(PlannerTests.ignored))
        #expect(decision.row.isEmpty && decision.state == .ignored && !decision.needsAttention)
    }

    @Test("a linked user whose entry is ignored has left scope", arguments: [UserStatus.active, .invited])
    func ignoredLinked(status: UserStatus) {
        let decision = decide(.present(PlannerTests.ignored), PlanFixture.ann(status)) { $0.grants = [PlanFixture.source("Team")] }
        #expect(decision.row.shown == ["deactivate status \(status.rawValue)→inactive"])
        #expect(decision.row.changes.first?.reason.sentence == "left scope: it matches the ignore filter (employeeType=service); ends Team")
        #expect(decision.row.changes.first?.rule == .ignored && decision.state == .leaving)
        #expect(decide(.present(PlannerTests.ignored), PlanFixture.ann(.inactive)).row.isEmpty)
    }

    @Test("an unusable entry is a conflict for a newcomer and leaves a user alone")
    func rejected() {
        let newcomer = decide(.rejected("two anchors"))
        #expect(newcomer.row.noted == ["conflict unusable"] && newcomer.state == .waiting && newcomer.row.shown.isEmpty)
        let linked = decide(.rejected("two anchors"), PlanFixture.ann()) { $0.grants = [PlanFixture.source("Team")] }
        #expect(linked.row.noted == ["undecided unusable"] && linked.state == .linked && linked.row.shown.isEmpty)
        #expect(linked.needsAttention)
    }

    @Test("a new entry becomes an account with its fields and grants; a privileged grant waits")
    func newcomer() {
        var desired = PlanFixture.desired(email: .value("a@x", others: []))
        desired.familyName = .value("Lee", others: [])
        let decision = decide(.present(desired)) {
            $0.wantedGrants = [PlanFixture.wanted("Admins", privileged: true), PlanFixture.wanted("Team")]
        }
        #expect(
            decision.row.shown == [
                "create username -→ann email -→a@x family_name -→Lee status -→active", "held by privileged_grant: grant Admins",
                "grant Team",
            ])
        #expect(decision.row.changes.map(\.reason.sentence) == ["new entry", "member of a mapped group", "member of a mapped group"])
        #expect(decision.privilegedGains == ["Admins"] && decision.needsAttention && decision.state == .linked)
    }

    @Test("a new entry that is inactive becomes an inactive account without grants")
    func inactiveNewcomer() {
        let decision = decide(.present(PlanFixture.desired(status: .inactive))) { $0.wantedGrants = [PlanFixture.wanted("Team")] }
        #expect(decision.row.shown == ["create username -→ann status -→inactive"])
        #expect(decision.row.changes.first?.reason.sentence == "new entry; status rule 1: (nsAccountLock=TRUE)")
        #expect(decision.row.changes.first?.rule == .status(1))
    }

    @Test("a newcomer waits for a username, for one that can be had, and for a status that can be told")
    func waiting() {
        var guarded = self
        guarded.fixture.rules.protection.users = [FoldedKey("root")]
        let holder = ClaimHolder(userID: 3, username: "bob", isLinked: true)
        let cases: [(String, Decision)] = [
            ("no_username", decide(.present(PlanFixture.desired(.none)))),
            ("username_unreadable", decide(.present(PlanFixture.desired(.unreadable)))),
            ("protected_name", guarded.decide(.present(PlanFixture.desired(.value("ROOT", others: []))))),
            ("username_taken", decide(.present(PlanFixture.desired())) { $0.usernameClaim = .taken(by: holder) }),
            ("username_disputed", decide(.present(PlanFixture.desired())) { $0.usernameClaim = .disputed(with: ["uid=b"]) }),
            ("username_blocked", decide(.present(PlanFixture.desired())) { $0.usernameClaim = .blocked(by: holder) }),
            ("status_unknown", decide(.present(PlanFixture.desired(status: nil)))),
        ]
        for (code, decision) in cases {
            #expect(decision.row.noted == ["conflict \(code)"] && decision.row.changes.isEmpty, "\(code)")
            #expect(decision.state == .waiting && decision.needsAttention, "\(code)")
        }
    }

    @Test("a disputed email withholds the email alone")
    func disputedEmail() {
        let desired = PlanFixture.desired(email: .value("a@x", others: []))
        let newcomer = decide(.present(desired)) { $0.emailClaim = .disputed(with: ["uid=b", "uid=c"]) }
        #expect(newcomer.row.shown == ["create username -→ann status -→active"])
        #expect(
            newcomer.row.remarks.first?.message == "the email a@x is also wanted by uid=b, uid=c; the account has no email meanwhile")
        var user = PlanFixture.ann()
        user.email = "old@x"
        let linked = decide(.present(desired), user) {
            $0.emailClaim = .taken(by: ClaimHolder(userID: 9, username: "loc", isLinked: false))
        }
        #expect(linked.row.shown.isEmpty && linked.row.noted == ["conflict email_taken"])
        #expect(linked.row.remarks.first?.message == "the email a@x is held by loc (a local user); the account keeps old@x")
    }

    @Test("nothing about a protected user changes; what differs is named", arguments: [true, false])
    func protected(byRole: Bool) {
        var guarded = self
        if !byRole { guarded.fixture.rules.protection = Protection(roles: [], users: [FoldedKey("Ann")]) }
        let user = PlanFixture.ann(role: byRole ? .owner : .none)
        let grants = { (pair: inout Pair) in pair.grants = [PlanFixture.source("Admins", privileged: true)] }
        for side in [UpstreamSide.present(PlanFixture.desired(status: .inactive)), .absent(.gone), .present(PlannerTests.ignored)] {
            let decision = guarded.decide(side, user, grants)
            #expect(decision.row.changes.isEmpty && decision.row.noted == ["protected protected"] && decision.isProtected)
            #expect(decision.privilegedLosses.isEmpty && decision.needsAttention)
        }
        let present = guarded.decide(.present(PlanFixture.desired(email: .value("a@x", others: []))), user, grants)
        #expect(present.row.noted == ["protected protected", "protected protected"] && present.row.changes.isEmpty)
    }

    @Test("an account deleted here stays deleted, with drift")
    func deletedHere() {
        let decision = decide(.present(PlanFixture.desired()), PlanFixture.ann(.deleted)) { $0.grants = [PlanFixture.source("Team")] }
        #expect(decision.row.shown.isEmpty && decision.row.noted == ["drift deleted_here"] && decision.needsAttention)
        #expect(decide(.absent(.gone), PlanFixture.ann(.deleted)).row.isEmpty)
    }

    @Test("an account held here follows its fields and stays inactive")
    func heldHere() {
        let desired = PlanFixture.desired(email: .value("a@x", others: []))
        let decision = decide(.present(desired), PlanFixture.ann(.inactive, held: true))
        #expect(decision.row.shown == ["update email -→a@x"] && decision.row.noted == ["drift held_here"])
        #expect(decide(.present(PlanFixture.desired(status: .inactive)), PlanFixture.ann(.inactive, held: true)).row.isEmpty)
    }

    @Test("an unknown status leaves status and new grants alone; revocations go on")
    func unknownStatus() {
        let decision = decide(.present(PlanFixture.desired(status: nil)), PlanFixture.ann()) {
            $0.grants = [PlanFixture.source("Old")]
            $0.wantedGrants = [PlanFixture.wanted("New")]
        }
        #expect(decision.row.shown == ["revoke Old"] && decision.row.noted == ["undecided status_unknown"])
        let inactive = decide(.present(PlanFixture.desired(status: nil)), PlanFixture.ann(.inactive)) {
            $0.grants = [PlanFixture.source("Old")]
        }
        #expect(inactive.row.shown.isEmpty && inactive.row.noted == ["undecided status_unknown"])
    }

    @Test("inactive upstream ends access and names the grants that end")
    func deactivate() {
        let decision = decide(.present(PlanFixture.desired(status: .inactive)), PlanFixture.ann()) {
            $0.grants = [
                PlanFixture.source("Team"), PlanFixture.source("Admins", privileged: true), PlanFixture.local("Admins", privileged: true),
            ]
        }
        #expect(decision.row.shown == ["deactivate status active→inactive"])
        #expect(decision.row.changes.first?.reason.sentence == "status rule 1: (nsAccountLock=TRUE); ends Admins, Team")
        #expect(decision.privilegedLosses == ["Admins"])
        let invited = decide(.present(PlanFixture.desired(status: .inactive)), PlanFixture.ann(.invited)) {
            $0.grants = [PlanFixture.local("Admins", privileged: true)]
        }
        #expect(invited.row.shown == ["deactivate status invited→inactive"] && invited.privilegedLosses.isEmpty)
    }

    @Test("active again upstream brings status and grants back")
    func reactivate() {
        let decision = decide(.present(PlanFixture.desired()), PlanFixture.ann(.inactive)) {
            $0.wantedGrants = [PlanFixture.wanted("Team")]
            $0.grants = [PlanFixture.local("Admins", privileged: true)]
        }
        // A privileged membership that comes back is given: it waits, and what comes with it.
        #expect(
            decision.row.shown == [
                "held by privileged_grant: reactivate status inactive→active", "held by privileged_grant: grant Team",
            ])
        #expect(decision.row.changes.first?.reason.sentence == "active again upstream; Admins comes back with it")
        #expect(decision.row.changes.first?.isPrivileged == true)
        #expect(decision.privilegedGains == ["Admins"] && decision.certainGains() == [])
        let ordinary = decide(.present(PlanFixture.desired()), PlanFixture.ann(.inactive)) {
            $0.wantedGrants = [PlanFixture.wanted("Team")]
        }
        #expect(ordinary.row.shown == ["reactivate status inactive→active", "grant Team"])
    }

    @Test("a reactivation takes away what no rule supports any longer and does not give what is there")
    func reactivateWithRests() {
        let decision = decide(.present(PlanFixture.desired()), PlanFixture.ann(.inactive)) {
            $0.grants = [PlanFixture.source("Old"), PlanFixture.source("Team")]
            $0.wantedGrants = [PlanFixture.wanted("Team")]
        }
        #expect(decision.row.shown == ["reactivate status inactive→active", "revoke Old"])
    }

    @Test("an active user is updated, granted and revoked; a local grant is never touched")
    func active() {
        var desired = PlanFixture.desired(email: .none)
        desired.givenName = .value("Anna", others: [])
        var user = PlanFixture.ann()
        user.email = "a@x"
        let decision = decide(.present(desired), user) {
            $0.grants = [PlanFixture.source("Old"), PlanFixture.local("Kept"), PlanFixture.source("Team")]
            $0.wantedGrants = [PlanFixture.wanted("New"), PlanFixture.wanted("Team")]
        }
        #expect(decision.row.shown == ["update email a@x→- given_name -→Anna", "revoke Old", "grant New"])
        #expect(
            decision.row.changes.map(\.reason.sentence) == [
                "changed upstream", "no mapped group has this member any longer", "member of a mapped group",
            ])
        #expect(decision.row.changes.map(\.rule) == [.attributes, .groups, .group(1)])
        #expect(!decision.needsAttention)
    }

    @Test("an invited user keeps their status until they accept, and has their permission groups ready")
    func invited() {
        let decision = decide(.present(PlanFixture.desired()), PlanFixture.ann(.invited)) { $0.wantedGrants = [PlanFixture.wanted("Team")] }
        #expect(decision.row.shown == ["grant Team"])
    }

    @Test("a privileged grant is lost only when no local one stays")
    func privilegedLoss() {
        let only = decide(.present(PlanFixture.desired()), PlanFixture.ann()) {
            $0.grants = [PlanFixture.source("Admins", privileged: true)]
        }
        #expect(only.row.shown == ["revoke Admins"] && only.privilegedLosses == ["Admins"])
        let both = decide(.present(PlanFixture.desired()), PlanFixture.ann()) {
            $0.grants = [PlanFixture.source("Admins", privileged: true), PlanFixture.local("Admins", privileged: true)]
        }
        #expect(both.row.shown == ["revoke Admins"] && both.privilegedLosses.isEmpty)
    }
}

extension PlannerTests {
    @Test("a rename is drift unless config follows it, and then only to a name that can be had")
    func rename() {
        let desired = PlanFixture.desired(.value("anna", others: []))
        let kept = decide(.present(desired), PlanFixture.ann())
        #expect(kept.row.shown.isEmpty && kept.row.noted == ["drift username"])
        var renaming = self
        renaming.fixture.rules.lifecycle.username = .rename
        renaming.fixture.rules.protection.users = [FoldedKey("root")]
        let followed = renaming.decide(.present(desired), PlanFixture.ann())
        #expect(followed.row.shown == ["rename username ann→anna"] && followed.row.changes.first?.reason.sentence == "renamed upstream")
        let guarded = renaming.decide(.present(PlanFixture.desired(.value("Root", others: []))), PlanFixture.ann())
        #expect(guarded.row.shown.isEmpty && guarded.row.noted == ["conflict protected_name"])
        let taken = renaming.decide(.present(desired), PlanFixture.ann()) { $0.usernameClaim = .disputed(with: ["uid=b"]) }
        #expect(taken.row.shown.isEmpty && taken.row.noted == ["conflict username_disputed"])
        let nameless = renaming.decide(.present(PlanFixture.desired(.none)), PlanFixture.ann())
        #expect(nameless.row.shown.isEmpty && nameless.row.noted == ["conflict no_username"])
    }

    @Test("a conflict about a name never keeps a deactivation or a revocation from happening")
    func conflictsDoNotKeepAccess() {
        var renaming = self
        renaming.fixture.rules.lifecycle.username = .rename
        let holder = ClaimHolder(userID: 3, username: "bob", isLinked: true)
        let decision = renaming.decide(
            .present(PlanFixture.desired(.value("bob", others: []), email: .value("b@x", others: []), status: .inactive)), PlanFixture.ann()
        ) {
            $0.usernameClaim = .taken(by: holder)
            $0.emailClaim = .blocked(by: holder)
        }
        #expect(decision.row.shown == ["deactivate status active→inactive"])
        #expect(decision.row.noted == ["conflict username_taken", "conflict email_blocked"])
    }

    @Test("an absent user is deactivated for the reason that was found, and not when it could not be told")
    func absent() {
        let cases: [(Absence, String)] = [
            (.gone, "gone: the directory has no such entry any more; ends Team"),
            (.leftScope(dn: "uid=ann,ou=x"), "left scope: uid=ann,ou=x; ends Team"),
            (
                .notBelowBase(PartialContext(base: "ou=x,o=y", context: "o=y")),
                "gone: not below ou=x,o=y any more (parts of o=y lie on other servers); ends Team"
            ),
            (.notLookedUp, "absent from the reading; not looked up, for a guard holds; ends Team"),
        ]
        var digests: Set<Digest> = []
        for (absence, reason) in cases {
            let decision = decide(.absent(absence), PlanFixture.ann()) { $0.grants = [PlanFixture.source("Team")] }
            #expect(decision.row.shown == ["deactivate status active→inactive"] && decision.row.changes.first?.reason.sentence == reason)
            #expect(decision.row.changes.first?.rule == .absent && decision.state == .absent)
            digests.formUnion(decision.row.changes.map(\.digest))
        }
        #expect(digests.count == 1, "approving holds whatever the look-up says")
        let unconfirmed = decide(.absent(.unconfirmed("busy")), PlanFixture.ann())
        #expect(unconfirmed.row.shown.isEmpty && unconfirmed.row.noted == ["warning unconfirmed"] && unconfirmed.needsAttention)
        for status in [UserStatus.inactive, .deleted] { #expect(decide(.absent(.gone), PlanFixture.ann(status)).row.isEmpty) }
        let forgotten = decide(.absent(.gone))
        #expect(forgotten.row.isEmpty && forgotten.state == .absent)
    }

    @Test("no-removals turns deactivations and revocations into drift")
    func noRemovals() {
        var lenient = self
        lenient.fixture.rules.policy = .noRemovals
        let gone = lenient.decide(.absent(.gone), PlanFixture.ann())
        #expect(gone.row.shown.isEmpty && gone.row.noted == ["drift policy"] && gone.needsAttention)
        let revoked = lenient.decide(.present(PlanFixture.desired()), PlanFixture.ann()) {
            $0.grants = [PlanFixture.source("Admins", privileged: true)]
            $0.wantedGrants = [PlanFixture.wanted("New")]
        }
        #expect(revoked.row.shown == ["grant New"] && revoked.row.noted == ["drift policy"] && revoked.privilegedLosses.isEmpty)
    }

    @Test("what the last applied run noted is known again, and what is new is new")
    func known() {
        let first = decide(.present(PlanFixture.desired(.none)))
        #expect(first.row.remarks.map(\.isNew) == [true])
        let again = decide(.present(PlanFixture.desired(.none))) { $0.noted = first.row.remarkMarks }
        #expect(again.row.remarks.map(\.isNew) == [false])
        let other = decide(.present(PlanFixture.desired(.unreadable))) { $0.noted = first.row.remarkMarks + [1, 2, 3] }
        #expect(other.row.remarks.map(\.isNew) == [true])
    }

    @Test("of several values the user's own is kept, and a field that is not text stays")
    func severalValues() {
        var user = PlanFixture.ann()
        user.email = "b@x"
        let several = decide(.present(PlanFixture.desired(email: .value("a@x", others: ["b@x"]))), user)
        #expect(several.row.shown.isEmpty && several.row.noted == ["warning several_values"])
        let unreadable = decide(.present(PlanFixture.desired(email: .unreadable)), user)
        #expect(unreadable.row.shown.isEmpty && unreadable.row.noted == ["warning unreadable"])
        let unmapped = decide(.present(PlanFixture.desired(email: .unmapped)), user)
        #expect(unmapped.row.isEmpty)
    }

    @Test("a decision that a person approved lets go of what the guard held")
    func release() {
        var decision = decide(.present(PlanFixture.desired()), PlanFixture.ann()) {
            $0.wantedGrants = [PlanFixture.wanted("Admins", privileged: true)]
        }
        #expect(decision.needsAttention && decision.row.changes.first?.heldBy == .privilegedGrant)
        decision.release(.lastHolder)
        #expect(decision.row.changes.first?.heldBy == .privilegedGrant)
        decision.release(.privilegedGrant)
        #expect(decision.row.changes.first?.heldBy == nil && !decision.needsAttention)
    }
}
