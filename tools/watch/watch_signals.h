/* Signals of a program that has taken the terminal: they are seen only while it
 * waits, so that none comes between a look and the waiting. */
#ifndef TOOLS_WATCH_WATCH_SIGNALS_H
#define TOOLS_WATCH_WATCH_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* Take SIGINT, SIGTERM, SIGHUP and SIGWINCH and hold them back. *waiting: the
 * mask to wait with. */
void watch_signals_begin(sigset_t *waiting);

/* The one that asked to end, or 0. */
int watch_signals_end_asked(void);
/* Whether the window has changed since this was last asked. */
bool watch_signals_resized(void);

/* Let signals do what they do by default. */
void watch_signals_end(void);

#endif
