@testable import RollcallCore

/// What somebody expects who has read the rules of precedence and has never seen the planner.
///
/// The first that applies: 1 a protected user, 2 one deleted here, 3 one held here, 4 status rules and absence, 5 an unknown
/// status, 6 an invited user, 7 an active one.
struct PrecedenceOracle {
    private let local: LocalState
    private let upstream: UpstreamState
    private let rules: RuleSettings
    private let wanted: [WantedGrant]
    /// The rule that decides, as the table shows it.
    private(set) var rule = ""
    /// Why nothing happens, when nothing does.
    private(set) var calm = "nothing differs"
    private(set) var outcome: PrecedenceOutcome

    init(_ row: PrecedenceCase) {
        local = row.local
        upstream = row.upstream
        rules = row.rules
        wanted = row.wanted
        outcome = PrecedenceOutcome(untouched: local.user, local.grants)
        if let user = local.user { decide(user, local.grants, row) } else { join(row) }
    }

    private var removes: Bool { rules.policy != .noRemovals }

    /// A lock that passes is none, unless config says so.
    private var word: UpstreamState.Word {
        upstream.isLockedForATime && rules.lifecycle.temporaryLock == .inactive ? .inactive : upstream.word
    }

    private mutating func decide(_ user: LocalUser, _ grants: [Grant], _ row: PrecedenceCase) {
        if local.isProtectedByName || rules.protection.roles.contains(user.role) { return protect(row) }
        if user.status == .deleted, local.past.deletedAt == nil {
            (rule, calm) = ("2 deleted here", "what an admin deleted stays deleted, and upstream does not want it back")
            outcome.isSaid = ![.absent, .unconfirmed, .ignored].contains(word)
            return
        }
        switch word {
        case .rejected:
            rule = "5 unknown"
            outcome.isSaid = true
        case .absent, .unconfirmed, .ignored: giveUp(user)
        case .deleted, .deletedNow:
            follow(user, grants)
            giveUp(user)
        case .inactive:
            follow(user, grants)
            deactivate(user)
        case .statusMissing, .statusUnreadable:
            follow(user, grants)
            leaveOpen(user)
        case .active:
            follow(user, grants)
            activate(user)
        }
        if user.isHeld { rule = "3 held here" }
    }

    /// Of what would happen to anybody else nothing does, and it is said.
    private mutating func protect(_ row: PrecedenceCase) {
        var ordinary = row
        ordinary.local.isProtectedByName = false
        ordinary.local.user?.role = .none
        let free = PrecedenceOracle(ordinary)
        (rule, calm) = ("1 protected", free.calm)
        outcome.isSaid = free.outcome != outcome
    }

    /// Names and fields follow whatever becomes of the account; what is disputed waits by itself and is said.
    private mutating func follow(_ user: LocalUser, _ grants: [Grant]) {
        let isWatched = user.role != .none || grants.contains(where: \.isPrivileged)
        for (word, isFollowed) in [(upstream.username, rules.lifecycle.username == .rename), (upstream.email, true)] {
            switch word {
            case .same: continue
            case .remarkable, .withheld: outcome.isSaid = true
            case .changed, .waiting, .lookalike:
                outcome.isUpdated = outcome.isUpdated || isFollowed
                outcome.isSaid = outcome.isSaid || !isFollowed || word == .lookalike
                if isFollowed, isWatched || word == .waiting { outcome.waitsFor.insert(.privilegedIdentifier) }
            }
        }
        if upstream.isLockedForATime, rules.lifecycle.temporaryLock == .report { outcome.isSaid = true }
    }

    /// Step by step: inactive at once, deleted after the wait or `now`, removed after another.
    private mutating func giveUp(_ user: LocalUser) {
        rule = "4 absence"
        if [.deleted, .deletedNow].contains(word) { rule = "4 status rule" }
        guard let next = nextStep(user) else {
            if ![.absent, .unconfirmed].contains(word), user.status == .inactive { lose(outcome.groups) }
            return
        }
        if word == .unconfirmed || user.isHeld || !removes {
            outcome.isSaid = true
            // What no rule gives any longer is not kept by a hold.
            if ![.absent, .unconfirmed].contains(word), user.status == .inactive { lose(outcome.groups) }
            return
        }
        outcome.status = next == .purge ? nil : next == .delete ? .deleted : .inactive
        outcome.groups = []
        if next == .purge { outcome.isUpdated = false }
        if next == .purge { outcome.waitsFor = [] }
        if upstream.isRebuilt { outcome.waitsFor.insert(.anchorsChanged) }
    }

    private mutating func nextStep(_ user: LocalUser) -> Action? {
        func isOver(_ start: Instant?, _ wait: Span?) -> Bool {
            guard let start, let wait else { return false }
            return start + wait <= LocalState.now
        }
        switch user.status {
        case .active, .invited: return word == .deletedNow ? .delete : .deactivate
        case .inactive:
            calm =
                rules.lifecycle.deleteAfter == nil
                ? "inactive already; delete_after is never" : "inactive already; delete_after is not over"
            return word == .deletedNow || isOver(local.past.leavingSince, rules.lifecycle.deleteAfter) ? .delete : nil
        case .deleted:
            calm = rules.lifecycle.purgeAfter == nil ? "deleted already; purge_after is never" : "deleted already; purge_after is not over"
            return isOver(local.past.deletedAt, rules.lifecycle.purgeAfter) ? .purge : nil
        }
    }

