/* The table of status again and again. */
#ifndef STATUS_REPEAT_H
#define STATUS_REPEAT_H

#include <stdio.h>

/* draw: writes one screen. Again every so many seconds, until SIGINT, SIGTERM
 * or SIGHUP, in place on a terminal. Returns 0, or -1 where it cannot be
 * written. */
int status_repeat(double seconds, void (*draw)(FILE *out, void *context),
                  void *context);

#endif
