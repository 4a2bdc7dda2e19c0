internal import ArgumentParser
internal import Glibc
internal import Logging
internal import RollcallConfig
internal import RollcallCore
internal import RollcallDaemon
internal import RollcallEngine
internal import RollcallSQLite
internal import Synchronization
internal import UnixSignals

/// What the daemon does when its schedule says so: a run, a reload, and telling how it stands.
final class DaemonWork: Sendable {
    private struct State {
        var workplace: Workplace
        var status = DaemonStatus()
        var phase = DaemonService.Phase.idle
        /// The source of the last run, when it refused our credentials.
        var refused: RefusedSource?
    }

    let logger: Logger
    let notify = NotifySocket.fromEnvironment()
    private let mailbox = Mailbox()
    private let configPath: String
    private let state: Mutex<State>
    private let schedule: Schedule
    private let stopPatience: Int

    /// Opens the store and proves it usable; says why and ends the command when it is not.
    ///
    /// - Parameter stopPatience: seconds after which a stop no longer waits for a run.
    init(_ workplace: Workplace, configPath: String, logger: Logger, stopPatience: Int = DaemonService.patience) throws {
        self.configPath = configPath
        self.logger = logger
        self.stopPatience = stopPatience
        logger.report(workplace.warnings)
        do throws(StoreError) {
            let basis = try workplace.daemonStore.verify()
            let kept = basis.quarantined == nil ? nil : try StoreReader(path: workplace.settings.store.path).quarantine()
            schedule = Schedule(workplace.settings.daemon, quarantine: kept.map { Quarantine(since: $0.since, reason: $0.reason) })
        } catch let error {
            logger.error("\(error)")
            throw ExitStatus.failed.exit
        }
        state = Mutex(State(workplace: workplace))
        state.withLock { $0.status.quarantined = schedule.quarantine?.since }
    }

    /// The service around all this.
    func service(hangups: UnixSignalsSequence) -> DaemonService {
        var surroundings = DaemonLoop.Surroundings(
            now: { .now }, random: { .random(in: .min ... .max) },
            sleep: { [mailbox, notify] in await mailbox.sleep(microseconds: min($0, notify.longestSilence ?? $0)) },
            commands: { [mailbox] in mailbox.take() },
            perform: { [mailbox] order in
                let ending = await mailbox.perform { await self.perform(order) }
                self.enter(.idle)
                // Only here has the run let go of all that it held.
                Memory.giveBack()
                return ending
            })
        surroundings.isReleased = { self.isReleased }
        surroundings.tell = { self.tell($0, $1) }
        let handlers = DaemonService.Handlers(
            start: { self.start() }, reload: { self.reload() }, stop: { self.stop() },
            phase: { self.state.withLock { $0.phase } })
        return DaemonService(
            DaemonLoop(surroundings), schedule, mailbox, handlers, hangups: hangups, logger: logger, patience: stopPatience)
    }

    private func enter(_ phase: DaemonService.Phase) {
        state.withLock { $0.phase = phase }
    }

    // MARK: - The life of the process

    private func start() {
        let (settings, sentence) = state.withLock { ($0.workplace.settings, $0.status.sentence(at: Workplace.now)) }
        logger.notice("ready: \(settings.daemon.interval) from run to run, store \(settings.store.path), pid \(getpid())")
        notify.ready(sentence)
    }

    private func stop() {
        logger.notice(
            "told to stop: \(mailbox.isRunning ? "the run under way finishes its commit or is rolled back" : "no run is under way")")
        notify.stopping()
    }

    /// Takes the config as it is now, all of it, or keeps the old one and says why.
    private func reload() {
        notify.reloading()
        let obstacle: String?
        switch ConfigFile.load(path: configPath) {
        case .refused(let findings):
            let mistakes = logger.report(findings)
            let first = findings.first { $0.severity == .error } ?? findings.first
            obstacle = (first.map { "\($0)" } ?? "it has mistakes") + (mistakes > 1 ? " and \(mistakes - 1) more" : "")
            logger.error("the config was not taken, the former one stays: \(mistakes) mistake\(mistakes == 1 ? "" : "s")")
        case .accepted(let settings, let warnings):
            logger.report(warnings)
            obstacle = take(Workplace(settings, warnings, path: configPath))
            if let obstacle {
                logger.error("the config was not taken, the former one stays: \(obstacle)")
            } else {
                logger.notice("the config was read again, and a run follows")
            }
        }
        let sentence = state.withLock { state in
            state.status.refusedReload = obstacle
            return state.status.sentence(at: Workplace.now)
        }
        notify.ready(sentence)
    }

    /// Works by another config from the next run on; why not, if that cannot be.
    private func take(_ workplace: Workplace) -> String? {
        let former = state.withLock { $0.workplace.settings }
        if workplace.settings.store != former.store {
            do throws(StoreError) {
                _ = try workplace.daemonStore.verify()
            } catch {
                return "\(error)"
            }
        }
        state.withLock { $0.workplace = workplace }
        mailbox.send(.reload(workplace.settings.daemon))
        return nil
    }

