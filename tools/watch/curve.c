/* See watch_curve.h. Readings come at even steps, give or take a moment: they
 * are counted in steps, so that none falls into its neighbour's column. */
#include "curve.h"

#include <math.h>

static const double hold_steps = 1.5;

/* To a whole second where it is nearly one, else to a tenth. */
static double round_step(double step_s) {
  if (isnan(step_s))
    return 1;
  double whole = round(step_s);
  if (whole >= 1 && fabs(step_s - whole) <= 0.1 * whole)
    return whole;
  return fmax(round(step_s * 10) / 10, 0.1);
}

struct watch_axis watch_curve_axis(const struct watch_ring *ring, double end_s,
                                   double span_s, size_t columns) {
  struct watch_axis axis = {
      .end_s = end_s,
      .step_s = round_step(watch_ring_step_s(ring)),
      .columns = columns,
  };
  double steps =
      ceil(span_s / axis.step_s / (double)(columns > 0 ? columns : 1));
  axis.column_s = axis.step_s * fmax(steps, 1);
  return axis;
}

/* The number of the column a time falls into, counted from the clock's zero:
 * as time goes on, readings stay together with those they were drawn with. */
static double column_number(const struct watch_axis *axis, double time_s) {
  double phase_s = fmod(axis->end_s, axis->step_s);
  return floor((time_s - phase_s + axis->step_s / 2) / axis->column_s);
}

static double more_telling(double shown, double value, enum watch_pick pick) {
  return pick == WATCH_PICK_HIGHEST ? fmax(shown, value) : fmin(shown, value);
}

/* The column at which a reading no longer holds. */
static double hold_end(const struct watch_ring *ring,
                       const struct watch_axis *axis, size_t i) {
  double time_s = watch_ring_at(ring, i)->time_s;
  double end_s = time_s + hold_steps * axis->step_s;
  if (i + 1 < watch_ring_len(ring) &&
      watch_ring_at(ring, i + 1)->time_s < end_s)
    end_s = watch_ring_at(ring, i + 1)->time_s;
  return fmax(column_number(axis, end_s), column_number(axis, time_s) + 1);
}

void watch_curve_columns(const struct watch_ring *ring,
                         const struct watch_axis *axis,
                         enum watch_metric metric, enum watch_pick pick,
                         double *columns) {
  double count = (double)axis->columns;
  double first = column_number(axis, axis->end_s) - count + 1;
  for (size_t c = 0; c < axis->columns; c++)
    columns[c] = NAN;
  for (size_t i = 0; i < watch_ring_len(ring); i++) {
    const struct watch_ring_row *row = watch_ring_at(ring, i);
    if (row->time_s > axis->end_s)
      break;
    double from = fmax(column_number(axis, row->time_s) - first, 0);
    double end = fmin(hold_end(ring, axis, i) - first, count);
    for (size_t c = (size_t)from; (double)c < end; c++)
      columns[c] = more_telling(columns[c], row->values[metric], pick);
  }
}

double watch_curve_scale(double highest, double least) {
  static const double heads[] = {1, 1.5, 2, 3, 4, 5, 6, 8, 10};
  double top = fmax(highest, least);
  if (!(top > 0) || isinf(top))
    return 1;
  double power = pow(10, floor(log10(top)));
  for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
    if (heads[i] * power >= top)
      return heads[i] * power;
  return 10 * power;
}
