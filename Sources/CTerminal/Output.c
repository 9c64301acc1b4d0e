#define _GNU_SOURCE

#include "Output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 1000 };

static int terminal_fd = -1, drawn_fd = -1;
// Whether others have the same open file, and with it its flags.
static bool is_shared;

// What was drawn and is not sent: bytes[sent..<count].
static char *bytes;
static size_t sent, count, capacity;
static int64_t taken_at;

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// O_NONBLOCK belongs to the open file, which is the shell's too: so it is opened once more.
static int own_file(int terminal) {
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", terminal);
  int flags = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  int own = open(path, flags);
  // After su it is another user's; but everybody may open the terminal that controls them.
  if (own < 0 && tcgetsid(terminal) == getsid(0)) own = open("/dev/tty", flags);
  return own;
}

int out_open(int terminal) {
  int own = own_file(terminal);
  is_shared = own < 0;
  terminal_fd = is_shared ? fcntl(terminal, F_DUPFD_CLOEXEC, 3) : own;
  drawn_fd = memfd_create("drawn", MFD_CLOEXEC);
  sent = count = 0;
  if (terminal_fd < 0 || drawn_fd < 0) {
    out_close();
    return -1;
  }
  return drawn_fd;
}

void out_close(void) {
  if (terminal_fd >= 0) close(terminal_fd);
  // Whoever draws into it closes the other.
  terminal_fd = drawn_fd = -1;
  free(bytes);
  bytes = NULL;
  sent = count = capacity = 0;
}

int out_fd(void) { return terminal_fd; }

// In a handler too.
static ssize_t write_now(const char *text, size_t length) {
  // Where it could not be opened again, the flag is there for no longer than this call.
  int flags = is_shared ? fcntl(terminal_fd, F_GETFL) : 0;
  if (is_shared) fcntl(terminal_fd, F_SETFL, flags | O_NONBLOCK);
  ssize_t result;
  do result = write(terminal_fd, text, length);
  while (result < 0 && errno == EINTR);
  int saved = errno;
  if (is_shared) fcntl(terminal_fd, F_SETFL, flags);
  errno = saved;
  return result;
}

void out_take(void) {
  off_t length = lseek(drawn_fd, 0, SEEK_CUR);
  if (length <= 0) return;
  lseek(drawn_fd, 0, SEEK_SET);
  if (sent == count) {
    sent = count = 0;
    taken_at = now_ms();
  }
  size_t needed = count + (size_t)length;
  if (needed > capacity) {
    char *larger = realloc(bytes, needed);
    // As everywhere where there is no memory: it ends, and the terminal is given back.
    if (!larger) abort();
    bytes = larger;
    capacity = needed;
  }
  ssize_t result = pread(drawn_fd, bytes + count, (size_t)length, 0);
  if (result > 0) count += (size_t)result;
}

bool out_send(void) {
  if (sent == count) return true;
  ssize_t result = write_now(bytes + sent, count - sent);
  if (result > 0) {
    sent += (size_t)result;
    taken_at = now_ms();
  } else if (result < 0 && errno != EAGAIN) {
    // It is gone, as the descriptor that keys come from tells.
    sent = count;
  }
  return sent == count;
}

bool out_finish(void) {
  int64_t end = (sent < count ? taken_at : now_ms()) + PATIENCE_MS;
  bool is_done;
  while (!(is_done = out_send())) {
    int64_t left = end - now_ms();
    struct pollfd wait = {.fd = terminal_fd, .events = POLLOUT};
    if (left <= 0 || poll(&wait, 1, (int)left) == 0) break;
  }
  sent = count;
  return is_done;
}

void out_last(const char *text, size_t length) {
  ssize_t result = write_now(text, length);
  if (result >= 0 && (size_t)result == length) return;
  tcflush(terminal_fd, TCOFLUSH);
  write_now(text, length);
}
