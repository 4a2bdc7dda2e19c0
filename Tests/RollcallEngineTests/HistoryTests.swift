import Foundation
import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Testing

@Suite("Random histories of a directory, its administrators and its accidents")
struct HistoryTests {
    /// A slice in every test run; a hundred thousand with `ROLLCALL_SOAK=1`, from `ROLLCALL_SEED` on.
    private static var seeds: Range<UInt64> {
        let environment = ProcessInfo.processInfo.environment
        let first = environment["ROLLCALL_SEED"].flatMap(UInt64.init) ?? 1
        let count = environment["ROLLCALL_COUNT"].flatMap(UInt64.init) ?? (environment["ROLLCALL_SOAK"] == "1" ? 100_000 : 400)
        return first..<first + count
    }

    /// With `ROLLCALL_TABLES`, the file to which the digest of each history's tables is added: what two versions of the code make of the
    /// same histories can then be compared (`scripts/compare-histories`).
    fileprivate static let tablesFile = ProcessInfo.processInfo.environment["ROLLCALL_TABLES"]

    @Test("no privileged group loses its last holder, nobody local is touched, and every loss and every total is in the report")
    func histories() async throws {
        var failures: [String] = []
        var met: [String: Int] = [:]
        for seed in HistoryTests.seeds {
            do {
                var story = try Story(seed: seed)
                try await story.run()
                try story.noteTables(of: seed)
                met.merge(story.met, uniquingKeysWith: +)
            } catch {
                failures.append("seed \(seed): \(error)")
                if failures.count == 5 { break }
            }
        }
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
        // What a history is made of has to happen in them.
        if HistoryTests.seeds.count >= 400 {
            let moves = [
                "applied", "applied_partly", "held", "incomplete", "approved", "approved in part", "rejected", "power cut", "clock", "deed",
                "last holder", "permission groups edited", "permission group edited here", "group replaced in review",
                "names moved in review", "write during a run", "approver renamed", "unreadable value", "rejected with a readable part",
            ]
            #expect(moves.filter { met[$0, default: 0] == 0 } == [], "\(met)")
            // Of an invariant that never had anything to say it is not known whether it holds.
            let invariants = [
                "in sync is equal", "held is not applied", "approved is what was shown", "a leaver is out",
                "a leaver is out by the readable part",
            ]
            #expect(invariants.filter { met[$0, default: 0] == 0 } == [], "\(met)")
        }
    }
}

/// Some days of one directory and one store, with all that can happen to them.
private struct Story {
    fileprivate var world: World
    fileprivate let fixture: RunFixture
    private var day = 0
    /// How often what happened.
    fileprivate(set) var met: [String: Int] = [:]
    fileprivate static let approver = Approver(name: "tester (uid 7)", shortName: "tester", accounts: [])
    /// What config declares of permission groups, whatever else of it changes.
    private var declared: [PermissionGroup]
    /// The changes that a guard has held and no person has approved since, as long as each run wants them.
    private var standing: Set<Digest> = []
    private var formerStanding: Set<Digest> = []

    struct Broken: Error, CustomStringConvertible {
        let description: String
    }

    init(seed: UInt64) throws {
        world = try World(seed: seed)
        world.rules.lifecycle.adoption = .never
        declared = world.rules.permissionGroups
        fixture = try RunFixture(rules: world.rules)
        // The account of whoever approves, if there is one; what it is about waits for another person.
        if world.random.once(in: 2) {
            let name = world.random.pick(World.names)
            fixture.approver = Approver(name: Text("\(name) (uid 8)"), shortName: Text(name), accounts: [FoldedKey(Text(name))])
        }
    }

    mutating func run() async throws {
        for number in 1...3 + world.random.below(3) {
            day = number
            if number > 1 {
                try world.nextDay()
                world.rules.lifecycle.adoption = .never
                try await passTime()
                try meddle()
                if world.random.once(in: 4) { editPermissionGroups() }
                if world.random.once(in: 4) { makeUnreadable() }
            }
            world.rules.permissionGroups = declared
            fixture.rules = world.rules
            fixture.rulesDigest = world.rulesDigest
            try await applyOnce(.none)
            if let plan = try StoreReader(path: fixture.path).heldPlans().first { try await decide(plan) }
        }
        let audit = try StoreReader(path: fixture.path).verifyAudit(against: nil)
        guard case .whole = audit else {
            throw Broken(description: "the audit log: \(audit)")
        }
    }

