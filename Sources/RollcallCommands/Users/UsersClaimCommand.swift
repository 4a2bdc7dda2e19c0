internal import ArgumentParser
internal import RollcallCore

/// `users claim`.
struct UsersClaimCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claim", abstract: "Claims the names of accounts that the application made or renamed.",
        discussion: """
            A username belongs to one account. The store claims one in ASCII at once; any other is claimed by the next run that applies, \
            or by this command. Until then the account is in no view. Where two accounts have one username, the one that had it first \
            keeps it, and the other is in no view until one of the two is renamed.

            \(DeedOptions.discussion)
            """)

    @OptionGroup var options: DeedOptions

    func run() throws {
        try Workplace(options.config).carryOut(.claimNames, options)
    }
}
