#define NCURSES_WIDECHAR 1
#define _GNU_SOURCE

#include "CTerminal.h"
#include "Output.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

// What no terminfo entry describes: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
static const char paste_on[] = "\033[?2004h";
static const char paste_off[] = "\033[?2004l";

enum { KEY_PASTE_BEGIN = KEY_MAX + 1, KEY_PASTE_END };

static SCREEN *screen;
static FILE *in_stream, *drawing;
static int in_fd = -1, tty_fd = -1;
static bool wants_mouse;
static bool is_suspended;

// MARK: crashes

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE};
enum { FATAL_COUNT = sizeof fatal_signals / sizeof *fatal_signals };

static struct sigaction before[FATAL_COUNT];
static struct termios cooked, raw_modes;
static bool has_modes;
// Swift's own crash report asks questions on a terminal, so only those who set SWIFT_BACKTRACE get it.
static bool wants_report;
// Written by the handler as it is: nothing may be computed there.
static char farewell[512];
static size_t farewell_length;
static volatile sig_atomic_t is_taken;

static void restore_in_crash(int number) {
  if (is_taken) {
    is_taken = 0;
    out_last(farewell, farewell_length);
    if (has_modes) tcsetattr(in_fd, TCSANOW, &cooked);
  }
  struct sigaction usual = {.sa_handler = SIG_DFL};
  for (int i = 0; i < FATAL_COUNT; i++) {
    if (fatal_signals[i] == number) sigaction(number, wants_report ? &before[i] : &usual, NULL);
  }
  raise(number);
}

static void watch_for_crashes(void) {
  const char *report = getenv("SWIFT_BACKTRACE");
  wants_report = report && *report;
  // A stack overflow leaves no stack to run a handler on.
  static char stack[64 * 1024];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, NULL);
  struct sigaction action = {.sa_handler = restore_in_crash, .sa_flags = SA_ONSTACK | SA_NODEFER};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < FATAL_COUNT; i++) sigaction(fatal_signals[i], &action, &before[i]);
}

static void stop_watching(void) {
  for (int i = 0; i < FATAL_COUNT; i++) sigaction(fatal_signals[i], &before[i], NULL);
}

static int append_byte(int byte) {
  if (farewell_length < sizeof farewell) farewell[farewell_length++] = (char)byte;
  return byte;
}

static void append_capability(const char *name) {
  char *text = tigetstr((char *)name);
  // tputs leaves out the padding that terminfo may ask for.
  if (text && text != (char *)-1) tputs(text, 1, append_byte);
}

static void compose_farewell(void) {
  farewell_length = 0;
  const char *extra = "\033[?1006l\033[?1003l\033[?1002l\033[?1000l";
  for (const char *c = extra; *c; c++) append_byte(*c);
  for (const char *c = paste_off; *c; c++) append_byte(*c);
  append_capability("sgr0");
  append_capability("cnorm");
  append_capability("rmcup");
  append_capability("rmkx");
}

// MARK: opening

static bool names_utf8(const char *text) {
  return text && (strcasestr(text, "utf-8") || strcasestr(text, "utf8"));
}

