#pragma once

// A file system for SQLite, by the name "faulty": the usual one, that fails as it is told.

enum { FAULT_NONE = 0, FAULT_WRITE = 1, FAULT_SYNC = 2, FAULT_READ = 4, FAULT_FULL = 8, FAULT_READ_ONLY = 16 };

// Registers it; any number of times.
int faulty_disk_register(void);
// From now on, after so many operations of the kind that went well, until it is told otherwise.
void faulty_disk_set(int faults, int after);
