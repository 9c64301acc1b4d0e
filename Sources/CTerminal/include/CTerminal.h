// The terminal through ncurses: the only code that sees <curses.h>.
//
// There is one terminal to a process, as ncurses has it. None of this is safe to call from two threads.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// MARK: opening

enum {
  TERM_OK = 0,
  TERM_NOT_A_TERMINAL = 1,
  TERM_UNKNOWN_TYPE = 2,
  TERM_TOO_SIMPLE = 3,
  TERM_FAILED = 4,
};

// Whether the user's locale says UTF-8. Sets the locale of the process on the way: ncurses needs a UTF-8
// one to write anything beyond ASCII.
bool term_locale_is_utf8(void);

// Takes the terminal over: alternate screen, raw keys, no cursor, bracketed paste, the mouse where it is
// wanted, and handlers that give it back when the process crashes. Returns TERM_OK or why not.
int term_open(bool mouse);

// Gives the terminal back for good; waits for it no longer than about a second. Safe to call twice.
void term_close(void);

// Gives the terminal back for a while, and takes it again; then everything is to be drawn anew.
void term_suspend(void);
void term_resume(void);

// Where keys come from: to be polled for reading.
int term_input_fd(void);

// Where the picture goes: to be polled for writing after term_send() has returned false.
int term_output_fd(void);

// MARK: size

void term_size(int *width, int *height);

// Learns the size from the kernel; then everything is to be drawn anew.
void term_resize(void);

// MARK: colours

// 0 for none, else 8, 16, 88, 256 or 1 << 24.
int term_colours(void);

// Defines pair `pair` (from 1 on); -1 is the terminal's own colour. Returns false where there is no such pair.
bool term_define_pair(int pair, int foreground, int background);

// How many pairs can be defined.
int term_pairs(void);

// MARK: drawing

enum {
  TERM_BOLD = 1,
  TERM_DIM = 2,
  TERM_UNDERLINE = 4,
  TERM_REVERSE = 8,
};

typedef struct term_cell {
  uint32_t scalar;  // 0 where the wide character before covers this cell
  uint32_t mark;    // a combining mark, or 0
  uint16_t attributes;
  uint16_t pair;
} term_cell;

// Puts cells from (x, y) on to the right.
void term_put(int x, int y, const term_cell *cells, int count);

// Draws what has changed. It is sent by term_send().
void term_refresh(void);

// Sends what was drawn, as much as the terminal takes now: it never waits. Returns whether nothing is left.
bool term_send(void);

// Forgets what the terminal shows, so that the next refresh sends everything.
void term_forget(void);

// MARK: input

enum {
  TERM_NONE = 0,
  TERM_CHARACTER,  // code: the scalar
  TERM_KEY,        // code: one of the keys below
  TERM_FUNCTION,   // code: the number
  TERM_CLICK,      // x, y
  TERM_WHEEL_UP,
  TERM_WHEEL_DOWN,
  TERM_PASTE_BEGIN,
  TERM_PASTE_END,
  TERM_OTHER,  // something that means nothing here
};

enum {
  TERM_UP = 1,
  TERM_DOWN_KEY,
  TERM_LEFT,
  TERM_RIGHT,
  TERM_PAGE_UP,
  TERM_PAGE_DOWN,
  TERM_HOME,
  TERM_END_KEY,
  TERM_BACKSPACE,
  TERM_DELETE,
  TERM_INSERT,
  TERM_BACK_TAB,
  TERM_ENTER,
};

typedef struct term_input {
  int kind;
  uint32_t code;
  int x, y;
  int64_t at_ms;  // when it was read, on the monotonic clock
} term_input;

// The next thing that was typed or clicked; TERM_NONE where there is nothing now. Never waits, but for the
// rest of an escape sequence.
term_input term_next(void);
