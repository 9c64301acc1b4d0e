// PostgreSQL's client library in its non-blocking manner: one connection, and one thing at a time.
//
// Nothing here waits. What has begun says what it waits for, and goes on when that is there. libpq is loaded when it
// is first needed. A tt_postgres belongs to one thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct tt_postgres tt_postgres;

// What tt_postgres_step and those that begin something return: a set of what is waited for, or how it ended.
enum { TT_POSTGRES_DONE = 0, TT_POSTGRES_READABLE = 1, TT_POSTGRES_WRITABLE = 2, TT_POSTGRES_FAILED = -1 };

// The pieces of an answer.
enum { TT_POSTGRES_COLUMN = 1, TT_POSTGRES_VALUE = 2, TT_POSTGRES_NULL = 3, TT_POSTGRES_TABLE_END = 4 };

typedef struct tt_postgres_place {
  const char *host;  // the directory of the socket; over TCP the name, which is only said
  const char *address;  // numeric: a name would be waited for; NULL: a socket
  const char *port;
  const char *user;
  const char *password;  // NULL: none
} tt_postgres_place;

// Takes a piece; 0 refuses it, and with it the rest of the answer.
typedef int (*tt_postgres_take)(void *context, int piece, const char *bytes, size_t length);

// NULL where libpq cannot be loaded or used; *words says why then, valid for ever.
tt_postgres *tt_postgres_open(void *context, tt_postgres_take take, const char **words);
// Closes the connection whatever it is at. Does not wait, either.
void tt_postgres_close(tt_postgres *connection);

int tt_postgres_connect(tt_postgres *connection, const tt_postgres_place *place);
int tt_postgres_ask(tt_postgres *connection, const char *statement);
// Goes on with what has begun.
int tt_postgres_step(tt_postgres *connection);

// Where it waits; -1: nowhere. While connecting it may be another one after each step.
int tt_postgres_socket(const tt_postgres *connection);
// 150012 for 15.12; after the connection has been made.
int tt_postgres_version(const tt_postgres *connection);
// Of the last failure: the system's error or 0, the words, and whether a password was missing.
int tt_postgres_errno(const tt_postgres *connection);
const char *tt_postgres_words(const tt_postgres *connection);
int tt_postgres_needs_password(const tt_postgres *connection);
// Whether the connection is good for another question.
int tt_postgres_is_open(const tt_postgres *connection);
