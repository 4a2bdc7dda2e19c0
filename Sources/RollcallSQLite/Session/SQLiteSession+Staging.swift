internal import RollcallCore

/// What staging entries needs: prepared statements, and one bit for each known entry that the reading has had.
struct Staging {
    let known: Statement
    let user: Statement
    let grants: Statement
    let insert: Statement
    let want: Statement
    var seen: SeenEntries
    /// Those of them that were staged, rather than found to be in order.
    var stagedKnown: SeenEntries
    var claims = ClaimFilter()
    let suspect: Statement
    var memberKeys: MemberKeyMaker
    /// Whether the connector space is empty, so that nothing needs to be looked up.
    let isFirst: Bool
    /// Whether anybody has a name.
    var hasClaims: Bool
    /// Whether a privileged user would give up a name.
    var hasWaiting = false
    /// Finds out whether a name is somebody's; made when it is first needed.
    var holder: Statement?
    var planner: Planner
    /// What names a place in the file that is read; `nil` for a source in which one entry twice means that it changed meanwhile.
    var placePrefix: String?
    /// Where the file has each known entry, by its id, as far as the reading has come.
    var knownPlaces = KnownPlaces()

    init(_ connection: Connection, rules: RuleSettings, at now: Instant) throws(StoreError) {
        known = try connection.prepare("SELECT \(KnownEntry.columns) FROM entries WHERE source = 1 AND anchor = ?1")
        user = try connection.prepare("SELECT username, email, status, role FROM users WHERE id = ?1")
        grants = try connection.prepare("SELECT group_id FROM grants WHERE user_id = ?1")
        insert = try connection.prepare(
            """
            INSERT INTO temp.staged (anchor, kind, known, digest, member_key, present, image, reason, proves, place)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """
        )
        want = try connection.prepare("INSERT INTO temp.want (kind, key, anchor, user_id, current, waits) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        suspect = try connection.prepare("INSERT OR IGNORE INTO temp.suspect (kind, key) VALUES (?1, ?2)")
        let largest = try connection.number("SELECT max(id) FROM entry_images") ?? 0
        seen = SeenEntries(upTo: largest)
        stagedKnown = SeenEntries(upTo: largest)
        isFirst = largest == 0
        hasClaims = try connection.number("SELECT 1 FROM claims LIMIT 1") != nil
        let key = try connection.prepare("SELECT member_key FROM store_state")
        memberKeys = MemberKeyMaker(key: try key.step() ? key.bytes(0) : [])
        planner = Planner(rules: rules, at: now)
    }
}

/// One bit for each known entry. Entries whose numbers are far beyond any that a run gives are kept in a set.
struct SeenEntries {
    private static let mostBits: Int64 = 1 << 28
    private var words: [UInt64]
    private var far: Set<Int64> = []
    let largest: Int64

    init(upTo largest: Int64) {
        self.largest = largest
        words = Array(repeating: 0, count: Int(min(max(largest, 0), SeenEntries.mostBits)) / 64 + 1)
    }

    func contains(_ id: Int64) -> Bool {
        let word = Int(id >> 6)
        return words.indices.contains(word) ? words[word] & (1 << UInt64(id & 63)) != 0 : far.contains(id)
    }

    mutating func insert(_ id: Int64) {
        let word = Int(id >> 6)
        if words.indices.contains(word) { words[word] |= 1 << UInt64(id & 63) } else { far.insert(id) }
    }
}

extension SQLiteSession {
    /// A batch is one transaction: what it looks up in the database is released with it, so that a long reading keeps nobody
    /// from writing.
    func stage(_ batch: EntryBatch) throws(StoreError) {
        try countBaseline()
        try inOneTransaction { () throws(StoreError) in
            if let places = batch.places { staging.placePrefix = places.prefix }
            for (index, group) in batch.groups.enumerated() { try stage(group, at: place(index, batch.places?.groups)) }
            for (index, entry) in batch.users.enumerated() { try stage(entry, at: place(index, batch.places?.users)) }
            for rejected in batch.rejected { try stage(rejected) }
        }
    }

