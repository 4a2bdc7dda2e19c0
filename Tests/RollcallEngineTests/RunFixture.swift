import Foundation
import RollcallCore
import RollcallEngine
import RollcallReport
import RollcallSQLite
import RollcallTesting

/// A store of a test's own, and runs against it by a fixed clock.
final class RunFixture {
    let path: String
    var rules: RuleSettings
    var rulesDigest = Digest(hashing: [1])
    var guards = GuardLimits()
    var expectations: [Expectation] = []
    var approver: Approver?
    var operators: [Operator] = []
    /// The guards that a plan file shows, when it is compared with what holds now.
    var shownGuards: Set<GuardName>?
    /// What approvals say in so many words.
    var accepts = Set(RunRequest.Acceptance.allCases)
    /// Which source it is.
    var place = "here"
    /// Whether a source that is what it was ends runs.
    var acceptsUnchanged = true
    /// Whether runs may go by what has changed.
    var follows = false
    var now = Instant(unixSeconds: 1_794_000_000)
    /// What the host says of the time since its start; `nil` when it goes with ``now``.
    var boot: BootReading?
    private let folder: String

    var probe: StoreProbe { StoreProbe(path: path) }
    /// The store for what is done beside runs; it makes none.
    var store: SQLiteStore { SQLiteStore(path: path, holder: "pid 1, a test") }
    /// An approver who has no account.
    static let alice = Approver(name: "alice (uid 1000)", shortName: "alice", accounts: [])

    init(rules: RuleSettings) throws {
        self.rules = rules
        let base = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        folder = "\(base)/rollcall-\(UInt64.random(in: 0..<(1 << 40)))"
        path = "\(folder)/store.db"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Does what a person does beside runs, and says what that was.
    @discardableResult
    func carryOut(_ deed: Deed) throws -> DeedPlan {
        let request = DeedRequest(deed, by: RunFixture.alice, rules: rules)
        return try store.carryOut(request, as: try store.preview(request), at: now)
    }

    /// Runs once, and shows the run while its rows are at hand.
    func run<Result>(
        _ source: any DirectorySource, _ mode: RunRecord.Mode, _ consent: RunRequest.Consent = .none, skipsNothing: Bool = false,
        progress: @escaping @Sendable (RunProgress) -> Void = { _ in }, _ body: (FinishedRun) throws -> Result
    ) async throws -> Result {
        let now = now
        var environment = RunEnvironment(
            source: source, store: SQLiteStore(path: path, holder: "pid 1, a test", creates: true), rules: rules, rulesDigest: rulesDigest,
            guards: guards,
            sourceType: "ldap", clock: { now }, random: { 7 }, progress: progress)
        environment.expectations = expectations
        environment.operators = operators
        let boot = boot ?? BootReading(boot: "a start", microseconds: now.microseconds - 1_794_000_000_000_000)
        environment.boot = { boot }
        environment.place = place
        var request = RunRequest(mode: mode, consent: consent, actor: approver?.name ?? "tester", skipsNothing: skipsNothing)
        request.approver = approver
        request.accepts = accepts
        request.shownGuards = shownGuards
        request.follows = follows
        request.acceptsUnchanged = acceptsUnchanged
        let finished = await Run(environment, request).execute()
        defer { finished.close() }
        return try body(finished)
    }

    /// A dry run.
    func plan(_ source: any DirectorySource, skipsNothing: Bool = false) async throws -> RunReport {
        try await run(source, .plan, skipsNothing: skipsNothing) { try RunReport($0) }
    }

    /// An applying run, which must not share its run id with another.
    func apply(_ source: any DirectorySource, _ consent: RunRequest.Consent = .none) async throws -> RunReport {
        now = now + Span(seconds: 1)
        return try await run(source, .apply, consent) { try RunReport($0) }
    }

    /// The approval of a filed plan, as it is shown.
    func filed(_ id: HeldPlanID, _ selection: ChangeSelection = .all) throws -> RunRequest.Consent {
        .filed(try StoreReader(path: path).heldPlan(id) ?? RunFixture.unknown(id), selection)
    }

    /// A plan that no run has filed.
    private static func unknown(_ id: HeldPlanID) -> HeldPlan {
        let now = Instant(microseconds: 0)
        return HeldPlan(
            id: id, digest: Digest(hashing: Array(id.description.utf8)), state: .open, run: RunID(started: now, random: 0), filed: now,
            seen: now, sourceType: "ldap", rulesDigest: Digest(hashing: [1]), changes: 0, reason: "")
    }

    /// Plans, approves what was planned, and applies it.
    func approve(_ source: any DirectorySource) async throws -> RunReport {
        let digest = try await plan(source).record.planDigest
        return try await apply(source, digest.map { .approving($0) } ?? .none)
    }
}

/// What a run left behind.
struct RunReport {
    let record: RunRecord
    let rows: [PlanRow]
    let head: AuditHead?
    let isLockedOut: Bool
    /// What a log may say of the reason.
    let publicReason: String?
    /// The report as JSON.
    let json: String

    init(_ finished: FinishedRun) throws {
        record = finished.record
        head = finished.auditHead
        isLockedOut = finished.isLockedOut
        publicReason = finished.publicReason
        var rows: [PlanRow] = []
        try finished.rows.forEachRow { row in
            rows.append(row)
            return true
        }
        self.rows = rows
        json = try RunReport.json(finished.record, finished.rows)
    }

    static func json(_ record: RunRecord, _ rows: any PlanRows) throws -> String {
        let sink = ByteSink()
        var output = ReportOutput { sink.bytes += $0 }
        try JSONReport(record, rows: rows).write(to: &output)
        try output.finish()
        return String(decoding: sink.bytes, as: UTF8.self)
    }

    /// The changes of users as `action name [group]`, with `held` before those that are held.
    var changes: [String] { changes { $0 == .entry } }

    /// The changes of what users share, in the same form.
    var shared: [String] { changes { $0 != .entry } }

    private func changes(_ isMeant: (PlanRow.Subject) -> Bool) -> [String] {
        rows.filter { isMeant($0.subject) }.flatMap { row in
            row.changes.map { change in
                (change.heldBy != nil ? "held " : "") + "\(change.action.rawValue) \(row.label)" + (change.group.map { " \($0)" } ?? "")
            }
        }
    }

    /// The remarks as `kind code name`.
    var remarks: [String] { rows.flatMap { row in row.remarks.map { "\($0.kind.rawValue) \($0.code) \(row.label)" } } }

    /// The changes that one guard holds.
    func digests(heldBy guardName: GuardName) -> Set<Digest> {
        Set(rows.flatMap(\.changes).filter { $0.heldBy == guardName }.map(\.digest))
    }

    /// The guards that hold.
    var holding: [GuardName] { record.guards.filter { $0.verdict == .held }.map(\.guardName) }
}

/// Gathers what a report writes.
private final class ByteSink {
    var bytes: [UInt8] = []
}

extension UserStore {
    /// Rejects all changes of a held plan.
    func reject(_ id: HeldPlanID, by actor: Text, at time: Instant) throws(StoreError) -> HeldPlan {
        try reject(id, .all, by: actor, at: time)
    }
}
