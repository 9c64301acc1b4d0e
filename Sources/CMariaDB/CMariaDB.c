#define _GNU_SOURCE
#include "CMariaDB.h"

#include "CSystem.h"

#include <mariadb/errmsg.h>
#include <mariadb/mysql.h>

#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

// MARK: the library

// The functions that are used, under their own names.
#define FUNCTIONS(each)             \
  each(mysql_init)                  \
  each(mysql_close)                 \
  each(mysql_optionsv)              \
  each(mysql_real_connect_start)    \
  each(mysql_real_connect_cont)     \
  each(mysql_real_query_start)      \
  each(mysql_real_query_cont)       \
  each(mysql_next_result_start)     \
  each(mysql_next_result_cont)      \
  each(mysql_fetch_row_start)       \
  each(mysql_fetch_row_cont)        \
  each(mysql_use_result)            \
  each(mysql_free_result)           \
  each(mysql_fetch_fields)          \
  each(mysql_fetch_lengths)         \
  each(mysql_num_fields)            \
  each(mysql_field_count)           \
  each(mysql_get_socket)            \
  each(mysql_get_timeout_value_ms)  \
  each(mysql_get_server_info)       \
  each(mysql_errno)                 \
  each(mysql_error)

#define MEMBER(name) __typeof__(&name) name;
static struct { FUNCTIONS(MEMBER) } lib;

static const char *load_error = NULL;
static pthread_once_t loaded = PTHREAD_ONCE_INIT;

static void load(void) {
  static const char *const names[] = {"libmariadb.so.3", "libmariadb.so"};
  void *handle = NULL;
  for (size_t i = 0; !handle && i < sizeof names / sizeof *names; i++) {
    handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  }
  if (!handle) {
    load_error = "libmariadb.so.3 is not installed (package libmariadb3)";
    return;
  }
#define RESOLVE(name)                                    \
  lib.name = (__typeof__(lib.name))dlsym(handle, #name); \
  if (!lib.name) load_error = "libmariadb.so.3 lacks " #name;
  FUNCTIONS(RESOLVE)
}

// MARK: the connection

enum stage { IDLE, CONNECTING, ASKING, FETCHING, NEXT, BROKEN };

struct tt_mariadb {
  MYSQL *mysql;
  void *context;
  tt_mariadb_take take;
  enum stage stage;
  // What libmariadb waits for; 0: it is not in the middle of anything.
  int waits;
  MYSQL_RES *result;
  // libmariadb looks at what it was given until it has ended what it has begun.
  char *host, *socket_path, *user, *password, *statements;
  unsigned int tables;
  unsigned int code;
  char words[512];
};

tt_mariadb *tt_mariadb_open(void *context, tt_mariadb_take take, const char **words) {
  pthread_once(&loaded, load);
  if (load_error) {
    *words = load_error;
    return NULL;
  }
  *words = "libmariadb has no memory";
  tt_mariadb *connection = calloc(1, sizeof *connection);
  if (!connection) return NULL;
  connection->context = context;
  connection->take = take;
  connection->mysql = lib.mysql_init(NULL);
  if (!connection->mysql) {
    free(connection);
    return NULL;
  }
  MYSQL *mysql = connection->mysql;
  // The stack on which libmariadb runs; TLS needs more of it than its default.
  size_t stack = 256 * 1024;
  lib.mysql_optionsv(mysql, MYSQL_OPT_NONBLOCK, &stack);
  // A server must not be able to ask for files, nor for the password in clear, nor for somebody at a terminal.
  unsigned int no = 0;
  lib.mysql_optionsv(mysql, MYSQL_OPT_LOCAL_INFILE, &no);
  lib.mysql_optionsv(
      mysql, MARIADB_OPT_RESTRICTED_AUTH,
      "mysql_native_password,client_ed25519,caching_sha2_password,sha256_password");
  my_bool off = 0;
  lib.mysql_optionsv(mysql, MYSQL_OPT_RECONNECT, &off);
  unsigned long packet = 1 << 20;
  lib.mysql_optionsv(mysql, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet);
  lib.mysql_optionsv(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "tiertop");
  return connection;
}

int tt_mariadb_socket(const tt_mariadb *connection) {
  my_socket fd = lib.mysql_get_socket(connection->mysql);
  return fd == MARIADB_INVALID_SOCKET ? -1 : (int)fd;
}

unsigned int tt_mariadb_timeout_ms(const tt_mariadb *connection) {
  return lib.mysql_get_timeout_value_ms(connection->mysql);
}

const char *tt_mariadb_version(const tt_mariadb *connection) {
  const char *version = lib.mysql_get_server_info(connection->mysql);
  return version ? version : "";
}

unsigned int tt_mariadb_tables(const tt_mariadb *connection) { return connection->tables; }
unsigned int tt_mariadb_code(const tt_mariadb *connection) { return connection->code; }
const char *tt_mariadb_words(const tt_mariadb *connection) { return connection->words; }
int tt_mariadb_is_open(const tt_mariadb *connection) { return connection->stage == IDLE; }

// libmariadb writes it at the end, in parentheses, and keeps it nowhere else.
int tt_mariadb_errno(const tt_mariadb *connection) {
  if (connection->code != CR_CONNECTION_ERROR && connection->code != CR_CONN_HOST_ERROR) return 0;
  const char *open = strrchr(connection->words, '(');
  return open ? (int)strtol(open + 1, NULL, 10) : 0;
}

// Nothing of it stays in memory any longer than it is needed.
static void forget_secret(char **secret) {
  if (*secret) explicit_bzero(*secret, strlen(*secret));
  free(*secret);
  *secret = NULL;
}

static int fail(tt_mariadb *connection) {
  connection->code = lib.mysql_errno(connection->mysql);
  strncpy(connection->words, lib.mysql_error(connection->mysql), sizeof connection->words - 1);
  connection->waits = 0;
  // After a refusal by the server itself the next question may be asked. The library's own numbers mean the end,
  // and so do a server that shuts down (1053), a connection that was killed (1927) or idle for too long (4031).
  unsigned int code = connection->code;
  int is_librarys = (code >= CR_MIN_ERROR && code <= CR_MAX_ERROR) || (code >= CER_MIN_ERROR && code <= CER_MAX_ERROR);
  int is_servers = code && !is_librarys && code != 1053 && code != 1927 && code != 4031;
  int is_between = connection->stage == ASKING || connection->stage == NEXT;
  connection->stage = is_servers && is_between ? IDLE : BROKEN;
  return TT_MARIADB_FAILED;
}

static int refuse(tt_mariadb *connection) {
  connection->stage = BROKEN;
  connection->code = 0;
  connection->words[0] = 0;
  return TT_MARIADB_FAILED;
}

static int hand(tt_mariadb *connection, int piece, const char *bytes, size_t length) {
  return connection->take(connection->context, piece, bytes, length);
}

static int hand_columns(tt_mariadb *connection) {
  unsigned int count = lib.mysql_num_fields(connection->result);
  MYSQL_FIELD *fields = lib.mysql_fetch_fields(connection->result);
  for (unsigned int i = 0; i < count; i++) {
    if (!hand(connection, TT_MARIADB_COLUMN, fields[i].name, strlen(fields[i].name))) return 0;
  }
  return 1;
}

static int hand_row(tt_mariadb *connection, MYSQL_ROW row) {
  unsigned int count = lib.mysql_num_fields(connection->result);
  unsigned long *lengths = lib.mysql_fetch_lengths(connection->result);
  for (unsigned int i = 0; i < count; i++) {
    int piece = row[i] ? TT_MARIADB_VALUE : TT_MARIADB_NULL;
    if (!hand(connection, piece, row[i], row[i] ? lengths[i] : 0)) return 0;
  }
  return 1;
}

// Takes keepalive into its own hands: a peer that went away without a word is noticed between polls, too.
static void keep_alive(int fd) {
  int on = 1, idle = 30, gap = 10, count = 3;
  setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &gap, sizeof gap);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
}

