import RollcallCore
import RollcallEngine
import Testing

@Suite("The daemon's schedule, by a virtual clock")
struct ScheduleTests {
    private let quarter = DaemonSettings(interval: Span(seconds: 900))
    private let begin = VirtualHost.start.wall

    private func after(_ seconds: Int64) -> Instant { begin + Span(seconds: seconds) }

    @Test("a year of quarters: a run each, no drift, a scheduled full reading a day; daylight saving is nothing to UTC")
    func year() async {
        let host = VirtualHost()
        await host.live(Schedule(quarter), until: after(365 * 86_400)) { _, _ in (2, RunEnding(.done)) }
        let runs = host.runs
        #expect(runs.count == 365 * 96)
        #expect(runs.first?.order.cause == .start)
        #expect(runs.dropFirst().allSatisfy { $0.order.cause == .interval })
        #expect(runs.enumerated().allSatisfy { $1.at.wall == after(Int64($0) * 900) })
        #expect(runs.count { $0.order.isScheduledFull } == 365)
        #expect(host.last?.skipped == 0)
    }

    @Test("the delay differs from run to run, is at most a tenth of the interval and a minute, and does not add up")
    func delays() async {
        for random in [0, 1, 499, 999, UInt32.max] {
            let host = VirtualHost(random: random)
            await host.live(Schedule(quarter), until: after(86_400)) { _, _ in (1, RunEnding(.done)) }
            for (index, run) in host.runs.enumerated().dropFirst() {
                let late = run.at.wall.span(since: after(Int64(index) * 900)).seconds
                #expect((0...60).contains(late), "run \(index) is \(late) s late with random \(random)")
            }
            #expect(host.runs.count >= 96)
        }
    }

    @Test("somebody's time is kept to the minute, between two regular runs, which go on as ever")
    func due() async {
        let begin = begin
        let dues = [450, 1000, 1015, 5000].map { after(Int64($0)) }
        let host = VirtualHost()
        await host.live(Schedule(quarter), until: after(7200)) { _, now in
            (1, RunEnding(.done, nextDue: dues.first { $0 > now.wall }))
        }
        let early = host.runs.filter { $0.order.cause == .due }
        // 1000 and 1015 are of one minute; all at a full minute, never before.
        #expect(early.map { $0.at.wall.span(since: begin).seconds } == [480, 1020, 5040])
        #expect(host.runs.count { $0.order.cause == .interval } == 7)
    }

    @Test("a year of expiries, deletions and purges: each is seen by a run within its minute")
    func dueForAYear() async {
        let begin = begin
        var next: UInt64 = 42
        var dues: [Instant] = []
        for _ in 0..<2_000 {
            next = next &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            dues.append(begin + Span(seconds: Int64(next >> 33) % (365 * 86_400)))
        }
        let sorted = dues.sorted()
        let host = VirtualHost(random: 77)
        await host.live(Schedule(DaemonSettings(interval: Span(seconds: 6 * 3600))), until: after(365 * 86_400 + 120)) { _, now in
            (1, RunEnding(.done, nextDue: sorted.first { $0 > now.wall }))
        }
        let times = host.runs.map(\.at.wall)
        var place = 0
        for due in sorted {
            while place < times.count, times[place] < due { place += 1 }
            #expect(place < times.count && times[place].span(since: due).seconds <= 61)
        }
    }

    @Test("a run that outlasts its interval is not followed by a queue: what was missed is counted")
    func skipped() async {
        let host = VirtualHost()
        await host.live(Schedule(quarter), until: after(6 * 900)) { _, now in
            (now.wall == VirtualHost.start.wall + Span(seconds: 900) ? 2000 : 1, RunEnding(.done))
        }
        #expect(host.runs.map { $0.at.wall.span(since: begin).seconds } == [0, 900, 3600, 4500])
        #expect(host.last?.skipped == 2)
        // The next run says it, once.
        #expect(host.runs.map(\.order.skipped) == [0, 0, 2, 0])
    }

    @Test("a host that slept makes one run when it wakes, and then goes on as before")
    func suspended() async {
        let host = VirtualHost()
        await host.live(
            Schedule(quarter), until: after(3 * 86_400),
            meanwhile: { state in
                // The lid is closed for a day.
                if state.now.wall == VirtualHost.start.wall + Span(seconds: 1800 + 30 * 15) {
                    state.now = state.now.adding(microseconds: 86_400_000_000)
                }
            },
            run: { _, _ in (0, RunEnding(.done)) })
        let seconds = host.runs.map { $0.at.wall.span(since: begin).seconds }
        let expected: [Int64] = [0, 900, 1800, 88_650, 89_100]
        #expect(Array(seconds.prefix(5)) == expected)
        #expect(host.last?.skipped == 95)
    }

