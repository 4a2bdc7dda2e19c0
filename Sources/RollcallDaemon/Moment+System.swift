internal import Glibc
internal import RollcallCore
public import RollcallEngine

extension Moment {
    /// What the host's clocks say now. `CLOCK_BOOTTIME` goes on while the host sleeps.
    public static var now: Moment { Moment(wall: instant(CLOCK_REALTIME), steady: instant(CLOCK_BOOTTIME)) }

    private static func instant(_ clock: clockid_t) -> Instant {
        var time = timespec()
        clock_gettime(clock, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
