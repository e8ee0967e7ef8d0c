/* What comes back at its time. Everything is by the zone's clock, so that a
 * habit keeps its local time through a clock change. */
#include "load.h"

#include "replay/dice.h"

#include <math.h>
#include <string.h>

static const double day_s = 86400;
static const double jitter_most_s = 120;
static const double second_after_s = 8 * 3600 + 2400;

void load_init(struct load *load, enum load_form form, enum calendar_zone zone,
               uint64_t seed, double every_s, double length_s, double phase_s) {
  memset(load, 0, sizeof(*load));
  load->form = form;
  load->zone = zone;
  load->seed = seed;
  load->every_s = every_s > 0 ? every_s : day_s;
  load->length_s = length_s;
  load->phase_s = phase_s;
  load->jitter_s = fmin(jitter_most_s, length_s / 5);
  load->recent[0].number = load->recent[1].number = INT64_MIN;
}

/* Occurrence number k, drawn anew each time it is asked for: always the same.
 */
static const struct load_occurrence *occurrence(struct load *load, int64_t k) {
  struct load_occurrence *at = &load->recent[k & 1];
  struct dice dice;

  if (at->number == k)
    return at;
  dice_seed(&dice, load->seed, (uint64_t)k);
  at->number = k;
  at->begin_s = (double)k * load->every_s + load->phase_s +
                load->jitter_s * dice_unit(&dice);
  at->end_s = at->begin_s + load->length_s * (1 + 0.06 * dice_normal(&dice));
  at->height = exp(0.08 * dice_normal(&dice));
  return at;
}

static double job_at(struct load *load, double local_s) {
  int64_t k = (int64_t)floor((local_s - load->phase_s) / load->every_s);

  for (int back = 0; back < 2; back++) {
    const struct load_occurrence *at = occurrence(load, k - back);
    if (local_s >= at->begin_s && local_s < at->end_s)
      return at->height;
  }
  return 0;
}

static double of_day(const struct load *load, double local_s) {
  double into_s = fmod(local_s - load->phase_s, day_s);

  return into_s < 0 ? into_s + day_s : into_s;
}

/* Between the hours a and b from 0 to 1, smoothly. */
static double rise(double hour, double a, double b) {
  double x = fmin(1, fmax(0, (hour - a) / (b - a)));

  return x * x * (3 - 2 * x);
}

static double office_at(struct load *load, double time_s) {
  struct calendar now = calendar_at(load->zone, time_s);
  double hour = now.day_s / 3600;
  double shape =
      rise(hour, 7, 9.5) * (1 - rise(hour, 16, 19)) *
      (1 - 0.25 * rise(hour, 11.8, 12.3) * (1 - rise(hour, 13, 13.6)));
  struct dice dice;

  dice_seed(&dice, load->seed, (uint64_t)now.day);
  double height = exp(0.06 * dice_normal(&dice));
  if ((now.day >= load->holiday &&
       now.day < load->holiday + load->holiday_days) ||
      (load->form == LOAD_OFFICE &&
       calendar_is_weekend(load->zone, now.weekday)))
    height *= 0.1;
  return height * shape;
}

double load_at(struct load *load, double time_s) {
  double local_s = time_s + calendar_zone_s(load->zone, time_s);

  switch (load->form) {
  case LOAD_NONE:
    return 0;
  case LOAD_JOB:
    return job_at(load, local_s);
  case LOAD_WORKDAYS:
    return calendar_is_weekend(load->zone,
                               calendar_at(load->zone, time_s).weekday)
               ? 0
               : job_at(load, local_s);
  case LOAD_TWO:
    return fmax(job_at(load, local_s),
                0.5 * job_at(load, local_s - second_after_s));
  case LOAD_STEP:
    return of_day(load, local_s) < load->length_s ? 1 : 0;
  case LOAD_RAMP:
    return of_day(load, local_s) / day_s;
  case LOAD_SINE:
    return 0.5 - 0.5 * cos(6.283185307179586 * of_day(load, local_s) / day_s);
  case LOAD_OFFICE:
  case LOAD_ALWAYS_OFFICE:
    return office_at(load, time_s);
  }
  return 0;
}

void load_next(struct load *load, double time_s, double *begin_s,
               double *end_s) {
  double local_s = time_s + calendar_zone_s(load->zone, time_s);
  int64_t k = (int64_t)ceil((local_s - load->phase_s) / load->every_s);
  const struct load_occurrence *at = occurrence(load, k);
  double guess_s = at->begin_s - calendar_zone_s(load->zone, time_s);

  *begin_s = at->begin_s - calendar_zone_s(load->zone, guess_s);
  *end_s = *begin_s + (at->end_s - at->begin_s);
}
