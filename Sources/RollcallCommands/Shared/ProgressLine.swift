internal import Glibc
internal import RollcallEngine
internal import Synchronization

/// One line on standard error that says where a run stands, for anything longer than a second and only on a terminal.
final class ProgressLine: Sendable {
    private struct State {
        var lastShown: UInt64 = 0
        var isShown = false
    }

    private let state = Mutex(State())
    private let start = ProgressLine.now()
    private let isEnabled = Terminal.isWatched

    func show(_ progress: RunProgress) {
        guard isEnabled else { return }
        let now = ProgressLine.now()
        state.withLock { state in
            guard now - start > 1_000_000_000, now - state.lastShown > 100_000_000 else { return }
            state.lastShown = now
            state.isShown = true
            let seconds = (now - start) / 1_000_000_000
            try? Terminal.write(Array("\r\u{1B}[K\(words(for: progress)) (\(seconds) s)".utf8), to: STDERR_FILENO)
        }
    }

    func clear() {
        state.withLock { state in
            if state.isShown { try? Terminal.write(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO) }
            state.isShown = false
        }
    }

    private func words(for progress: RunProgress) -> String {
        switch progress {
        case .connecting: "connecting"
        case .reading(let count): "reading: \(count) entries"
        case .settling: "comparing"
        case .confirming(let count): "looking up \(count) missing entries"
        case .planning: "planning"
        case .applying: "applying"
        }
    }

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
