public import RollcallCore

// What the daemon asks between its runs.
extension StoreReader {
    /// When, after `time`, somebody's time comes next: an expiry, a deletion or a purge; `nil` when nobody's does.
    public func nextDue(after time: Instant) throws(StoreError) -> Instant? {
        let select = try connection.prepare("SELECT min(due) FROM entries WHERE source = 1 AND due > ?1")
        select.bind(1, time.microseconds)
        return try select.step() ? select.optionalNumber(0).map { Instant(microseconds: $0) } : nil
    }

    /// Whether the time of somebody who has access has come and no run has acted on it.
    public func isSomebodyOverdue(at time: Instant) throws(StoreError) -> Bool {
        let select = try connection.prepare(
            """
            SELECT EXISTS (
                SELECT 1 FROM entries INDEXED BY entries_due
                WHERE source = 1 AND due <= ?1 AND user_id IN (SELECT id FROM users WHERE status IN ('active', 'invited')))
            """)
        select.bind(1, time.microseconds)
        return try select.step() && select.number(0) != 0
    }

    /// Since when and why the source is in quarantine; `nil` when it is not.
    public func quarantine() throws(StoreError) -> (since: Instant, reason: String)? {
        let select = try connection.prepare("SELECT quarantined_at, quarantined_reason FROM sources WHERE id = 1")
        guard try select.step(), let since = select.optionalNumber(0) else { return nil }
        return (Instant(microseconds: since), select.optionalText(1)?.string ?? "")
    }
}
