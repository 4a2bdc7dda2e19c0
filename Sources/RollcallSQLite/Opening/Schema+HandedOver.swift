extension Schema {
    /// Accounts that a person has linked to an entry of another anchor, until a run has found nothing to give them or that was approved.
    static let handedOver = """
        CREATE TABLE handed_over (
            user_id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL
        ) STRICT;
        """
}
