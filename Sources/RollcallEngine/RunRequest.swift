public import RollcallCore

/// What one run is asked to do.
public struct RunRequest: Sendable {
    /// What a person has allowed.
    public enum Consent: Hashable, Sendable {
        /// Nothing beyond what the guards let pass.
        case none
        /// Exactly the plan of this digest or nothing; what is held stays held.
        case exactly(Digest)
        /// Exactly the plan of this digest or nothing, with what it shows as held.
        case approving(Digest)
        /// The changes that a filed plan names, or those of them that are selected, as far as they are still to do; all else is judged as
        /// ever. The plan is the one that was shown, and is found again by the digest over its changes.
        case filed(HeldPlan, ChangeSelection)

        /// The plan that was reviewed; `nil` when there is none.
        var planDigest: Digest? {
            switch self {
            case .none, .filed: nil
            case .exactly(let digest), .approving(let digest): digest
            }
        }

        var isApproval: Bool {
            switch self {
            case .approving, .filed: true
            case .none, .exactly: false
            }
        }
    }

    /// What an approval must say in so many words.
    public enum Acceptance: String, Hashable, Sendable, CaseIterable {
        /// That the source has no users, or no groups, at all.
        case empty
        /// That most of the accounts which lose access by absence are in the directory still, outside base and filter.
        case scope
        /// That the plan has changes which a person has rejected.
        case rejected
    }

    public var mode: RunRecord.Mode
    public var consent: Consent
    /// What the approval says in so many words.
    public var accepts: Set<Acceptance> = []
    /// The guards that held in the reviewed plan file; `nil` when that is not compared.
    public var shownGuards: Set<GuardName>?
    /// Who asks: the operating-system user.
    public var actor: Text
    /// The plan file that is to be applied; `nil` when none is.
    public var savedPlan: SavedPlan?
    /// Whether every pair is decided, also those that have not moved.
    public var skipsNothing: Bool
    /// Who approves, when somebody does; their own access is left to somebody else.
    public var approver: Approver?
    /// Whether a source may be behind what the last applied run read. Only a dry run asks for it, to show what there is.
    public var acceptsBehind = false
    /// Whether a source that proves to be what it was need not be read, because nobody asks for more than the outcome.
    public var acceptsUnchanged = false
    /// Whether changes are enough where the source can tell them; else all is read.
    public var follows = false
    /// Whether the source goes into quarantine when this run cannot read it.
    public var isLastStraw = false

    public init(mode: RunRecord.Mode, consent: Consent = .none, actor: Text, skipsNothing: Bool = false) {
        self.mode = mode
        self.consent = consent
        self.actor = actor
        self.skipsNothing = skipsNothing
    }
}

/// What a run works with.
public struct RunEnvironment: Sendable {
    public var source: any DirectorySource
    public var store: any UserStore
    public var rules: RuleSettings
    public var rulesDigest: Digest
    public var guards: GuardLimits
    /// `ldap`, `scim` or `file`.
    public var sourceType: String
    /// What tells this source from others that config may have named before; marks of one are worth nothing to another.
    public var place = ""
    public var clock: @Sendable () -> Instant
    public var random: @Sendable () -> UInt32
    /// The time since the host was started; `nil` when the host does not tell it.
    public var boot: @Sendable () -> BootReading? = { nil }
    /// Told where the run stands, often.
    public var progress: @Sendable (RunProgress) -> Void
    /// Told at each sign of life of the source, on whatever thread; see ``ReadRequest/alive``.
    public var alive: @Sendable () -> Void = {}
    /// What the config is expected to make of some users.
    public var expectations: [Expectation] = []
    /// Whom the config lets approve; empty for everybody who can write the store.
    public var operators: [Operator] = []
    /// The snapshot that ``source`` is; `nil` for a live source.
    public var snapshot: SnapshotUse?

    public init(
        source: any DirectorySource, store: any UserStore, rules: RuleSettings, rulesDigest: Digest, guards: GuardLimits,
        sourceType: String,
        clock: @escaping @Sendable () -> Instant, random: @escaping @Sendable () -> UInt32,
        progress: @escaping @Sendable (RunProgress) -> Void = { _ in }
    ) {
        self.source = source
        self.store = store
        self.rules = rules
        self.rulesDigest = rulesDigest
        self.guards = guards
        self.sourceType = sourceType
        self.clock = clock
        self.random = random
        self.progress = progress
    }
}

/// Where a run stands.
public enum RunProgress: Hashable, Sendable {
    case connecting
    /// Entries read so far.
    case reading(Int)
    case settling
    /// Missing entries that are looked up one by one.
    case confirming(Int)
    case planning
    case applying
}
