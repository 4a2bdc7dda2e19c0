package import RollcallCore

/// How long an operation may take: the whole of it, and each answer.
package struct Patience: Sendable {
    package let deadline: ContinuousClock.Instant
    package let answer: Duration
    /// One attempt to reach a server: TCP and TLS.
    package let connect: Duration
    /// Told at each sign of life of whoever answers, and while a wait that was asked for goes on; see `ReadRequest.alive`.
    package let alive: @Sendable () -> Void

    private let whole: Span
    private let single: Span

    /// The time runs from here.
    ///
    /// - Parameters:
    ///   - deadline: the most for the whole of it; at least a second.
    ///   - answer: the most for one answer; at least a second.
    package init(deadline whole: Span, answer single: Span, alive: @escaping @Sendable () -> Void = {}) {
        self.alive = alive
        self.whole = whole
        self.single = single
        deadline = .now + .seconds(max(whole.seconds, 1))
        answer = .seconds(max(single.seconds, 1))
        connect = min(answer, .seconds(10))
    }

    /// Milliseconds to wait for an answer that has been awaited since `start`; `nil` when time is up.
    package func milliseconds(since start: ContinuousClock.Instant) -> Int? {
        let now = ContinuousClock.now
        let left = min(start + answer, deadline) - now
        guard left > .zero else { return nil }
        return Int(clamping: left.wholeMilliseconds + 1)
    }

    package var isOver: Bool { ContinuousClock.now >= deadline }

    /// The error for an operation that ran out of time; `what` completes "while …".
    package func error(_ subject: String, while what: String) -> SourceError {
        isOver
            ? SourceError(
                .timeout, subject: subject, message: "the deadline of \(whole) for the whole reading passed while \(what)",
                advice: "raise source.deadline, or find out what slows the server")
            : SourceError(
                .timeout, subject: subject, message: "no answer for \(single) while \(what)",
                advice: "look whether the server hangs; source.answer_timeout sets the limit")
    }
}

extension Duration {
    /// Milliseconds, rounded towards zero, saturating.
    package var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, carried) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return carried ? product : sum
    }
}
