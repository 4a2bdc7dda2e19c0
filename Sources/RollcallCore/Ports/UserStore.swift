/// The local user store: the accounts, and all that Rollcall keeps about them.
///
/// It exposes verbs, not tables. Each verb is set-based, so that one that talks to a server does so in few round trips.
public protocol UserStore: AccountAdministration {
    /// Opens the store for one run.
    ///
    /// A dry run writes nothing and needs no permission to; an applier takes the lock and keeps it until
    /// ``StoreSession/close()``.
    func begin(_ mode: StoreMode, _ evaluator: Evaluator, _ options: SessionOptions) throws(StoreError) -> any StoreSession

    /// Keeps that a person wants nothing of an open held plan, or not the selected changes. Each stays held in every later plan until a
    /// person approves it after all.
    ///
    /// - Throws: ``StoreError`` with ``StoreError/Code/refused`` when there is no such plan, it is not open, or nothing is selected.
    func reject(_ id: HeldPlanID, _ selection: ChangeSelection, by actor: Text, at time: Instant) throws(StoreError) -> HeldPlan
}

/// What a run may do to the store.
public enum StoreMode: Hashable, Sendable {
    /// Nothing: it stages beside the store, and leaves the store byte for byte as it was.
    case dryRun
    /// Everything, alone.
    case apply
}

/// How a session goes about its run.
public struct SessionOptions: Hashable, Sendable {
    /// The clock of the run: one reading for all of it.
    public var now: Instant
    /// The digest of the rules; when it differs from the last applied run's, every pair is decided anew.
    public var rulesDigest: Digest
    /// Whether every pair is decided, also those whose digest has not moved. The plan is the same, only slower.
    public var skipsNothing: Bool
    /// How far back the guards count what was applied without approval.
    public var window: Span
    /// The time since the host was started, when the run began; `nil` when the host does not tell it.
    public var boot: BootReading?
    /// Who approves; their own access is left to somebody else. `nil` when nobody does.
    public var approver: Approver?
    /// Whom the config lets approve; empty for everybody who can write the store.
    public var operators: [Operator] = []
    /// The plan file that the run applies; `nil` when it applies none.
    public var savedPlan: SavedPlan?
    /// Whether a dry run sees one state of the store from its beginning, whatever is applied meanwhile. It costs others that the
    /// store's log grows as long as the reading takes, so only a run does it that would not come to an end otherwise.
    public var keepsOneState = false
    /// Who had a protected name when the run began; a session adds who has one now.
    public var protectedUsers: Set<Int64> = []

    public init(now: Instant, rulesDigest: Digest, skipsNothing: Bool = false, window: Span = GuardLimits().window) {
        self.now = now
        self.rulesDigest = rulesDigest
        self.skipsNothing = skipsNothing
        self.window = window
    }
}

/// One run's view of a store, from staging a reading to applying its plan.
///
/// It belongs to one task. The verbs are called in the order in which they stand here; they block, as database calls do.
public protocol StoreSession: AnyObject, PlanRows {
    /// How the session goes about its run.
    var options: SessionOptions { get }

    /// What the run starts from. Its baseline is complete once the reading is settled.
    var basis: StoreBasis { get }

    /// The upstream groups that `from` rules have pinned.
    var pinnedGroups: Set<Anchor> { get }

    /// The mark of the last applied snapshot, when a source that is still the same would change nobody: the rules are the same, all of it was
    /// applied, nobody here was changed since, the permission groups are as declared, and nothing has come due; `nil` else.
    func unchangedMark() throws(StoreError) -> FeedMark?

    /// Keeps a batch of the reading aside.
    func stage(_ batch: EntryBatch) throws(StoreError)

    /// Ends the staging. Only a proven reading can be settled.
    ///
    /// Works out in sets who claims which name, which groups the rules reach, and who is missing.
    func settle(_ proof: ReadProof) throws(StoreError) -> Settlement

    /// The anchors that the reading did not have and whose users are due for a step, in order; at most `limit`.
    ///
    /// - Parameter exceptMoved: whether those are left out whose username came with an unknown anchor.
    func orphans(limit: Int, exceptMoved: Bool) throws(StoreError) -> [Anchor]

    /// Keeps what looking them up has shown. Whoever is not noted counts as ``Absence/notLookedUp``.
    func note(_ absences: [(Anchor, Absence)]) throws(StoreError)

    /// Mapped groups that the reading did not have, in the order of their anchors.
    func missingGroups() throws(StoreError) -> [Anchor]

    /// Keeps what looking them up has shown. What a `match` rule gave by way of one that could not be told to be gone then waits for a
    /// person, as with a `from` rule.
    ///
    /// - Returns: the rules whose groups are not simply where they say, with what is known of the missing ones.
    func note(groups: [(Anchor, Absence)]) throws(StoreError) -> [PinStanding]

    /// Decides every pair that is worth a look, in the order of the anchors, and keeps the rows as the plan.
    ///
    /// - Parameter approval: what a person has approved of it, which nothing holds any longer and no guard counts.
    func plan(_ planner: Planner, approval: PlanApproval) throws(StoreError) -> PlanTotals

