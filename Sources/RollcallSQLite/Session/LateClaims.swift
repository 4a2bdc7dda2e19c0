internal import RollcallCore

/// Claims that are not in the table as they should be: of accounts that an application made, renamed or brought back, and of those
/// whose claims it removed.
///
/// ``collect()`` works out what each such account can have, in temporary tables, and writes nothing; ``apply()`` writes that, and
/// ``settle()`` keeps which accounts are left without one of their names.
struct LateClaims {
    let connection: Connection
    /// Whether config frees the names of deleted users.
    let reusesIdentifiers: Bool
    /// Whether the names of those who are deleted already are freed with it.
    var freesDeleted = true

    /// The temporary tables that it needs.
    static let tables = """
        CREATE TEMP TABLE late_claim (kind INTEGER NOT NULL, key BLOB NOT NULL, user_id INTEGER NOT NULL, PRIMARY KEY (kind, key))
            WITHOUT ROWID;
        CREATE TEMP TABLE released (user_id INTEGER PRIMARY KEY);
        CREATE TEMP VIEW all_claims AS
            SELECT kind, key, user_id FROM claims WHERE user_id NOT IN (SELECT user_id FROM temp.released)
            UNION ALL
            SELECT l.kind, l.key, l.user_id FROM temp.late_claim l WHERE NOT EXISTS (
                SELECT 1 FROM claims c WHERE c.kind = l.kind AND c.key = l.key AND c.user_id NOT IN (SELECT user_id FROM temp.released));
        """

    /// One account whose claims are looked at.
    struct Account {
        var id: Int64
        var username: Text
        var usernameKey: FoldedKey
        /// The key that the account owns now; `nil` when it owns none.
        var ownKey: FoldedKey?
        var email: Text?
        var emailKey: FoldedKey?
        /// Whether the views leave its email out.
        var lacksEmail: Bool
    }

    /// What became of the accounts: those that get a name, and those that another account keeps from one.
    struct Finding {
        var isAny = false
        /// Accounts that get their username.
        var usernames = NameList()
        /// Accounts whose email comes into the views.
        var emails = NameList()
        /// Accounts whose username another account has.
        var lostUsernames = NameList()
        /// Accounts whose email another account has.
        var lostEmails = NameList()
        /// Whether ``LateClaims/apply()`` would change a name's owner.
        var hasChanges = false
    }

    /// Works out who can have which name: who has it now comes first, then the oldest account.
    func collect() throws(StoreError) -> Finding {
        try connection.execute(
            """
            DELETE FROM temp.late_claim; DELETE FROM temp.released;
            INSERT INTO temp.released SELECT user_id FROM unclaimed;
            INSERT OR IGNORE INTO temp.released SELECT id FROM users WHERE username_key IS NULL AND status <> 'deleted';
            """)
        if reusesIdentifiers, freesDeleted {
            try connection.execute(
                """
                INSERT OR IGNORE INTO temp.released
                    SELECT DISTINCT c.user_id FROM claims c CROSS JOIN users u ON u.id = c.user_id WHERE u.status = 'deleted'
                """)
        } else if reusesIdentifiers {
            try keepNamesOfDeleted()
        }
        var finding = Finding()
        let freed = try connection.number("SELECT 1 FROM freed LIMIT 1") != nil
        finding.isAny = try connection.number("SELECT 1 FROM temp.released LIMIT 1") != nil
        if !finding.isAny, !freed { return finding }
        let claim = try connection.prepare("INSERT OR IGNORE INTO temp.late_claim (kind, key, user_id) VALUES (?1, ?2, ?3)")
        func take(_ kind: ClaimKind, _ key: FoldedKey, _ user: Int64) throws(StoreError) {
            if !key.isEmpty { try claim.bind(1, kind.rawValue).bind(2, key.bytes).bind(3, user).run() }
        }
        let owner = try connection.prepare("SELECT 1 FROM claims WHERE kind = ?1 AND key = ?2 AND user_id = ?3")
        func owns(_ kind: ClaimKind, _ key: FoldedKey, _ user: Int64) throws(StoreError) -> Bool {
            owner.bind(1, kind.rawValue).bind(2, key.bytes).bind(3, user)
            defer { owner.reset() }
            return try owner.step()
        }
        try forEachAccount { account throws(StoreError) in
            finding.isAny = true
            if account.ownKey == account.usernameKey { try take(.username, account.usernameKey, account.id) }
            if let key = account.emailKey, try owns(.email, key, account.id) { try take(.email, key, account.id) }
        }
        try forEachAccount { account throws(StoreError) in
            try take(.username, account.usernameKey, account.id)
            if let key = account.emailKey { try take(.email, key, account.id) }
        }
        let taken = try connection.prepare("SELECT 1 FROM temp.all_claims WHERE kind = ?1 AND key = ?2 AND user_id = ?3")
        func gets(_ kind: ClaimKind, _ key: FoldedKey, _ user: Int64) throws(StoreError) -> Bool {
            taken.bind(1, kind.rawValue).bind(2, key.bytes).bind(3, user)
            defer { taken.reset() }
            return try taken.step()
        }
        try forEachAccount { account throws(StoreError) in
            let hasUsername = try gets(.username, account.usernameKey, account.id)
            if !hasUsername {
                finding.lostUsernames.add(account.username, account.id)
            } else if account.ownKey != account.usernameKey {
                finding.usernames.add(account.username, account.id)
            }
            if try hasUsername != owns(.username, account.usernameKey, account.id) { finding.hasChanges = true }
            guard let email = account.email, let key = account.emailKey else { return }
            let hasEmail = try gets(.email, key, account.id)
            if !hasEmail {
                finding.lostEmails.add(email, account.id)
            } else if account.lacksEmail {
                finding.emails.add(email, account.id)
            }
            if try hasEmail != owns(.email, key, account.id) { finding.hasChanges = true }
        }
        if finding.usernames.count + finding.emails.count > 0 { finding.hasChanges = true }
        return finding
    }

