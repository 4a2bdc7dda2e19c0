public import RollcallCore

/// How many entries of one reading the config's own rules match.
public struct RuleUse: Sendable {
    /// For each status rule of the config.
    public var status: [(rule: StatusRule, matches: Int)]
    /// For each `ignore` filter.
    public var ignore: [(filter: Condition, matches: Int)]

    /// What is said of the rules that match nobody.
    public var unused: [String] {
        status.enumerated().filter { $1.matches == 0 }.map { "status rule \($0 + 1) matches nobody: \($1.rule.text)" }
            + ignore.filter { $0.matches == 0 }.map { "the ignore filter \($0.filter) matches nobody" }
    }
}

extension Run {
    /// Makes the plan as a dry run does, and counts whom the rules match.
    ///
    /// - Returns: the run, which must be closed, and the counts; no counts when the run could not get so far.
    public func check() async -> (finished: FinishedRun, use: RuleUse?) {
        var dry = request
        dry.mode = .plan
        dry.consent = .none
        dry.skipsNothing = true
        var use: RuleUse?
        let rules = environment.rules
        let finished = await Run(environment, dry).execute { session, record in
            var status = rules.status.filter { !$0.isDefault }.map { (rule: $0, matches: 0) }
            var ignore = rules.ignore.map { (filter: $0, matches: 0) }
            _ = try session.firstPair { pair, entry in
                guard case .present(let desired) = pair.side else { return false }
                for ruling in evaluator.statusRulings(for: entry, at: record.started) where ruling.truth == .yes {
                    if status.indices.contains(ruling.number - 1) { status[ruling.number - 1].matches += 1 }
                }
                if let filter = desired.ignoredBy, let place = ignore.firstIndex(where: { "\($0.filter)" == filter }) {
                    ignore[place].matches += 1
                }
                return false
            }
            use = RuleUse(status: status, ignore: ignore)
        }
        return (finished, use)
    }
}
