import Foundation
import RollcallTesting
import Testing

@Suite("Reading the store in the very moment in which a writer changes the index of its log")
struct TornIndexTests {
    /// Makes the two copies of the index's head differ, as they do while one is written, and mends that.
    private static let script = """
        import sys, time
        with open(sys.argv[1], "r+b", buffering=0) as shm:
            shm.seek(48); head = shm.read(48)
            shm.seek(48); shm.write(bytes(b ^ 255 for b in head))
            open(sys.argv[2], "w").close()
            time.sleep(float(sys.argv[3]))
            shm.seek(48); shm.write(head)
        """

    @Test("a list waits for the moment to pass")
    func torn() async throws {
        let workspace = try await Workspace.filled()
        try workspace.directory.write(TornIndexTests.script, to: "tear.py")
        let mark = workspace.directory.file("mark")
        // Another reader, who keeps the index as it is.
        let reader = try RunningProgram(
            "/usr/bin/sqlite3",
            [
                workspace.store, "BEGIN", "SELECT count(*) FROM users",
                ".shell python3 \(workspace.directory.file("tear.py")) \(workspace.store)-shm \(mark) 0.12",
            ])
        try await eventually("the index is torn") { FileManager.default.fileExists(atPath: mark) }
        let outcome = try await workspace.run("runs")
        #expect(outcome.status == 0, "\(outcome.said)")
        #expect(try await reader.outcome().status == 0)
    }
}
