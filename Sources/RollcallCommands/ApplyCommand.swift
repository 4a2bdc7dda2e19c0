internal import ArgumentParser
internal import RollcallCore
internal import RollcallEngine
internal import RollcallReport

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Brings the local store up to date, in one transaction.",
        discussion: """
            Without a plan: makes a fresh one, applies what passes the guards and names what is held.

            With a plan file: applies exactly that, or nothing when directory, store or rules have moved since.

            Exit status: 0 done, 3 something is held, 4 done but new conflicts wait or the status of an account \
            that has access cannot be told, 5 the source could not be read whole, \
            1 failed or stale, 6 another applier holds the lock. With 1, 5 and 6 nothing was changed.
            """)

    @OptionGroup var config: ConfigOption
    @OptionGroup var report: ReportOptions
    @OptionGroup var wait: WaitOption
    @OptionGroup var approval: ApprovalOptions
    @Argument(help: "A plan that `plan --out` wrote.", completion: .file())
    var plan: String?
    @Flag(help: "Approve what the plan shows as held.")
    var approve = false

    func validate() throws {
        if approve, plan == nil, !Terminal.canAsk {
            throw ValidationError(
                "--approve needs the plan that was reviewed: rollcall plan --out FILE, then rollcall apply FILE --approve")
        }
        if !approve, approval.expectsNumbers || !approval.accepted.isEmpty {
            throw ValidationError("--expect-changes, --expect-loss and --accept go with --approve")
        }
        if plan != nil, approval.expectsNumbers {
            throw ValidationError("--expect-changes and --expect-loss are not for a plan file, which is compared whole")
        }
    }

    func run() async throws {
        var workplace = try Workplace(config)
        workplace.patience = wait.span
        try workplace.checkOutputs(of: report, besides: [plan])
        if let line = StoreCheck.missingFolder(workplace.settings.store.path) {
            throw try refuse(.failed, "the store's folder \(line.found); \(line.advice)", workplace)
        }
        if plan == nil, let missing = workplace.missingStore {
            let make = workplace.hints.command("store", "create")
            let plan = workplace.hints.command("plan", "--out", "plan.json")
            let apply = workplace.hints.command("apply", "plan.json", "--approve")
            throw try refuse(
                .failed,
                "\(missing.subject): \(missing.message); make it with `\(make)`, or by a plan that was reviewed: `\(plan)`, then `\(apply)`",
                workplace)
        }
        let approver = approve ? try workplace.approver() : nil
        var consent = RunRequest.Consent.none
        var saved: SavedPlan?
        var shown: Set<GuardName>?
        if let plan {
            let file = try PlanFileAccess.read(plan)
            guard file.basis.configDigest == workplace.settings.rulesDigest else {
                throw try refuse(.stale, "the config's rules have changed since the plan in \(plan) was made", workplace)
            }
            if workplace.missingStore != nil, let obstacle = workplace.obstacle(to: file.saved) {
                throw try refuse(.stale, "\(obstacle); make a new one with `rollcall plan --out`", workplace)
            }
            saved = file.saved
            shown = file.heldGuards
            consent = approve ? .approving(file.basis.planDigest) : .exactly(file.basis.planDigest)
        } else if approve {
            (consent, shown) = try await ask(workplace)
        }
        try await workplace.apply(
            consent, command: "apply", by: approver, accepting: approval.accepts, shown: shown, report, saved)
    }

    /// Reports a run that ended before it began: nothing was read, and nothing is kept of it.
    private func refuse(_ outcome: RunRecord.Outcome, _ reason: String, _ workplace: Workplace) throws -> ExitCode {
        let now = Workplace.now
        var record = RunRecord(
            id: RunID(started: now, random: .random(in: .min ... .max)), started: now, mode: .apply,
            source: SourceFacts(type: workplace.settings.source.kind), actor: Workplace.actor)
        record.outcome = outcome
        record.reason = reason
        try workplace.show(record, rows: NoRows(), head: nil, report)
        return ExitStatus(record, isLockedOut: false).exit
    }

    /// Shows the plan on the terminal and asks for its numbers: the proof that a person has read it.
    private func ask(_ workplace: Workplace) async throws -> (RunRequest.Consent, Set<GuardName>?) {
        let progress = ProgressLine()
        let run = Run(workplace.environment(command: "plan", progress: progress), RunRequest(mode: .plan, actor: Workplace.actor))
        let finished = await run.execute()
        defer { finished.close() }
        progress.clear()
        try workplace.show(finished.record, rows: finished.rows, head: finished.auditHead, report.withoutFiles, as: .text)
        guard let digest = finished.record.planDigest, finished.record.summary.changes > 0 else {
            throw ExitStatus(finished.record, isLockedOut: finished.isLockedOut).exit
        }
        try ApprovalQuestion("all of it", among: finished.rows) { row in row.changes.filter { $0.heldBy != .lastHolder } }.confirm(approval)
        return (.approving(digest), Set(finished.record.guards.filter { $0.verdict == .held }.map(\.guardName)))
    }
}
