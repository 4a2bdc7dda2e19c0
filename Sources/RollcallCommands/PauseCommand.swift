internal import ArgumentParser
internal import RollcallCore

struct PauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Lets no run apply anything until `resume`.",
        discussion: """
            `apply` and `approve` then read nothing, change nothing and end with 3; `plan`, `report` and `explain` work, with a warning.

            \(DeedOptions.discussion)
            """)

    @OptionGroup var options: DeedOptions
    @Option(help: "Why, for whoever meets the pause.")
    var reason: String?

    func run() throws {
        try Workplace(options.config).carryOut(.pause(reason: reason.map { Text($0) }), options)
    }
}
