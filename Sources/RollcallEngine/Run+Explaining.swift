public import RollcallCore

/// What asking about one user has brought.
public enum ExplainOutcome: Sendable {
    case found(Explanation)
    /// The reading is whole and has nobody of that name, and no link does.
    case unknown
    /// The run could not get so far; its record says why.
    case failed(RunRecord, isLockedOut: Bool)
}

extension Run {
    /// Makes the plan as a dry run does, and shows one pair of it: the user or entry called `name` by username, email, DN or anchor.
    public func explain(_ name: Text) async -> ExplainOutcome {
        var dry = request
        dry.mode = .plan
        dry.consent = .none
        dry.skipsNothing = true
        let run = Run(environment, dry)
        var found: Explanation?
        let finished = await run.execute { session, record in
            guard let match = try session.firstPair(where: { pair, _ in pair.isCalled(name) }) else { return }
            let planner = Planner(rules: environment.rules, at: record.started, protecting: session.basis.protectedUsers)
            found = run.explanation(match.pair, match.entry, record, planner)
        }
        defer { finished.close() }
        switch finished.record.outcome {
        case .failed, .incomplete, .stale: return .failed(finished.record, isLockedOut: finished.isLockedOut)
        case .inSync, .pending, .applied, .appliedPartly, .held: return found.map { .found($0) } ?? .unknown
        }
    }

    private func explanation(_ pair: Pair, _ entry: Entry, _ record: RunRecord, _ planner: Planner) -> Explanation {
        let values = entry.slots
        let attributes = evaluator.layout.names.enumerated().map { slot, name in
            (name: name, values: values[slot].map { $0.isEmpty ? Array("(cannot be read)".utf8) : Array($0) })
        }
        return Explanation(
            pair: pair, attributes: attributes, rulings: evaluator.statusRulings(for: entry, at: record.started),
            decision: planner.decision(for: pair),
            holds: record.guards.filter { $0.verdict == .held && $0.reach == .plan })
    }
}

extension Pair {
    /// Whether a person who says `name` may mean this pair.
    fileprivate func isCalled(_ name: Text) -> Bool {
        if "\(anchor)" == name.string || dn == name { return true }
        let key = FoldedKey(name)
        if let user, FoldedKey(user.username) == key || user.email.map({ FoldedKey($0) }) == key { return true }
        guard case .present(let desired) = side else { return false }
        return desired.usernameKey == key || desired.emailKey == key
    }
}