    /// Keeps which attributes a guard holds the plan for, so that an approval of that is known for them alone.
    func noteGone(_ attributes: [Text])

    /// The first pair, in the order of the anchors, that `isMeant` says is the one, with its entry; `nil` when there is none.
    ///
    /// Only pairs that were staged are shown: the session must decide all of them (``SessionOptions/skipsNothing``).
    func firstPair(where isMeant: (Pair, Entry) -> Bool) throws(StoreError) -> (pair: Pair, entry: Entry)?

    /// Holds in every row the changes that take one of `groups` from its user; the number of changes held by it.
    func hold(losing groups: [Text]) throws(StoreError) -> Int

    /// Holds in every row the revocations of `groups`. It comes before ``hold(losing:)``: what it holds is not lost.
    func hold(revoking groups: [Text]) throws(StoreError) -> RevocationHold

    /// Holds in every row what decides about the approver's own access; root's changes are only counted.
    func holdOwnAccess() throws(StoreError) -> RevocationHold

    /// Holds for `guardName` every change that was not approved one by one.
    ///
    /// - Returns: how many it holds.
    func holdUnapproved(for guardName: GuardName) throws(StoreError) -> Int

    /// Lets the changes pass that guards hold which are not exceeded after all.
    ///
    /// - Returns: how many changes.
    func release(_ guardNames: Set<GuardName>) throws(StoreError) -> Int

    /// Holds what cannot be done before something that is held: a username or email that its holder keeps because their own change is
    /// held, and on behind them; memberships of a permission group that is not made yet; names that deleted accounts keep.
    ///
    /// - Returns: how many changes it holds.
    func holdDependents() throws(StoreError) -> Int

    /// Holds what an earlier run held, and what a person has rejected, as long as no person approves it. It comes after
    /// ``release(_:)``.
    func holdWaiting() throws(StoreError) -> WaitingChanges

    /// The changes of the plan that wait for a person; `nil` when none does.
    ///
    /// - Parameter whole: whether a guard holds the whole plan, so that all of its changes wait.
    func heldChanges(whole: Bool) throws(StoreError) -> HeldChanges?

    /// How what waits differs from the plan that waits already; `nil` when none does, or it is the same. It comes after
    /// ``heldChanges(whole:)``.
    func heldDifference() throws(StoreError) -> HeldDifference?

    /// A held plan by its digest; `nil` when there is none.
    func heldPlan(_ digest: Digest) throws(StoreError) -> HeldPlan?

    /// The linked users whose username came with an unknown anchor while their entry is missing, in the order of their names.
    func movedAnchors() throws(StoreError) -> [MovedAnchor]

    /// The active users whose access ends by the clock alone after the plan and before `end`, the soonest first.
    func expiring(before end: Instant, limit: Int) throws(StoreError) -> Expiring

    /// How the users of these names would stand after the plan; whoever is left out would not be there.
    func standings(of names: Set<FoldedKey>) throws(StoreError) -> [FoldedKey: Standing]

    /// Begins the transaction that ``apply(_:)`` or ``keep(_:)`` ends; until then no other writer comes between.
    ///
    /// Accounts, memberships and claims that an application changed since the plan was made are looked at again, without the source:
    /// their pairs are staged as the reading had them, and it is worked out again who claims which name.
    ///
    /// - Parameter settlement: what settling the reading has shown.
    /// - Returns: the settlement as it is now, when something was changed: then the plan must be made again. `nil` when nothing was.
    /// - Throws: ``StoreError`` with ``StoreError/Code/moved`` when something else has moved: permission groups, or another run.
    func beginWriting(_ settlement: Settlement) throws(StoreError) -> Settlement?

    /// Takes ``beginWriting(_:)`` back. Harmless without one.
    func cancelWriting()

    /// How the store stands to a plan in a file.
    func state(of plan: SavedPlan) throws(StoreError) -> SavedPlanState

    /// Writes the plan: users, claims, grants, links, connector space, audit and the run's record in one transaction.
    ///
    /// - Throws: ``StoreError`` with ``StoreError/Code/moved`` when somebody else wrote since the plan was made.
    func apply(_ run: RunRecord) throws(StoreError) -> AuditHead

    /// Keeps the record and rows of a run that applied nothing.
    func keep(_ run: RunRecord) throws(StoreError) -> AuditHead

    /// Keeps that the source is tried less often because it failed again and again, until somebody releases it; `nil` takes that back.
    func quarantine(since: Instant?, reason: String) throws(StoreError)

    /// Releases the lock and everything else. Harmless when called twice.
    func close()
}