    /// Adds the digest of the store's tables to the file that they are noted in, if there is one.
    func noteTables(of seed: UInt64) throws {
        guard let file = HistoryTests.tablesFile else { return }
        let handle = try FileHandle(forUpdating: URL(filePath: file))
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("\(seed)\t\(try fixture.probe.digestOfTables())\n".utf8))
    }

    /// A day or a year passes; now and then the clock is set back, or far ahead.
    private mutating func passTime() async throws {
        switch world.random.below(12) {
        case 0:
            fixture.now = fixture.now - Span(seconds: 86_400 * Int64(world.random.below(400)))
            met["clock", default: 0] += 1
        case 1:
            fixture.now = fixture.now + Span(seconds: 86_400 * 20_000)
            met["clock", default: 0] += 1
        default: fixture.now = fixture.now + Span(seconds: 3_600 * Int64(1 + world.random.below(24 * 60)))
        }
    }

    private mutating func decide(_ plan: HeldPlan) async throws {
        switch world.random.below(4) {
        case 0 where plan.state == .open:
            _ = try SQLiteStore(path: fixture.path, holder: "pid 1, a test").reject(plan.id, by: "tester", at: fixture.now)
            met["rejected", default: 0] += 1
        case 1, 2:
            moveInReview()
            var selection = ChangeSelection.all
            if world.random.once(in: 4) {
                selection = ChangeSelection(except: [.action(world.random.pick(Action.allCases))])
                met["approved in part", default: 0] += 1
            }
            try await applyOnce(fixture.filed(plan.id, selection))
            met["approved", default: 0] += 1
        default: return
        }
    }

    /// Something moves upstream between the review and the approval.
    private mutating func moveInReview() {
        switch world.random.below(5) {
        case 0:
            world.recreateGroup()
            met["group replaced in review", default: 0] += 1
        case 1:
            world.swapValues(world.random.pick(["uid", "mail"]))
            met["names moved in review", default: 0] += 1
        default: return
        }
    }

    /// Config declares other permissions or another privilege.
    private mutating func editPermissionGroups() {
        let permissions: [Text] = world.random.pick([["*"], ["read"], ["read", "write"], []])
        let group = PermissionGroup(
            name: Text(world.random.pick(["Admins", "Team red"])), isPrivileged: world.random.once(in: 2), permissions: permissions)
        declared.removeAll { $0.name == group.name }
        declared.append(group)
        met["permission groups edited", default: 0] += 1
    }

    /// A value of somebody's entry cannot be read: it costs its field alone.
    private mutating func makeUnreadable() {
        guard !world.people.isEmpty, let name = AttributeName(world.random.pick(["sn", "givenName", "mail", "pwdState"])) else { return }
        let place = world.random.below(world.people.count)
        world.people[place].values[name] = [[0xC3, 0x28]]
        // Or the entry as a whole, of which something can be read all the same.
        if world.random.once(in: 2) {
            world.people[place].defect = "too large"
            world.people[place].proves = true
            if world.random.once(in: 2) { world.people[place]["employeeType"] = ["ended"] }
            met["rejected with a readable part", default: 0] += 1
        }
        met["unreadable value", default: 0] += 1
    }

    // MARK: - One run, before and after

    private mutating func applyOnce(_ consent: RunRequest.Consent) async throws {
        var source = world.directory(batchSize: 1 + world.random.below(4), order: world.random.next())
        if consent == .none, world.random.once(in: 12) {
            let error = SourceError(.incomplete, subject: "memory", message: "cut")
            for index in source.snapshots.indices { source.snapshots[index].failure = (world.random.below(3), error) }
        }
        let during = WriteDuringRun(try Accounts(fixture))
        let isWritten = day > 1 && world.random.once(in: 6)
        let isCut = day > 1 && world.random.once(in: 10)
        let copy = isCut ? PowerCut(fixture.path) : nil
        fixture.now = fixture.now + Span(seconds: 1)
        let (path, number) = (fixture.path, world.random.below(9))
        let cut: @Sendable (RunProgress) -> Void = { progress in
            guard progress == .applying else { return }
            if isWritten { during.write(path, number) }
            copy?.take()
        }
        let reviewed = try self.reviewed(consent)
        let run = try await fixture.run(source, .apply, consent, progress: cut) { try RunReport($0) }
        let before = try during.accounts()
        if during.isWritten { met["write during a run", default: 0] += 1 }
        met[run.record.outcome.rawValue, default: 0] += 1
        if run.holding.contains(.lastHolder) { met["last holder", default: 0] += 1 }
        try require(run.record.outcome != .failed, "the run failed: \(run.record.reason ?? "")", run.json)
        let after = try Accounts(fixture)
        try compare(before, after, run)
        try compareHeld(run, reviewed, consent)
        try compareApproved(before, after, run, reviewed, consent)
        try compareLeavers(before, after, run)
        guard let copy, copy.isTaken else { return }
        // The power went before the commit: what is there is what was there.
        try copy.putBack()
        met["power cut", default: 0] += 1
        try require(try Accounts(fixture) == before, "a power cut has changed accounts", run.json)
        standing = formerStanding
        let again = try await fixture.run(source, .apply, consent) { try RunReport($0) }
        try require(again.changes == run.changes, "another plan after a power cut", run.json, again.json)
    }

    private mutating func compare(_ before: Accounts, _ after: Accounts, _ run: RunReport) throws {
        let applies: Set<RunRecord.Outcome> = [.applied, .appliedPartly, .inSync]
        if !applies.contains(run.record.outcome) && !(run.record.outcome == .held && run.record.summary.changes > 0) {
            try require(before == after, "nothing was to be changed", run.json)
            return
        }
        if run.record.outcome == .inSync {
            try require(before == after, "in sync, and something has changed: \(before.difference(to: after))", run.json)
            if !before.users.isEmpty { met["in sync is equal", default: 0] += 1 }
        }
        let isWhole = run.record.guards.contains { $0.verdict == .held && $0.reach == .plan }
        let passing = run.rows.map { row in (row, isWhole ? [] : row.changes.filter { $0.heldBy == nil }) }
        if isWhole { try require(before == after, "a guard held the whole plan, and something has changed", run.json) }
        var changed: [Int64: [Change]] = [:]
        for (row, changes) in passing { if let id = row.userID { changed[id] = changes } }
        for (id, user) in before.users {
            let changes = changed[id] ?? []
            let actions = Set(changes.map(\.action))
            guard let now = after.users[id] else {
                try require(actions.contains(.purge), "user \(id) vanished and no report named it", run.json)
                continue
            }
            if !before.linked.contains(id) { try require(now == user, "local user \(id) was touched", run.json) }
            try require(now.local == user.local, "a local grant of user \(id) was touched", run.json)
            if user.status == "active", now.status != "active" {
                try require(!actions.isDisjoint(with: [.deactivate, .delete]), "user \(id) lost access and no report named it", run.json)
            }
            if user.status != "active", now.status == "active" {
                try require(actions.contains(.reactivate), "user \(id) got access and no report named it", run.json)
            }
            if user.username != now.username { try require(actions.contains(.rename), "user \(id) was renamed unsaid", run.json) }
            let lost = user.source.subtracting(now.source)
            let revoked = Set(changes.filter { $0.action == .revoke }.compactMap { $0.group?.string })
            let isEnded = !actions.isDisjoint(with: [.deactivate, .delete])
            try require(isEnded || lost.isSubset(of: revoked), "user \(id) lost \(lost) and no report named it", run.json)
            let gained = now.source.subtracting(user.source)
            let granted = Set(changes.filter { $0.action == .grant }.compactMap { $0.group?.string })
            try require(gained == granted.subtracting(user.source), "user \(id) got \(gained), the report says \(granted)", run.json)
        }
        try compareTotals(before, after, run, passing.flatMap(\.1))
        // A group of which a person has approved that it is no longer privileged may lose everybody.
        for (group, holders) in before.holders where holders > 0 && after.groups[group]?.hasPrefix("[0") != true {
            try require(after.holders[group, default: 0] > 0, "\(group) lost its last holder", run.json)
        }
    }

    /// The report's totals are those of the store.
    private func compareTotals(_ before: Accounts, _ after: Accounts, _ run: RunReport, _ passing: [Change]) throws {
        func count(_ action: Action) -> Int { passing.filter { $0.action == action }.count }
        func became(_ status: Set<String>, from former: Set<String>) -> Int {
            before.users.filter { former.contains($0.value.status) && status.contains(after.users[$0.key]?.status ?? "") }.count
        }
        try require(after.users.filter { before.users[$0.key] == nil }.count == count(.create), "users created", run.json)
        try require(before.users.filter { after.users[$0.key] == nil }.count == count(.purge), "users purged", run.json)
        try require(became(["inactive"], from: ["active", "invited"]) == count(.deactivate), "users deactivated", run.json)
        try require(became(["deleted"], from: ["active", "invited", "inactive"]) == count(.delete), "users deleted", run.json)
        try require(became(["active", "invited"], from: ["inactive", "deleted"]) == count(.reactivate), "users reactivated", run.json)
        for action in Action.allCases {
            let all = run.rows.flatMap(\.changes).filter { $0.action == action }.count
            try require(run.record.summary[action] == all, "the summary's \(action)", run.json)
        }
    }

    /// The digests of what was shown to whoever approves, with those that it would have of an account that was not there yet; `nil` for a
    /// run that nobody approves.
    private func reviewed(_ consent: RunRequest.Consent) throws -> Set<Digest>? {
        guard case .filed(let plan, let selection) = consent else { return nil }
        let reader = try StoreReader(path: fixture.path)
        guard let kept = try reader.run(plan.run.description) else { return [] }
        let meant = ReviewedChanges(of: plan, filedBy: kept.record, rejected: try reader.rejectedChanges(), selection)
        var digests: Set<Digest> = []
        try kept.forEachRow { row in
            for change in meant.changes(of: row) { digests.insert(change.digest) }
            return true
        }
        return digests
    }

    /// What a guard has held is applied by approval only.
    private mutating func compareHeld(_ run: RunReport, _ reviewed: Set<Digest>?, _ consent: RunRequest.Consent) throws {
        formerStanding = standing
        switch run.record.outcome {
        case .applied, .appliedPartly, .held, .inSync: break
        case .failed, .incomplete, .stale, .pending: return
        }
        if run.record.isPaused { return }
        let holding = run.record.guards.filter { $0.verdict == .held && $0.reach == .plan }.map(\.guardName)
        // The guard's message begins with the attribute.
        let gone = run.record.guards.filter { $0.guardName == .attributeGone && $0.verdict == .held }
            .compactMap { $0.message.split(separator: " ").first }.compactMap { Text($0.utf8) }
        let absence = AbsenceEffects(of: gone, in: fixture.rules)
        let rejected = Set(
            try fixture.probe.rows("SELECT lower(hex(digest)) AS d FROM rejected_changes").map { String($0.dropFirst(3).dropLast()) })
        var now: Set<Digest> = []
        for row in run.rows {
            for change in row.changes {
                let digests = [change.digest, change.digestOfNewcomer(in: row)]
                let isApplied = change.heldBy == nil && holding.isEmpty && run.record.outcome != .held
                if isApplied, digests.contains(where: standing.contains) {
                    try require(
                        reviewed.map { !$0.isDisjoint(with: digests) } ?? false,
                        "\(change.action) of \(row.label) was held, and is applied",
                        run.json)
                }
                if isApplied { continue }
                if digests.contains(where: standing.contains) { met["held is not applied", default: 0] += 1 }
                let isHeld =
                    switch change.heldBy {
                    case nil: holding.contains { $0.counts(change, absence: absence) }
                    case .lastHolder, .groupReplaced: false
                    // What waits behind an account that a person rejected was not rejected itself.
                    case .rejection: digests.contains { rejected.contains("\($0)") }
                    case _?: true
                    }
                if isHeld || digests.contains(where: standing.contains) { now.insert(change.digest) }
            }
        }
        standing = now
    }

    /// Whoever gets a privileged group by an approval was shown with that grant and those names.
    private mutating func compareApproved(
        _ before: Accounts, _ after: Accounts, _ run: RunReport, _ reviewed: Set<Digest>?, _ consent: RunRequest.Consent
    ) throws {
        guard let reviewed, [.applied, .appliedPartly].contains(run.record.outcome) else { return }
        for row in run.rows {
            for change in row.changes where change.heldBy == nil && change.isPrivileged && change.action == .grant {
                let digests = [change.digest, change.digestOfNewcomer(in: row)]
                try require(!reviewed.isDisjoint(with: digests), "\(row.label) gets a privileged group that nobody was shown", run.json)
                met["approved is what was shown", default: 0] += 1
            }
        }
        for (group, kept) in before.groups {
            guard let now = after.groups[group], now != kept else { continue }
            let isSaid = run.rows.contains { row in
                row.subject == .permissionGroup && row.changes.contains { $0.heldBy == nil && $0.group?.string == group }
            }
            try require(isSaid, "the permission group \(group) changed from \(kept) to \(now), and no report named it", run.json)
        }
    }

    /// A person whom the readable part of an entry proves to have left has no access, unless a report says what keeps them.
    private mutating func compareLeavers(_ before: Accounts, _ after: Accounts, _ run: RunReport) throws {
        guard [.applied, .appliedPartly, .inSync].contains(run.record.outcome), world.rules.policy == .full else { return }
        if run.record.guards.contains(where: { $0.verdict == .held && $0.reach == .plan }) { return }
        let said = Dictionary(run.rows.map { ("\($0.anchor)", $0) }, uniquingKeysWith: { first, _ in first })
        func hasLeft(_ person: MemoryPerson) -> Bool {
            person["employeeType"] == ["ended"] && (person.defect == nil || person.proves)
        }
        for person in world.people where hasLeft(person) {
            guard let anchor = person["entryUUID"].first, let user = after.byAnchor[anchor], user.status == "active" else { continue }
            let row = said[anchor]
            let isKept =
                row?.changes.contains { $0.action.endsAccess && $0.heldBy != nil } == true
                || row?.remarks.contains { $0.kind == .protected } == true
            try require(isKept, "\(user.username) has left, and is active", run.json)
        }
        let out = world.people.filter { hasLeft($0) && $0["entryUUID"].first.flatMap { after.byAnchor[$0]?.status } == "inactive" }
        if !out.isEmpty { met["a leaver is out", default: 0] += 1 }
        let wasActive = { (person: MemoryPerson) in person["entryUUID"].first.flatMap { before.byAnchor[$0]?.status } == "active" }
        if out.contains(where: { $0.defect != nil && wasActive($0) }) { met["a leaver is out by the readable part", default: 0] += 1 }
    }

    private func require(_ truth: Bool, _ what: String, _ details: String...) throws {
        if !truth { throw Broken(description: "day \(day): \(what)\n" + details.joined(separator: "\n")) }
    }
}

