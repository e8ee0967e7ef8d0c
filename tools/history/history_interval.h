/* How far apart the rows of a file are. */
#ifndef TOOLS_HISTORY_HISTORY_INTERVAL_H
#define TOOLS_HISTORY_HISTORY_INTERVAL_H

#include "history_lines.h"

/* The median step between the next rows' times, which stand in their first
 * cells; steps of 0 do not count. lines stays where it is. Returns seconds; 10
 * where there are not two times. */
double history_interval_guess(struct history_lines *lines);

#endif
