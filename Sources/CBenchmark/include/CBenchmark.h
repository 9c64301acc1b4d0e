#pragma once
#include <stddef.h>
#include <stdint.h>

/// Finds the fields of a table, and nothing else: writes where each comma and each line end is, up to
/// `room` of them, and returns how many there are. A plain loop over the bytes.
size_t find_separators(const uint8_t *bytes, size_t count, uint32_t *places, size_t room);

/// Only counts them; compilers turn this into vector instructions. The speed of light of this machine.
size_t count_separators(const uint8_t *bytes, size_t count);

/// What was asked of the allocator since this program began: how often, and how many bytes. Pieces that were made
/// larger are counted again.
typedef struct {
  uint64_t count;
  uint64_t bytes;
} allocation_count;
allocation_count allocations_so_far(void);
