public import RollcallCore

/// How the daemon stands, in one line that a person can read.
public struct DaemonStatus: Hashable, Sendable {
    /// How the last run ended; `nil` before the first.
    public enum Last: Hashable, Sendable {
        /// The directory was read; the store is true to it, but for what waits.
        case inSync
        /// A guard holds the whole plan, or somebody paused the source.
        case held(String)
        case failed(String)
        case lockedOut(String)
    }

    /// Since when the last state has been so.
    public var since: Instant?
    public var last: Last?
    /// Held plans that wait for a person.
    public var heldPlans = 0
    /// Since when the source is in quarantine; `nil` when it is not.
    public var quarantined: Instant?
    /// When the next run is to be expected.
    public var next: Instant?
    /// Since when a run is under way; `nil` between runs.
    public var running: Instant?
    /// Why the last reload was refused; `nil` when it was not.
    public var refusedReload: String?

    public init() {}

    /// Notes how a run ended.
    public mutating func note(_ last: Last, at time: Instant) {
        if self.last.map({ $0.isLike(last) }) != true { since = time }
        self.last = last
    }

    /// The line, without control characters: what it says of the source may have come from there.
    ///
    /// - Parameter now: decides whether a time needs its date.
    public func sentence(at now: Instant) -> String {
        var parts: [String] = []
        let since = since.map { DaemonStatus.clock($0, now) } ?? "the start"
        switch last {
        case nil: parts.append("no run yet")
        case .inSync: parts.append("in sync since \(since)")
        case .held(let reason): parts.append("nothing applied since \(since): \(DaemonStatus.short(reason))")
        case .failed(let reason): parts.append("failing since \(since): \(DaemonStatus.short(reason))")
        case .lockedOut(let reason): parts.append("locked out since \(since): \(DaemonStatus.short(reason))")
        }
        if let quarantined { parts.append("source quarantined since \(DaemonStatus.clock(quarantined, now))") }
        if let running {
            parts.append("running since \(DaemonStatus.clock(running, now))")
        } else if let next {
            parts.append("next run \(DaemonStatus.clock(next, now))")
        }
        if heldPlans > 0 { parts.append("\(heldPlans) plan\(heldPlans == 1 ? "" : "s") held") }
        if let refusedReload { parts.append("reload refused, still the former config: \(DaemonStatus.short(refusedReload))") }
        return DisplayEscaping.escapedForTerminal(parts.joined(separator: "; "))
    }

    /// The beginning of a long reason; the log has all of it.
    private static func short(_ text: String) -> String { text.utf8.count <= 200 ? text : String(text.prefix(150)) + "…" }

    /// `14:05Z`, with the date when it is another day's.
    private static func clock(_ time: Instant, _ now: Instant) -> String {
        let text = time.wholeSeconds
        guard text.utf8.count == 20 else { return text }
        let minutes = text.dropFirst(11).prefix(5)
        return text.prefix(10) == now.wholeSeconds.prefix(10) ? "\(minutes)Z" : "\(text.prefix(10)) \(minutes)Z"
    }
}

extension DaemonStatus.Last {
    /// Whether it is the same state, whatever the reason says.
    fileprivate func isLike(_ other: DaemonStatus.Last) -> Bool {
        switch (self, other) {
        case (.inSync, .inSync), (.held, .held), (.failed, .failed), (.lockedOut, .lockedOut): true
        default: false
        }
    }
}
