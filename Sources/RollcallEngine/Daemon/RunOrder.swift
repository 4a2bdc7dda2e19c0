public import RollcallCore

/// One run that the schedule asks for.
public struct RunOrder: Hashable, Sendable {
    /// Why it is time for a run.
    public enum Cause: String, Hashable, Sendable, CaseIterable {
        /// The daemon has started.
        case start
        /// The interval is over.
        case interval
        /// Somebody's time has come: an expiry, a deletion or a purge.
        case due
        /// The last run failed in a way that may pass.
        case retry
        /// The config is another one.
        case reload
        /// Somebody released the source from its quarantine.
        case release
    }

    public var cause: Cause
    /// Whether everything is to be read, also where changes would be enough.
    public var isScheduledFull: Bool
    /// Whether the source goes into quarantine when this run cannot read it.
    public var isLastStraw: Bool
    /// Whether the source is read. If it is not, the run only ends the access of those whose time is over, by what was read last.
    public var readsSource = true
    /// Runs that did not take place between the one before and this one.
    public var skipped = 0

    public init(_ cause: Cause, isScheduledFull: Bool = false, isLastStraw: Bool = false) {
        self.cause = cause
        self.isScheduledFull = isScheduledFull
        self.isLastStraw = isLastStraw
    }
}

/// How a run ended, as far as the schedule needs it.
public struct RunEnding: Hashable, Sendable {
    /// What kind of end it was.
    public enum Kind: Hashable, Sendable {
        /// The source was read; what is held does not matter here.
        case done
        /// Somebody paused the source, so that it was not read: neither a success nor a failure.
        case paused
        /// The source could not be read whole.
        case sourceFailed
        /// The store or something else failed.
        case failed
        /// Another applier holds the lock.
        case lockedOut
    }

    public var kind: Kind
    /// Why; `nil` for a run that is done.
    public var reason: String?
    /// Whether another try may succeed without anybody's doing.
    public var isTransient: Bool
    /// When somebody's time comes next by the wall clock; `nil` when nobody's does, or it is not known.
    public var nextDue: Instant?
    /// Whether the store now knows that the source is in quarantine.
    public var keptQuarantine = false
    /// Whether the source was asked, rather than its last refusal repeated.
    public var askedSource = true

    public init(_ kind: Kind, reason: String? = nil, isTransient: Bool = false, nextDue: Instant? = nil) {
        self.kind = kind
        self.reason = reason
        self.isTransient = isTransient
        self.nextDue = nextDue
    }
}
