import Foundation
import Glibc
import RollcallTesting
import Testing

@Suite("A store that is broken or locked is refused, and never made anew")
struct BrokenStoreTests {
    /// One way in which a database is not what it was.
    enum Damage: String, CaseIterable, Sendable {
        case cutShort, headerOverwritten, pagesOverwritten, replaced, emptied

        func apply(to bytes: inout Data) {
            switch self {
            case .cutShort: bytes = bytes.prefix(bytes.count / 2 / 4096 * 4096)
            case .headerOverwritten: bytes.replaceSubrange(0..<16, with: Data(repeating: 0x41, count: 16))
            case .pagesOverwritten:
                // The schema's page and a few others, but not the first page's header.
                for page in stride(from: 1, to: bytes.count / 4096, by: 2) {
                    bytes.replaceSubrange(page * 4096..<page * 4096 + 4096, with: Data(repeating: 0xA5, count: 4096))
                }
            case .replaced: bytes = Data("garbage".utf8)
            case .emptied: bytes = Data()
            }
        }
    }

    private func workspace() async throws -> Workspace {
        let workspace = try Workspace()
        try workspace.configure(ldif: Population(200).ldif, Population.rules())
        try await workspace.approveAll()
        // All of it into the one file.
        try await StoreContent.edit(workspace.store, "PRAGMA wal_checkpoint(TRUNCATE);")
        return workspace
    }

    @Test(
        "F4: a damaged database is refused with what to do, stays as it is byte by byte, and works again once it is restored",
        arguments: Damage.allCases)
    func damaged(_ damage: Damage) async throws {
        let workspace = try await workspace()
        let whole = try #require(FileManager.default.contents(atPath: workspace.store))
        var broken = whole
        damage.apply(to: &broken)
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: workspace.store + suffix) }
        try broken.write(to: URL(fileURLWithPath: workspace.store))
        var population = Population(200)
        for index in population.people.indices { population.people[index].name = "Renamed \(index)" }
        try workspace.directory.write(population.ldif, to: "people.ldif")
        for arguments in [["apply"], ["plan"], ["apply", "--format", "json"]] {
            let outcome = try await workspace.binary.run(arguments + ["--config", workspace.config])
            #expect(outcome.status == 1, "\(damage) \(arguments): \(outcome.said)")
            #expect(outcome.text.contains("backup"), "\(outcome.said)")
            #expect(FileManager.default.contents(atPath: workspace.store) == broken, "\(damage) \(arguments)")
        }
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: workspace.store + suffix) }
        try whole.write(to: URL(fileURLWithPath: workspace.store))
        let restored = try await workspace.run("apply")
        #expect(restored.status == 0, "\(restored.said)")
    }

    @Test("F4: while an application holds the database's write lock nothing is changed and it is said; afterwards the run goes through")
    func locked() async throws {
        let workspace = try await workspace()
        var population = Population(200)
        population.people[3].name = "Renamed"
        try workspace.directory.write(population.ldif, to: "people.ldif")
        let before = try await workspace.content()
        let fifo = workspace.directory.file("input")
        #expect(mkfifo(fifo, 0o600) == 0)
        let holder = try RunningProgram(
            "/bin/sh",
            ["-c", "(echo 'BEGIN IMMEDIATE;'; echo 'SELECT 1;'; cat \(fifo)) | sqlite3 -batch -init /dev/null \(workspace.store)"])
        defer { holder.stop(SIGKILL) }
        try await Task.sleep(for: .milliseconds(500))
        let refused = try await workspace.run("apply")
        #expect(refused.status == 6 && refused.text.contains("nothing was changed"), "\(refused.said)")
        #expect(refused.text.contains("in use by another writer; try again"), "\(refused.said)")
        let input = try #require(FileHandle(forWritingAtPath: fifo))
        try input.write(contentsOf: Data("ROLLBACK;\n.quit\n".utf8))
        try input.close()
        _ = try await holder.outcome()
        #expect(before.differences(to: try await workspace.content()) == [])
        let applied = try await workspace.run("apply")
        #expect(applied.status == 0, "\(applied.said)")
    }
}
