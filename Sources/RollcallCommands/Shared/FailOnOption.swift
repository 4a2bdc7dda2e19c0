internal import ArgumentParser
internal import RollcallCore

/// What a script wants to be told of by the exit status.
struct FailOnOption: ParsableArguments {
    @Option(
        name: .customLong("fail-on"),
        help: ArgumentHelp(
            "Exit with 3 when the run has any of these, with commas between: \(FailKind.names.joined(separator: ", ")).",
            valueName: "kind,…"))
    private var list: String?

    /// The kinds that were asked for.
    private(set) var kinds: [FailKind] = []

    // Not by `transform`, whose message would show what was typed as it is.
    mutating func validate() throws {
        kinds = try list.map(FailKind.list) ?? []
    }

    private enum CodingKeys: CodingKey {
        case list
    }
}

/// A kind of change or remark, or what is held.
enum FailKind: Hashable {
    case action(Action)
    case remark(Remark.Kind)
    case held

    static let names = Action.allCases.map(\.rawValue) + ["held"] + Remark.Kind.allCases.map(\.rawValue)

    /// The kind of that name; `nil` when there is none.
    init?(_ name: String) {
        if name == "held" {
            self = .held
        } else if let action = Action(rawValue: name) {
            self = .action(action)
        } else if let kind = Remark.Kind(rawValue: name) {
            self = .remark(kind)
        } else {
            return nil
        }
    }

    /// The kinds that a list with commas names.
    static func list(_ text: String) throws -> [FailKind] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
            guard let kind = FailKind(String(name)) else {
                let shown = DisplayEscaping.escapedForTerminal(String(name))
                throw ValidationError("--fail-on does not know '\(shown)'; it takes \(names.joined(separator: ", "))")
            }
            return kind
        }
    }

    /// Whether the run has any of this kind.
    func occurs(in record: RunRecord) -> Bool {
        let summary = record.summary
        return switch self {
        case .action(let action): summary[action] > 0
        case .held: record.outcome == .held || summary.held > 0
        case .remark(.conflict): summary.conflict > 0
        case .remark(.undecided): summary.undecided > 0
        case .remark(.drift): summary.drift > 0
        case .remark(.protected): summary.protected > 0
        case .remark(.warning): summary.warnings > 0 || !record.warnings.isEmpty
        }
    }
}

extension ExitStatus {
    /// The status when a script asked to be told of these kinds: 3 when there is any, unless what happened matters more.
    func raised(by kinds: [FailKind], in record: RunRecord) -> ExitStatus {
        switch self {
        case .done, .pending, .conflicts: kinds.contains { $0.occurs(in: record) } ? .held : self
        case .failed, .held, .incomplete, .locked, .usage, .config: self
        }
    }
}
