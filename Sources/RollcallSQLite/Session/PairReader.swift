internal import RollcallCore

/// A staged pair with what the store keeps about its entry.
struct StagedPair: Sendable {
    /// The pair; the side of a present entry is what ``evaluated(by:at:)`` makes of it.
    var pair: Pair
    var entry: Entry
    /// The staged row.
    var place: Int64
    var kind: StagedKind
    var digest: ShortDigest?
    /// The attributes that the entry has, a bit for each slot.
    var presence: Int64
    var known: Known?
    /// What a rejected entry proves.
    var proof: RejectedProof = []
    /// The changes of this entry that a person has approved one by one.
    var reviewed: [Change] = []

    /// What the connector space has of the entry.
    struct Known: Sendable {
        var id: Int64
        var digest: ShortDigest?
        var state: EntryState
        var hasAttention: Bool
        var due: Int64?
        var presence: Int64
    }

    /// The pair with what a present entry asks for.
    func evaluated(by evaluator: Evaluator, at now: Instant) -> Pair {
        var pair = pair
        switch kind {
        case .present: pair.side = .present(evaluator.desiredUser(for: entry, at: now))
        case .rejected: if proof.contains(.content) { pair.readable = evaluator.desiredUser(for: entry, at: now) }
        case .absent: break
        }
        return pair
    }

    /// Whether applying the decision changes what the store keeps about the entry.
    func mustWrite(_ decision: Decision) -> Bool {
        guard let known else { return kind != .absent }
        if kind == .absent, pair.user == nil { return true }
        if pair.acknowledged != decision.row.acknowledged { return true }
        return (kind == .present && known.digest != digest) || (kind == .rejected && known.presence != presence)
            || known.state != decision.state || known.due != decision.due?.microseconds
            || known.hasAttention != decision.needsAttention || pair.noted != decision.row.remarkMarks
    }
}

/// Puts together the pairs that are worth a look, in the order of their anchors.
final class PairReader {
    private let session: SQLiteSession
    private let staged: Statement
    private var isAtEnd = false
    private let entry: Statement
    private let user: Statement
    private let grants: Statement
    private let wanted: Statement
    private let lost: Statement
    private let paths: GroupPaths
    private let former: Statement
    private let denied: Statement
    private let waiting: Statement
    private let rivals: Statement
    private let moved: Statement
    private let sole: Statement
    private let absence: Statement
    private let name: Statement
    /// Finds out whether an entry's user was purged here; `nil` when nobody ever was.
    private let tombstone: Statement?
    /// Finds out whether a person linked the user to another entry; `nil` when nobody is marked so.
    private let handedOver: Statement?
    /// The rows of an approved held plan, in the same order as the pairs.
    private let reviewed: ReviewedRows?

    init(_ session: SQLiteSession) throws(StoreError) {
        self.session = session
        if case .changes(let plan, let selection) = session.approval {
            reviewed = try ReviewedRows(session.connection, of: plan, selection)
        } else {
            reviewed = nil
        }
        let connection = session.connection
        staged = try connection.prepare(
            "SELECT id, anchor, kind, known, digest, member_key, image, reason, present, proves FROM temp.staged INDEXED BY staged_anchor ORDER BY anchor"
        )
        entry = try connection.prepare(
            "SELECT digest, state, user_id, attention, due, noted, present, leaving_since, deleted_at, invited, acknowledged FROM entries WHERE source = 1 AND anchor = ?1"
        )
        user = try connection.prepare("SELECT \(LocalUser.columns) FROM users WHERE id = ?1")
        grants = try connection.prepare(
            "SELECT g.group_id, g.origin, p.name FROM grants g JOIN permission_groups p ON p.id = g.group_id WHERE g.user_id = ?1")
        wanted = try connection.prepare("SELECT permission_group, rule, path, held FROM temp.wanted WHERE member_key = ?1")
        paths = try GroupPaths(connection)
        lost = try connection.prepare("SELECT permission_group, rule FROM temp.lost WHERE member_key = ?1 ORDER BY permission_group, rule")
        former = try connection.prepare(
            """
            SELECT w.permission_group FROM temp.moved_entry m CROSS JOIN temp.wanted w ON w.member_key = m.former
            WHERE m.now = ?1 AND w.held = 0
            """)
        denied = try connection.prepare("SELECT verdict, holder, key FROM temp.denied WHERE kind = ?1 AND anchor = ?2")
        waiting = try connection.prepare("SELECT 1 FROM temp.waiting WHERE kind = ?1 AND anchor = ?2")
        try session.indexWants()
        rivals = try connection.prepare(
            """
            SELECT s.image FROM temp.want w INDEXED BY want_key CROSS JOIN temp.staged s ON s.anchor = w.anchor
            WHERE w.kind = ?1 AND w.key = ?2 AND w.anchor <> ?3 ORDER BY w.anchor LIMIT 3
            """)
        moved = try connection.prepare("SELECT new_anchor FROM temp.moved_anchor WHERE old_anchor = ?1")
        sole = try connection.prepare(
            """
            SELECT count(*) FROM (SELECT 1 FROM temp.want WHERE kind = ?1 AND key = (
                SELECT key FROM temp.denied WHERE kind = ?1 AND anchor = ?2) LIMIT 2)
            """)
        absence = try connection.prepare("SELECT kind, detail, context FROM temp.absence WHERE anchor = ?1")
        name = try connection.prepare(
            "SELECT username, EXISTS (SELECT 1 FROM entries WHERE user_id = users.id) FROM users WHERE id = ?1")
        handedOver = session.basis.handedOver > 0 ? try connection.prepare("SELECT 1 FROM handed_over WHERE user_id = ?1") : nil
        tombstone = session.hasTombstones ? try connection.prepare("SELECT 1 FROM tombstones WHERE source = 1 AND anchor = ?1") : nil
    }

