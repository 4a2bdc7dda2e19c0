import Foundation
import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Testing

@Suite("Plan and apply, over random directories, stores and rules")
struct PlanApplyPropertyTests {
    /// A slice in every test run; ten thousand with `ROLLCALL_SOAK=1`, from `ROLLCALL_SEED` on.
    private static var seeds: Range<UInt64> {
        let environment = ProcessInfo.processInfo.environment
        let first = environment["ROLLCALL_SEED"].flatMap(UInt64.init) ?? 1
        let count = environment["ROLLCALL_COUNT"].flatMap(UInt64.init) ?? (environment["ROLLCALL_SOAK"] == "1" ? 10_000 : 300)
        return first..<first + count
    }

    @Test("what was approved is applied, whole and once, whatever the order of the answers and whatever is skipped")
    func histories() async throws {
        var failures: [String] = []
        var met: Set<GuardName> = []
        for seed in PlanApplyPropertyTests.seeds {
            do {
                var history = try History(seed: seed)
                try await history.run()
                met.formUnion(history.met)
            } catch {
                failures.append("seed \(seed): \(error)")
                if failures.count == 5 { break }
            }
        }
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
        if PlanApplyPropertyTests.seeds.count >= 300 {
            #expect(met.isSuperset(of: [.privilegedGrant, .lastHolder, .groupReplaced]), "\(met)")
        }
    }
}

/// A few days of one directory and one store.
private struct History {
    private var world: World
    private let fixture: RunFixture
    private var day = 0
    /// The guards that held something.
    private(set) var met: Set<GuardName> = []

    struct Broken: Error, CustomStringConvertible {
        let description: String
    }

    init(seed: UInt64) throws {
        world = try World(seed: seed)
        fixture = try RunFixture(rules: world.rules)
    }

    mutating func run() async throws {
        let days = 2 + world.random.below(3)
        for number in 1...days {
            day = number
            if number > 1 {
                try world.nextDay()
                fixture.now = fixture.now + Span(seconds: 86_400 * Int64(1 + world.random.below(600)))
            }
            try administer()
            fixture.rules = world.rules
            fixture.rulesDigest = world.rulesDigest
            try await pass()
        }
        try checkAudit()
    }

