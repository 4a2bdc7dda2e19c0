internal import ArgumentParser
internal import RollcallCore
internal import RollcallReport
internal import RollcallSQLite

struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "runs", abstract: "Lists the runs that were kept, the newest first.")

    @OptionGroup var config: ConfigOption
    @OptionGroup var format: FormatOption
    @Option(help: "The most runs to list.")
    var last = 50

    func run() throws {
        let reader = try Workplace(config).reader()
        let list = RunList { body in
            var count = 0
            try reader.forEachRun { record in
                count += 1
                return count <= last && body(record)
            }
        }
        try list.table.show(format.format) { try list.rows($0) }
    }
}
