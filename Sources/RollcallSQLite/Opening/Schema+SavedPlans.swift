extension Schema {
    /// Tells a store from all others, and keeps which plan files were applied.
    static let savedPlans = """
        ALTER TABLE store_state ADD COLUMN identity BLOB;
        UPDATE store_state SET identity = randomblob(16);
        CREATE TABLE used_plans (
            digest BLOB PRIMARY KEY,
            run INTEGER NOT NULL,
            at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
