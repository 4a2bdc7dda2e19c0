internal import RollcallCore

/// Claims that are not in the table as they should be: accounts that an application made or renamed by itself have no folded keys yet,
/// and deleted ones that it brought back have none any more.
extension SQLiteSession {
    /// Works the missing keys out. Of two such accounts with one name the older one has it.
    func collectLateClaims() throws(StoreError) {
        hasFreed = try connection.number("SELECT 1 FROM freed LIMIT 1") != nil
        try connection.execute("INSERT INTO temp.released SELECT user_id FROM unclaimed")
        if reusesIdentifiers {
            try connection.execute(
                """
                INSERT OR IGNORE INTO temp.released
                    SELECT DISTINCT c.user_id FROM claims c CROSS JOIN users u ON u.id = c.user_id WHERE u.status = 'deleted'
                """)
        }
        hasLateClaims = try connection.number("SELECT 1 FROM temp.released LIMIT 1") != nil
        if !hasLateClaims, !hasFreed { return }
        let users = try connection.prepare(
            """
            SELECT id, username, email FROM users
            WHERE id IN (SELECT user_id FROM unclaimed) AND (status <> 'deleted' OR NOT ?1 AND id NOT IN (SELECT user_id FROM freed))
            OR id IN (SELECT user_id FROM freed) AND status <> 'deleted' ORDER BY id
            """)
        users.bind(1, reusesIdentifiers)
        let claim = try connection.prepare("INSERT OR IGNORE INTO temp.late_claim (kind, key, user_id) VALUES (?1, ?2, ?3)")
        while try users.step() {
            hasLateClaims = true
            try claim.bind(1, ClaimKind.username.rawValue).bind(2, FoldedKey(users.text(1)).bytes).bind(3, users.number(0)).run()
            guard let email = users.optionalText(2) else { continue }
            try claim.bind(1, ClaimKind.email.rawValue).bind(2, FoldedKey(email).bytes).bind(3, users.number(0)).run()
        }
    }

    /// The users who have one of some usernames.
    func holders(of names: [FoldedKey]) throws(StoreError) -> [Int64] {
        let holder = try connection.prepare(
            "SELECT user_id FROM \(hasLateClaims ? "temp.all_claims" : "claims") WHERE kind = \(ClaimKind.username.rawValue) AND key = ?1")
        var users: [Int64] = []
        for name in names {
            holder.bind(1, name.bytes)
            if try holder.step() { users.append(holder.number(0)) }
            holder.reset()
        }
        return users
    }

    /// Writes them, first of all that a run writes.
    func applyLateClaims() throws(StoreError) {
        guard hasLateClaims else { return }
        try connection.execute(
            """
            DELETE FROM claims WHERE user_id IN (SELECT user_id FROM temp.released);
            INSERT OR IGNORE INTO claims (kind, key, user_id) SELECT kind, key, user_id FROM temp.late_claim;
            DELETE FROM freed WHERE user_id IN (SELECT id FROM users WHERE status <> 'deleted');
            DELETE FROM unclaimed;
            """)
        guard reusesIdentifiers else { return }
        try connection.execute(
            "INSERT OR IGNORE INTO freed SELECT id FROM users WHERE status = 'deleted' AND id IN (SELECT user_id FROM temp.released)")
    }

    /// Gives deleted users their names back where nobody has them, once config no longer frees names; last of all that a run writes.
    func reclaimFreed() throws(StoreError) {
        guard hasFreed, !reusesIdentifiers else { return }
        let users = try connection.prepare(
            "SELECT id, username, email FROM users WHERE id IN (SELECT user_id FROM freed) AND status = 'deleted' ORDER BY id")
        let claim = try connection.prepare("INSERT OR IGNORE INTO claims (kind, key, user_id) VALUES (?1, ?2, ?3)")
        let holder = try connection.prepare("SELECT user_id FROM claims WHERE kind = ?1 AND key = ?2")
        let settle = try connection.prepare("DELETE FROM freed WHERE user_id = ?1")
        var settled: [Int64] = []
        while try users.step() {
            let id = users.number(0)
            var hasAll = true
            for (kind, name) in [(ClaimKind.username, users.text(1)), (.email, users.optionalText(2))] {
                guard let key = name.map({ FoldedKey($0) }) else { continue }
                try claim.bind(1, kind.rawValue).bind(2, key.bytes).bind(3, id).run()
                holder.bind(1, kind.rawValue).bind(2, key.bytes)
                defer { holder.reset() }
                if try holder.step(), holder.number(0) != id { hasAll = false }
            }
            if hasAll { settled.append(id) }
        }
        for id in settled { try settle.bind(1, id).run() }
    }

    /// Whether config frees the names of deleted users.
    var reusesIdentifiers: Bool { evaluator.rules.lifecycle.reusesIdentifiers }

    /// Whether a deleted user has a name for themselves although another of theirs is free.
    func isKept(_ kind: ClaimKind, _ key: FoldedKey, by user: Int64) throws(StoreError) -> Bool {
        if reusesIdentifiers { return false }
        let holder = try connection.prepare("SELECT user_id FROM claims WHERE kind = ?1 AND key = ?2")
        holder.bind(1, kind.rawValue).bind(2, key.bytes)
        return try holder.step() && holder.number(0) == user
    }

    /// Whether somebody else may have the names of a user.
    func areNamesFree(_ user: Int64, _ status: UserStatus) throws(StoreError) -> Bool {
        guard status == .deleted else { return false }
        if reusesIdentifiers { return true }
        guard hasFreed else { return false }
        let select = try connection.prepare("SELECT 1 FROM freed WHERE user_id = ?1")
        select.bind(1, user)
        return try select.step()
    }
}
