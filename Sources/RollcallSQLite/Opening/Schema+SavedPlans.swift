extension Schema {
    /// Tells a store from all others, and keeps which plan files were applied.
    ///
    /// A store that has recorded something is told by its first event, so that a plan can be made of it before it is brought up to date.
    static let savedPlans = """
        ALTER TABLE store_state ADD COLUMN identity BLOB;
        UPDATE store_state SET identity = coalesce(substr((SELECT hash FROM audit ORDER BY seq LIMIT 1), 1, 16), randomblob(16));
        CREATE TABLE used_plans (
            digest BLOB PRIMARY KEY,
            run INTEGER NOT NULL,
            at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