    private mutating func pass() async throws {
        let source = world.directory(batchSize: 100, order: nil)
        let plan = try await fixture.plan(source)
        try require(plan.record.outcome != .failed && plan.record.outcome != .incomplete, "the plan failed", plan.json)
        try await compare(plan, "before")
        met.formUnion(plan.holding)
        let adopted = plan.rows.filter { $0.changes.contains { $0.action == .adopt } }.compactMap(\.userID)
        let local = try locals(except: adopted)
        let wereHeld = try held()
        let known = try lastUser()
        let isApproved = !world.random.once(in: 3)
        guard let digest = plan.record.planDigest else { throw Broken(description: "no digest") }
        let applied = try await fixture.apply(world.directory(batchSize: 2, order: 5), isApproved ? .approving(digest) : .none)
        let former = fixture.now
        // Nobody and nothing was looked up while a guard held; when that cannot be told now, the plan is another.
        let isUnseen = !plan.holding.filter { [.deactivations, .shrink, .empty].contains($0) }.isEmpty
        if applied.record.outcome == .stale, isUnseen, !world.unknown.isEmpty { return }
        let outcomes: Set<RunRecord.Outcome> = [.applied, .appliedPartly, .held, .inSync]
        try require(outcomes.contains(applied.record.outcome), "the application failed", plan.json, applied.json)
        try require(try held(upTo: known) == wereHeld, "a run's own deactivation became a hold", plan.json)
        try checkStore(local, except: adopted, applied)
        var after = try await fixture.plan(source)
        try await compare(after, "after")
        // What a hold of many revocations keeps cannot endanger the last holder, so it is not said of it; approved, it is the last holder
        // that keeps it, and the next plan, which nobody has approved, holds it for being many again.
        var lasting = applied.digests(heldBy: .lastHolder)
        // A newcomer is told that the name which a privileged user gives up is taken, and gets it from the next run. The names of whom a run
        // purges, or deletes when config frees names, are free from the next one on, and whoever was adopted is proposed for privileged
        // groups then.
        // Whoever moved keeps until the next run what groups give to the former name.
        let moved = Set(applied.rows.filter { $0.remarks.contains { $0.code == "moved" } }.map(\.anchor))
        let isReusing = world.rules.lifecycle.reusesIdentifiers
        let isPurging = plan.rows.contains { $0.changes.contains { $0.action == .purge || (isReusing && $0.action == .delete) } }
        for _ in 0..<5
        where isApproved && (isPurging || !adopted.isEmpty || !moved.isEmpty || plan.holding.contains(.privilegedIdentifier))
            && after.record.summary.changes > 0
        {
            lasting.formUnion(try await fixture.approve(source).digests(heldBy: .lastHolder))
            after = try await fixture.plan(source)
        }
        let wholeHeld =
            applied.record.guards.contains { $0.verdict == .held && $0.reach == .plan && $0.guardName != .firstRun }
            || (!isApproved && applied.holding.contains(.firstRun) && applied.record.summary.changes > 0)
        if isApproved {
            try require(!wholeHeld, "approved, and held whole", applied.json)
            try require(
                after.rows.allSatisfy { row in
                    row.changes.allSatisfy { $0.heldBy == .lastHolder || ($0.heldBy == .groupRevocations && lasting.contains($0.digest)) }
                }, "approved, and still to do: \(after.changes)", plan.json, applied.json, after.json)
            try checkAccess()
        } else if wholeHeld {
            try require(after.changes == plan.changes, "held, and yet something has changed", plan.json, after.json)
        } else if !isPurging {
            let held = Set(
                plan.rows.flatMap { row in
                    row.changes.filter { $0.heldBy != nil && ($0.action != .revoke || !moved.contains(row.anchor)) }.map {
                        "\(row.anchor) \($0.action) \($0.group ?? "")"
                    }
                })
            // Once there is an account, it waits for the email that a privileged user gives up.
            let created = Set(applied.rows.filter { $0.changes.contains { $0.action == .create } }.map(\.anchor))
            let left = Set(
                after.rows.flatMap { row in
                    row.changes.filter { $0.heldBy != .privilegedIdentifier || !created.contains(row.anchor) }
                        .filter { $0.action != .revoke || !moved.contains(row.anchor) }
                        .map { "\(row.anchor) \($0.action) \($0.group ?? "")" }
                })
            try require(left == held, "what was held is not what is left", plan.json, applied.json, after.json)
            try await approveFiled(applied, source)
        }
        fixture.now = former
    }

    /// Approves what was held, change by change: of that nothing is left to do.
    private mutating func approveFiled(_ applied: RunReport, _ source: MemoryDirectory) async throws {
        guard let id = applied.record.heldPlan, world.random.once(in: 2) else { return }
        let approved = try await fixture.apply(source, fixture.filed(id))
        let outcomes: Set<RunRecord.Outcome> = [.applied, .appliedPartly, .held]
        try require(outcomes.contains(approved.record.outcome), "the approval failed", applied.json, approved.json)
        let after = try await fixture.plan(source)
        try await compare(after, "after approving")
        let left = after.rows.flatMap(\.changes).filter { $0.heldBy != .lastHolder && $0.heldBy != .privilegedIdentifier }
        let isFreed = applied.holding.contains(.privilegedIdentifier) || applied.holding.contains(.adoption)
        try require(left.isEmpty || isFreed, "approved, and still to do: \(after.changes)", applied.json, approved.json, after.json)
    }

