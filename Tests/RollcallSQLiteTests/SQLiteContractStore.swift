import Foundation
import GRDB
import RollcallCore
import RollcallSQLite
import RollcallTesting

/// An SQLite store in a directory of its own, set up and looked at through a second connection.
final class SQLiteContractStore: ContractStore {
    let store: any UserStore
    let path: String
    private let folder: String

    init() throws {
        let base = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        folder = "\(base)/rollcall-\(UInt64.random(in: 0..<(1 << 40)))"
        path = "\(folder)/store.db"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        store = SQLiteStore(path: path, holder: "pid 1, the contract", creates: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    func make() throws {
        let mapping = AttributeMapping(anchor: AttributeName(known: "entryUUID"), username: FieldSource([]))
        let options = SessionOptions(now: .epoch, rulesDigest: Digest(hashing: []))
        try store.begin(.apply, Evaluator(rules: RuleSettings(attributes: mapping)), options).close()
    }

    func addUser(_ username: Text, email: Text?, status: UserStatus, role: Role) throws {
        try write { database in
            try database.execute(
                sql: "INSERT INTO users (username, email, status, role) VALUES (?, ?, ?, ?)",
                arguments: [username.string, email?.string, status.rawValue, role.rawValue])
            let id = database.lastInsertedRowID
            for (kind, name) in [(1, username), (2, email)] {
                guard let name else { continue }
                try database.execute(
                    sql: "INSERT OR IGNORE INTO claims VALUES (?, ?, ?)", arguments: [kind, Data(FoldedKey(name).bytes), id])
            }
        }
    }

    func addAccess(_ username: Text, group: Text, isPrivileged: Bool) throws {
        try write { database in
            let name = username.string
            try database.execute(
                sql: "INSERT OR IGNORE INTO permission_groups (name, key, privileged) VALUES (?, ?, ?)",
                arguments: [group.string, Data(FoldedKey(group).bytes), isPrivileged])
            try database.execute(
                sql: """
                    INSERT INTO grants (user_id, group_id, origin) SELECT u.id, p.id, 'local' FROM users u, permission_groups p
                    WHERE u.username = ? AND p.key = ?
                    """, arguments: [name, Data(FoldedKey(group).bytes)])
            try database.execute(
                sql: "INSERT INTO sessions SELECT randomblob(16), id, 1, 2 FROM users WHERE username = ?", arguments: [name])
            try database.execute(
                sql:
                    "INSERT INTO api_tokens (user_id, name, hash, created_at) SELECT id, 'token', randomblob(32), 1 FROM users WHERE username = ?",
                arguments: [name])
        }
    }

    func set(_ username: Text, status: UserStatus) throws {
        try write { try $0.execute(sql: "UPDATE users SET status = ? WHERE username = ?", arguments: [status.rawValue, username.string]) }
    }

    func set(_ username: Text, role: Role) throws {
        try write { try $0.execute(sql: "UPDATE users SET role = ? WHERE username = ?", arguments: [role.rawValue, username.string]) }
    }

    func remove(_ username: Text) throws {
        try write { try $0.execute(sql: "DELETE FROM users WHERE username = ?", arguments: [username.string]) }
    }

    func operations() throws -> [RollcallCore.Operation] {
        try read { database in
            try Data.fetchAll(database, sql: "SELECT record FROM audit WHERE kind = 4 ORDER BY seq").compactMap {
                RollcallCore.Operation(record: [UInt8]($0))
            }
        }
    }

    func dump() throws -> ContractDump {
        try read { database in
            var users: [Text: String] = [:]
            for row in try Row.fetchAll(
                database,
                sql:
                    "SELECT username, email, given_name, family_name, display_name, extra, status, role, held, created_at, updated_at, revision, id FROM users"
            ) {
                users[Text(row[0] as String)] = row.databaseValues.map { $0.isNull ? "-" : String.fromDatabaseValue($0) ?? "\($0)" }.joined(
                    separator: "|")
            }
            let claims = try Row.fetchAll(database, sql: "SELECT c.kind, c.key, u.username FROM claims c JOIN users u ON u.id = c.user_id")
                .map { row in
                    "\(row[0] as Int) \(FoldedKey(storedBytes: [UInt8](row[1] as Data))) \(row[2] as String)"
                }
            let grants = try String.fetchAll(
                database,
                sql: """
                    SELECT u.username || ' ' || p.name || ' ' || g.origin || ' ' || coalesce(w.path, '-') FROM grants g
                    JOIN users u ON u.id = g.user_id JOIN permission_groups p ON p.id = g.group_id LEFT JOIN grant_paths w ON w.id = g.path_id
                    """)
            let links = try String.fetchAll(
                database,
                sql: """
                    SELECT CAST(e.anchor AS TEXT) || ' ' || u.username || coalesce(' absent ' || e.leaving_since, '')
                    FROM entries e JOIN users u ON u.id = e.user_id
                    """)
            let accesses = try String.fetchAll(
                database,
                sql: """
                    SELECT u.username FROM users u JOIN sessions s ON s.user_id = u.id
                    UNION ALL SELECT u.username FROM users u JOIN api_tokens t ON t.user_id = u.id
                    """)
            return ContractDump(
                users: users, claims: claims.sorted(), grants: grants.sorted(), links: links.sorted(), accesses: accesses.sorted())
        }
    }

    func isAuditWhole() throws -> Bool {
        if case .whole = try StoreReader(path: path).verifyAudit(against: nil) { true } else { false }
    }

    func tamperWithAudit() throws {
        try write { try $0.execute(sql: "UPDATE audit SET record = CAST(record || x'00' AS BLOB) WHERE seq = 2") }
    }

    func newestRows() throws -> [PlanRow] {
        var rows: [PlanRow] = []
        try StoreReader(path: path).run(nil)?.forEachRow { row in
            rows.append(row)
            return true
        }
        return rows
    }

    private func write(_ body: (Database) throws -> Void) throws {
        let queue = try open()
        defer { try? queue.close() }
        try queue.write(body)
    }

    private func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        let queue = try open()
        defer { try? queue.close() }
        return try queue.read(body)
    }

    private func open() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        return try DatabaseQueue(path: path, configuration: configuration)
    }
}
