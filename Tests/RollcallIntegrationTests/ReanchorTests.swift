import Foundation
import RollcallTesting
import Testing

@Suite("A server that was rebuilt")
struct ReanchorTests {
    @Test("D2: everybody keeps their account: the run holds, reanchor shows and links, and then all is in sync")
    func rebuilt() async throws {
        let workspace = try Workspace()
        var population = Population(20)
        try workspace.configure(ldif: population.ldif, Population.rules(isPrivileged: true))
        try await workspace.approveAll()
        let users = try await StoreContent.ask(workspace.store, "SELECT group_concat(id || username || status) FROM users ORDER BY id")
        // The same people under other ids, but for one who left with the old server.
        population.people.remove(at: 19)
        var rebuilt = population.ldif
        for number in 0..<20 {
            rebuilt = rebuilt.replacingOccurrences(of: SampleDirectory.personUUID(number), with: SampleDirectory.personUUID(number + 500))
        }
        try workspace.directory.write(rebuilt, to: "people.ldif")
        let held = try await workspace.run("apply")
        #expect(held.status == 3 && held.text.contains("linked users came with unknown anchors"), "\(held.said)")
        #expect(
            try await StoreContent.ask(workspace.store, "SELECT username FROM users WHERE status = 'inactive'").contains("u19"),
            "only who left")
        let before = try FolderTrace(workspace.storeFolder)
        let shown = try await workspace.run("reanchor")
        #expect(shown.status == 3 && shown.text.contains("reanchor u3: linked to") && shown.text.contains("in place of"), "\(shown.said)")
        #expect(before.differences(to: try FolderTrace(workspace.storeFolder)) == [])
        let unknown = try await workspace.run("reanchor", "nobody")
        #expect(unknown.status == 1 && unknown.errorText.contains("nobody: no linked user of this name"), "\(unknown.said)")
        let one = try await workspace.run("reanchor", "u3", "--yes")
        #expect(one.status == 0 && one.text.contains("Done"), "\(one.said)")
        let all = try await workspace.run("reanchor", "--yes")
        #expect(all.status == 0 && !all.text.contains("reanchor u3:"), "\(all.said)")
        let after = try await workspace.run("apply")
        #expect(after.status == 0, "\(after.said)")
        #expect(try await workspace.run("plan").status == 0)
        let now = try await StoreContent.ask(workspace.store, "SELECT group_concat(id || username || status) FROM users ORDER BY id")
        #expect(now == users.replacingOccurrences(of: "u19active", with: "u19inactive"))
        #expect(try await workspace.run("audit", "verify").status == 0)
        let nothing = try await workspace.run("reanchor", "--yes")
        #expect(nothing.status == 0 && nothing.text.contains("nothing to do"), "\(nothing.said)")
    }
}
