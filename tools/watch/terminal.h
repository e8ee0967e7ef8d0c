/* The terminal, through ncursesw: text at a place in a style, keys, its size.
 * All that `watch` knows of ncurses is behind this. */
#ifndef TOOLS_WATCH_TERMINAL_H
#define TOOLS_WATCH_TERMINAL_H

#include <stdbool.h>

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

/* Take the terminal of stdin and stdout, one that watch_terminal_check has
 * passed: ncurses ends the program on others. colour: where it has colours.
 * Returns 0 with watch_screen_end due, or -1 with *problem, of
 * WATCH_TERMINAL_PROBLEM_MAX bytes, filled and the terminal as it was. */
int watch_screen_begin(bool colour, char *problem);
/* Give it back as it was; harmless where it is not taken. */
void watch_screen_end(void);

/* After SIGWINCH: ask the terminal for its size anew. */
void watch_screen_resize(void);
void watch_screen_size(int *rows, int *columns);

/* One frame: begin with nothing, put, show. redraw: whatever the terminal is
 * believed to show already. */
void watch_screen_clear(void);
void watch_screen_put(int y, int x, int columns, enum watch_style style,
                      const char *text);
void watch_screen_frame(int y, int x, int rows, int columns);
void watch_screen_show(bool redraw);

/* The next key that waits, as enum watch_key has it, or WATCH_KEY_NONE. */
int watch_screen_key(void);

#endif
