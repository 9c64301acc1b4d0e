#define _GNU_SOURCE
#include "CSystem.h"

#include <signal.h>
#include <string.h>
#include <time.h>

_Static_assert(sizeof(sigset_t) <= sizeof((tt_pipe_guard){0}.before), "a set of signals fits");

tt_pipe_guard tt_pipe_block(void) {
  tt_pipe_guard guard;
  sigset_t set, before;
  sigpending(&set);
  guard.was_pending = sigismember(&set, SIGPIPE);
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, &before);
  memcpy(guard.before, &before, sizeof before);
  return guard;
}

void tt_pipe_restore(tt_pipe_guard guard) {
  sigset_t set, before;
  memcpy(&before, guard.before, sizeof before);
  if (!guard.was_pending) {
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    struct timespec at_once = {0, 0};
    sigtimedwait(&set, NULL, &at_once);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}
