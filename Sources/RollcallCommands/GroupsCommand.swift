internal import ArgumentParser
internal import RollcallCore
internal import RollcallReport
internal import RollcallSQLite

struct GroupsCommand: CommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "groups", abstract: "Lists and shows permission groups, and the upstream groups that give them.",
        subcommands: [List.self, Show.self, Repin.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists permission groups, the rules that give them, or upstream groups that no rule maps.",
            discussion: """
                What a rule has pinned is `pinned` (it is where the rule says), `followed` (it is called otherwise now), `missing` or \
                `replaced` (another group is what the rule says), as the last applied run found it.
                """)

        @OptionGroup var config: ConfigOption
        @OptionGroup var format: FormatOption
        @Flag(help: "Upstream groups of the last applied snapshot that no rule reaches.")
        var unmapped = false
        @Flag(help: "The group rules, with the upstream groups that they have pinned.")
        var mapped = false

        func validate() throws {
            if mapped, unmapped { throw ValidationError("--mapped and --unmapped are two lists; ask for one") }
        }

        func run() throws {
            let workplace = try Workplace(config)
            if mapped { return try GroupsCommand.showMapped(workplace, format.format) }
            let reader = try workplace.reader()
            if unmapped {
                let table = Table(
                    schema: "rollcall.unmapped_groups/1", name: "groups",
                    columns: [
                        .init("name", title: "name"), .init("members", title: "members", isRightAligned: true), .init("dn", title: "dn"),
                    ],
                    emptyText: "Every upstream group is mapped.")
                try table.show(format.format) { body in
                    try reader.forEachUnmappedGroup { body([.text($0.name), .number($0.members), .text($0.dn)]) }
                }
                return
            }
            let table = Table(
                schema: "rollcall.groups/1", name: "groups",
                columns: [
                    .init("name", title: "name"), .init("privileged", title: "privileged"),
                    .init("members", title: "members", isRightAligned: true), .init("active", title: "active", isRightAligned: true),
                    .init("permissions", title: "permissions"), .init("upstream", title: "upstream"),
                ], emptyText: "No permission groups.")
            try table.show(format.format) { body in
                try reader.forEachGroup {
                    let upstream = try GroupsCommand.upstream(of: $0.name, workplace.settings.rules.groups, reader)
                    return body([
                        .text($0.name), .flag($0.isPrivileged), .number($0.members), .number($0.activeMembers), .text($0.permissions),
                        .string(upstream),
                    ])
                }
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Shows who is in a permission group, and by which way.")

        @OptionGroup var config: ConfigOption
        @OptionGroup var format: FormatOption
        @Argument(help: "The permission group's name.")
        var group: String

        func run() throws {
            let reader = try Workplace(config).reader()
            let table = Table(
                schema: "rollcall.group/1", name: "members",
                columns: [
                    .init("username", title: "username"), .init("status", title: "status"), .init("origin", title: "origin"),
                    .init("path", title: "by way of"),
                ], emptyText: "Nobody is in it.")
            guard try orFail({ try reader.forEachMember(of: Text(group)) { _, _, _ in false } }) else {
                Terminal.say("there is no permission group \(group); `rollcall groups list` lists them")
                throw ExitStatus.failed.exit
            }
            try table.show(format.format) { body in
                _ = try reader.forEachMember(of: Text(group)) { name, status, grant in
                    body([
                        .text(name), .string(status.rawValue), .string(grant.origin.rawValue), grant.path.map { .text($0) } ?? .none,
                    ])
                }
            }
        }
    }
}
