extension Planner {
    /// Whether the policy keeps what upstream takes from `user`; who is protected is kept anyway, and that is then what is said.
    func isKept(_ user: LocalUser) -> Bool { rules.policy == .noRemovals && !isProtected(user) }

    /// Ends a user's access: status and `source` grants.
    func deactivate(_ user: LocalUser, rule: ChangeRule, reason: Reason.Departure, _ decision: inout Decision, _ pair: Pair) {
        if isKept(user) {
            decision.row.remarks.append(Remark(.accessKept(.deactivate, reason)))
            return
        }
        let status = FieldChange(.status, before: user.status.text, after: UserStatus.inactive.text)
        let ending = Reason.Ending(groups: pair.endingGroups)
        decision.row.changes.append(change(.deactivate, fields: [status], rule: rule, reason: .left(reason, ending), pair))
        if user.status == .active { decision.privilegedLosses += Set(pair.grants.filter(\.isPrivileged).map(\.group)).sorted() }
    }

    /// Takes away the `source` grants that no rule supports any longer.
    ///
    /// What groups give to the name that the entry had before it moved stays for this run. What ends with a pinned group that vanished or
    /// was replaced waits for a person; a user to whom a group that waits would give it again keeps it.
    ///
    /// - Parameter reason: why all of them end, for a user who has no access any more, so that nothing waits; `nil` for the members that
    ///   a group no longer has.
    func revoke(
        beyond wanted: [WantedGrant], because reason: Reason.Departure? = nil, _ user: LocalUser, _ decision: inout Decision, _ pair: Pair
    ) {
        let supported = Set(wanted.map(\.group))
        let ended = pair.grants.filter { $0.origin == .source && !supported.contains($0.group) }.sorted { $0.group < $1.group }
        let moved = reason == nil ? ended.map(\.group).filter { pair.formerNameGrants.contains($0) } : []
        if !moved.isEmpty {
            decision.row.remarks.append(Remark(.moved(moved)))
        }
        for grant in ended {
            if moved.contains(grant.group) { continue }
            if isKept(user) {
                decision.row.remarks.append(Remark(.membershipKept(grant.group)))
                continue
            }
            let lost = reason == nil ? pair.lostGrants.first { $0.group == grant.group } : nil
            decision.row.changes.append(revocation(of: grant, lost, because: reason, pair))
            let staysByAnother = pair.grants.contains { $0.group == grant.group && $0.origin == .local }
            if grant.isPrivileged, !staysByAnother, user.status == .active { decision.privilegedLosses.append(grant.group) }
        }
    }

    private func revocation(of grant: Grant, _ lost: LostGrant?, because reason: Reason.Departure?, _ pair: Pair) -> Change {
        guard let lost else {
            return change(
                .revoke, group: grant.group, rule: .groups, reason: reason.map { .left($0, Reason.Ending()) } ?? .noLongerMember,
                isPrivileged: grant.isPrivileged, pair)
        }
        var revocation = change(
            .revoke, group: grant.group, rule: .group(lost.rule),
            reason: .lostGroup, isPrivileged: grant.isPrivileged, pair)
        revocation.heldBy = .groupReplaced
        return revocation
    }

    /// Gives the grants that the rules support; a privileged one waits for a person, and so does one by a group that was replaced.
    ///
    /// - Parameter identity: the names of the account that gets them.
    func addGrants(
        _ grants: [WantedGrant], isActive: Bool, _ identity: ChangeBinding.Identity, to decision: inout Decision, _ pair: Pair
    ) {
        for grant in grants {
            var change = change(
                .grant, group: grant.group, path: grant.path, rule: .group(grant.rule), reason: .member,
                isPrivileged: grant.isPrivileged,
                binding: ChangeBinding.of(origin: grant.origin, identity: grant.isPrivileged ? identity : nil), pair)
            if grant.isPrivileged {
                change.heldBy = .privilegedGrant
                // An invited user is no active holder.
                if isActive { decision.privilegedGains.append(grant.group) }
            }
            if grant.isHeld {
                change.heldBy = .groupReplaced
                change.reason = .memberOfReplacement
            }
            decision.row.changes.append(change)
        }
    }

    /// A change of this pair with its digest.
    func change(
        _ action: Action, fields: [FieldChange] = [], group: Text? = nil, path: [Text] = [], rule: ChangeRule, reason: Reason,
        isPrivileged: Bool = false, binding: ShortDigest? = nil, _ pair: Pair
    ) -> Change {
        Change(
            action: action, fields: fields, group: group, path: path, rule: rule, reason: reason, isPrivileged: isPrivileged,
            binding: binding,
            digest: ChangeDigest.of(
                action, anchor: pair.anchor, userID: pair.user?.id, fields: fields, group: group, rule: rule, isPrivileged: isPrivileged,
                binding: binding))
    }

    /// Says that upstream does not tell the status of an account.
    func undecided(_ verdict: StatusVerdict, _ user: LocalUser) -> Remark {
        var remark = Remark(.statusUndecided(verdict.reason, user.status))
        // Where config gives access without a status, its absence is settled.
        let isSettled = isProtected(user) || (verdict.isMissing && rules.lifecycle.statusMissing == .active)
        remark.isPressing = (user.status == .active || user.status == .invited) && !isSettled
        return remark
    }

    /// Says that somebody is locked upstream for a time, which changes nothing here.
    func noteTemporaryLock(_ desired: DesiredUser, _ remarks: inout [Remark]) {
        guard let lock = desired.status.temporaryLock else { return }
        remarks.append(Remark(.temporaryLock(lock)))
    }

    /// Says that a username was perhaps made to be mistaken for another one.
    func noteLookalike(_ username: Text, _ remarks: inout [Remark]) {
        if Lookalike.isMixedScript(username) { remarks.append(Remark(.lookalike(username))) }
    }

    /// Says which mapped fields hold something that is not text.
    func noteUnreadable(_ desired: DesiredUser, _ remarks: inout [Remark]) {
        let fields = [
            (UserField.username, desired.username), (.email, desired.email), (.givenName, desired.givenName),
            (.familyName, desired.familyName), (.displayName, desired.displayName),
        ]
        for (field, value) in fields {
            switch value {
            case .unreadable: remarks.append(Remark(.unreadable(field)))
            case .value(let text, let others) where !others.isEmpty:
                remarks.append(Remark(.severalValues(field, count: others.count + 1, least: text)))
            case .value, .none, .unmapped: continue
            }
        }
    }
}
