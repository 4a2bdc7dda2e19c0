public import RollcallCore

/// The report of the run whose plan an approver has decided about last.
public struct ReviewedReport {
    /// The run.
    public let run: RunID
    private let events: ClosedRange<Int64>
    private let reader: StoreReader

    init(run: RunID, events: ClosedRange<Int64>, reader: StoreReader) {
        self.run = run
        self.events = events
        self.reader = reader
    }

    /// Shows each row with its changes marked that were in the report; both come in the order of the anchors.
    public func forEachRow(of rows: any PlanRows, _ body: (PlanRow) throws -> Bool) throws {
        let former = try reader.connection.prepare("SELECT record FROM audit WHERE seq BETWEEN ?1 AND ?2 AND kind = 1 ORDER BY seq")
        former.bind(1, events.lowerBound).bind(2, events.upperBound)
        var current: PlanRow?
        func advance() throws {
            guard try former.step() else {
                current = nil
                return
            }
            guard let row = PlanRow(record: former.lent(0)) else { throw reader.damaged("a row of the audit log") }
            current = row
        }
        try advance()
        try rows.forEachRow { row in
            var row = row
            while let known = current, known.anchor < row.anchor { try advance() }
            if let known = current, known.anchor == row.anchor {
                let seen = Set(known.changes.map(\.digest))
                for index in row.changes.indices { row.changes[index].isSeen = seen.contains(row.changes[index].digest) }
            }
            return try body(row)
        }
    }
}

extension StoreReader {
    /// What an approver has reviewed last: the report behind the held plan that they approved or rejected, or the plan that they approved as
    /// a file; `nil` when there is none.
    ///
    /// - Parameter run: the run that is being shown, which is none that was reviewed before.
    public func reviewed(by approver: Text, before run: RunID) throws(StoreError) -> ReviewedReport? {
        let select = try connection.prepare(
            """
            SELECT r.id, r.first_event, r.last_event, p.decided_at AS at, 1 AS rank FROM held_plans p JOIN runs r ON r.seq = p.run
            WHERE p.source = 1 AND p.state IN ('approved', 'rejected') AND p.decided_by = ?1 AND r.id <> ?2
            UNION ALL
            SELECT id, first_event, last_event, finished AS at, 0 AS rank FROM runs WHERE approved = 1 AND actor = ?1 AND id <> ?2
            ORDER BY at DESC, rank DESC LIMIT 1
            """)
        select.bind(1, text: approver).bind(2, text: Text(run.description))
        guard try select.step(), let id = RunID(select.text(0).string) else { return nil }
        return ReviewedReport(run: id, events: select.number(1)...max(select.number(1), select.number(2)), reader: self)
    }
}
