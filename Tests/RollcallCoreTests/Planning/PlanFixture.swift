@testable import RollcallCore

/// A planner's rules and pairs, put together in a few words.
struct PlanFixture {
    var rules = RuleSettings(
        attributes: AttributeMapping(
            anchor: AttributeName(known: "entryUUID"), username: FieldSource([.attribute(AttributeName(known: "uid"))])))

    var now = Instant(unixSeconds: 1_790_000_000)
    var planner: Planner { Planner(rules: rules, at: now) }

    /// The decision about `pair`.
    func decision(_ pair: Pair) -> Decision { planner.decision(for: pair) }

    /// What an entry asks for.
    static func desired(
        _ username: FieldValue = .value("ann", others: []), email: FieldValue = .unmapped, status: StatusRule.Outcome? = .active
    ) -> DesiredUser {
        let verdict =
            switch status {
            case .active: StatusVerdict(status: .active, rule: .noStatusRule, reason: .noRule)
            case .inactive:
                StatusVerdict(status: .inactive, rule: .status(1), reason: .matching([StatusReason.Rule(1, "(nsAccountLock=TRUE)")]))
            case .deleted:
                StatusVerdict(status: .deleted, rule: .status(1), reason: .matching([StatusReason.Rule(1, "(employeeType=ended)")]))
            case nil: StatusVerdict(status: nil, rule: .status(1), reason: .unknown(StatusReason.Rule(1, "(userAccountControl=2)")))
            }
        return DesiredUser(
            username: username, email: email, givenName: .unmapped, familyName: .unmapped, displayName: .unmapped, extra: [],
            status: verdict,
            ignoredBy: nil)
    }

    /// A pair of an entry and, if given, its user.
    static func pair(_ side: UpstreamSide, _ user: LocalUser? = nil) -> Pair {
        var pair = Pair(anchor: Anchor("u1".utf8), dn: "uid=ann,ou=people", side: side)
        pair.user = user
        return pair
    }

    /// The user `ann`.
    static func ann(_ status: UserStatus = .active, held: Bool = false, role: Role = .none) -> LocalUser {
        var user = LocalUser(id: 7, username: "ann", status: status)
        user.isHeld = held
        user.role = role
        return user
    }

    static func source(_ group: Text, privileged: Bool = false) -> Grant { Grant(group: group, isPrivileged: privileged, origin: .source) }
    static func local(_ group: Text, privileged: Bool = false) -> Grant { Grant(group: group, isPrivileged: privileged, origin: .local) }
    static func wanted(_ group: Text, privileged: Bool = false) -> WantedGrant {
        WantedGrant(group: group, isPrivileged: privileged, path: [Text("upstream \(group)")], rule: 1)
    }
}

extension PlanRow {
    /// The changes as `action group: reason`.
    var shown: [String] {
        changes.map { change in
            (change.heldBy.map { "held by \($0.rawValue): " } ?? "") + change.action.rawValue + (change.group.map { " \($0)" } ?? "")
                + change.fields.map { " \($0.field.name) \($0.before?.string ?? "-")→\($0.after?.string ?? "-")" }.joined()
        }
    }

    /// The remarks as `kind code`.
    var noted: [String] { remarks.map { "\($0.kind.rawValue) \($0.code)" } }
}