/// What a run starts from.
public struct StoreBasis: Hashable, Sendable {
    /// Counts what was ever written to users, grants, links and permission groups.
    public var generation: Int64
    /// The digest of the rules of the last applied run; `nil` before the first.
    public var rulesDigest: Digest?
    /// The version of what rules meant for the last applied run; `nil` before the first.
    public var semantics: Int64?
    public var baseline: Baseline
    /// The watermark of the last applied snapshot.
    public var watermark: String?
    /// When the last applied run began; `nil` before the first.
    public var lastApplied: Instant?
    /// Which store it is, and how far it has come.
    public var origin = PlanOrigin(store: nil, run: 0)
    /// Whether there was a store at all; a missing one and an empty one are the same basis.
    public var exists: Bool
    /// That the source is not to be applied; `nil` when it is.
    public var pause: Pause?
    /// The users whose names `protect.users` has, and those of ``SessionOptions/protectedUsers``.
    public var protectedUsers: Set<Int64> = []
    /// The accounts that are without one of their names, so far as a session has looked.
    public var nameConflicts = NameConflicts()
    /// Whether the store is of an earlier version, and what is seen of it a copy that was brought up to date.
    public var isOfEarlierVersion = false
    /// Accounts that `reanchor` has linked to other entries and that no run has found in order since.
    public var handedOver = 0
    /// Since when the source is in quarantine; `nil` when it is not.
    public var quarantined: Instant?

    /// Whether the last applied run decided by these rules, and took them to mean the same.
    public func isDecided(by rules: Digest) -> Bool { rulesDigest == rules && semantics == Evaluator.semanticsVersion }

    public init(
        generation: Int64 = 0, rulesDigest: Digest? = nil, baseline: Baseline = Baseline(), watermark: String? = nil,
        lastApplied: Instant? = nil, exists: Bool = false
    ) {
        self.generation = generation
        self.rulesDigest = rulesDigest
        self.baseline = baseline
        self.watermark = watermark
        self.lastApplied = lastApplied
        self.exists = exists
    }
}

/// What settling a reading has shown.
public struct Settlement: Hashable, Sendable {
    /// Linked users whose entry the reading did not have and for whom a step is due: deactivation, deletion or purge.
    public var orphans: Int
    /// Upstream groups that no rule reaches.
    public var unmappedGroups: Int
    /// Rules, by their number from 1, that meant no group of this reading and have pinned none.
    public var groupRulesUnmatched: [Int]
    /// What is to be said of names that rules make of upstream groups': the first few, and how many there are.
    public var groupNames: [GroupNameFinding] = []
    public var groupNameCount = 0
    /// The `from` rules whose pinned groups are not where the rule says, in the order of the rules.
    public var pins: [PinStanding]

    /// Absent users whose username came with an unknown anchor.
    public var movedAnchors: Int

    /// What there is upstream, when the reading gave what has changed; `nil` when it gave all, for its proof says that.
    public var population: Population?

    /// What is to be said of groups that rules reach and that could not be told, one sentence each.
    public var remarks: [Text] = []

    public init(
        orphans: Int, unmappedGroups: Int, groupRulesUnmatched: [Int], movedAnchors: Int = 0, pins: [PinStanding] = []
    ) {
        self.orphans = orphans
        self.movedAnchors = movedAnchors
        self.unmappedGroups = unmappedGroups
        self.groupRulesUnmatched = groupRulesUnmatched
        self.pins = pins
    }
}

/// How many entries there are when what has changed is put to what was kept.
public struct Population: Hashable, Sendable {
    public var users = 0
    public var groups = 0
    /// Those of them that were not there before.
    public var newUsers = 0
    public var newGroups = 0

    public init() {}
}

/// The folds over a plan.
public struct PlanTotals: Sendable {
    public var summary: Summary
    public var tally: GuardTally
    public var lastHolders: LastHolders
    /// How each mapped attribute fared among the entries that are still there.
    public var attributeLosses: [AttributeLoss]
    /// For each permission group of which memberships end, how many a rule gave.
    public var holders: [Text: Int]
    /// How the changes of an approved held plan fared; all zero without one.
    public var approval = ApprovalTally()
    /// Approved changes of the approver's own access; they are held, unless the approver is root.
    public var ownAccess = 0
    /// The digest over the digests of all changes in the order of the plan.
    public var digest: Digest

    public init(
        summary: Summary, tally: GuardTally, lastHolders: LastHolders, attributeLosses: [AttributeLoss], holders: [Text: Int] = [:],
        digest: Digest
    ) {
        self.summary = summary
        self.tally = tally
        self.lastHolders = lastHolders
        self.attributeLosses = attributeLosses
        self.holders = holders
        self.digest = digest
    }
}

/// What holding some changes has held that take groups from somebody.
public struct RevocationHold: Hashable, Sendable {
    /// The changes that are held.
    public var changes = 0
    /// A privileged group for each active user who keeps it by that.
    public var kept: [Text] = []

    public init() {}
}

/// Where the audit log ends: a chain does not show that its end was cut, so every report prints this.
public struct AuditHead: Hashable, Sendable, CustomStringConvertible {
    /// Events in the log.
    public var count: Int64
    /// The hash of the last one.
    public var hash: Digest

    public init(count: Int64, hash: Digest) {
        self.count = count
        self.hash = hash
    }

    public var description: String { "\(count):\(hash)" }
}
