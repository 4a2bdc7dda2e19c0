internal import ArgumentParser
internal import RollcallCore
internal import RollcallEngine

/// What a person says who approves: how much it is, and that it is meant.
struct ApprovalOptions: ParsableArguments {
    @Option(
        name: .customLong("expect-changes"),
        help: ArgumentHelp("The number of changes that are approved, for scripts; on a terminal it is asked for.", valueName: "number"))
    var changes: Int?
    @Option(
        name: .customLong("expect-loss"),
        help: ArgumentHelp("The number of accounts that lose access by them, where there are any.", valueName: "number"))
    var loss: Int?
    @Option(
        name: .customLong("accept"),
        help: ArgumentHelp(
            """
            What the approval must say in so many words: empty, that the source has no users or groups; scope, that most of the missing \
            accounts are in the directory outside base and filter; rejected, that a plan file has changes that were rejected. May be \
            given again.
            """, valueName: "what"))
    var accepted: [AcceptedFact] = []

    /// Whether numbers are given.
    var expectsNumbers: Bool { changes != nil || loss != nil }

    var accepts: Set<RunRequest.Acceptance> { Set(accepted.map(\.acceptance)) }
}

/// A value of `--accept`.
struct AcceptedFact: ExpressibleByArgument {
    let acceptance: RunRequest.Acceptance

    init?(argument: String) {
        guard let acceptance = RunRequest.Acceptance(rawValue: argument) else { return nil }
        self.acceptance = acceptance
    }

    static var allValueStrings: [String] { RunRequest.Acceptance.allCases.map(\.rawValue) }
}

/// Which changes of a held plan are meant.
struct SelectionOptions: ParsableArguments {
    @Option(
        name: .customLong("only"),
        help: ArgumentHelp(
            """
            Only these changes: a digest as the JSON and CSV reports have it (8 digits or more), user=NAME, group=NAME or \
            action=NAME. May be given again.
            """, valueName: "change"))
    var only: [String] = []
    @Option(
        name: .customLong("except"),
        help: ArgumentHelp("All but these changes, named as for --only. May be given again.", valueName: "change"))
    var except: [String] = []

    /// The selection, with digests that are cut short made whole by the changes of the plan.
    ///
    /// - Throws: `ValidationError` for a word that names nothing, or more than one change.
    func selection(among rows: any PlanRows) throws -> ChangeSelection {
        if only.isEmpty, except.isEmpty { return .all }
        let reader = try CriterionReader(only + except, among: rows)
        return ChangeSelection(only: only.isEmpty ? nil : try only.map(reader.criterion), except: try except.map(reader.criterion))
    }
}

/// Turns the words of `--only` and `--except` into what they mean.
private struct CriterionReader {
    private var digests: [String: Set<Digest>] = [:]

    init(_ words: [String], among rows: any PlanRows) throws {
        let prefixes = words.filter { CriterionReader.isDigest($0) }.map { $0.lowercased() }
        if prefixes.isEmpty { return }
        var found: [String: Set<Digest>] = [:]
        try rows.forEachRow { row in
            for change in row.changes {
                let text = "\(change.digest)"
                for prefix in prefixes where text.hasPrefix(prefix) && found[prefix, default: []].count < 2 {
                    found[prefix, default: []].insert(change.digest)
                }
            }
            return true
        }
        digests = found
    }

    func criterion(_ word: String) throws -> ChangeSelection.Criterion {
        let shown = DisplayEscaping.escapedForTerminal(word)
        if CriterionReader.isDigest(word) {
            let found = digests[word.lowercased()] ?? []
            guard found.count < 2 else { throw ValidationError("'\(shown)' begins the digests of several changes: give more digits") }
            guard let digest = found.first else { throw ValidationError("no change of the plan has a digest that begins with '\(shown)'") }
            return .digest(digest)
        }
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            throw ValidationError("'\(shown)' names no change: give 8 or more digits of its digest, user=NAME, group=NAME or action=NAME")
        }
        switch parts[0] {
        case "user": return .user(FoldedKey(Text(parts[1])), shown: parts[1])
        case "group": return .group(FoldedKey(Text(parts[1])), shown: parts[1])
        case "action":
            guard let action = Action(rawValue: parts[1]) else {
                throw ValidationError("'\(shown)': the actions are \(Action.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return .action(action)
        default: throw ValidationError("'\(shown)' names no change: it begins with a digest, user=, group= or action=")
        }
    }

    private static func isDigest(_ word: String) -> Bool { HeldPlanID(word) != nil }
}
