internal import RollcallCore

/// The rows of the run that filed a held plan, read alongside the pairs: both are in the order of the anchors.
final class ReviewedRows {
    private let rows: Statement
    private let subject: String
    private let reviewed: ReviewedChanges
    /// The rows about what accounts share, which come first.
    private var shared: [PlanRow] = []
    private var current: PlanRow?
    private var isAtEnd = false
    /// Held changes of rows that were passed over.
    private(set) var vanished = 0

    /// - Parameter selection: which of the plan's changes are asked for.
    init(_ connection: Connection, of plan: HeldPlan, _ selection: ChangeSelection = .all) throws(StoreError) {
        subject = connection.subject
        let run = try connection.prepare("SELECT first_event, last_event, record FROM runs WHERE id = ?1")
        run.bind(1, text: Text(plan.run.description))
        guard try run.step(), let record = RunRecord(record: run.bytes(2)) else {
            throw StoreError(.corrupt, subject: connection.subject, message: "the run of a held plan is missing")
        }
        reviewed = ReviewedChanges(of: plan, filedBy: record, rejected: try HeldChangeList(connection).rejected(), selection)
        rows = try connection.prepare("SELECT record FROM audit WHERE seq BETWEEN ?1 AND ?2 AND kind = 1 ORDER BY seq")
        rows.bind(1, run.number(0)).bind(2, run.number(1))
        try advance()
        while let row = current, row.subject != .entry {
            shared.append(row)
            try advance()
        }
    }

    /// The held changes of a row about what accounts share, each asked for once.
    func changes(ofShared row: PlanRow) -> [Change] {
        guard let place = shared.firstIndex(where: { $0.subject == row.subject && $0.label == row.label }) else { return [] }
        return held(in: shared.remove(at: place))
    }

    /// The held changes of one entry; anchors are asked for in their order.
    ///
    /// - Parameter passed: shown the label and the held changes of each row that is passed over.
    func changes(of anchor: Anchor, passing passed: (Text, [Change]) -> Void = { _, _ in }) throws(StoreError) -> [Change] {
        while let row = current, row.anchor < anchor {
            vanished += held(in: row).count
            passed(row.label, held(in: row))
            try advance()
        }
        guard let row = current, row.anchor == anchor else { return [] }
        try advance()
        return held(in: row)
    }

    /// Counts what is left, and shows it as ``changes(of:passing:)`` does.
    func finish(passing passed: (Text, [Change]) -> Void = { _, _ in }) throws(StoreError) {
        for row in shared {
            vanished += held(in: row).count
            passed(row.label, held(in: row))
        }
        shared = []
        while let row = current {
            vanished += held(in: row).count
            passed(row.label, held(in: row))
            try advance()
        }
    }

    private func held(in row: PlanRow) -> [Change] {
        reviewed.changes(of: row)
    }

    private func advance() throws(StoreError) {
        if isAtEnd { return }
        guard try rows.step() else {
            isAtEnd = true
            current = nil
            return
        }
        guard let row = PlanRow(record: rows.bytes(0)) else {
            throw StoreError(.corrupt, subject: subject, message: "a row of a held plan does not decode")
        }
        current = row
    }
}