static int resume(tt_mariadb *connection, int ready);

// A statement has been answered: with a table, or without.
static int answered(tt_mariadb *connection) {
  if (lib.mysql_field_count(connection->mysql) > 0) {
    connection->result = lib.mysql_use_result(connection->mysql);
    if (!connection->result) return fail(connection);
    if (!hand_columns(connection)) return refuse(connection);
    connection->stage = FETCHING;
  } else {
    connection->stage = NEXT;
  }
  return resume(connection, -1);
}

// Begins the stage's own call (ready < 0) or goes on with it, and then with what comes after it, until something
// has to be waited for. What is returned is what for, or how it ended.
static int resume(tt_mariadb *connection, int ready) {
  MYSQL *mysql = connection->mysql;
  for (;;) {
    int failed = 0;
    MYSQL *connected = NULL;
    MYSQL_ROW row = NULL;
    switch (connection->stage) {
      case CONNECTING:
        connection->waits = lib.mysql_real_connect_cont(&connected, mysql, ready);
        if (connection->waits) return connection->waits;
        if (!connected) return fail(connection);
        keep_alive(tt_mariadb_socket(connection));
        forget_secret(&connection->password);
        connection->stage = IDLE;
        return TT_MARIADB_DONE;
      case ASKING:
        connection->waits = lib.mysql_real_query_cont(&failed, mysql, ready);
        if (connection->waits) return connection->waits;
        if (failed) return fail(connection);
        return answered(connection);
      case FETCHING:
        connection->waits = ready < 0 ? lib.mysql_fetch_row_start(&row, connection->result)
                                      : lib.mysql_fetch_row_cont(&row, connection->result, ready);
        if (connection->waits) return connection->waits;
        ready = -1;
        if (row) {
          if (!hand_row(connection, row)) return refuse(connection);
          break;
        }
        if (lib.mysql_errno(mysql)) return fail(connection);
        lib.mysql_free_result(connection->result);
        connection->result = NULL;
        connection->tables++;
        if (!hand(connection, TT_MARIADB_TABLE_END, NULL, 0)) return refuse(connection);
        connection->stage = NEXT;
        break;
      case NEXT:
        connection->waits = ready < 0 ? lib.mysql_next_result_start(&failed, mysql)
                                      : lib.mysql_next_result_cont(&failed, mysql, ready);
        if (connection->waits) return connection->waits;
        ready = -1;
        if (failed > 0) return fail(connection);
        if (failed == 0) return answered(connection);
        connection->stage = IDLE;
        return TT_MARIADB_DONE;
      case IDLE:
      case BROKEN: return TT_MARIADB_FAILED;
    }
  }
}

