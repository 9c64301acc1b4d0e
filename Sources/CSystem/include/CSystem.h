// What Linux offers and Swift's Glibc module does not show, behind names that start with tt_.
//
// Unless said otherwise a function returns a value >= 0, or -errno; EINTR is retried inside.
#pragma once

#include <getopt.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// MARK: epoll

enum {
  TT_READABLE = 0x001,  // EPOLLIN
  TT_WRITABLE = 0x004,  // EPOLLOUT
  TT_ERROR = 0x008,     // EPOLLERR
  TT_HANGUP = 0x010,    // EPOLLHUP
};

typedef struct tt_event {
  uint64_t token;
  uint32_t ready;
} tt_event;

int tt_epoll_create(void);
int tt_epoll_add(int epoll, int fd, uint32_t interest, uint64_t token);
int tt_epoll_change(int epoll, int fd, uint32_t interest, uint64_t token);
int tt_epoll_remove(int epoll, int fd);
// EINTR counts as "nothing is ready". At most 64 events a call.
int tt_epoll_wait(int epoll, tt_event *events, int capacity, int timeout_ms);

// MARK: descriptors

int tt_eventfd(void);
int tt_eventfd_signal(int fd);
int tt_eventfd_drain(int fd);
int tt_pipe(int ends[2]);
int tt_socket_pair(int ends[2]);
int tt_open(const char *path, int flags, mode_t mode);
ssize_t tt_read(int fd, void *buffer, size_t count);
ssize_t tt_write(int fd, const void *bytes, size_t count);

enum {
  TT_FILE_WRITTEN = 0x002,  // IN_MODIFY
  TT_FILE_LET_GO = 0x008,   // IN_CLOSE_WRITE
};

// What is known of a file's end.
typedef struct tt_file_tail {
  int64_t size;
  int64_t changed;  // when it was last written, in nanoseconds since 1970
} tt_file_tail;

// Reads the last bytes of an ordinary file, and returns how many. Never waits: -EINVAL where it is a pipe, a device
// or anything else that is no ordinary file.
ssize_t tt_read_tail(const char *path, void *buffer, size_t capacity, tt_file_tail *tail);

int tt_inotify(void);
// Tells of what happens to the file that is at the path now.
int tt_inotify_add(int inotify, const char *path, uint32_t what);
// Takes everything that was told; what it was is not looked at.
void tt_inotify_drain(int fd);

// Blocks the signals in the calling thread (and those it starts later) and opens a signalfd for them.
int tt_signal_open(const int *signals, int count);
// The next pending signal's number, or 0 where none is pending.
int tt_signal_next(int fd);

// Libraries that write without MSG_NOSIGNAL, as those for TLS do, must not end the program when a peer has gone away.
// SIGPIPE is blocked while they are at work, and only what they cause is swallowed: for everybody else the signal stays
// as it is.
typedef struct tt_pipe_guard {
  uint64_t before[16];  // a sigset_t: its header would show in Swift as if it were of this module
  int was_pending;
} tt_pipe_guard;

tt_pipe_guard tt_pipe_block(void);
void tt_pipe_restore(tt_pipe_guard guard);

// MARK: sockets

// Enough for an IPv4, an IPv6 or a unix address.
typedef struct tt_address {
  uint32_t length;
  uint8_t bytes[124];
} tt_address;

// -EINVAL where the path is empty or does not fit (107 bytes).
int tt_address_unix(tt_address *address, const char *path, size_t length);
// Numeric IPv4 or IPv6 (with a scope: fe80::1%eth0); -EINVAL where it is none.
int tt_address_numeric(tt_address *address, const char *host, uint16_t port);
// The port of an IPv4 or IPv6 address, or -EINVAL.
int tt_address_port(const tt_address *address);

enum { TT_ADDRESS_TEXT = 80 };

// The host of an IPv4 or IPv6 address as numbers, or -EINVAL. TT_ADDRESS_TEXT bytes are enough for it.
int tt_address_text(const tt_address *address, char *text, size_t room);

