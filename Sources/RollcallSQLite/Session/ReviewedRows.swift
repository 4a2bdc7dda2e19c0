internal import RollcallCore

/// The rows of the run that filed a held plan, read alongside the pairs: both are in the order of the anchors.
final class ReviewedRows {
    private let rows: Statement
    private let subject: String
    /// Whether a guard held all of the run's changes rather than those that it named.
    private let isWhole: Bool
    private var current: PlanRow?
    private var isAtEnd = false
    /// Held changes of rows that were passed over.
    private(set) var vanished = 0

    init(_ connection: Connection, of plan: HeldPlan) throws(StoreError) {
        subject = connection.subject
        let run = try connection.prepare("SELECT first_event, last_event, record FROM runs WHERE id = ?1")
        run.bind(1, text: Text(plan.run.description))
        guard try run.step(), let record = RunRecord(record: run.bytes(2)) else {
            throw StoreError(.corrupt, subject: connection.subject, message: "the run of a held plan is missing")
        }
        isWhole = record.guards.contains { $0.verdict == .held && $0.reach == .plan }
        rows = try connection.prepare("SELECT record FROM audit WHERE seq BETWEEN ?1 AND ?2 AND kind = 1 ORDER BY seq")
        rows.bind(1, run.number(0)).bind(2, run.number(1))
        try advance()
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
        while let row = current {
            vanished += held(in: row).count
            passed(row.label, held(in: row))
            try advance()
        }
    }

    private func held(in row: PlanRow) -> [Change] {
        row.changes.filter { $0.heldBy != .lastHolder && (isWhole || $0.heldBy != nil) }
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
