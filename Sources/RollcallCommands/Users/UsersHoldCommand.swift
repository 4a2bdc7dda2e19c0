internal import ArgumentParser
internal import RollcallCore

/// `users hold`.
struct UsersHoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Deactivates an account here, whatever upstream says, until `users release`.",
        discussion: """
            Ends the account's sessions, API tokens and memberships from upstream at once. Protected accounts, one's own, and the last \
            active holder of a privileged group are refused.

            \(DeedOptions.discussion)
            """)

    @OptionGroup var options: DeedOptions
    @Argument(help: "A username or an email.")
    var user: String

    func run() throws {
        try Workplace(options.config).carryOut(.hold(user: Text(user)), options)
    }
}
