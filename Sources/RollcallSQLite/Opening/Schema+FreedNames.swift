extension Schema {
    /// Deleted users who claim nothing, so that somebody else may have their names.
    static let freedNames = """
        CREATE TABLE freed (user_id INTEGER PRIMARY KEY) STRICT;
        CREATE TRIGGER users_freed_purged BEFORE DELETE ON users BEGIN
            DELETE FROM freed WHERE user_id = OLD.id;
        END;
        """
}
