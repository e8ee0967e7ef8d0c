/* See terminal.h. Touches the terminal and signals; a signal handler and
 * ncurses need variables of the file. */
#include "terminal.h"

#include <curses.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h> /* has macros `columns` and `lines` */
#include <unistd.h>

enum { ESCAPE_DELAY_MS = 25 };

static SCREEN *screen;

static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
enum { ENDING = sizeof(ending) / sizeof(ending[0]) };

static volatile sig_atomic_t end_asked, resized;

int watch_terminal_check(char *problem) {
  int error = 0;
  const char *name = getenv("TERM");
  if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
    snprintf(problem, WATCH_TERMINAL_PROBLEM_MAX,
             "standard %s is not a terminal; `collectd-baseline status` prints "
             "the values once, for files and pipes",
             isatty(STDIN_FILENO) ? "output" : "input");
    return -1;
  }
  bool known = setupterm(NULL, STDOUT_FILENO, &error) == OK;
  bool can_draw = known && cursor_address != NULL && clear_screen != NULL;
  if (known)
    del_curterm(cur_term);
  if (can_draw)
    return 0;
  snprintf(problem, WATCH_TERMINAL_PROBLEM_MAX,
           known ? "a terminal of type \"%.64s\" cannot place its cursor; "
                   "`collectd-baseline status` prints the values as lines"
                 : "terminfo knows no terminal of type \"%.64s\"; set TERM to "
                   "one it knows (package ncurses-term has more), or use "
                   "`collectd-baseline status`",
           name != NULL ? name : "");
  return -1;
}

/* The Linux console speaks UTF-8, but its fonts have half blocks at most. */
enum watch_glyphs watch_terminal_glyphs(void) {
  const char *terminal = getenv("TERM");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
    return WATCH_ASCII;
  if (terminal != NULL && strcmp(terminal, "linux") == 0)
    return WATCH_BLOCKS;
  return WATCH_BRAILLE;
}

static const struct {
  short colour, field; /* -1: the terminal's own */
  attr_t attributes, without_colour;
} styles[WATCH_STYLES] = {
    [WATCH_PLAIN] = {-1, -1, A_NORMAL, A_NORMAL},
    [WATCH_BOLD] = {-1, -1, A_BOLD, A_BOLD},
    [WATCH_DIM] = {-1, -1, A_DIM, A_DIM},
    [WATCH_TITLE] = {-1, -1, A_BOLD | A_UNDERLINE, A_BOLD | A_UNDERLINE},
    [WATCH_STYLE_OKAY] = {COLOR_GREEN, -1, A_NORMAL, A_NORMAL},
    [WATCH_STYLE_WARNING] = {COLOR_YELLOW, -1, A_BOLD, A_BOLD},
    [WATCH_STYLE_FAILURE] = {COLOR_RED, -1, A_BOLD, A_REVERSE},
    [WATCH_BADGE_OKAY] = {COLOR_BLACK, COLOR_GREEN, A_NORMAL, A_NORMAL},
    [WATCH_BADGE_WARNING] = {COLOR_BLACK, COLOR_YELLOW, A_NORMAL, A_BOLD},
    [WATCH_BADGE_FAILURE] = {COLOR_WHITE, COLOR_RED, A_BOLD, A_REVERSE},
    [WATCH_STYLE_AREA] = {COLOR_CYAN, -1, A_NORMAL, A_NORMAL},
    [WATCH_STYLE_OVER] = {COLOR_RED, -1, A_BOLD, A_BOLD},
    [WATCH_STYLE_SECOND] = {COLOR_YELLOW, -1, A_NORMAL, A_BOLD},
    [WATCH_STYLE_LIMIT] = {COLOR_YELLOW, -1, A_NORMAL, A_NORMAL},
    [WATCH_STYLE_EXPECTED] = {COLOR_GREEN, -1, A_NORMAL, A_DIM},
    [WATCH_SELECTED] = {-1, -1, A_REVERSE, A_REVERSE},
};
static attr_t attributes[WATCH_STYLES];

static void make_styles(bool colour) {
  for (short i = 0; i < (short)WATCH_STYLES; i++) {
    attributes[i] = colour ? styles[i].attributes : styles[i].without_colour;
    if (!colour || (styles[i].colour < 0 && styles[i].field < 0))
      continue;
    init_pair(i, styles[i].colour, styles[i].field);
    attributes[i] |= (attr_t)COLOR_PAIR(i);
  }
}

int watch_screen_begin(bool colour, char *problem) {
  screen = newterm(NULL, stdout, stdin);
  if (screen == NULL) {
    snprintf(problem, WATCH_TERMINAL_PROBLEM_MAX,
             "the terminal could not be set up");
    return -1;
  }
  cbreak();
  noecho();
  nonl();
  keypad(stdscr, TRUE);
  nodelay(stdscr, TRUE);
  set_escdelay(ESCAPE_DELAY_MS);
  curs_set(0);
  colour = colour && has_colors() && start_color() == OK;
  if (colour && use_default_colors() != OK)
    assume_default_colors(COLOR_WHITE, COLOR_BLACK);
  make_styles(colour);
  return 0;
}

