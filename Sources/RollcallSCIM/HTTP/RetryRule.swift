import RollcallCore

/// How often a request is tried, and how long it is waited between two tries.
package struct RetryRule: Hashable, Sendable {
    /// Tries in all.
    package var tries = 5
    /// About the wait after the first try; it doubles each time.
    package var first: Duration = .milliseconds(500)
    /// The longest wait that nobody asked for.
    package var longest: Duration = .seconds(30)

    package init() {}

    /// Whether the status says that the same request may succeed later.
    static func covers(_ status: Int) -> Bool { status == 429 || (502...504).contains(status) }

    /// The wait after `failures` tries.
    ///
    /// - Parameters:
    ///   - asked: What the server asks for, which is never cut short.
    ///   - chance: From 0 up to 1; it spreads the wait over its upper half, so that many clients do not come back at once.
    func wait(after failures: Int, asked: Span?, chance: Double) -> Duration {
        let doubled = min(first * (1 << min(max(failures - 1, 0), 16)), longest)
        return max(doubled * (0.5 + min(max(chance, 0), 1) / 2), asked.map { .seconds($0.seconds) } ?? .zero)
    }
}
