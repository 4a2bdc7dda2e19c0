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

    public init(since: Instant, reason: String) {
        self.since = since
        self.reason = reason
    }

    /// What a run that is the last straw adds to its reason.
    static let sentence =
        "the source is quarantined after \(threshold) failed runs in a row: it is tried hourly until a run succeeds or `rollcall resume` releases it"
}
