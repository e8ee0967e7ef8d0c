/* One series of a kind: level, habit, noise, trouble and the event, put
 * together value by value. */
#include "series_maker.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double day_s = 86400, hour_s = 3600;
static const double start_s = 1767571200; /* 2026-01-05, a Monday */
static const int change_year = 2026;
static const double change_after_s = 20 * 86400; /* a clock change comes then */
static const double holiday_after_s = 24 * 86400;

enum { STREAM_SETTINGS, STREAM_NOISE, STREAM_EVENT, STREAM_LOAD };

struct maker {
  const struct kind *kind;
  struct made_series *to;
  struct dice settings, random;
  struct load load;
  struct noise noise;
  double level, height, scale;
  /* the course */
  double moved, wide, next_move_s;
  /* the event */
  double begin_s, end_s, size;
  /* troubles */
  double gap_begin_s, nan_until_s, total, reset_s;
  int gaps;
};

static uint64_t seed_of(const struct kind *kind, uint64_t seed) {
  uint64_t hash = 1469598103934665603u; /* FNV-1a of the name */

  for (const char *at = kind->name; *at; at++)
    hash = (hash ^ (uint64_t)(unsigned char)*at) * 1099511628211u;
  return hash + seed * 0x9e3779b97f4a7c15u;
}

static void add_window(struct made_series *to, enum window_what what,
                       double begin_s, double end_s) {
  if (to->windows_len < SERIES_WINDOWS_MAX)
    to->windows[to->windows_len++] = (struct window){what, begin_s, end_s};
}

static double draw_level(struct maker *maker) {
  switch (maker->kind->noise) {
  case NOISE_POISSON:
    return maker->kind->parameter;
  case NOISE_LOGNORMAL:
  case NOISE_PARETO:
    return 1;
  case NOISE_INTEGER:
    return (double)(2 + dice_pick(&maker->settings, 7));
  default:
    return maker->kind->level > 0 ? maker->kind->level
                                  : dice_log_between(&maker->settings, 12, 100);
  }
}

static bool is_counted(enum noise_form form) {
  return form == NOISE_POISSON || form == NOISE_INTEGER;
}

static void draw_settings(struct maker *maker, uint64_t seed) {
  const struct kind *kind = maker->kind;
  struct dice *dice = &maker->settings;

  noise_init(&maker->noise, kind->noise, kind->parameter, kind->interval_s,
             dice);
  maker->level = draw_level(maker);
  maker->height = noise_spread(&maker->noise, maker->level) *
                  dice_log_between(dice, 10, 60);
  maker->scale =
      is_counted(kind->noise) ? 1 : dice_log_between(dice, 1e-6, 1e6);
  maker->wide = 1;
  double every_s = kind->every_h > 0 ? kind->every_h * hour_s : day_s;
  load_init(&maker->load, kind->load, kind->zone, seed, every_s,
            kind->length_h * hour_s,
            floor(dice_unit(dice) * every_s / 300) * 300);
}

/* The first day off is a working day. */
static void set_holiday(struct maker *maker) {
  const struct kind *kind = maker->kind;
  struct calendar day =
      calendar_at(kind->zone, maker->to->begin_s + holiday_after_s);

  while (calendar_is_weekend(kind->zone, day.weekday)) {
    day.day++;
    day.weekday = (day.weekday + 1) % 7;
  }
  maker->load.holiday = day.day;
  maker->load.holiday_days = kind->days_off;
  double begin_s = (double)day.day * day_s;
  begin_s -= calendar_zone_s(kind->zone, begin_s);
  add_window(maker->to, WINDOW_SPECIAL, begin_s,
             begin_s + (kind->days_off + 1) * day_s);
}

static void set_times(struct maker *maker) {
  const struct kind *kind = maker->kind;
  struct made_series *to = maker->to;

  to->begin_s = start_s + dice_pick(&maker->settings, 7) * day_s +
                dice_pick(&maker->settings, 24) * hour_s;
  if (kind->group == KIND_CLOCK) {
    double change_s = calendar_change_s(change_year, to->seed % 2 == 0);
    to->begin_s =
        change_s - change_after_s + dice_pick(&maker->settings, 24) * hour_s;
    double back_s = 1 + calendar_at(kind->zone, change_s - 1).day_s;
    add_window(to, WINDOW_SPECIAL, change_s - back_s, change_s + 2 * day_s);
  }
  if (kind->days_off > 0)
    set_holiday(maker);
  to->end_s = to->begin_s + kind->days * day_s;
}

