/// What is kept about one run beside its plan: the head of its report.
public struct RunRecord: Hashable, Sendable {
    /// What the run was for.
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        case plan
        case apply
        /// As `apply`, by the daemon.
        case daemon

        /// Whether the run may change the store.
        public var isReal: Bool { self != .plan }
    }

    /// How it ended.
    public enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// Nothing to do.
        case inSync = "in_sync"
        /// Changes wait to be applied; only a dry run ends so.
        case pending
        case applied
        /// Applied but for the changes that are held.
        case appliedPartly = "applied_partly"
        /// Nothing was applied; a person must decide.
        case held
        /// What was approved is no longer what the run would do; nothing was applied.
        case stale
        /// The source could not be read whole; nothing was applied.
        case incomplete
        /// Something else failed; nothing was applied.
        case failed
    }

    public var id: RunID
    public var started: Instant
    public var finished: Instant
    public var mode: Mode
    public var outcome: Outcome
    /// Why it ended so, in one line; `nil` when there is nothing to explain.
    public var reason: String?
    public var source: SourceFacts
    public var summary: Summary
    public var guards: [GuardResult]
    /// The digest over the digests of all changes in order: it names the plan.
    public var planDigest: Digest?
    /// Whether a person approved what the guards would have held.
    public var isApproved: Bool
    /// The name under which what is held is filed; `nil` when nothing is, and for a dry run, which files nothing.
    public var heldPlan: HeldPlanID?
    /// Who ran it: the operating-system user.
    public var actor: Text
    /// What is worth saying about the run as a whole: a rule that met no group, a config that may surprise.
    public var warnings: [Text]

    public init(id: RunID, started: Instant, mode: Mode, source: SourceFacts, actor: Text) {
        self.id = id
        self.started = started
        finished = started
        self.mode = mode
        outcome = .failed
        reason = nil
        self.source = source
        summary = Summary()
        guards = []
        planDigest = nil
        isApproved = false
        heldPlan = nil
        self.actor = actor
        warnings = []
    }
}

extension RunRecord {
    /// Whether nothing was looked at because somebody paused the source.
    public var isPaused: Bool { guards.contains { $0.guardName == .paused && $0.verdict == .held } }
}

/// The name of a run, sortable by time: `20261121T183000Z-4f2a9c01`.
public struct RunID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let description: String

    /// A name from its text; `nil` unless it is 1 to 64 letters, digits and hyphens.
    public init?(_ text: String) {
        let bytes = text.utf8
        let isPlain = bytes.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: "-")
        }
        guard (1...64).contains(bytes.count), isPlain else { return nil }
        description = text
    }

    /// A name from the time of the start and 32 random bits.
    public init(started: Instant, random: UInt32) {
        let whole = Instant(unixSeconds: started.microseconds / 1_000_000).description
        let compact = whole.filter { $0 != "-" && $0 != ":" }
        let digits = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: random >> UInt32($0)) }
        description = compact + "-" + Hexadecimal.text(digits)
    }

    public static func < (left: RunID, right: RunID) -> Bool { left.description < right.description }
}

/// What a report says about the source of a run.
public struct SourceFacts: Hashable, Sendable {
    /// The source's name in the store's keys.
    public var name: String
    /// `ldap` or `file`.
    public var type: String
    /// The proof of the reading; `nil` when there is none, and then nothing was changed.
    public var proof: ReadProof?

    public init(name: String = "default", type: String, proof: ReadProof? = nil) {
        self.name = name
        self.type = type
        self.proof = proof
    }
}
