import Foundation
import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

@Suite("Going by what has changed, over random directories")
struct FollowingPropertyTests {
    /// A slice in every test run; twenty thousand with `ROLLCALL_SOAK=1`, from `ROLLCALL_SEED` on.
    private static var seeds: Range<UInt64> {
        let environment = ProcessInfo.processInfo.environment
        let first = environment["ROLLCALL_SEED"].flatMap(UInt64.init) ?? 1
        let count = environment["ROLLCALL_COUNT"].flatMap(UInt64.init) ?? (environment["ROLLCALL_SOAK"] == "1" ? 20_000 : 30)
        return first..<first + count
    }

    @Test("a run that goes by what has changed does and keeps what one that reads everything would")
    func same() async throws {
        var failures: [String] = []
        var followed = 0
        var changed = 0
        for seed in FollowingPropertyTests.seeds {
            do {
                var twins = try Twins(seed: seed)
                try await twins.live()
                followed += twins.followed
                changed += twins.changed
            } catch {
                failures.append("seed \(seed): \(error)")
                if failures.count == 3 { break }
            }
        }
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
        let count = FollowingPropertyTests.seeds.count
        #expect(count < 30 || (followed > count && changed > count / 2), "\(followed) runs followed, \(changed) of them with changes")
    }
}

/// One directory with two stores: one is brought up to date by changes, the other one by everything.
private struct Twins {
    private var world: World
    private let following: RunFixture
    private let reading: RunFixture
    /// How many runs went by what had changed, and how many of them did something.
    private(set) var followed = 0
    private(set) var changed = 0

    struct Differ: Error, CustomStringConvertible {
        let description: String
    }

    init(seed: UInt64) throws {
        world = try World(seed: seed)
        following = try RunFixture(rules: world.rules)
        reading = try RunFixture(rules: world.rules)
        following.follows = true
    }

    mutating func live() async throws {
        var former: MemorySnapshot?
        for day in 1...9 + world.random.below(4) {
            if day % 4 == 0 { try world.nextDay() } else if day > 1 { world.quietDay() }
            let gap = Span(seconds: 3_600 * Int64(1 + world.random.below(24 * 20)))
            var runs: [RunReport] = []
            var hasApplied = false
            let now = MemorySnapshot(people: world.people, groups: world.groups)
            for fixture in [following, reading] {
                (fixture.rules, fixture.rulesDigest) = (world.rules, world.rulesDigest)
                fixture.now = fixture.now + gap
                var source = world.directory(batchSize: 3, order: nil)
                source.snapshots = [now]
                source.tellsChanges = true
                source.former = former
                runs.append(try await fixture.run(source, .daemon) { try RunReport($0) })
                if let plan = runs.last?.record.heldPlan, day % 2 == 0 {
                    fixture.now = fixture.now + Span(seconds: 1)
                    let approved = try await fixture.run(source, .apply, fixture.filed(plan)) { try RunReport($0) }
                    if fixture === following { hasApplied = approved.hasApplied }
                }
            }
            try compare(runs[0], runs[1], day)
            // What is not applied has to be told again.
            let applied = try following.probe.rows("SELECT watermark FROM sources").first ?? ""
            if applied.contains("changes since") {
                if runs[0].hasApplied || hasApplied { former = now }
            }
        }
    }

    private mutating func compare(_ left: RunReport, _ right: RunReport, _ day: Int) throws {
        let isFollowed = left.record.source.proof?.extent == .changes
        if isFollowed {
            followed += 1
            if !left.changes.isEmpty { changed += 1 }
        }
        let what = isFollowed ? "day \(day)" : "day \(day), read whole"
        guard left.changes == right.changes, left.record.outcome == right.record.outcome, left.remarks == right.remarks else {
            throw Differ(
                description: """
                    \(what): \(left.record.outcome) \(left.changes) \(left.remarks) \(left.record.reason ?? "")
                    instead of \(right.record.outcome) \(right.changes) \(right.remarks) \(right.record.reason ?? "")
                    """)
        }
        for table in Twins.tables {
            let (mine, other) = (try following.probe.rows(table), try reading.probe.rows(table))
            if mine != other { throw Differ(description: "\(what): \(table)\n\(mine)\ninstead of\n\(other)") }
        }
    }

    private static let tables = [
        "SELECT username, email, given_name, family_name, display_name, extra, role, held, status FROM users ORDER BY id",
        "SELECT u.username, p.name, g.origin FROM grants g JOIN users u ON u.id = g.user_id JOIN permission_groups p ON p.id = g.group_id ORDER BY 1, 2",
        "SELECT hex(anchor), hex(digest), state, user_id, attention, due, noted, leaving_since, deleted_at, invited, present FROM entries ORDER BY 1",
        "SELECT hex(anchor), name, dn, member_count, reached, mapped, length(members) FROM upstream_groups ORDER BY 1",
        "SELECT users, groups, fill, last_applied FROM sources",
    ]
}

extension RunReport {
    /// Whether the store is where the directory is, but for what waits.
    fileprivate var hasApplied: Bool {
        switch record.outcome {
        case .applied, .appliedPartly, .inSync: true
        case .held: !record.guards.contains { $0.verdict == .held && $0.reach == .plan }
        case .pending, .incomplete, .stale, .failed: false
        }
    }
}
