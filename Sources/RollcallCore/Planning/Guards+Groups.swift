extension Guards {
    /// Whether so much is missing from a reading that it holds the plan by itself, so that no group is looked up.
    public func holdsReading(_ proof: ReadProof) -> Bool {
        empty(proof).verdict == .held || shrink(proof).verdict == .held
    }

    /// What waits because a pinned group vanished or was replaced: one result for each rule of which something does.
    public func replacements(_ tally: GuardTally, _ standings: [PinStanding]) -> [GuardResult] {
        standings.compactMap { standing in
            guard let count = tally.replaced[standing.rule], count > 0 else { return nil }
            return GuardResult(
                .groupReplaced, reach: .changes, limit: .each, observed: count, verdict: .held, .groupReplaced(standing.finding))
        }
    }
}

extension PinStanding {
    /// What is the matter with the rule's groups, and what to do about it, as a report says it.
    public var warning: Text { Text("\(finding.sentence); \(finding.advice)") }
}
