internal import GRDB
internal import RollcallCore

/// The tables, by named migrations that are only ever added to.
///
/// A check against more than two values is spelled out with `OR`: for `IN` SQLite builds a table anew at every insert.
///
/// `docs/store.md` describes them for the developer of the application that reads them.
enum Schema {
    /// `Roll`: tells our databases from others.
    static let applicationID: Int32 = 0x526F_6C6C

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 accounts") { try $0.execute(sql: accounts) }
        migrator.registerMigration("2 connector space") { try $0.execute(sql: connectorSpace) }
        migrator.registerMigration("3 runs and audit") { try $0.execute(sql: runs) }
        migrator.registerMigration("4 writes by others") { try $0.execute(sql: writesByOthers) }
        migrator.registerMigration("5 guard ledger") { try $0.execute(sql: guardLedger) }
        migrator.registerMigration("6 held plans") { try $0.execute(sql: heldPlans) }
        migrator.registerMigration("7 group pins") { try $0.execute(sql: groupPins) }
        migrator.registerMigration("8 marks") { try $0.execute(sql: marks) }
        migrator.registerMigration("9 lifecycle") { try $0.execute(sql: lifecycle) }
        migrator.registerMigration("10 quarantine") { try $0.execute(sql: quarantine) }
        migrator.registerMigration("11 freed names") { try $0.execute(sql: freedNames) }
        migrator.registerMigration("12 what waits") { try $0.execute(sql: whatWaits) }
        migrator.registerMigration("13 held changes") { try $0.execute(sql: heldChanges) }
        migrator.registerMigration("20 username keys") { try $0.execute(sql: usernameKeys) }
        migrator.registerMigration("21 ledger time") { try $0.execute(sql: ledgerTime) }
        migrator.registerMigration("30 saved plans") { try $0.execute(sql: savedPlans) }
        migrator.registerMigration("31 account pins") { try $0.execute(sql: accountPins) }
        migrator.registerMigration("22 semantics") { try $0.execute(sql: semantics) }
        migrator.registerMigration("23 age of replaced rows") { try $0.execute(sql: replacedAge) }
        migrator.registerMigration("32 handed over") { try $0.execute(sql: handedOver) }
        migrator.registerMigration("40 remark marks") { try $0.execute(sql: remarkMarks) }
        return migrator
    }

    private static let accounts = """
        PRAGMA application_id = \(applicationID);

        CREATE TABLE store_state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            generation INTEGER NOT NULL,
            fold_version INTEGER NOT NULL,
            member_key BLOB NOT NULL
        ) STRICT;
        INSERT INTO store_state VALUES (1, 0, \(FoldedKey.version), randomblob(16));

        CREATE TABLE users (
            id INTEGER PRIMARY KEY,
            username TEXT NOT NULL,
            email TEXT,
            given_name TEXT,
            family_name TEXT,
            display_name TEXT,
            extra TEXT,
            status TEXT NOT NULL CHECK (status = 'active' OR status = 'inactive' OR status = 'invited' OR status = 'deleted'),
            role TEXT NOT NULL DEFAULT 'none' CHECK (role = 'none' OR role = 'admin' OR role = 'owner'),
            held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)),
            created_at INTEGER NOT NULL DEFAULT (unixepoch() * 1000000),
            updated_at INTEGER NOT NULL DEFAULT (unixepoch() * 1000000),
            revision INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        CREATE TABLE claims (
            kind INTEGER NOT NULL,
            key BLOB NOT NULL,
            user_id INTEGER NOT NULL REFERENCES users (id),
            PRIMARY KEY (kind, key)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE permission_groups (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            key BLOB NOT NULL UNIQUE,
            privileged INTEGER NOT NULL DEFAULT 0 CHECK (privileged IN (0, 1)),
            permissions TEXT NOT NULL DEFAULT '[]'
        ) STRICT;

        CREATE TABLE grant_paths (
            id INTEGER PRIMARY KEY,
            path TEXT NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE grants (
            user_id INTEGER NOT NULL REFERENCES users (id),
            group_id INTEGER NOT NULL REFERENCES permission_groups (id),
            origin TEXT NOT NULL DEFAULT 'local' CHECK (origin IN ('source', 'local')),
            path_id INTEGER REFERENCES grant_paths (id),
            run INTEGER,
            PRIMARY KEY (user_id, group_id, origin)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE sessions (
            id BLOB PRIMARY KEY,
            user_id INTEGER NOT NULL REFERENCES users (id),
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX sessions_user ON sessions (user_id);

        CREATE TABLE api_tokens (
            id INTEGER PRIMARY KEY,
            user_id INTEGER NOT NULL REFERENCES users (id),
            name TEXT NOT NULL,
            hash BLOB NOT NULL UNIQUE,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX api_tokens_user ON api_tokens (user_id);

        CREATE VIEW active_users AS
            SELECT id, username, email, given_name, family_name, display_name, extra, role
            FROM users WHERE status = 'active';

        CREATE VIEW user_permissions AS
            SELECT DISTINCT u.id AS user_id, u.username, p.value AS permission
            FROM users u
            JOIN grants g ON g.user_id = u.id
            JOIN permission_groups pg ON pg.id = g.group_id
            JOIN json_each(pg.permissions) p
            WHERE u.status = 'active';
        """

    private static let connectorSpace = """
        CREATE TABLE sources (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            rules_digest BLOB,
            watermark TEXT,
            users INTEGER,
            groups INTEGER,
            layout TEXT,
            fill TEXT,
            last_applied INTEGER
        ) STRICT;
        INSERT INTO sources (id, name) VALUES (1, 'default');

        CREATE TABLE entries (
            source INTEGER NOT NULL REFERENCES sources (id),
            anchor BLOB NOT NULL,
            id INTEGER NOT NULL,
            digest BLOB NOT NULL,
            member_key BLOB NOT NULL,
            present INTEGER NOT NULL,
            state INTEGER NOT NULL,
            user_id INTEGER REFERENCES users (id),
            attention INTEGER NOT NULL,
            due INTEGER,
            noted BLOB,
            absent_since INTEGER,
            PRIMARY KEY (source, anchor)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX entries_user ON entries (user_id) WHERE user_id IS NOT NULL;

        CREATE TABLE entry_images (
            id INTEGER PRIMARY KEY,
            image BLOB NOT NULL
        ) STRICT;

        CREATE TABLE upstream_groups (
            id INTEGER PRIMARY KEY,
            source INTEGER NOT NULL REFERENCES sources (id),
            anchor BLOB NOT NULL,
            name TEXT NOT NULL,
            dn TEXT NOT NULL,
            member_key BLOB NOT NULL,
            digest BLOB NOT NULL,
            member_count INTEGER NOT NULL,
            reached INTEGER NOT NULL CHECK (reached IN (0, 1)),
            mapped INTEGER NOT NULL CHECK (mapped IN (0, 1)),
            members BLOB,
            UNIQUE (source, anchor)
        ) STRICT;
        """

    private static let runs = """
        CREATE TABLE runs (
            seq INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            started INTEGER NOT NULL,
            finished INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            applied INTEGER NOT NULL CHECK (applied IN (0, 1)),
            approved INTEGER NOT NULL CHECK (approved IN (0, 1)),
            actor TEXT NOT NULL,
            first_event INTEGER NOT NULL,
            last_event INTEGER NOT NULL,
            record BLOB NOT NULL
        ) STRICT;

        CREATE TABLE audit (
            seq INTEGER PRIMARY KEY,
            run INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            at INTEGER NOT NULL,
            record BLOB NOT NULL,
            hash BLOB NOT NULL
        ) STRICT;
        """

    /// A run writes with triggers off; whoever sets them off is somebody else, whose change moves the generation and makes the next
    /// run look at the user again. A deactivation by somebody else is a hold.
    ///
    /// Names are claimed by folded keys, which no trigger can make: whoever came or was renamed by somebody else is noted, and the
    /// next run claims their names before it looks at anybody's.
    private static let writesByOthers = """
        CREATE TABLE unclaimed (user_id INTEGER PRIMARY KEY) STRICT;
        CREATE TRIGGER users_inserted AFTER INSERT ON users BEGIN
            UPDATE store_state SET generation = generation + 1;
            INSERT OR IGNORE INTO unclaimed VALUES (NEW.id);
        END;
        CREATE TRIGGER users_renamed AFTER UPDATE OF username, email ON users BEGIN
            INSERT OR IGNORE INTO unclaimed VALUES (NEW.id);
        END;
        CREATE TRIGGER users_updated AFTER UPDATE ON users BEGIN
            UPDATE store_state SET generation = generation + 1;
            UPDATE entries SET attention = 1 WHERE user_id = NEW.id;
        END;
        CREATE TRIGGER users_held AFTER UPDATE OF status ON users
            WHEN NEW.status <> OLD.status AND NEW.held = OLD.held BEGIN
            UPDATE users SET held = (NEW.status = 'inactive') WHERE id = NEW.id;
        END;
        CREATE TRIGGER users_deleted AFTER DELETE ON users BEGIN
            UPDATE store_state SET generation = generation + 1;
        END;
        CREATE TRIGGER grants_inserted AFTER INSERT ON grants BEGIN
            UPDATE store_state SET generation = generation + 1;
            UPDATE entries SET attention = 1 WHERE user_id = NEW.user_id;
        END;
        CREATE TRIGGER grants_updated AFTER UPDATE ON grants BEGIN
            UPDATE store_state SET generation = generation + 1;
            UPDATE entries SET attention = 1 WHERE user_id = NEW.user_id;
        END;
        CREATE TRIGGER grants_deleted AFTER DELETE ON grants BEGIN
            UPDATE store_state SET generation = generation + 1;
            UPDATE entries SET attention = 1 WHERE user_id = OLD.user_id;
        END;
        CREATE TRIGGER permission_groups_updated AFTER UPDATE OF name, key, privileged ON permission_groups BEGIN
            UPDATE store_state SET generation = generation + 1;
        END;
        """

    private static let guardLedger = """
        CREATE TABLE guard_ledger (
            source INTEGER NOT NULL REFERENCES sources (id),
            at INTEGER NOT NULL,
            run INTEGER NOT NULL,
            counted TEXT NOT NULL,
            subject TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (source, at, run, counted, subject)
        ) STRICT, WITHOUT ROWID;
        """

    private static let heldPlans = """
        CREATE TABLE held_plans (
            source INTEGER NOT NULL REFERENCES sources (id),
            id TEXT NOT NULL,
            state TEXT NOT NULL,
            run INTEGER NOT NULL REFERENCES runs (seq),
            filed INTEGER NOT NULL,
            seen INTEGER NOT NULL,
            source_type TEXT NOT NULL,
            rules_digest BLOB NOT NULL,
            changes INTEGER NOT NULL,
            reason TEXT NOT NULL,
            decided_by TEXT,
            decided_at INTEGER,
            PRIMARY KEY (source, id)
        ) STRICT, WITHOUT ROWID;
        """

    /// A pin is kept under what the rule says rather than under its number, so that rules may change places.
    private static let groupPins = """
        CREATE TABLE group_pins (
            source INTEGER NOT NULL REFERENCES sources (id),
            kind TEXT NOT NULL,
            said BLOB NOT NULL,
            anchor BLOB NOT NULL,
            name TEXT NOT NULL,
            dn TEXT NOT NULL,
            state TEXT NOT NULL,
            pinned_at INTEGER NOT NULL,
            run INTEGER,
            PRIMARY KEY (source, kind, said, anchor)
        ) STRICT, WITHOUT ROWID;
        """

    /// A row that is deleted by somebody else takes what hangs on it along, and leaves a tombstone when an entry was linked to it.
    private static let marks = """
        ALTER TABLE sources ADD COLUMN paused_by TEXT;
        ALTER TABLE sources ADD COLUMN paused_at INTEGER;
        ALTER TABLE sources ADD COLUMN paused_reason TEXT;
        ALTER TABLE entries ADD COLUMN acknowledged BLOB;
        ALTER TABLE held_plans ADD COLUMN difference TEXT;

        CREATE TABLE tombstones (
            source INTEGER NOT NULL REFERENCES sources (id),
            anchor BLOB NOT NULL,
            username TEXT NOT NULL,
            at INTEGER NOT NULL,
            by TEXT NOT NULL,
            PRIMARY KEY (source, anchor)
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER users_purged BEFORE DELETE ON users BEGIN
            INSERT OR REPLACE INTO tombstones (source, anchor, username, at, by)
                SELECT source, anchor, OLD.username, unixepoch() * 1000000, 'the application' FROM entries WHERE user_id = OLD.id;
            UPDATE entries SET user_id = NULL, state = \(EntryState.waiting.rawValue), attention = 1, noted = NULL, acknowledged = NULL
                WHERE user_id = OLD.id;
            DELETE FROM claims WHERE user_id = OLD.id;
            DELETE FROM grants WHERE user_id = OLD.id;
            DELETE FROM sessions WHERE user_id = OLD.id;
            DELETE FROM api_tokens WHERE user_id = OLD.id;
            DELETE FROM unclaimed WHERE user_id = OLD.id;
        END;
        """

    /// What runs did to users, beside their entries. Somebody else who sets a status takes it over.
    private static let lifecycle = """
        ALTER TABLE entries RENAME COLUMN absent_since TO leaving_since;
        ALTER TABLE entries ADD COLUMN deleted_at INTEGER;
        ALTER TABLE entries ADD COLUMN invited INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX entries_due ON entries (source, due) WHERE due IS NOT NULL;
        CREATE TRIGGER users_taken_over AFTER UPDATE OF status ON users WHEN NEW.status <> OLD.status BEGIN
            UPDATE entries SET deleted_at = NULL, invited = 0 WHERE user_id = NEW.id;
        END;
        """

    private static let quarantine = """
        ALTER TABLE sources ADD COLUMN quarantined_at INTEGER;
        ALTER TABLE sources ADD COLUMN quarantined_reason TEXT;
        """
}
