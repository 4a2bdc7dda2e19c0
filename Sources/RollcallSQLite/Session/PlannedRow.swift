internal import Dispatch
internal import RollcallCore
internal import Synchronization

/// One row of the plan with what was staged for it.
struct PlannedRow: Sendable {
    var anchor: [UInt8]
    /// The entry's id in the connector space; `nil` when it is new.
    var known: Int64?
    var userID: Int64?
    var state: Int64
    var due: Int64?
    /// Whether the connector space is to be brought up to date.
    var writes: Bool
    /// The canonical bytes of what is to be done and said; `nil` when there is nothing.
    var record: [UInt8]?
    /// The same, decoded.
    var row: PlanRow?
    var kind: StagedKind
    var digest: [UInt8]
    var memberKey: [UInt8]
    var presence: Int64
    var image: [UInt8]
}

/// Reads the plan in its order, some rows at a time, and decodes them on all cores.
struct PlannedRows {
    private let plan: Statement
    private let subject: String
    private var isAtEnd = false

    private static let together = 1024

    init(_ connection: Connection) throws(StoreError) {
        subject = connection.subject
        plan = try connection.prepare(
            """
            SELECT p.anchor, p.known, p.user_id, p.state, p.due, p.writes, p.row, s.kind, s.digest, s.member_key, s.present, s.image
            FROM temp.plan p JOIN temp.staged s ON s.id = p.staged ORDER BY p.seq
            """)
    }

    /// The next rows; none at the end.
    mutating func next() throws(StoreError) -> [PlannedRow] {
        var rows: [PlannedRow] = []
        rows.reserveCapacity(PlannedRows.together)
        while rows.count < PlannedRows.together, !isAtEnd {
            guard try plan.step() else {
                isAtEnd = true
                break
            }
            rows.append(
                PlannedRow(
                    anchor: plan.bytes(0), known: plan.optionalNumber(1), userID: plan.optionalNumber(2), state: plan.number(3),
                    due: plan.optionalNumber(4), writes: plan.number(5) != 0, record: plan.isNull(6) ? nil : plan.bytes(6), row: nil,
                    kind: StagedKind(rawValue: plan.number(7)) ?? .present, digest: plan.bytes(8), memberKey: plan.bytes(9),
                    presence: plan.number(10), image: plan.bytes(11)))
        }
        let decoded = PlannedRows.decoded(rows)
        for index in rows.indices {
            rows[index].row = decoded[index]
            if rows[index].record != nil, rows[index].row == nil {
                throw StoreError(.corrupt, subject: subject, message: "a row of the plan does not decode")
            }
        }
        return rows
    }

    private static func decoded(_ rows: [PlannedRow]) -> [PlanRow?] {
        let parts = rows.count < 128 ? 1 : 4
        let share = (rows.count + parts - 1) / parts
        let results = Mutex<[[PlanRow?]]>(Array(repeating: [], count: parts))
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let range = min(part * share, rows.count)..<min((part + 1) * share, rows.count)
            let decoded = rows[range].map { row in row.record.flatMap { PlanRow(record: $0, digests: false) } }
            results.withLock { $0[part] = decoded }
        }
        return results.withLock { Array($0.joined()) }
    }
}