    private func place(_ index: Int, _ places: [Int]?) -> Int {
        guard let places, places.indices.contains(index) else { return 0 }
        return places[index]
    }

    private func stage(_ entry: Entry, at place: Int) throws(StoreError) {
        guard let anchor = entry.anchor else {
            return try stage(RejectedEntry(anchor: nil, subject: Text(entry.dn) ?? "an entry", reason: "it has no value for the anchor"))
        }
        let digest = entry.digest
        let known = staging.isFirst ? nil : try KnownEntry(staging.known, anchor)
        if let known, staging.seen.contains(known.id) { return try stageAgain(entry, digest, anchor, known, place) }
        if let known, isInOrder(known, digest, place) { return }
        if let known { staging.stagedKnown.insert(known.id) }
        let slots = entry.slots
        let presence = slots.presence
        attributes.add(presence, before: known.map { $0.state == .absent ? 0 : $0.presence })
        staging.insert.bind(1, anchor.bytes).bind(2, StagedKind.present.rawValue).bind(3, known?.id).bind(4, digest)
            .bind(5, staging.memberKeys.key(for: entry.dn)).bind(6, Int64(bitPattern: presence)).bind(7, entry.image).bind(8, text: nil)
            .bind(9, 0).bind(10, place)
        try staging.insert.run()
        try stageWants(of: slots, anchor, known)
    }

    /// Whether nothing about a known entry is worth a look: most entries of most readings end here.
    private func isInOrder(_ known: KnownEntry, _ digest: ShortDigest, _ place: Int) -> Bool {
        staging.seen.insert(known.id)
        if place > 0 { staging.knownPlaces.note(place, of: known.id) }
        if decidesAll || known.digest != digest || known.needsLook(at: options.now) || attributes.isMoved { return false }
        if known.state == .ignored { skippedIgnored += 1 } else { skippedUnchanged += 1 }
        return true
    }

    /// Stages an entry that has come already; it is compared when the reading is settled.
    ///
    /// A paged reading may bring an entry twice; it must then be the same. A file may have two records of one id: both are kept, also when
    /// the first one was known and unchanged.
    private func stageAgain(
        _ entry: Entry, _ digest: ShortDigest, _ anchor: Anchor, _ known: KnownEntry, _ place: Int
    ) throws(StoreError) {
        if !staging.stagedKnown.contains(known.id) {
            if known.digest == digest { return }
            guard staging.placePrefix != nil else { throw StoreError.repeated(anchor) }
            try stageUnchanged(known, anchor)
        }
        try stageRow(entry, anchor, known, at: place)
    }

    /// Stages after all an entry that is as it was kept.
    private func stageUnchanged(_ known: KnownEntry, _ anchor: Anchor) throws(StoreError) {
        if known.state == .ignored { skippedIgnored -= 1 } else { skippedUnchanged -= 1 }
        staging.stagedKnown.insert(known.id)
        try stageRow(Entry(image: try keptImage(known.id)), anchor, known, at: staging.knownPlaces[known.id])
    }

    private func stageRow(_ entry: Entry, _ anchor: Anchor, _ known: KnownEntry, at place: Int) throws(StoreError) {
        staging.insert.bind(1, anchor.bytes).bind(2, StagedKind.present.rawValue).bind(3, known.id).bind(4, entry.digest)
            .bind(5, staging.memberKeys.key(for: entry.dn)).bind(6, Int64(bitPattern: entry.slots.presence)).bind(7, entry.image)
            .bind(8, text: nil).bind(9, 0).bind(10, place)
        try staging.insert.run()
    }

    private func stage(_ rejected: RejectedEntry) throws(StoreError) {
        if rejected.kind == .group, try stageAsKept(rejected) { return }
        let first = rejected.anchor ?? Anchor(rejected.subject.utf8)
        var isKnown = false
        if !staging.isFirst {
            for anchor in [first] + rejected.others {
                guard let known = try KnownEntry(staging.known, anchor) else { continue }
                isKnown = true
                if staging.seen.contains(known.id), !staging.stagedKnown.contains(known.id) {
                    // What came before is as it was kept, and has this id alone.
                    if !rejected.others.isEmpty { continue }
                    try stageUnchanged(known, anchor)
                }
                try stage(rejected, as: anchor, known)
            }
        }
        if !isKnown { try stage(rejected, as: first, nil) }
    }

