extension Schema {
    /// What guards have held and no person has approved, change by change: what is held stays held until it is approved or no longer wanted.
    ///
    /// A held plan is identified by the whole digest over its changes; its name is for the eye. A plan without a digest was filed by an
    /// earlier version.
    static let heldChanges = """
        ALTER TABLE held_plans ADD COLUMN digest BLOB;
        ALTER TABLE held_plans ADD COLUMN losses INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE held_plans ADD COLUMN rejected INTEGER NOT NULL DEFAULT 0;
        CREATE UNIQUE INDEX held_plans_digest ON held_plans (source, digest) WHERE digest IS NOT NULL;

        CREATE TABLE guard_holds (
            source INTEGER NOT NULL REFERENCES sources (id),
            guard TEXT NOT NULL,
            subject TEXT NOT NULL,
            baseline INTEGER,
            since INTEGER NOT NULL,
            PRIMARY KEY (source, guard, subject)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE held_changes (
            source INTEGER NOT NULL REFERENCES sources (id),
            digest BLOB NOT NULL,
            guard TEXT NOT NULL,
            subject TEXT NOT NULL,
            whole INTEGER NOT NULL CHECK (whole IN (0, 1)),
            seen INTEGER NOT NULL,
            PRIMARY KEY (source, digest, guard, subject)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX held_changes_guard ON held_changes (source, guard, subject, seen);

        CREATE TABLE rejected_changes (
            source INTEGER NOT NULL REFERENCES sources (id),
            digest BLOB NOT NULL,
            rejected_by TEXT NOT NULL,
            rejected_at INTEGER NOT NULL,
            PRIMARY KEY (source, digest)
        ) STRICT, WITHOUT ROWID;
        """
}
