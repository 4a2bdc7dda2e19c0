public import RollcallEngine
internal import Synchronization

/// What is wanted of the loop by signals that come at any time: commands, a sleep that they end, and a run that a stop cancels.
public final class Mailbox: Sendable {
    private struct State {
        var commands: [DaemonLoop.Command] = []
        var sleeper: CheckedContinuation<Void, Never>?
        var run: Task<RunEnding, Never>?
        var isStopping = false
    }

    private let state = Mutex(State())

    public init() {}

    /// Whether a stop was sent.
    public var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Whether a run is under way.
    public var isRunning: Bool { state.withLock { $0.run != nil } }

    /// Takes a command and wakes the loop. A stop cancels the run that is under way; one that commits already finishes that.
    public func send(_ command: DaemonLoop.Command) {
        let (sleeper, run) = state.withLock { state in
            state.commands.append(command)
            if command == .stop { state.isStopping = true }
            defer { state.sleeper = nil }
            return (state.sleeper, command == .stop ? state.run : nil)
        }
        run?.cancel()
        sleeper?.resume()
    }

    /// The commands that came since this was last asked; a stop stays.
    public func take() -> [DaemonLoop.Command] {
        state.withLock { state in
            defer { state.commands = [] }
            return state.isStopping ? [.stop] : state.commands
        }
    }

    /// Sleeps so many microseconds, or until there is a command.
    public func sleep(microseconds: Int64) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: .microseconds(microseconds)) }
            group.addTask { await self.command() }
            await group.next()
            group.cancelAll()
            self.wake()
        }
    }

    /// Makes a run as a task that a stop cancels.
    public func perform(_ body: @escaping @Sendable () async -> RunEnding) async -> RunEnding {
        let task = Task(operation: body)
        let isStopping = state.withLock { state in
            state.run = task
            return state.isStopping
        }
        if isStopping { task.cancel() }
        let ending = await task.value
        state.withLock { $0.run = nil }
        return ending
    }

    private func wake() {
        let sleeper = state.withLock { state in
            defer { state.sleeper = nil }
            return state.sleeper
        }
        sleeper?.resume()
    }

    /// Returns when there is a command.
    private func command() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if !state.commands.isEmpty || state.isStopping || Task.isCancelled { return true }
                state.sleeper = continuation
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