static void label_weekly(struct maker *maker) {
  struct made_series *to = maker->to;
  double from_s = to->begin_s + kind_known_days(maker->kind) * day_s, end_s;

  if (maker->kind->load != LOAD_JOB || maker->load.every_s < 2 * day_s)
    return;
  while (from_s < to->end_s) {
    double begin_s;
    load_next(&maker->load, from_s, &begin_s, &end_s);
    add_window(to, WINDOW_HABIT, begin_s, end_s + hour_s);
    from_s = end_s;
  }
}

/* --- the event ------------------------------------------------------------ */

static enum kind_event pick_event(unsigned events, struct dice *dice) {
  int len = 0;
  unsigned found[16] = {0};

  for (unsigned bit = 1; bit <= events; bit <<= 1)
    if (events & bit)
      found[len++] = bit;
  return len == 0 ? (enum kind_event)0
                  : (enum kind_event)found[dice_pick(dice, len)];
}

static double event_length_s(const struct maker *maker) {
  double least_s = 12 * maker->kind->interval_s;

  switch (maker->to->event) {
  case EVENT_WRONG_TIME:
    return fmax(least_s, fmin(2 * hour_s, fmax(600, maker->load.length_s)));
  case EVENT_DEAD:
  case EVENT_AGAIN:
    return fmax(least_s, hour_s);
  case EVENT_BUSY:
    return fmax(least_s, 2 * hour_s);
  case EVENT_RAMP:
    return fmax(2 * least_s, 6 * hour_s);
  case EVENT_FOR_GOOD:
    return fmax(least_s, 12 * hour_s);
  default:
    return fmax(least_s, 4 * hour_s);
  }
}

/* Whether no job lies within a time, with an hour around it. */
static bool is_quiet(struct maker *maker, double begin_s, double end_s) {
  if (maker->load.length_s <= 0 || maker->load.form == LOAD_STEP)
    return true; /* no job */
  if (maker->load.every_s < 6 * hour_s)
    return true; /* it is everywhere */
  for (double at_s = begin_s - hour_s; at_s < end_s + hour_s; at_s += 60)
    if (load_at(&maker->load, at_s) > 0)
      return false;
  return true;
}

static void place_event(struct maker *maker, struct dice *dice) {
  struct made_series *to = maker->to;
  double length_s = event_length_s(maker);
  double from_s = to->begin_s + (kind_known_days(maker->kind) + 1.5) * day_s;
  double until_s = to->end_s - 2 * day_s - length_s;

  for (int tries = 0; tries < 200; tries++) {
    maker->begin_s = dice_between(dice, from_s, until_s);
    maker->end_s = maker->begin_s + length_s;
    if (to->event == EVENT_TWICE || to->event == EVENT_MISSING)
      load_next(&maker->load, maker->begin_s, &maker->begin_s, &maker->end_s);
    else if (!is_quiet(maker, maker->begin_s, maker->end_s))
      continue;
    break;
  }
  add_window(to, WINDOW_EVENT, maker->begin_s, maker->end_s);
  add_window(to, WINDOW_AFTER, maker->end_s,
             maker->end_s + (to->event == EVENT_FOR_GOOD ? 12 : 2) * hour_s);
  double last_s = maker->end_s;
  if (to->event == EVENT_AGAIN) {
    double again_s = maker->begin_s + 12 * hour_s;
    last_s = again_s + length_s;
    add_window(to, WINDOW_EVENT, again_s, last_s);
    add_window(to, WINDOW_AFTER, last_s, last_s + 2 * hour_s);
  }
  to->end_s = fmin(to->end_s, last_s + 2 * day_s);
}

