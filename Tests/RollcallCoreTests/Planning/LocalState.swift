@testable import RollcallCore

/// An account as a run may find it, for the table of precedence.
struct LocalState: Sendable {
    /// In the words of the table.
    var name: String
    /// The linked account; `nil` when the entry has none.
    var user: LocalUser?
    var grants: [Grant] = []
    /// What the group rules give to the entry as long as upstream stays as it was.
    var given: [WantedGrant] = []
    var past = PastRuns()
    /// A local account that has the entry's username and email, and no entry.
    var namesake: Candidate?
    /// Whether an administrator removed the entry's account.
    var isTombstoned = false
    /// Whether config protects the name.
    var isProtectedByName = false

    init(_ name: String, _ status: UserStatus?) {
        self.name = name
        user = status.map { LocalState.ann($0) }
    }

    static let now = Instant(unixSeconds: 1_794_000_000)

    /// The user `ann` with her email.
    static func ann(_ status: UserStatus) -> LocalUser {
        var user = LocalUser(id: 7, username: "ann", status: status)
        user.email = "ann@x"
        return user
    }

    private func with(_ change: (inout LocalState) -> Void) -> LocalState {
        var state = self
        change(&state)
        return state
    }

    private func inTeam(_ group: Text = "Team", privileged: Bool = false, stillGiven: Bool = true) -> LocalState {
        with { state in
            state.grants = [PlanFixture.source(group, privileged: privileged)]
            if stillGiven { state.given = [PlanFixture.wanted(group, privileged: privileged)] }
        }
    }

    private func byHand(_ group: Text, privileged: Bool = false) -> LocalState {
        with { $0.grants = [PlanFixture.local(group, privileged: privileged)] }
    }

    /// The rules give the team, and the account has it no longer.
    private var mayComeBack: LocalState { with { $0.given = [PlanFixture.wanted("Team")] } }

    private func leaving(days: Int64) -> LocalState {
        with { $0.past.leavingSince = LocalState.now - Span(seconds: days * 86_400) }
    }

    private func deleted(days: Int64) -> LocalState {
        leaving(days: days + 30).mayComeBack.with { $0.past.deletedAt = LocalState.now - Span(seconds: days * 86_400) }
    }

    private var held: LocalState { with { $0.user?.isHeld = true } }

    private func role(_ role: Role) -> LocalState { with { $0.user?.role = role } }

    /// Nobody yet.
    static let nobody = LocalState("no account", nil)

    /// Nobody any more.
    static let removed = nobody.with {
        $0.name = "no account, removed by an admin"
        $0.isTombstoned = true
    }

    /// Somebody whom an entry is linked to.
    static let linked: [LocalState] = [
        LocalState("active", .active),
        LocalState("active, in Team by a rule", .active).inTeam(),
        LocalState("active, in Team by hand", .active).byHand("Team"),
        LocalState("active, in Admins by a rule", .active).inTeam("Admins", privileged: true),
        LocalState("active, in Admins by hand", .active).byHand("Admins", privileged: true),
        LocalState("invited", .invited).inTeam(),
        LocalState("inactive by a run", .inactive).leaving(days: 1).mayComeBack,
        LocalState("inactive by a run for 31 days", .inactive).leaving(days: 31).mayComeBack,
        LocalState("held by an admin", .inactive).held.inTeam(),
        LocalState("deleted by a run", .deleted).deleted(days: 1),
        LocalState("deleted by a run 91 days ago", .deleted).deleted(days: 91),
        LocalState("deleted by an admin", .deleted).inTeam(),
        LocalState("protected by name", .active).inTeam().with { $0.isProtectedByName = true },
        LocalState("owner", .active).inTeam("Admins", privileged: true).role(.owner),
    ]

    /// The same, for whom fewer words of upstream make a difference.
    static let special: [LocalState] = [
        LocalState("active, role admin", .active).role(.admin),
        LocalState("inactive by a run, was invited", .inactive).leaving(days: 1).mayComeBack.with { $0.past.wasInvited = true },
        LocalState("held by an admin, gone for 31 days", .inactive).held.leaving(days: 31).inTeam(),
    ]

    /// A local account that nothing is linked to, with the name and the email of the entry.
    static func namesake(_ name: String = "a local user of that name", _ change: (inout LocalState) -> Void = { _ in }) -> LocalState {
        var stranger = LocalState("", .active)
        change(&stranger)
        guard let user = stranger.user else { return nobody }
        var state = LocalState(name, nil)
        state.namesake = Candidate(user: user, grants: stranger.grants)
        state.isProtectedByName = stranger.isProtectedByName
        return state
    }

    /// Local accounts of the entry's name, of which only the first may be adopted.
    static let namesakes: [LocalState] = [
        namesake(), namesake("a local owner of that name") { $0.user?.role = .owner },
        namesake("a local admin of that name") { $0.user?.role = .admin },
        namesake("a protected user of that name") { $0.isProtectedByName = true },
        namesake("a local user in Admins") { $0 = $0.byHand("Admins", privileged: true) },
        namesake("a local user, deleted") { $0.user?.status = .deleted },
        namesake("a local user, deactivated") { $0 = LocalState("", .inactive).held },
    ]
}
