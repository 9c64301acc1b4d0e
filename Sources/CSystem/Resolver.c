#define _GNU_SOURCE
#include "CSystem.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// The thread and the loop share nothing but a pair of sockets: whoever loses interest closes its end.
typedef struct question {
  int answer_to;
  uint16_t port;
  char host[];
} question;

static void *resolve(void *argument) {
  question *asked = argument;
  tt_resolved answer;
  memset(&answer, 0, sizeof answer);
  char port[8];
  snprintf(port, sizeof port, "%u", (unsigned)asked->port);
  struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
  struct addrinfo *found = NULL;
  answer.error = getaddrinfo(asked->host, port, &hints, &found);
  if (answer.error == 0) {
    for (struct addrinfo *each = found; each && answer.count < TT_RESOLVED_MAX; each = each->ai_next) {
      tt_address *address = &answer.addresses[answer.count];
      if (each->ai_addrlen > sizeof address->bytes) continue;
      address->length = (uint32_t)each->ai_addrlen;
      memcpy(address->bytes, each->ai_addr, each->ai_addrlen);
      answer.count++;
    }
    freeaddrinfo(found);
  }
  // SOCK_SEQPACKET: the whole answer or nothing.
  ssize_t sent = send(asked->answer_to, &answer, sizeof answer, MSG_NOSIGNAL);
  (void)sent;
  close(asked->answer_to);
  free(asked);
  return NULL;
}

int tt_resolve(const char *host, uint16_t port) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0) return -errno;
  size_t length = strlen(host) + 1;
  question *asked = malloc(sizeof *asked + length);
  if (!asked) {
    close(ends[0]);
    close(ends[1]);
    return -ENOMEM;
  }
  asked->answer_to = ends[1];
  asked->port = port;
  memcpy(asked->host, host, length);

  // The thread takes no signal: they belong to the loop.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  pthread_t thread;
  int error = pthread_create(&thread, &attributes, resolve, asked);
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (error) {
    close(ends[0]);
    close(ends[1]);
    free(asked);
    return -error;
  }
  return ends[0];
}

int tt_resolve_finish(int fd, tt_resolved *answer) {
  ssize_t count = tt_receive(fd, answer, sizeof *answer);
  if (count == -EAGAIN) return -EAGAIN;
  if (count != sizeof *answer) {
    memset(answer, 0, sizeof *answer);
    answer->error = EAI_SYSTEM;
  }
  return 1;
}
