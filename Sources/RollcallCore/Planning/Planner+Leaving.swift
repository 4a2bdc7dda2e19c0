/// Why upstream gives a user up.
struct Leaving {
    var rule: ChangeRule
    /// Why.
    var reason: Reason.Departure
    /// What the entry is to us from now on.
    var state: EntryState
    /// Whether the user is deleted without waiting.
    var isImmediate = false
    /// Why no step may be taken yet although it is due; `nil` when the evidence is fresh.
    var doubt: String?
}

/// A user whom upstream gave up, step by step: inactive at once, deleted after a while, removed if config says so.
extension Planner {
    /// A user whose entry is absent.
    func absent(_ user: LocalUser, _ absence: Absence, _ pair: Pair) -> Decision {
        var leaving = Leaving(rule: .absent, reason: .absent, state: .absent)
        switch absence {
        case .gone: leaving.reason = .gone
        case .leftScope(let dn): leaving.reason = .leftScope(dn)
        case .notBelowBase(let place): leaving.reason = .notBelowBase(place)
        case .notLookedUp: leaving.reason = .notLookedUp
        case .unasked: break
        case .unconfirmed(let reason): leaving.doubt = reason
        }
        var decision = leave(user, leaving, pair)
        if pair.movedTo != nil, holdsMovedAnchors { decision.hold(for: .anchorsChanged) }
        return decision
    }

    /// What becomes of a user whom upstream has given up.
    func leave(_ user: LocalUser, _ leaving: Leaving, _ pair: Pair) -> Decision {
        var decision = Decision(row: PlanRow(anchor: pair.anchor, userID: user.id, label: user.username), state: leaving.state)
        take(nextStep(of: user, leaving, pair, &decision), user, leaving, pair, &decision)
        decision.needsAttention = !decision.row.remarks.isEmpty || decision.row.changes.contains { $0.heldBy != nil }
        return decision
    }

    /// What is to be done now; `nil` when nothing is, with the time of what comes next.
    private func nextStep(of user: LocalUser, _ leaving: Leaving, _ pair: Pair, _ decision: inout Decision) -> Action? {
        // Whoever was let in again since begins anew.
        let since = user.status == .inactive ? pair.past.leavingSince ?? now : now
        let deletion = leaving.isImmediate ? since : rules.lifecycle.deleteAfter.map { since + $0 }
        let purge = rules.lifecycle.purgeAfter.map { now + $0 }
        switch user.status {
        case .active, .invited:
            decision.due = leaving.isImmediate ? purge : deletion
            return leaving.isImmediate ? .delete : .deactivate
        case .inactive:
            guard let deletion else { return nil }
            decision.due = deletion <= now ? purge : deletion
            return deletion <= now ? .delete : nil
        case .deleted:
            guard let deletedAt = pair.past.deletedAt, let wait = rules.lifecycle.purgeAfter else { return nil }
            if deletedAt + wait <= now { return .purge }
            decision.due = deletedAt + wait
            return nil
        }
    }

    private func take(_ step: Action?, _ user: LocalUser, _ leaving: Leaving, _ pair: Pair, _ decision: inout Decision) {
        guard let step else { return endGrants(of: user, leaving, pair, &decision) }
        if let doubt = leaving.doubt {
            decision.due = now
            decision.row.remarks.append(Remark(.unconfirmed(doubt)))
        } else if isProtected(user) {
            decision.row.remarks.append(Remark(.protected(step, group: nil, .left(leaving.reason, Reason.Ending()))))
            decision.isProtected = true
        } else if user.isHeld, step != .deactivate {
            decision.row.remarks.append(Remark(.heldHereAndLeft(leaving.reason)))
            endGrants(of: user, leaving, pair, &decision)
        } else if rules.policy == .noRemovals {
            decision.row.remarks.append(Remark(.accessKept(step, leaving.reason)))
        } else {
            end(user, by: step, leaving, pair, &decision)
        }
    }

    /// Takes what rules gave from an account that somebody else deactivated without its grants.
    private func endGrants(of user: LocalUser, _ leaving: Leaving, _ pair: Pair, _ decision: inout Decision) {
        guard leaving.state == .leaving, user.status == .inactive, !isProtected(user) else { return }
        revoke(beyond: [], because: leaving.reason, user, &decision, pair)
    }

    /// The change that ends an account's access, or the account.
    private func end(_ user: LocalUser, by step: Action, _ leaving: Leaving, _ pair: Pair, _ decision: inout Decision) {
        switch step {
        case .deactivate: return deactivate(user, rule: leaving.rule, reason: leaving.reason, &decision, pair)
        case .delete:
            let ending = Reason.Ending(
                groups: pair.endingGroups, waited: leaving.isImmediate ? nil : rules.lifecycle.deleteAfter.map { .inactive($0) })
            let status = FieldChange(.status, before: user.status.text, after: UserStatus.deleted.text)
            decision.row.changes.append(
                change(
                    .delete, fields: [status], rule: leaving.rule,
                    reason: .left(leaving.reason, ending), pair))
            if user.status == .active { decision.privilegedLosses += Set(pair.grants.filter(\.isPrivileged).map(\.group)).sorted() }
        default:
            let status = FieldChange(.status, before: user.status.text, after: nil)
            let ending = Reason.Ending(waited: rules.lifecycle.purgeAfter.map { .deleted($0) })
            decision.row.changes.append(
                change(.purge, fields: [status], rule: leaving.rule, reason: .left(leaving.reason, ending), pair))
        }
    }

}

extension Decision {
    /// Holds what an account would gain that was linked to another entry by its username: only its losses go through meanwhile.
    mutating func holdGains() {
        for index in row.changes.indices where row.changes[index].heldBy == nil {
            let change = row.changes[index]
            if !change.action.endsAccess, change.action != .revoke { row.changes[index].heldBy = .anchorsChanged }
        }
        needsAttention = needsAttention || row.changes.contains { $0.heldBy != nil }
    }

    /// Holds every change for a guard that holds by itself what it names.
    fileprivate mutating func hold(for guardName: GuardName) {
        for index in row.changes.indices where row.changes[index].heldBy == nil { row.changes[index].heldBy = guardName }
        needsAttention = !row.remarks.isEmpty || row.changes.contains { $0.heldBy != nil }
    }
}