/* What stands out: in spreads of the noise, or the habit's own height. */
static double event_size(const struct maker *maker, struct dice *dice) {
  double spread = noise_spread(&maker->noise, maker->level);

  switch (maker->to->event) {
  case EVENT_WRONG_TIME:
  case EVENT_TWICE:
  case EVENT_MISSING:
    return maker->height;
  case EVENT_BUSY:
    return maker->height * dice_between(dice, 1, 1.5) *
           (maker->load.every_s < 6 * hour_s ? 2 : 1); /* above every spike */
  case EVENT_RAMP:
    return 12 * spread;
  case EVENT_DROP:
    return -fmin(dice_between(dice, 6, 10) * spread, 0.9 * maker->level);
  default:
    return dice_log_between(dice, 6, 12) * spread;
  }
}

static bool is_going_on(const struct maker *maker, double time_s) {
  bool again = maker->to->event == EVENT_AGAIN &&
               time_s >= maker->begin_s + 12 * hour_s &&
               time_s < maker->end_s + 12 * hour_s;

  return again ||
         (time_s >= maker->begin_s &&
          (time_s < maker->end_s || maker->to->event == EVENT_FOR_GOOD));
}

/* What the event adds to the level. load: what the habit adds. */
static double added(const struct maker *maker, double time_s, double load) {
  switch (maker->to->event) {
  case EVENT_TWICE:
    return load;
  case EVENT_MISSING:
    return -load;
  case EVENT_RAMP:
    return maker->size * (time_s - maker->begin_s) /
           (maker->end_s - maker->begin_s);
  case EVENT_DEAD:
  case EVENT_WIDE:
    return 0;
  default:
    return maker->size;
  }
}

/* --- the course of the level ---------------------------------------------- */

static void move_level(struct maker *maker, double time_s, double spread) {
  struct dice *dice = &maker->settings;

  if (maker->kind->course == COURSE_CONFIG) {
    maker->moved = maker->level * dice_between(dice, -0.5, 1);
  } else if (maker->kind->course == COURSE_SPREAD) {
    maker->wide = maker->wide > 1.5 ? 1 : maker->wide * 2;
  } else {
    double by = dice_log_between(dice, 6, 20) * spread;
    bool up =
        maker->moved < by && (maker->moved < -by || dice_chance(dice, 0.5));
    maker->moved += up ? by : -by;
  }
  if (maker->kind->course == COURSE_LEVELS)
    add_window(maker->to, WINDOW_EVENT, time_s, time_s + 4 * hour_s);
  if (maker->kind->course != COURSE_CONFIG)
    add_window(maker->to, WINDOW_AFTER, time_s, time_s + day_s);
}

static double course_at(struct maker *maker, double time_s, double spread) {
  double passed_s = time_s - maker->to->begin_s;

  switch (maker->kind->course) {
  case COURSE_FLAT:
    return 0;
  case COURSE_TREND:
    return 40 * spread * passed_s / (30 * day_s);
  case COURSE_DISK: /* a log is rotated every six hours, all on Sunday */
    return -0.1 * maker->level *
           floor(fmod(passed_s, 7 * day_s) / (6 * hour_s)) / 28;
  default:
    break;
  }
  if (maker->next_move_s <= 0)
    maker->next_move_s = time_s + day_s * dice_between(&maker->settings, 5, 15);
  if (time_s >= maker->next_move_s) {
    move_level(maker, time_s, spread);
    maker->next_move_s += day_s * dice_between(&maker->settings, 5, 15);
  }
  return maker->moved;
}

/* --- one value ------------------------------------------------------------ */

static double value_at(struct maker *maker, double time_s) {
  struct dice *dice = &maker->random;
  bool event = is_going_on(maker, time_s);
  double load = maker->height * load_at(&maker->load, time_s);
  double spread = noise_spread(&maker->noise, maker->level);
  double level = maker->level + course_at(maker, time_s, spread) + load;

  if (event)
    level = fmax(level + added(maker, time_s, load),
                 is_counted(maker->kind->noise) ? 0 : -1e300);
  double value = noise_next(&maker->noise, dice, level);
  double wide = maker->wide * (event && maker->to->event == EVENT_WIDE ? 5 : 1);
  if (wide > 1)
    value = level + wide * (value - level);
  if (load > 0 && !is_counted(maker->kind->noise) &&
      maker->kind->noise != NOISE_NONE)
    value += 0.04 * load * dice_normal(dice);
  if (event && maker->to->event == EVENT_DEAD)
    value = 0;
  return maker->scale * value;
}