    /// The changes that a person has approved of a row about what accounts share.
    func reviewedShared(_ row: PlanRow) -> [Change] { reviewed?.changes(ofShared: row) ?? [] }

    /// Approved changes of entries that no longer need a look; complete once all pairs are read.
    var vanished: Int { reviewed?.vanished ?? 0 }

    /// The next pairs, not yet evaluated; none at the end.
    func next(atMost limit: Int) throws(StoreError) -> [StagedPair] {
        var pairs: [StagedPair] = []
        pairs.reserveCapacity(limit)
        while pairs.count < limit, let pair = try next() { pairs.append(pair) }
        return pairs
    }

    private func next() throws(StoreError) -> StagedPair? {
        // A statement that has ended would begin again.
        if isAtEnd { return nil }
        guard try staged.step() else {
            isAtEnd = true
            try reviewed?.finish()
            return nil
        }
        let anchor = Anchor(staged.bytes(1))
        let kind = StagedKind(rawValue: staged.number(2)) ?? .present
        let entry = Entry(image: staged.bytes(6))
        let dn = Text(entry.dn) ?? Text(String(decoding: entry.dn, as: UTF8.self))
        let side: UpstreamSide =
            switch kind {
            case .rejected: .rejected(staged.text(7).string)
            case .present: .absent(.notLookedUp)
            case .absent: .absent(try absence(of: anchor))
            }
        var result = StagedPair(
            pair: Pair(anchor: anchor, dn: dn, side: side), entry: entry, place: staged.number(0), kind: kind,
            digest: staged.shortDigest(4),
            presence: staged.number(8)
        )
        result.proof = RejectedProof(rawValue: staged.number(9))
        if let reviewed { result.reviewed = try reviewed.changes(of: anchor) }
        if let known = staged.optionalNumber(3) { try addKnown(known, to: &result) }
        if let tombstone, result.pair.user == nil {
            tombstone.bind(1, anchor.bytes)
            result.pair.isTombstoned = try tombstone.step()
            tombstone.reset()
        }
        if kind == .rejected, result.proof.contains(.name), let key = staged.shortDigest(5) {
            try addWanted(key, to: &result.pair)
            result.pair.knowsGroups = true
        }
        if kind == .present {
            if let key = staged.shortDigest(5) { try addWanted(key, to: &result.pair) }
            if session.deniedClaims > 0 || session.hasWaitingClaims {
                result.pair.usernameClaim = try verdict(.username, anchor)
                result.pair.emailClaim = try verdict(.email, anchor)
                if result.pair.user == nil { result.pair.candidate = try candidate(for: result.pair) }
            }
        }
        return result
    }

    private func addKnown(_ id: Int64, to result: inout StagedPair) throws(StoreError) {
        entry.bind(1, result.pair.anchor.bytes)
        defer { entry.reset() }
        guard try entry.step() else { return }
        result.known = StagedPair.Known(
            id: id, digest: entry.shortDigest(0), state: EntryState(rawValue: Int(entry.number(1))) ?? .waiting,
            hasAttention: entry.number(3) != 0, due: entry.optionalNumber(4),
            presence: entry.number(6))
        result.pair.noted = entry.bytes(5)
        result.pair.past.leavingSince = entry.optionalNumber(7).map { Instant(microseconds: $0) }
        result.pair.past.deletedAt = entry.optionalNumber(8).map { Instant(microseconds: $0) }
        result.pair.past.wasInvited = entry.number(9) != 0
        result.pair.acknowledged = entry.bytes(10)
        guard let userID = entry.optionalNumber(2) else { return }
        user.bind(1, userID)
        defer { user.reset() }
        guard try user.step() else { return }
        let linked = LocalUser(user, id: userID)
        result.pair.user = linked
        result.pair.areNamesFree = try session.areNamesFree(userID, linked.status)
        result.pair.grants = try grants(of: userID)
        if let handedOver {
            result.pair.isHandedOver = try handedOver.bind(1, userID).step()
            handedOver.reset()
        }
        if result.kind == .absent, session.hasMovedAnchors {
            moved.bind(1, result.pair.anchor.bytes)
            if try moved.step() { result.pair.movedTo = "\(Anchor(moved.bytes(0)))" }
            moved.reset()
        }
    }

