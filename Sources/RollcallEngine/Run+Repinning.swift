public import RollcallCore

/// What pinning groups anew would pin, and what would follow from it.
public struct RepinPreview {
    /// The rules whose pinned groups vanished or were replaced, in the order of the rules.
    public let standings: [PinStanding]
    private let finished: FinishedRun

    fileprivate init(standings: [PinStanding], finished: FinishedRun) {
        self.standings = standings
        self.finished = finished
    }

    /// Shows each change that waits for it, with whom it is about; stops when `body` returns `false`.
    public func forEachChange(_ body: (Text, Change) throws -> Bool) throws {
        let rules = Set(standings.map(\.rule))
        try finished.rows.forEachRow { row in
            for change in row.changes where change.heldBy == .groupReplaced && change.rule.groupNumber.map(rules.contains) == true {
                guard try body(row.label, change) else { return false }
            }
            return true
        }
    }

    /// Releases the store.
    public func close() {
        finished.close()
    }
}

/// What asking about pinned groups has brought.
public enum RepinOutcome {
    /// Something waits; the preview must be closed.
    case waiting(RepinPreview)
    /// Nothing that was asked about waits; the rules that follow a group are those that want another name.
    case settled(followed: [PinStanding])
    /// No rule, pinned group or permission group is called so.
    case unknown
    /// The run could not get so far; its record says why.
    case failed(RunRecord, isLockedOut: Bool)
}

extension Run {
    /// Makes the plan as a dry run does, and shows what waits because pinned groups vanished or were replaced.
    ///
    /// - Parameter name: a rule by its number or its text, a pinned group by name, DN or anchor, or a permission group; `nil` for all.
    public func previewRepin(of name: Text?) async -> RepinOutcome {
        var dry = request
        dry.mode = .plan
        dry.consent = .none
        let finished = await Run(environment, dry).execute()
        guard let settlement = finished.settlement else {
            finished.close()
            return .failed(finished.record, isLockedOut: finished.isLockedOut)
        }
        let asked = settlement.pins.filter { standing in name.map { standing.isCalled($0) } ?? true }
        let waiting = asked.filter { $0.selector.pins && ($0.review.state == .missing || $0.review.state == .replaced) }
        if !waiting.isEmpty { return .waiting(RepinPreview(standings: waiting, finished: finished)) }
        finished.close()
        if asked.isEmpty, let name, !isRule(name) { return .unknown }
        return .settled(followed: asked.filter { $0.review.state == .followed })
    }

    /// Whether `name` means a rule whose group is where it says.
    private func isRule(_ name: Text) -> Bool {
        environment.rules.groups.enumerated().contains { index, rule in
            "\(index + 1)" == name.string || rule.text == name.string || rule.grant.fixedText.map { FoldedKey($0) } == FoldedKey(name)
        }
    }
}

extension PinStanding {
    /// Whether a person who says `name` may mean this rule.
    fileprivate func isCalled(_ name: Text) -> Bool {
        if "\(rule)" == name.string || text == name || FoldedKey(permissionGroup) == FoldedKey(name) { return true }
        return (pinned + review.newcomers).contains { group in
            group.dn == name || "\(group.anchor)" == name.string || FoldedKey(group.name) == FoldedKey(name)
        }
    }
}
