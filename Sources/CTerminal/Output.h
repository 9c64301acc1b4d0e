// What is drawn on its way to the terminal. Nothing here waits, but for `out_finish`, and that not for long.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// Sends to `terminal` from now on. Returns the descriptor of the memory that is to be drawn into, or -1.
int out_open(int terminal);

void out_close(void);

// To be polled for writing while something waits.
int out_fd(void);

// Takes what was drawn since the last time, after what still waits.
void out_take(void);

// Sends what waits, as much as the terminal takes now. Returns whether nothing is left.
bool out_send(void);

// The same with patience: about a second since the terminal last took something. What is left then is for nobody.
bool out_finish(void);

// Sends a few last bytes past all that waits; where they have no room, what the terminal has not shown yet makes some.
// Safe in a signal handler.
void out_last(const char *bytes, size_t count);
