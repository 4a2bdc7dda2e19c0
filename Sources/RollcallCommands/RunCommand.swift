internal import ArgumentParser
internal import Logging
internal import RollcallConfig
internal import RollcallDaemon
internal import UnixSignals

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs as a daemon: applies again and again, as `daemon` in the config paces it.",
        discussion: """
            Stays in the foreground, writes a line for each run to standard error, and tells a service manager that set \
            NOTIFY_SOCKET how it stands. SIGHUP reads the config again; SIGTERM and SIGINT finish a commit or roll back, and end \
            it. `apply`, `approve` and the ways out work beside it.

            Exit status: 0 it was told to stop, 1 the store could not be opened or a run had to be given up, 78 config.
            """)

    @OptionGroup var config: ConfigOption
    @Option(
        name: .customLong("log-format"),
        help: "text with times, journal for systemd's journal, json for an object a line; left out, what fits standard error.")
    var logFormat: LogForm?
    @Option(name: .customLong("log-level"), help: "The least that is logged. What users' changes are is said only at debug.")
    var logLevel = LogLevel.info
    @Option(name: .customLong("stop-after"), help: .hidden)
    var stopAfter = DaemonService.patience

    func run() async throws {
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        let lines = LogLines(logFormat?.format ?? .standard, level: logLevel.level)
        let logger = Logger(label: "rollcall") { _ in lines }
        let workplace: Workplace
        switch ConfigFile.load(path: config.path) {
        case .accepted(let settings, let warnings): workplace = Workplace(settings, warnings, path: config.path)
        case .refused(let findings):
            logger.report(findings)
            throw ExitStatus.config.exit
        }
        let work = try DaemonWork(workplace, configPath: config.path, logger: logger, stopPatience: max(stopAfter, 1))
        try await work.service(hangups: hangups).runUntilStopped()
    }
}

/// The ways in which a log can be written.
enum LogForm: String, ExpressibleByArgument, CaseIterable {
    case text
    case journal
    case json

    var format: LogFormat {
        switch self {
        case .text: .text
        case .journal: .journal
        case .json: .json
        }
    }
}

/// The levels that make a difference.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case debug
    case info
    case warning
    case error

    var level: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}
