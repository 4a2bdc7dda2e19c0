import Foundation
import RollcallTesting

/// Another program that writes to a database for some seconds, so that nobody else can.
final class WriteLock: Sendable {
    private let program: RunningProgram

    /// Returns once it has the database.
    init(_ database: String, in directory: TemporaryDirectory, seconds: Int) async throws {
        let mark = directory.file("mark-\(UInt64.random(in: 0 ..< 1 << 60))")
        program = try RunningProgram(
            "/usr/bin/sqlite3",
            [database, ".timeout 10000", "BEGIN IMMEDIATE", ".shell touch \(mark)", ".shell sleep \(seconds)", "ROLLBACK"])
        try await eventually("the database is locked") { FileManager.default.fileExists(atPath: mark) }
    }

    /// Waits until it is free again.
    func end() async throws {
        let outcome = try await program.outcome()
        guard outcome.status == 0 else { throw ChildProcess.Failure("sqlite3: \(outcome.said)") }
    }
}
