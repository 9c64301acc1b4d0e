#define _GNU_SOURCE
#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Since Linux 5.9 and 5.3; older C libraries have no names for them.
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

typedef struct failure {
  int error;
  int stage;
} failure;

// Between fork and exec, in a copy of a process that may have other threads: async-signal-safe calls only.
static void become(const tt_spawn_request *request, pid_t parent, int report) {
  failure failed = {0, TT_SPAWN_SETUP};

  struct sigaction standard = {.sa_handler = SIG_DFL};
  for (int signal = 1; signal < NSIG; signal++) sigaction(signal, &standard, NULL);
  sigset_t none;
  sigemptyset(&none);

  if (request->network >= 0 && setns(request->network, CLONE_NEWNET) < 0) {
    failed.stage = TT_SPAWN_NETWORK;
    goto fail;
  }
  if (request->group == TT_GROUP_SESSION && setsid() < 0) goto fail;
  if (request->group == TT_GROUP_OWN && setpgid(0, 0) < 0) goto fail;
  if (request->death_signal) {
    if (prctl(PR_SET_PDEATHSIG, request->death_signal) < 0) goto fail;
    // The parent may have ended before the line above.
    if (getppid() != parent) _exit(127);
  }

  int null = -1;
  int wanted[3] = {request->input, request->output, request->error};
  for (int i = 0; i < 3; i++) {
    if (wanted[i] >= 0) continue;
    if (null < 0 && (null = open("/dev/null", O_RDWR | O_CLOEXEC)) < 0) goto fail;
    wanted[i] = null;
  }
  // First out of the way of 0…2, so that none of them is overwritten before it is used.
  for (int i = 0; i < 3; i++) {
    if ((wanted[i] = fcntl(wanted[i], F_DUPFD_CLOEXEC, 3)) < 0) goto fail;
  }
  for (int i = 0; i < 3; i++) {
    if (dup2(wanted[i], i) < 0) goto fail;
  }
  // CLOSE_RANGE_CLOEXEC, so that `report` lives until exec. Ours all close on exec; those that this process
  // itself was started with may not.
  if (syscall(SYS_close_range, 3U, UINT_MAX, 4U) < 0) {
    for (int fd = 3; fd < 1024; fd++) fcntl(fd, F_SETFD, FD_CLOEXEC);
  }

  if (request->directory && chdir(request->directory) < 0) {
    failed.stage = TT_SPAWN_DIRECTORY;
    goto fail;
  }
  sigprocmask(SIG_SETMASK, &none, NULL);
  failed.stage = TT_SPAWN_EXEC;
  execvpe(request->program, request->arguments, request->environment ? request->environment : environ);

fail:
  failed.error = errno;
  ssize_t written = write(report, &failed, sizeof failed);
  (void)written;
  _exit(127);
}

int tt_spawn(const tt_spawn_request *request, int *pidfd, int *stage) {
  int ends[2];
  *pidfd = -1;
  *stage = TT_SPAWN_FORK;
  if (pipe2(ends, O_CLOEXEC) < 0) return -errno;

  // No handler of this process may run in the child.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t parent = getpid();
  pid_t pid = fork();
  if (pid == 0) become(request, parent, ends[1]);
  int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(ends[1]);
  if (pid < 0) {
    close(ends[0]);
    return -error;
  }

  failure failed;
  ssize_t count = tt_read(ends[0], &failed, sizeof failed);
  close(ends[0]);
  int status;
  if (count == sizeof failed) {
    tt_reap(pid, 1, &status);
    *stage = failed.stage;
    return -failed.error;
  }
  *pidfd = (int)syscall(SYS_pidfd_open, pid, 0U);
  if (*pidfd < 0) {
    error = errno;
    kill(pid, SIGKILL);
    tt_reap(pid, 1, &status);
    return -error;
  }
  return pid;
}

int tt_reap(pid_t pid, int block, int *status) {
  pid_t result;
  do {
    result = waitpid(pid, status, block ? 0 : WNOHANG);
  } while (result < 0 && errno == EINTR);
  if (result < 0) return -errno;
  return result == pid;
}
