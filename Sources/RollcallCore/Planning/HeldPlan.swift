/// The name of a held plan: the first hexadecimal digits of the digest over its changes, so that the same set of changes has the same
/// name in every run.
///
/// It is for the eye. What identifies a plan is the whole digest; a name that another plan has already is made longer.
public struct HeldPlanID: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// The name of the changes that `digest` is over.
    ///
    /// - Parameter length: the number of digits, 8 to 64.
    public init(_ digest: Digest, length: Int = HeldPlanID.lengths.lowerBound) {
        description = String("\(digest)".prefix(length))
    }

    /// A name from its text in either case; `nil` unless it is 8 to 64 hexadecimal digits.
    public init?(_ text: String) {
        guard HeldPlanID.lengths.contains(text.utf8.count), text.utf8.allSatisfy({ Hexadecimal.value(of: $0) != nil }) else { return nil }
        description = text.lowercased()
    }

    /// How many digits a name may have.
    public static let lengths = 8...(Digest.byteCount * 2)

    /// The whole digest, when the name is as long as that.
    public var digest: Digest? { Digest(hexadecimal: description) }
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
    /// The digest over its changes, which is what an approval names; `nil` for a plan that an earlier version has filed, whose changes
    /// were told apart by less.
    public var digest: Digest?
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
    /// How many accounts would lose access by them.
    public var losses = 0
    /// How many of the changes a person has rejected, in this plan or an earlier one.
    public var rejected = 0
    /// Why, in one line.
    public var reason: Text
    /// Who decided, when somebody has; else the plan that took its place, if one has.
    public var decidedBy: Text?
    public var decidedAt: Instant?
    /// How it differs from the plan that it superseded, in one line; `nil` when it superseded none.
    public var difference: Text?
    /// The guards that held when it was filed, which is what a person was shown.
    public var shownGuards: Set<GuardName> = []

    public init(
        id: HeldPlanID, digest: Digest?, state: State, run: RunID, filed: Instant, seen: Instant, sourceType: String, rulesDigest: Digest,
        changes: Int,
        reason: Text, decidedBy: Text? = nil, decidedAt: Instant? = nil
    ) {
        self.id = id
        self.digest = digest
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
    /// The digest over the digests of the changes, in the order of the plan.
    public var digest: Digest
    public var count: Int
    /// How many accounts would lose access by them.
    public var losses: Int
    /// How many of them a person has rejected.
    public var rejected: Int

    public init(id: HeldPlanID, digest: Digest, count: Int, losses: Int, rejected: Int) {
        self.id = id
        self.digest = digest
        self.count = count
        self.losses = losses
        self.rejected = rejected
    }
}

extension Change {
    /// Whether an account that can be used before it cannot be used after it.
    public var takesAccess: Bool {
        guard action.endsAccess, let before = fields.first(where: { $0.field == .status })?.before else { return false }
        return before == UserStatus.active.text || before == UserStatus.invited.text
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
        let gone = Set(before.filter { !here.contains($0.digest) }.map { ChangeSubject($0) })
        let new = Set(after.filter { !known.contains($0.digest) }.map { ChangeSubject($0) })
        for change in after where !known.contains(change.digest) {
            let isMoved = gone.contains(ChangeSubject(change))
            if isMoved { moved += 1 } else { added += 1 }
            name(change, isMoved ? "changed" : "new", label)
        }
        for change in before where !here.contains(change.digest) {
            if new.contains(ChangeSubject(change)) { continue }
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
    /// The changes that a held plan names, or those of them that are selected.
    case changes(of: HeldPlan, ChangeSelection)

    /// The held plan that is approved; `nil` when none is.
    public var plan: HeldPlan? {
        if case .changes(let plan, _) = self { plan } else { nil }
    }
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
    /// Approved, and held now by a guard that was not shown then.
    public var unshown: [GuardName: Int] = [:]
    /// What guards observe in the approved changes alone.
    public var tally = GuardTally()
    /// How many of the approved changes follow from an absence that was confirmed, and of how many of those the entry is still in the
    /// directory, outside base and filter.
    public var absences = 0
    public var leftScope = 0

    public init() {}

    /// Counts an approved change of an entry that the reading does not have.
    public mutating func count(_ absence: Absence) {
        absences += 1
        if case .leftScope = absence { leftScope += 1 }
    }

    /// Adds what another part of the same plan has.
    public mutating func add(_ other: ApprovalTally) {
        standing += other.standing
        vanished += other.vanished
        moved += other.moved
        added += other.added
        absences += other.absences
        leftScope += other.leftScope
        tally.add(other.tally)
        unshown.merge(other.unshown, uniquingKeysWith: +)
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
        let wanted = Dictionary(reviewed.map { ($0.digest, $0) }, uniquingKeysWith: { first, _ in first })
        var approved: Set<Digest> = []
        var met: Set<Digest> = []
        for change in row.changes {
            // What waited for an account that the run which filed it has made was filed as of no account yet.
            guard let known = [change.digest, change.digestOfNewcomer(in: row)].lazy.compactMap({ wanted[$0] }).first else {
                added += 1
                continue
            }
            approved.insert(change.digest)
            met.insert(known.digest)
            if change.heldBy == .anchorsChanged, known.heldBy != .anchorsChanged { unshown[.anchorsChanged, default: 0] += 1 }
        }
        standing += approved.count
        let others = Set(row.changes.filter { !approved.contains($0.digest) }.map { ChangeSubject($0) })
        for change in reviewed where !met.contains(change.digest) {
            if others.contains(ChangeSubject(change)) {
                moved += 1
                if movedNames.count < ApprovalTally.named { movedNames.append(change.name(of: row.label)) }
            } else {
                vanished += 1
            }
        }
        return approved
    }
}

/// What a change of one row is about: two changes of the same subject are one that has moved.
private struct ChangeSubject: Hashable {
    let action: Action
    let group: Text?

    init(_ change: Change) {
        action = change.action
        group = change.group
    }
}

extension Change {
    /// The digest that the change had when the entry of `row` had no account.
    public func digestOfNewcomer(in row: PlanRow) -> Digest {
        row.userID == nil
            ? digest
            : ChangeDigest.of(
                action, anchor: row.anchor, userID: nil, fields: fields, group: group, rule: rule, isPrivileged: isPrivileged,
                binding: binding)
    }

    /// The change in a few words: `grant alice Administrators`.
    func name(of label: Text) -> Text {
        Text("\(action.rawValue) \(label)" + (group.map { " \($0)" } ?? ""))
    }
}
