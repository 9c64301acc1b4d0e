#pragma once

#include <sqlite3.h>

/// SQLite copies the bytes: the macro for that is a cast that Swift does not see.
static inline int CSQLite_bind_blob(sqlite3_stmt *statement, int place, const void *bytes, sqlite3_uint64 count) {
  return sqlite3_bind_blob64(statement, place, count > 0 ? bytes : "", count, SQLITE_TRANSIENT);
}
static inline int CSQLite_bind_text(sqlite3_stmt *statement, int place, const char *text, sqlite3_uint64 count) {
  return sqlite3_bind_text64(statement, place, count > 0 ? text : "", count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// Whether changes of the schema by what a file says, and functions with effects, are refused.
static inline int CSQLite_harden(sqlite3 *database) {
  int result = sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
  if (result == SQLITE_OK) result = sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
  return result;
}
