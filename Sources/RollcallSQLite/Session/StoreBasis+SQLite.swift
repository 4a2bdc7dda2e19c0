internal import RollcallCore

extension StoreBasis {
    /// What a run starts from, as the database has it; what must be counted is added by ``count(_:)``.
    init(_ connection: Connection, exists: Bool) throws(StoreError) {
        self.init()
        generation = try connection.number("SELECT generation FROM store_state") ?? 0
        if let version = try connection.number("SELECT fold_version FROM store_state"), version != FoldedKey.version {
            throw StoreError(
                .foreign, subject: connection.subject,
                message: "its names were folded by version \(version), this program folds by \(FoldedKey.version)",
                advice: "use the program version that wrote it")
        }
        let source = try connection.prepare(
            "SELECT rules_digest, watermark, users, groups, last_applied, quarantined_at, semantics FROM sources WHERE id = 1")
        if try source.step() {
            if !source.isNull(0) { rulesDigest = Digest(bytes: source.bytes(0)) }
            watermark = source.optionalText(1)?.string
            baseline.users = source.optionalNumber(2).map { Int(count: $0) }
            baseline.groups = source.optionalNumber(3).map { Int(count: $0) }
            lastApplied = source.optionalNumber(4).map { Instant(microseconds: $0) }
            quarantined = source.optionalNumber(5).map { Instant(microseconds: $0) }
            semantics = source.optionalNumber(6)
        }
        self.exists = exists
        if exists {
            origin = PlanOrigin(store: try StoreIdentity(connection), run: try connection.number("SELECT max(seq) FROM runs") ?? 0)
        }
        handedOver = Int(try connection.number("SELECT count(*) FROM handed_over") ?? 0)
        pause = try Pause(connection)
    }

    /// Adds what has to be counted over all users.
    mutating func count(_ connection: Connection) throws(StoreError) {
        baseline.links = Int(try connection.number("SELECT count(*) FROM entries WHERE user_id IS NOT NULL") ?? 0)
        if baseline.links == 0 { return }
        baseline.linkedActive = Int(
            try connection.number(
                """
                SELECT count(*) FROM entries e INDEXED BY entries_user CROSS JOIN users u ON u.id = e.user_id
                WHERE e.user_id IS NOT NULL AND u.status = 'active'
                """) ?? 0)
    }
}

extension Int {
    /// A count as it was stored: one that cannot be is taken for the nearest that can, so that sums never overflow.
    init(count stored: Int64) { self = Int(Swift.min(Swift.max(stored, 0), 1 << 48)) }
}
