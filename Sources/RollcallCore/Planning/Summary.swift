/// How many changes and remarks a plan has, of each kind.
///
/// Changes are counted by their action, held ones too; `held` counts those again.
public struct Summary: Hashable, Sendable {
    private var actions: [Int] = Array(repeating: 0, count: Action.allCases.count)
    /// Linked users and entries about which there is nothing to do.
    public var unchanged = 0
    public var held = 0
    public var drift = 0
    public var conflict = 0
    /// Conflicts that the last applied run did not have.
    public var newConflict = 0
    public var undecided = 0
    /// Those of them that are about accounts which have access.
    public var undecidedActive = 0
    public var protected = 0
    public var ignored = 0
    public var unmappedGroups = 0
    public var warnings = 0

    public init() {}

    /// The changes of one action.
    public subscript(action: Action) -> Int {
        get { actions[action.place] }
        set { actions[action.place] = newValue }
    }

    /// All changes, held ones too.
    public var changes: Int { actions.reduce(0, +) }

    /// Adds what one row says.
    public mutating func add(_ row: PlanRow) {
        for change in row.changes {
            self[change.action] += 1
            if change.heldBy != nil { held += 1 }
        }
        for remark in row.remarks {
            switch remark.kind {
            case .conflict:
                conflict += 1
                if remark.isNew { newConflict += 1 }
            case .undecided:
                undecided += 1
                if remark.isPressing { undecidedActive += 1 }
            case .drift: drift += 1
            case .protected: protected += 1
            case .warning: warnings += 1
            }
        }
    }

    /// Adds what another part of the same plan has.
    public mutating func add(_ other: Summary) {
        for action in Action.allCases { self[action] += other[action] }
        unchanged += other.unchanged
        held += other.held
        drift += other.drift
        conflict += other.conflict
        newConflict += other.newConflict
        undecided += other.undecided
        undecidedActive += other.undecidedActive
        protected += other.protected
        ignored += other.ignored
        unmappedGroups += other.unmappedGroups
        warnings += other.warnings
    }
}
