import GRDB

@testable import RollcallSQLite

extension RunFixture {
    /// Makes a store as version 0.1 has left it, with what `fill` writes.
    func makeOldStore(_ fill: @Sendable @escaping (Database) throws -> Void) async throws {
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: "12 what waits")
        try await queue.write { try fill($0) }
        try queue.close()
    }
}
