// What libFuzzer has for programs that have a main of their own. It is there in a build with -sanitize=fuzzer only.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Runs `test` again and again, as the arguments of the command line say, which are those of libFuzzer.
// Returns the status to exit with.
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*test)(const uint8_t *bytes, size_t length));
