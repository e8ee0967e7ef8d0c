/* One curve in bounded memory, however many values it has: bins of time that
 * keep what a picture can show of them, and that join in pairs when there are
 * too many. Pure. */
#ifndef TOOLS_PLOT_BINS_H
#define TOOLS_PLOT_BINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plot_bin {
  uint64_t count;         /* 0: no value; the rest is not set */
  double first_s, last_s; /* when its first and its last value were */
  double first, last, min, max, sum;
};

struct plot_bins {
  struct plot_bin *bins;
  size_t capacity, len;
  double origin_s, width_s; /* bin i begins at origin_s + i * width_s */
  double interval_s;        /* the longest of any value */
  uint64_t values;
};

/* capacity: how many bins there may be, 2 at least. Returns 0 or -ENOMEM. */
int plot_bins_init(struct plot_bins *bins, size_t capacity);
void plot_bins_release(struct plot_bins *bins);

/* Take in a value; one that is not finite is none. Times may come in any order.
 */
void plot_bins_put(struct plot_bins *bins, double time_s, double value,
                   double interval_s);

/* Join the values from start_s to end_s, both included, into len columns of
 * equal width. out: len bins. */
void plot_bins_columns(const struct plot_bins *bins, double start_s,
                       double end_s, struct plot_bin *out, size_t len);

/* Whether a reading is missing between the two: the line breaks there. */
bool plot_bins_is_gap(const struct plot_bins *bins, const struct plot_bin *left,
                      const struct plot_bin *right);

/* The first and last time of all values; false where there is none. */
bool plot_bins_range(const struct plot_bins *bins, double *first_s,
                     double *last_s);

/* The smallest and the largest value; false where there is none. */
bool plot_bins_extent(const struct plot_bins *bins, double *min, double *max);

/* What the largest values of all but one in so many bins stay below; NAN where
 * there is no value. */
double plot_bins_mostly_below(const struct plot_bins *bins, size_t one_in);

#endif
