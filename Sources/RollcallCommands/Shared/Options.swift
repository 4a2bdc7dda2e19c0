internal import ArgumentParser
internal import RollcallConfig

/// The option that every command has.
struct ConfigOption: ParsableArguments {
    @Option(
        name: .customLong("config"), help: ArgumentHelp("The config file.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var path = ConfigFile.standardPath
}

/// A way of showing what was asked for.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case csv
    case html
    case markdown

    /// The format that the end of a file's name means.
    init?(fileName: String) {
        switch fileName.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last {
        case "txt": self = .text
        case "json": self = .json
        case "csv": self = .csv
        case "html": self = .html
        case "md": self = .markdown
        default: return nil
        }
    }
}

/// How a command shows what was asked for.
struct FormatOption: ParsableArguments {
    @Option(
        name: .customLong("format"),
        help: "text for a person, json for a program, csv for a spreadsheet, html as one page to open or print, markdown for a ticket.")
    var format = ReportFormat.text
}

/// How a run's report is shown.
struct ReportOptions: ParsableArguments {
    @OptionGroup var format: FormatOption
    @OptionGroup var limit: LimitOption
    @OptionGroup var failOn: FailOnOption
    @Flag(name: .customLong("new"), help: "Show only changes that were not in the report that you last approved or rejected.")
    var showsNew = false
    @Flag(
        name: .customLong("redact"),
        help: "Replace names by pseudonyms, so that the report can be shared. The same name has the same one within this report only.")
    var isRedacted = false
    @Option(
        name: .customLong("also"),
        help: ArgumentHelp(
            "Also write the report to this file, as the end of its name says: .txt, .json, .csv, .html or .md. May be given again.",
            valueName: "file"),
        completion: .file())
    var files: [String] = []

    /// The options of a report that is only shown.
    var withoutFiles: ReportOptions {
        var options = self
        options.files = []
        return options
    }

    func validate() throws {
        for file in files where ReportFormat(fileName: file) == nil {
            throw ValidationError("--also \(file): the name must end with .txt, .json, .csv, .html or .md")
        }
    }
}

/// How much of a plan is shown.
struct LimitOption: ParsableArguments {
    @Option(name: .customLong("limit"), help: "Changes of each kind that text and markdown show; the other formats always have all.")
    var limit = 25

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit takes a whole number from 1 to 100000") }
    }
}