    private mutating func deactivate(_ user: LocalUser) {
        rule = "4 status rule"
        calm = "\(user.status.rawValue) already"
        switch user.status {
        case .active, .invited:
            if removes {
                outcome.status = .inactive
                outcome.groups = []
            } else {
                outcome.isSaid = true
            }
        case .inactive: lose(outcome.groups)
        case .deleted: calm = "deleted by a run; only an active entry brings it back"
        }
    }

    /// Nobody gains or loses access by what cannot be told, but what is taken away upstream is taken away.
    private mutating func leaveOpen(_ user: LocalUser) {
        rule = "5 unknown"
        calm = "deleted by a run; only an active entry brings it back"
        if user.status == .active { lose(outcome.groups.subtracting(wanted.map(\.group)), waiting: upstream.groups == .vanished) }
        if user.status != .deleted { outcome.isSaid = true }
    }

    private mutating func activate(_ user: LocalUser) {
        rule = user.status == .invited ? "6 invited" : "7 active"
        lose(outcome.groups.subtracting(wanted.map(\.group)), waiting: upstream.groups == .vanished)
        if user.isHeld {
            outcome.isSaid = true
            return
        }
        // Back again undoes what a run did, and no more.
        if user.status != .invited { outcome.status = local.past.wasInvited ? .invited : .active }
        give()
    }

    /// - Parameter isTold: whether upstream tells the status; as long as it does not, nobody is asked for what waits for a person.
    private mutating func give(isTold: Bool = true) {
        let wanted = isTold ? wanted : wanted.filter { !$0.isPrivileged && !$0.isHeld }
        if wanted.contains(where: { $0.isPrivileged && !outcome.groups.contains($0.group) }) { outcome.waitsFor.insert(.privilegedGrant) }
        outcome.groups.formUnion(wanted.map(\.group))
    }

    /// - Parameter waiting: whether a person must look first, for the group itself is what is gone.
    private mutating func lose(_ groups: Set<Text>, waiting: Bool = false) {
        if waiting, removes, !groups.isEmpty { outcome.waitsFor.insert(.groupReplaced) }
        if removes { outcome.groups.subtract(groups) } else if !groups.isEmpty { outcome.isSaid = true }
    }
}

/// Somebody without an account.
extension PrecedenceOracle {
    private mutating func join(_ row: PrecedenceCase) {
        rule = "joiner"
        switch word {
        case .absent, .unconfirmed: calm = "neither an entry nor an account"
        case .ignored: calm = "ignored; counted, never created"
        case .deleted, .deletedNow: calm = "whom a rule deletes is not created first"
        case .rejected: outcome.isSaid = true
        case .active, .inactive, .statusMissing, .statusUnreadable:
            if local.isTombstoned {
                rule = "2 deleted here"
                outcome.isSaid = true
            } else if let adopted {
                adopt(adopted, row)
            } else {
                create()
            }
        }
    }

    /// The local user of that name, if config adopts and they can do no more than others.
    private var adopted: Candidate? {
        guard rules.lifecycle.adoption != .never, let namesake = local.namesake, namesake.user.status != .deleted,
            namesake.user.role == .none, !local.isProtectedByName, !namesake.grants.contains(where: \.isPrivileged)
        else { return nil }
        return namesake
    }

    private mutating func adopt(_ namesake: Candidate, _ row: PrecedenceCase) {
        var linked = row
        linked.local.user = namesake.user
        linked.local.grants = namesake.grants
        linked.local.namesake = nil
        // What waits for a reason of its own does not pass with the adoption: it is proposed in the run after.
        linked.upstream.groups = upstream.groups == .gainedPrivileged ? .same : upstream.groups
        outcome = PrecedenceOracle(linked).outcome
        outcome.isAdopted = true
        outcome.waitsFor = [.adoption]
    }

    private mutating func create() {
        let mayHaveName = [.changed, .lookalike].contains(upstream.username) || (upstream.username == .same && local.namesake == nil)
        let status: UserStatus? =
            switch (word, rules.lifecycle.statusMissing) {
            case (.active, _), (.statusMissing, .active): rules.lifecycle.newUsers
            case (.inactive, _), (.statusMissing, .inactive): .inactive
            default: nil
            }
        guard mayHaveName, !local.isProtectedByName, let status else {
            outcome.isSaid = true
            return
        }
        outcome.status = status
        let mayHaveEmail = [.same, .changed].contains(upstream.email) && (local.namesake == nil || upstream.email == .changed)
        outcome.isSaid = upstream.username == .lookalike || !mayHaveEmail || word == .statusMissing || upstream.isLockedForATime
        if status != .inactive { give(isTold: word == .active) }
    }
}
