import Foundation
import RollcallCore
import RollcallTesting
import Testing

@Suite("Approving says what it takes away, and asks for the numbers")
struct ApproveTests {
    /// A store of twenty, of whom eight are missing upstream; and the held plan of that.
    private func scene(_ workspace: Workspace) async throws -> (id: String, digest: String) {
        let population = Population(20)
        try workspace.configure(ldif: population.ldif, Population.rules(isPrivileged: true))
        try await workspace.approveAll()
        var left = population
        left.people.removeSubrange(8..<16)
        try workspace.directory.write(left.ldif, to: "people.ldif")
        let held = try await workspace.run("apply")
        #expect(held.status == 3, "\(held.said)")
        let plans = try await workspace.run("plans", "--format", "json")
        let plan = try #require((try plans.part("plans") as? [[String: Any]])?.first, "\(plans.said)")
        #expect(plan["losses"] as? Int == 8)
        return (try #require(plan["id"] as? String), try #require(plan["digest"] as? String))
    }

    private func active(_ workspace: Workspace) async throws -> String {
        try await StoreContent.ask(workspace.store, "SELECT count(*) FROM users WHERE status = 'active'")
    }

    @Test("a script gives the numbers that it expects: without them, or with others, nothing is changed")
    func numbers() async throws {
        let workspace = try Workspace()
        let (id, digest) = try await scene(workspace)
        let unasked = try await workspace.run("approve", id)
        #expect(unasked.status == 64 && unasked.errorText.contains("--expect-changes NUMBER and --expect-loss NUMBER"), "\(unasked.said)")
        #expect(unasked.errorText.contains("takes access from 8 accounts: "), "\(unasked.said)")
        let half = try await workspace.run("approve", id, "--expect-changes", "8")
        #expect(half.status == 64 && half.errorText.contains("--expect-loss 8"), "\(half.said)")
        for (changes, loss) in [("7", "8"), ("8", "7"), ("0", "0")] {
            let other = try await workspace.run("approve", id, "--expect-changes", changes, "--expect-loss", loss)
            #expect(other.status == 1 && other.errorText.contains("Not approved; nothing was changed"), "\(other.said)")
        }
        #expect(try await active(workspace) == "20")
        let approved = try await workspace.run("approve", id, "--expect-changes", "8", "--expect-loss", "8")
        #expect(approved.status == 0, "\(approved.said)")
        #expect(try await active(workspace) == "12")
        let again = try await workspace.run("approve", digest)
        #expect(again.status == 1 && again.text.contains("was approved already"), "\(again.said)")
    }

    @Test("a plan that no run has filed is said to be unknown, whatever is to be done with it", arguments: ["approve", "reject", "plans"])
    func unknown(_ command: String) async throws {
        let workspace = try await Workspace.filled()
        let outcome = try await workspace.run(command, "0a1b2c3d")
        #expect(outcome.status == 1 && outcome.text.isEmpty, "\(outcome.said)")
        #expect(outcome.errorText == "no held plan is called 0a1b2c3d; `rollcall plans` lists them\n", "\(outcome.said)")
    }

    @Test("the whole digest says by itself what is approved")
    func digest() async throws {
        let workspace = try Workspace()
        let digest = try await scene(workspace).digest
        let approved = try await workspace.run("approve", digest)
        #expect(approved.status == 0, "\(approved.said)")
        #expect(try await active(workspace) == "12")
    }

    @Test("parts are named by digest, user, group or action; a word that names nothing is a usage error")
    func parts() async throws {
        let workspace = try Workspace()
        let (id, _) = try await scene(workspace)
        for word in ["user", "name=u8", "action=fly", "0000000000000000"] {
            let wrong = try await workspace.run("approve", id, "--only", word, "--expect-changes", "1", "--expect-loss", "1")
            #expect(wrong.status == 64, "\(word): \(wrong.said)")
        }
        let one = try await workspace.run("approve", id, "--only", "user=u9", "--expect-changes", "1", "--expect-loss", "1")
        #expect(one.status == 3, "\(one.said)")
        #expect(try await active(workspace) == "19")
        let report = try await workspace.run("report", "--format", "json")
        let changes = try #require(try report.part("changes") as? [[String: Any]])
        let digest = try #require(changes.first { $0["held"] as? Bool == true }?["digest"] as? String)
        let plans = try await workspace.run("plans", "--format", "json")
        let rest = try #require((try plans.part("plans") as? [[String: Any]])?.first?["id"] as? String)
        let rejected = try await workspace.run("reject", rest, "--only", String(digest.prefix(12)))
        #expect(rejected.status == 0 && rejected.text.contains("stay held"), "\(rejected.said)")
        let next = try await workspace.run("apply")
        #expect(next.status == 3 && next.text.contains("Rejected by a person, until approved after all (1)"), "\(next.said)")
        #expect(try await active(workspace) == "19")
    }

    @Test(
        "on a terminal the plan is shown, and both numbers are asked for",
        arguments: [("8", "8", true), ("8", "7", false), ("9", "8", false)])
    func terminal(_ changes: String, _ losses: String, _ isApproved: Bool) async throws {
        let workspace = try Workspace()
        let (id, _) = try await scene(workspace)
        // script(1) gives the program a terminal, which keeps what is typed until it is asked for.
        let command = "'\(workspace.binary.path)' approve \(id) --config '\(workspace.config)'"
        let output = workspace.directory.file("said.txt")
        let shell = "printf '\(changes)\\n\(losses)\\n' | NO_COLOR=1 script -qec \"\(command)\" /dev/null > '\(output)' 2>&1; true"
        try ChildProcess.run("/bin/bash", ["-c", shell], in: workspace.directory)
        let said = try String(contentsOfFile: output, encoding: .utf8)
        #expect(said.contains("To approve, type the number of changes:"), "\(said)")
        #expect(said.contains("takes access from 8 accounts: "), "\(said)")
        let question = try #require(said.range(of: "To approve, type"))
        let reason = try #require(said.range(of: "active users would be deactivated"))
        #expect(reason.lowerBound < question.lowerBound)
        #expect(said.contains("Type the number of accounts that lose access:") == (changes == "8"))
        #expect(said.contains("Not approved; nothing was changed.") == !isApproved, "\(said)")
        #expect(try await active(workspace) == (isApproved ? "12" : "20"))
    }

    @Test("every report says why before it says how to approve, and how to review before that")
    func order() async throws {
        let workspace = try Workspace()
        let (id, _) = try await scene(workspace)
        for format in ["text", "markdown", "html"] {
            let shown = try await workspace.run("plans", id, "--format", format)
            let text = shown.text
            let reason = try #require(text.range(of: "active users would be deactivated"), "\(shown.said)")
            let review = try #require(text.range(of: "rollcall plans \(id)"), "\(shown.said)")
            let approve = try #require(text.range(of: "rollcall approve \(id)"), "\(shown.said)")
            #expect(reason.lowerBound < review.lowerBound && review.lowerBound < approve.lowerBound, "\(format)")
        }
    }

    @Test("an empty source is approved only with --accept empty, by plan file as well")
    func empty() async throws {
        let workspace = try Workspace()
        _ = try await scene(workspace)
        try workspace.directory.write("version: 1\n", to: "people.ldif")
        #expect(try await workspace.run("plan", "--out", workspace.planFile).status == 3)
        let refused = try await workspace.run("apply", workspace.planFile, "--approve")
        #expect(refused.status == 1 && refused.text.contains("`--accept empty`"), "\(refused.said)")
        #expect(try await active(workspace) == "20")
        let unknown = try await workspace.run("apply", workspace.planFile, "--approve", "--accept", "all")
        #expect(unknown.status == 64, "\(unknown.said)")
    }
}
