internal import RollcallCore

/// Accounts that an application changed while the run went on. What the reading had of them is still right; what was worked out from
/// the accounts is worked out again. It comes before ``settleClaims()``.
extension SQLiteSession {
    func lookAgain() throws(StoreError) {
        hasTombstones = try connection.number("SELECT 1 FROM tombstones LIMIT 1") != nil
        try collectLateClaims()
        try countBaseline(again: true)
        // Who was protected when the run began stays so.
        try meetPeople()
        staging.planner = Planner(rules: evaluator.rules, at: options.now, protecting: basis.protectedUsers)
        // Without the source nothing is certain but what was staged already.
        if extent != .lastSnapshot { try stageMovedUsers() }
        try wantAgain()
    }

    /// Stages the pairs whose users others have changed, and that were in order before.
    private func stageMovedUsers() throws(StoreError) {
        let entries = try connection.prepare(
            """
            SELECT \(KnownEntry.columns), anchor, member_key FROM entries INDEXED BY entries_attention
            WHERE source = 1 AND attention <> 0
            """)
        let isStaged = try connection.prepare("SELECT 1 FROM temp.staged WHERE anchor = ?1 LIMIT 1")
        var keys: Set<ShortDigest> = []
        var areAll = false
        while try entries.step() {
            let known = KnownEntry(row: entries)
            let anchor = Anchor(entries.bytes(KnownEntry.columnCount))
            isStaged.bind(1, anchor.bytes)
            let isThere = try isStaged.step()
            isStaged.reset()
            if isThere { continue }
            let isSeen = staging.seen.contains(known.id)
            if isSeen, known.state == .ignored { skippedIgnored -= 1 } else { skippedUnchanged -= 1 }
            try insertAsKept(known, anchor, entries.bytes(KnownEntry.columnCount + 1), isSeen ? .present : .absent)
            guard isSeen, let key = entries.shortDigest(KnownEntry.columnCount + 1) else { continue }
            if keys.count < SQLiteSession.mostKeysInMemory { keys.insert(key) } else { areAll = true }
        }
        if extent != .lastSnapshot, areAll || !keys.isEmpty { try keepWanted(of: areAll ? nil : keys) }
    }

    /// Works out again who wants which name.
    private func wantAgain() throws(StoreError) {
        try connection.execute(
            """
            DELETE FROM temp.want; DELETE FROM temp.suspect; DELETE FROM temp.denied; DELETE FROM temp.waiting;
            DELETE FROM temp.moved_anchor; DROP TABLE IF EXISTS temp.contender;
            """)
        staging.claims = ClaimFilter()
        staging.hasClaims = try connection.number("SELECT 1 FROM claims LIMIT 1") != nil
        staging.hasWaiting = false
        staging.holder = nil
        hasMovedAnchors = false
        hasWaitingClaims = false
        deniedClaims = 0
        let present = try connection.prepare(
            "SELECT anchor, image, known FROM temp.staged WHERE kind = \(StagedKind.present.rawValue) ORDER BY id")
        while try present.step() {
            let anchor = Anchor(present.bytes(0))
            let known = present.isNull(2) ? nil : try KnownEntry(staging.known, anchor)
            try stageWants(of: Entry(image: present.bytes(1)).slots, anchor, known)
        }
    }

    /// Keeps the absence of those unconfirmed who are due for a step only since their accounts were changed: nobody has looked them up.
    func noteUnasked() throws(StoreError) {
        let isAsked = try connection.prepare(
            "SELECT 1 FROM temp.due WHERE anchor = ?1 UNION ALL SELECT 1 FROM temp.absence WHERE anchor = ?1")
        var unasked: [(Anchor, Absence)] = []
        for anchor in try orphans(limit: .max, exceptMoved: false) {
            isAsked.bind(1, anchor.bytes)
            let isThere = try isAsked.step()
            isAsked.reset()
            if !isThere { unasked.append((anchor, .unconfirmed("the account was changed here while the directory was being read"))) }
        }
        try note(unasked)
    }
}
