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
        /// Whether a transaction is being committed, which is waited for.
        public var isApplying: @Sendable () -> Bool

        public init(
            start: @escaping @Sendable () -> Void, reload: @escaping @Sendable () -> Void, stop: @escaping @Sendable () -> Void,
            isApplying: @escaping @Sendable () -> Bool
        ) {
            self.start = start
            self.reload = reload
            self.stop = stop
            self.isApplying = isApplying
        }
    }

    /// Seconds after which a run that does not react to a stop is given up with the process; the kernel then frees the lock, and
    /// SQLite rolls back.
    static let patience = 18

    private let loop: DaemonLoop
    private let schedule: Schedule
    private let mailbox: Mailbox
    private let handlers: Handlers
    private let hangups: UnixSignalsSequence
    private let logger: Logger

    public init(
        _ loop: DaemonLoop, _ schedule: Schedule, _ mailbox: Mailbox, _ handlers: Handlers, hangups: UnixSignalsSequence, logger: Logger
    ) {
        self.loop = loop
        self.schedule = schedule
        self.mailbox = mailbox
        self.handlers = handlers
        self.hangups = hangups
        self.logger = logger
    }

    public func run() async {
        handlers.start()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in hangups where !mailbox.isStopping { handlers.reload() }
            }
            await withTaskCancellationHandler {
                await withGracefulShutdownHandler {
                    await loop.run(schedule)
                } onGracefulShutdown: {
                    stop()
                }
            } onCancel: {
                stop()
            }
            group.cancelAll()
        }
    }

    private func stop() {
        if mailbox.isStopping { return }
        handlers.stop()
        mailbox.send(.stop)
        giveUp(after: DaemonService.patience)
    }

    /// Ends the process when a run does not end by itself, unless that run is committing.
    private func giveUp(after seconds: Int) {
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds)) {
            guard mailbox.isRunning else { return }
            if handlers.isApplying() { return giveUp(after: 1) }
            logger.error("the run under way does not end; it is given up, and nothing of it is applied")
            _exit(1)
        }
    }

    /// Runs until SIGTERM or SIGINT; a second one changes nothing.
    public func runUntilStopped() async throws {
        var configuration = ServiceGroupConfiguration(
            services: [ServiceGroupConfiguration.ServiceConfiguration(service: self, successTerminationBehavior: .gracefullyShutdownGroup)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = nil
        try await ServiceGroup(configuration: configuration).run()
    }
}
