internal import ArgumentParser
internal import RollcallEngine
internal import RollcallReport

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Shows what a run would change, and why. Changes nothing.",
        discussion: """
            A dry run: the same code as apply, without its last step. It needs no write permission. Without a store it plans for an \
            empty one, and says so.

            With a snapshot, the plan is made of what the source said when it was taken, by this config; no server is asked.

            Exit status: 0 in sync, 2 changes pending, 3 something would be held, 4 the status of an account that has access cannot be \
            told, 5 the source could not be read whole.
            """)

    @OptionGroup var config: ConfigOption
    @OptionGroup var report: ReportOptions
    @OptionGroup var snapshot: SnapshotOption
    @Option(name: .customLong("out"), help: ArgumentHelp("Also write the plan, for `apply`, readable by you alone.", valueName: "file"))
    var outputPath: String?
    @Flag(name: .customLong("decide-all"), help: "Decide every user anew, also where nothing has moved. The plan is the same, only slower.")
    var decidesAll = false

    func run() async throws {
        let workplace = try Workplace(config, planPath: outputPath)
        let output = try outputPath.map { try OutputFile($0, in: workplace, besides: snapshot.path) }
        try workplace.checkOutputs(of: report, besides: [outputPath, snapshot.path])
        workplace.warnOfMissingStore()
        let progress = ProgressLine()
        var request = RunRequest(mode: .plan, actor: Workplace.actor, skipsNothing: decidesAll)
        request.acceptsUnchanged = outputPath == nil
        let run = Run(try workplace.environment(command: "plan", progress: progress, snapshot: snapshot), request)
        let finished = await run.execute()
        defer { finished.close() }
        progress.clear()
        if let output, let digest = finished.record.planDigest {
            let basis = PlanFileBasis(
                configDigest: workplace.settings.rulesDigest, storeGeneration: finished.basis?.generation ?? 0, planDigest: digest,
                origin: finished.basis?.origin)
            try output.write("plan file") { output in
                try PlanFileWriter(finished.record, basis: basis, context: workplace.context(finished.record, finished.auditHead))
                    .write(finished.rows, to: &output)
            }
        }
        try workplace.show(finished.record, rows: finished.rows, head: finished.auditHead, report)
        let status = ExitStatus(finished.record, isLockedOut: finished.isLockedOut).raised(by: report.failOn.kinds, in: finished.record)
        if status != .done { throw status.exit }
    }
}
