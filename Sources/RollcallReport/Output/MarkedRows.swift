public import RollcallCore

/// Rows whose changes are marked as seen or not, by whoever knows what was reviewed.
public struct MarkedRows: PlanRows {
    /// Shows each marked row to its argument, which answers `false` when it wants no more.
    public typealias Rows = (_ body: (PlanRow) throws -> Bool) throws -> Void

    private let rows: Rows
    /// Whether changes that were seen are left out; those that keep a last holder never are.
    private let hidesSeen: Bool

    public init(hidesSeen: Bool, _ rows: @escaping Rows) {
        self.hidesSeen = hidesSeen
        self.rows = rows
    }

    public func forEachRow(_ body: (PlanRow) throws -> Bool) throws {
        try rows { row in
            guard hidesSeen, row.changes.contains(where: MarkedRows.isHidden) else { return try body(row) }
            var row = row
            row.changes.removeAll(where: MarkedRows.isHidden)
            return row.isEmpty ? true : try body(row)
        }
    }

    /// How many changes are marked as seen.
    public static func seenCount(_ rows: Rows) throws -> Int {
        var count = 0
        try rows { row in
            count += row.changes.filter(isHidden).count
            return true
        }
        return count
    }

    private static func isHidden(_ change: Change) -> Bool { change.isSeen && change.heldBy != .lastHolder }
}
