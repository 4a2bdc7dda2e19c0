extension Planner {
    /// An entry with its user.
    func linked(_ user: LocalUser, _ desired: DesiredUser, _ pair: Pair) -> Decision {
        if let filter = desired.ignoredBy {
            let leaving = Leaving(rule: .ignored, reason: .ignored(filter), state: .leaving)
            return leave(user, leaving, pair)
        }
        var decision = Decision(row: PlanRow(anchor: pair.anchor, userID: user.id, label: user.username), state: .linked)
        decision.due = desired.status.due
        if user.status == .deleted, pair.past.deletedAt == nil {
            decision.row.remarks.append(Remark(.deletedHere))
            decision.needsAttention = true
            return decision
        }
        if pair.areNamesFree, !isProtected(user), let obstacle = obstacle(toReturnOf: user, desired, pair) {
            decision.row.remarks.append(obstacle)
            decision.needsAttention = true
            return decision
        }
        follow(desired, user, pair, &decision)
        if desired.status.status == .deleted {
            leave(desired, user, pair, &decision)
        } else if user.status != .deleted || desired.status.status == .active {
            settle(desired, user, pair, &decision)
        }
        if pair.areNamesFree { holdReturn(&decision) }
        if isProtected(user) { protect(&decision) }
        decision.needsAttention = !decision.row.remarks.isEmpty || decision.row.changes.contains { $0.heldBy != nil }
        return decision
    }

    /// What a rule that deletes does, beside the fields.
    private func leave(_ desired: DesiredUser, _ user: LocalUser, _ pair: Pair, _ decision: inout Decision) {
        let verdict = desired.status
        let left = leave(
            user, Leaving(rule: verdict.rule, reason: .status(verdict.reason), state: .leaving, isImmediate: verdict.deletesNow), pair)
        decision.state = left.state
        decision.due = left.due ?? decision.due
        // Of an account that is removed nothing else is to be said.
        if left.row.changes.contains(where: { $0.action == .purge }) { decision.row.changes = [] }
        decision.row.changes += left.row.changes
        decision.row.remarks += left.row.remarks
        decision.privilegedLosses += left.privilegedLosses
        decision.isProtected = left.isProtected
    }

    /// Brings the fields up to date.
    private func follow(_ desired: DesiredUser, _ user: LocalUser, _ pair: Pair, _ decision: inout Decision) {
        noteUnreadable(desired, &decision.row.remarks)
        noteTemporaryLock(desired, &decision.row.remarks)
        var fields: [FieldChange] = []
        if !pair.areNamesFree || desired.status.status == .active {
            rename(desired, user, pair, &decision)
            if let change = emailChange(desired, user, pair, &decision) { fields.append(change) }
        }
        fields += [
            FieldChange.between(.givenName, user.givenName, desired.givenName),
            FieldChange.between(.familyName, user.familyName, desired.familyName),
            FieldChange.between(.displayName, user.displayName, desired.displayName),
        ].compactMap { $0 }
        fields += zip(rules.attributes.extra, desired.extra).compactMap { field, value in
            FieldChange.between(.extra(field.name), user.extra[field.name], value)
        }.sorted { $0.field < $1.field }
        if !fields.isEmpty {
            let isIdentifier = fields.contains { $0.field == .email }
            let isPrivileged = isIdentifier && isPrivileged(user, pair)
            var update = change(
                .update, fields: fields, rule: .attributes, reason: .changedUpstream, isPrivileged: isPrivileged, pair)
            if isPrivileged || (isIdentifier && pair.emailClaim == .waiting) { update.heldBy = .privilegedIdentifier }
            decision.row.changes.append(update)
        }
    }

    /// What becomes of the email; `nil` when it stays. Whoever comes back without a claim to the old one has none meanwhile.
    private func emailChange(_ desired: DesiredUser, _ user: LocalUser, _ pair: Pair, _ decision: inout Decision) -> FieldChange? {
        let change = FieldChange.between(.email, user.email, desired.email)
        let kept = pair.areNamesFree ? nil : user.email
        guard let wanted = change == nil && pair.areNamesFree ? user.email : change?.after,
            let obstacle = pair.emailClaim.obstacle
        else { return change }
        decision.row.remarks.append(Remark(.claim(Remark.Claim(.email, wanted, obstacle, kept.map { .keeps($0) } ?? .noEmail))))
        return kept == user.email ? nil : FieldChange(.email, before: user.email, after: nil)
    }

    private func rename(_ desired: DesiredUser, _ user: LocalUser, _ pair: Pair, _ decision: inout Decision) {
        guard desired.username != .none else {
            decision.row.remarks.append(Remark(.noUsername(keeping: user.username)))
            return
        }
        guard let change = FieldChange.between(.username, user.username, desired.username), let wanted = change.after else { return }
        if rules.lifecycle.username == .keep {
            decision.row.remarks.append(Remark(.usernameKept(wanted)))
        } else if isProtected(name: wanted), !isProtected(user) {
            decision.row.remarks.append(Remark(.protectedName(wanted, keeping: user.username)))
        } else if let obstacle = pair.usernameClaim.obstacle {
            decision.row.remarks.append(Remark(.claim(Remark.Claim(.username, wanted, obstacle, .keeps(user.username)))))
        } else {
            let isPrivileged = isPrivileged(user, pair)
            var rename = self.change(
                .rename, fields: [change], rule: .attributes, reason: .renamedUpstream, isPrivileged: isPrivileged, pair)
            if pair.usernameClaim == .waiting || isPrivileged { rename.heldBy = .privilegedIdentifier }
            decision.row.changes.append(rename)
            noteLookalike(wanted, &decision.row.remarks)
        }
    }

    /// Whether a new username or email of the user waits for a person: the reader of the mail sets the password.
    ///
    /// The state after the plan counts as well as the one before: a privileged membership that waits is approved for the person that was
    /// shown, under the names that were shown.
    private func isPrivileged(_ user: LocalUser, _ pair: Pair) -> Bool {
        hasPrivilege(user, pair) || pair.wantedGrants.contains(where: \.isPrivileged)
    }

    /// Whether the user has a role or a privileged membership, which an inactive account keeps when it is a local one.
    private func hasPrivilege(_ user: LocalUser, _ pair: Pair) -> Bool {
        user.role != .none || pair.grants.contains(where: \.isPrivileged)
    }

    /// Brings status and grants up to date.
    private func settle(_ desired: DesiredUser, _ user: LocalUser, _ pair: Pair, _ decision: inout Decision) {
        switch (desired.status.status, user.status) {
        case (nil, _):
            decision.row.remarks.append(undecided(desired.status, user))
            if user.status == .active { revoke(beyond: pair.wantedGrants, user, &decision, pair) }
        case (.inactive, .active), (.inactive, .invited), (.deleted, _):
            deactivate(user, rule: desired.status.rule, reason: .status(desired.status.reason), &decision, pair)
        case (.active, .inactive) where user.isHeld:
            decision.row.remarks.append(Remark(.heldHere))
            revoke(beyond: pair.wantedGrants, user, &decision, pair)
        case (.active, .inactive), (.active, .deleted):
            let after = pair.past.wasInvited ? UserStatus.invited : .active
            let status = FieldChange(.status, before: user.status.text, after: after.text)
            let groups = returningPrivilege(pair)
            let returning = user.role != .none || !groups.isEmpty
            let first = decision.row.changes.count
            decision.row.changes.append(
                change(
                    .reactivate, fields: [status], rule: desired.status.rule,
                    reason: .activeAgain(Reason.Return(isInvited: after == .invited, role: user.role, groups: groups)),
                    isPrivileged: returning,
                    binding: ChangeBinding.of(origin: nil, identity: returning ? user.identity : nil), pair))
            followGrants(user, becoming: after, &decision, pair)
            if returning { holdReactivation(from: first, &decision) }
            if after == .active { decision.privilegedGains += groups }
        case (.active, .active), (.active, .invited):
            followGrants(user, becoming: user.status, &decision, pair)
        case (.inactive, .inactive):
            // Somebody else deactivated the account and left its grants.
            revoke(beyond: [], because: .status(desired.status.reason), user, &decision, pair)
        case (.inactive, .deleted):
            break
        }
    }

    /// Holds a reactivation that brings privilege back, and what would be given to the account with it.
    private func holdReactivation(from first: Int, _ decision: inout Decision) {
        for index in decision.row.changes.indices.dropFirst(first)
        where decision.row.changes[index].heldBy == nil && decision.row.changes[index].action != .revoke {
            decision.row.changes[index].heldBy = .privilegedGrant
        }
    }

    /// The privileged groups that an account which is not active has already, and has still once it is active again.
    private func returningPrivilege(_ pair: Pair) -> [Text] {
        let wanted = Set(pair.wantedGrants.map(\.group))
        let staying = pair.grants.filter { $0.isPrivileged && ($0.origin == .local || wanted.contains($0.group)) }
        return Set(staying.map(\.group)).sorted()
    }

    /// Takes away what no rule supports any longer, and gives what is missing.
    private func followGrants(_ user: LocalUser, becoming status: UserStatus, _ decision: inout Decision, _ pair: Pair) {
        revoke(beyond: pair.wantedGrants, user, &decision, pair)
        let held = Set(pair.grants.filter { $0.origin == .source }.map(\.group))
        addGrants(pair.wantedGrants.filter { !held.contains($0.group) }, isActive: status == .active, user.identity, to: &decision, pair)
    }

    /// Turns what a run would do to a protected user into remarks.
    func protect(_ decision: inout Decision) {
        decision.privilegedLosses = []
        decision.privilegedGains = []
        decision.isProtected = !decision.row.changes.isEmpty
        for change in decision.row.changes {
            decision.row.remarks.append(Remark(.protected(change.action, group: change.group, change.reason)))
        }
        decision.row.changes = []
    }
}

extension FieldChange {
    /// The change that brings a field from `current` to what upstream says; `nil` when there is none to make.
    static func between(_ field: UserField, _ current: Text?, _ desired: FieldValue) -> FieldChange? {
        switch desired {
        case .unmapped, .unreadable: return nil
        case .none: return current == nil ? nil : FieldChange(field, before: current, after: nil)
        case .value(let text, let others):
            if current == text { return nil }
            if let current, others.contains(current) { return nil }
            return FieldChange(field, before: current, after: text)
        }
    }
}
