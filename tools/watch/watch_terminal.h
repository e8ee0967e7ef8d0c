/* What the terminal is: whether a screen can be drawn on it, and with which
 * characters. Looks at TERM, terminfo and the locale; changes nothing. */
#ifndef TOOLS_WATCH_WATCH_TERMINAL_H
#define TOOLS_WATCH_WATCH_TERMINAL_H

#include "watch_plot.h"

enum { WATCH_TERMINAL_PROBLEM_MAX = 256 };

/* Returns 0 where stdin and stdout are a terminal that can be drawn on, or -1
 * with *problem, of WATCH_TERMINAL_PROBLEM_MAX bytes, filled. */
int watch_terminal_check(char *problem);

/* By the locale that setlocale has set. */
enum watch_glyphs watch_terminal_glyphs(void);

#endif
