public import RollcallCore

/// When the daemon runs: a function of what has happened and of what the clocks say. It reads no clock itself.
///
/// | it is time for a run when | it is counted by |
/// | --- | --- |
/// | the daemon has started, the config is another one, or the source was released | at once |
/// | the interval is over, with a delay of up to a tenth of it, which differs from run to run | the steady clock |
/// | the full minute has come in or after which somebody's time comes | the wall clock, in UTC |
/// | the last run failed in a way that may pass: after a sixtieth of the interval, then twice that, and on, before the interval is over | the steady clock |
/// | the source is in quarantine, and an hour or the interval has passed | the steady clock |
///
/// While the source is in quarantine nothing else counts, but that somebody's time comes: then it is not read.
///
/// So setting the wall clock moves nothing but what is due by it, and a host that slept runs once when it wakes. Runs never queue: one
/// that outlasts its interval makes the next one begin at the interval after it, and those in between are counted as skipped. A try again
/// waits at least as long as the run before it took.
public struct Schedule: Hashable, Sendable {
    /// What the daemon does next.
    public enum Step: Hashable, Sendable {
        case run(RunOrder)
        /// Nothing for so many microseconds; at least 1. When the wall clock is set meanwhile, it is less or more.
        case wait(Int64)
    }

    /// The longest that a delay is.
    static let longestDelay = Span(seconds: 60)

    public private(set) var pace: DaemonSettings
    /// That the source is in quarantine; `nil` when it is not.
    public private(set) var quarantine: Quarantine?
    /// Runs that did not take place because another one, or the host's sleep, outlasted their interval.
    public private(set) var skipped = 0
    /// Runs in a row that could not read the source: regular ones, and such as took the place of one.
    public private(set) var failures = 0
    /// Scheduled full readings that were made.
    public private(set) var fullReadings = 0

    /// What asks for a run at once.
    private var asked: RunOrder.Cause? = .start
    /// Where the next regular run belongs, by the steady clock, without its delay.
    private var tick: Instant?
    private var delay: Int64 = 0
    private var retry: Instant?
    private var retries = 0
    /// When somebody's time comes, by the wall clock, in full minutes.
    private var due: Instant?
    private var order: RunOrder?
    private var began: Moment?
    private var lastFull: Instant?
    /// How many of ``skipped`` an order has named.
    private var toldSkipped = 0

    /// - Parameter quarantine: what an earlier process has left behind.
    public init(_ pace: DaemonSettings, quarantine: Quarantine? = nil) {
        self.pace = pace
        self.quarantine = quarantine
        if quarantine != nil { failures = Quarantine.threshold }
    }

    /// What to do at this moment.
    public func next(_ now: Moment) -> Step {
        if let asked { return .run(order(asked, now)) }
        var waits: [Int64] = []
        for (cause, time, clock) in [
            (RunOrder.Cause.retry, retry, now.steady), (.interval, regular, now.steady), (.due, due, now.wall),
        ] {
            guard let time else { continue }
            if time <= clock { return .run(order(cause, now)) }
            waits.append(time.microseconds(after: clock))
        }
        return .wait(max(1, waits.min() ?? 1))
    }

    /// When the next run is to be expected by the wall clock.
    public func expected(_ now: Moment) -> Instant {
        switch next(now) {
        case .run: now.wall
        case .wait(let microseconds): now.wall.adding(microseconds: microseconds)
        }
    }

    /// Notes that the run begins.
    public mutating func begin(_ order: RunOrder, at now: Moment) {
        self.order = order
        asked = nil
        toldSkipped += order.skipped
        guard order.readsSource else { return }
        began = now
        retry = nil
        if order.cause != .retry { retries = 0 }
    }

    /// Notes how the run ended.
    ///
    /// - Parameter random: decides the delays.
    public mutating func end(_ ending: RunEnding, at now: Moment, random: UInt32) {
        defer { order = nil }
        if let order, !order.readsSource {
            due = ending.nextDue?.nextMinute
            return
        }
        let cause = order?.cause ?? .start
        let isRegular = moveTick(past: now.steady, after: cause, random) || (cause != .retry && cause != .due)
        // What was due and could not be done is done by the next run that succeeds, whenever that is.
        due = ending.nextDue?.nextMinute
        switch ending.kind {
        case .done:
            failures = 0
            quarantine = nil
            if order?.isScheduledFull == true {
                fullReadings += 1
                lastFull = began?.steady
            }
        // Without asking the source nothing is learned of it.
        case .sourceFailed where !ending.askedSource: break
        case .sourceFailed:
            if isRegular { failures = failures.addingReportingOverflow(1).partialValue }
            if quarantine != nil || order?.isLastStraw == true {
                quarantine = Quarantine(
                    since: quarantine?.since ?? began?.wall ?? now.wall, reason: ending.reason ?? "",
                    isKept: ending.keptQuarantine || quarantine?.isKept == true)
            }
        case .paused, .failed, .lockedOut: break
        }
        if ending.kind != .done, ending.isTransient, quarantine == nil { retry = backoff(now.steady, random) }
    }

