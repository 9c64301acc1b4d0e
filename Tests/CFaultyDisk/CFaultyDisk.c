#include "CFaultyDisk.h"

#include <sqlite3.h>
#include <string.h>

// Tests of one store run one after the other on one thread; the state is of the thread.
static _Thread_local int faults;
static _Thread_local int left;

typedef struct faulty_file {
  sqlite3_file base;
  // The file of the usual file system follows.
} faulty_file;

static sqlite3_vfs faulty;
static sqlite3_vfs *usual;

static sqlite3_file *inner(sqlite3_file *file) { return (sqlite3_file *)((faulty_file *)file + 1); }

static int fails(int kind) {
  if (!(faults & kind)) return 0;
  if (left > 0) {
    left--;
    return 0;
  }
  return 1;
}

static int f_close(sqlite3_file *f) { return inner(f)->pMethods ? inner(f)->pMethods->xClose(inner(f)) : SQLITE_OK; }
static int f_read(sqlite3_file *f, void *b, int n, sqlite3_int64 o) {
  if (fails(FAULT_READ)) return SQLITE_IOERR_READ;
  return inner(f)->pMethods->xRead(inner(f), b, n, o);
}
static int f_write(sqlite3_file *f, const void *b, int n, sqlite3_int64 o) {
  if (fails(FAULT_FULL)) return SQLITE_FULL;
  if (fails(FAULT_READ_ONLY)) return SQLITE_READONLY;
  if (fails(FAULT_WRITE)) {
    // Half of it arrives.
    inner(f)->pMethods->xWrite(inner(f), b, n / 2, o);
    return SQLITE_IOERR_WRITE;
  }
  return inner(f)->pMethods->xWrite(inner(f), b, n, o);
}
static int f_truncate(sqlite3_file *f, sqlite3_int64 n) { return inner(f)->pMethods->xTruncate(inner(f), n); }
static int f_sync(sqlite3_file *f, int flags) {
  if (fails(FAULT_SYNC)) return SQLITE_IOERR_FSYNC;
  return inner(f)->pMethods->xSync(inner(f), flags);
}
static int f_size(sqlite3_file *f, sqlite3_int64 *n) { return inner(f)->pMethods->xFileSize(inner(f), n); }
static int f_lock(sqlite3_file *f, int l) { return inner(f)->pMethods->xLock(inner(f), l); }
static int f_unlock(sqlite3_file *f, int l) { return inner(f)->pMethods->xUnlock(inner(f), l); }
static int f_reserved(sqlite3_file *f, int *r) { return inner(f)->pMethods->xCheckReservedLock(inner(f), r); }
static int f_control(sqlite3_file *f, int op, void *a) { return inner(f)->pMethods->xFileControl(inner(f), op, a); }
static int f_sector(sqlite3_file *f) { return inner(f)->pMethods->xSectorSize(inner(f)); }
static int f_traits(sqlite3_file *f) { return inner(f)->pMethods->xDeviceCharacteristics(inner(f)); }
static int f_shm_map(sqlite3_file *f, int p, int n, int e, void volatile **m) {
  return inner(f)->pMethods->xShmMap(inner(f), p, n, e, m);
}
static int f_shm_lock(sqlite3_file *f, int o, int n, int l) { return inner(f)->pMethods->xShmLock(inner(f), o, n, l); }
static void f_shm_barrier(sqlite3_file *f) { inner(f)->pMethods->xShmBarrier(inner(f)); }
static int f_shm_unmap(sqlite3_file *f, int d) { return inner(f)->pMethods->xShmUnmap(inner(f), d); }

static const sqlite3_io_methods methods = {
    2,      f_close,  f_read,   f_write,   f_truncate, f_sync,     f_size,        f_lock,
    f_unlock, f_reserved, f_control, f_sector,  f_traits,   f_shm_map,  f_shm_lock,    f_shm_barrier,
    f_shm_unmap,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
  (void)vfs;
  memset(file, 0, (size_t)faulty.szOsFile);
  int result = usual->xOpen(usual, name, inner(file), flags, out);
  if (result == SQLITE_OK) file->pMethods = &methods;
  return result;
}

int faulty_disk_register(void) {
  if (usual) return SQLITE_OK;
  sqlite3_vfs *found = sqlite3_vfs_find(0);
  if (!found) return SQLITE_ERROR;
  faulty = *found;
  faulty.szOsFile = (int)sizeof(faulty_file) + found->szOsFile;
  faulty.zName = "faulty";
  faulty.xOpen = open_file;
  faulty.pNext = 0;
  usual = found;
  return sqlite3_vfs_register(&faulty, 0);
}

void faulty_disk_set(int new_faults, int after) {
  faults = new_faults;
  left = after;
}
