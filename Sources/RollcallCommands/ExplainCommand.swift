internal import ArgumentParser
internal import RollcallCore
internal import RollcallEngine
internal import RollcallReport

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Shows everything about one user, and what the next run would do.",
        discussion: """
            The entry, every status rule with its verdict, the groups and the way behind each grant, and why the user cannot log in.
            """)

    @OptionGroup var config: ConfigOption
    @OptionGroup var format: FormatOption
    @OptionGroup var snapshot: SnapshotOption
    @Argument(help: "A username, an email, a DN or an anchor.")
    var user: String

    func run() async throws {
        let workplace = try Workplace(config)
        try workplace.requireStore()
        let progress = ProgressLine()
        let run = Run(
            try workplace.environment(command: "explain", progress: progress, snapshot: snapshot),
            RunRequest(mode: .plan, actor: Workplace.actor))
        let outcome = await run.explain(Text(user))
        progress.clear()
        switch outcome {
        case .failed(let record, let isLockedOut):
            Terminal.say(record.reason ?? "the run failed")
            throw ExitStatus(record, isLockedOut: isLockedOut).exit
        case .unknown:
            if try showLocal(workplace) { return }
            Terminal.say("nobody is called \(user), neither upstream nor here")
            throw ExitStatus.failed.exit
        case .found(let explanation):
            workplace.warnOfPause(try workplace.reader())
            let report = ExplanationReport(explanation)
            var output = Terminal.output()
            switch format.format {
            case .text: report.writeText(to: &output)
            case .json: report.writeJSON(to: &output)
            case .csv, .html, .markdown: return try report.table.show(format.format) { report.rows($0) }
            }
            try output.finishQuietly()
        }
    }

    /// Whether there is a local account of that name; runs leave it alone, and that is all there is to explain.
    private func showLocal(_ workplace: Workplace) throws -> Bool {
        let reader = try workplace.reader()
        return try orFail {
            guard let listed = try reader.user(named: Text(user)) else { return false }
            var output = Terminal.output()
            output.write(
                DisplayEscaping.escapedForTerminal("\(listed.user.username): \(listed.user.status.rawValue), a local account") + "\n"
                    + "No entry is linked to it, so no run touches it.\n")
            try output.finishQuietly()
            return true
        }
    }
}
