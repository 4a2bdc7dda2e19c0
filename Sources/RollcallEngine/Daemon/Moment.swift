public import RollcallCore

/// Two clocks read together.
public struct Moment: Hashable, Sendable {
    /// The time of day in UTC, which somebody may set.
    public var wall: Instant
    /// Time since the host was started. Nobody can set it, and it goes on while the host sleeps.
    public var steady: Instant

    public init(wall: Instant, steady: Instant) {
        self.wall = wall
        self.steady = steady
    }

    /// Both clocks that much later.
    public func adding(microseconds more: Int64) -> Moment {
        Moment(wall: wall.adding(microseconds: more), steady: steady.adding(microseconds: more))
    }
}
