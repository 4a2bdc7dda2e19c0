/// The time by which expiry and waiting are judged: our clock's, unless something proves it wrong.
///
/// A clock that jumped back brings nobody back, and one that jumped ahead ends nobody's access: then time stands where it was last
/// certain. That a run comes long after the last one is no jump by itself.
public struct TrustedClock: Hashable, Sendable {
    /// The time to judge by.
    public let now: Instant
    /// What is wrong with our clock, for a person; `nil` when nothing is.
    public let warning: String?

    /// How far our clock may be off the source's.
    static let tolerance = Span(seconds: 86_400)
    /// How long neither a run nor a change upstream may have been for our clock to be believed.
    static let longestSilence = Span(seconds: 366 * 86_400)

    /// - Parameters:
    ///   - clock: our clock.
    ///   - lastApplied: when the last applied run began by our clock; `nil` before the first.
    ///   - marks: what the source says of time.
    public init(_ clock: Instant, lastApplied: Instant?, _ marks: TimeMarks) {
        if let lastApplied, clock < lastApplied {
            now = lastApplied
            warning =
                "our clock says \(clock.wholeSeconds), before the last applied run (\(lastApplied.wholeSeconds)); expiry and waiting are judged as of that run, until `rollcall source accept`"
        } else if let source = marks.clock, clock > source + TrustedClock.tolerance || clock < source - TrustedClock.tolerance {
            now = max(source, lastApplied ?? source)
            warning =
                "our clock says \(clock.wholeSeconds), the source's \(source.wholeSeconds); expiry and waiting are judged by the source's"
        } else if let newest = marks.newestChange, clock < newest - TrustedClock.tolerance {
            now = newest
            warning =
                "our clock says \(clock.wholeSeconds), before the source's newest change (\(newest.wholeSeconds)); expiry and waiting are judged as of that change"
        } else if let newest = marks.newestChange, let lastApplied, clock > max(newest, lastApplied) + TrustedClock.longestSilence {
            now = max(newest, lastApplied)
            warning =
                "our clock says \(clock.wholeSeconds), more than a year after the last applied run and the source's newest change; expiry and waiting are judged as of \(now.wholeSeconds)"
        } else {
            now = clock
            warning = nil
        }
    }
}

/// What a source says of time.
public struct TimeMarks: Hashable, Sendable {
    /// The source's own clock; `nil` when it does not tell it.
    public var clock: Instant?
    /// When something was last changed there, before which it cannot be; `nil` when it does not tell it.
    public var newestChange: Instant?

    public init(clock: Instant? = nil, newestChange: Instant? = nil) {
        self.clock = clock
        self.newestChange = newestChange
    }
}
