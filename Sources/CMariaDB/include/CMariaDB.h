// MariaDB's and MySQL's client library in its non-blocking manner: one connection, and one thing at a time.
//
// Nothing here waits. What has begun says what it waits for, and goes on when that is there. libmariadb is loaded
// when it is first needed. A tt_mariadb belongs to one thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct tt_mariadb tt_mariadb;

// What tt_mariadb_step and those that begin something return: a set of what is waited for, or how it ended.
enum { TT_MARIADB_DONE = 0, TT_MARIADB_READABLE = 1, TT_MARIADB_WRITABLE = 2, TT_MARIADB_TIME = 8, TT_MARIADB_FAILED = -1 };

// The pieces of an answer.
enum { TT_MARIADB_COLUMN = 1, TT_MARIADB_VALUE = 2, TT_MARIADB_NULL = 3, TT_MARIADB_TABLE_END = 4 };

typedef struct tt_mariadb_place {
  const char *host;  // numeric: a name would be waited for
  uint16_t port;
  const char *socket_path;  // NULL: over TCP
  const char *user;
  const char *password;
} tt_mariadb_place;

// Takes a piece; 0 refuses it, and with it the rest of the answer.
typedef int (*tt_mariadb_take)(void *context, int piece, const char *bytes, size_t length);

// NULL where libmariadb cannot be loaded or used; *words says why then, valid for ever.
tt_mariadb *tt_mariadb_open(void *context, tt_mariadb_take take, const char **words);
// Closes the connection whatever it is at. Does not wait, either.
void tt_mariadb_close(tt_mariadb *connection);

int tt_mariadb_connect(tt_mariadb *connection, const tt_mariadb_place *place);
// Several statements at a time, with semicolons between them.
int tt_mariadb_ask(tt_mariadb *connection, const char *statements);
// Goes on with what has begun: `ready` is what has come of what was waited for.
int tt_mariadb_step(tt_mariadb *connection, int ready);

// Where it waits; -1: nowhere.
int tt_mariadb_socket(const tt_mariadb *connection);
// How long it waits at most, where that is among what it waits for.
unsigned int tt_mariadb_timeout_ms(const tt_mariadb *connection);
// What the server calls itself; after the connection has been made.
const char *tt_mariadb_version(const tt_mariadb *connection);
// How many tables have been read to their end since the last tt_mariadb_ask.
unsigned int tt_mariadb_tables(const tt_mariadb *connection);

// Of the last failure: the server's or the library's number for it, the system's error or 0, and the words.
unsigned int tt_mariadb_code(const tt_mariadb *connection);
int tt_mariadb_errno(const tt_mariadb *connection);
const char *tt_mariadb_words(const tt_mariadb *connection);
// Whether the connection is good for another question.
int tt_mariadb_is_open(const tt_mariadb *connection);
