extension Schema {
    /// Each account owns its username by `username_key`, the folded username, which is unique. An account without one is in no view.
    ///
    /// The trigger gives the key of a username in ASCII to the first account that asks for it; all others wait for the next run. The
    /// statements of a trigger take over the conflict clause of the application's statement, so each looks itself for what is there.
    static let usernameKeys = """
        ALTER TABLE users ADD COLUMN username_key TEXT;
        ALTER TABLE unclaimed ADD COLUMN lacks_email INTEGER NOT NULL DEFAULT 0;
        CREATE UNIQUE INDEX users_username_key ON users (username_key);
        DROP TRIGGER users_updated;

        INSERT OR IGNORE INTO unclaimed (user_id)
            SELECT id FROM users WHERE id NOT IN (SELECT user_id FROM freed)
            AND (id NOT IN (SELECT user_id FROM claims WHERE kind = 1)
            OR email IS NOT NULL AND id NOT IN (SELECT user_id FROM claims WHERE kind = 2));
        UPDATE users SET username_key = CAST(c.key AS TEXT) FROM claims c
            WHERE c.kind = 1 AND c.user_id = users.id AND users.id NOT IN (SELECT user_id FROM unclaimed);
        UPDATE OR IGNORE users SET username_key = \(key(of: "username"))
            WHERE id IN (SELECT user_id FROM unclaimed) AND id NOT IN (SELECT user_id FROM freed) AND \(isASCII("username"));
        CREATE TRIGGER users_updated AFTER UPDATE ON users BEGIN
            UPDATE store_state SET generation = generation + 1;
            UPDATE entries SET attention = 1 WHERE user_id = NEW.id;
        END;

        DROP VIEW active_users;
        CREATE VIEW active_users AS
            SELECT id, username,
            CASE WHEN NOT EXISTS (SELECT 1 FROM unclaimed n WHERE n.user_id = users.id AND n.lacks_email) THEN email END AS email,
            given_name, family_name, display_name, extra, role
            FROM users WHERE status = 'active' AND username_key IS NOT NULL;
        DROP VIEW user_permissions;
        CREATE VIEW user_permissions AS
            SELECT DISTINCT u.id AS user_id, u.username, p.value AS permission
            FROM users u
            JOIN grants g ON g.user_id = u.id
            JOIN permission_groups pg ON pg.id = g.group_id
            JOIN json_each(pg.permissions) p
            WHERE u.status = 'active' AND u.username_key IS NOT NULL;

        DROP TRIGGER users_renamed;
        CREATE TRIGGER users_renamed AFTER UPDATE OF username ON users WHEN NEW.username IS NOT OLD.username BEGIN
            \(note("NEW.id"))
            UPDATE users SET username_key = NULL WHERE id = NEW.id AND username_key IS NOT NULL;
            \(takeUsername)
        END;
        CREATE TRIGGER users_email_changed AFTER UPDATE OF email ON users WHEN NEW.email IS NOT OLD.email BEGIN
            \(note("NEW.id"))
            DELETE FROM claims WHERE kind = 2 AND key = CAST(\(key(of: "OLD.email")) AS BLOB) AND user_id = NEW.id;
            UPDATE unclaimed SET lacks_email = 0 WHERE user_id = NEW.id;
            \(takeEmail)
        END;
        CREATE TRIGGER users_brought_back AFTER UPDATE OF status ON users
            WHEN OLD.status = 'deleted' AND NEW.status <> 'deleted' AND NEW.username_key IS NULL BEGIN
            \(note("NEW.id"))
            \(takeUsername)
            \(takeEmail)
        END;
        CREATE TRIGGER users_key_changed AFTER UPDATE OF username_key ON users
            WHEN NEW.username_key IS NOT OLD.username_key BEGIN
            \(note("NEW.id"))
        END;

        CREATE TRIGGER claims_inserted BEFORE INSERT ON claims BEGIN
            UPDATE store_state SET generation = generation + 1;
            \(noteHolder)
            \(note("NEW.user_id"))
        END;
        CREATE TRIGGER claims_updated BEFORE UPDATE ON claims BEGIN
            UPDATE store_state SET generation = generation + 1;
            \(noteHolder)
            \(note("OLD.user_id"))
            \(note("NEW.user_id"))
        END;
        CREATE TRIGGER claims_deleted AFTER DELETE ON claims BEGIN
            UPDATE store_state SET generation = generation + 1;
            \(note("OLD.user_id"))
        END;
        """ + replacedRows

