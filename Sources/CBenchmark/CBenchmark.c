#include "CBenchmark.h"

size_t find_separators(const uint8_t *bytes, size_t count, uint32_t *places, size_t room) {
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    if (bytes[i] == ',' || bytes[i] == '\n') {
      if (found < room) places[found] = (uint32_t)i;
      found++;
    }
  }
  return found;
}

size_t count_separators(const uint8_t *bytes, size_t count) {
  size_t found = 0;
  for (size_t i = 0; i < count; i++) found += bytes[i] == ',' || bytes[i] == '\n';
  return found;
}
