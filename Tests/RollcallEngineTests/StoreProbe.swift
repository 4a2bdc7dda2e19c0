import Foundation
import GRDB
import RollcallCore

/// What the application does to the store beside Rollcall, and what a test looks at.
struct StoreProbe {
    let path: String

    /// Writes as an application would.
    func execute(_ sql: String, _ arguments: StatementArguments = []) throws {
        try open { queue in try queue.write { try $0.execute(sql: sql, arguments: arguments) } }
    }

    /// The rows of a query, each as one line.
    func rows(_ sql: String) throws -> [String] {
        try open { queue in
            try queue.read { database in
                try Row.fetchAll(database, sql: sql).map { row in row.map { "\($0)=\($1)" }.joined(separator: "|") }
            }
        }
    }

    /// The texts in the first column of a query, `NULL` for none.
    func column(_ sql: String) throws -> [String] {
        try open { queue in try queue.read { try Optional<String>.fetchAll($0, sql: sql).map { $0 ?? "NULL" } } }
    }

    /// Who has a privileged permission group and access.
    func administrators() throws -> Set<String> {
        Set(
            try column(
                """
                SELECT u.username FROM grants g JOIN users u ON u.id = g.user_id JOIN permission_groups p ON p.id = g.group_id
                WHERE p.privileged AND u.status = 'active'
                """))
    }

    /// A digest of all that is in the store but records, which a new version may write in another form, and random bytes.
    func digestOfTables() throws -> Digest {
        let tables = [
            ("claims", "*"), ("entries", "anchor, present, state, user_id, attention, due, leaving_since, deleted_at, invited"),
            ("grants", "user_id, group_id, origin"), ("group_pins", "*"), ("guard_holds", "*"), ("guard_ledger", "*"),
            ("held_changes", "*"), ("held_plans", "id, state, changes, losses, rejected"),
            ("permission_groups", "id, name, key, privileged, permissions"), ("rejected_changes", "*"),
            ("runs", "seq, id, outcome, applied"),
            ("tombstones", "source, anchor, username"), ("upstream_groups", "anchor, name"),
            ("users", "id, username, email, given_name, family_name, display_name, extra, status, role, held"),
        ]
        var builder = DigestBuilder()
        for (table, columns) in tables {
            builder.addField(table)
            for row in try rows("SELECT \(columns) FROM \(table)").sorted() { builder.addField(row) }
        }
        return builder.digest()
    }

    /// Adds a local account with its claims.
    func addLocal(_ username: Text, email: Text? = nil, status: UserStatus = .active, role: Role = .none) throws {
        try open { queue in
            try queue.write { database in
                try database.execute(
                    sql: "INSERT INTO users (username, email, status, role) VALUES (?, ?, ?, ?)",
                    arguments: [username.string, email?.string, status.rawValue, role.rawValue])
                let id = database.lastInsertedRowID
                try database.execute(
                    sql: "INSERT OR IGNORE INTO claims VALUES (1, ?, ?)", arguments: [Data(FoldedKey(username).bytes), id])
                if let email {
                    try database.execute(
                        sql: "INSERT OR IGNORE INTO claims VALUES (2, ?, ?)", arguments: [Data(FoldedKey(email).bytes), id])
                }
            }
        }
    }

    /// Gives a permission group locally; makes it when it is not there.
    func grant(_ group: Text, to username: String, isPrivileged: Bool = false) throws {
        try open { queue in
            try queue.write { database in
                try database.execute(
                    sql: "INSERT OR IGNORE INTO permission_groups (name, key, privileged) VALUES (?, ?, ?)",
                    arguments: [group.string, Data(FoldedKey(group).bytes), isPrivileged])
                try database.execute(
                    sql: """
                        INSERT OR IGNORE INTO grants (user_id, group_id, origin)
                        SELECT u.id, p.id, 'local' FROM users u, permission_groups p WHERE u.username = ? AND p.name = ?
                        """, arguments: [username, group.string])
            }
        }
    }

    /// Users that no entry is linked to, with their grants and claims.
    ///
    /// - Parameter adopted: users who are left out.
    func localUsers(except adopted: [Int64] = []) throws -> [String] {
        let others = adopted.map { " UNION SELECT \($0)" }.joined()
        let linked = "(SELECT user_id FROM entries WHERE user_id IS NOT NULL\(others))"
        return try rows(
            """
            SELECT 'user', json_array(id, username, email, given_name, family_name, display_name, extra, status, role, held, created_at, updated_at)
            FROM users WHERE id NOT IN \(linked)
            UNION ALL SELECT 'claim', json_array(kind, hex(key), user_id) FROM claims WHERE user_id NOT IN \(linked)
            UNION ALL SELECT 'grant', json_array(user_id, group_id, origin, path_id, run) FROM grants WHERE user_id NOT IN \(linked)
            ORDER BY 1, 2
            """)
    }

    /// What is wrong with the claims: each name of each user has its row, and there is no other. Names that are free may have one.
    func claimProblems() throws -> [String] {
        let held = try open { queue in
            try queue.read { database in
                try Row.fetchAll(database, sql: "SELECT kind, key, user_id FROM claims").map { row in
                    "\(row[0] as Int) \(FoldedKey(storedBytes: [UInt8](row[1] as Data))) \(row[2] as Int64)"
                }
            }
        }
        func names(_ condition: String) throws -> [String] {
            try open { queue in
                try queue.read { database in
                    try Row.fetchAll(database, sql: "SELECT id, username, email FROM users WHERE \(condition)").flatMap { row in
                        let id: Int64 = row[0]
                        let email: String? = row[2]
                        return ["1 \(FoldedKey(Text(row[1] as String))) \(id)"] + (email.map { ["2 \(FoldedKey(Text($0))) \(id)"] } ?? [])
                    }
                }
            }
        }
        let wanted = try names("id NOT IN (SELECT user_id FROM freed)")
        let free = try names("id IN (SELECT user_id FROM freed)")
        let there = held.filter { !free.contains($0) }
        return Set(there).symmetricDifference(wanted).sorted()
            + (wanted.count == there.count ? [] : ["\(wanted.count) names, \(there.count) claims"])
            + (try rows("SELECT id FROM users WHERE status <> 'deleted' AND id IN (SELECT user_id FROM freed)"))
            + (try rows(
                """
                SELECT u.id, u.username_key FROM users u LEFT JOIN claims c ON c.kind = 1 AND c.user_id = u.id
                WHERE u.username_key IS NOT CAST(c.key AS TEXT)
                """))
    }

    private func open<Result>(_ body: (DatabaseQueue) throws -> Result) throws -> Result {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try body(queue)
    }
}
