internal import Glibc

/// How log lines are written.
public enum LogFormat: String, Sendable, CaseIterable {
    /// With the time before each line.
    case text
    /// For systemd's journal, which keeps the time itself: `<6>` and the like before each line, as sd-daemon(3) has it.
    case journal
    /// An object a line.
    case json

    /// `journal` when standard error goes there, as `JOURNAL_STREAM` tells, else `text`.
    public static var standard: LogFormat {
        var status = stat()
        guard let stream = getenv("JOURNAL_STREAM"), fstat(STDERR_FILENO, &status) == 0 else { return .text }
        return String(cString: stream) == "\(status.st_dev):\(status.st_ino)" ? .journal : .text
    }
}
