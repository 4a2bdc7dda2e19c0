import RollcallCore

/// How long an operation may take: the whole of it, and each answer.
struct Patience: Sendable {
    let deadline: ContinuousClock.Instant
    let answer: Duration
    /// One attempt to reach a server: TCP and TLS.
    let connect: Duration

    private let whole: Span
    private let single: Span

    init(_ settings: LDAPSettings) {
        whole = settings.deadline
        single = settings.answerTimeout
        deadline = .now + .seconds(max(settings.deadline.seconds, 1))
        answer = .seconds(max(settings.answerTimeout.seconds, 1))
        connect = min(answer, .seconds(10))
    }

    /// Milliseconds to wait for an answer that has been awaited since `start`; `nil` when time is up.
    func milliseconds(since start: ContinuousClock.Instant) -> Int? {
        let now = ContinuousClock.now
        let left = min(start + answer, deadline) - now
        guard left > .zero else { return nil }
        return Int(clamping: left.wholeMilliseconds + 1)
    }

    var isOver: Bool { ContinuousClock.now >= deadline }

    /// The error for an operation that ran out of time; `what` completes "while …".
    func error(_ subject: String, while what: String) -> SourceError {
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
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, carried) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return carried ? product : sum
    }
}
