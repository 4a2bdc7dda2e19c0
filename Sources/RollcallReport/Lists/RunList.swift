public import RollcallCore

/// The runs that are kept, newest first or as the caller orders them; as JSON `rollcall.runs/1`.
public struct RunList {
    /// Shows each run to its argument, which answers `false` when it wants no more.
    public typealias Runs = (_ body: (RunRecord) -> Bool) throws -> Void

    private let runs: Runs

    public init(_ runs: @escaping Runs) {
        self.runs = runs
    }

    /// A list of runs that are in memory already.
    public init(_ records: [RunRecord]) {
        runs = { body in
            for record in records where !body(record) { return }
        }
    }

    /// The runs as rows of ``table``.
    public func rows(_ body: ([Table.Cell]) -> Bool) throws {
        try runs { body(cells(of: $0)) }
    }

    /// The table that the runs are shown in.
    public var table: Table {
        Table(
            schema: "rollcall.runs/1", name: "runs",
            columns: [
                Table.Column("id", title: "RUN"), Table.Column("started", title: "STARTED"), Table.Column("finished", title: "FINISHED"),
                Table.Column("mode", title: "MODE"), Table.Column("outcome", title: "OUTCOME"),
                Table.Column("changes", title: "CHANGES", isRightAligned: true), Table.Column("held", title: "HELD", isRightAligned: true),
                Table.Column("conflict", title: "CONFLICTS", isRightAligned: true), Table.Column("approved", title: "APPROVED"),
                Table.Column("actor", title: "BY"), Table.Column("reason", title: "REASON"),
            ],
            emptyText: "No runs are kept.")
    }

    private func cells(of record: RunRecord) -> [Table.Cell] {
        [
            .string(record.id.description), .time(record.started), .time(record.finished),
            .string(record.mode.rawValue), .string(record.outcome.rawValue), .number(record.summary.changes), .number(record.summary.held),
            .number(record.summary.conflict), .flag(record.isApproved), .text(record.actor), record.reason.map { .string($0) } ?? .none,
        ]
    }
}
