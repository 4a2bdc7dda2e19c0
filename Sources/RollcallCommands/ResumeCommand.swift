internal import ArgumentParser

struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Lets runs apply again after `pause`.", discussion: DeedOptions.discussion)

    @OptionGroup var options: DeedOptions

    func run() throws {
        try Workplace(options.config).carryOut(.resume, options)
    }
}
