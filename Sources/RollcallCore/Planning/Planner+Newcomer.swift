extension Planner {
    /// An entry without a user: create, wait or ignore.
    func newcomer(_ desired: DesiredUser, _ pair: Pair) -> Decision {
        if desired.ignoredBy != nil {
            return Decision(row: PlanRow(anchor: pair.anchor, userID: nil, label: pair.dn), state: .ignored)
        }
        // Whoever is to be deleted is not created first.
        if desired.status.status == .deleted {
            return Decision(row: PlanRow(anchor: pair.anchor, userID: nil, label: desired.username.text ?? pair.dn), state: .ignored)
        }
        if pair.isTombstoned { return waiting(.purgedHere, desired.username.text ?? pair.dn, pair, due: nil) }
        if let adopted = adoption(desired, pair) { return adopted }
        guard let username = desired.username.text else {
            return waiting(desired.username == .unreadable ? .usernameUnreadable : .noUsername(keeping: nil), pair.dn, pair, due: nil)
        }
        if let obstacle = obstacle(to: username, desired, pair) { return waiting(obstacle, username, pair, due: desired.status.due) }

        var row = PlanRow(anchor: pair.anchor, userID: nil, label: username)
        var fields: [FieldChange] = []
        fields.reserveCapacity(6 + desired.extra.count)
        fields.append(FieldChange(.username, before: nil, after: username))
        fields += newFields(desired, pair, remarks: &row.remarks)
        noteLookalike(username, &row.remarks)
        let status = newStatus(desired.status)
        let isActive = status != .inactive
        if desired.status.status == nil {
            row.remarks.append(Remark(.statusUndecided(desired.status.reason, status)))
        }
        fields.append(FieldChange(.status, before: nil, after: status.text))
        fields += newExtra(desired)
        row.changes.append(
            change(
                .create, fields: fields, rule: rule(of: desired.status), reason: .newEntry(reason(of: desired.status, becoming: status)),
                pair))
        var decision = Decision(row: row, state: .linked)
        decision.due = desired.status.due
        if isActive {
            let email = fields.first { $0.field == .email }?.after
            addGrants(
                newGrants(desired.status, pair), isActive: status == .active, ChangeBinding.Identity(username: username, email: email),
                to: &decision, pair)
        }
        let waits = isActiveUpstream(desired.status) && status == .inactive
        decision.needsAttention = waits || !decision.row.remarks.isEmpty || decision.row.changes.contains { $0.heldBy != nil }
        return decision
    }

    /// What an active account begins with.
    ///
    /// While a status cannot be told, a user gets no new grant. Of such a newcomer nothing is laid before a person either, for the next
    /// run would not find it again.
    private func newGrants(_ verdict: StatusVerdict, _ pair: Pair) -> [WantedGrant] {
        verdict.status == nil ? pair.wantedGrants.filter { !$0.isPrivileged && !$0.isHeld } : pair.wantedGrants
    }

    /// What config makes of a new entry.
    private func newStatus(_ verdict: StatusVerdict) -> UserStatus {
        switch verdict.status {
        case .active: rules.lifecycle.newUsers
        case .inactive, .deleted: .inactive
        case nil: rules.lifecycle.statusMissing == .active ? rules.lifecycle.newUsers : .inactive
        }
    }

    /// What decided the status, for the digest: an account that waits for an administrator is told by it.
    private func rule(of verdict: StatusVerdict) -> ChangeRule {
        isActiveUpstream(verdict) && rules.lifecycle.newUsers == .inactive ? .newUsers : verdict.rule
    }

    private func isActiveUpstream(_ verdict: StatusVerdict) -> Bool {
        verdict.status == .active || (verdict.status == nil && rules.lifecycle.statusMissing == .active)
    }

    private func reason(of verdict: StatusVerdict, becoming status: UserStatus) -> Reason.NewAccount {
        switch (verdict.status, status) {
        case (.active, .active): .active
        case (.active, .invited): .invited
        case (.active, _): .waiting
        case (nil, _): .missing(verdict.reason, rules.lifecycle.statusMissing)
        case (.inactive, _), (.deleted, _): .status(verdict.reason)
        }
    }

    private func obstacle(to username: Text, _ desired: DesiredUser, _ pair: Pair) -> Remark.Cause? {
        if isProtected(name: username) { return .protectedName(username, keeping: nil) }
        if let claim = pair.usernameClaim.obstacle { return .claim(Remark.Claim(.username, username, claim, .noAccount)) }
        if desired.status.status == nil, !(desired.status.isMissing && rules.lifecycle.statusMissing != .wait) {
            return .statusUnknown(desired.status.reason)
        }
        return nil
    }

    private func waiting(_ cause: Remark.Cause, _ label: Text, _ pair: Pair, due: Instant?) -> Decision {
        var decision = Decision(row: PlanRow(anchor: pair.anchor, userID: nil, label: label, remarks: [Remark(cause)]), state: .waiting)
        decision.due = due
        return decision
    }

    private func newFields(_ desired: DesiredUser, _ pair: Pair, remarks: inout [Remark]) -> [FieldChange] {
        var fields: [FieldChange] = []
        if let email = desired.email.text {
            if let obstacle = pair.emailClaim.obstacle {
                remarks.append(Remark(.claim(Remark.Claim(.email, email, obstacle, .noEmail))))
            } else {
                fields.append(FieldChange(.email, before: nil, after: email))
            }
        }
        noteUnreadable(desired, &remarks)
        noteTemporaryLock(desired, &remarks)
        for (field, value) in [
            (UserField.givenName, desired.givenName), (.familyName, desired.familyName), (.displayName, desired.displayName),
        ] {
            if let text = value.text { fields.append(FieldChange(field, before: nil, after: text)) }
        }
        return fields
    }

    private func newExtra(_ desired: DesiredUser) -> [FieldChange] {
        // The mapping has its extra fields in the order of their names.
        zip(rules.attributes.extra, desired.extra).compactMap { field, value in
            value.text.map { FieldChange(.extra(field.name), before: nil, after: $0) }
        }
    }
}

extension ClaimVerdict {
    /// What stands in the way; `nil` when nothing does.
    var obstacle: Remark.Claim.Obstacle? {
        switch self {
        case .granted, .waiting: nil
        case .taken(let holder): .taken(by: holder.username, isLinked: holder.isLinked)
        case .recycled(let holder): .recycled(from: holder.username)
        case .disputed(let others): .disputed(with: others)
        case .blocked(let holder): .blocked(by: holder.username)
        }
    }
}

extension UserStatus {
    /// The status as a field's value.
    public var text: Text {
        switch self {
        case .invited: UserStatus.invitedText
        case .active: UserStatus.activeText
        case .inactive: UserStatus.inactiveText
        case .deleted: UserStatus.deletedText
        }
    }

    private static let invitedText = Text("invited")
    private static let activeText = Text("active")
    private static let inactiveText = Text("inactive")
    private static let deletedText = Text("deleted")
}
