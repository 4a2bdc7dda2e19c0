import CWake
import Glibc
import Synchronization

/// Tells a worker thread to end, and wakes it where it waits.
///
/// One signal belongs to one operation. Waking without stopping says that there is room in a ``BatchChannel`` again.
package final class StopSignal: Sendable {
    /// Readable once woken; -1 when the system had no descriptor left, which only makes waits coarser.
    package let descriptor: Int32
    private let stopped = Atomic<Bool>(false)

    package init() {
        descriptor = rollcall_wake_create()
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    package var isStopped: Bool { stopped.load(ordering: .acquiring) }

    /// Ends the operation. Harmless when it has ended.
    package func stop() {
        stopped.store(true, ordering: .releasing)
        wake()
    }

    /// Ends a wait, and nothing else.
    package func wake() {
        if descriptor >= 0 { rollcall_wake_signal(descriptor) }
    }

    /// Waits until woken, until `other` is readable (when it is not negative) or until the time is up.
    package func wait(orReadable other: Int32 = -1, milliseconds: Int) {
        // poll leaves negative descriptors out.
        var watched = [
            pollfd(fd: other, events: Int16(POLLIN), revents: 0), pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        ]
        let limit = Int32(clamping: min(max(milliseconds, 0), StopSignal.longestWait))
        _ = poll(&watched, nfds_t(watched.count), limit)
        if watched[1].revents != 0 { settle() }
    }

    /// Takes note of having been woken, for whoever polls ``descriptor`` by itself.
    package func settle() {
        if descriptor >= 0 { rollcall_wake_clear(descriptor) }
    }

    /// No wait is longer, in milliseconds: should a wake-up ever be lost, this is all that it costs.
    package static let longestWait = 250
}
