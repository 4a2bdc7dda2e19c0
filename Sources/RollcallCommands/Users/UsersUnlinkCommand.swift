internal import ArgumentParser
internal import RollcallCore

/// `users unlink`.
struct UsersUnlinkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlink", abstract: "Makes a linked account local, so that no run touches it.",
        discussion: """
            Its memberships from upstream end; linking it again brings them back with the next run. The entry then waits: its \
            username is the account's.

            \(DeedOptions.discussion)
            """)

    @OptionGroup var options: DeedOptions
    @Argument(help: "A username or an email.")
    var user: String

    func run() throws {
        try Workplace(options.config).carryOut(.unlink(user: Text(user)), options)
    }
}