void watch_screen_end(void) {
  if (screen == NULL)
    return;
  endwin();
  delscreen(screen);
  screen = NULL;
}

void watch_screen_resize(void) {
  struct winsize size = {0};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
      size.ws_col > 0)
    resizeterm(size.ws_row, size.ws_col);
}

void watch_screen_size(int *rows, int *width) {
  getmaxyx(stdscr, *rows, *width);
}

void watch_screen_clear(void) { erase(); }

void watch_screen_put(int y, int x, int len, enum watch_style style,
                      const char *text) {
  int rows = 0, width = 0;
  getmaxyx(stdscr, rows, width);
  if (y < 0 || y >= rows || x < 0 || x >= width || len <= 0)
    return;
  if (len > width - x)
    len = width - x;
  attrset((int)attributes[style]);
  mvaddnstr(y, x, text, (unsigned char)text[0] >= 0x80 ? -1 : len);
  attrset(A_NORMAL);
}

/* Wide characters, because not every terminal obeys the switch to line-drawing
 * characters in a UTF-8 locale. */
void watch_screen_frame(int y, int x, int rows, int width) {
  int bottom = y + rows - 1, right = x + width - 1;
  for (int i = 0; i < rows; i++)
    mvhline(y + i, x, ' ', width);
  mvhline_set(y, x, WACS_HLINE, width);
  mvhline_set(bottom, x, WACS_HLINE, width);
  mvvline_set(y, x, WACS_VLINE, rows);
  mvvline_set(y, right, WACS_VLINE, rows);
  mvadd_wch(y, x, WACS_ULCORNER);
  mvadd_wch(y, right, WACS_URCORNER);
  mvadd_wch(bottom, x, WACS_LLCORNER);
  mvadd_wch(bottom, right, WACS_LRCORNER);
}

void watch_screen_show(bool redraw) {
  if (redraw)
    clearok(stdscr, TRUE);
  refresh();
}

int watch_screen_key(void) {
  static const struct {
    int curses, ours;
  } keys[] = {
      {KEY_ENTER, WATCH_KEY_ENTER},
      {'\n', WATCH_KEY_ENTER},
      {'\r', WATCH_KEY_ENTER},
      {KEY_BACKSPACE, WATCH_KEY_BACKSPACE},
      {127, WATCH_KEY_BACKSPACE},
      {8, WATCH_KEY_BACKSPACE},
      {KEY_UP, WATCH_KEY_UP},
      {KEY_DOWN, WATCH_KEY_DOWN},
      {KEY_LEFT, WATCH_KEY_LEFT},
      {KEY_RIGHT, WATCH_KEY_RIGHT},
      {KEY_PPAGE, WATCH_KEY_PAGE_UP},
      {KEY_NPAGE, WATCH_KEY_PAGE_DOWN},
      {KEY_HOME, WATCH_KEY_HOME},
      {KEY_END, WATCH_KEY_END},
      {12 /* Ctrl-L */, WATCH_KEY_REDRAW},
  };
  int key = getch();
  if (key == ERR)
    return WATCH_KEY_NONE;
  for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
    if (keys[i].curses == key)
      return keys[i].ours;
  return key > 0 && key < KEY_MIN ? key : WATCH_KEY_OTHER;
}

static void note_end(int signal_number) { end_asked = signal_number; }

static void note_size(int signal_number) {
  (void)signal_number;
  resized = 1;
}

static void handle(int signal_number, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler};
  sigemptyset(&action.sa_mask);
  sigaction(signal_number, &action, NULL);
}

void watch_signals_begin(sigset_t *waiting) {
  sigset_t held;
  sigemptyset(&held);
  end_asked = 0;
  resized = 0;
  for (size_t i = 0; i < ENDING; i++) {
    handle(ending[i], note_end);
    sigaddset(&held, ending[i]);
  }
  handle(SIGWINCH, note_size);
  sigaddset(&held, SIGWINCH);
  sigprocmask(SIG_BLOCK, &held, waiting);
  for (size_t i = 0; i < ENDING; i++)
    sigdelset(waiting, ending[i]);
  sigdelset(waiting, SIGWINCH);
}

int watch_signals_end_asked(void) { return end_asked; }

bool watch_signals_resized(void) {
  bool was = resized != 0;
  resized = 0;
  return was;
}

void watch_signals_end(void) {
  sigset_t held;
  sigemptyset(&held);
  for (size_t i = 0; i < ENDING; i++) {
    handle(ending[i], SIG_DFL);
    sigaddset(&held, ending[i]);
  }
  handle(SIGWINCH, SIG_DFL);
  sigaddset(&held, SIGWINCH);
  sigprocmask(SIG_UNBLOCK, &held, NULL);
}
