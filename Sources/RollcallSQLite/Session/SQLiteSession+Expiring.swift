internal import RollcallCore

extension SQLiteSession {
    /// A pair that the plan writes has its time there; of all others the store has it.
    func expiring(before end: Instant, limit: Int) throws(StoreError) -> Expiring {
        try connection.execute("CREATE INDEX IF NOT EXISTS temp.plan_anchor ON plan (anchor)")
        let select = try connection.prepare(
            """
            SELECT u.username, d.due FROM (
                SELECT e.user_id, e.due FROM entries e WHERE e.source = 1 AND e.due > ?1 AND e.due <= ?2
                AND e.state = \(EntryState.linked.rawValue) AND NOT EXISTS (SELECT 1 FROM temp.plan p WHERE p.anchor = e.anchor)
                UNION ALL
                SELECT user_id, due FROM temp.plan WHERE due > ?1 AND due <= ?2 AND state = \(EntryState.linked.rawValue)
            ) d JOIN users u ON u.id = d.user_id WHERE u.status = 'active' ORDER BY d.due, u.username
            """)
        select.bind(1, judgedAt.microseconds).bind(2, end.microseconds)
        var expiring = Expiring()
        while try select.step() {
            expiring.count += 1
            if expiring.soonest.count < limit {
                expiring.soonest.append(Expiring.User(username: select.text(0), end: Instant(microseconds: select.number(1))))
            }
        }
        return expiring
    }
}
