internal import RollcallCore

/// Accounts that an application made or renamed by itself have no folded keys yet.
extension SQLiteSession {
    /// Works the missing keys out. Of two such accounts with one name the older one has it.
    func collectLateClaims() throws(StoreError) {
        let users = try connection.prepare("SELECT id, username, email FROM users WHERE id IN (SELECT user_id FROM unclaimed) ORDER BY id")
        let claim = try connection.prepare("INSERT OR IGNORE INTO temp.late_claim (kind, key, user_id) VALUES (?1, ?2, ?3)")
        while try users.step() {
            hasLateClaims = true
            try claim.bind(1, ClaimKind.username.rawValue).bind(2, FoldedKey(users.text(1)).bytes).bind(3, users.number(0)).run()
            guard let email = users.optionalText(2) else { continue }
            try claim.bind(1, ClaimKind.email.rawValue).bind(2, FoldedKey(email).bytes).bind(3, users.number(0)).run()
        }
    }

    /// Writes them, first of all that a run writes.
    func applyLateClaims() throws(StoreError) {
        guard hasLateClaims else { return }
        try connection.execute(
            """
            DELETE FROM claims WHERE user_id IN (SELECT user_id FROM unclaimed);
            INSERT OR IGNORE INTO claims (kind, key, user_id) SELECT kind, key, user_id FROM temp.late_claim;
            DELETE FROM unclaimed;
            """)
    }
}
