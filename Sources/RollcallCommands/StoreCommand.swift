internal import ArgumentParser
internal import RollcallSQLite

struct StoreCommand: CommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Makes the store.", subcommands: [Create.self])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Makes an empty store where the config says, once, before the first run.",
            discussion: """
                No run makes a store, but for `apply PLAN` of a plan that was made while there was none: a store that is missing or \
                elsewhere must not pass for an empty one. Run as root, it gives the store to the owner of its folder.

                Exit status: 0 done, 1 there is a file of that name already, or it could not be made.
                """)

        @OptionGroup var config: ConfigOption

        func run() throws {
            let workplace = try Workplace(config)
            try orFail { try workplace.store(for: "store create").create() }
            Terminal.say("\(workplace.settings.store.path): an empty store was made")
        }
    }
}
