internal import RollcallCore

extension SQLiteSession {
    func unchangedMark() throws(StoreError) -> FeedMark? {
        guard !decidesAll, !changesClaims, let mark = basis.watermark.flatMap(FeedMark.init(kept:)) else { return nil }
        if try isSomebodyWaiting() { return nil }
        return try sharedRows().isEmpty ? mark : nil
    }

    /// Whether somebody's entry has to be looked at again, or somebody's time has come.
    private func isSomebodyWaiting() throws(StoreError) -> Bool {
        let lifecycle = evaluator.rules.lifecycle
        let waits = try connection.prepare(
            """
            SELECT EXISTS (SELECT 1 FROM entries INDEXED BY entries_attention WHERE source = 1 AND attention <> 0)
            OR EXISTS (SELECT 1 FROM entries INDEXED BY entries_due WHERE source = 1 AND due <= ?1)
            OR EXISTS (SELECT 1 FROM entries e INDEXED BY entries_leaving CROSS JOIN users u ON u.id = e.user_id
                WHERE e.source = 1 AND e.leaving_since <= ?2 AND u.status = 'inactive')
            OR EXISTS (SELECT 1 FROM entries e INDEXED BY entries_deleted CROSS JOIN users u ON u.id = e.user_id
                WHERE e.source = 1 AND e.deleted_at <= ?3 AND u.status = 'deleted')
            """)
        waits.bind(1, options.now.microseconds).bind(2, lifecycle.deleteAfter.map { (options.now - $0).microseconds })
            .bind(3, lifecycle.purgeAfter.map { (options.now - $0).microseconds })
        return try waits.step() && waits.number(0) != 0
    }
}
