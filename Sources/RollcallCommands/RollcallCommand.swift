internal import ArgumentParser
internal import Glibc
internal import RollcallCore

/// The program: one subcommand a file.
public enum RollcallCommand {
    /// Runs the command line of this process and ends it with the command's exit status.
    public static func run() async {
        signal(SIGPIPE, SIG_IGN)
        holdStandardDescriptors()
        guard let words = ProgramArguments.words() else {
            Terminal.say("the command line cannot be read: /proc is not there, or does not show it")
            exit(ExitStatus.usage.rawValue)
        }
        do {
            try Root.checkCommand(words)
            var command = try Root.parseAsRoot(words)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            UsageMessage(error, words).end()
        }
    }

    /// Opens what the caller has closed of input, output and error, so that no file of ours is taken for one of them.
    private static func holdStandardDescriptors() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 { _ = open("/dev/null", O_RDWR) }
    }
}

struct Root: CommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "rollcall",
        abstract: "Keeps a local user store true to an upstream directory.",
        discussion: """
            A run either proves that it read the whole directory and applies its plan in one transaction, whole but for the \
            parts it names as held, or it changes nothing and says why in one line.

            Exit status: 0 in sync or done, 2 changes pending (plan), 3 something is held, 4 done but new conflicts wait or the \
            status of an account that has access cannot be told, \
            5 the source could not be read whole, 1 the run failed, 6 another applier holds the lock, 64 usage, 78 config. \
            With 1, 5 and 6 nothing was changed.
            """,
        version: RollcallVersion.text,
        subcommands: [
            CheckCommand.self, PlanCommand.self, ApplyCommand.self, RunCommand.self, PlansCommand.self, ApproveCommand.self,
            RejectCommand.self,
            ReportCommand.self, RunsCommand.self, ExplainCommand.self, UsersCommand.self, GroupsCommand.self,
            SnapshotCommand.self, AuditCommand.self, PauseCommand.self, ResumeCommand.self, AckCommand.self, SourceCommand.self,
            ReanchorCommand.self, StoreCommand.self,
        ])

    /// Refuses a command that is not there, of which the parser would show another one's help, and end well.
    static func checkCommand(_ words: [String]) throws {
        var type: any ParsableCommand.Type = Root.self
        for word in words.first == "help" ? words.dropFirst() : words[...] {
            if word.hasPrefix("-") || type.configuration.subcommands.isEmpty { return }
            guard let next = type.configuration.subcommands.first(where: { $0._commandName == word }) else {
                throw ValidationError("there is no command '\(word)'")
            }
            type = next
        }
    }
}
