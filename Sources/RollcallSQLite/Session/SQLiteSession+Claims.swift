internal import RollcallCore

/// Why a claim is denied.
enum Denial: Int64 {
    case taken = 1
    case disputed = 2
    case blocked = 3
    case recycled = 4
}

/// Uniqueness is judged on what the store would hold after the plan, so that swaps and rings go through.
///
/// Everybody who would give up one name for another is a mover. A mover is denied when the name is held by somebody who stays,
/// when somebody else wants it too, and — the blocked closure — when its holder is a mover who is denied and so keeps it.
///
/// A privileged mover keeps the old name until a person has looked, so whoever moves behind one waits with them: approved, they all
/// move in one transaction. A newcomer does not wait for that; without an account nothing can wait, and the name is theirs later.
extension SQLiteSession {
    func settleClaims() throws(StoreError) {
        try connection.execute("CREATE INDEX IF NOT EXISTS temp.want_user ON want (user_id, kind) WHERE user_id IS NOT NULL")
        if try connection.number("SELECT 1 FROM temp.suspect LIMIT 1") != nil {
            try keepContestedNames()
            try denyDisputed()
        }
        try denyTaken()
        try findMovedAnchors()
        let hasDenied = try connection.number("SELECT 1 FROM temp.denied LIMIT 1") != nil
        guard hasDenied || staging.hasWaiting else { return }
        try indexWants()
        if hasDenied { try denyBlocked() }
        if staging.hasWaiting { try waitBehindPrivileged() }
        deniedClaims = Int(try connection.number("SELECT count(*) FROM temp.denied") ?? 0)
    }

    /// Keeps which newcomers want the names that somebody else may want or have.
    private func keepContestedNames() throws(StoreError) {
        let newcomers = try connection.prepare(
            """
            SELECT s.anchor, s.image FROM temp.staged s LEFT JOIN entries e ON e.source = 1 AND e.anchor = s.anchor
            WHERE s.kind = \(StagedKind.present.rawValue) AND e.user_id IS NULL
            AND NOT EXISTS (SELECT 1 FROM tombstones t WHERE t.source = 1 AND t.anchor = s.anchor)
            """)
        let suspect = try connection.prepare("SELECT 1 FROM temp.suspect WHERE kind = ?1 AND key = ?2")
        while try newcomers.step() {
            let entry = Entry(image: newcomers.bytes(1))
            guard let claims = evaluator.claims(of: entry.slots), !evaluator.keepsOut(entry.slots, at: options.now) else { continue }
            for (kind, name) in [(ClaimKind.username, claims.username.text), (.email, claims.email.text)] {
                guard let key = name.map({ FoldedKey($0) }) else { continue }
                suspect.bind(1, kind.rawValue).bind(2, key.bytes)
                let isContested = try suspect.step()
                suspect.reset()
                if isContested { try keepWant(kind, key, Anchor(newcomers.bytes(0)), userID: nil, current: nil) }
            }
        }
    }

    /// Most readings have no name twice, and then nothing needs to be sorted.
    private func denyDisputed() throws(StoreError) {
        try connection.execute(
            """
            CREATE TEMP TABLE contender AS
                SELECT w.kind, w.key, w.anchor FROM temp.want w CROSS JOIN temp.suspect s ON s.kind = w.kind AND s.key = w.key;
            CREATE INDEX temp.contender_key ON contender (kind, key);
            INSERT INTO temp.denied (kind, anchor, verdict, holder, key)
                SELECT c.kind, c.anchor, \(Denial.disputed.rawValue), NULL, c.key
                FROM (SELECT kind, key FROM temp.contender GROUP BY kind, key HAVING count(*) > 1) d
                CROSS JOIN temp.contender c ON c.kind = d.kind AND c.key = d.key;
            """)
    }

    /// A holder stays unless they are a mover of that kind.
    private func denyTaken() throws(StoreError) {
        let claims = hasLateClaims ? "temp.all_claims" : "claims"
        if try connection.number("SELECT 1 FROM \(claims) LIMIT 1") == nil { return }
        try connection.execute(
            """
            INSERT OR REPLACE INTO temp.denied (kind, anchor, verdict, holder, key)
            SELECT w.kind, w.anchor, \(Denial.taken.rawValue), c.user_id, w.key
            FROM temp.want w CROSS JOIN \(claims) c ON c.kind = w.kind AND c.key = w.key
            WHERE w.key IS NOT NULL AND c.user_id IS NOT w.user_id
            AND NOT EXISTS (SELECT 1 FROM temp.want m WHERE m.user_id = c.user_id AND m.kind = w.kind)
            """)
    }

