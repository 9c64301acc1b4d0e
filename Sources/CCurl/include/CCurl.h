// libcurl's multi interface, driven from outside by descriptors and a timer, for pages that are fetched again
// and again.
//
// libcurl is loaded when it is first needed: it brings thirty more libraries along, which cost a program that
// never asks a page 6 ms of its start and 3 MiB.
//
// A tt_curl and its pages belong to one thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct tt_curl tt_curl;
typedef struct tt_page tt_page;

enum { TT_CURL_READABLE = 1, TT_CURL_WRITABLE = 2, TT_CURL_FAILED = 4 };

typedef struct tt_curl_handlers {
  void *context;
  // Wait for this on fd from now on; 0: for nothing more.
  void (*watch)(void *context, int fd, int interest);
  // Call tt_curl_time after so many milliseconds; -1: not at all.
  void (*arm)(void *context, long milliseconds);
} tt_curl_handlers;

// NULL where libcurl cannot be loaded or used; *words says why then, valid for ever.
tt_curl *tt_curl_open(const tt_curl_handlers *handlers, const char **words);
// After all its pages have been destroyed.
void tt_curl_close(tt_curl *curl);
// A descriptor is ready.
void tt_curl_ready(tt_curl *curl, int fd, int readiness);
// The time that was armed has come.
void tt_curl_time(tt_curl *curl);

typedef struct tt_page_request {
  const char *url;
  const char *socket_path;       // NULL: over TCP
  const char *certificate_file;  // who is trusted for https; NULL: the system's choice
} tt_page_request;

typedef enum tt_page_end {
  TT_PAGE_COMPLETE,
  TT_PAGE_NOT_CONNECTED,
  TT_PAGE_NOT_RESOLVED,
  TT_PAGE_CUT,      // the connection ended before the reply did
  TT_PAGE_REFUSED,  // by `take`
  TT_PAGE_FAILED,   // everything else: TLS, HTTP
} tt_page_end;

typedef struct tt_page_handlers {
  void *context;
  // Takes a piece of the body; 0 refuses it, and ends the transfer.
  int (*take)(void *context, const void *bytes, size_t count);
  // The transfer is over; not called after tt_page_cancel.
  void (*ended)(void *context, tt_page_end end);
  // Makes the socket of a connection, as socket(2) does; NULL: libcurl makes it. Each transfer then has a
  // connection of its own: libcurl would take two with the same name for one.
  int (*make_socket)(void *context, int domain, int type, int protocol);
} tt_page_handlers;

// NULL where there is no memory, or libcurl does not take the request.
tt_page *tt_page_create(tt_curl *curl, const tt_page_request *request, const tt_page_handlers *handlers);
void tt_page_destroy(tt_page *page);
// Begins a transfer; user and password are for HTTP basic authentication, NULL for none. Returns 0 where
// libcurl does not take it.
int tt_page_begin(tt_page *page, const char *user, const char *password);
// Ends the transfer that is under way and closes its connection.
void tt_page_cancel(tt_page *page);

// Of the last transfer: the HTTP status or 0, the system's error or 0, libcurl's words.
long tt_page_status(const tt_page *page);
int tt_page_errno(const tt_page *page);
const char *tt_page_words(const tt_page *page);
