public import RollcallCore

/// That a source has failed so often that it is tried less often.
public struct Quarantine: Hashable, Sendable {
    /// How many runs in a row must have failed.
    public static let threshold = 5
    /// From one try to the next, unless the interval is longer.
    public static let pace = Span(seconds: 3600)

    public var since: Instant
    /// Why the last run failed.
    public var reason: String

    /// Whether the store knows of it, so that it is over when the store no longer does.
    public var isKept: Bool

    public init(since: Instant, reason: String, isKept: Bool = true) {
        self.since = since
        self.reason = reason
        self.isKept = isKept
    }

    /// What a run that is the last straw adds to its reason.
    static let sentence =
        "the source is quarantined after \(threshold) failed runs in a row: it is tried hourly until a run succeeds or `rollcall resume` releases it"
}
