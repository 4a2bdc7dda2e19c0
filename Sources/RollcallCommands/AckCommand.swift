internal import ArgumentParser
internal import RollcallCore

struct AckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack", abstract: "Takes drift and conflicts as settled, so that reports only count them.",
        discussion: """
            Meant is what the last applied run said. It holds as long as it stays what it is: another value, or the same thing again \
            after it was gone, is new. An acknowledged conflict does not make `apply` end with 4.

            \(DeedOptions.discussion)
            """)

    @OptionGroup var options: DeedOptions
    @Argument(help: ArgumentHelp("Whose: a username, an anchor or a DN.", valueName: "user"))
    var names: [String] = []
    @Flag(help: "Everybody's.")
    var all = false
    @Flag(help: "Take an acknowledgement back.")
    var withdraw = false

    func validate() throws {
        guard all != !names.isEmpty else { throw ValidationError("name whose drift and conflicts are meant, or give --all") }
    }

    func run() throws {
        let selection = all ? RemarkSelection.all : .about(names.map { Text($0) })
        try Workplace(options.config).carryOut(withdraw ? .withdraw(selection) : .acknowledge(selection), options)
    }
}
