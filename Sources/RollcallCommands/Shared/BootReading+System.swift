internal import Glibc
internal import RollcallCore

extension BootReading {
    /// What this host says; `nil` when it does not tell which start it counts from.
    static var now: BootReading? {
        let line = try? FileChunks.bytes(of: "/proc/sys/kernel/random/boot_id", limit: 64)
        guard let boot = line.flatMap({ Text(Array($0.prefix { $0 != UInt8(ascii: "\n") })) }), !boot.isEmpty else { return nil }
        var time = timespec()
        guard clock_gettime(CLOCK_BOOTTIME, &time) == 0 else { return nil }
        return BootReading(boot: boot, microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