    private func grants(of userID: Int64) throws(StoreError) -> [Grant] {
        grants.bind(1, userID)
        defer { grants.reset() }
        var found: [Grant] = []
        while try grants.step() {
            let group = session.permissionGroups.members[
                session.permissionGroups.place(ofID: grants.number(0), called: grants.text(2))]
            found.append(
                Grant(
                    group: group.name, isPrivileged: group.isPrivileged, origin: Grant.Origin(rawValue: grants.text(1).string) ?? .local))
        }
        return found
    }

    /// The one local user whose name the entry has, when nobody else asks for it.
    private func candidate(for pair: Pair) throws(StoreError) -> Candidate? {
        let kind: ClaimKind
        switch session.evaluator.rules.lifecycle.adoption {
        case .never: return nil
        case .email: kind = .email
        case .username: kind = .username
        }
        guard case .taken(let holder) = kind == .email ? pair.emailClaim : pair.usernameClaim, !holder.isLinked else { return nil }
        sole.bind(1, kind.rawValue).bind(2, pair.anchor.bytes)
        defer { sole.reset() }
        guard try sole.step(), sole.number(0) == 1 else { return nil }
        user.bind(1, holder.userID)
        defer { user.reset() }
        guard try user.step() else { return nil }
        return Candidate(user: LocalUser(user, id: holder.userID), grants: try grants(of: holder.userID))
    }

    private func addWanted(_ key: ShortDigest, to pair: inout Pair) throws(StoreError) {
        wanted.bind(1, key)
        defer { wanted.reset() }
        while try wanted.step() {
            let group = session.permissionGroups.members[Int(wanted.number(0))]
            let way = try paths.way(wanted.number(2))
            pair.wantedGrants.append(
                WantedGrant(
                    group: group.name, isPrivileged: group.isPrivileged, path: way.path, rule: Int(wanted.number(1)),
                    isHeld: wanted.number(3) != 0, origin: way.origin))
        }
        if session.groups.hasMovedEntries { try addFormer(key, to: &pair) }
        if pair.wantedGrants.count > 1 { pair.wantedGrants.sort { $0.group < $1.group } }
        if !session.groups.hasLost { return }
        lost.bind(1, key)
        defer { lost.reset() }
        while try lost.step() {
            let group = session.permissionGroups.members[Int(lost.number(0))]
            pair.lostGrants.append(LostGrant(group: group.name, rule: Int(lost.number(1))))
        }
    }

    /// What the groups give to the name that the entry had before.
    private func addFormer(_ key: ShortDigest, to pair: inout Pair) throws(StoreError) {
        former.bind(1, key)
        defer { former.reset() }
        while try former.step() { pair.formerNameGrants.insert(session.permissionGroups.members[Int(former.number(0))].name) }
    }

    private func absence(of anchor: Anchor) throws(StoreError) -> Absence {
        absence.bind(1, anchor.bytes)
        defer { absence.reset() }
        guard try absence.step() else { return session.evaluator.rules.lifecycle.confirmsAbsence ? .notLookedUp : .unasked }
        switch absence.number(0) {
        case 0: return .gone
        case 1: return .leftScope(dn: absence.text(1))
        case 2: return .unconfirmed(absence.text(1).string)
        case 4: return .unasked
        case 5: return .notBelowBase(PartialContext(base: absence.text(1), context: absence.text(2)))
        default: return .notLookedUp
        }
    }

    private func verdict(_ kind: ClaimKind, _ anchor: Anchor) throws(StoreError) -> ClaimVerdict {
        denied.bind(1, kind.rawValue).bind(2, anchor.bytes)
        defer { denied.reset() }
        guard try denied.step(), let denial = Denial(rawValue: denied.number(0)) else {
            guard session.hasWaitingClaims else { return .granted }
            waiting.bind(1, kind.rawValue).bind(2, anchor.bytes)
            defer { waiting.reset() }
            return try waiting.step() ? .waiting : .granted
        }
        switch denial {
        case .taken: return .taken(by: try holder(denied.number(1)))
        case .recycled: return .recycled(from: try holder(denied.number(1)))
        case .blocked: return .blocked(by: try holder(denied.number(1)))
        case .disputed:
            rivals.bind(1, kind.rawValue).bind(2, denied.bytes(2)).bind(3, anchor.bytes)
            defer { rivals.reset() }
            var names: [Text] = []
            while try rivals.step() {
                let dn = Entry(image: rivals.bytes(0)).dn
                names.append(Text(dn) ?? Text(String(decoding: dn, as: UTF8.self)))
            }
            return .disputed(with: names)
        }
    }

    private func holder(_ id: Int64) throws(StoreError) -> ClaimHolder {
        name.bind(1, id)
        defer { name.reset() }
        guard try name.step() else { return ClaimHolder(userID: id, username: Text("user \(id)"), isLinked: false) }
        return ClaimHolder(userID: id, username: name.text(0), isLinked: name.number(1) != 0)
    }
}
