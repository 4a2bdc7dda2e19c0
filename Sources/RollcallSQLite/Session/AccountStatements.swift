internal import RollcallCore

/// The statements that change accounts.
struct AccountStatements {
    private let connection: Connection
    private let insert: Statement
    private let select: Statement
    private let update: Statement
    private let releaseClaim: Statement
    private let newClaim: Statement
    private let ownName: Statement
    private let takeClaim: Statement
    private let insertGrant: Statement
    private let deleteGrant: Statement
    private let holder: Statement
    private let noNewClaims: Statement
    private let free: Statement
    private let unfree: Statement
    private let endings: [Statement]
    private let removals: [Statement]
    /// The JSON object of one new account's further fields.
    private var extra: [UInt8] = []

    /// What ends an account's access everywhere; each is given its id.
    static let endings = [
        "DELETE FROM grants WHERE user_id = ?1 AND origin = 'source'", "DELETE FROM sessions WHERE user_id = ?1",
        "DELETE FROM api_tokens WHERE user_id = ?1",
    ]

    init(_ connection: Connection) throws(StoreError) {
        self.connection = connection
        insert = try connection.prepare(
            """
            INSERT INTO users (id, username, email, given_name, family_name, display_name, extra, status, revision, created_at, updated_at, held,
            username_key)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11, ?12)
            """)
        select = try connection.prepare("SELECT \(LocalUser.columns) FROM users WHERE id = ?1")
        update = try connection.prepare(
            """
            UPDATE users SET username = ?2, email = ?3, given_name = ?4, family_name = ?5, display_name = ?6, extra = ?7, status = ?8,
            revision = ?9, updated_at = ?10 WHERE id = ?1
            """)
        releaseClaim = try connection.prepare("DELETE FROM claims WHERE kind = ?1 AND key = ?2 AND user_id = ?3")
        takeClaim = try connection.prepare("INSERT OR IGNORE INTO claims (kind, key, user_id) VALUES (?1, ?2, ?3)")
        ownName = try connection.prepare("UPDATE users SET username_key = ?2 WHERE id = ?1")
        newClaim = try connection.prepare("INSERT INTO temp.new_claim (kind, key, user_id) VALUES (?1, ?2, ?3)")
        holder = try connection.prepare("SELECT user_id FROM claims WHERE kind = ?1 AND key = ?2")
        noNewClaims = try connection.prepare("DELETE FROM temp.new_claim WHERE user_id = ?1")
        free = try connection.prepare("INSERT OR IGNORE INTO freed VALUES (?1)")
        unfree = try connection.prepare("DELETE FROM freed WHERE user_id = ?1")
        insertGrant = try connection.prepare(
            """
            INSERT INTO grants (user_id, group_id, origin, path_id, run) VALUES (?1, ?2, 'source', ?3, ?4)
            ON CONFLICT DO UPDATE SET path_id = excluded.path_id, run = excluded.run
            """)
        deleteGrant = try connection.prepare("DELETE FROM grants WHERE user_id = ?1 AND group_id = ?2 AND origin = 'source'")
        endings = try AccountStatements.prepare(AccountStatements.endings, connection)
        removals = try AccountStatements.prepare(
            [
                "UPDATE entries SET user_id = NULL WHERE user_id = ?1", "DELETE FROM grants WHERE user_id = ?1",
                "DELETE FROM sessions WHERE user_id = ?1", "DELETE FROM api_tokens WHERE user_id = ?1",
                "DELETE FROM claims WHERE user_id = ?1", "DELETE FROM unclaimed WHERE user_id = ?1", "DELETE FROM freed WHERE user_id = ?1",
                "DELETE FROM users WHERE id = ?1",
            ], connection)
    }

    private static func prepare(_ texts: [String], _ connection: Connection) throws(StoreError) -> [Statement] {
        var statements: [Statement] = []
        for text in texts { statements.append(try connection.prepare(text)) }
        return statements
    }

    /// Makes an account of what the change says, straight from its bytes.
    ///
    /// - Parameter holds: whether the account stays inactive until an administrator activates it.
    mutating func create(_ change: ChangeRecord, id: Int64, holds: Bool, run: Int64, at now: Instant) throws(StoreError) {
        extra.removeAll(keepingCapacity: true)
        insert.bindNothing().bind(1, id).bind(9, run).bind(10, now.microseconds).bind(11, holds)
        try change.forEachField { field, value throws(StoreError) in
            guard let value else { return }
            switch field {
            case .username:
                insert.bind(2, utf8: value)
                let key = FoldedKey(utf8: value)
                if try take(.username, key, for: id) { insert.bind(12, utf8: key) }
            case .email:
                insert.bind(3, utf8: value)
                _ = try take(.email, FoldedKey(utf8: value), for: id)
            case .givenName: insert.bind(4, utf8: value)
            case .familyName: insert.bind(5, utf8: value)
            case .displayName: insert.bind(6, utf8: value)
            case .extra(let name):
                extra.append(UInt8(ascii: extra.isEmpty ? "{" : ","))
                ExtraFields.quote(name, into: &extra)
                extra.append(UInt8(ascii: ":"))
                ExtraFields.quote(value, into: &extra)
            case .status: insert.bind(8, utf8: value)
            case .privileged, .permissions, .namesKept: return
            }
        }
        if !extra.isEmpty {
            extra.append(UInt8(ascii: "}"))
            extra.withUnsafeBytes { _ = insert.bind(7, utf8: $0) }
        }
        try insert.run()
    }

