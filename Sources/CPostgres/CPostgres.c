#define _GNU_SOURCE
#include "CPostgres.h"

#include <postgresql/libpq-fe.h>

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

// MARK: the library

// The functions that are used, under their own names.
#define FUNCTIONS(each)           \
  each(PQconnectStartParams)      \
  each(PQconnectPoll)             \
  each(PQfinish)                  \
  each(PQstatus)                  \
  each(PQsocket)                  \
  each(PQserverVersion)           \
  each(PQerrorMessage)            \
  each(PQconnectionNeedsPassword) \
  each(PQsetErrorVerbosity)       \
  each(PQsetNoticeProcessor)      \
  each(PQsetnonblocking)          \
  each(PQsendQuery)               \
  each(PQsetSingleRowMode)        \
  each(PQflush)                   \
  each(PQconsumeInput)            \
  each(PQisBusy)                  \
  each(PQgetResult)               \
  each(PQclear)                   \
  each(PQresultStatus)            \
  each(PQresultErrorMessage)      \
  each(PQnfields)                 \
  each(PQntuples)                 \
  each(PQfname)                   \
  each(PQgetisnull)               \
  each(PQgetvalue)                \
  each(PQgetlength)

#define MEMBER(name) __typeof__(&name) name;
static struct { FUNCTIONS(MEMBER) } lib;

static const char *load_error = NULL;
static pthread_once_t loaded = PTHREAD_ONCE_INIT;

static void load(void) {
  static const char *const names[] = {"libpq.so.5", "libpq.so"};
  void *handle = NULL;
  for (size_t i = 0; !handle && i < sizeof names / sizeof *names; i++) {
    handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  }
  if (!handle) {
    load_error = "libpq.so.5 is not installed (package libpq5)";
    return;
  }
#define RESOLVE(name)                                    \
  lib.name = (__typeof__(lib.name))dlsym(handle, #name); \
  if (!lib.name) load_error = "libpq.so.5 lacks " #name;
  FUNCTIONS(RESOLVE)
}

// MARK: the connection

enum stage { IDLE, CONNECTING, SENDING, RECEIVING, BROKEN };

struct tt_postgres {
  PGconn *conn;
  void *context;
  tt_postgres_take take;
  enum stage stage;
  int has_columns;
  int has_failed;
  char words[1024];
};

tt_postgres *tt_postgres_open(void *context, tt_postgres_take take, const char **words) {
  pthread_once(&loaded, load);
  if (load_error) {
    *words = load_error;
    return NULL;
  }
  tt_postgres *connection = calloc(1, sizeof *connection);
  if (!connection) {
    *words = "libpq has no memory";
    return NULL;
  }
  connection->context = context;
  connection->take = take;
  connection->stage = BROKEN;
  return connection;
}

void tt_postgres_close(tt_postgres *connection) {
  if (connection->conn) {
    int fd = lib.PQsocket(connection->conn);
    // In the middle of something nothing is said any more, so that nothing is waited for.
    if (connection->stage != IDLE && fd >= 0) shutdown(fd, SHUT_RDWR);
    lib.PQfinish(connection->conn);
  }
  free(connection);
}

int tt_postgres_socket(const tt_postgres *connection) {
  return connection->conn ? lib.PQsocket(connection->conn) : -1;
}

int tt_postgres_version(const tt_postgres *connection) { return lib.PQserverVersion(connection->conn); }
const char *tt_postgres_words(const tt_postgres *connection) { return connection->words; }
int tt_postgres_is_open(const tt_postgres *connection) { return connection->stage == IDLE; }

int tt_postgres_needs_password(const tt_postgres *connection) {
  return connection->conn && lib.PQconnectionNeedsPassword(connection->conn);
}

// libpq keeps the number nowhere; its words for it are the system's, in this same process.
int tt_postgres_errno(const tt_postgres *connection) {
  static const int numbers[] = {ECONNREFUSED, ENOENT,    EACCES,   EPERM,        ENOTDIR,
                                ETIMEDOUT,    ECONNRESET, EHOSTUNREACH, ENETUNREACH};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    if (strstr(connection->words, strerror(numbers[i]))) return numbers[i];
  }
  return 0;
}

static int fail(tt_postgres *connection, const char *words) {
  strncpy(connection->words, words ? words : "", sizeof connection->words - 1);
  connection->stage = BROKEN;
  return TT_POSTGRES_FAILED;
}

static int connect_on(tt_postgres *connection, PostgresPollingStatusType status) {
  switch (status) {
    case PGRES_POLLING_OK:
      if (lib.PQsetnonblocking(connection->conn, 1) != 0) break;
      connection->stage = IDLE;
      return TT_POSTGRES_DONE;
    case PGRES_POLLING_READING: return TT_POSTGRES_READABLE;
    case PGRES_POLLING_WRITING: return TT_POSTGRES_WRITABLE;
    default: break;
  }
  return fail(connection, lib.PQerrorMessage(connection->conn));
}

static void keep_quiet(void *context, const char *notice) {
  (void)context;
  (void)notice;
}

