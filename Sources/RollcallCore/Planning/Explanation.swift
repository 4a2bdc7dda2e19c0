/// Everything that is known about one user, and what the next run would do.
public struct Explanation: Sendable {
    public var pair: Pair
    /// The attributes that the rules read, with their values as delivered.
    public var attributes: [(name: AttributeName, values: [[UInt8]])]
    /// Every status rule with what it says.
    public var rulings: [StatusRuling]
    /// What the next run would do, and what it would leave alone and why.
    public var decision: Decision
    /// Whole-plan holds that would stop the run from doing it.
    public var holds: [GuardResult]

    public init(
        pair: Pair, attributes: [(name: AttributeName, values: [[UInt8]])], rulings: [StatusRuling], decision: Decision,
        holds: [GuardResult]
    ) {
        self.pair = pair
        self.attributes = attributes
        self.rulings = rulings
        self.decision = decision
        self.holds = holds
    }

    /// Why the user cannot log in today, in one line; `nil` when they can.
    public var obstacle: String? {
        switch pair.user?.status {
        case .active: return nil
        case .invited: return "the account is invited: it has no access until the person accepts"
        case .inactive where pair.user?.isHeld == true:
            return "the account was deactivated here by an administrator; `rollcall users release` ends that"
        case .inactive:
            switch pair.side {
            case .present(let desired): return "the account is inactive: \(desired.status.reason.sentence)"
            case .absent: return "the account is inactive: its entry is not in the directory"
            case .rejected(let reason): return "the account is inactive, and its entry cannot be used: \(reason)"
            }
        case .deleted: return "the account is deleted"
        case nil: return "there is no account"
        }
    }
}
