extension Schema {
    /// Which account a line of the config means, from the first time that its name had a holder: see ``AccountPins``.
    ///
    /// `created_at` tells an account from a later one that got its number.
    static let accountPins = """
        CREATE TABLE account_pins (
            kind TEXT NOT NULL,
            line BLOB NOT NULL,
            user_id INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (kind, line)
        ) STRICT, WITHOUT ROWID;
        """
}
