/// Decides what becomes of one user: a pure function of one pair.
///
/// | upstream | local | decision |
/// | --- | --- | --- |
/// | present, ignored | none | nothing; counted as ignored |
/// | present, ignored | linked | as absent: left scope |
/// | present | a local user has its name, and config adopts | adopt, held for a person |
/// | rejected | none | conflict `unusable`; it counts as present |
/// | rejected | linked | undecided; what can be read may deactivate, and a group that does not have it may revoke; nothing is given |
/// | present | none, purged here | conflict `purged_here`; it is not created again |
/// | present | none | create, with its grants when active; conflict when it has no username, claims a protected or a taken one, or its status cannot be told |
/// | present, status missing, created as active | none | create, with those grants that wait for nobody |
/// | present | protected | nothing; what differs is named as protected |
/// | present | deleted here | nothing; drift |
/// | present, active | deleted by a run | reactivate, and its grants come back; conflict when its username was free and somebody else has it |
/// | present | held here | fields follow; stays inactive; drift when upstream is active |
/// | present, status unknown | linked | undecided: status and new grants wait, revocations go on |
/// | present, inactive | active or invited | deactivate, and its `source` grants end |
/// | present, active | inactive by a run | reactivate, and its grants come back |
/// | present, active | active | update, rename, grant, revoke |
/// | absent, confirmed | active or invited | deactivate |
/// | absent, confirmed | inactive, `delete_after` over | delete; held here: nothing, drift |
/// | absent, confirmed | deleted by a run, `purge_after` over | purge |
/// | absent, unconfirmed | a step is due | unchanged; warning |
/// | absent | deleted here | nothing |
/// | absent | none | the entry is forgotten |
/// | present, deleted by a rule | any | as absent, without a look-up |
///
/// Conflicts never keep access alive: a dispute withholds the username or the email, never a deactivation or a revocation.
public struct Planner: Sendable {
    let rules: RuleSettings
    /// The clock of the run.
    public let now: Instant
    /// Whether so many known usernames came with unknown anchors that nobody loses access for it.
    public var holdsMovedAnchors = false
    private let protectedUsers: Set<Int64>
    private let protectedNames: Set<FoldedKey>
    private let protectedRoles: Set<Role>

    /// - Parameter users: who had a protected name when the run began, and stays protected by whatever name.
    public init(rules: RuleSettings, at now: Instant, protecting users: Set<Int64> = []) {
        self.rules = rules
        self.now = now
        protectedUsers = users
        protectedNames = Set(rules.protection.users)
        protectedRoles = Set(rules.protection.roles)
    }

    /// The decision about `pair`.
    public func decision(for pair: Pair) -> Decision {
        var decision =
            switch (pair.side, pair.user) {
            case (.present(let desired), nil): newcomer(desired, pair)
            case (.present(let desired), let user?): linked(user, desired, pair)
            case (.rejected(let reason), nil): unusable(reason, pair)
            case (.rejected(let reason), let user?): unreadable(reason, user, pair)
            case (.absent, nil): Decision(row: PlanRow(anchor: pair.anchor, userID: nil, label: pair.dn), state: .absent)
            case (.absent(let absence), let user?): absent(user, absence, pair)
            }
        if pair.isHandedOver { decision.holdGains() }
        decision.markKnownRemarks(pair.noted, acknowledged: pair.acknowledged)
        return decision
    }

    /// Whether no run may change `user`.
    public func isProtected(_ user: LocalUser) -> Bool {
        protectedRoles.contains(user.role) || protectedUsers.contains(user.id) || isProtected(name: user.username)
    }

    /// Whether nobody but the user who has it may be called `name`.
    public func isProtected(name: Text) -> Bool {
        !protectedNames.isEmpty && protectedNames.contains(FoldedKey(name))
    }

    private func unusable(_ reason: String, _ pair: Pair) -> Decision {
        let remark = Remark(.unusable(reason))
        return Decision(row: PlanRow(anchor: pair.anchor, userID: nil, label: pair.dn, remarks: [remark]), state: .waiting)
    }

    /// A user whose entry is there and cannot be used: what is certain all the same may take access away, and gives none.
    private func unreadable(_ reason: String, _ user: LocalUser, _ pair: Pair) -> Decision {
        let remark = Remark(.unusableEntryOfUser(reason))
        var decision = Decision(row: PlanRow(anchor: pair.anchor, userID: user.id, label: user.username, remarks: [remark]), state: .linked)
        decision.due = pair.readable?.status.due
        if user.status != .active, user.status != .invited { return decision }
        if let filter = pair.readable?.ignoredBy {
            deactivate(user, rule: .ignored, reason: .ignored(filter), &decision, pair)
        } else if let verdict = pair.readable?.status, let status = verdict.status, status > .active {
            deactivate(user, rule: verdict.rule, reason: .status(verdict.reason), &decision, pair)
        } else {
            decision.row.remarks[0].isPressing = !isProtected(user)
            if pair.knowsGroups { revoke(beyond: pair.wantedGrants, user, &decision, pair) }
        }
        if isProtected(user) { protect(&decision) }
        return decision
    }
}

extension Decision {
    fileprivate mutating func markKnownRemarks(_ noted: [UInt8], acknowledged: [UInt8]) {
        if noted.isEmpty && acknowledged.isEmpty || row.remarks.isEmpty { return }
        let known = RemarkMarks(noted)
        let settled = RemarkMarks(acknowledged)
        for index in row.remarks.indices {
            // An account that has access though its status cannot be told is told of by each run.
            if row.remarks[index].isPressing { continue }
            row.remarks[index].isAcknowledged = settled.contains(row.remarks[index])
            if row.remarks[index].isAcknowledged || known.contains(row.remarks[index]) { row.remarks[index].isNew = false }
        }
    }
}
