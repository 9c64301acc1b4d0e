#define _GNU_SOURCE
#include "CCurl.h"

#include "CSystem.h"

// The options that older versions know, too, are deprecated in newer ones.
#define CURL_DISABLE_DEPRECATION 1
#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// MARK: the library

// The functions that are used, under their own names.
#define FUNCTIONS(each)      \
  each(curl_global_init)     \
  each(curl_easy_init)       \
  each(curl_easy_cleanup)    \
  each(curl_easy_setopt)     \
  each(curl_easy_getinfo)    \
  each(curl_easy_strerror)   \
  each(curl_multi_init)      \
  each(curl_multi_cleanup)   \
  each(curl_multi_setopt)    \
  each(curl_multi_add_handle) \
  each(curl_multi_remove_handle) \
  each(curl_multi_socket_action) \
  each(curl_multi_info_read) \
  each(curl_multi_assign)

#define MEMBER(name) __typeof__(&name) name;
static struct { FUNCTIONS(MEMBER) } lib;

static const char *load_error = NULL;
static pthread_once_t loaded = PTHREAD_ONCE_INIT;

static void load(void) {
  static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so"};
  void *handle = NULL;
  for (size_t i = 0; !handle && i < sizeof names / sizeof *names; i++) {
    handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  }
  if (!handle) {
    load_error = "libcurl.so.4 is not installed";
    return;
  }
#define RESOLVE(name)                                   \
  lib.name = (__typeof__(lib.name))dlsym(handle, #name); \
  if (!lib.name) load_error = "libcurl.so.4 lacks " #name;
  FUNCTIONS(RESOLVE)
  if (load_error) return;
  if (lib.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) load_error = "libcurl does not start";
}

// MARK: the multi handle

struct tt_curl {
  CURLM *multi;
  tt_curl_handlers handlers;
  long pages;
  int is_reporting;
  // Closed by somebody to whom something was being reported.
  int is_doomed;
};

struct tt_page {
  tt_curl *curl;
  CURL *easy;
  tt_page_handlers handlers;
  int is_under_way;
  int refused;
  CURLcode code;
  char words[CURL_ERROR_SIZE];
};

static int watch(CURL *easy, curl_socket_t fd, int what, void *context, void *fd_context) {
  (void)easy;
  (void)fd_context;
  tt_curl *curl = context;
  int interest = 0;
  if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) interest |= TT_CURL_READABLE;
  if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) interest |= TT_CURL_WRITABLE;
  curl->handlers.watch(curl->handlers.context, fd, interest);
  return 0;
}

static int arm(CURLM *multi, long milliseconds, void *context) {
  (void)multi;
  tt_curl *curl = context;
  curl->handlers.arm(curl->handlers.context, milliseconds);
  return 0;
}

tt_curl *tt_curl_open(const tt_curl_handlers *handlers, const char **words) {
  pthread_once(&loaded, load);
  if (load_error) {
    *words = load_error;
    return NULL;
  }
  *words = "libcurl has no memory";
  tt_curl *curl = calloc(1, sizeof *curl);
  if (!curl) return NULL;
  curl->handlers = *handlers;
  curl->multi = lib.curl_multi_init();
  if (!curl->multi) {
    free(curl);
    return NULL;
  }
  lib.curl_multi_setopt(curl->multi, CURLMOPT_SOCKETFUNCTION, watch);
  lib.curl_multi_setopt(curl->multi, CURLMOPT_SOCKETDATA, curl);
  lib.curl_multi_setopt(curl->multi, CURLMOPT_TIMERFUNCTION, arm);
  lib.curl_multi_setopt(curl->multi, CURLMOPT_TIMERDATA, curl);
  return curl;
}

void tt_curl_close(tt_curl *curl) {
  // Nobody listens any more, not even to what the closing itself would say.
  lib.curl_multi_setopt(curl->multi, CURLMOPT_SOCKETFUNCTION, NULL);
  lib.curl_multi_setopt(curl->multi, CURLMOPT_TIMERFUNCTION, NULL);
  if (curl->is_reporting) {
    curl->is_doomed = 1;
    return;
  }
  tt_pipe_guard guarded = tt_pipe_block();
  lib.curl_multi_cleanup(curl->multi);
  tt_pipe_restore(guarded);
  free(curl);
}

static void report(tt_curl *curl) {
  CURLMsg *message;
  int left;
  curl->is_reporting = 1;
  while (!curl->is_doomed && (message = lib.curl_multi_info_read(curl->multi, &left))) {
    if (message->msg != CURLMSG_DONE) continue;
    // The message is gone with the next call into libcurl.
    CURL *easy = message->easy_handle;
    CURLcode code = message->data.result;
    char *private = NULL;
    lib.curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
    tt_pipe_guard guarded = tt_pipe_block();
    lib.curl_multi_remove_handle(curl->multi, easy);
    tt_pipe_restore(guarded);
    tt_page *page = (tt_page *)private;
    page->is_under_way = 0;
    page->code = code;
    tt_page_end end;
    switch (code) {
      case CURLE_OK: end = TT_PAGE_COMPLETE; break;
      case CURLE_COULDNT_CONNECT: end = TT_PAGE_NOT_CONNECTED; break;
      case CURLE_COULDNT_RESOLVE_HOST: end = TT_PAGE_NOT_RESOLVED; break;
      case CURLE_PARTIAL_FILE:
      case CURLE_GOT_NOTHING: end = TT_PAGE_CUT; break;
      default: end = page->refused ? TT_PAGE_REFUSED : TT_PAGE_FAILED; break;
    }
    // It may destroy the page, and close all of this.
    page->handlers.ended(page->handlers.context, end);
  }
  curl->is_reporting = 0;
  if (curl->is_doomed) tt_curl_close(curl);
}

