/* The curves of `watch`: the readings of up to an hour, one number a column
 * from them, and the cells of a small plot, in dots of braille, half blocks or
 * ASCII. Knows no terminal. Pure. */
#ifndef TOOLS_WATCH_CURVE_H
#define TOOLS_WATCH_CURVE_H

#include "lib/shown_metrics.h"

#include <stddef.h>

/* --- the readings --------------------------------------------------------- */

enum { WATCH_RING_MAX = 4096 }; /* readings: over an hour at one a second */

struct watch_ring_row {
  double time_s; /* since any fixed moment */
  double values[SHOWN_METRICS];
};

struct watch_ring; /* opaque: one and a half megabytes */

/* Returns NULL if there is no memory. */
struct watch_ring *watch_ring_create(void);
void watch_ring_destroy(struct watch_ring *ring);

/* Forget all readings, as for another host. */
void watch_ring_clear(struct watch_ring *ring);

/* Add a reading; a full ring forgets its oldest. Ignored if its time is unknown
 * or the newest one's again. If its time is before the newest one's, the clock
 * was set: all earlier readings are forgotten. */
void watch_ring_add(struct watch_ring *ring, double time_s,
                    const double values[SHOWN_METRICS]);

size_t watch_ring_len(const struct watch_ring *ring);
/* i: 0 is the oldest; below watch_ring_len. */
const struct watch_ring_row *watch_ring_at(const struct watch_ring *ring,
                                           size_t i);

/* The seconds from one reading to the next: the median of the last few steps;
 * NAN with fewer than two readings. */
double watch_ring_step_s(const struct watch_ring *ring);

/* --- one number a column -------------------------------------------------- */

/* The time axis: columns of equal length; the last one holds end_s. */
struct watch_axis {
  double end_s;    /* of the ring's times; later readings are not shown */
  double step_s;   /* from one reading to the next */
  double column_s; /* a whole number of steps */
  size_t columns;
};

/* The axis of so many columns that ends at end_s, goes back span_s or more, and
 * has a reading in each column. */
struct watch_axis watch_curve_axis(const struct watch_ring *ring, double end_s,
                                   double span_s, size_t columns);

/* Which of several readings a column shows, so that no spike vanishes. */
enum watch_pick {
  WATCH_PICK_HIGHEST,
  WATCH_PICK_LOWEST, /* if a fall is what is bad */
};

/* One number for each of the axis' columns, oldest first; NAN for a column
 * without a reading. A reading counts until the next one, for at most a step
 * and a half. */
void watch_curve_columns(const struct watch_ring *ring,
                         const struct watch_axis *axis, enum shown_id metric,
                         enum watch_pick pick, double *columns);

/* The column that holds a time, from 0 for the oldest; less or more for one
 * that is beyond the axis. */
double watch_curve_column(const struct watch_axis *axis, double time_s);

/* How many seconds from one tick to the next, so that they stand at least so
 * many columns apart: a round part of an hour, so that ticks are round moments
 * of the clock. */
double watch_curve_tick_s(const struct watch_axis *axis, double columns);

/* The top of a scale for values up to highest: a round number at least as high
 * as highest and as least. NAN is ignored. */
double watch_curve_scale(double highest, double least);

/* --- the cells of a plot -------------------------------------------------- */

enum watch_glyphs { WATCH_BRAILLE, WATCH_BLOCKS, WATCH_ASCII };

enum watch_ink {
  WATCH_INK_NONE,
  WATCH_INK_AREA,
  WATCH_INK_OVER, /* area above the limit */
  WATCH_INK_SECOND,
  WATCH_INK_LIMIT,
  WATCH_INK_EXPECTED,
};

enum {
  WATCH_PLOT_COLUMNS_MAX = 512, /* cells */
  WATCH_PLOT_ROWS_MAX = 64,
  WATCH_PLOT_DOTS_MAX = 2 * WATCH_PLOT_COLUMNS_MAX,
};

struct watch_cell {
  unsigned char dots; /* bit 0 top left; down the column, then the right one */
  unsigned char ink;  /* enum watch_ink */
};

struct watch_plot {
  enum watch_glyphs glyphs;
  size_t rows, columns; /* in cells */
  double top;           /* the value at the upper edge; the lower one is 0 */
  struct watch_cell cells[WATCH_PLOT_ROWS_MAX][WATCH_PLOT_COLUMNS_MAX];
};

/* How many dots a cell has across and down. */
size_t watch_plot_dots_wide(enum watch_glyphs glyphs);
size_t watch_plot_dots_high(enum watch_glyphs glyphs);

/* An empty plot of at most WATCH_PLOT_*_MAX cells. */
void watch_plot_begin(struct watch_plot *plot, enum watch_glyphs glyphs,
                      size_t rows, size_t columns, double top);

/* Fill the area below the values, one for each dot across. A value of 0 still
 * shows as the lowest dot, NAN as nothing. limits: above them the area has the
 * ink OVER; or NULL. */
void watch_plot_area(struct watch_plot *plot, const double *values,
                     const double *limits);

/* The lower part of an area, the share of values in the whole: in another ink,
 * with a gap above it. */
void watch_plot_part(struct watch_plot *plot, const double *values,
                     const double *whole);

/* A line: free cells get its ink; within the area it is a gap. If two lines
 * meet in a cell, the first keeps it. WATCH_INK_EXPECTED is dotted. A
 * WATCH_INK_LIMIT can always be seen: one above 0 has at least one dot below
 * it, it takes a cell from an area that ends below it, and in ASCII also one
 * that the area fills. */
void watch_plot_line(struct watch_plot *plot, const double *values,
                     enum watch_ink ink);

/* The character of a cell in UTF-8; text: 4 bytes that may be used for it. */
const char *watch_plot_glyph(const struct watch_plot *plot,
                             const struct watch_cell *cell, char *text);

#endif
