extension Planner {
    /// An entry without a user: create, wait or ignore.
    func newcomer(_ desired: DesiredUser, _ pair: Pair) -> Decision {
        if desired.ignoredBy != nil {
            return Decision(row: PlanRow(anchor: pair.anchor, userID: nil, label: pair.dn), state: .ignored)
        }
        guard let username = desired.username.text else { return waiting(noUsername(desired), pair.dn, pair, due: nil) }
        if let obstacle = obstacle(to: username, desired, pair) { return waiting(obstacle, username, pair, due: desired.status.due) }

        var row = PlanRow(anchor: pair.anchor, userID: nil, label: username)
        var fields: [FieldChange] = []
        fields.reserveCapacity(6 + desired.extra.count)
        fields.append(FieldChange(.username, before: nil, after: username))
        fields += newFields(desired, pair, remarks: &row.remarks)
        let isActive = desired.status.status == .active
        let status: UserStatus = isActive ? .active : .inactive
        fields.append(FieldChange(.status, before: nil, after: status.text))
        fields += newExtra(desired)
        row.changes.append(
            change(
                .create, fields: fields, rule: desired.status.rule, reason: isActive ? "new entry" : "new entry; \(desired.status.reason)",
                pair))
        var decision = Decision(row: row, state: .linked)
        decision.due = desired.status.due
        if isActive { addGrants(pair.wantedGrants, to: &decision, pair) }
        decision.needsAttention = !decision.row.remarks.isEmpty || decision.row.changes.contains { $0.heldBy != nil }
        return decision
    }

    private func noUsername(_ desired: DesiredUser) -> Remark {
        desired.username == .unreadable
            ? Remark(.conflict, "username_unreadable", "its username is not text (not UTF-8, or with a NUL)", advice: "correct it upstream")
            : Remark(.conflict, "no_username", "it has no value for the username", advice: "set it upstream, or map another attribute")
    }

    private func obstacle(to username: Text, _ desired: DesiredUser, _ pair: Pair) -> Remark? {
        if isProtected(name: username) {
            return Remark(
                .conflict, "protected_name", "it claims the protected username \(username)",
                advice: "rename it upstream, or take the name out of `protect.users`")
        }
        if let remark = username.claimRemark(.username, verdict: pair.usernameClaim, kept: nil) { return remark }
        if desired.status.status == nil {
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
    func claimRemark(_ field: UserField, verdict: ClaimVerdict, kept: Text?) -> Remark? {
        let name = field.name
        let outcome =
            switch (field, kept) {
            case (.email, nil): "the account has no email meanwhile"
            case (_, let kept?): "the account keeps \(kept)"
            default: "no account is made meanwhile"
            }
        switch verdict {
        case .granted, .waiting: return nil
        case .taken(let holder):
            let whose = holder.isLinked ? "the user of another entry" : "a local user"
            return Remark(
                .conflict, "\(name)_taken", "the \(name) \(self) is held by \(holder.username) (\(whose)); \(outcome)",
                advice: "rollcall users show \(holder.username), then correct one of the two")
        case .disputed(let others):
            let names = others.map(\.string).joined(separator: ", ")
            return Remark(
                .conflict, "\(name)_disputed", "the \(name) \(self) is also wanted by \(names); \(outcome)",
                advice: "correct all but one of them upstream")
        case .blocked(let holder):
            return Remark(
                .conflict, "\(name)_blocked",
                "the \(name) \(self) is still held by \(holder.username), who waits for another conflict to end; \(outcome)",
                advice: "rollcall explain \(holder.username)")
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
