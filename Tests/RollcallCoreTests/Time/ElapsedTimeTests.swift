import RollcallCore
import Testing

@Suite("The time that has certainly passed")
struct ElapsedTimeTests {
    private static let hour: Int64 = 3_600_000_000

    private func clocks(_ wall: Int64, source: Int64? = nil, boot: (String, Int64)? = nil) -> ClockReading {
        ClockReading(
            wall: Instant(microseconds: wall * ElapsedTimeTests.hour),
            source: source.map { Instant(microseconds: $0 * ElapsedTimeTests.hour) },
            boot: boot.map { BootReading(boot: Text($0.0), microseconds: $0.1 * ElapsedTimeTests.hour) })
    }

    private func hours(_ now: ClockReading, _ former: ClockReading) -> Int64 { now.elapsed(since: former) / ElapsedTimeTests.hour }

    @Test("is what the host has counted since its start, whatever the other clocks say")
    func sameStart() {
        #expect(hours(clocks(25, source: 90, boot: ("a", 7)), clocks(0, source: 0, boot: ("a", 5))) == 2)
        #expect(hours(clocks(-25, boot: ("a", 7)), clocks(0, boot: ("a", 5))) == 2)
        #expect(hours(clocks(1_000_000, boot: ("a", 1_000_000)), clocks(0, boot: ("a", 0))) == 1_000_000)
        #expect(hours(clocks(0, boot: ("a", 5)), clocks(0, boot: ("a", 7))) == 0)
    }

    @Test("is what the source's clock says after another start, up to seven days")
    func sourceClock() {
        #expect(hours(clocks(900, source: 30, boot: ("b", 1)), clocks(0, source: 0, boot: ("a", 5))) == 30)
        #expect(hours(clocks(0, source: 9_000), clocks(0, source: 0)) == 7 * 24)
        #expect(hours(clocks(900, source: -1), clocks(0, source: 0)) == 0)
    }

    @Test("is what our own clock says otherwise, with a pause of six hours at most")
    func ownClock() {
        #expect(hours(clocks(3), clocks(0)) == 3)
        #expect(hours(clocks(25), clocks(0)) == 6)
        #expect(hours(clocks(-25), clocks(0)) == 0)
        // The host has been up for twenty hours of the thirty that the clock shows.
        #expect(hours(clocks(30, boot: ("b", 20)), clocks(0, boot: ("a", 5))) == 26)
        #expect(hours(clocks(30, boot: ("b", 200)), clocks(0, boot: ("a", 5))) == 30)
        #expect(hours(clocks(30, source: 4), clocks(0)) == 6)
    }

    @Test("never traps")
    func extremes() {
        let ends = [Int64.min, -1, 0, 1, .max]
        for first in ends {
            for second in ends {
                let now = ClockReading(wall: Instant(microseconds: first), boot: BootReading(boot: "a", microseconds: first))
                var former = ClockReading(wall: Instant(microseconds: second), boot: BootReading(boot: "a", microseconds: second))
                #expect(now.elapsed(since: former) >= 0)
                former.boot?.boot = "b"
                #expect(now.elapsed(since: former) >= 0)
                former.source = Instant(microseconds: second)
                var told = now
                told.source = Instant(microseconds: first)
                #expect(told.elapsed(since: former) >= 0)
            }
        }
    }
}