    /// Shows each account that has a say in ``collect()``, in the order of the ids.
    func forEachAccount(_ body: (Account) throws(StoreError) -> Void) throws(StoreError) {
        let users = try connection.prepare(
            """
            SELECT u.id, u.username, u.username_key, u.email, (SELECT n.lacks_email FROM unclaimed n WHERE n.user_id = u.id)
            FROM users u WHERE u.id IN (SELECT user_id FROM temp.released UNION SELECT user_id FROM freed)
            AND (u.status <> 'deleted' OR NOT ?1 AND u.id NOT IN (SELECT user_id FROM freed)) ORDER BY u.id
            """)
        users.bind(1, reusesIdentifiers)
        while try users.step() {
            let username = users.text(1)
            let email = users.optionalText(3)
            try body(
                Account(
                    id: users.number(0), username: username, usernameKey: FoldedKey(username),
                    ownKey: users.isNull(2) ? nil : FoldedKey(storedBytes: users.bytes(2)), email: email,
                    emailKey: email.map { FoldedKey($0) }, lacksEmail: users.number(4) != 0))
        }
    }

    /// Writes them, first of all that a run writes.
    ///
    /// - Parameter freesNames: whether deleted accounts give up their names, as config says; if not, that waits for a person.
    func apply(freesNames: Bool = true) throws(StoreError) {
        if reusesIdentifiers, !freesNames { try keepNamesOfDeleted() }
        try connection.execute(
            """
            DELETE FROM claims WHERE user_id IN (SELECT user_id FROM temp.released);
            UPDATE users SET username_key = NULL WHERE id IN (SELECT user_id FROM temp.released) AND username_key IS NOT NULL;
            INSERT OR IGNORE INTO claims (kind, key, user_id) SELECT kind, key, user_id FROM temp.late_claim;
            DELETE FROM freed WHERE EXISTS (SELECT 1 FROM users u WHERE u.id = freed.user_id AND u.status <> 'deleted');
            """)
        try giveKeys(from: "temp.late_claim")
        guard reusesIdentifiers, freesNames else { return }
        try connection.execute(
            "INSERT OR IGNORE INTO freed SELECT id FROM users WHERE status = 'deleted' AND id IN (SELECT user_id FROM temp.released)")
    }

    /// Leaves to deleted accounts the names that they have, also where they lack one of them.
    private func keepNamesOfDeleted() throws(StoreError) {
        try connection.execute("DELETE FROM temp.released WHERE user_id IN (SELECT id FROM users WHERE status = 'deleted')")
    }

    /// Gives accounts the keys of the usernames that they claim, as far as they have got the claims.
    ///
    /// - Parameter table: whose claims; it has the columns `kind`, `key` and `user_id`.
    func giveKeys(from table: String) throws(StoreError) {
        let given = try connection.prepare(
            """
            SELECT l.key, l.user_id FROM \(table) l CROSS JOIN claims c ON c.kind = l.kind AND c.key = l.key AND c.user_id = l.user_id
            WHERE l.kind = \(ClaimKind.username.rawValue)
            """)
        let update = try connection.prepare("UPDATE OR IGNORE users SET username_key = ?2 WHERE id = ?1")
        while try given.step() { try update.bind(1, given.number(1)).bind(2, utf8: given.lent(0)).run() }
    }

    /// Keeps which of the accounts lack a name, so that the next run looks again; last of all that a run writes.
    func settle() throws(StoreError) {
        let rest = try connection.prepare(
            """
            SELECT u.id, u.username_key IS NULL, u.email, u.status FROM users u
            WHERE u.id IN (SELECT user_id FROM temp.released UNION SELECT user_id FROM unclaimed)
            AND u.id NOT IN (SELECT user_id FROM freed) ORDER BY u.id
            """)
        let owner = try connection.prepare("SELECT user_id FROM claims WHERE kind = \(ClaimKind.email.rawValue) AND key = ?1")
        var lacking: [(user: Int64, email: Bool)] = []
        while try rest.step() {
            var lacksEmail = false
            if let email = rest.optionalText(2) {
                owner.bind(1, FoldedKey(email).bytes)
                lacksEmail = try !owner.step() || owner.number(0) != rest.number(0)
                owner.reset()
            }
            if rest.number(1) != 0 || lacksEmail { lacking.append((rest.number(0), lacksEmail)) }
        }
        try connection.execute("DELETE FROM unclaimed")
        let note = try connection.prepare("INSERT INTO unclaimed (user_id, lacks_email) VALUES (?1, ?2)")
        for account in lacking { try note.bind(1, account.user).bind(2, account.email).run() }
    }
}
