internal import RollcallCore

/// The rows of the plan in their order, each with what was staged for it. One row at a time lies open; its bytes are lent.
final class PlannedRows {
    private let plan: Statement
    private let subject: String

    init(_ connection: Connection) throws(StoreError) {
        subject = connection.subject
        plan = try connection.prepare(
            """
            SELECT p.anchor, p.known, p.user_id, p.state, p.due, p.writes, p.row, s.kind, s.digest, s.member_key, s.present, s.image,
            p.approved
            FROM temp.plan p LEFT JOIN temp.staged s ON s.id = p.staged ORDER BY p.seq
            """)
    }

    /// Opens the next row; `false` at the end.
    func next() throws(StoreError) -> Bool {
        try plan.step()
    }

    /// Whether the row is about an entry, rather than about what accounts share.
    var isEntry: Bool { !plan.isNull(7) }
    /// The entry's id in the connector space; `nil` when it is new.
    var known: Int64? { plan.optionalNumber(1) }
    /// The linked user before the run.
    var userID: Int64? { plan.optionalNumber(2) }
    var state: Int64 { plan.number(3) }
    var due: Int64? { plan.optionalNumber(4) }
    /// Whether the connector space is to be brought up to date.
    var writes: Bool { plan.number(5) != 0 }
    var kind: StagedKind { StagedKind(rawValue: plan.number(7)) ?? .present }
    var presence: Int64 { plan.number(10) }

    var anchor: UnsafeRawBufferPointer { plan.lent(0) }
    var digest: UnsafeRawBufferPointer { plan.lent(8) }
    var memberKey: UnsafeRawBufferPointer { plan.lent(9) }
    var image: UnsafeRawBufferPointer { plan.lent(11) }

    /// The digests of the changes that a person approved one by one.
    var approved: Set<Digest> { plan.isNull(12) ? [] : plan.digests(12) }

    /// What is to be done and said; `nil` when there is nothing.
    func record() throws(StoreError) -> RowRecord? {
        if plan.isNull(6) { return nil }
        guard let record = RowRecord(plan.lent(6)) else { throw damaged }
        return record
    }

    /// A row that does not decode.
    var damaged: StoreError {
        StoreError(.corrupt, subject: subject, message: "a row of the plan does not decode")
    }
}
