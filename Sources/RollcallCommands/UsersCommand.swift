internal import ArgumentParser
internal import RollcallCore
internal import RollcallReport
internal import RollcallSQLite

struct UsersCommand: CommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "users", abstract: "Lists and shows accounts, and changes single ones.",
        subcommands: [
            List.self, Show.self, UsersHoldCommand.self, UsersReleaseCommand.self, UsersMatchCommand.self, UsersLinkCommand.self,
            UsersUnlinkCommand.self, UsersRestoreCommand.self, UsersClaimCommand.self,
        ])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists accounts by username.")

        @OptionGroup var config: ConfigOption
        @OptionGroup var format: FormatOption
        @Option(help: "Only accounts of this status: invited, active, inactive or deleted.", transform: UserStatus.named)
        var status: UserStatus?
        @Option(help: "Only accounts whose username, email or name has this text.")
        var search: String?

        func run() throws {
            let reader = try Workplace(config).reader()
            let table = Table(
                schema: "rollcall.users/1", name: "users",
                columns: [
                    .init("username", title: "username"), .init("status", title: "status"), .init("email", title: "email"),
                    .init("display_name", title: "name"), .init("origin", title: "origin"), .init("groups", title: "groups"),
                ], emptyText: "No accounts.")
            try table.show(format.format) { body in
                try reader.forEachUser(status: status, search: search.map { Text($0) }) { listed in
                    let user = listed.user
                    let groups = listed.grants.map(\.group.string)
                    return body([
                        .text(user.username), .string(listed.standing),
                        user.email.map { .text($0) } ?? .none, user.displayName.map { .text($0) } ?? .none,
                        .string(listed.anchor == nil ? "local" : "source"), .string(groups.joined(separator: ", ")),
                    ])
                }
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows one account as it is stored.")

        @OptionGroup var config: ConfigOption
        @OptionGroup var format: FormatOption
        @Argument(help: "A username or an email.")
        var user: String

        func run() throws {
            let reader = try Workplace(config).reader()
            try orFail {
                guard let listed = try reader.user(named: Text(user)) else {
                    Terminal.say("no account is called \(user)")
                    throw ExitStatus.failed.exit
                }
                let table = Table(
                    schema: "rollcall.user/1", name: "fields", columns: [.init("field", title: "field"), .init("value", title: "value")],
                    emptyText: "")
                try table.show(format.format) { body in for row in listed.fields { if !body(row) { return } } }
            }
        }
    }
}

extension UserStatus {
    /// The status of that name.
    fileprivate static func named(_ name: String) throws -> UserStatus {
        guard let status = UserStatus(rawValue: name) else {
            throw ValidationError("a status is one of \(UserStatus.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return status
    }
}

extension ListedUser {
    /// The status, and what else decides whether the account has access.
    fileprivate var standing: String {
        let isInNoView = user.status != .deleted && !ownsUsername
        return user.status.rawValue + (user.isHeld ? ", held" : "") + (isInNoView ? ", in no view" : "")
    }

    /// What there is to show, field by field.
    fileprivate var fields: [[Table.Cell]] {
        func row(_ name: String, _ value: Text?) -> [Table.Cell]? { value.map { [.string(name), .text($0)] } }
        var rows = [
            row("username", user.username), row("status", Text(user.status.rawValue)), row("email", user.email),
            row("given_name", user.givenName), row("family_name", user.familyName), row("display_name", user.displayName),
        ].compactMap { $0 }
        rows += user.extra.fields.map { [.string("extra.\($0.name)"), .text($0.value)] }
        rows.append([.string("role"), .string(user.role.rawValue)])
        rows.append([.string("held"), .flag(user.isHeld)])
        if user.status != .deleted, !ownsUsername {
            rows.append([.string("in no view"), .string("the username is another account's, or it is not claimed yet")])
        }
        rows.append([.string("anchor"), anchor.map { .string("\($0)") } ?? .none])
        if let leavingSince { rows.append([.string("given up since"), .time(leavingSince)]) }
        for grant in grants {
            let way = grant.path.map { " by way of \($0)" } ?? ""
            rows.append([.string("group"), .string("\(grant.group), \(grant.origin == .source ? "from upstream" : "given here")\(way)")])
        }
        return rows
    }
}