bool term_locale_is_utf8(void) {
  const char *wish = getenv("LC_ALL");
  if (!wish || !*wish) wish = getenv("LC_CTYPE");
  if (!wish || !*wish) wish = getenv("LANG");
  const char *set = setlocale(LC_ALL, "");
  if (set && strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return true;
  setlocale(LC_CTYPE, "C.UTF-8");
  // A locale that was sent along by ssh and is not installed here.
  return !set && names_utf8(wish);
}

static void draw_text(const char *text) {
  fputs(text, drawing);
  fflush(drawing);
}

// The entry of the same terminal with 24-bit colours, where terminfo has one and the terminal says it can.
static const char *direct_type(const char *type, char *buffer, size_t size) {
  const char *depth = getenv("COLORTERM");
  if (!depth || (strcmp(depth, "truecolor") != 0 && strcmp(depth, "24bit") != 0)) return NULL;
  int length = (int)strcspn(type, "-");
  if (length == 0 || (size_t)length + 8 > size) return NULL;
  snprintf(buffer, size, "%.*s-direct", length, type);
  int fault = 0;
  if (setupterm(buffer, tty_fd, &fault) != OK) return NULL;
  del_curterm(cur_term);
  return buffer;
}

static void take_mouse(void) {
  if (wants_mouse) mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
}

// ncurses draws into memory, which has no modes. These are those that raw(), noecho() and nonl() would set.
static void learn_modes(void) {
  has_modes = tcgetattr(in_fd, &cooked) == 0;
  raw_modes = cooked;
  raw_modes.c_iflag &= ~(tcflag_t)(BRKINT | PARMRK | INLCR | IGNCR | ICRNL | IXON);
  raw_modes.c_oflag &= ~(tcflag_t)ONLCR;
  raw_modes.c_lflag &= ~(tcflag_t)(ISIG | ICANON | IEXTEN | ECHO | ECHONL);
  raw_modes.c_cc[VMIN] = 1;
  raw_modes.c_cc[VTIME] = 0;
}

// At once: what was written before has passed the modes that it was written with.
static void set_modes(const struct termios *modes) {
  if (has_modes) tcsetattr(in_fd, TCSANOW, modes);
}

static void learn_size(void) {
  struct winsize size;
  if (ioctl(tty_fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
    resizeterm(size.ws_row, size.ws_col);
}

static void configure(void) {
  noecho();
  nonl();
  keypad(stdscr, TRUE);
  nodelay(stdscr, TRUE);
  set_escdelay(25);
  // Looking for keys while drawing would split a drawing in two.
  typeahead(-1);
  leaveok(stdscr, TRUE);
  scrollok(stdscr, FALSE);
  curs_set(0);
  if (has_colors()) {
    start_color();
    use_default_colors();
  }
  mouseinterval(0);
  take_mouse();
  define_key("\033[200~", KEY_PASTE_BEGIN);
  define_key("\033[201~", KEY_PASTE_END);
}

int term_open(bool mouse) {
  if (screen) return TERM_FAILED;
  wants_mouse = mouse;
  if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) {
    in_fd = dup(STDIN_FILENO);
    tty_fd = dup(STDOUT_FILENO);
  } else {
    in_fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    tty_fd = in_fd < 0 ? -1 : dup(in_fd);
  }
  if (in_fd < 0 || tty_fd < 0) return TERM_NOT_A_TERMINAL;
  fcntl(in_fd, F_SETFD, FD_CLOEXEC);
  fcntl(tty_fd, F_SETFD, FD_CLOEXEC);

  const char *type = getenv("TERM");
  int fault = 0;
  if (!type || !*type || setupterm((char *)type, tty_fd, &fault) != OK) return TERM_UNKNOWN_TYPE;
  char *movement = tigetstr("cup");
  bool can_move = movement && movement != (char *)-1;
  del_curterm(cur_term);
  if (!can_move) return TERM_TOO_SIMPLE;

  int memory = out_open(tty_fd);
  in_stream = fdopen(in_fd, "r");
  drawing = memory < 0 ? NULL : fdopen(memory, "w");
  if (!in_stream || !drawing) return TERM_FAILED;
  learn_modes();
  char direct[64];
  const char *entry = direct_type(type, direct, sizeof direct);
  screen = newterm(entry ? entry : type, drawing, in_stream);
  if (!screen) return TERM_FAILED;
  set_term(screen);
  compose_farewell();
  is_taken = 1;
  watch_for_crashes();
  set_modes(&raw_modes);
  configure();
  learn_size();
  draw_text(paste_on);
  out_take();
  out_send();
  return TERM_OK;
}

static void leave(void) {
  draw_text(paste_off);
  mousemask(0, NULL);
  endwin();
  out_take();
  if (!out_finish()) out_last(farewell, farewell_length);
  set_modes(&cooked);
  is_taken = 0;
}

void term_close(void) {
  if (!screen) return;
  if (!is_suspended) leave();
  is_suspended = false;
  stop_watching();
  delscreen(screen);
  screen = NULL;
  fclose(drawing);
  fclose(in_stream);
  out_close();
  close(tty_fd);
  in_fd = tty_fd = -1;
}

void term_suspend(void) {
  if (!screen || is_suspended) return;
  leave();
  is_suspended = true;
}

void term_resume(void) {
  if (!screen || !is_suspended) return;
  is_suspended = false;
  is_taken = 1;
  // The shell may have changed the modes.
  set_modes(&raw_modes);
  keypad(stdscr, TRUE);
  take_mouse();
  curs_set(0);
  draw_text(paste_on);
  term_resize();
}

int term_input_fd(void) { return in_fd; }

int term_output_fd(void) { return out_fd(); }

// MARK: size

void term_size(int *width, int *height) {
  *width = screen ? getmaxx(stdscr) : 0;
  *height = screen ? getmaxy(stdscr) : 0;
}

void term_resize(void) {
  if (!screen) return;
  learn_size();
  term_forget();
}

// MARK: colours

int term_colours(void) { return screen && has_colors() ? COLORS : 0; }

int term_pairs(void) { return screen && has_colors() ? COLOR_PAIRS : 0; }

bool term_define_pair(int pair, int foreground, int background) {
  return screen && pair > 0 && pair < COLOR_PAIRS &&
         init_extended_pair(pair, foreground, background) == OK;
}

// MARK: drawing

static attr_t curses_attributes(uint16_t attributes) {
  attr_t result = A_NORMAL;
  if (attributes & TERM_BOLD) result |= A_BOLD;
  if (attributes & TERM_DIM) result |= A_DIM;
  if (attributes & TERM_UNDERLINE) result |= A_UNDERLINE;
  if (attributes & TERM_REVERSE) result |= A_REVERSE;
  return result;
}

void term_put(int x, int y, const term_cell *cells, int count) {
  if (!screen) return;
  for (int i = 0; i < count; i++) {
    if (cells[i].scalar == 0 && i > 0) continue;
    bool is_wide = i + 1 < count && cells[i + 1].scalar == 0;
    wchar_t text[3] = {(wchar_t)cells[i].scalar, 0, 0};
    // Where the C library counts other columns than the grid, everything after it would be displaced.
    bool agrees = wcwidth(text[0]) == (is_wide ? 2 : 1);
    if (!agrees) text[0] = L'?';
    if (agrees && cells[i].mark && wcwidth((wchar_t)cells[i].mark) == 0) text[1] = (wchar_t)cells[i].mark;
    cchar_t cell;
    int pair = cells[i].pair;
    setcchar(&cell, text, curses_attributes(cells[i].attributes), (short)pair, &pair);
    mvwadd_wchnstr(stdscr, y, x + i, &cell, 1);
    if (is_wide && !agrees) mvwadd_wchnstr(stdscr, y, x + i + 1, &cell, 1);
  }
}

void term_refresh(void) {
  if (!screen || is_suspended) return;
  wrefresh(stdscr);
  out_take();
}

bool term_send(void) { return !screen || is_suspended || out_send(); }

void term_forget(void) {
  if (screen) clearok(curscr, TRUE);
}

// MARK: input

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint32_t named_key(wint_t code) {
  switch (code) {
    case KEY_UP: return TERM_UP;
    case KEY_DOWN: return TERM_DOWN_KEY;
    case KEY_LEFT: return TERM_LEFT;
    case KEY_RIGHT: return TERM_RIGHT;
    case KEY_PPAGE: return TERM_PAGE_UP;
    case KEY_NPAGE: return TERM_PAGE_DOWN;
    case KEY_HOME: return TERM_HOME;
    case KEY_END: return TERM_END_KEY;
    case KEY_BACKSPACE: return TERM_BACKSPACE;
    case KEY_DC: return TERM_DELETE;
    case KEY_IC: return TERM_INSERT;
    case KEY_BTAB: return TERM_BACK_TAB;
    case KEY_ENTER: return TERM_ENTER;
    default: return 0;
  }
}

term_input term_next(void) {
  term_input input = {.kind = TERM_NONE};
  if (!screen || is_suspended) return input;
  wint_t code = 0;
  int kind = wget_wch(stdscr, &code);
  if (kind == ERR) return input;
  input.at_ms = now_ms();
  if (kind == OK) {
    input.kind = TERM_CHARACTER;
    input.code = code;
    return input;
  }
  input.kind = TERM_OTHER;
  if (code == KEY_PASTE_BEGIN) {
    input.kind = TERM_PASTE_BEGIN;
  } else if (code == KEY_PASTE_END) {
    input.kind = TERM_PASTE_END;
  } else if (code == KEY_MOUSE) {
    MEVENT event;
    if (getmouse(&event) == OK) {
      input.x = event.x;
      input.y = event.y;
      if (event.bstate & BUTTON1_PRESSED) input.kind = TERM_CLICK;
      if (event.bstate & BUTTON4_PRESSED) input.kind = TERM_WHEEL_UP;
      if (event.bstate & BUTTON5_PRESSED) input.kind = TERM_WHEEL_DOWN;
    }
  } else if (code > KEY_F0 && code <= KEY_F(24)) {
    input.kind = TERM_FUNCTION;
    input.code = code - KEY_F0;
  } else {
    input.code = named_key(code);
    if (input.code) input.kind = TERM_KEY;
  }
  return input;
}
