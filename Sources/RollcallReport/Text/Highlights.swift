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
        let remark: Remark
    }

    /// The changes that wait for nothing of their own, by action.
    private(set) var changes: [Action: FirstFew<ChangeLine>] = [:]
    /// The changes that a guard holds by themselves, by guard.
    private(set) var held: [GuardName: FirstFew<ChangeLine>] = [:]
    /// The changes of each action that a guard holds by themselves.
    private(set) var heldCount: [Action: Int] = [:]
    /// The remarks that the last applied run did not have, by kind.
    private(set) var remarks: [Remark.Kind: FirstFew<RemarkLine>] = [:]
    /// How many remarks of each kind the last applied run had too.
    private(set) var known: [Remark.Kind: Int] = [:]

    private let limit: Int

    /// Reads the rows once.
    init(of rows: any PlanRows, runWide: [Remark], limit: Int) throws {
        self.limit = limit
        for remark in runWide { add(RemarkLine(label: nil, anchor: Anchor([]), remark: remark)) }
        try rows.forEachRow { row in
            for change in row.changes { add(ChangeLine(label: row.label, anchor: row.anchor, change: change)) }
            for remark in row.remarks { add(RemarkLine(label: row.label, anchor: row.anchor, remark: remark)) }
            return true
        }
    }

    private mutating func add(_ line: ChangeLine) {
        if let guardName = line.change.heldBy {
            heldCount[line.change.action, default: 0] += 1
            held[guardName, default: FirstFew(limit, by: ChangeLine.precedes)].offer(line)
        } else {
            changes[line.change.action, default: FirstFew(limit, by: ChangeLine.precedes)].offer(line)
        }
    }

    private mutating func add(_ line: RemarkLine) {
        if line.remark.isNew {
            remarks[line.remark.kind, default: FirstFew(limit, by: RemarkLine.precedes)].offer(line)
        } else {
            known[line.remark.kind, default: 0] += 1
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