// A non-blocking, close-on-exec stream socket that begins to connect. *pending says whether the connection
// is still under way. Fails with EAGAIN where a unix socket's backlog is full.
int tt_connect(const tt_address *address, int *pending);
// How a pending connection ended: 0, or -errno.
int tt_connect_result(int fd);
// A non-blocking, close-on-exec listening socket.
int tt_listen(const tt_address *address, int backlog);
int tt_local_address(int fd, tt_address *address);
int tt_accept(int listener);
// A close-on-exec datagram socket to one peer. Sending waits for room for so long at most, then gives -EAGAIN.
int tt_datagram_connect(const tt_address *address, int timeout_ms);
// A non-blocking, close-on-exec datagram socket that takes what anybody sends to the address.
int tt_datagram_listen(const tt_address *address);
// The next datagram; -EAGAIN where there is none, -EMSGSIZE for one that did not fit, which is gone then. Where
// the system says how many it had to throw away so far, *lost becomes that; else it stays as it is.
ssize_t tt_datagram_receive(int fd, void *buffer, size_t count, uint32_t *lost);
// The same, and nothing waits: for what is answered.
int tt_datagram_open(const tt_address *address);
ssize_t tt_send(int fd, const void *bytes, size_t count);
ssize_t tt_receive(int fd, void *buffer, size_t count);

enum { TT_RESOLVED_MAX = 8 };

// What a resolver thread reports, in one message.
typedef struct tt_resolved {
  int32_t error;  // 0, or an EAI_* code of getaddrinfo
  uint32_t count;
  tt_address addresses[TT_RESOLVED_MAX];
} tt_resolved;

// Resolves on a detached thread of its own. Returns a descriptor that becomes readable when the answer is
// there; closing it earlier abandons the question.
int tt_resolve(const char *host, uint16_t port);
// 1 with the answer, or -EAGAIN while there is none.
int tt_resolve_finish(int fd, tt_resolved *answer);

// MARK: network namespaces

// Opens the network namespace at a path, or -EINVAL where something else is there.
int tt_namespace_open(const char *path);
// What this thread makes from now on belongs to that namespace.
int tt_namespace_enter(int fd);
// Enters the user namespace that a network namespace belongs to, unless this process is in it already: only
// from there may an ordinary user enter a namespace of its own. 1, or 0 where there was nothing to enter; -EINVAL
// where the process has several threads.
int tt_namespace_join_owner(int fd);

// MARK: processes

enum { TT_GROUP_INHERIT = 0, TT_GROUP_OWN = 1, TT_GROUP_SESSION = 2 };

// What failed in tt_spawn.
enum { TT_SPAWN_FORK = 1, TT_SPAWN_SETUP = 2, TT_SPAWN_DIRECTORY = 3, TT_SPAWN_EXEC = 4, TT_SPAWN_NETWORK = 5 };

typedef struct tt_spawn_request {
  const char *program;  // searched in PATH where it has no slash
  char *const *arguments;
  char *const *environment;  // NULL: the parent's
  const char *directory;     // NULL: the parent's
  int input, output, error;  // descriptors that become 0, 1 and 2; -1: /dev/null
  int group;                 // TT_GROUP_*
  int network;               // the network namespace that it is in; -1: the parent's
  int death_signal;          // sent to the child when the thread that spawned it ends; 0: none
} tt_spawn_request;

// Returns the pid, and a pidfd that becomes readable when the child ends. On failure -errno (that of exec,
// where it was exec), and *stage is one of TT_SPAWN_*; no child is left then.
// Every other descriptor is closed in the child, no signal is blocked or ignored there.
int tt_spawn(const tt_spawn_request *request, int *pidfd, int *stage);
// 1 and *status as of waitpid where the child has ended and was reaped, 0 while it runs.
int tt_reap(pid_t pid, int block, int *status);

// MARK: getopt_long's globals, which Swift does not take for safe

const char *tt_getopt_argument(void);
int tt_getopt_index(void);
int tt_getopt_option(void);
void tt_getopt_reset(int quiet);

// MARK: memory

// Large blocks are given back to the system as soon as they are free. Without it glibc learns to keep blocks
// of the size of a table, which come and go every second, and holds half as much again.
void tt_return_large_blocks(void);
