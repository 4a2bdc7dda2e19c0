internal import ArgumentParser
internal import RollcallCore
internal import RollcallReport

/// `users link`.
struct UsersLinkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link", abstract: "Links a local account to an entry of the last applied snapshot, or those that a file names.",
        discussion: """
            From the next run on, the account is what upstream says. Accounts with an entry, entries with an account, protected \
            accounts, owners and one's own are refused. Of a file, all lines are linked or none.

            \(DeedOptions.discussion)
            """)

    @OptionGroup var options: DeedOptions
    @Argument(help: "A username or an email.")
    var user: String?
    @Argument(help: "An anchor, a DN, or the username that the entry asks for.")
    var entry: String?
    @Option(
        name: .customLong("from"), help: ArgumentHelp("The lines that are left in a file of `users match`.", valueName: "file"),
        completion: .file(extensions: ["csv"]))
    var path: String?

    func validate() throws {
        let isPair = user != nil && entry != nil
        guard isPair != (path != nil), isPair || user == nil else {
            throw ValidationError("name an account and an entry, or a file with --from")
        }
    }

    func run() throws {
        let workplace = try Workplace(options.config)
        if let path { return try workplace.carryOut(.link(try MatchFileAccess.read(path)), options) }
        guard let user, let entry else { return }
        try workplace.carryOut(.link([LinkRequest(.named(Text(user)), to: .named(Text(entry)))]), options)
    }
}