/* --- troubles ------------------------------------------------------------- */

static bool is_in_gap(struct maker *maker, double time_s) {
  static const double lengths_h[] = {3, 12, 24, 72, 336, 6, 48, 100};
  enum { LENGTHS = sizeof(lengths_h) / sizeof(lengths_h[0]) };

  if (maker->gap_begin_s == 0)
    maker->gap_begin_s = time_s + day_s * dice_between(&maker->settings, 4, 7);
  if (time_s < maker->gap_begin_s)
    return false;
  double length_s =
      hour_s *
      lengths_h[(maker->gaps + (int)(maker->to->seed % LENGTHS)) % LENGTHS];
  if (time_s < maker->gap_begin_s + length_s)
    return true;
  maker->gaps++;
  maker->gap_begin_s = time_s + day_s * dice_between(&maker->settings, 4, 7);
  return false;
}

static double troubled(struct maker *maker, double time_s, double value) {
  struct dice *dice = &maker->random;

  switch (maker->kind->trouble) {
  case TROUBLE_NAN:
    if (dice_chance(dice, maker->kind->interval_s / (3 * day_s)))
      maker->nan_until_s = time_s + hour_s;
    return time_s < maker->nan_until_s || dice_chance(dice, 0.02) ? NAN : value;
  case TROUBLE_RESETS:
    if (maker->reset_s == 0)
      maker->reset_s = time_s + 7 * day_s * dice_unit(dice);
    if (time_s >= maker->reset_s) {
      maker->reset_s += 7 * day_s;
      maker->total = 0;
    }
    break;
  case TROUBLE_COUNTER:
    break;
  default:
    return value;
  }
  maker->total += round(fmax(0, value) * maker->kind->interval_s);
  return maker->total;
}

static void fill(struct maker *maker) {
  struct made_series *to = maker->to;

  for (size_t i = 0;; i++) {
    double time_s = to->begin_s + (double)i * maker->kind->interval_s;
    if (time_s >= to->end_s)
      return;
    double value = troubled(maker, time_s, value_at(maker, time_s));
    if (maker->kind->trouble == TROUBLE_GAPS && is_in_gap(maker, time_s))
      continue;
    to->values[to->len++] = (struct made_value){time_s, value};
  }
}

int series_make(const struct kind *kind, uint64_t seed, bool with_event,
                struct made_series *out) {
  struct made_series made = {.kind = kind, .seed = seed};
  struct maker maker = {.kind = kind, .to = &made};
  uint64_t mixed = seed_of(kind, seed);
  struct dice event;

  dice_seed(&maker.settings, mixed, STREAM_SETTINGS);
  dice_seed(&maker.random, mixed, STREAM_NOISE);
  dice_seed(&event, mixed, STREAM_EVENT);
  draw_settings(&maker, mixed + STREAM_LOAD);
  set_times(&maker);
  label_weekly(&maker);
  maker.begin_s = maker.end_s = INFINITY;
  if (with_event && (made.event = pick_event(kind->events, &event)) != 0) {
    place_event(&maker, &event);
    maker.size = event_size(&maker, &event);
  }
  size_t most = (size_t)((made.end_s - made.begin_s) / kind->interval_s) + 2;
  made.values = malloc(most * sizeof(*made.values));
  if (!made.values)
    return -ENOMEM;
  fill(&maker);
  *out = made;
  return 0;
}

void series_free(struct made_series *series) {
  free(series->values);
  series->values = NULL;
}

const struct window *series_window_at(const struct made_series *series,
                                      enum window_what what, double time_s) {
  for (size_t i = 0; i < series->windows_len; i++) {
    const struct window *window = &series->windows[i];
    if (window->what == what && time_s >= window->begin_s &&
        time_s < window->end_s)
      return window;
  }
  return NULL;
}

const char *series_event_name(enum kind_event event) {
  static const char *const names[] = {
      "wrong time", "twice",    "shift", "drop",    "dead", "ramp",
      "busy",       "for good", "wide",  "missing", "again"};
  int bit = 0;

  while (event > 1 && (event >> bit) != 1)
    bit++;
  return event == 0 ? "none" : names[bit];
}