extension Story {
    /// What administrators do meanwhile, by the application or by hand.
    fileprivate mutating func meddle() throws {
        let probe = fixture.probe
        let name = world.random.pick(World.names)
        let linked =
            "id IN (SELECT user_id FROM entries WHERE user_id = (SELECT user_id FROM entries WHERE user_id IS NOT NULL ORDER BY (user_id * \(1 + world.random.below(9))) % 11 LIMIT 1))"
        switch world.random.below(20) {
        case 14:
            let edit = world.random.pick(["permissions = '[\"*\"]'", "permissions = '[]'", "privileged = 1 - privileged"])
            try probe.execute("UPDATE permission_groups SET \(edit) WHERE name IN ('Admins', 'Team red')")
            met["permission group edited here", default: 0] += 1
        case 15:
            guard let approver = fixture.approver else { return }
            try probe.execute("UPDATE users SET username = 'op-' || id WHERE username = '\(approver.shortName)'")
            met["approver renamed", default: 0] += 1
        case 0: try probe.execute("UPDATE users SET status = 'inactive' WHERE status = 'active' AND \(linked)")
        case 1: try probe.execute("UPDATE users SET status = 'active' WHERE \(linked)")
        case 2: try probe.execute("UPDATE users SET status = 'deleted' WHERE \(linked)")
        case 3: try probe.execute("UPDATE users SET role = CASE role WHEN 'owner' THEN 'none' ELSE 'owner' END WHERE \(linked)")
        case 4:
            if try probe.rows("SELECT 1 FROM claims WHERE hex(key) IN ('6C6F63', '6C6F634078')").isEmpty {
                try probe.addLocal("loc", email: world.random.once(in: 2) ? "loc@x" : nil)
            }
        case 5: try probe.grant("Admins", to: name, isPrivileged: true)
        case 6: try probe.grant("Team red", to: name)
        case 7: try probe.execute("PRAGMA foreign_keys = ON; DELETE FROM users WHERE \(linked)")
        case 8: try deed(.hold(user: Text(name)))
        case 9: try deed(.release(user: Text(name)))
        case 10: try deed(.restore(Text(name)))
        case 11: try deed(.unlink(user: Text(name)))
        case 12: try deed(.link([LinkRequest(.named(Text(name)), to: .named(Text(world.random.pick(World.names))))]))
        case 13: try deed(.acknowledge(.all))
        default: return
        }
    }

