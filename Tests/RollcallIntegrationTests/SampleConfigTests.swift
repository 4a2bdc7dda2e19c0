import Foundation
import Glibc
import RollcallTesting
import Testing

@Suite("The sample configs are ones that the program takes")
struct SampleConfigTests {
    private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let samples: [String] = {
        ["config", "demo"].flatMap { folder in
            ((try? FileManager.default.contentsOfDirectory(atPath: repository.appending(path: folder).path)) ?? [])
                .filter { $0.hasSuffix(".yaml") }.map { "\(folder)/\($0)" }
        }.sorted()
    }()

    @Test("Each is read without an error, and fails only for want of its directory", arguments: samples)
    func sample(_ name: String) async throws {
        let workspace = try Workspace()
        let text = try String(contentsOf: SampleConfigTests.repository.appending(path: name), encoding: .utf8)
        try workspace.directory.write(text, to: "rollcall.yaml")
        var options = ProgramOptions()
        options.timeout = 90
        let plan = try await workspace.run("plan", options: options)
        #expect(plan.status == 5, "\(plan.said)")
        let lines = plan.errorText.split(separator: "\n")
        #expect(lines.count == 1 && lines.first?.hasPrefix("there is no store at ") == true, "\(plan.said)")
        #expect(plan.text.hasPrefix("Incomplete, nothing was changed: "), "\(plan.said)")
        let names = try FileManager.default.contentsOfDirectory(atPath: workspace.directory.path)
        #expect(Set(names) == ["rollcall.yaml", "store"])
    }

    @Test("There are samples for each kind of source")
    func complete() throws {
        #expect(
            Set(SampleConfigTests.samples).isSuperset(of: [
                "config/rollcall.yaml", "config/scim.yaml", "config/file.yaml", "config/csv.yaml", "config/json.yaml",
            ]))
    }

    @Test("The demo's two days go through with its own config")
    func demo() async throws {
        let workspace = try Workspace(hasStore: false)
        let demo = SampleConfigTests.repository.appending(path: "demo")
        for (name, target) in [("rollcall.yaml", "rollcall.yaml"), ("day1.ldif", "people.ldif")] {
            try FileManager.default.copyItem(atPath: demo.appending(path: name).path, toPath: workspace.directory.file(target))
        }
        #expect(try await workspace.run("plan").status == 3)
        // Its first day has conflicts to show.
        try await workspace.approveAll(endingWith: 4)
        #expect(try await workspace.run("plan").status == 0)
        try FileManager.default.removeItem(atPath: workspace.people)
        try FileManager.default.copyItem(atPath: demo.appending(path: "day2.ldif").path, toPath: workspace.people)
        let second = try await workspace.run("plan")
        #expect([2, 3].contains(second.status), "\(second.said)")
    }
}