    /// Takes another pace, and asks for a run at once.
    public mutating func reload(_ pace: DaemonSettings, at now: Moment) {
        self.pace = pace
        tick = now.steady + pace.interval
        delay = 0
        asked = .reload
    }

    /// Ends the quarantine, and asks for a run at once.
    public mutating func release() {
        guard quarantine != nil else { return }
        quarantine = nil
        failures = 0
        tick = nil
        asked = .release
    }

    // MARK: - Times

    /// When the next regular run is, by the steady clock.
    private var regular: Instant? {
        guard quarantine != nil, let began else { return tick?.adding(microseconds: delay) }
        return began.steady + max(pace.interval, Quarantine.pace)
    }

    private func order(_ cause: RunOrder.Cause, _ now: Moment) -> RunOrder {
        var order = RunOrder(
            cause, isScheduledFull: lastFull.map { now.steady >= $0 + pace.fullEvery } ?? true, isLastStraw: isLastStraw(cause))
        order.skipped = skipped - toldSkipped
        order.readsSource = quarantine == nil || cause != .due
        return order
    }

    /// Whether the source goes into quarantine when this run cannot read it, or the store is told again that it is.
    private func isLastStraw(_ cause: RunOrder.Cause) -> Bool {
        if let quarantine { return !quarantine.isKept }
        // Tries again that outlast their interval leave no room for a regular run.
        if failures >= Quarantine.threshold { return true }
        return cause != .retry && cause != .due && failures + 1 >= Quarantine.threshold
    }

    /// The first place in the row of intervals that has not passed. What passed without a run of its own was skipped.
    ///
    /// - Returns: whether a place has passed.
    @discardableResult
    private mutating func moveTick(past now: Instant, after cause: RunOrder.Cause, _ random: UInt32) -> Bool {
        let interval = max(1, pace.interval.seconds)
        guard let former = tick else {
            tick = (began?.steady ?? now) + pace.interval
            return moveTick(past: now, after: .retry, random)
        }
        // A tick whose delay is not over yet is still to come.
        let behind = now.span(since: former).seconds
        let isOver = quarantine == nil ? former.adding(microseconds: delay) <= now : former <= now
        guard isOver, behind >= 0 else { return false }
        let passed = behind / interval + 1
        tick = former + Span(seconds: passed.saturatingProduct(interval))
        delay = pace.interval.microseconds(upTo: Schedule.longestDelay, share: 10, random)
        let missed = Int(clamping: cause == .interval ? passed - 1 : passed)
        if quarantine == nil { skipped = skipped.addingReportingOverflow(missed).partialValue }
        return true
    }

    /// When to try again; `nil` when the next regular run comes first.
    private mutating func backoff(_ now: Instant, _ random: UInt32) -> Instant? {
        let first = max(1, min(30, pace.interval.seconds / 60))
        let wait = first << Int64(min(retries, 12))
        retries += 1
        // Between a half and all of it, so that many daemons do not come back together.
        let part = wait.saturatingProduct(500_000) + wait.saturatingProduct(500) * Int64(random % 1000)
        let took = began.map { now.microseconds(after: $0.steady) } ?? 0
        guard took < pace.interval.seconds.saturatingProduct(1_000_000) else { return nil }
        let time = now.adding(microseconds: max(part, took))
        guard let regular, time < regular else { return nil }
        return time
    }
}

extension Instant {
    /// Microseconds from `earlier` to this instant, at most the longest there can be.
    fileprivate func microseconds(after earlier: Instant) -> Int64 {
        let (difference, overflow) = microseconds.subtractingReportingOverflow(earlier.microseconds)
        return overflow ? .max : difference
    }

    /// This instant if it begins a minute, else the beginning of the next.
    fileprivate var nextMinute: Instant {
        let rest = unixSeconds % 60
        let isWhole = rest == 0 && Instant(unixSeconds: unixSeconds) == self
        return isWhole ? self : Instant(unixSeconds: unixSeconds) + Span(seconds: 60 - (rest < 0 ? rest + 60 : rest))
    }
}

extension Span {
    /// A random part of one of `share` parts of it, in microseconds.
    fileprivate func microseconds(upTo longest: Span, share: Int64, _ random: UInt32) -> Int64 {
        let most = min(longest.seconds, seconds / share)
        return most.saturatingProduct(1_000_000) / 1000 * Int64(random % 1000)
    }
}

extension Int64 {
    fileprivate func saturatingProduct(_ other: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
