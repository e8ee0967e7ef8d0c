/* One series of a kind, from a seed: its values, and what happens when. Pure.
 */
#ifndef HABITS_SERIES_MAKER_H
#define HABITS_SERIES_MAKER_H

#include "kind.h"

enum { SERIES_WINDOWS_MAX = 64 };

enum window_what {
  WINDOW_EVENT,  /* to be told */
  WINDOW_AFTER,  /* its return; an alarm here counts as nothing */
  WINDOW_HABIT,  /* a weekly job at its time */
  WINDOW_SPECIAL /* a holiday, a clock change: the day of it and the next */
};

struct window {
  enum window_what what;
  double begin_s, end_s;
};

struct made_value {
  double time_s, value; /* of a counter: its total */
};

struct made_series {
  const struct kind *kind;
  uint64_t seed;
  enum kind_event event; /* 0 none */
  double begin_s, end_s; /* the first value's time; behind the last */
  size_t len;
  struct made_value *values;
  size_t windows_len;
  struct window windows[SERIES_WINDOWS_MAX];
};

/* with_event: one real event lies in it, after the habit is known; the series
 * ends two days after it. Returns 0 and *out, to be freed by series_free; or
 * -ENOMEM. */
int series_make(const struct kind *kind, uint64_t seed, bool with_event,
                struct made_series *out);
void series_free(struct made_series *series);

/* The window of some kind at a time, or NULL. */
const struct window *series_window_at(const struct made_series *series,
                                      enum window_what what, double time_s);

const char *series_event_name(enum kind_event event);

#endif
