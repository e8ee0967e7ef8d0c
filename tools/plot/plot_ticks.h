/* Ticks of an axis of time: at moments of the local clock and calendar, from
 * seconds to decades. */
#ifndef TOOLS_PLOT_PLOT_TICKS_H
#define TOOLS_PLOT_PLOT_TICKS_H

#include <stdbool.h>
#include <stddef.h>

enum { PLOT_TICKS_MAX = 128, PLOT_TICK_TEXT_MAX = 32 };

struct plot_tick {
  double time_s;
  char text[PLOT_TICK_TEXT_MAX];  /* "10:30", "22 Nov", "Nov", "2026" */
  char below[PLOT_TICK_TEXT_MAX]; /* the day or year that begins with it, and
                                     of the first tick; else "" */
};

/* The ticks within start_s..end_s, at most most of them (2..PLOT_TICKS_MAX; as
 * many as have room), in their order. out: PLOT_TICKS_MAX. Returns how many;
 * there may be none in a range of less than a second. */
size_t plot_ticks(double start_s, double end_s, size_t most,
                  struct plot_tick *out);

#endif