    private mutating func deed(_ deed: Deed) throws {
        let store = SQLiteStore(path: fixture.path, holder: "pid 1, a test")
        let request = DeedRequest(deed, by: Story.approver, rules: world.rules)
        do throws(StoreError) {
            let plan = try store.preview(request)
            _ = try store.carryOut(request, as: plan, at: fixture.now)
            met["deed", default: 0] += 1
        } catch  where error.code == .refused {
            met["refused", default: 0] += 1
        }
    }
}

/// The accounts of a store, as far as a run may change them.
private struct Accounts: Equatable {
    struct User: Equatable {
        var username: String
        var fields: String
        var status: String
        var source: Set<String> = []
        var local: Set<String> = []
    }

    var users: [Int64: User] = [:]
    var linked: Set<Int64> = []
    /// The linked users by the anchors of their entries.
    var byAnchor: [String: User] = [:]
    /// What each permission group is and permits.
    var groups: [String: String] = [:]
    /// Everything else that is no bookkeeping.
    var others: [String] = []

    /// Runs, audit, cursor, baseline and ledger; what entries were; names that follow from what an application wrote.
    private static let bookkeeping: Set<String> = [
        "runs", "audit", "sources", "guard_ledger", "guard_holds", "held_plans", "held_changes", "rejected_changes", "entries",
        "entry_images", "upstream_groups", "group_pins", "store_state", "grdb_migrations", "claims", "unclaimed", "account_pins",
        "used_plans", "replaced", "replaced_age", "grant_paths", "handed_over", "ledger_clock",
    ]
    /// The active holders of each privileged group.
    var holders: [String: Int] = [:]

