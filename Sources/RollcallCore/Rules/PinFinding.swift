/// What is the matter with the groups that a `from` rule has pinned.
public struct PinFinding: Hashable, Sendable {
    /// A group as the finding names it.
    public struct Group: Hashable, Sendable {
        public var dn: Text
        public var anchor: Anchor

        public init(dn: Text, anchor: Anchor) {
            self.dn = dn
            self.anchor = anchor
        }
    }

    /// Where the groups are that the reading does not have, by the least certain of them.
    public enum Whereabouts: Hashable, Sendable {
        /// They could not be looked up.
        case unconfirmed(String)
        /// They were not looked up.
        case notInReading
        /// One is outside of base or filter.
        case leftScope(Text)
        /// One is not below the base, of which a part lies on other servers.
        case notBelowBase(PartialContext)
        /// The directory has them no more.
        case gone
    }

    public enum State: Hashable, Sendable {
        /// The rule meets no group.
        case unmatched
        /// The groups are where the rule says.
        case pinned
        /// The groups have other names now.
        case followed([Group])
        /// Groups are not in the reading; whether the rule pins what it meets.
        case missing([Group], Whereabouts, pins: Bool)
        /// The rule says other groups than those that it has pinned.
        case replaced([Group], lost: [Group])
    }

    /// The rule's number, from 1.
    public var rule: Int
    /// The rule's text in config.
    public var text: Text
    public var state: State

    public init(rule: Int, text: Text, _ state: State) {
        self.rule = rule
        self.text = text
        self.state = state
    }
}

extension PinStanding {
    /// What is the matter with the rule's groups.
    public var finding: PinFinding {
        func groups(_ pinned: [PinnedGroup]) -> [PinFinding.Group] { pinned.map { PinFinding.Group(dn: $0.dn, anchor: $0.anchor) } }
        let state: PinFinding.State =
            switch review.state {
            case .unmatched: .unmatched
            case .pinned: .pinned
            case .followed: .followed(groups(review.followed))
            case .missing: .missing(groups(review.lost), whereabouts, pins: selector.pins)
            case .replaced: .replaced(groups(review.newcomers), lost: groups(review.lost))
            }
        return PinFinding(rule: rule, text: text, state)
    }

    /// What looking the missing groups up has shown, the least certain first.
    private var whereabouts: PinFinding.Whereabouts {
        let found = review.lost.map { absences[$0.anchor] ?? .notLookedUp }
        for absence in found { if case .unconfirmed(let doubt) = absence { return .unconfirmed(doubt) } }
        if found.contains(.notLookedUp) { return .notInReading }
        for absence in found { if case .leftScope(let dn) = absence { return .leftScope(dn) } }
        for absence in found { if case .notBelowBase(let place) = absence { return .notBelowBase(place) } }
        return .gone
    }
}
