/* See watch_terminal.h. */
#include "watch_terminal.h"

#include <curses.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

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
           known ? "a terminal of type \"%.64s\" cannot draw at a place of its "
                   "choice; `collectd-baseline status` prints the values as "
                   "lines"
                 : "terminfo knows no terminal of type \"%.64s\"; set TERM to "
                   "one it knows (package ncurses-term has more), or use "
                   "`collectd-baseline status`",
           name != NULL ? name : "");
  return -1;
}

/* The console of Linux speaks UTF-8, but its fonts have half blocks at most. */
enum watch_glyphs watch_terminal_glyphs(void) {
  const char *terminal = getenv("TERM");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
    return WATCH_ASCII;
  if (terminal != NULL && strcmp(terminal, "linux") == 0)
    return WATCH_BLOCKS;
  return WATCH_BRAILLE;
}