int tt_mariadb_connect(tt_mariadb *connection, const tt_mariadb_place *place) {
  unsigned int protocol = place->socket_path ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
  lib.mysql_optionsv(connection->mysql, MYSQL_OPT_PROTOCOL, &protocol);
  connection->stage = CONNECTING;
  if (place->socket_path) {
    connection->socket_path = strdup(place->socket_path);
  } else {
    connection->host = strdup(place->host);
  }
  connection->user = strdup(place->user);
  connection->password = strdup(place->password);
  MYSQL *connected = NULL;
  tt_pipe_guard guarded = tt_pipe_block();
  connection->waits = lib.mysql_real_connect_start(
      &connected, connection->mysql, connection->host, connection->user, connection->password, NULL, place->port,
      connection->socket_path, CLIENT_MULTI_STATEMENTS | CLIENT_REMEMBER_OPTIONS);
  int result = connection->waits;
  if (!result) {
    if (connected) connection->stage = IDLE;
    result = connected ? TT_MARIADB_DONE : fail(connection);
  }
  tt_pipe_restore(guarded);
  return result;
}

int tt_mariadb_ask(tt_mariadb *connection, const char *statements) {
  connection->stage = ASKING;
  connection->tables = 0;
  connection->code = 0;
  connection->words[0] = 0;
  int failed = 0;
  free(connection->statements);
  connection->statements = strdup(statements);
  tt_pipe_guard guarded = tt_pipe_block();
  connection->waits = lib.mysql_real_query_start(
      &failed, connection->mysql, connection->statements, strlen(statements));
  int result = connection->waits;
  if (!result) result = failed ? fail(connection) : answered(connection);
  tt_pipe_restore(guarded);
  return result;
}

int tt_mariadb_step(tt_mariadb *connection, int ready) {
  if (!connection->waits) return TT_MARIADB_FAILED;
  tt_pipe_guard guarded = tt_pipe_block();
  int result = resume(connection, ready);
  tt_pipe_restore(guarded);
  return result;
}

void tt_mariadb_close(tt_mariadb *connection) {
  tt_pipe_guard guarded = tt_pipe_block();
  if (connection->stage != IDLE) {
    // Nothing is said to the server any more, and nothing is waited for.
    int fd = tt_mariadb_socket(connection);
    if (fd >= 0) shutdown(fd, SHUT_RDWR);
    // What libmariadb is in the middle of has memory and a descriptor of its own, which it lets go at its end: a
    // time-out ends everything in a few steps.
    connection->take = NULL;
    for (int step = 0; connection->waits && step < 100; step++) {
      int failed = 0;
      MYSQL *connected = NULL;
      MYSQL_ROW row = NULL;
      switch (connection->stage) {
        case CONNECTING:
          connection->waits = lib.mysql_real_connect_cont(&connected, connection->mysql, TT_MARIADB_TIME);
          break;
        case ASKING:
          connection->waits = lib.mysql_real_query_cont(&failed, connection->mysql, TT_MARIADB_TIME);
          break;
        case FETCHING:
          connection->waits = lib.mysql_fetch_row_cont(&row, connection->result, TT_MARIADB_TIME);
          break;
        case NEXT:
          connection->waits = lib.mysql_next_result_cont(&failed, connection->mysql, TT_MARIADB_TIME);
          break;
        default: connection->waits = 0;
      }
    }
  }
  if (connection->result) lib.mysql_free_result(connection->result);
  lib.mysql_close(connection->mysql);
  tt_pipe_restore(guarded);
  free(connection->host);
  free(connection->socket_path);
  free(connection->user);
  forget_secret(&connection->password);
  free(connection->statements);
  free(connection);
}
