/* The terminal: what it can show, text at a place in a style through ncursesw,
 * keys, its size, and the signals of a program that has taken it. No other file
 * of `watch` knows ncurses. */
#ifndef TOOLS_WATCH_TERMINAL_H
#define TOOLS_WATCH_TERMINAL_H

#include "curve.h"

#include <signal.h>
#include <stdbool.h>

enum { WATCH_TERMINAL_PROBLEM_MAX = 256 };

/* Whether a screen can be drawn, by TERM and terminfo; changes nothing.
 * Returns 0 if stdin and stdout are a terminal that can be drawn on, or -1
 * with *problem, of WATCH_TERMINAL_PROBLEM_MAX bytes, filled. */
int watch_terminal_check(char *problem);

/* By TERM and the locale that setlocale has set. */
enum watch_glyphs watch_terminal_glyphs(void);

/* --- the screen ----------------------------------------------------------- */

enum watch_style {
  WATCH_PLAIN,
  WATCH_BOLD,
  WATCH_DIM,
  WATCH_TITLE, /* of a heading line */
  WATCH_STYLE_OKAY,
  WATCH_STYLE_WARNING,
  WATCH_STYLE_FAILURE,
  WATCH_BADGE_OKAY, /* the same, as a coloured field */
  WATCH_BADGE_WARNING,
  WATCH_BADGE_FAILURE,
  WATCH_STYLE_AREA,
  WATCH_STYLE_OVER,
  WATCH_STYLE_SECOND,
  WATCH_STYLE_LIMIT,
  WATCH_STYLE_EXPECTED,
  WATCH_SELECTED,
  WATCH_STYLES
};

/* Take the terminal of stdin and stdout. It must have passed
 * watch_terminal_check: ncurses ends the program on others. colour: use colours
 * if it has them. Returns 0, and the caller owes watch_screen_end; or -1 with
 * *problem, of WATCH_TERMINAL_PROBLEM_MAX bytes, filled and the terminal as it
 * was. */
int watch_screen_begin(bool colour, char *problem);
/* Give it back as it was; harmless if it is not taken. */
void watch_screen_end(void);

/* After SIGWINCH: ask the terminal for its new size. */
void watch_screen_resize(void);
void watch_screen_size(int *rows, int *width);

/* One frame: clear, put, show. redraw: write every cell again, whatever the
 * terminal is believed to show. len: columns, at most. text: ASCII, or one
 * character of UTF-8. Nothing
 * is written beyond the window, or to its last cell if that would scroll. */
void watch_screen_clear(void);
void watch_screen_put(int y, int x, int len, enum watch_style style,
                      const char *text);
void watch_screen_frame(int y, int x, int rows, int width);
void watch_screen_show(bool redraw);

/* Keys that are not characters; a character is its own key. */
enum { WATCH_KEY_NONE = 0, WATCH_KEY_ESCAPE = 27 };
enum watch_key {
  WATCH_KEY_ENTER = 0x110000, /* beyond Unicode */
  WATCH_KEY_BACKSPACE,
  WATCH_KEY_UP,
  WATCH_KEY_DOWN,
  WATCH_KEY_LEFT,
  WATCH_KEY_RIGHT,
  WATCH_KEY_PAGE_UP,
  WATCH_KEY_PAGE_DOWN,
  WATCH_KEY_HOME,
  WATCH_KEY_END,
  WATCH_KEY_REDRAW,
  WATCH_KEY_OTHER,
};

/* The next key that was pressed, or WATCH_KEY_NONE. */
int watch_screen_key(void);

/* --- signals -------------------------------------------------------------- */

/* Block SIGINT, SIGTERM, SIGHUP and SIGWINCH except while waiting with
 * *waiting, a mask for ppoll(2): so none comes between a check and the wait. */
void watch_signals_begin(sigset_t *waiting);

/* The signal that asked to end, or 0. */
int watch_signals_end_asked(void);
/* Whether the window has changed since the last call. */
bool watch_signals_resized(void);

/* Let signals do what they do by default. */
void watch_signals_end(void);

#endif
