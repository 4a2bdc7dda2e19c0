internal import ArgumentParser

/// The options of a command that does something to the store beside any run.
struct DeedOptions: ParsableArguments {
    @OptionGroup var config: ConfigOption
    @OptionGroup var wait: WaitOption
    @Flag(name: .customLong("yes"), help: "Do it. Without it, what would be done is shown, and on a terminal asked for.")
    var isConfirmed = false

    /// What every such command says of itself.
    static let discussion = """
        Shows what it would do, and does it with --yes, or on a terminal once it is told to.

        Exit status: 0 done, or nothing to do, 3 shown and not done, 1 refused, 6 another applier holds the lock.
        """
}
