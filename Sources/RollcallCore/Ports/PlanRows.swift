/// Where a report takes its rows from: a plan that is being shown, or a run that was kept.
///
/// Rows come in the order of their anchors, as often as asked.
public protocol PlanRows {
    /// Shows each row to `body`; stops when it returns `false`.
    func forEachRow(_ body: (PlanRow) throws -> Bool) throws

    /// Shows each row to `body` in its canonical bytes, which are lent for the call; stops when it returns `false`.
    ///
    /// It is for whoever wants few of many rows whole.
    func forEachRecord(_ body: (RowRecord) throws -> Bool) throws
}

extension PlanRows {
    public func forEachRecord(_ body: (RowRecord) throws -> Bool) throws {
        try forEachRow { row in
            try row.record.withUnsafeBytes { try RowRecord($0).map(body) ?? true }
        }
    }
}