    init(_ fixture: RunFixture) throws {
        guard FileManager.default.fileExists(atPath: fixture.path) else {
            self.init()
            return
        }
        try self.init(fixture.probe)
    }

    private init() {}

    /// What only one of the two has, for the message of a failed test.
    func difference(to other: Accounts) -> String {
        let lines = Set(others).symmetricDifference(other.others).sorted()
        let users = Set(users.map { "\($0)" }).symmetricDifference(other.users.map { "\($0)" }).sorted()
        return (lines + users).joined(separator: "; ") + (groups == other.groups ? "" : " \(groups) \(other.groups)")
    }

    init(_ probe: StoreProbe) throws {
        for row in try probe.rows(
            "SELECT id, username, status, json_array(email, given_name, family_name, display_name, extra, role, held) FROM users")
        {
            let values = Accounts.values(row)
            users[Int64(values[0]) ?? 0] = User(username: values[1], fields: values[3], status: values[2])
        }
        for row in try probe.rows(
            "SELECT g.user_id, p.name, g.origin, p.privileged FROM grants g JOIN permission_groups p ON p.id = g.group_id")
        {
            let values = Accounts.values(row)
            guard let id = Int64(values[0]) else { continue }
            if values[2] == "source" { users[id]?.source.insert(values[1]) } else { users[id]?.local.insert(values[1]) }
        }
        for row in try probe.rows("SELECT name, json_array(privileged, permissions) FROM permission_groups") {
            let values = Accounts.values(row)
            groups[values[0]] = values[1]
        }
        // Whatever table there is, now or later, unless it is named as bookkeeping of runs or follows from the accounts.
        let tables = try probe.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
            .map { String($0.dropFirst("name=\"".count).dropLast()) }
        for table in tables where !Accounts.bookkeeping.contains(table) && table != "users" {
            // An account that an application brings back is no longer one whose names are free, whatever the table says until the next run.
            let rows = table == "freed" ? " WHERE user_id IN (SELECT id FROM users WHERE status = 'deleted')" : ""
            others += try probe.rows("SELECT * FROM \(table)\(rows)").map { "\(table) \($0)" }.sorted()
        }
        others +=
            try probe.rows("SELECT id, role, held, created_at, updated_at, revision FROM users ORDER BY 1")
            + probe.rows("SELECT user_id, username, permission FROM user_permissions ORDER BY 1, 3")
        for row in try probe.rows("SELECT user_id, CAST(anchor AS TEXT) FROM entries WHERE user_id IS NOT NULL") {
            let values = Accounts.values(row)
            if let id = Int64(values[0]) { byAnchor[values[1]] = users[id] }
        }
        linked = Set(try probe.rows("SELECT user_id FROM entries WHERE user_id IS NOT NULL").compactMap { Int64(Accounts.values($0)[0]) })
        for row in try probe.rows(
            """
            SELECT p.name, count(DISTINCT u.id) FROM permission_groups p JOIN grants g ON g.group_id = p.id
            JOIN users u ON u.id = g.user_id WHERE p.privileged AND u.status = 'active' GROUP BY p.name
            """)
        {
            let values = Accounts.values(row)
            holders[values[0]] = Int(values[1])
        }
    }

