/* Readings -> one number a column of a curve. No spike vanishes: a column that
 * holds several readings shows the most telling of them. Pure. */
#ifndef TOOLS_WATCH_CURVE_H
#define TOOLS_WATCH_CURVE_H

#include "watch_ring.h"

/* The time axis: columns of equal length up to and with the one of end_s. */
struct watch_axis {
  double end_s;    /* of the ring's times; readings after it are not shown */
  double step_s;   /* from one reading to the next */
  double column_s; /* a whole number of steps */
  size_t columns;
};

/* The axis of so many columns that ends at end_s, goes back span_s or more, and
 * has a reading in each column. */
struct watch_axis watch_curve_axis(const struct watch_ring *ring, double end_s,
                                   double span_s, size_t columns);

enum watch_pick {
  WATCH_PICK_HIGHEST,
  WATCH_PICK_LOWEST, /* for what is bad when it falls */
};

/* One number for each of the axis' columns, oldest first; NAN where no reading
 * is. A reading holds until the next one, for a step and a half. */
void watch_curve_columns(const struct watch_ring *ring,
                         const struct watch_axis *axis,
                         enum watch_metric metric, enum watch_pick pick,
                         double *columns);

/* The top of a scale for values up to `highest`: a round number at least as
 * high, and at least `least`. NAN counts as nothing. */
double watch_curve_scale(double highest, double least);

#endif
