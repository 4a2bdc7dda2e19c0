internal import ArgumentParser
internal import RollcallCore
internal import RollcallReport
internal import RollcallSQLite

/// `users match`.
struct UsersMatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match", abstract: "Writes which local accounts and waiting entries may be the same person.",
        discussion: """
            A pair shares a username or an email. Look through the file, remove the lines that are not meant, and give it to \
            `users link --from`. It changes nothing.
            """)

    @OptionGroup var config: ConfigOption
    @Option(
        name: .customLong("out"), help: ArgumentHelp("The CSV file to write, readable by you alone.", valueName: "file"),
        completion: .file(extensions: ["csv"]))
    var path: String

    func run() throws {
        let workplace = try Workplace(config)
        let output = try OutputFile(path, in: workplace)
        try orFail {
            let matches = try workplace.reader().matches(workplace.settings.rules)
            try output.write("file of matches") { MatchFile.write(matches, to: &$0) }
            let only = matches.filter(\.isOnly).count
            Terminal.say("\(path): \(matches.count) pairs, \(only) of them with no other match on either side")
        }
    }
}

/// Reads files of matches.
enum MatchFileAccess {
    /// The links that a file asks for; says every line that is wrong and ends the command.
    static func read(_ path: String) throws -> [LinkRequest] {
        let file = MatchFile.read(try PlanFileAccess.bytes(of: path, "file of matches"), name: path)
        if file.problems.isEmpty { return file.links }
        for problem in file.problems { Terminal.say(problem) }
        throw ExitStatus.failed.exit
    }
}
