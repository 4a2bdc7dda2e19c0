import Foundation
import Glibc

/// All rows of a store but those of its runs, its audit log and its held plans, read by `sqlite3` from a copy of its files.
public struct StoreContent: Sendable, Equatable {
    private let bytes: Data

    /// What a run writes anew each time, whatever it does.
    private static let perRun = ["runs", "audit", "held_plans", "held_changes", "guard_holds", "grdb_migrations"]
    /// Columns that hold the time or the number of a run.
    private static let timed: Set<String> = [
        "created_at", "updated_at", "last_applied", "leaving_since", "deleted_at", "due", "pinned_at", "run", "revision", "at",
        "elapsed", "wall", "source_clock", "boot_time", "identity",
    ]

    /// - Parameter isTimeless: whether times and numbers of runs are left out, so that two runs that did the same are equal.
    public init(_ path: String, isTimeless: Bool = false) async throws {
        let copy = try StoreContent.copy(path)
        let columns = try await StoreContent.query(
            copy.file("store.db"),
            "SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' ORDER BY m.name, p.cid")
        var tables: [(name: String, columns: [String])] = []
        for line in columns.split(separator: "\n") {
            let words = line.split(separator: "|").map(String.init)
            guard words.count == 2, !StoreContent.perRun.contains(words[0]), !words[0].hasPrefix("sqlite_") else { continue }
            if isTimeless, StoreContent.timed.contains(words[1]) { continue }
            if tables.last?.name != words[0] { tables.append((words[0], [])) }
            tables[tables.count - 1].columns.append(words[1])
        }
        let script = tables.map { table in
            let names = table.columns.map { "\"\($0)\"" }.joined(separator: ", ")
            return "SELECT '\(table.name)', \(names) FROM \"\(table.name)\" ORDER BY \(names);"
        }
        bytes = try await StoreContent.output(copy.file("store.db"), ".mode quote\n" + script.joined(separator: "\n"))
        withExtendedLifetime(copy) {}
    }

    /// The first few rows that only one of the two has.
    public func differences(to other: StoreContent) -> [String] {
        if bytes == other.bytes { return [] }
        let mine = Set(bytes.split(separator: UInt8(ascii: "\n")))
        let theirs = Set(other.bytes.split(separator: UInt8(ascii: "\n")))
        func few(_ rows: Set<Data>, _ sign: String) -> [String] {
            rows.map { "\(sign) \(String(decoding: $0.prefix(200), as: UTF8.self))" }.sorted().prefix(3).map { $0 }
        }
        return ["they differ"] + few(mine.subtracting(theirs), "-") + few(theirs.subtracting(mine), "+")
    }

    /// What `PRAGMA integrity_check` and `foreign_key_check` say about a copy: `ok` and nothing more.
    public static func integrity(_ path: String) async throws -> String {
        let copy = try copy(path)
        defer { withExtendedLifetime(copy) {} }
        return try await query(copy.file("store.db"), "PRAGMA integrity_check; PRAGMA foreign_key_check;")
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Runs SQL on the store itself, as the application or somebody with an editor would; gives what it prints.
    @discardableResult
    public static func edit(_ path: String, _ sql: String) async throws -> String {
        // The end of the last connection would take the other files away: the store keeps them.
        try await query(path, ".output /dev/null\n.filectrl persist_wal 1\n.output stdout\n" + sql)
    }

    /// Runs SQL on a copy of the store.
    public static func ask(_ path: String, _ sql: String) async throws -> String {
        let copy = try copy(path)
        defer { withExtendedLifetime(copy) {} }
        return try await query(copy.file("store.db"), sql).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Copies the files of a store once nobody has written for a moment, and again if somebody has meanwhile.
    public static func copyFiles(_ path: String, to target: String) throws {
        for _ in 0..<1000 {
            let before = try StoreStamp(path)
            if before.isQuiet {
                try copyOnce(path, to: target)
                if try StoreStamp(path) == before { return }
            }
            usleep(5_000)
        }
        throw ChildProcess.Failure("\(path) is written to without a pause")
    }

    private static func copyOnce(_ path: String, to target: String) throws {
        for suffix in ["", "-wal", "-shm", ".lock"] {
            if FileManager.default.fileExists(atPath: target + suffix) { try FileManager.default.removeItem(atPath: target + suffix) }
            guard FileManager.default.fileExists(atPath: path + suffix) else { continue }
            // `copyItem` of Foundation for Linux never ends when the file grows shorter meanwhile, as a -wal beside a daemon does.
            let mode = try FileManager.default.attributesOfItem(atPath: path + suffix)[.posixPermissions] ?? 0o600
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path + suffix))
            guard FileManager.default.createFile(atPath: target + suffix, contents: bytes, attributes: [.posixPermissions: mode]) else {
                throw ChildProcess.Failure("\(target + suffix) cannot be written")
            }
        }
    }

    private static func copy(_ path: String) throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        try copyFiles(path, to: directory.file("store.db"))
        return directory
    }

    private static func query(_ path: String, _ script: String) async throws -> String {
        String(decoding: try await output(path, script), as: UTF8.self)
    }

    private static func output(_ path: String, _ script: String) async throws -> Data {
        let directory = try TemporaryDirectory()
        let file = try directory.write(script + "\n", to: "script.sql")
        let outcome = try await RunningProgram.run("/usr/bin/sqlite3", ["-batch", "-bail", "-init", "/dev/null", path, ".read \(file)"])
        guard outcome.status == 0, outcome.errors.isEmpty else { throw ChildProcess.Failure("sqlite3: \(outcome.said)") }
        return outcome.output
    }
}
