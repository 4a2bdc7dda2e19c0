/// Where a report takes its rows from: a plan that is being shown, or a run that was kept.
///
/// Rows come in the order of their anchors, as often as asked.
public protocol PlanRows {
    /// Shows each row to `body`; stops when it returns `false`.
    func forEachRow(_ body: (PlanRow) throws -> Bool) throws
}