void tt_curl_ready(tt_curl *curl, int fd, int readiness) {
  int mask = 0;
  int running;
  if (readiness & TT_CURL_READABLE) mask |= CURL_CSELECT_IN;
  if (readiness & TT_CURL_WRITABLE) mask |= CURL_CSELECT_OUT;
  if (readiness & TT_CURL_FAILED) mask |= CURL_CSELECT_ERR;
  tt_pipe_guard guarded = tt_pipe_block();
  lib.curl_multi_socket_action(curl->multi, fd, mask, &running);
  tt_pipe_restore(guarded);
  report(curl);
}

void tt_curl_time(tt_curl *curl) {
  int running;
  tt_pipe_guard guarded = tt_pipe_block();
  lib.curl_multi_socket_action(curl->multi, CURL_SOCKET_TIMEOUT, 0, &running);
  tt_pipe_restore(guarded);
  report(curl);
}

// MARK: a page

static size_t take(char *bytes, size_t size, size_t count, void *context) {
  tt_page *page = context;
  if (page->handlers.take(page->handlers.context, bytes, size * count)) return size * count;
  page->refused = 1;
  // Another number than was given means an error.
  return size * count + 1;
}

static curl_socket_t make_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
  tt_page *page = context;
  (void)purpose;
  int fd = page->handlers.make_socket(page->handlers.context, address->family, address->socktype, address->protocol);
  return fd < 0 ? CURL_SOCKET_BAD : fd;
}

tt_page *tt_page_create(tt_curl *curl, const tt_page_request *request, const tt_page_handlers *handlers) {
  tt_page *page = calloc(1, sizeof *page);
  if (!page) return NULL;
  page->curl = curl;
  page->handlers = *handlers;
  CURL *easy = page->easy = lib.curl_easy_init();
  if (!easy) {
    free(page);
    return NULL;
  }
  int failed = 0;
#define SET(option, value) failed |= lib.curl_easy_setopt(easy, option, value) != CURLE_OK
  SET(CURLOPT_URL, request->url);
  // Nothing but what was asked for: no redirect, no other protocol, no proxy of the environment.
  SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
  SET(CURLOPT_FOLLOWLOCATION, 0L);
  SET(CURLOPT_NOPROXY, "*");
  SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  SET(CURLOPT_NOSIGNAL, 1L);
  SET(CURLOPT_USERAGENT, "tiertop");
  SET(CURLOPT_WRITEFUNCTION, take);
  SET(CURLOPT_WRITEDATA, page);
  SET(CURLOPT_ERRORBUFFER, page->words);
  SET(CURLOPT_PRIVATE, page);
  SET(CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
  if (request->socket_path) SET(CURLOPT_UNIX_SOCKET_PATH, request->socket_path);
  if (request->certificate_file) SET(CURLOPT_CAINFO, request->certificate_file);
  if (handlers->make_socket) {
    SET(CURLOPT_OPENSOCKETFUNCTION, make_socket);
    SET(CURLOPT_OPENSOCKETDATA, page);
    SET(CURLOPT_FRESH_CONNECT, 1L);
    SET(CURLOPT_FORBID_REUSE, 1L);
  }
#undef SET
  if (failed) {
    lib.curl_easy_cleanup(easy);
    free(page);
    return NULL;
  }
  // Room for one idle connection a page, or libcurl closes those that it finds too many.
  lib.curl_multi_setopt(curl->multi, CURLMOPT_MAXCONNECTS, ++curl->pages + 1);
  return page;
}

void tt_page_destroy(tt_page *page) {
  tt_page_cancel(page);
  lib.curl_easy_cleanup(page->easy);
  page->curl->pages--;
  free(page);
}

int tt_page_begin(tt_page *page, const char *user, const char *password) {
  tt_page_cancel(page);
  page->refused = 0;
  page->code = CURLE_OK;
  page->words[0] = 0;
  if (lib.curl_easy_setopt(page->easy, CURLOPT_USERNAME, user) != CURLE_OK) return 0;
  if (lib.curl_easy_setopt(page->easy, CURLOPT_PASSWORD, password) != CURLE_OK) return 0;
  page->is_under_way = lib.curl_multi_add_handle(page->curl->multi, page->easy) == CURLM_OK;
  return page->is_under_way;
}

void tt_page_cancel(tt_page *page) {
  if (!page->is_under_way) return;
  page->is_under_way = 0;
  tt_pipe_guard guarded = tt_pipe_block();
  lib.curl_multi_remove_handle(page->curl->multi, page->easy);
  tt_pipe_restore(guarded);
}

long tt_page_status(const tt_page *page) {
  long status = 0;
  lib.curl_easy_getinfo(page->easy, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

int tt_page_errno(const tt_page *page) {
  long error = 0;
  lib.curl_easy_getinfo(page->easy, CURLINFO_OS_ERRNO, &error);
  return (int)error;
}

const char *tt_page_words(const tt_page *page) {
  return page->words[0] ? page->words : lib.curl_easy_strerror(page->code);
}
