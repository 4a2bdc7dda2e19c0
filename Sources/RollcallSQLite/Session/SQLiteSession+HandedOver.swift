internal import RollcallCore

extension SQLiteSession {
    /// Forgets the marks of accounts for which nothing waits any longer; the last that a run writes but its record.
    func settleHandedOver() throws(StoreError) {
        // Without the source nothing is known of what an entry asks for.
        guard basis.handedOver > 0, extent != .lastSnapshot else { return }
        try connection.execute(
            """
            DELETE FROM handed_over WHERE user_id IN (
                SELECT p.user_id FROM temp.plan p JOIN temp.staged s ON s.id = p.staged
                WHERE p.held = 0 AND s.kind = \(StagedKind.present.rawValue) AND p.user_id IS NOT NULL)
            OR user_id NOT IN (SELECT id FROM users);
            """)
    }
}
