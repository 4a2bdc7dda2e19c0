internal import RollcallCore

/// What a report says in words, the same in every rendering for a person.
///
/// All of it is plain text in which everything that could act on a terminal, or hide, is written out already. A rendering for
/// anything but a terminal escapes it once more, for its own markup.
struct Wording {
    let record: RunRecord
    let context: ReportContext
    /// The columns that one value from outside may take before it is cut with `…`.
    let valueWidth: Int

    /// A value from outside.
    func shown(_ value: Text?) -> DisplayText {
        guard let value else { return DisplayText(plain: "(none)") }
        return value.isEmpty ? DisplayText(plain: "\"\"") : DisplayText(value, limit: valueWidth)
    }

    /// A sentence that may quote values from outside; it may be longer than a value.
    func shown(_ sentence: String) -> DisplayText {
        let (limit, overflow) = valueWidth.multipliedReportingOverflow(by: 3)
        return DisplayText(sentence, limit: overflow ? valueWidth : limit)
    }

    /// The server, what was read from it, and the run: where the report comes from, each with its name.
    func provenance(_ standing: Standing) -> [(name: String, text: DisplayText)] {
        var facts: [(name: String, text: DisplayText)] = [("source", shown(place)), ("run", shown(run))]
        if let head = context.auditHead {
            facts.append(("audit", shown(context.auditCount.map { "\($0):\(head)" } ?? head)))
        }
        if let reason = record.reason, !isToldElsewhere(reason, standing) { facts.append(("why", shown(reason))) }
        if let seen = context.seen {
            facts.append(("new", DisplayText(plain: "changes that you have not reviewed; + \(seen.grouped) seen before")))
        }
        if context.isRedacted {
            let note = "redacted: each name has a pseudonym, the same throughout this report and another one in the next"
            facts.append(("names", DisplayText(plain: note)))
        }
        return facts
    }

    private var place: String {
        let source = record.source
        var place = "\(source.name) (\(source.type))"
        if let proof = source.proof {
            place += " \(proof.server): \(proof.users.counted("user")), \(proof.groups.counted("group"))"
            if proof.rejected > 0 { place += ", \(proof.rejected.grouped) rejected" }
            place += ", \(proof.extent.inWords)"
        } else {
            place += record.outcome == .stale || record.isPaused ? ": not read" : ": not read whole"
        }
        return place
    }

    private var run: String {
        let length = record.finished.span(since: record.started).seconds
        return "\(record.id), \(record.mode.rawValue), started \(record.started.wholeSeconds), took \(Int(length).grouped) s"
    }

    /// What there is of each kind, kinds of which there is nothing left out; empty when the source was not read whole.
    func counts(_ highlights: Highlights) -> [(name: String, count: Int, note: String)] {
        let summary = record.summary
        var counts: [(name: String, count: Int, note: String)] = Action.allCases.map { action in
            let held = highlights.heldCount[action] ?? 0
            return (action.rawValue, summary[action], held > 0 ? "\(held.grouped) of them held" : "")
        }
        counts += [
            ("unchanged", summary.unchanged, ""), ("undecided", summary.undecided, ""),
            ("conflict", summary.conflict, summary.newConflict > 0 ? "\(summary.newConflict.grouped) new" : ""),
            ("drift", summary.drift, ""), ("protected", summary.protected, ""), ("ignored", summary.ignored, ""),
            ("unmapped groups", summary.unmappedGroups, ""),
        ]
        counts.removeAll { $0.count == 0 }
        return record.source.proof == nil ? [] : counts
    }
}

extension ReadExtent {
    /// How the source was read, behind what it has.
    fileprivate var inWords: String {
        switch self {
        case .whole: "read whole"
        case .changes: "of which what has changed was read"
        case .unchanged: "as they were when they were last applied"
        case .lastSnapshot: "as they were last applied, not read now"
        }
    }
}
