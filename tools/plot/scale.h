/* An axis of values: round ticks, and numbers with the prefixes of the SI.
 * Pure. */
#ifndef TOOLS_PLOT_SCALE_H
#define TOOLS_PLOT_SCALE_H

#include <stddef.h>

enum { PLOT_SCALE_TEXT_MAX = 32 };

struct plot_scale {
  double low, high; /* the axis; ticks at both of its ends */
  double step;
  size_t len; /* ticks, two at least */
  double factor;
  const char *prefix; /* "", "k", "M", "m", ... of the numbers */
  int decimals;
};

/* An axis that shows low..high with at most `most` ticks (2 at least). It
 * begins at 0 where the values are not far above it in comparison to their
 * spread, and always with from_zero; it ends at limit at the latest (INFINITY:
 * nowhere). */
struct plot_scale plot_scale_fit(double low, double high, size_t most,
                                 int from_zero, double limit);

double plot_scale_tick(const struct plot_scale *scale, size_t i);

/* Tick number i as text: "0", "1.5 k". out: PLOT_SCALE_TEXT_MAX bytes. */
void plot_scale_text(const struct plot_scale *scale, size_t i, char *out);

#endif