int tt_postgres_connect(tt_postgres *connection, const tt_postgres_place *place) {
  const char *keywords[20], *values[20];
  int count = 0;
#define SET(keyword, value)        \
  if (value) {                     \
    keywords[count] = keyword;     \
    values[count++] = value;       \
  }
  SET("host", place->host)
  SET("hostaddr", place->address)
  SET("port", place->port)
  SET("user", place->user)
  SET("password", place->password)
  SET("dbname", "postgres")
  SET("application_name", "tiertop")
  // What the layout does not name is not looked for, and Kerberos would wait for name servers.
  SET("passfile", "/dev/null/none")
  SET("gssencmode", "disable")
  SET("keepalives_idle", "30")
  SET("keepalives_interval", "10")
  SET("keepalives_count", "3")
#undef SET
  keywords[count] = values[count] = NULL;
  connection->words[0] = 0;
  connection->stage = CONNECTING;
  connection->conn = lib.PQconnectStartParams(keywords, values, 0);
  if (!connection->conn) return fail(connection, "libpq has no memory");
  if (lib.PQstatus(connection->conn) == CONNECTION_BAD) {
    return fail(connection, lib.PQerrorMessage(connection->conn));
  }
  lib.PQsetNoticeProcessor(connection->conn, keep_quiet, NULL);
  // With the SQLSTATE, by which a wrong password is told from a server that only starts.
  lib.PQsetErrorVerbosity(connection->conn, PQERRORS_VERBOSE);
  return TT_POSTGRES_WRITABLE;
}

static int send_on(tt_postgres *connection) {
  int left = lib.PQflush(connection->conn);
  if (left < 0) return fail(connection, lib.PQerrorMessage(connection->conn));
  if (left > 0) {
    connection->stage = SENDING;
    return TT_POSTGRES_READABLE | TT_POSTGRES_WRITABLE;
  }
  connection->stage = RECEIVING;
  return TT_POSTGRES_READABLE;
}

int tt_postgres_ask(tt_postgres *connection, const char *statement) {
  connection->words[0] = 0;
  connection->has_columns = 0;
  connection->has_failed = 0;
  if (!lib.PQsendQuery(connection->conn, statement) || !lib.PQsetSingleRowMode(connection->conn)) {
    return fail(connection, lib.PQerrorMessage(connection->conn));
  }
  return send_on(connection);
}

static int hand(tt_postgres *connection, int piece, const char *bytes, size_t length) {
  return connection->take(connection->context, piece, bytes, length);
}

// Row by row, so that nothing is kept that is refused.
static int hand_rows(tt_postgres *connection, PGresult *result) {
  int columns = lib.PQnfields(result);
  for (int column = 0; !connection->has_columns && column < columns; column++) {
    const char *name = lib.PQfname(result, column);
    if (!hand(connection, TT_POSTGRES_COLUMN, name, strlen(name))) return 0;
  }
  connection->has_columns = 1;
  for (int row = 0; row < lib.PQntuples(result); row++) {
    for (int column = 0; column < columns; column++) {
      int is_null = lib.PQgetisnull(result, row, column);
      int piece = is_null ? TT_POSTGRES_NULL : TT_POSTGRES_VALUE;
      size_t length = is_null ? 0 : (size_t)lib.PQgetlength(result, row, column);
      if (!hand(connection, piece, lib.PQgetvalue(result, row, column), length)) return 0;
    }
  }
  return 1;
}

static int receive_on(tt_postgres *connection) {
  if (!lib.PQconsumeInput(connection->conn)) return fail(connection, lib.PQerrorMessage(connection->conn));
  while (!lib.PQisBusy(connection->conn)) {
    PGresult *result = lib.PQgetResult(connection->conn);
    if (!result) {
      if (lib.PQstatus(connection->conn) == CONNECTION_BAD) {
        connection->stage = BROKEN;
        return TT_POSTGRES_FAILED;
      }
      connection->stage = IDLE;
      return connection->has_failed ? TT_POSTGRES_FAILED : TT_POSTGRES_DONE;
    }
    int is_taken = 1;
    switch (lib.PQresultStatus(result)) {
      case PGRES_SINGLE_TUPLE: is_taken = hand_rows(connection, result); break;
      case PGRES_TUPLES_OK:
        is_taken = hand_rows(connection, result) && hand(connection, TT_POSTGRES_TABLE_END, NULL, 0);
        connection->has_columns = 0;
        break;
      case PGRES_COMMAND_OK:
      case PGRES_EMPTY_QUERY: break;
      case PGRES_FATAL_ERROR:
        connection->has_failed = 1;
        strncpy(connection->words, lib.PQresultErrorMessage(result), sizeof connection->words - 1);
        break;
      // A copy, which nobody has asked for.
      default: is_taken = 0;
    }
    lib.PQclear(result);
    if (!is_taken) return fail(connection, "");
  }
  return TT_POSTGRES_READABLE;
}

int tt_postgres_step(tt_postgres *connection) {
  switch (connection->stage) {
    case CONNECTING: return connect_on(connection, lib.PQconnectPoll(connection->conn));
    case SENDING:
      // A server that is not listened to stops listening.
      if (!lib.PQconsumeInput(connection->conn)) {
        return fail(connection, lib.PQerrorMessage(connection->conn));
      }
      return send_on(connection);
    case RECEIVING: return receive_on(connection);
    default: return TT_POSTGRES_FAILED;
  }
}