    /// The same plan in another order, and with nothing skipped.
    private mutating func compare(_ plan: RunReport, _ when: String) async throws {
        let variants = [
            (world.directory(batchSize: 1 + world.random.below(4), order: world.random.next()), false),
            (world.directory(batchSize: 50, order: nil), true),
            (world.directory(batchSize: 3, order: world.random.next()), true),
        ]
        // A plan is compared in every way, what is left of it after its application in one.
        for (index, (source, skipsNothing)) in variants.enumerated() where when == "before" || index == 2 {
            let other = try await fixture.plan(source, skipsNothing: skipsNothing)
            if other.json != plan.json {
                throw Broken(description: "day \(day): variant \(index) \(when) differs\n\(difference(plan.json, other.json))")
            }
        }
    }

    /// What an administrator of the application does meanwhile.
    private mutating func administer() throws {
        let probe = fixture.probe
        guard FileManager.default.fileExists(atPath: fixture.path) else { return }
        let linked =
            "id IN (SELECT user_id FROM entries WHERE user_id = (SELECT user_id FROM entries WHERE user_id IS NOT NULL ORDER BY (user_id * \(1 + world.random.below(9))) % 11 LIMIT 1))"
        switch world.random.below(12) {
        case 0: try probe.execute("UPDATE users SET status = 'inactive' WHERE status = 'active' AND \(linked)")
        case 1: try probe.execute("UPDATE users SET status = 'active' WHERE \(linked)")
        case 2: try probe.execute("UPDATE users SET held = 0 WHERE \(linked)")
        case 3: try probe.execute("UPDATE users SET status = 'deleted' WHERE \(linked)")
        case 4: try probe.execute("UPDATE users SET role = CASE role WHEN 'owner' THEN 'none' ELSE 'owner' END WHERE \(linked)")
        case 5: try probe.execute("UPDATE users SET display_name = 'Changed here' WHERE \(linked)")
        case 6:
            if try probe.rows("SELECT 1 FROM claims WHERE hex(key) IN ('6C6F63', '6C6F634078')").isEmpty {
                try probe.addLocal("loc", email: world.random.once(in: 2) ? "loc@x" : nil)
            }
        case 7: try probe.grant("Admins", to: world.random.pick(World.names), isPrivileged: true)
        case 8: try probe.grant("Team red", to: world.random.pick(World.names))
        case 9: try probe.execute("DELETE FROM grants WHERE \(linked.replacingOccurrences(of: "id IN", with: "user_id IN"))")
        default: return
        }
    }

    /// Those who are deactivated by an administrator, among the users up to one.
    private func held(upTo last: String = "\(Int64.max)") throws -> [String] {
        guard FileManager.default.fileExists(atPath: fixture.path) else { return [] }
        return try fixture.probe.rows("SELECT id FROM users WHERE held AND id <= \(last) ORDER BY id")
    }

    private func lastUser() throws -> String {
        guard FileManager.default.fileExists(atPath: fixture.path) else { return "0" }
        return String(try fixture.probe.rows("SELECT coalesce(max(id), 0) FROM users").first?.split(separator: "=").last ?? "0")
    }

    private func locals(except adopted: [Int64]) throws -> [String] {
        FileManager.default.fileExists(atPath: fixture.path) ? try fixture.probe.localUsers(except: adopted) : []
    }

    private func checkStore(_ local: [String], except adopted: [Int64], _ applied: RunReport) throws {
        let probe = fixture.probe
        try require(try probe.localUsers(except: adopted) == local, "a local user was touched", applied.json)
        let problems = try probe.claimProblems()
        try require(
            !world.rules.lifecycle.reusesIdentifiers || ![.applied, .appliedPartly, .inSync].contains(applied.record.outcome)
                || (try probe.rows("SELECT 1 FROM claims c JOIN users u ON u.id = c.user_id WHERE u.status = 'deleted'").isEmpty),
            "names of the deleted are not free", applied.json)
        try require(problems.isEmpty, "claims: \(problems)", applied.json)
        try require(try probe.rows("PRAGMA foreign_key_check").isEmpty, "foreign keys", applied.json)
        if [.applied, .appliedPartly].contains(applied.record.outcome) {
            let ended = applied.rows.filter { $0.changes.contains { [.deactivate, .delete].contains($0.action) && $0.heldBy == nil } }
                .compactMap(\.userID)
            let rests = try probe.rows(
                "SELECT * FROM grants WHERE origin = 'source' AND user_id IN (\(ended.map(String.init).joined(separator: ",")))")
            try require(rests.isEmpty, "deactivated, with grants: \(rests)", applied.json)
        }
        guard let kept = try StoreReader(path: fixture.path).run(nil) else { throw Broken(description: "no run was kept") }
        try require(try RunReport.json(kept.record, kept) == applied.json, "the kept report differs", applied.json)
        try checkFill(applied)
    }

