internal import RollcallCore

extension SQLiteSession {
    func unchangedMark() throws(StoreError) -> FeedMark? {
        guard !decidesAll, let mark = basis.watermark.flatMap(FeedMark.init(kept:)) else { return nil }
        let lifecycle = evaluator.rules.lifecycle
        let waits = try connection.prepare(
            """
            SELECT EXISTS (SELECT 1 FROM entries INDEXED BY entries_attention WHERE source = 1 AND attention <> 0)
            OR EXISTS (SELECT 1 FROM entries INDEXED BY entries_due WHERE source = 1 AND due <= ?1)
            OR EXISTS (SELECT 1 FROM entries INDEXED BY entries_leaving WHERE source = 1 AND leaving_since <= ?2)
            OR EXISTS (SELECT 1 FROM entries INDEXED BY entries_deleted WHERE source = 1 AND deleted_at <= ?3)
            """)
        waits.bind(1, options.now.microseconds).bind(2, lifecycle.deleteAfter.map { (options.now - $0).microseconds })
            .bind(3, lifecycle.purgeAfter.map { (options.now - $0).microseconds })
        return try waits.step() && waits.number(0) == 0 ? mark : nil
    }
}
