import RollcallCore
import RollcallEngine
import Testing

@Suite("When a source goes into quarantine, by a virtual clock")
struct QuarantineTests {
    private let quarter = DaemonSettings(interval: Span(seconds: 900))
    private let begin = VirtualHost.start.wall

    private func after(_ seconds: Int64) -> Instant { begin + Span(seconds: seconds) }

    @Test("a source that fails five times in a row is tried hourly, until a run succeeds")
    func quarantine() async {
        let host = VirtualHost()
        let healthy = after(5 * 3600)
        await host.live(Schedule(quarter), until: after(8 * 3600)) { order, now in
            if now.wall >= healthy { return (0, RunEnding(.done)) }
            var ending = RunEnding(.sourceFailed, reason: "gone", nextDue: now.wall + Span(seconds: 60))
            ending.keptQuarantine = order.isLastStraw
            return (0, ending)
        }
        let runs = host.runs.filter { $0.order.cause != .due }
        let seconds = runs.map { $0.at.wall.span(since: begin).seconds }
        #expect(Array(seconds.prefix(9)) == [0, 900, 1800, 2700, 3600, 7200, 10_800, 14_400, 18_000])
        #expect(runs.map(\.order.isLastStraw).prefix(6) == [false, false, false, false, true, false])
        // What is due is not kept waiting, and reads the source only while it is not in quarantine.
        let due = host.runs.filter { $0.order.cause == .due }
        #expect(due.contains { $0.at.wall > after(3700) && $0.at.wall < after(7100) })
        for run in due { #expect(run.order.readsSource == (run.at.wall < after(3600) || run.at.wall > after(18_000))) }
        #expect(seconds.count > 15 && host.last?.quarantine == nil)
        #expect(host.state.withLock { $0.statuses.contains { $0.quarantine?.reason == "gone" } })
    }

    @Test("a run that only repeats a refusal, and does not ask the source, is no failure of it")
    func repeated() async {
        let host = VirtualHost()
        await host.live(Schedule(quarter), until: after(3 * 3600)) { order, _ in
            var ending = RunEnding(.sourceFailed, reason: "refused")
            ending.askedSource = host.runs.count % 4 == 1
            return (0, ending)
        }
        // Of twelve runs four asked.
        #expect(host.runs.prefix(12).map(\.at.wall) == (0..<12).map { after($0 * 900) })
        #expect(host.runs.prefix(12).allSatisfy { !$0.order.isLastStraw || $0.at.wall >= after(12 * 900) })
    }

    @Test(
        "a source that fails as slowly as the interval, or nearly, is quarantined as soon, and is not read back to back",
        arguments: [600, 810, 900, 901, 1000])
    func slowFailures(seconds: Int64) async {
        let host = VirtualHost(random: 999)
        await host.live(Schedule(quarter), until: after(8 * 3600)) { order, _ in
            var ending = RunEnding(.sourceFailed, reason: "slow", isTransient: true)
            ending.keptQuarantine = order.isLastStraw
            return (seconds, ending)
        }
        let times = host.runs.map { $0.at.wall.span(since: begin).seconds }
        let first = host.state.withLock { $0.statuses.first { $0.quarantine != nil } }
        let since = first?.quarantine?.since.span(since: begin).seconds ?? .max
        // A run that outlasts its interval has the place of two.
        #expect(since <= (seconds < 900 ? 4 : 8) * 900 + 300, "\(times)")
        // The regular runs have their places; nothing is tried again in the rest of one.
        #expect(zip(times.dropFirst(), times).allSatisfy { $0 - $1 >= 840 }, "\(times)")
        #expect(zip(times.dropFirst(), times).filter { $0.1 > since }.allSatisfy { $0 - $1 >= 3600 }, "\(times)")
    }

    @Test("tries again that outlast their interval count as the runs whose place they take")
    func slowRetries() async {
        let host = VirtualHost(random: 999)
        // Each regular run fails at once, and each try again takes long.
        await host.live(Schedule(quarter), until: after(8 * 3600)) { order, _ in
            var ending = RunEnding(.sourceFailed, reason: "slow", isTransient: true)
            ending.keptQuarantine = order.isLastStraw
            return (order.cause == .retry ? 1000 : 0, ending)
        }
        let first = host.state.withLock { $0.statuses.first { $0.quarantine != nil } }
        #expect((first?.quarantine?.since.span(since: begin).seconds ?? .max) <= 4 * 3600 / 2)
        #expect(host.runs.contains { $0.order.cause == .retry })
    }

    @Test("a run of a paused source is neither a success nor a failure")
    func paused() async {
        let host = VirtualHost()
        await host.live(Schedule(quarter), until: after(7200)) { order, now in
            let isPaused = now.wall == VirtualHost.start.wall + Span(seconds: 1800)
            var ending = isPaused ? RunEnding(.paused) : RunEnding(.sourceFailed, reason: "gone")
            ending.keptQuarantine = order.isLastStraw
            return (0, ending)
        }
        #expect(host.runs.map(\.order.isLastStraw) == [false, false, false, false, false, true])
        #expect(host.last?.quarantine?.since == after(4500))

        let quarantined = VirtualHost()
        await quarantined.live(Schedule(quarter, quarantine: Quarantine(since: begin, reason: "")), until: after(9000)) { _, _ in
            (0, RunEnding(.paused))
        }
        #expect(quarantined.last?.quarantine != nil && quarantined.runs.count == 3)
    }

    @Test("a quarantine that the store could not keep goes on, and each failure tells the store again")
    func unkeptQuarantine() async {
        let host = VirtualHost()
        let mended = after(4 * 3600)
        await host.live(
            Schedule(quarter), until: after(6 * 3600),
            // The store knows of nothing all the time.
            meanwhile: { $0.isReleased = true },
            run: { order, now in
                var ending = RunEnding(.sourceFailed, reason: "gone")
                ending.keptQuarantine = order.isLastStraw && now.wall >= mended
                return (0, ending)
            })
        let runs = host.runs
        let seconds = runs.map { $0.at.wall.span(since: begin).seconds }
        #expect(Array(seconds.prefix(8)) == [0, 900, 1800, 2700, 3600, 7200, 10_800, 14_400], "\(seconds)")
        #expect(runs.prefix(8).map(\.order.isLastStraw) == [false, false, false, false, true, true, true, true])
        // Once it is kept, the store is asked, and says that it is over.
        #expect(runs[8].order.cause == .release)
    }

    @Test("`resume` releases the source, and a run follows at once")
    func release() async {
        let host = VirtualHost()
        let kept = Quarantine(since: begin, reason: "before the restart")
        await host.live(
            Schedule(quarter, quarantine: kept), until: after(4 * 3600),
            meanwhile: { state in
                state.isReleased = state.now.wall >= VirtualHost.start.wall + Span(seconds: 5000)
            },
            run: { order, now in
                (
                    0,
                    RunEnding(now.wall < VirtualHost.start.wall + Span(seconds: 5000) ? .sourceFailed : .done, reason: order.cause.rawValue)
                )
            })
        let runs = host.runs.map { ($0.order.cause, $0.at.wall.span(since: begin).seconds) }
        #expect(runs.prefix(3).map(\.0) == [.start, .interval, .release])
        #expect(runs[1].1 == 3600 && (5000...5030).contains(runs[2].1), "\(runs)")
        #expect(runs[3].1 - runs[2].1 == 900)
    }
}
