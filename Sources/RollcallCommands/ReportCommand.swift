internal import ArgumentParser
internal import RollcallCore
internal import RollcallReport
internal import RollcallSQLite

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Shows a run's report again, from what was committed.",
        discussion: "Exit status: 0 however the run ended, 3 when it has what --fail-on names.")

    @OptionGroup var config: ConfigOption
    @OptionGroup var report: ReportOptions
    @Argument(help: ArgumentHelp("The run's id, or how it begins; without one, the newest.", valueName: "run"))
    var id: String?

    func run() throws {
        let workplace = try Workplace(config)
        let reader = try workplace.reader()
        try orFail {
            guard let kept = try reader.run(id) else {
                Terminal.say(id.map { "there is no run \($0); `rollcall runs` lists them" } ?? "no run has been kept yet")
                throw ExitStatus.failed.exit
            }
            workplace.warnOfPause(reader)
            try workplace.show(kept.record, rows: kept, head: try kept.auditHead(), report)
            let status = ExitStatus.done.raised(by: report.failOn.kinds, in: kept.record)
            if status != .done { throw status.exit }
        }
    }
}
