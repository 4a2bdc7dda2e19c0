internal import ArgumentParser
internal import RollcallCore

/// `users restore`.
struct UsersRestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Brings back an account that was deleted here, or lets a purged one be created again.",
        discussion: """
            A deleted account becomes inactive, and the next run activates it when upstream says active. Of an account whose row the \
            application has removed only its entry is left: named by its anchor or former username, it may be created again.

            \(DeedOptions.discussion)
            """)

    @OptionGroup var options: DeedOptions
    @Argument(help: "A username, an email or an anchor.")
    var user: String

    func run() throws {
        try Workplace(options.config).carryOut(.restore(Text(user)), options)
    }
}
