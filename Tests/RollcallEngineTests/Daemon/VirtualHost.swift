import RollcallCore
import RollcallEngine
import Synchronization

/// A host whose clocks a test turns, with a source that succeeds or fails as it is told.
final class VirtualHost: Sendable {
    struct State {
        var now: Moment
        var runs: [(order: RunOrder, at: Moment)] = []
        var sleeps = 0
        var statuses: [Schedule] = []
        var commands: [DaemonLoop.Command] = []
        var isReleased = false
    }

    static let start = Moment(wall: Instant(unixSeconds: 1_767_225_600), steady: Instant(unixSeconds: 1_000))

    let state: Mutex<State>
    private let random: UInt32

    init(random: UInt32 = 0) {
        state = Mutex(State(now: VirtualHost.start))
        self.random = random
    }

    var runs: [(order: RunOrder, at: Moment)] { state.withLock { $0.runs } }

    /// Runs the loop until `end`; `run` says how long each run takes, in seconds, and how it ends.
    func live(
        _ schedule: Schedule, until end: Instant, meanwhile: @escaping @Sendable (inout State) -> Void = { _ in },
        run: @escaping @Sendable (RunOrder, Moment) -> (seconds: Int64, ending: RunEnding)
    ) async {
        let random = random
        let surroundings = DaemonLoop.Surroundings(
            now: { self.state.withLock { $0.now } }, random: { random },
            sleep: { microseconds in
                self.state.withLock { state in
                    state.now = state.now.adding(microseconds: microseconds)
                    state.sleeps += 1
                    meanwhile(&state)
                }
            },
            commands: {
                self.state.withLock { state in
                    defer { state.commands = [] }
                    return state.now.wall >= end ? [.stop] : state.commands
                }
            },
            perform: { order in
                let now = self.state.withLock { state in
                    state.runs.append((order, state.now))
                    return state.now
                }
                let (seconds, ending) = run(order, now)
                self.state.withLock { $0.now = $0.now.adding(microseconds: seconds * 1_000_000) }
                return ending
            },
            isReleased: { self.state.withLock { $0.isReleased } },
            tell: { schedule, _ in self.state.withLock { $0.statuses.append(schedule) } })
        await DaemonLoop(surroundings).run(schedule)
    }

    var last: Schedule? { state.withLock { $0.statuses.last } }
}

extension DaemonSettings {
    init(interval: Span, fullEvery: Span = Span(seconds: 86_400)) {
        self.init()
        self.interval = interval
        self.fullEvery = fullEvery
    }
}
