#define _GNU_SOURCE
#include "CSystem.h"

#include <malloc.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

_Static_assert(TT_READABLE == EPOLLIN && TT_WRITABLE == EPOLLOUT, "epoll's bits");
_Static_assert(TT_ERROR == EPOLLERR && TT_HANGUP == EPOLLHUP, "epoll's bits");
_Static_assert(sizeof(struct sockaddr_un) <= sizeof((tt_address){0}.bytes), "an address fits");

_Static_assert(TT_FILE_WRITTEN == IN_MODIFY && TT_FILE_LET_GO == IN_CLOSE_WRITE, "inotify's bits");

// The result of a call that fails with -1, as >= 0 or -errno.
#define RETRYING(result, call) \
  do {                         \
    result = (call);           \
  } while (result < 0 && errno == EINTR)

static int or_errno(int result) { return result < 0 ? -errno : result; }

// MARK: epoll

int tt_epoll_create(void) { return or_errno(epoll_create1(EPOLL_CLOEXEC)); }

static int control(int epoll, int operation, int fd, uint32_t interest, uint64_t token) {
  struct epoll_event event = {.events = interest, .data.u64 = token};
  return or_errno(epoll_ctl(epoll, operation, fd, &event));
}

int tt_epoll_add(int epoll, int fd, uint32_t interest, uint64_t token) {
  return control(epoll, EPOLL_CTL_ADD, fd, interest, token);
}

int tt_epoll_change(int epoll, int fd, uint32_t interest, uint64_t token) {
  return control(epoll, EPOLL_CTL_MOD, fd, interest, token);
}

int tt_epoll_remove(int epoll, int fd) { return control(epoll, EPOLL_CTL_DEL, fd, 0, 0); }

int tt_epoll_wait(int epoll, tt_event *events, int capacity, int timeout_ms) {
  // struct epoll_event is packed, and only on x86: it is copied out here rather than shown to Swift.
  struct epoll_event ready[64];
  if (capacity > 64) capacity = 64;
  int count = epoll_wait(epoll, ready, capacity, timeout_ms);
  if (count < 0) return errno == EINTR ? 0 : -errno;
  for (int i = 0; i < count; i++) {
    events[i].token = ready[i].data.u64;
    events[i].ready = ready[i].events;
  }
  return count;
}

// MARK: descriptors

int tt_eventfd(void) { return or_errno(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }

int tt_eventfd_signal(int fd) {
  uint64_t one = 1;
  ssize_t count = tt_write(fd, &one, sizeof one);
  // EAGAIN: the counter is full, so the reader will wake anyway.
  return count < 0 && count != -EAGAIN ? (int)count : 0;
}

int tt_eventfd_drain(int fd) {
  uint64_t total;
  ssize_t count = tt_read(fd, &total, sizeof total);
  return count < 0 && count != -EAGAIN ? (int)count : 0;
}

int tt_pipe(int ends[2]) { return or_errno(pipe2(ends, O_CLOEXEC | O_NONBLOCK)); }

int tt_socket_pair(int ends[2]) {
  return or_errno(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends));
}

int tt_open(const char *path, int flags, mode_t mode) {
  int fd;
  RETRYING(fd, open(path, flags | O_CLOEXEC, mode));
  return or_errno(fd);
}

ssize_t tt_read(int fd, void *buffer, size_t count) {
  ssize_t result;
  RETRYING(result, read(fd, buffer, count));
  return result < 0 ? -errno : result;
}

ssize_t tt_write(int fd, const void *bytes, size_t count) {
  ssize_t result;
  RETRYING(result, write(fd, bytes, count));
  return result < 0 ? -errno : result;
}

ssize_t tt_read_tail(const char *path, void *buffer, size_t capacity, tt_file_tail *tail) {
  // O_NONBLOCK: opening a pipe that nobody writes to would wait.
  int fd = tt_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
  if (fd < 0) return fd;
  struct stat status;
  ssize_t result;
  if (fstat(fd, &status) < 0) {
    result = -errno;
  } else if (!S_ISREG(status.st_mode)) {
    result = -EINVAL;
  } else {
    tail->size = status.st_size;
    tail->changed = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
    off_t start = status.st_size > (off_t)capacity ? status.st_size - (off_t)capacity : 0;
    RETRYING(result, pread(fd, buffer, capacity, start));
    if (result < 0) result = -errno;
  }
  close(fd);
  return result;
}

int tt_inotify(void) { return or_errno(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)); }

int tt_inotify_add(int inotify, const char *path, uint32_t what) {
  return or_errno(inotify_add_watch(inotify, path, what));
}

void tt_inotify_drain(int fd) {
  char events[4096];
  while (tt_read(fd, events, sizeof events) == (ssize_t)sizeof events) {
  }
}

