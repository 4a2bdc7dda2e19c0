import Foundation
import Testing

/// The arrows between targets only point down. The package manager lets an import through when it is reachable by another way, so
/// the import lines themselves are read.
@Suite struct FloorTests {
    /// What each target may import: targets of ours that stand below it, and what else it needs.
    private static let table: [String: Set<String>] = [
        "RollcallCore": ["CCrypto"],
        "RollcallReport": ["RollcallCore"],
        "RollcallConfig": ["RollcallCore", "Yams", "Glibc"],
        "RollcallEngine": ["RollcallCore"],
        "RollcallReading": ["RollcallCore", "CWake", "Glibc", "Synchronization"],
        "RollcallLDAP": ["RollcallCore", "RollcallReading", "CLDAP", "Glibc"],
        "RollcallSCIM": ["RollcallCore", "RollcallReading", "CCurl", "CZlib", "Glibc", "Synchronization"],
        "RollcallFiles": ["RollcallCore", "Glibc", "Synchronization"],
        "RollcallSnapshot": ["RollcallCore", "Glibc", "Synchronization"],
        "RollcallSQLite": ["RollcallCore", "CSQLiteShim", "GRDB", "GRDBSQLite", "Glibc", "Dispatch", "Synchronization"],
        "RollcallDaemon": [
            "RollcallCore", "RollcallReport", "RollcallEngine", "CMalloc", "Logging", "ServiceLifecycle", "UnixSignals", "Dispatch",
            "Glibc",
            "Synchronization",
        ],
        "RollcallCommands": [
            "RollcallCore", "RollcallReport", "RollcallConfig", "RollcallEngine", "RollcallLDAP", "RollcallSCIM", "RollcallFiles",
            "RollcallSQLite", "RollcallSnapshot", "RollcallDaemon", "ArgumentParser", "Logging", "UnixSignals", "Glibc", "Foundation",
            "Synchronization",
        ],
        "rollcall": ["RollcallCommands"],
        "RollcallTesting": ["RollcallCore", "RollcallEngine", "Foundation", "Glibc", "Synchronization"],
    ]

    /// The system libraries and their shims in C import nothing of Swift.
    private static let shims: Set<String> = ["CCrypto", "CCurl", "CLDAP", "CMalloc", "CSQLiteShim", "CWake", "CZlib"]

    @Test("every import is one that its target's floor allows")
    func imports() throws {
        var problems: [String] = []
        for file in try Repository.files(below: "Sources", withExtension: "swift") {
            let target = file.components[1]
            guard let allowed = Self.table[target] else {
                problems.append("\(file.path): the target \(target) has no floor; add it to the table")
                continue
            }
            for (number, module) in file.imports where !allowed.contains(module) {
                problems.append("\(file.path):\(number): \(target) may not import \(module)")
            }
        }
        #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
    }

    @Test("only tests import the test kit")
    func testKit() throws {
        let importers = try Repository.files(below: "Sources", withExtension: "swift")
            .filter { file in file.imports.contains { $0.module == "RollcallTesting" } }.map(\.path)
        #expect(importers.isEmpty, "\(importers.joined(separator: "\n"))")
    }

    @Test("the table and the folders of Sources name the same targets")
    func targets() throws {
        let folders = try Set(FileManager.default.contentsOfDirectory(atPath: Repository.root + "/Sources"))
        #expect(folders.subtracting(Self.shims).isSubset(of: Self.table.keys))
        #expect(Set(Self.table.keys).isSubset(of: folders))
    }

    @Test("no source file is longer than 400 lines and no test longer than 600", arguments: [("Sources", 400), ("Tests", 600)])
    func lengths(folder: String, limit: Int) throws {
        // Tables that a script writes are as long as they are.
        let long = try Repository.files(below: folder, withExtension: "swift")
            .filter { $0.lines.count > limit && !($0.lines.first ?? "").hasPrefix("// Written by scripts/") }
            .map { "\($0.path): \($0.lines.count) lines" }
        #expect(long.isEmpty, "\(long.joined(separator: "\n"))")
    }

    @Test("no trap is written into the sources")
    func traps() throws {
        var problems: [String] = []
        for file in try Repository.files(below: "Sources", withExtension: "swift") {
            for (index, line) in file.lines.enumerated() {
                for word in ["try!", "as!", "fatalError(", "preconditionFailure("] where line.contains(word) {
                    problems.append("\(file.path):\(index + 1): \(word)")
                }
            }
        }
        #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
    }

    @Test("an import is recognised however it is written")
    func parsing() {
        let file = Repository.File(
            path: "Sources/X/A.swift",
            text: """
                public import RollcallCore
                @preconcurrency internal import Glibc
                import struct Foundation.Date
                @testable import Yams
                // import Nothing
                let text = "import Nothing"
                """)
        #expect(file.imports.map(\.module) == ["RollcallCore", "Glibc", "Foundation", "Yams"])
        #expect(file.imports.map(\.line) == [1, 2, 3, 4])
    }
}
