// The allocator of glibc, counted: a program's own malloc is used by all libraries that it loads.
#include "CBenchmark.h"
#include <errno.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *piece, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

// One thread allocates: that of the benchmark.
static allocation_count so_far;

allocation_count allocations_so_far(void) { return so_far; }

static void note(size_t size) {
  so_far.count++;
  so_far.bytes += size;
}

void *malloc(size_t size) {
  note(size);
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  note(count * size);
  return __libc_calloc(count, size);
}

void *realloc(void *piece, size_t size) {
  note(size);
  return __libc_realloc(piece, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  note(size);
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **piece, size_t alignment, size_t size) {
  note(size);
  *piece = __libc_memalign(alignment, size);
  return *piece ? 0 : ENOMEM;
}
