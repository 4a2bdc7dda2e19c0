internal import RollcallCore

/// What a person is shown of a plan's rows: the first of every kind by name, and how many there are.
struct Highlights {
    /// A change with whom it is about.
    struct ChangeLine {
        let label: Text
        let anchor: Anchor
        let change: Change
    }

    /// A remark with whom it is about; `label` is `nil` for one about the whole run.
    struct RemarkLine {
        let label: Text?
        let anchor: Anchor
        /// Whether there is a user already.
        let hasUser: Bool
        let remark: Remark

        init(_ remark: Remark, of row: PlanRow?) {
            label = row?.label
            anchor = row?.anchor ?? Anchor([])
            hasUser = row?.userID != nil
            self.remark = remark
        }

        /// What resolves it; empty when nothing is to be done.
        var advice: String { remark.cause.advice(label: label ?? .empty, anchor: anchor) }
    }

    /// The changes that wait for nothing of their own, by action.
    private var changes: [FirstFew<ChangeLine>]
    /// The changes that a guard holds by themselves, by guard.
    private(set) var held: [GuardName: FirstFew<ChangeLine>] = [:]
    /// The changes of each action that a guard holds by themselves.
    private(set) var heldCount: [Action: Int] = [:]
    /// The remarks that the last applied run did not have, by kind.
    private(set) var remarks: [Remark.Kind: FirstFew<RemarkLine>] = [:]
    /// How many remarks of each kind the last applied run had too.
    private(set) var known: [Remark.Kind: Int] = [:]
    /// How many of each kind a person has acknowledged.
    private(set) var acknowledged: [Remark.Kind: Int] = [:]

    private let limit: Int

    /// Reads the rows once.
    init(of rows: any PlanRows, runWide: [Remark], limit: Int) throws {
        self.limit = limit
        changes = Action.allCases.map { _ in FirstFew(limit, by: ChangeLine.precedes) }
        for remark in runWide { add(remark, nil) }
        try rows.forEachRecord { record in
            if passes(record) { return true }
            let row = try record.decoded()
            for change in row.changes { add(change, row) }
            for remark in row.remarks { add(remark, row) }
            return true
        }
    }

    /// Counts a row of which nothing would be kept, without decoding it: nearly all of many are such.
    private mutating func passes(_ record: RowRecord) -> Bool {
        var isPassing = true
        let remarks = record.forEachChange { change in
            if isPassing { isPassing = change.heldBy == nil && !changes[change.action.place].mayKeep { !$0.label.precedes(record.label) } }
        }
        guard isPassing, remarks == 0 else { return false }
        _ = record.forEachChange { changes[$0.action.place].pass() }
        return true
    }

    /// The changes of one action that wait for nothing of their own.
    func changes(_ action: Action) -> FirstFew<ChangeLine> { changes[action.place] }

    /// The number of changes that take a privileged group's last holder, which no approval lets pass.
    var lastHolderCount: Int { held[.lastHolder]?.count ?? 0 }

    private mutating func add(_ change: Change, _ row: PlanRow) {
        if let guardName = change.heldBy {
            heldCount[change.action, default: 0] += 1
            held[guardName, default: FirstFew(limit, by: ChangeLine.precedes)].offer(
                ChangeLine(label: row.label, anchor: row.anchor, change: change), unless: { $0.label < row.label })
        } else {
            changes[change.action.place].offer(
                ChangeLine(label: row.label, anchor: row.anchor, change: change), unless: { $0.label < row.label })
        }
    }

    /// Adds a remark about a row, or about the whole run.
    private mutating func add(_ remark: Remark, _ row: PlanRow?) {
        if remark.isAcknowledged {
            acknowledged[remark.kind, default: 0] += 1
        } else if remark.isNew {
            remarks[remark.kind, default: FirstFew(limit, by: RemarkLine.precedes)].offer(
                RemarkLine(remark, of: row))
        } else {
            known[remark.kind, default: 0] += 1
        }
    }
}

extension Highlights.ChangeLine {
    static func precedes(_ left: Self, _ right: Self) -> Bool {
        if left.label != right.label { return left.label < right.label }
        if left.anchor != right.anchor { return left.anchor < right.anchor }
        if left.change.group != right.change.group { return (left.change.group ?? .empty) < (right.change.group ?? .empty) }
        return left.change.digest < right.change.digest
    }
}

extension Highlights.RemarkLine {
    /// What is about the whole run comes first, in the order in which it was said.
    static func precedes(_ left: Self, _ right: Self) -> Bool {
        guard let leftLabel = left.label, let rightLabel = right.label else { return left.label == nil && right.label != nil }
        if leftLabel != rightLabel { return leftLabel < rightLabel }
        if left.anchor != right.anchor { return left.anchor < right.anchor }
        return (left.remark.code, left.remark.message) < (right.remark.code, right.remark.message)
    }
}
