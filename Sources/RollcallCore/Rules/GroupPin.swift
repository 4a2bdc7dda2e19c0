/// An upstream group as a `from` rule has pinned it: by its immutable id, with the names that it had when it was last seen.
public struct PinnedGroup: Hashable, Sendable {
    public var anchor: Anchor
    public var name: Text
    public var dn: Text

    public init(anchor: Anchor, name: Text, dn: Text) {
        self.anchor = anchor
        self.name = name
        self.dn = dn
    }
}

/// How the upstream groups that a `from` rule has pinned stand in a reading.
public enum PinState: String, Hashable, Sendable, CaseIterable {
    /// The rule never met a group.
    case unmatched
    /// They are where the rule says.
    case pinned
    /// One is called otherwise, or stands elsewhere, and is still the one that is meant.
    case followed
    /// One is not in the reading.
    case missing
    /// Another group is what the rule says now.
    case replaced
}

/// What a `from` rule means in one reading, given what it has pinned.
///
/// | pinned | what the rule says now | it means | waits for a person |
/// | --- | --- | --- | --- |
/// | nothing | nothing | nothing | |
/// | nothing | some group | that group, which is pinned | |
/// | a group that is there | the same, or no group | the pinned one, whatever it is called | |
/// | a group that is not there | no group | nothing | what ends with the pinned one |
/// | a group, there or not | another group | nothing | what ends with the pinned one, and what the other one gives |
///
/// A name may be that of several groups. Then each is pinned, and each is one of these cases by itself.
public struct PinReview: Hashable, Sendable {
    public let state: PinState
    /// The groups whose members have what the rule grants.
    public let meant: [PinnedGroup]
    /// Those of them that the rule does not say any more.
    public let followed: [PinnedGroup]
    /// Groups that the rule says and did not mean before.
    public let newcomers: [PinnedGroup]
    /// Groups that the rule meant, and no longer finds or no longer says.
    public let lost: [PinnedGroup]
    /// What is pinned after an applied run, as long as nobody has decided about what waits.
    public let kept: [PinnedGroup]

    /// What is pinned once a person has let pass what waits.
    public var settled: [PinnedGroup] { (meant + newcomers).sorted { $0.anchor < $1.anchor } }

    /// How one pinned group stands.
    public func state(of group: PinnedGroup) -> PinState {
        if lost.contains(where: { $0.anchor == group.anchor }) { return state }
        return followed.contains { $0.anchor == group.anchor } ? .followed : .pinned
    }

    /// - Parameters:
    ///   - pinned: what was pinned before.
    ///   - named: the groups of the reading that are what the rule says.
    ///   - seen: the pinned groups that the reading has, by their names of now.
    public init(pinned: [PinnedGroup], named: [PinnedGroup], seen: [PinnedGroup]) {
        let before = Set(pinned.map(\.anchor))
        let says = Set(named.map(\.anchor))
        let now = Dictionary(seen.map { ($0.anchor, $0) }, uniquingKeysWith: { first, _ in first })
        newcomers = pinned.isEmpty ? [] : named.filter { !before.contains($0.anchor) }
        if pinned.isEmpty {
            meant = named
            followed = []
            lost = []
            state = named.isEmpty ? .unmatched : .pinned
        } else if newcomers.isEmpty {
            meant = seen
            followed = seen.filter { !says.contains($0.anchor) }
            lost = pinned.filter { now[$0.anchor] == nil }
            state = !lost.isEmpty ? .missing : followed.isEmpty ? .pinned : .followed
        } else {
            meant = seen.filter { says.contains($0.anchor) }
            followed = []
            lost = pinned.filter { !says.contains($0.anchor) }
            state = .replaced
        }
        kept = pinned.isEmpty ? named.sorted { $0.anchor < $1.anchor } : pinned.map { now[$0.anchor] ?? $0 }
    }
}

/// A `from` rule whose group is not simply where the rule says.
public struct PinStanding: Hashable, Sendable {
    /// The rule's number, from 1.
    public var rule: Int
    /// The rule's text in config.
    public var text: Text
    public var selector: GroupRule.Selector
    /// The permission group that the rule grants.
    public var permissionGroup: Text
    public var review: PinReview
    /// What was pinned before this reading.
    public var pinned: [PinnedGroup]
    /// What looking the groups up that are not in the reading has shown.
    public var absences: [Anchor: Absence]

    public init(rule: Int, text: Text, selector: GroupRule.Selector, permissionGroup: Text, review: PinReview, pinned: [PinnedGroup]) {
        self.rule = rule
        self.text = text
        self.selector = selector
        self.permissionGroup = permissionGroup
        self.review = review
        self.pinned = pinned
        absences = [:]
    }
}

extension GroupRule.Selector {
    /// What a pin is kept under: what sort of thing the rule says, and the thing; `nil` for a pattern, which pins nothing.
    ///
    /// It is the same wherever the rule stands and however it is spelled.
    public var pinKey: (kind: String, bytes: [UInt8])? {
        switch self {
        case .dn(let normalized): ("dn", normalized)
        case .name(let key): ("name", key.bytes)
        case .anchor(let anchor): ("anchor", anchor.bytes)
        case .pattern: nil
        }
    }

    /// Whether the rule pins what it meets.
    public var pins: Bool { pinKey != nil }
}
