extension Schema {
    /// Rows of the guard ledger lie on a time line of their own, which goes on by the time that has certainly passed between two applied
    /// runs. Until now it was our clock's.
    static let ledgerTime = """
        ALTER TABLE guard_ledger ADD COLUMN elapsed INTEGER NOT NULL DEFAULT 0;
        UPDATE guard_ledger SET elapsed = at;
        CREATE INDEX guard_ledger_elapsed ON guard_ledger (source, elapsed);
        CREATE TABLE ledger_clock (
            source INTEGER PRIMARY KEY REFERENCES sources (id),
            elapsed INTEGER NOT NULL,
            wall INTEGER NOT NULL,
            source_clock INTEGER,
            boot TEXT,
            boot_time INTEGER
        ) STRICT;
        INSERT INTO ledger_clock (source, elapsed, wall)
            SELECT id, max(last_applied, coalesce((SELECT max(at) FROM guard_ledger WHERE source = sources.id), last_applied)), last_applied
            FROM sources WHERE last_applied IS NOT NULL;
        """
}