    /// The values of a line of a probe.
    private static func values(_ row: String) -> [String] {
        row.split(separator: "|").map { field in
            let value = field.drop { $0 != "=" }.dropFirst()
            return value.hasPrefix("\"") && value.hasSuffix("\"") ? String(value.dropFirst().dropLast()) : String(value)
        }
    }
}

/// An application that writes its own accounts while a run is about to apply.
private final class WriteDuringRun: @unchecked Sendable {
    private var before: Result<Accounts, any Error>
    private(set) var isWritten = false

    init(_ before: Accounts) {
        self.before = .success(before)
    }

    /// The accounts that the run found when it began to write.
    func accounts() throws -> Accounts { try before.get() }

    func write(_ path: String, _ number: Int) {
        if isWritten { return }
        let probe = StoreProbe(path: path)
        before = Result {
            try probe.execute("UPDATE users SET display_name = 'during' WHERE id % 9 = \(number)")
            return try Accounts(probe)
        }
        isWritten = true
    }
}

/// The files of a store as they are when the power goes.
private final class PowerCut: @unchecked Sendable {
    private let path: String
    private(set) var isTaken = false

    init(_ path: String) {
        self.path = path
    }

    func take() {
        for end in ["", "-wal"] where FileManager.default.fileExists(atPath: path + end) {
            try? FileManager.default.removeItem(atPath: path + end + ".cut")
            try? FileManager.default.copyItem(atPath: path + end, toPath: path + end + ".cut")
        }
        isTaken = true
    }

    func putBack() throws {
        for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
        for end in ["", "-wal"] where FileManager.default.fileExists(atPath: path + end + ".cut") {
            try FileManager.default.moveItem(atPath: path + end + ".cut", toPath: path + end)
        }
    }
}
