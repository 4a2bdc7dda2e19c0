internal import RollcallCore

/// Users who come with unknown anchors, as from a server that was rebuilt.
extension SQLiteSession {
    /// Tells names of users whose entries are gone from those of others: a recycled name, or a known user under an unknown anchor.
    func findMovedAnchors() throws(StoreError) {
        guard !staging.isFirst, try connection.number("SELECT 1 FROM temp.denied LIMIT 1") != nil else { return }
        try connection.execute(
            """
            CREATE TEMP TABLE recycled AS
                SELECT d.kind, d.anchor, e.anchor AS old_anchor FROM temp.denied d JOIN entries e ON e.user_id = d.holder
                LEFT JOIN temp.staged s ON s.anchor = e.anchor
                WHERE d.verdict = \(Denial.taken.rawValue)
                AND CASE WHEN s.kind IS NULL THEN e.state = \(EntryState.absent.rawValue) ELSE s.kind = \(StagedKind.absent.rawValue) END
                AND NOT EXISTS (SELECT 1 FROM entries k WHERE k.source = 1 AND k.anchor = d.anchor AND k.user_id IS NOT NULL);
            UPDATE temp.denied SET verdict = \(Denial.recycled.rawValue)
                WHERE (kind, anchor) IN (SELECT kind, anchor FROM temp.recycled);
            INSERT INTO temp.moved_anchor SELECT old_anchor, min(anchor) FROM temp.recycled WHERE kind = \(ClaimKind.username.rawValue)
                GROUP BY old_anchor HAVING count(*) = 1;
            DROP TABLE temp.recycled;
            """)
        hasMovedAnchors = try connection.number("SELECT 1 FROM temp.moved_anchor LIMIT 1") != nil
    }

    func movedAnchors() throws(StoreError) -> [MovedAnchor] {
        let select = try connection.prepare(
            """
            SELECT u.username, m.old_anchor, m.new_anchor, s.image FROM temp.moved_anchor m
            JOIN entries e ON e.source = 1 AND e.anchor = m.old_anchor JOIN users u ON u.id = e.user_id
            JOIN temp.staged s ON s.anchor = m.new_anchor ORDER BY u.username, m.old_anchor
            """)
        var moved: [MovedAnchor] = []
        while try select.step() {
            let entry = Entry(image: select.bytes(3))
            let person = evaluator.desiredUser(for: entry, at: options.now)
            var move = MovedAnchor(
                username: select.text(0), old: Anchor(select.bytes(1)), new: Anchor(select.bytes(2)),
                dn: Text(entry.dn) ?? Text(String(decoding: entry.dn, as: UTF8.self)))
            move.displayName = person.displayName.text
            move.email = person.email.text
            moved.append(move)
        }
        return moved
    }
}