    /// The numbers of attributes carried from run to run are those of the entries.
    private func checkFill(_ applied: RunReport) throws {
        let probe = fixture.probe
        guard let line = try probe.rows("SELECT fill FROM sources WHERE fill IS NOT NULL").first else { return }
        let fill = line.dropFirst(6).dropLast().split(separator: ",").compactMap { Int($0) }
        let sums = fill.indices.map { "coalesce(sum((present & \(UInt64(1) << UInt64($0))) <> 0), 0)" }.joined(separator: ", ")
        let counted = try probe.rows("SELECT \(sums) FROM entries WHERE state <> 3").first ?? ""
        let numbers = counted.split(separator: "|").compactMap { $0.split(separator: "=").last.flatMap { Int($0) } }
        try require(numbers == fill, "entries with each attribute: \(numbers), kept \(fill)", applied.json)
    }

    /// Nobody whom upstream gave up is active.
    private func checkAccess() throws {
        guard world.rules.policy == .full else { return }
        let evaluator = Evaluator(rules: world.rules)
        let planner = Planner(rules: world.rules, at: fixture.now)
        let kept = Set(
            try fixture.probe.rows("SELECT user_id FROM grants g JOIN permission_groups p ON p.id = g.group_id WHERE p.privileged"))
        let present = Dictionary(world.people.map { ($0["entryUUID"].first ?? "", $0) }, uniquingKeysWith: { first, _ in first })
        for line in try fixture.probe.rows(
            "SELECT CAST(e.anchor AS TEXT) AS a, u.id, u.username, u.role FROM users u JOIN entries e ON e.user_id = u.id WHERE u.status = 'active'"
        ) {
            let fields = line.split(separator: "|").map { $0.split(separator: "=")[1].trimmingCharacters(in: ["\""]) }
            var user = LocalUser(id: 0, username: Text(fields[2]), status: .active)
            user.role = Role(rawValue: fields[3]) ?? .none
            if planner.isProtected(user) || kept.contains("user_id=\(fields[1])") { continue }
            if present[fields[0]] == nil, world.unknown.contains(fields[0]) { continue }
            guard let person = present[fields[0]] else { throw Broken(description: "\(fields[2]) is gone upstream and active here") }
            if person.defect != nil { continue }
            let desired = evaluator.desiredUser(for: Entry(person, evaluator.layout), at: fixture.now)
            try require(
                desired.ignoredBy == nil && desired.status.status.map { $0 == .active } ?? true,
                "\(fields[2]) is inactive upstream and active here")
        }
    }

    private func checkAudit() throws {
        let verdict = try StoreReader(path: fixture.path).verifyAudit(against: nil)
        guard case .whole = verdict else { throw Broken(description: "audit: \(verdict)") }
    }

    /// The lines that only one of two reports has.
    private func difference(_ left: String, _ right: String) -> String {
        let (before, after) = (left.split(separator: "\n"), right.split(separator: "\n"))
        return (before.filter { !after.contains($0) }.map { "- \($0)" } + after.filter { !before.contains($0) }.map { "+ \($0)" })
            .joined(separator: "\n")
    }

    private func require(_ truth: Bool, _ what: String, _ details: String...) throws {
        if !truth { throw Broken(description: "day \(day): \(what)\n" + details.joined(separator: "\n")) }
    }
}