    /// A row that the application replaces (`INSERT OR REPLACE`) is deleted without any delete trigger. It counts as an update.
    private static let replacedRows = """

        CREATE TABLE replaced (
            user_id INTEGER PRIMARY KEY, status TEXT NOT NULL, held INTEGER NOT NULL, username TEXT NOT NULL, username_key TEXT) STRICT;
        CREATE TRIGGER users_inserting BEFORE INSERT ON users BEGIN
            SELECT RAISE(ABORT, 'username_key belongs to Rollcall')
                WHERE NEW.username_key IS NOT NULL AND EXISTS (SELECT 1 FROM users WHERE username_key = NEW.username_key AND id <> NEW.id);
            DELETE FROM replaced WHERE user_id = NEW.id;
            INSERT INTO replaced (user_id, status, held, username, username_key)
                SELECT id, status, held, username, username_key FROM users WHERE id = NEW.id;
        END;
        DROP TRIGGER users_inserted;
        CREATE TRIGGER users_inserted AFTER INSERT ON users BEGIN
            UPDATE store_state SET generation = generation + 1;
            \(note("NEW.id"))
            UPDATE users SET username_key = NULL WHERE id = NEW.id AND username_key IS NOT NULL;
            \(takeUsername)
            UPDATE users SET username_key = (SELECT r.username_key FROM replaced r WHERE r.user_id = NEW.id)
                WHERE id = NEW.id AND username_key IS NULL AND EXISTS (
                    SELECT 1 FROM replaced r WHERE r.user_id = NEW.id AND r.username = NEW.username
                    AND NOT EXISTS (SELECT 1 FROM users o WHERE o.username_key = r.username_key));
            \(takeEmail)
            UPDATE entries SET deleted_at = NULL, invited = 0
                WHERE user_id = NEW.id AND EXISTS (SELECT 1 FROM replaced r WHERE r.user_id = NEW.id AND r.status <> NEW.status);
            UPDATE users SET held = (SELECT CASE WHEN r.status = NEW.status THEN r.held ELSE NEW.status = 'inactive' END
                FROM replaced r WHERE r.user_id = NEW.id)
                WHERE id = NEW.id AND EXISTS (SELECT 1 FROM replaced r WHERE r.user_id = NEW.id);
            DELETE FROM replaced WHERE user_id = NEW.id;
        END;
        CREATE TRIGGER users_renumbered BEFORE UPDATE OF id ON users WHEN NEW.id <> OLD.id BEGIN
            SELECT RAISE(ABORT, 'the id of an account never changes');
        END;
        CREATE TRIGGER users_key_taken BEFORE UPDATE OF username_key ON users WHEN NEW.username_key IS NOT NULL BEGIN
            SELECT RAISE(ABORT, 'username_key belongs to Rollcall')
                WHERE EXISTS (SELECT 1 FROM users WHERE username_key = NEW.username_key AND id <> NEW.id);
        END;
        """

    /// A row that is replaced also keeps when it was made, by which pins tell an account from a later one of its number.
    static let replacedAge = """
        CREATE TABLE replaced_age (user_id INTEGER PRIMARY KEY, created_at INTEGER NOT NULL) STRICT;
        CREATE TRIGGER users_replacing BEFORE INSERT ON users BEGIN
            DELETE FROM replaced_age WHERE user_id = NEW.id;
            INSERT INTO replaced_age (user_id, created_at) SELECT id, created_at FROM users WHERE id = NEW.id;
        END;
        CREATE TRIGGER users_replaced AFTER INSERT ON users WHEN EXISTS (SELECT 1 FROM replaced_age WHERE user_id = NEW.id) BEGIN
            UPDATE users SET created_at = (SELECT created_at FROM replaced_age WHERE user_id = NEW.id) WHERE id = NEW.id;
            DELETE FROM replaced_age WHERE user_id = NEW.id;
        END;
        """

    /// The folded key of a text in ASCII.
    private static func key(of column: String) -> String { "lower(trim(\(column)))" }

    /// Whether a text is in printable ASCII and not blank: SQLite folds such a text as Rollcall does.
    private static func isASCII(_ column: String) -> String {
        "(length(\(column)) = length(CAST(\(column) AS BLOB)) AND \(column) NOT GLOB '*[^ -~]*' AND trim(\(column)) <> '')"
    }

    /// Lets the next run look at an account's names.
    private static func note(_ user: String) -> String {
        """
        INSERT INTO unclaimed (user_id) SELECT id FROM users WHERE id = \(user) AND id NOT IN (SELECT user_id FROM unclaimed);
        """
    }

    private static let noteHolder = """
        INSERT INTO unclaimed (user_id) SELECT c.user_id FROM claims c WHERE c.kind = NEW.kind AND c.key = NEW.key
            AND c.user_id NOT IN (SELECT user_id FROM unclaimed);
        """

    private static let takeUsername = """
        UPDATE users SET username_key = \(key(of: "NEW.username")) WHERE id = NEW.id AND \(isASCII("NEW.username"))
            AND NOT EXISTS (SELECT 1 FROM users o WHERE o.username_key = \(key(of: "NEW.username")) AND o.id <> NEW.id)
            AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.kind = 1 AND c.key = CAST(\(key(of: "NEW.username")) AS BLOB)
                AND c.user_id <> NEW.id AND c.user_id NOT IN (SELECT user_id FROM unclaimed));
        """

    private static let takeEmail = """
        INSERT INTO claims (kind, key, user_id) SELECT 2, CAST(\(key(of: "NEW.email")) AS BLOB), NEW.id
            WHERE \(isASCII("NEW.email"))
            AND NOT EXISTS (SELECT 1 FROM claims WHERE kind = 2 AND key = CAST(\(key(of: "NEW.email")) AS BLOB));
        UPDATE unclaimed SET lacks_email = 1 WHERE user_id = NEW.id AND EXISTS (
            SELECT 1 FROM claims WHERE kind = 2 AND key = CAST(\(key(of: "NEW.email")) AS BLOB) AND user_id <> NEW.id);
        """
}
