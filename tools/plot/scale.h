/* Axes: of values, with round ticks and SI prefixes; of time, with ticks at
 * moments of the local clock and calendar, from seconds to decades. Pure but
 * for the time zone. */
#ifndef TOOLS_PLOT_SCALE_H
#define TOOLS_PLOT_SCALE_H

#include <stdbool.h>
#include <stddef.h>

enum { PLOT_SCALE_TEXT_MAX = 32 };

struct plot_scale {
  double low, high; /* the axis; both ends have a tick */
  double step;
  size_t len;       /* ticks, at least two */
  double linear_to; /* 0: linear. Else logarithmic from here on; below it, down
                       to 0, linear, in the room of a power of ten */
  double factor;
  const char *prefix; /* "", "k", "M", "m", ... of the numbers */
  int decimals;
};

/* An axis for low..high with at most `most` ticks (at least 2). It begins at 0
 * with from_zero, and if the values are not far above 0 compared to their
 * range. It ends at limit or before (INFINITY: no limit). */
struct plot_scale plot_scale_fit(double low, double high, size_t most,
                                 bool from_zero, double limit);

/* The same with powers of ten above usual, the level that has to be readable:
 * from 0 on, or from a power of ten below low. 0 <= low < high, usual > 0.
 * most: at least 3. It has at least two ticks, and one at its low end. */
struct plot_scale plot_scale_fit_log(double low, double high, double usual,
                                     size_t most);

/* Where a value stands on the axis: 0 is the low end, 1 the high one. */
double plot_scale_part(const struct plot_scale *scale, double value);

double plot_scale_tick(const struct plot_scale *scale, size_t i);

/* Tick number i as text: "0", "1.5 k". out: PLOT_SCALE_TEXT_MAX bytes. */
void plot_scale_text(const struct plot_scale *scale, size_t i, char *out);

/* --- time ----------------------------------------------------------------- */

enum { PLOT_TICKS_MAX = 128, PLOT_TICK_TEXT_MAX = 32 };

struct plot_tick {
  double time_s;
  char text[PLOT_TICK_TEXT_MAX];  /* "10:30", "22 Nov", "Nov", "2026" */
  char below[PLOT_TICK_TEXT_MAX]; /* the day or year that begins here; also at
                                     the first tick; else "" */
};

/* The ticks within start_s..end_s in order, at most `most` (2..PLOT_TICKS_MAX).
 * out: PLOT_TICKS_MAX ticks. Returns how many; a range below a second may have
 * none. */
size_t plot_ticks(double start_s, double end_s, size_t most,
                  struct plot_tick *out);

#endif
