internal import Dispatch
internal import Glibc
public import Logging
public import RollcallEngine
public import ServiceLifecycle
public import UnixSignals

/// The daemon as a service: its loop, and what signals want of it.
public struct DaemonService: Service {
    /// What the service works with beside the loop.
    public struct Handlers: Sendable {
        /// Called once everything is in place.
        public var start: @Sendable () -> Void
        /// Reads the config again.
        public var reload: @Sendable () -> Void
        /// Called when a stop is wanted, before the run under way has ended.
        public var stop: @Sendable () -> Void
        /// How far the run under way is.
        public var phase: @Sendable () -> Phase

        public init(
            start: @escaping @Sendable () -> Void, reload: @escaping @Sendable () -> Void, stop: @escaping @Sendable () -> Void,
            phase: @escaping @Sendable () -> Phase
        ) {
            self.start = start
            self.reload = reload
            self.stop = stop
            self.phase = phase
        }
    }

    /// How far a run is, which decides what may be done to it.
    public enum Phase: Hashable, Sendable {
        /// There is none.
        case idle
        /// Nothing of it is in the store.
        case running
        /// Its transaction is being committed, which is waited for.
        case committing
        /// How it ended is in the store, and it only lets go of what it holds.
        case over
    }

    /// Seconds after which a run that does not react to a stop is given up with the process; the kernel then frees the lock, and
    /// SQLite rolls back.
    public static let patience = 18

    /// Where signals and the limit of a stop are seen to, also while every thread of the tasks is taken.
    private static let queue = DispatchQueue(label: "rollcall.stop")
    private static let lastResort = DispatchQueue(label: "rollcall.exit")

    private let loop: DaemonLoop
    private let schedule: Schedule
    private let mailbox: Mailbox
    private let handlers: Handlers
    private let hangups: UnixSignalsSequence
    private let logger: Logger
    private let patience: Int

    /// - Parameter patience: seconds after which a stop no longer waits for a run that does not react.
    public init(
        _ loop: DaemonLoop, _ schedule: Schedule, _ mailbox: Mailbox, _ handlers: Handlers, hangups: UnixSignalsSequence, logger: Logger,
        patience: Int = DaemonService.patience
    ) {
        self.patience = patience
        self.loop = loop
        self.schedule = schedule
        self.mailbox = mailbox
        self.handlers = handlers
        self.hangups = hangups
        self.logger = logger
    }

    public func run() async {
        let sources = await watchSignals()
        handlers.start()
        // A reload that does not end holds up no stop.
        let hearing = Task {
            for await _ in hangups where !mailbox.isStopping { handlers.reload() }
        }
        await withTaskCancellationHandler {
            await loop.run(schedule)
        } onCancel: {
            stop()
        }
        hearing.cancel()
        for source in sources { source.cancel() }
    }

    /// Runs until SIGTERM or SIGINT; a second one changes nothing.
    public func runUntilStopped() async throws {
        var configuration = ServiceGroupConfiguration(
            services: [ServiceGroupConfiguration.ServiceConfiguration(service: self, successTerminationBehavior: .gracefullyShutdownGroup)],
            logger: logger)
        configuration.maximumGracefulShutdownDuration = nil
        try await ServiceGroup(configuration: configuration).run()
    }

    /// Returns once the signals that stop are heard.
    private func watchSignals() async -> [any DispatchSourceSignal] {
        var sources: [any DispatchSourceSignal] = []
        for signal in [SIGTERM, SIGINT] {
            let source = DispatchSource.makeSignalSource(signal: signal, queue: DaemonService.queue)
            source.setEventHandler { stop() }
            await withCheckedContinuation { continuation in
                source.setRegistrationHandler { continuation.resume() }
                source.resume()
            }
            sources.append(source)
        }
        return sources
    }

    private func stop() {
        if mailbox.isStopping { return }
        giveUp(after: patience)
        handlers.stop()
        mailbox.send(.stop)
    }

    /// Ends the process when it does not end by itself, unless a run is committing.
    private func giveUp(after seconds: Int) {
        DaemonService.lastResort.asyncAfter(deadline: .now() + .seconds(seconds)) {
            switch handlers.phase() {
            case .committing: giveUp(after: 1)
            case .running: end(1, .error, "the run under way does not end; it is given up, and nothing of it is applied")
            case .over: end(0, .warning, "the last run has ended, but does not let go of what it holds; the process ends without that")
            case .idle: end(0, .warning, "something beside the runs does not end, a reload perhaps; the process ends without it")
            }
        }
    }

    /// Ends the process, also when nobody takes the line.
    private func end(_ status: Int32, _ level: Logger.Level, _ message: String) {
        DaemonService.queue.asyncAfter(deadline: .now() + .seconds(1)) { _exit(status) }
        logger.log(level: level, "\(message)")
        _exit(status)
    }
}
