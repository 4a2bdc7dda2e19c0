internal import Glibc
internal import RollcallCore
internal import RollcallReport

/// Standard output and error: what was asked for goes to the one, all else to the other.
enum Terminal {
    /// A sink for standard output. When its reader has gone away, there is nobody left to tell.
    static func output() -> ReportOutput {
        ReportOutput { try write($0, to: STDOUT_FILENO) }
    }

    /// One line to standard error.
    static func say(_ line: String) {
        try? write(Array((DisplayEscaping.escapedForTerminal(line) + "\n").utf8), to: STDERR_FILENO)
    }

    /// Several lines to standard error.
    static func say(block: String) {
        for line in block.split(separator: "\n", omittingEmptySubsequences: false) { say(String(line)) }
    }

    /// Whether colour may be used on standard output: a terminal, and NO_COLOR is not set.
    static var hasColor: Bool {
        isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR").map { $0.pointee == 0 } ?? true
    }

    /// Whether somebody watches standard error.
    static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether somebody can answer a question.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isWatched }

    /// Writes all of `bytes`.
    static func write(_ bytes: [UInt8], to descriptor: Int32) throws(WriteFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw WriteFailure(number: errno)
            }
            rest = rest.dropFirst(count)
        }
    }
}

/// Output that could not be written.
struct WriteFailure: Error, CustomStringConvertible {
    let number: Int32

    /// Whether the reader of a pipe has gone away.
    var isBrokenPipe: Bool { number == EPIPE }

    var description: String { "writing failed: \(String(cString: strerror(number)))" }
}