    private func stage(_ rejected: RejectedEntry, as anchor: Anchor, _ known: KnownEntry?) throws(StoreError) {
        var presence: UInt64 = 0
        if let known {
            // It keeps the attributes that it had; one that was absent has none until it can be read.
            let before = known.state == .absent ? 0 : known.presence
            presence = attributes.carried(before)
            if !staging.seen.contains(known.id) { attributes.add(presence, before: before) }
            staging.seen.insert(known.id)
            staging.stagedKnown.insert(known.id)
        }
        var builder = EntryBuilder(layout: evaluator.layout)
        builder.begin(dn: rejected.subject.utf8)
        let stand = rejected.readable ?? builder.finish()
        var proof: RejectedProof = rejected.hasCertainName ? .name : []
        if rejected.readable != nil { proof.insert(.content) }
        if !rejected.others.isEmpty { proof.insert(.severalIDs) }
        staging.insert.bind(1, anchor.bytes).bind(2, StagedKind.rejected.rawValue).bind(3, known?.id).bind(4, stand.digest)
            .bind(5, staging.memberKeys.key(for: stand.dn)).bind(6, Int64(bitPattern: presence))
            .bind(7, stand.image).bind(8, text: Text(rejected.reason)).bind(9, proof.rawValue).bind(10, 0)
        try staging.insert.run()
    }

    /// Keeps which names the entry would claim; a user who already holds what upstream says claims nothing.
    ///
    /// The names of a newcomer are kept only if somebody else may want or have them: most do not.
    func stageWants(of entry: EntrySlots, _ anchor: Anchor, _ known: KnownEntry?) throws(StoreError) {
        guard let claims = evaluator.claims(of: entry) else { return }
        guard let userID = known?.userID else {
            if evaluator.keepsOut(entry, at: options.now) { return }
            if try isTombstoned(anchor) { return }
            if let name = claims.username.text { try suspect(.username, FoldedKey(name)) }
            if let mail = claims.email.text { try suspect(.email, FoldedKey(mail)) }
            return
        }
        staging.user.bind(1, userID)
        defer { staging.user.reset() }
        guard try staging.user.step(), let status = UserStatus(rawValue: staging.user.text(2).string),
            status != .deleted || known?.isDeletedByRun == true
        else { return }
        var user = LocalUser(id: userID, username: staging.user.text(0), status: status)
        user.role = Role(rawValue: staging.user.text(3).string) ?? .none
        if staging.planner.isProtected(user) { return }
        if try areNamesFree(userID, status) {
            guard evaluator.isActive(entry, at: options.now) else { return }
            return try stageReturn(of: user, email: staging.user.optionalText(1), claims, anchor)
        }
        // A privileged user's new name waits for a person, and with it whoever would get the old one.
        let waits = try isPrivileged(user)
        if evaluator.rules.lifecycle.username == .rename {
            try move(.username, from: user.username, to: claims.username, anchor, userID, waits: waits)
        }
        try move(.email, from: staging.user.optionalText(1), to: claims.email, anchor, userID, waits: waits)
    }

    /// Keeps which names a deleted user would come back to, as a newcomer wants them: they give none up. What they have kept or got
    /// back is not wanted.
    private func stageReturn(
        of user: LocalUser, email: Text?, _ claims: (username: FieldValue, email: FieldValue), _ anchor: Anchor
    ) throws(StoreError) {
        let username = staging.planner.returningName(of: user, claims.username)
        let wanted: Text? =
            switch claims.email {
            case .unmapped, .unreadable: email
            case .none: nil
            case .value: claims.email.preferring(email)
            }
        for (kind, name) in [(ClaimKind.username, username), (.email, wanted)] {
            guard let key = name.map({ FoldedKey($0) }), try !isKept(kind, key, by: user.id) else { continue }
            try want(kind, key, anchor, userID: nil, current: nil, waits: false)
        }
    }

