internal import ArgumentParser
internal import RollcallConfig

/// The option that every command has.
struct ConfigOption: ParsableArguments {
    @Option(
        name: .customLong("config"), help: ArgumentHelp("The config file.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var path = ConfigFile.standardPath
}

/// How a command shows what was asked for.
struct FormatOption: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @Option(name: .customLong("format"), help: "text for a person, json for a program.")
    var format = Format.text
}

/// How much of a plan the text shows.
struct LimitOption: ParsableArguments {
    @Option(name: .customLong("limit"), help: "Changes of each kind that the text shows; json always has all.")
    var limit = 25

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit takes a whole number from 1 to 100000") }
    }
}