    /// Brings the fields of an account to their values after the change.
    func update(_ id: Int64, _ fields: [FieldChange], run: Int64, at now: Instant) throws(StoreError) {
        select.bind(1, id)
        guard try select.step() else { return select.reset() }
        var user = LocalUser(select, id: id)
        select.reset()
        try follow(fields, &user)
        bind(update, user, run: run, at: now)
        try update.run()
    }

    /// Ends access everywhere: `source` grants, sessions and API tokens.
    func endAccess(_ id: Int64) throws(StoreError) {
        for statement in endings { try statement.bind(1, id).run() }
    }

    /// Leaves the names of a deleted account to whoever wants them.
    func freeNames(_ id: Int64) throws(StoreError) {
        for (kind, key) in try names(of: id) { try releaseClaim.bind(1, kind.rawValue).bind(2, key.bytes).bind(3, id).run() }
        try noNewClaims.bind(1, id).run()
        try ownName.bind(1, id).bind(2, utf8: nil as FoldedKey?).run()
        try free.bind(1, id).run()
    }

    /// Claims the names of an account that comes back to them, where it does not claim them already.
    ///
    /// - Parameter fields: what the same row has changed, with the claims.
    func claimNames(_ id: Int64, except fields: [FieldChange]) throws(StoreError) {
        for (kind, key) in try names(of: id) {
            if fields.contains(where: { ClaimKind($0.field) == kind }) { continue }
            holder.bind(1, kind.rawValue).bind(2, key.bytes)
            let isOwn = try holder.step() && holder.number(0) == id
            holder.reset()
            if !isOwn { try claim(kind, key, for: id) }
        }
        try unfree.bind(1, id).run()
    }

    private func names(of id: Int64) throws(StoreError) -> [(ClaimKind, FoldedKey)] {
        select.bind(1, id)
        defer { select.reset() }
        guard try select.step() else { return [] }
        let user = LocalUser(select, id: id)
        return [(.username, FoldedKey(user.username))] + (user.email.map { [(.email, FoldedKey($0))] } ?? [])
    }

    /// Removes an account with all that hangs on it; the audit log keeps what it was.
    func purge(_ id: Int64) throws(StoreError) {
        for statement in removals { try statement.bind(1, id).run() }
    }

    func grant(_ user: Int64, _ group: Int64, path: Int64, run: Int64) throws(StoreError) {
        try insertGrant.bind(1, user).bind(2, group).bind(3, path).bind(4, run).run()
    }

    func revoke(_ user: Int64, _ group: Int64) throws(StoreError) {
        try deleteGrant.bind(1, user).bind(2, group).run()
    }

    private func follow(_ fields: [FieldChange], _ user: inout LocalUser) throws(StoreError) {
        for change in fields {
            switch change.field {
            case .username:
                if let after = change.after { user.username = after }
                try moveClaim(.username, change, of: user.id)
            case .email:
                user.email = change.after
                try moveClaim(.email, change, of: user.id)
            case .givenName: user.givenName = change.after
            case .familyName: user.familyName = change.after
            case .displayName: user.displayName = change.after
            case .status: if let status = change.after.flatMap({ UserStatus(rawValue: $0.string) }) { user.status = status }
            case .extra(let name): user.extra[name] = change.after
            case .privileged, .permissions, .namesKept: continue
            }
        }
    }

    private func moveClaim(_ kind: ClaimKind, _ change: FieldChange, of user: Int64) throws(StoreError) {
        let before = change.before.map { FoldedKey($0) }
        let after = change.after.map { FoldedKey($0) }
        if before == after { return }
        if kind == .username { try ownName.bind(1, user).bind(2, utf8: nil as FoldedKey?).run() }
        if let before { try releaseClaim.bind(1, kind.rawValue).bind(2, before.bytes).bind(3, user).run() }
        try claim(kind, after, for: user)
    }

    private func claim(_ kind: ClaimKind, _ key: FoldedKey?, for user: Int64) throws(StoreError) {
        if try take(kind, key, for: user), kind == .username { try ownName.bind(1, user).bind(2, utf8: key).run() }
    }

    /// - Returns: whether the name is taken at once; otherwise it is once all rows are written.
    private func take(_ kind: ClaimKind, _ key: FoldedKey?, for user: Int64) throws(StoreError) -> Bool {
        guard let key else { return false }
        try takeClaim.bind(1, kind.rawValue).bind(2, key.bytes).bind(3, user).run()
        if connection.changedRows > 0 { return true }
        // Its holder gives the name up in a later row of the same plan.
        try newClaim.bind(1, kind.rawValue).bind(2, key.bytes).bind(3, user).run()
        return false
    }

    private func bind(_ statement: Statement, _ user: LocalUser, run: Int64, at now: Instant) {
        statement.bind(1, user.id).bind(2, text: user.username).bind(3, text: user.email).bind(4, text: user.givenName)
            .bind(5, text: user.familyName).bind(6, text: user.displayName).bind(7, text: user.extra.json)
            .bind(8, text: user.status.text).bind(9, run).bind(10, now.microseconds)
    }
}
