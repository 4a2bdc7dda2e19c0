// A typed view of the variadic calls of SQLite that Swift does not import.
#ifndef ROLLCALL_CSQLITESHIM_H
#define ROLLCALL_CSQLITESHIM_H

#include <sqlite3.h>

// Whether triggers run for what this connection writes.
static inline int rollcall_sqlite_set_triggers(sqlite3 *connection, int enabled) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, enabled, (int *)0);
}

// Takes the memory statistics off: they cost a lock for every allocation, and nobody reads them. Has an effect only before the
// library is used for the first time; later calls are refused by SQLite and change nothing.
static inline int rollcall_sqlite_skip_statistics(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

#endif
