extension Planner {
    /// A user whose entry is absent.
    func absent(_ user: LocalUser, _ absence: Absence, _ pair: Pair) -> Decision {
        guard user.status == .active || user.status == .invited else {
            return Decision(row: PlanRow(anchor: pair.anchor, userID: user.id, label: user.username), state: .absent)
        }
        switch absence {
        case .gone:
            return loss(of: user, rule: "absent", reason: "gone: the directory has no such entry any more", state: .absent, pair)
        case .leftScope(let dn):
            return loss(of: user, rule: "absent", reason: "left scope: \(dn)", state: .absent, pair)
        case .notLookedUp:
            return loss(of: user, rule: "absent", reason: "absent from the reading; not looked up, for a guard holds", state: .absent, pair)
        case .unconfirmed(let reason):
            let remark = Remark(
                .warning, "unconfirmed", "absent from the reading, but its absence could not be confirmed (\(reason)); unchanged")
            return Decision(row: PlanRow(anchor: pair.anchor, userID: user.id, label: user.username, remarks: [remark]), state: .absent)
        }
    }

    /// The end of a user's access for being out of the directory or out of scope.
    func loss(of user: LocalUser, rule: String, reason: String, state: EntryState, _ pair: Pair) -> Decision {
        var decision = Decision(row: PlanRow(anchor: pair.anchor, userID: user.id, label: user.username), state: state)
        if isProtected(user) {
            decision.row.remarks.append(Remark(.protected, "protected", "protected: deactivate was left alone (\(reason))"))
            decision.isProtected = true
        } else {
            deactivate(user, rule: rule, reason: reason, &decision, pair)
        }
        decision.needsAttention = !decision.row.remarks.isEmpty
        return decision
    }

    /// Ends a user's access: status and `source` grants.
    func deactivate(_ user: LocalUser, rule: String, reason: String, _ decision: inout Decision, _ pair: Pair) {
        if rules.policy == .noRemovals {
            decision.row.remarks.append(Remark(.drift, "policy", "would be deactivated (\(reason)); the policy is no-removals"))
            return
        }
        let status = FieldChange(.status, before: user.status.text, after: UserStatus.inactive.text)
        let ended = pair.grants.filter { $0.origin == .source }.map(\.group.string).sorted()
        let explanation = ended.isEmpty ? reason : "\(reason); ends \(ended.joined(separator: ", "))"
        decision.row.changes.append(change(.deactivate, fields: [status], rule: rule, reason: explanation, pair))
        if user.status == .active { decision.privilegedLosses += Set(pair.grants.filter(\.isPrivileged).map(\.group)).sorted() }
    }

    /// Takes away the `source` grants that no rule supports any longer.
    func revoke(beyond wanted: [WantedGrant], _ user: LocalUser, _ decision: inout Decision, _ pair: Pair) {
        let supported = Set(wanted.map(\.group))
        let ended = pair.grants.filter { $0.origin == .source && !supported.contains($0.group) }.sorted { $0.group < $1.group }
        for grant in ended {
            if rules.policy == .noRemovals {
                decision.row.remarks.append(Remark(.drift, "policy", "would lose \(grant.group); the policy is no-removals"))
                continue
            }
            decision.row.changes.append(
                change(.revoke, group: grant.group, rule: "group rules", reason: "no mapped group has this member any longer", pair))
            let staysByAnother = pair.grants.contains { $0.group == grant.group && $0.origin == .local }
            if grant.isPrivileged, !staysByAnother, user.status == .active { decision.privilegedLosses.append(grant.group) }
        }
    }

    /// Gives the grants that the rules support; a privileged one waits for a person.
    func addGrants(_ grants: [WantedGrant], to decision: inout Decision, _ pair: Pair) {
        for grant in grants {
            var change = change(
                .grant, group: grant.group, path: grant.path, rule: "group rule \(grant.rule)", reason: "member of a mapped group", pair)
            if grant.isPrivileged {
                change.heldBy = .privilegedGrant
                decision.privilegedGains.append(grant.group)
            }
            decision.row.changes.append(change)
        }
    }

    /// A change of this pair with its digest.
    func change(
        _ action: Action, fields: [FieldChange] = [], group: Text? = nil, path: [Text] = [], rule: String, reason: String, _ pair: Pair
    ) -> Change {
        Change(
            action: action, fields: fields, group: group, path: path, rule: rule, reason: reason,
            digest: ChangeDigest.of(action, anchor: pair.anchor, userID: pair.user?.id, fields: fields, group: group, rule: rule))
    }

    /// Says which mapped fields hold something that is not text.
    func noteUnreadable(_ desired: DesiredUser, _ remarks: inout [Remark]) {
        let fields = [
            (UserField.username, desired.username), (.email, desired.email), (.givenName, desired.givenName),
            (.familyName, desired.familyName), (.displayName, desired.displayName),
        ]
        for (field, value) in fields {
            switch value {
            case .unreadable:
                remarks.append(Remark(.warning, "unreadable", "its \(field.name) is not text (not UTF-8, or with a NUL); left as it is"))
            case .value(let text, let others) where !others.isEmpty:
                remarks.append(
                    Remark(
                        .warning, "several_values",
                        "\(field.name) has \(others.count + 1) values upstream; one is used, the least is \(text)"))
            case .value, .none, .unmapped: continue
            }
        }
    }
}
