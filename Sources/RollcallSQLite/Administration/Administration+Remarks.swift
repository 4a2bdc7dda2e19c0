internal import RollcallCore

// Drift and conflicts that a person takes as settled.
extension Administration {
    func acknowledge(_ selection: RemarkSelection) throws(StoreError) -> DeedPlan {
        try mark(selection, "there is no drift and no conflict that is not acknowledged already; nothing to do") { $0.insert($1) }
    }

    func withdraw(_ selection: RemarkSelection) throws(StoreError) -> DeedPlan {
        try mark(selection, "nothing of it is acknowledged; nothing to do") { $0.remove($1) }
    }

    /// Goes through what the last applied run said, of which the entries keep the marks.
    ///
    /// - Parameter change: brings the marks of one entry up to date for one remark; whether that changed anything.
    private func mark(
        _ selection: RemarkSelection, _ idle: String, _ change: (inout RemarkMarks, Remark) -> Bool
    ) throws(StoreError) -> DeedPlan {
        let rows = try connection.prepare(
            """
            SELECT a.record FROM audit a JOIN (SELECT first_event, last_event FROM runs WHERE applied = 1 ORDER BY seq DESC LIMIT 1) r
            ON a.seq BETWEEN r.first_event AND r.last_event WHERE a.kind = \(AuditKind.row.rawValue) ORDER BY a.seq
            """)
        let entry = try connection.prepare(
            """
            SELECT e.noted, e.acknowledged, i.image FROM entries e LEFT JOIN entry_images i ON i.id = e.id
            WHERE e.source = 1 AND e.anchor = ?1
            """)
        var selected = SelectedRemarks(selection)
        var plan = DeedPlan(idle: idle)
        while try rows.step() {
            guard let row = PlanRow(record: rows.lent(0), digests: false) else {
                throw StoreError(.corrupt, subject: connection.subject, message: "a row of the audit log does not decode")
            }
            let remarks = row.remarks.filter(\.canBeAcknowledged)
            if remarks.isEmpty { continue }
            entry.bind(1, row.anchor.bytes)
            defer { entry.reset() }
            guard try entry.step(), selected.contains(row, dn: Entry(image: entry.bytes(2)).dn) else { continue }
            let noted = RemarkMarks(entry.bytes(0))
            var kept = RemarkMarks(entry.bytes(1), like: noted)
            let before = kept
            for remark in remarks where noted.contains(remark) && change(&kept, remark) {
                plan.operations.append(operation(row.label, "\(remark.kind.rawValue) \(remark.code): \(remark.message)"))
            }
            guard kept != before else { continue }
            try write("UPDATE entries SET acknowledged = ?2 WHERE source = 1 AND anchor = ?1") { statement in
                statement.bind(1, row.anchor.bytes).bind(2, kept.bytes.isEmpty ? nil : kept.bytes)
            }
        }
        if let name = selected.unmet {
            throw refusal(
                name, "the last applied run had no drift and no conflict about it",
                advice: "name a username, an anchor or a DN as `rollcall report` shows it")
        }
        if !plan.operations.isEmpty { plan.idle = "" }
        return plan
    }
}

extension Remark {
    /// Whether a person can settle it by saying so: what is left alone by rule, and what cannot be decided.
    fileprivate var canBeAcknowledged: Bool {
        switch kind {
        case .conflict, .drift, .protected: true
        case .undecided, .warning: false
        }
    }
}

/// The names that a selection asks for, and which of them were met.
private struct SelectedRemarks {
    private let names: [Text]?
    private var met: Set<Int> = []

    init(_ selection: RemarkSelection) {
        switch selection {
        case .all: names = nil
        case .about(let asked): names = asked
        }
    }

    /// The first name that nothing was about.
    var unmet: Text? { names?.enumerated().first { !met.contains($0.offset) }?.element }

    /// Whether a row is asked for.
    mutating func contains(_ row: PlanRow, dn: ArraySlice<UInt8>) -> Bool {
        guard let names else { return true }
        var isMeant = false
        for (place, name) in names.enumerated()
        where name.string == row.anchor.description || name.utf8.elementsEqual(dn) || FoldedKey(name) == FoldedKey(row.label) {
            met.insert(place)
            isMeant = true
        }
        return isMeant
    }
}
