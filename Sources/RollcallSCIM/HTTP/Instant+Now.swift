import Glibc
import RollcallCore

extension Instant {
    /// The time by this machine's clock, to the second.
    static var now: Instant { Instant(unixSeconds: Int64(time(nil))) }
}