    /// Whether the entry's user was purged here: it gets none, so it wants no name.
    private func isTombstoned(_ anchor: Anchor) throws(StoreError) -> Bool {
        guard hasTombstones else { return false }
        let select = try connection.prepare("SELECT 1 FROM tombstones WHERE source = 1 AND anchor = ?1")
        select.bind(1, anchor.bytes)
        return try select.step()
    }

    private func isPrivileged(_ user: LocalUser) throws(StoreError) -> Bool {
        if user.role != .none { return true }
        staging.grants.bind(1, user.id)
        defer { staging.grants.reset() }
        while try staging.grants.step() {
            if permissionGroups.isPrivileged(staging.grants.number(0)) { return true }
        }
        return false
    }

    /// Keeps that a user would give up one name for another, or for none.
    ///
    /// - Parameter waits: whether they keep the one that they have until a person has looked at it.
    private func move(
        _ kind: ClaimKind, from current: Text?, to desired: FieldValue, _ anchor: Anchor, _ userID: Int64, waits: Bool
    ) throws(StoreError) {
        let former = current.map { FoldedKey($0) }
        switch desired {
        case .unmapped, .unreadable: return
        case .none:
            // A username is never given up for none.
            if kind == .email, let former { try want(kind, nil, anchor, userID: userID, current: former, waits: waits) }
        case .value:
            guard let name = desired.preferring(current), case let wanted = FoldedKey(name), wanted != former else { return }
            // A protected name is given to nobody, so its claimant keeps the one that they have.
            if kind == .username, staging.planner.isProtected(name: name) { return }
            try want(kind, wanted, anchor, userID: userID, current: former, waits: waits)
        }
    }

    private func want(
        _ kind: ClaimKind, _ key: FoldedKey?, _ anchor: Anchor, userID: Int64?, current: FoldedKey?, waits: Bool
    ) throws(StoreError) {
        if waits { staging.hasWaiting = true }
        if let key, staging.claims.insert(kind, key.bytes) { try staging.suspect.bind(1, kind.rawValue).bind(2, key.bytes).run() }
        try keepWant(kind, key, anchor, userID: userID, current: current, waits: waits)
    }

    /// Notes a newcomer's name if somebody else may want it or has it.
    private func suspect(_ kind: ClaimKind, _ key: FoldedKey) throws(StoreError) {
        var isContested = staging.claims.insert(kind, key.bytes)
        if !isContested, staging.hasClaims || hasLateClaims {
            if staging.holder == nil {
                // A name that a deleted account may have to give up is its own until that is approved.
                staging.holder = try connection.prepare(
                    "SELECT 1 FROM claims WHERE kind = ?1 AND key = ?2"
                        + (hasLateClaims ? " UNION ALL SELECT 1 FROM temp.all_claims WHERE kind = ?1 AND key = ?2" : ""))
            }
            if let holder = staging.holder {
                holder.bind(1, kind.rawValue).bind(2, key.bytes)
                isContested = try holder.step()
                holder.reset()
            }
        }
        if isContested { try staging.suspect.bind(1, kind.rawValue).bind(2, key.bytes).run() }
    }

    /// Keeps that an entry wants a name, or that a user would give one up.
    func keepWant(
        _ kind: ClaimKind, _ key: FoldedKey?, _ anchor: Anchor, userID: Int64?, current: FoldedKey?, waits: Bool = false
    ) throws(StoreError) {
        staging.want.bind(1, kind.rawValue).bind(2, key?.bytes).bind(3, anchor.bytes).bind(4, userID).bind(5, current?.bytes).bind(6, waits)
        try staging.want.run()
    }
}

extension StoreError {
    /// One anchor twice in one reading, with different content.
    static func repeated(_ anchor: Anchor) -> StoreError {
        StoreError(
            .contradictory, subject: DisplayEscaping.escapedForTerminal("\(anchor)"),
            message: "the reading had this entry twice with different content",
            advice: "the directory changed while it was read, or two records share one anchor; try again")
    }
}
