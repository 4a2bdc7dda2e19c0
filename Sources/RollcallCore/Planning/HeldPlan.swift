/// The name of a held plan: the first eight hexadecimal digits of the digest over its changes, so that the same set of changes
/// has the same name in every run.
public struct HeldPlanID: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// The name of the changes that `digest` is over.
    public init(_ digest: Digest) {
        description = String("\(digest)".prefix(HeldPlanID.length))
    }

    /// A name from its text in either case; `nil` unless it is eight hexadecimal digits.
    public init?(_ text: String) {
        guard text.utf8.count == HeldPlanID.length, text.utf8.allSatisfy({ Hexadecimal.value(of: $0) != nil }) else { return nil }
        description = text.lowercased()
    }

    private static let length = 8
}

/// The changes of one run that wait for a person, as the store files them.
public struct HeldPlan: Hashable, Sendable {
    /// What has become of it.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// It waits.
        case open
        case approved
        /// A person said no; the same changes stay held and stay rejected, until somebody approves them after all.
        case rejected
        /// A later run holds other changes.
        case superseded
        /// A later run holds nothing any more.
        case obsolete
    }

    public var id: HeldPlanID
    public var state: State
    /// The run that held these changes last; its rows are what was reviewed.
    public var run: RunID
    /// When a run first held them.
    public var filed: Instant
    /// When a run last held them; approval counts from here.
    public var seen: Instant
    /// The type of the source: `ldap` or `file`.
    public var sourceType: String
    public var rulesDigest: Digest
    /// How many changes wait.
    public var changes: Int
    /// Why, in one line.
    public var reason: Text
    /// Who decided, when somebody has; else the plan that took its place, if one has.
    public var decidedBy: Text?
    public var decidedAt: Instant?
    /// How it differs from the plan that it superseded, in one line; `nil` when it superseded none.
    public var difference: Text?

    public init(
        id: HeldPlanID, state: State, run: RunID, filed: Instant, seen: Instant, sourceType: String, rulesDigest: Digest, changes: Int,
        reason: Text, decidedBy: Text? = nil, decidedAt: Instant? = nil
    ) {
        self.id = id
        self.state = state
        self.run = run
        self.filed = filed
        self.seen = seen
        self.sourceType = sourceType
        self.rulesDigest = rulesDigest
        self.changes = changes
        self.reason = reason
        self.decidedBy = decidedBy
        self.decidedAt = decidedAt
    }
}

/// The changes of a plan that wait for a person.
public struct HeldChanges: Hashable, Sendable {
    public var id: HeldPlanID
    public var count: Int

    public init(id: HeldPlanID, count: Int) {
        self.id = id
        self.count = count
    }
}

/// How what waits differs from what waited before.
public struct HeldDifference: Hashable, Sendable {
    /// The plan that waited before.
    public var former: HeldPlanID
    public var added = 0
    public var vanished = 0
    /// Changes that would now do something else.
    public var moved = 0
    /// The first few of each, as a person would name them.
    public private(set) var names: [Text] = []

    private static let named = 3

    public init(from former: HeldPlanID) {
        self.former = former
    }

    /// Compares what waited of one entry with what waits now.
    public mutating func compare(_ before: [Change], _ after: [Change], of label: Text) {
        let known = Set(before.map(\.digest))
        let here = Set(after.map(\.digest))
        for change in after where !known.contains(change.digest) {
            let isMoved = before.contains { $0.action == change.action && $0.group == change.group && !here.contains($0.digest) }
            if isMoved { moved += 1 } else { added += 1 }
            name(change, isMoved ? "changed" : "new", label)
        }
        for change in before where !here.contains(change.digest) {
            let isMoved = after.contains { $0.action == change.action && $0.group == change.group && !known.contains($0.digest) }
            if isMoved { continue }
            vanished += 1
            name(change, "no longer", label)
        }
    }

    private mutating func name(_ change: Change, _ what: String, _ label: Text) {
        if names.count < HeldDifference.named { names.append(Text("\(what) \(change.name(of: label))")) }
    }

    /// The numbers, and the first few names.
    public var sentence: String {
        let numbers = [(added, "added"), (vanished, "no longer"), (moved, "changed")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        if numbers.isEmpty { return "supersedes \(former): the same changes in another order" }
        let more = added + vanished + moved > names.count ? ", …" : ""
        return "supersedes \(former): \(numbers.joined(separator: ", ")) (\(names.map(\.string).joined(separator: ", "))\(more))"
    }
}

/// What a person has approved of the plan that a run makes.
public enum PlanApproval: Hashable, Sendable {
    case nothing
    /// All of it, for it is the very plan that was reviewed.
    case everything
    /// The changes that a held plan names.
    case changes(of: HeldPlan)
}

/// How the approved changes fared in the plan that a run made afterwards.
public struct ApprovalTally: Hashable, Sendable {
    /// Approved and still to do.
    public var standing = 0
    /// Approved, and no longer to do.
    public var vanished = 0
    /// Approved, and now another change of the same thing: what was reviewed is not what would be done.
    public var moved = 0
    /// Not approved, for they were not there.
    public var added = 0
    /// The first few that moved, as a person would name them.
    public var movedNames: [Text] = []

    public init() {}

    /// Adds what another part of the same plan has.
    public mutating func add(_ other: ApprovalTally) {
        standing += other.standing
        vanished += other.vanished
        moved += other.moved
        added += other.added
        movedNames = Array((movedNames + other.movedNames).prefix(ApprovalTally.named))
    }

    private static let named = 3

    /// Compares one row of the reviewed plan with the decision about the same entry.
    ///
    /// - Parameters:
    ///   - reviewed: the changes that were held then.
    ///   - row: the row of now.
    /// - Returns: the digests of the changes in `row` that are approved.
    public mutating func compare(_ reviewed: [Change], with row: PlanRow) -> Set<Digest> {
        if reviewed.isEmpty {
            added += row.changes.count
            return []
        }
        let wanted = Set(reviewed.map(\.digest))
        var approved: Set<Digest> = []
        var met: Set<Digest> = []
        for change in row.changes {
            // What waited for somebody whom the run that filed it has made was filed as of nobody yet.
            guard let known = [change.digest, change.digestOfNewcomer(in: row)].first(where: wanted.contains) else {
                added += 1
                continue
            }
            approved.insert(change.digest)
            met.insert(known)
        }
        standing += approved.count
        for change in reviewed where !met.contains(change.digest) {
            let isMoved = row.changes.contains {
                $0.action == change.action && $0.group == change.group && !approved.contains($0.digest)
            }
            if isMoved {
                moved += 1
                if movedNames.count < ApprovalTally.named { movedNames.append(change.name(of: row.label)) }
            } else {
                vanished += 1
            }
        }
        return approved
    }
}

extension Change {
    /// The digest that the change had when the entry of `row` had no account.
    fileprivate func digestOfNewcomer(in row: PlanRow) -> Digest {
        row.userID == nil
            ? digest : ChangeDigest.of(action, anchor: row.anchor, userID: nil, fields: fields, group: group, rule: rule)
    }

    /// The change in a few words: `grant alice Administrators`.
    fileprivate func name(of label: Text) -> Text {
        Text("\(action.rawValue) \(label)" + (group.map { " \($0)" } ?? ""))
    }
}
