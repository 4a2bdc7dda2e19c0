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
                .groupReplaced, reach: .changes, limit: "each", observed: count, verdict: .held,
                message: "\(standing.sentence); \(count == 1 ? "1 change" : "\(count) changes") that would follow from it "
                    + "\(count == 1 ? "waits" : "wait") for a person")
        }
    }
}

extension PinStanding {
    /// What is the matter with the rule's groups, in one line.
    public var sentence: String {
        switch review.state {
        case .unmatched: "group rule \(rule) meets no upstream group: \(text)"
        case .pinned: "group rule \(rule) (\(text)) has its group"
        case .followed: "group rule \(rule) (\(text)) follows its group, which is now \(names(review.followed))"
        case .missing: "group rule \(rule) (\(text)) has lost its group \(names(review.lost)): \(whereabouts)"
        case .replaced:
            "group rule \(rule) (\(text)) says another group than it has pinned: \(ids(review.newcomers))"
                + (review.lost.isEmpty ? "" : ", not \(ids(review.lost))")
        }
    }

    /// What to do about it.
    public var advice: String {
        switch review.state {
        case .unmatched, .pinned: ""
        case .followed: "put its new name into the config"
        case .missing where !selector.pins: "approve what waits (`rollcall plans`) if it is gone for good"
        case .missing, .replaced: "`rollcall groups repin \(rule)` shows what follows from it, and lets it follow"
        }
    }

    /// Both, as a report says it.
    public var warning: Text { Text("\(sentence); \(advice)") }

    /// Two groups may have one name, and one place after the other: their ids tell them apart.
    private func ids(_ groups: [PinnedGroup]) -> String { groups.map { "\($0.dn) (id \($0.anchor))" }.joined(separator: " and ") }

    private func names(_ groups: [PinnedGroup]) -> String { groups.map(\.dn.string).joined(separator: " and ") }

    /// What looking the missing groups up has shown, the least certain first.
    private var whereabouts: String {
        let found = review.lost.map { absences[$0.anchor] ?? .notLookedUp }
        for absence in found {
            if case .unconfirmed(let reason) = absence { return "it is not in the reading, and could not be looked up (\(reason))" }
        }
        if found.contains(.notLookedUp) { return "it is not in the reading" }
        for absence in found { if case .leftScope(let dn) = absence { return "it has left scope: \(dn)" } }
        for absence in found { if case .notBelowBase(let place) = absence { return "it is \(place)" } }
        return "the directory has no such group any more"
    }
}
