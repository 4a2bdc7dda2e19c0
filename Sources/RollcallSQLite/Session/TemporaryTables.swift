/// The tables of one run, beside the database and gone with the connection.
enum TemporaryTables {
    static let sql = """
        PRAGMA temp_store = FILE; PRAGMA temp.cache_size = -12000;
        CREATE TEMP TABLE staged (
            id INTEGER PRIMARY KEY, anchor BLOB NOT NULL, kind INTEGER NOT NULL, known INTEGER, digest BLOB, member_key BLOB,
            present INTEGER, image BLOB, reason TEXT, proves INTEGER NOT NULL DEFAULT 0, place INTEGER NOT NULL DEFAULT 0);
        CREATE TEMP TABLE want (
            id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, key BLOB, anchor BLOB NOT NULL, user_id INTEGER, current BLOB,
            waits INTEGER NOT NULL DEFAULT 0);
        CREATE TEMP TABLE waiting (kind INTEGER NOT NULL, anchor BLOB NOT NULL, PRIMARY KEY (kind, anchor)) WITHOUT ROWID;
        CREATE TEMP TABLE suspect (kind INTEGER NOT NULL, key BLOB NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
        CREATE TEMP TABLE denied (
            kind INTEGER NOT NULL, anchor BLOB NOT NULL, verdict INTEGER NOT NULL, holder INTEGER, key BLOB,
            PRIMARY KEY (kind, anchor)) WITHOUT ROWID;
        CREATE TEMP TABLE moved_anchor (old_anchor BLOB PRIMARY KEY, new_anchor BLOB NOT NULL) WITHOUT ROWID;
        CREATE TEMP TABLE due (anchor BLOB PRIMARY KEY) WITHOUT ROWID;
        CREATE TEMP TABLE absence (anchor BLOB PRIMARY KEY, kind INTEGER NOT NULL, detail TEXT, context TEXT) WITHOUT ROWID;
        CREATE TEMP TABLE staged_group (
            id INTEGER PRIMARY KEY, anchor BLOB NOT NULL, name TEXT NOT NULL, dn TEXT NOT NULL, member_key BLOB NOT NULL,
            digest BLOB NOT NULL, member_count INTEGER NOT NULL, known INTEGER, members BLOB NOT NULL);
        CREATE TEMP TABLE privileged_group (id INTEGER PRIMARY KEY);
        CREATE TEMP TABLE way (
            id INTEGER PRIMARY KEY, member_group INTEGER NOT NULL, permission_group INTEGER NOT NULL, rule INTEGER NOT NULL,
            held INTEGER NOT NULL, parent INTEGER, depth INTEGER NOT NULL, head INTEGER NOT NULL,
            origin BLOB NOT NULL);
        CREATE TEMP TABLE wanted (
            member_key BLOB NOT NULL, permission_group INTEGER NOT NULL, rule INTEGER NOT NULL, path INTEGER NOT NULL,
            held INTEGER NOT NULL, PRIMARY KEY (member_key, permission_group)) WITHOUT ROWID;
        CREATE TEMP TABLE lost (
            member_key BLOB NOT NULL, permission_group INTEGER NOT NULL, rule INTEGER NOT NULL,
            PRIMARY KEY (member_key, permission_group, rule)) WITHOUT ROWID;
        CREATE TEMP TABLE rekeyed (former BLOB PRIMARY KEY, now BLOB NOT NULL) WITHOUT ROWID;
        CREATE TEMP TABLE moved_entry (now BLOB PRIMARY KEY, former BLOB NOT NULL) WITHOUT ROWID;
        CREATE TEMP TABLE affected (member_key BLOB PRIMARY KEY) WITHOUT ROWID;
        CREATE TEMP TABLE plan (
            seq INTEGER PRIMARY KEY, anchor BLOB NOT NULL, staged INTEGER, known INTEGER, user_id INTEGER,
            state INTEGER NOT NULL, due INTEGER, losses BLOB, revokes INTEGER NOT NULL, held INTEGER NOT NULL, approved BLOB, writes INTEGER NOT NULL, row BLOB);
        \(LateClaims.tables)
        CREATE TEMP TABLE new_claim (kind INTEGER NOT NULL, key BLOB NOT NULL, user_id INTEGER NOT NULL);
        """
}

/// What a staged row is.
enum StagedKind: Int64 {
    case present = 0
    case absent = 1
    case rejected = 2
}

/// What a rejected entry proves all the same.
struct RejectedProof: OptionSet {
    let rawValue: Int64

    /// The image holds what of it can be read.
    static let content = RejectedProof(rawValue: 1)
    /// Groups name it by its member key.
    static let name = RejectedProof(rawValue: 2)
    /// It has several ids. An entry that has one of them alone is the one that is meant by it.
    static let severalIDs = RejectedProof(rawValue: 4)
}