    /// Whether the store no longer says that the source is in quarantine.
    private var isReleased: Bool {
        let path = state.withLock { $0.workplace.settings.store.path }
        // A store that is gone has released nobody.
        guard let reader = try? StoreReader(path: path) else { return false }
        do {
            return try reader.quarantine() == nil
        } catch {
            return false
        }
    }

    /// Takes note of where the schedule stands, and shows it to the service manager.
    private func tell(_ schedule: Schedule, _ order: RunOrder?) {
        notify.alive()
        let now = Moment.now
        let sentence = state.withLock { state in
            state.status.next = schedule.expected(now)
            state.status.running = order == nil ? nil : now.wall
            state.status.quarantined = schedule.quarantine?.since
            return state.status.sentence(at: now.wall)
        }
        notify.status(sentence)
    }

    // MARK: - One run

    /// Makes the run that was ordered and says how it ended. While the source cannot be read, access still ends at its time.
    private func perform(_ order: RunOrder) async -> RunEnding {
        let workplace = state.withLock { $0.workplace }
        if !order.readsSource { return await make(order, workplace, from: LastSnapshot()) }
        let ending = await read(order, workplace)
        guard ending.kind == .sourceFailed, !mailbox.isStopping, isSomebodyOverdue(workplace) else { return ending }
        let other = await make(order, workplace, from: LastSnapshot())
        var both = ending
        both.nextDue = other.nextDue
        return both
    }

    /// Makes one run that reads the source. Credentials that an earlier run was refused are sent again only when they are other ones, when
    /// somebody asks for it, or after long.
    private func read(_ order: RunOrder, _ workplace: Workplace) async -> RunEnding {
        let began = ContinuousClock.now
        let credentials = SourceCredentials(workplace.settings.source)
        let former = state.withLock { $0.refused }
        if let former, former.holds(order, credentials, at: began) {
            var order = order
            order.isLastStraw = false
            var ending = await make(order, workplace, from: former.source)
            ending.askedSource = false
            return ending
        }
        let source = Workplace.source(of: workplace.settings)
        let ending = await make(order, workplace, from: source)
        let refused = RefusedSource(source, credentials, since: began, former: former)
        if let refused {
            logger.warning(
                "the source refused the credentials; they are sent again when they or the config change (SIGHUP), or by the first run after \(refused.pause.components.seconds / 60) minutes"
            )
        }
        state.withLock { $0.refused = refused }
        return ending
    }

    /// Makes one run.
    ///
    /// - Parameter source: what is read: the config's source, or the last snapshot in its place.
    private func make(_ order: RunOrder, _ workplace: Workplace, from source: any DirectorySource) async -> RunEnding {
        let began = ContinuousClock.now
        let asksSource = !(source is LastSnapshot)
        var request = RunRequest(mode: .daemon, actor: Workplace.actor)
        // The last snapshot tells nothing of the source.
        request.isLastStraw = order.isLastStraw && asksSource
        request.follows = !order.isScheduledFull && asksSource
        request.acceptsUnchanged = true
        var environment = workplace.environment(command: "run", progress: ProgressLine())
        environment.source = source
        environment.store = workplace.daemonStore
        environment.alive = { self.notify.alive() }
        environment.progress = { progress in
            self.notify.alive()
            self.enter(progress == .applying ? .committing : .running)
        }
        enter(.running)
        let finished = await Run(environment, request).execute()
        enter(.over)
        let line = RunLine(finished, order, took: ContinuousClock.now - began, isStopping: mailbox.isStopping)
        logger.log(level: line.level, "\(line.message)", metadata: line.metadata)
        if logger.logLevel <= .debug { logRows(finished) }
        finished.close()
        return note(finished, workplace)
    }

    /// Whether somebody's access should have ended by now.
    private func isSomebodyOverdue(_ workplace: Workplace) -> Bool {
        guard let reader = try? StoreReader(path: workplace.settings.store.path) else { return false }
        return (try? reader.isSomebodyOverdue(at: Workplace.now)) ?? false
    }

    /// Keeps how the run ended for the status, and turns it into what the schedule needs.
    private func note(_ finished: FinishedRun, _ workplace: Workplace) -> RunEnding {
        let record = finished.record
        var ending = RunEnding(finished)
        var held = 0
        if let reader = try? StoreReader(path: workplace.settings.store.path) {
            ending.nextDue = (try? reader.nextDue(after: record.started)).flatMap { $0 }
            held = (try? reader.heldPlans().count { $0.state == .open }) ?? 0
        }
        state.withLock { state in
            state.status.heldPlans = held
            // A run that did not read the source says nothing of how it stands.
            if record.source.proof?.extent != .lastSnapshot { state.status.note(DaemonStatus.Last(finished), at: record.finished) }
        }
        return ending
    }

    /// What a run does to whom: only at debug, because it names people.
    private func logRows(_ finished: FinishedRun) {
        try? finished.rows.forEachRow { row in
            for change in row.changes {
                logger.debug(
                    "\(change.heldBy == nil ? "" : "held: ")\(change.action.rawValue) \(row.label)\(change.group.map { " \($0)" } ?? ""): \(change.reason.sentence)"
                )
            }
            return true
        }
    }
}
