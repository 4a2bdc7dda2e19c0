internal import ArgumentParser

/// A command that only holds others. Without one of them it shows what there is, as the usage error that it is.
protocol CommandGroup: ParsableCommand {}

extension CommandGroup {
    func run() throws {
        Terminal.say(block: Root.helpMessage(for: Self.self))
        throw ExitStatus.usage.exit
    }
}