int tt_signal_open(const int *signals, int count) {
  sigset_t set;
  sigemptyset(&set);
  for (int i = 0; i < count; i++) sigaddset(&set, signals[i]);
  int error = pthread_sigmask(SIG_BLOCK, &set, NULL);
  if (error) return -error;
  return or_errno(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

int tt_signal_next(int fd) {
  struct signalfd_siginfo info;
  ssize_t count = tt_read(fd, &info, sizeof info);
  if (count == -EAGAIN) return 0;
  if (count < 0) return (int)count;
  return count == sizeof info ? (int)info.ssi_signo : 0;
}

// MARK: sockets

int tt_address_unix(tt_address *address, const char *path, size_t length) {
  struct sockaddr_un unix_address = {.sun_family = AF_UNIX};
  if (length == 0 || length >= sizeof unix_address.sun_path) return -EINVAL;
  memset(address, 0, sizeof *address);
  memcpy(unix_address.sun_path, path, length);
  memcpy(address->bytes, &unix_address, sizeof unix_address);
  // A path ends with a zero byte; an abstract name, which begins with one, is exactly as long as it is.
  address->length = (uint32_t)(offsetof(struct sockaddr_un, sun_path) + length + (path[0] != 0));
  return 0;
}

int tt_address_numeric(tt_address *address, const char *host, uint16_t port) {
  struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
  struct addrinfo *found = NULL;
  if (getaddrinfo(host, NULL, &hints, &found) != 0) return -EINVAL;
  memset(address, 0, sizeof *address);
  address->length = (uint32_t)found->ai_addrlen;
  memcpy(address->bytes, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  // The port is at the same place in both.
  uint16_t network = htons(port);
  memcpy(address->bytes + offsetof(struct sockaddr_in, sin_port), &network, sizeof network);
  return 0;
}

int tt_address_port(const tt_address *address) {
  sa_family_t family;
  memcpy(&family, address->bytes, sizeof family);
  if (family != AF_INET && family != AF_INET6) return -EINVAL;
  uint16_t network;
  memcpy(&network, address->bytes + offsetof(struct sockaddr_in, sin_port), sizeof network);
  return ntohs(network);
}

int tt_address_text(const tt_address *address, char *text, size_t room) {
  if (tt_address_port(address) < 0) return -EINVAL;
  const struct sockaddr *raw = (const struct sockaddr *)address->bytes;
  return getnameinfo(raw, address->length, text, (socklen_t)room, NULL, 0, NI_NUMERICHOST) == 0 ? 0 : -EINVAL;
}

static int stream_socket(const tt_address *address) {
  sa_family_t family;
  memcpy(&family, address->bytes, sizeof family);
  return or_errno(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

int tt_connect(const tt_address *address, int *pending) {
  int fd = stream_socket(address);
  if (fd < 0) return fd;
  *pending = 0;
  if (connect(fd, (const struct sockaddr *)address->bytes, address->length) == 0) return fd;
  // An interrupted connect goes on by itself, as one that is in progress does.
  if (errno == EINPROGRESS || errno == EINTR) {
    *pending = 1;
    return fd;
  }
  int error = errno;
  close(fd);
  return -error;
}

int tt_connect_result(int fd) {
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0) return -errno;
  return -error;
}

int tt_listen(const tt_address *address, int backlog) {
  int fd = stream_socket(address);
  if (fd < 0) return fd;
  int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, (const struct sockaddr *)address->bytes, address->length) < 0 || listen(fd, backlog) < 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  return fd;
}

int tt_local_address(int fd, tt_address *address) {
  socklen_t length = sizeof address->bytes;
  memset(address, 0, sizeof *address);
  if (getsockname(fd, (struct sockaddr *)address->bytes, &length) < 0) return -errno;
  address->length = length;
  return 0;
}

int tt_accept(int listener) {
  int fd;
  RETRYING(fd, accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK));
  return or_errno(fd);
}

int tt_datagram_connect(const tt_address *address, int timeout_ms) {
  sa_family_t family;
  memcpy(&family, address->bytes, sizeof family);
  int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  struct timeval timeout = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
  if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout) < 0 ||
      connect(fd, (const struct sockaddr *)address->bytes, address->length) < 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  return fd;
}

int tt_datagram_open(const tt_address *address) {
  sa_family_t family;
  memcpy(&family, address->bytes, sizeof family);
  int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  if (connect(fd, (const struct sockaddr *)address->bytes, address->length) < 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  return fd;
}

int tt_datagram_listen(const tt_address *address) {
  sa_family_t family;
  memcpy(&family, address->bytes, sizeof family);
  int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  int on = 1, room = 1 << 20;
  // Where the system gives less, or does not count, it is a socket all the same.
  (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  (void)setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
  if (bind(fd, (const struct sockaddr *)address->bytes, address->length) < 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  return fd;
}

ssize_t tt_datagram_receive(int fd, void *buffer, size_t count, uint32_t *lost) {
  union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(uint32_t))];
  } control;
  struct iovec piece = {.iov_base = buffer, .iov_len = count};
  struct msghdr message = {
      .msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  ssize_t result;
  RETRYING(result, recvmsg(fd, &message, 0));
  if (result < 0) return -errno;
  for (struct cmsghdr *each = CMSG_FIRSTHDR(&message); each; each = CMSG_NXTHDR(&message, each)) {
    if (each->cmsg_level == SOL_SOCKET && each->cmsg_type == SO_RXQ_OVFL)
      memcpy(lost, CMSG_DATA(each), sizeof *lost);
  }
  return message.msg_flags & MSG_TRUNC ? -EMSGSIZE : result;
}

ssize_t tt_send(int fd, const void *bytes, size_t count) {
  ssize_t result;
  RETRYING(result, send(fd, bytes, count, MSG_NOSIGNAL));
  return result < 0 ? -errno : result;
}

ssize_t tt_receive(int fd, void *buffer, size_t count) {
  ssize_t result;
  RETRYING(result, recv(fd, buffer, count, 0));
  return result < 0 ? -errno : result;
}

// MARK: getopt_long

const char *tt_getopt_argument(void) { return optarg; }
int tt_getopt_index(void) { return optind; }
int tt_getopt_option(void) { return optopt; }

void tt_getopt_reset(int quiet) {
  // 0, not 1: glibc then also forgets what it knows of the last argv.
  optind = 0;
  opterr = !quiet;
}

// MARK: memory

void tt_return_large_blocks(void) { mallopt(M_MMAP_THRESHOLD, 256 * 1024); }