    @Test("the wall clock set back or ahead moves no regular run; what is due by it comes when it says so", arguments: [-86_400, 86_400])
    func clockSet(by seconds: Int64) async {
        let host = VirtualHost()
        let target = after(40_000)
        await host.live(
            Schedule(quarter), until: after(86_400 * 2),
            meanwhile: { state in
                if state.now.steady == VirtualHost.start.steady + Span(seconds: 4800) {
                    state.now.wall = state.now.wall + Span(seconds: seconds)
                }
                if state.runs.count > 200 { state.now.wall = .latest }
            },
            run: { _, now in (0, RunEnding(.done, nextDue: target > now.wall ? target : nil)) })
        let runs = host.runs
        let regular = runs.filter { $0.order.cause == .interval }.map { $0.at.steady.span(since: VirtualHost.start.steady).seconds }
        #expect(regular.enumerated().allSatisfy { $1 == Int64($0 + 1) * 900 }, "\(regular.prefix(20))")
        let due = runs.filter { $0.order.cause == .due }
        #expect(due.count == 1)
        #expect(due.allSatisfy { $0.at.wall >= target })
    }

    @Test("a failure that may pass is tried again after longer and longer times, within the interval; one that will not is not")
    func retries() async {
        let host = VirtualHost(random: 999)
        await host.live(Schedule(quarter), until: after(900)) { _, _ in (0, RunEnding(.sourceFailed, reason: "away", isTransient: true)) }
        let seconds = host.runs.map { $0.at.wall.span(since: begin).seconds }
        #expect(host.runs.dropFirst().allSatisfy { $0.order.cause == .retry })
        #expect((5...7).contains(seconds.count), "\(seconds)")
        let gaps = zip(seconds.dropFirst(), seconds).map { $0 - $1 }
        #expect(zip(gaps.dropFirst(), gaps).allSatisfy { $0 > $1 }, "\(gaps)")

        let permanent = VirtualHost()
        await permanent.live(Schedule(quarter), until: after(3600)) { _, _ in (0, RunEnding(.sourceFailed, reason: "password")) }
        #expect(permanent.runs.map(\.order.cause) == [.start, .interval, .interval, .interval])
    }

    @Test("a lock that somebody else holds, and a store that fails, are tried again and quarantine nobody")
    func notTheSource() async {
        for kind in [RunEnding.Kind.lockedOut, .failed] {
            let host = VirtualHost(random: 500)
            await host.live(Schedule(quarter), until: after(86_400)) { _, _ in
                (0, RunEnding(kind, reason: "no", isTransient: kind == .lockedOut))
            }
            #expect(host.last?.quarantine == nil)
            #expect(host.runs.count { $0.order.cause == .interval } == 95)
            #expect(host.runs.contains { $0.order.cause == .retry } == (kind == .lockedOut))
        }
    }

    @Test("another config takes effect at once, with its own pace")
    func reload() async {
        let host = VirtualHost()
        await host.live(
            Schedule(quarter), until: after(3600),
            meanwhile: { state in
                if state.now.wall == VirtualHost.start.wall + Span(seconds: 300) {
                    state.commands = [.reload(DaemonSettings(interval: Span(seconds: 600)))]
                }
            },
            run: { _, _ in (0, RunEnding(.done)) })
        #expect(host.runs.map(\.order.cause).prefix(3) == [.start, .reload, .interval])
        #expect(host.runs.map { $0.at.wall.span(since: begin).seconds } == [0, 300, 900, 1500, 2100, 2700, 3300])
    }

    @Test("times and intervals at the ends of what can be held trap nowhere")
    func extremes() async {
        for interval in [Span.longest, Span(seconds: 1), Span(seconds: .max)] {
            for moment in [Moment(wall: .earliest, steady: .earliest), Moment(wall: .latest, steady: .latest), VirtualHost.start] {
                var schedule = Schedule(DaemonSettings(interval: interval, fullEvery: interval))
                for random in [0, UInt32.max] {
                    for due in [nil, Instant.earliest, .latest] {
                        guard case .run(let order) = schedule.next(moment) else { continue }
                        schedule.begin(order, at: moment)
                        let ending = RunEnding(.sourceFailed, reason: "", isTransient: true, nextDue: due)
                        schedule.end(ending, at: moment.adding(microseconds: .max), random: random)
                        _ = schedule.expected(moment)
                        schedule.reload(schedule.pace, at: moment)
                    }
                }
            }
        }
    }
}
