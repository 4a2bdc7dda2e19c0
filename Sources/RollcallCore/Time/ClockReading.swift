/// What the host says of the time since it was started. Nobody can set it, and it goes on while the host sleeps.
public struct BootReading: Hashable, Sendable {
    /// Which start of which host it counts from.
    public var boot: Text
    /// Microseconds since then.
    public var microseconds: Int64

    public init(boot: Text, microseconds: Int64) {
        self.boot = boot
        self.microseconds = microseconds
    }
}

/// Clocks read together.
public struct ClockReading: Hashable, Sendable {
    /// Our time of day, which an administrator may set.
    public var wall: Instant
    /// The source's time of day; `nil` when it does not tell it.
    public var source: Instant?
    /// The time since the host was started; `nil` when the host does not tell it.
    public var boot: BootReading?

    public init(wall: Instant, source: Instant? = nil, boot: BootReading? = nil) {
        self.wall = wall
        self.source = source
        self.boot = boot
    }

    /// How much of a pause is believed that only our own clock shows: longer than a restart of the host takes.
    public static let longestPause = Span(seconds: 6 * 3_600)
    /// How much of a pause is believed that only the source's clock shows, as on another host.
    public static let longestSourcePause = Span(seconds: 7 * 86_400)

    /// The microseconds that have certainly passed since `former`: rather too few than too many, and never less than none.
    ///
    /// On one start of one host its own count is exact. Otherwise the source's clock is believed, and then our own, each up to a limit;
    /// the time since the host was started has passed in any case, up to what the two clocks agree on.
    public func elapsed(since former: ClockReading) -> Int64 {
        if let now = boot, let then = former.boot, now.boot == then.boot {
            return max(now.microseconds.saturatingDifference(then.microseconds), 0)
        }
        if let now = source, let then = former.source {
            return ClockReading.limited(now.microseconds.saturatingDifference(then.microseconds), ClockReading.longestSourcePause)
        }
        let shown = max(wall.microseconds.saturatingDifference(former.wall.microseconds), 0)
        let running = min(max(boot?.microseconds ?? 0, 0), shown)
        return running.saturatingSum(ClockReading.limited(shown - running, ClockReading.longestPause))
    }

    private static func limited(_ pause: Int64, _ limit: Span) -> Int64 {
        min(max(pause, 0), limit.seconds.saturatingProduct(1_000_000))
    }
}
