/* See watch_screen.h. Touches the terminal. */
#include "terminal.h"

#include "keys.h"
#include "watch_terminal.h"

#include <curses.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { ESCAPE_DELAY_MS = 25 };

static SCREEN *screen;

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

void watch_screen_size(int *rows, int *columns) {
  getmaxyx(stdscr, *rows, *columns);
}

void watch_screen_clear(void) { erase(); }

/* text: ASCII, or one character of UTF-8. The last cell of the window is left
 * alone where writing it would scroll. */
void watch_screen_put(int y, int x, int columns, enum watch_style style,
                      const char *text) {
  int rows = 0, width = 0;
  getmaxyx(stdscr, rows, width);
  if (y < 0 || y >= rows || x < 0 || x >= width || columns <= 0)
    return;
  if (columns > width - x)
    columns = width - x;
  attrset((int)attributes[style]);
  mvaddnstr(y, x, text, (unsigned char)text[0] >= 0x80 ? -1 : columns);
  attrset(A_NORMAL);
}

/* By wide characters: in a locale of UTF-8 not every terminal obeys the switch
 * to its line-drawing ones. */
void watch_screen_frame(int y, int x, int rows, int columns) {
  int bottom = y + rows - 1, right = x + columns - 1;
  for (int i = 0; i < rows; i++)
    mvhline(y + i, x, ' ', columns);
  mvhline_set(y, x, WACS_HLINE, columns);
  mvhline_set(bottom, x, WACS_HLINE, columns);
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
