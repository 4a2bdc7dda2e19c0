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
        if pair.isTombstoned { return waiting(purgedHere(pair), desired.username.text ?? pair.dn, pair, due: nil) }
        if let adopted = adoption(desired, pair) { return adopted }
        guard let username = desired.username.text else { return waiting(noUsername(desired), pair.dn, pair, due: nil) }
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
            row.remarks.append(
                Remark(
                    .undecided, "status_unknown", "\(desired.status.reason); the user stays \(status.rawValue)",
                    advice: "correct it upstream"))
        }
        fields.append(FieldChange(.status, before: nil, after: status.text))
        fields += newExtra(desired)
        row.changes.append(
            change(
                .create, fields: fields, rule: rule(of: desired.status), reason: reason(of: desired.status, becoming: status), pair))
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
    private func rule(of verdict: StatusVerdict) -> String {
        isActiveUpstream(verdict) && rules.lifecycle.newUsers == .inactive ? Planner.newUsersRule : verdict.rule
    }

    private func isActiveUpstream(_ verdict: StatusVerdict) -> Bool {
        verdict.status == .active || (verdict.status == nil && rules.lifecycle.statusMissing == .active)
    }

    private func reason(of verdict: StatusVerdict, becoming status: UserStatus) -> String {
        switch (verdict.status, status) {
        case (.active, .active): "new entry"
        case (.active, .invited): "new entry; new users are invited"
        case (.active, _): "new entry; new users wait until an administrator activates them"
        case (nil, _): "new entry; \(verdict.reason); status_missing: \(rules.lifecycle.statusMissing.rawValue)"
        case (.inactive, _), (.deleted, _): "new entry; \(verdict.reason)"
        }
    }

    /// The rule by which a new account is inactive until an administrator activates it.
    public static let newUsersRule = "new_users"

    private func purgedHere(_ pair: Pair) -> Remark {
        Remark(
            .conflict, "purged_here", "purged here by an administrator; it is not created again",
            advice: "rollcall users restore \(pair.anchor.shellWord)")
    }

    private func noUsername(_ desired: DesiredUser) -> Remark {
        desired.username == .unreadable
            ? Remark(
                .conflict, "username_unreadable", "its username cannot be read (too large, not UTF-8, or with a NUL)",
                advice: "correct it upstream")
            : Remark(.conflict, "no_username", "it has no value for the username", advice: "set it upstream, or map another attribute")
    }

    private func obstacle(to username: Text, _ desired: DesiredUser, _ pair: Pair) -> Remark? {
        if isProtected(name: username) {
            return Remark(
                .conflict, "protected_name", "it claims the protected username \(username)",
                advice: "rename it upstream, or take the name out of `protect.users`")
        }
        if let remark = username.claimRemark(.username, verdict: pair.usernameClaim, kept: nil, newcomer: pair.anchor) { return remark }
        if desired.status.status == nil, !(desired.status.isMissing && rules.lifecycle.statusMissing != .wait) {
            return Remark(
                .conflict, "status_unknown", "its status cannot be told (\(desired.status.reason))", advice: "correct it upstream")
        }
        return nil
    }

    private func waiting(_ remark: Remark, _ label: Text, _ pair: Pair, due: Instant?) -> Decision {
        var decision = Decision(row: PlanRow(anchor: pair.anchor, userID: nil, label: label, remarks: [remark]), state: .waiting)
        decision.due = due
        return decision
    }

    private func newFields(_ desired: DesiredUser, _ pair: Pair, remarks: inout [Remark]) -> [FieldChange] {
        var fields: [FieldChange] = []
        if let email = desired.email.text {
            if let remark = email.claimRemark(.email, verdict: pair.emailClaim, kept: nil) {
                remarks.append(remark)
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

extension Text {
    /// What is to be said when this username or email cannot be had; `nil` when it can.
    ///
    /// - Parameters:
    ///   - newcomer: the entry that gets no account meanwhile; a local account of its name may be its own.
    ///   - isReturning: whether it is of a deleted user who would come back under it.
    func claimRemark(
        _ field: UserField, verdict: ClaimVerdict, kept: Text?, newcomer: Anchor? = nil, isReturning: Bool = false
    ) -> Remark? {
        let name = field.name
        let outcome =
            switch (field, kept) {
            case _ where isReturning: "the account stays deleted"
            case (.email, nil): "the account has no email meanwhile"
            case (_, let kept?): "the account keeps \(kept)"
            default: "no account is made meanwhile"
            }
        switch verdict {
        case .granted, .waiting: return nil
        case .taken(let holder):
            let whose = holder.isLinked ? "the user of another entry" : "a local user"
            let link = newcomer.map { "rollcall users link \(holder.username.shellWord) \($0.shellWord) if they are one person" }
            return Remark(
                .conflict, "\(name)_taken", "the \(name) \(self) is held by \(holder.username) (\(whose)); \(outcome)",
                advice: (holder.isLinked ? nil : link) ?? "rollcall users show \(holder.username.shellWord), then correct one of the two")
        case .recycled(let holder):
            return Remark(
                .conflict, "\(name)_recycled",
                "the \(name) \(self) is held by \(holder.username), whose entry is gone: a recycled \(name), or the same person under a new anchor; \(outcome)",
                advice: "rollcall reanchor \(holder.username.shellWord) if it is the same person, else correct it upstream")
        case .disputed(let others):
            let names = others.map(\.string).joined(separator: ", ")
            return Remark(
                .conflict, "\(name)_disputed", "the \(name) \(self) is also wanted by \(names); \(outcome)",
                advice: "correct all but one of them upstream")
        case .blocked(let holder):
            return Remark(
                .conflict, "\(name)_blocked",
                "the \(name) \(self) is still held by \(holder.username), who waits for another conflict to end; \(outcome)",
                advice: "rollcall explain \(holder.username.shellWord)")
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
