/// A rule that maps what upstream says to a local status.
public struct StatusRule: Hashable, Sendable {
    /// What the rule looks at.
    public enum Test: Hashable, Sendable {
        /// The entry matches a filter.
        case when(Condition)
        /// The time in the attribute has passed; read as FILETIME, shadow days or generalizedTime by the attribute's name.
        case expired(AttributeName)
    }

    /// What it says when it matches. Later cases are stricter and win.
    public enum Outcome: String, Hashable, Sendable, CaseIterable, Comparable {
        case active
        case inactive
        /// Inactive at once, and deleted after `lifecycle.delete_after`.
        case deleted

        private var strictness: Int {
            switch self {
            case .active: 0
            case .inactive: 1
            case .deleted: 2
            }
        }

        public static func < (left: Outcome, right: Outcome) -> Bool { left.strictness < right.strictness }
    }

    public let test: Test
    public let outcome: Outcome
    /// `true` when config says that an absent attribute means unknown; `nil` leaves it to the attribute's nature.
    public let absentMeansUnknown: Bool?
    /// The rule's text in config, shown in reasons.
    public let text: String
    /// Whether it came with the flavor rather than from config.
    public let isDefault: Bool
    /// Whether it deletes without waiting; only with ``Outcome/deleted``.
    public var isImmediate = false
    /// Whether it tells of a lock that passes, which `lifecycle.temporary_lock` decides about.
    public var isTemporary = false

    public init(test: Test, outcome: Outcome, absentMeansUnknown: Bool? = nil, text: String, isDefault: Bool = false) {
        self.test = test
        self.outcome = outcome
        self.absentMeansUnknown = absentMeansUnknown
        self.text = text
        self.isDefault = isDefault
    }

    /// The attributes that it reads.
    public var attributes: [AttributeName] {
        switch test {
        case .when(let condition): condition.attributes
        case .expired(let name): [name]
        }
    }

    /// Whether the absence of `attribute` leaves the rule unknown: it is a *state*. Otherwise it is a *marker*, whose absence
    /// means no restriction.
    public func isState(_ attribute: AttributeName) -> Bool {
        if attribute.isAnswer { return false }
        return absentMeansUnknown ?? (attribute == StatusRule.userAccountControl || (attribute == .active && isOfResources))
    }

    /// Whether it asks about SCIM resources, whose `active` is a state.
    private var isOfResources: Bool {
        if case .when(.scim) = test { true } else { false }
    }

    private static let userAccountControl = AttributeName(known: "userAccountControl")
}