    /// Needed only once somebody is denied.
    func indexWants() throws(StoreError) {
        try connection.execute("CREATE INDEX IF NOT EXISTS temp.want_key ON want (kind, key, anchor)")
    }

    private func denyBlocked() throws(StoreError) {
        let waiting = try connection.prepare(
            """
            SELECT w.kind, w.current, w.user_id FROM temp.want w JOIN temp.denied d ON d.kind = w.kind AND d.anchor = w.anchor
            WHERE w.user_id IS NOT NULL AND w.current IS NOT NULL
            """)
        var queue: [NameGivenUp] = []
        while try waiting.step() { queue.append(NameGivenUp(waiting)) }
        if queue.isEmpty { return }
        let wanting = try connection.prepare(
            """
            SELECT w.anchor, w.current, w.user_id FROM temp.want w WHERE w.kind = ?1 AND w.key = ?2 AND w.user_id IS NOT ?3
            """)
        let deny = try connection.prepare(
            "INSERT OR IGNORE INTO temp.denied (kind, anchor, verdict, holder, key) VALUES (?1, ?2, ?3, ?4, ?5)")
        while let next = queue.popLast() {
            wanting.bind(1, next.kind).bind(2, next.key).bind(3, next.user)
            var found: [(anchor: [UInt8], current: [UInt8]?, user: Int64?)] = []
            while try wanting.step() {
                found.append((wanting.bytes(0), wanting.isNull(1) ? nil : wanting.bytes(1), wanting.optionalNumber(2)))
            }
            wanting.reset()
            for mover in found {
                try deny.bind(1, next.kind).bind(2, mover.anchor).bind(3, Denial.blocked.rawValue).bind(4, next.user).bind(5, next.key)
                    .run()
                // Whoever was denied before is in the queue already, or was.
                if connection.changedRows == 0 { continue }
                if let current = mover.current, let user = mover.user {
                    queue.append(NameGivenUp(kind: next.kind, key: current, user: user))
                }
            }
        }
    }

    /// Who would get a name that a privileged user gives up, and on behind them.
    private func waitBehindPrivileged() throws(StoreError) {
        let privileged = try connection.prepare(
            """
            SELECT w.kind, w.current, w.user_id FROM temp.want w LEFT JOIN temp.denied d ON d.kind = w.kind AND d.anchor = w.anchor
            WHERE w.waits AND w.current IS NOT NULL AND d.kind IS NULL
            """)
        let wanting = try connection.prepare(
            """
            SELECT w.anchor, w.current, w.user_id FROM temp.want w LEFT JOIN temp.denied d ON d.kind = w.kind AND d.anchor = w.anchor
            WHERE w.kind = ?1 AND w.key = ?2 AND w.user_id IS NOT ?3 AND d.kind IS NULL
            """)
        let deny = try connection.prepare("INSERT INTO temp.denied (kind, anchor, verdict, holder, key) VALUES (?1, ?2, ?3, ?4, ?5)")
        let wait = try connection.prepare("INSERT OR IGNORE INTO temp.waiting (kind, anchor) VALUES (?1, ?2)")
        var queue: [NameGivenUp] = []
        while try privileged.step() { queue.append(NameGivenUp(privileged)) }
        while let next = queue.popLast() {
            wanting.bind(1, next.kind).bind(2, next.key).bind(3, next.user)
            // Nobody else wants it, or the others would be denied as disputed.
            guard try wanting.step() else {
                wanting.reset()
                continue
            }
            let anchor = wanting.bytes(0)
            let mover = wanting.optionalNumber(2)
            let current = wanting.isNull(1) ? nil : wanting.bytes(1)
            wanting.reset()
            guard let mover else {
                try deny.bind(1, next.kind).bind(2, anchor).bind(3, Denial.blocked.rawValue).bind(4, next.user).bind(5, next.key).run()
                continue
            }
            try wait.bind(1, next.kind).bind(2, anchor).run()
            if connection.changedRows > 0, let current { queue.append(NameGivenUp(kind: next.kind, key: current, user: mover)) }
        }
        hasWaitingClaims = try connection.number("SELECT 1 FROM temp.waiting LIMIT 1") != nil
    }
}

/// A name that somebody would give up.
private struct NameGivenUp {
    let kind: Int64
    let key: [UInt8]
    let user: Int64

    init(kind: Int64, key: [UInt8], user: Int64) {
        self.kind = kind
        self.key = key
        self.user = user
    }

    /// From columns `kind, current, user_id`.
    init(_ row: Statement) {
        self.init(kind: row.number(0), key: row.bytes(1), user: row.number(2))
    }
}
