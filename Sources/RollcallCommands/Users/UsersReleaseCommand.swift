internal import ArgumentParser
internal import RollcallCore

/// `users release`.
struct UsersReleaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Ends the hold on an account.",
        discussion: """
            The next run activates the account when upstream says active. A local account is active at once.

            \(DeedOptions.discussion)
            """)

    @OptionGroup var options: DeedOptions
    @Argument(help: "A username or an email.")
    var user: String

    func run() throws {
        try Workplace(options.config).carryOut(.release(user: Text(user)), options)
    }
}
