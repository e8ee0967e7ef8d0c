/* The generic baseline of one series: expected value and spread, whatever the
 * metric is. A winsorised slow mean, a spread with a floor, and on demand the
 * curve of the day. Constant memory, nothing is allocated on update. */
#ifndef VERDICT_BASELINE_H
#define VERDICT_BASELINE_H

#include <stdbool.h>
#include <stdint.h>

enum { BASELINE_SLOTS = 96, BASELINE_SLOT_S = 900 };

/* When a model learns, the same for every one (expectation.h, too). It stands
 * still while a series drifts; what lasts longer than an incident may hold it
 * up is learned after all. */
enum {
  BASELINE_FREEZE_DRIFT =
      4,                    /* cumulative sum of sigmas above which it drifts */
  BASELINE_FREEZE_SLOW = 3, /* if its mean of half an hour is so far off, too */
  BASELINE_THAW_S = 3600,   /* it stands still no longer without an incident */
};

/* What a value is, for the least spread that is believed: a count of things
 * scatters at least as Poisson says, a rate as its events do; of 0..100 or 0..1
 * half a percent of the scale is nothing. */
enum baseline_kind {
  BASELINE_PLAIN,
  BASELINE_COUNT,
  BASELINE_RATE,
  BASELINE_PERCENT, /* 0..100 */
  BASELINE_SHARE    /* 0..1 */
};

/* The curve of the day, UTC, in quarters of an hour. */
struct baseline_day {
  float level[BASELINE_SLOTS];
  uint16_t seen_s[BASELINE_SLOTS]; /* how much of it was seen, bounded */
};

struct baseline {
  double level;            /* winsorised mean, 6 h */
  double offset;           /* the same, of the value less the day's curve */
  double variance;         /* of what was not expected, 24 h */
  double learnt, learnt_s; /* values; seconds of them */
  double shadow;           /* mean, 30 min, never stands still */
  double shadow_variance;  /* about the shadow */
  double shadow_learnt;
  double wander;     /* variance of the shadow about what was expected, 24 h */
  double rise, fall; /* cumulative sums of sigmas, 0..20 */
  double frozen_s;   /* how long nothing was learnt */
};

/* Where a value stands. */
struct baseline_now {
  double expected;
  double spread; /* standard deviation, above 0 */
  double sigmas; /* (value - expected) / spread, signed */
  double rise, fall;
  double slow_sigmas; /* the same of the mean of half an hour */
};

void baseline_init(struct baseline *baseline);
void baseline_day_init(struct baseline_day *day);

/* Judge a finite value by what was learnt before it; changes nothing. day: NULL
 * where the time of day says nothing. time_s: since 1970; dt_s: since the last
 * value. With nothing learnt the value is its own expectation. */
void baseline_judge(const struct baseline *baseline,
                    const struct baseline_day *day, enum baseline_kind kind,
                    double value, double time_s, double dt_s,
                    struct baseline_now *out);

/* Take the value in. now: what baseline_judge said of it. frozen: it is part of
 * an incident; then only the shadow learns. */
void baseline_learn(struct baseline *baseline, struct baseline_day *day,
                    double value, double time_s, double dt_s,
                    const struct baseline_now *now, bool frozen);

/* The shadow becomes the baseline: what lasts so long is the new normal. */
void baseline_adopt(struct baseline *baseline, const struct baseline_day *day,
                    double time_s);

/* After a gap: what had been adding up is void. */
void baseline_interrupt(struct baseline *baseline);

#endif
