public import RollcallCore

/// The held plans; as JSON `rollcall.plans/1`.
public struct HeldPlanList {
    private let plans: [HeldPlan]

    public init(_ plans: [HeldPlan]) {
        self.plans = plans
    }

    /// The plans as rows of ``table``.
    public func rows(_ body: ([Table.Cell]) -> Bool) throws {
        for plan in plans where !body(cells(of: plan)) { return }
    }

    /// The table that the plans are shown in.
    public var table: Table {
        Table(
            schema: "rollcall.plans/1", name: "plans",
            columns: [
                Table.Column("id", title: "PLAN"), Table.Column("state", title: "STATE"),
                Table.Column("changes", title: "CHANGES", isRightAligned: true),
                Table.Column("losses", title: "LOSE ACCESS", isRightAligned: true), Table.Column("filed", title: "FILED"),
                Table.Column("seen", title: "LAST HELD"), Table.Column("run", title: "BY RUN"),
                Table.Column("decided_by", title: "DECIDED BY"), Table.Column("decided_at", title: "DECIDED"),
                Table.Column("reason", title: "REASON"), Table.Column("difference", title: "DIFFERENCE"),
                Table.Column("digest", title: "DIGEST"),
            ],
            emptyText: "Nothing waits.")
    }

    private func cells(of plan: HeldPlan) -> [Table.Cell] {
        [
            .string(plan.id.description), .string(plan.state.rawValue), .number(plan.changes), .number(plan.losses), .time(plan.filed),
            .time(plan.seen),
            .string(plan.run.description), plan.decidedBy.map { .text($0) } ?? .none, plan.decidedAt.map { .time($0) } ?? .none,
            .text(plan.reason), plan.difference.map { .text($0) } ?? .none,
            plan.digest.map { .string($0.description) } ?? .none,
        ]
    }
}
