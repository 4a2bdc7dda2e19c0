public import RollcallCore

/// Runs what the schedule asks for, one at a time, until it is told to stop.
public struct DaemonLoop: Sendable {
    /// What somebody outside wants.
    public enum Command: Hashable, Sendable {
        case stop
        /// The config was replaced by one with this pace.
        case reload(DaemonSettings)
    }

    /// What the loop works with: clocks, sleep and the run itself come from outside, so that a test can drive it through a year.
    public struct Surroundings: Sendable {
        public var now: @Sendable () -> Moment
        public var random: @Sendable () -> UInt32
        /// Sleeps so many microseconds, or less when there is a command.
        public var sleep: @Sendable (Int64) async -> Void
        /// The commands that came since it was last asked.
        public var commands: @Sendable () -> [Command]
        /// Makes one run.
        public var perform: @Sendable (RunOrder) async -> RunEnding
        /// Whether somebody released the source; asked only in a quarantine that the store knows of.
        public var isReleased: @Sendable () -> Bool
        /// Told at every turn how the schedule stands, and what is under way.
        public var tell: @Sendable (Schedule, RunOrder?) -> Void

        public init(
            now: @escaping @Sendable () -> Moment, random: @escaping @Sendable () -> UInt32,
            sleep: @escaping @Sendable (Int64) async -> Void, commands: @escaping @Sendable () -> [Command],
            perform: @escaping @Sendable (RunOrder) async -> RunEnding, isReleased: @escaping @Sendable () -> Bool = { false },
            tell: @escaping @Sendable (Schedule, RunOrder?) -> Void = { _, _ in }
        ) {
            self.now = now
            self.random = random
            self.sleep = sleep
            self.commands = commands
            self.perform = perform
            self.isReleased = isReleased
            self.tell = tell
        }
    }

    /// The longest sleep, after which the clocks are read again: somebody may have set one of them.
    static let longestSleep: Int64 = 30_000_000

    private let surroundings: Surroundings

    public init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
    }

    /// Returns when it was told to stop and no run is under way any more.
    public func run(_ start: Schedule) async {
        var schedule = start
        while true {
            for command in surroundings.commands() {
                switch command {
                case .stop: return
                case .reload(let pace): schedule.reload(pace, at: surroundings.now())
                }
            }
            if schedule.quarantine?.isKept == true, surroundings.isReleased() { schedule.release() }
            switch schedule.next(surroundings.now()) {
            case .run(let order):
                schedule.begin(order, at: surroundings.now())
                surroundings.tell(schedule, order)
                let ending = await surroundings.perform(order)
                schedule.end(ending, at: surroundings.now(), random: surroundings.random())
            case .wait(let microseconds):
                surroundings.tell(schedule, nil)
                await surroundings.sleep(min(microseconds, DaemonLoop.longestSleep))
            }
        }
    }
}
