public import RollcallCore

/// The held plans; as JSON `rollcall.plans/1`.
public struct HeldPlanList {
    private let plans: [HeldPlan]

    public init(_ plans: [HeldPlan]) {
        self.plans = plans
    }

    /// Writes a line for each plan.
    public func writeText(style: TextStyle = TextStyle(), to output: inout ReportOutput) throws {
        try table.writeText(rows, style: style, to: &output)
    }

    /// Writes one JSON text with a line for each plan.
    public func writeJSON(to output: inout ReportOutput) throws {
        try table.writeJSON(rows, to: &output)
    }

    private func rows(_ body: ([Table.Cell]) -> Bool) throws {
        for plan in plans where !body(cells(of: plan)) { return }
    }

    private var table: Table {
        Table(
            schema: "rollcall.plans/1", name: "plans",
            columns: [
                Table.Column("id", title: "PLAN"), Table.Column("state", title: "STATE"),
                Table.Column("changes", title: "CHANGES", isRightAligned: true), Table.Column("filed", title: "FILED"),
                Table.Column("seen", title: "LAST HELD"), Table.Column("run", title: "BY RUN"),
                Table.Column("decided_by", title: "DECIDED BY"), Table.Column("decided_at", title: "DECIDED"),
                Table.Column("reason", title: "REASON"),
            ],
            emptyText: "Nothing waits.")
    }

    private func cells(of plan: HeldPlan) -> [Table.Cell] {
        [
            .string(plan.id.description), .string(plan.state.rawValue), .number(plan.changes), .time(plan.filed), .time(plan.seen),
            .string(plan.run.description), plan.decidedBy.map { .text($0) } ?? .none, plan.decidedAt.map { .time($0) } ?? .none,
            .text(plan.reason),
        ]
    }
}
