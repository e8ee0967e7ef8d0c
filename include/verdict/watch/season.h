/* What a series usually is at this time of day: the means of each quarter of an
 * hour on the last three weekdays and the last two days of the weekend. */
#ifndef VERDICT_WATCH_SEASON_H
#define VERDICT_WATCH_SEASON_H

#include <stdbool.h>
#include <stdint.h>

enum {
  SEASON_SLOTS = 96,
  SEASON_SLOT_S = 900,
  SEASON_SPREADS = SEASON_SLOTS / 2,
  SEASON_WEEKDAYS = 3,
  SEASON_WEEKEND_DAYS = 2,
  SEASON_DAYS = SEASON_WEEKDAYS, /* how many days an expectation looks at */
};

/* Which days are asked. AUTO: the last three days, and weekdays and weekends
 * apart once that is better; DAY: always the last three; WEEK: always apart. */
enum season_mode { SEASON_AUTO, SEASON_DAY, SEASON_WEEK, SEASON_NONE };

/* A moment by the local clock. */
struct season_time {
  int64_t day;  /* since 1970-01-01 */
  int slot;     /* of the day */
  int weekday;  /* 0 Monday .. 6 Sunday */
  bool weekend; /* that day */
};

/* Plain data, saved as it is. Values are kept as whole steps about center. */
struct season {
  double center;
  double sum;       /* of the running slot's values, */
  float count;      /* so many */
  float step;       /* 0: nothing is known yet */
  int64_t day;      /* the running slot's */
  int64_t kept_day; /* of the last slot that was kept */
  /* Mean errors of the past: of the curve that was asked, of the long mean; of
   * weekdays and weekends apart, and of the last three days. */
  float curve_error, level_error, apart_error, pool_error;
  float slots;  /* compared so far */
  float spread; /* mean distance of a value from the curve */
  int16_t weekday[SEASON_SLOTS][SEASON_WEEKDAYS]; /* newest first */
  int16_t weekend[SEASON_SLOTS][SEASON_WEEKEND_DAYS];
  uint16_t slot_spread[SEASON_SPREADS]; /* the upper half of a float */
  uint8_t slot;       /* the running one; SEASON_SLOTS: none */
  uint8_t kept_slot;  /* the last one that was kept; SEASON_SLOTS: none */
  uint8_t is_weekend; /* the running slot's day */
  uint8_t chosen;     /* the curve tells more than the long mean */
  uint8_t apart;      /* weekdays and weekends are asked apart */
  uint8_t utc;        /* its slots are still those of UTC */
  /* Of the running slot, not saved: */
  bool looked; /* the rest is set */
  uint8_t days;
  float expected, lowest, highest; /* about center */
};

/* What the curve says of a slot. */
struct season_hull {
  int days;               /* that it knows of, 0: nothing */
  double expected;        /* the median of them */
  double lowest, highest; /* of expectations, neighbours' too */
};

/* Where one value stands. */
struct season_stand {
  float beyond; /* distance to the hull, signed; 0 within */
  float spread; /* of the values at this time of day */
};

void season_init(struct season *season);

/* weekend: bit 0 Monday .. bit 6 Sunday. local_s: seconds since 1970 by the
 * local clock. */
void season_clock(double local_s, unsigned weekend, struct season_time *out);

/* Time goes on. usual: the long mean; usual_spread about it; range: of all
 * values; passed_s: since the last value. */
void season_move(struct season *season, enum season_mode mode,
                 const struct season_time *now, unsigned weekend, double usual,
                 float usual_spread, float range, double passed_s);

/* The hull at the moment season_move was told of. */
void season_hull(const struct season *season, struct season_hull *out);

/* Where a value stands, and learn its distance. floor: the least spread;
 * ticks: how much time it stands for, of five minutes; weight: its part in a
 * mean of days, 0..1; usual: the long mean. hull: one that knows two days. */
void season_compare(struct season *season, const struct season_hull *hull,
                    double value, float floor, float ticks, float weight,
                    double usual, struct season_stand *out);

/* Begin with a day of another model: SEASON_SLOTS means, those of UTC; seen_s:
 * 0 where there is none. */
void season_take_over(struct season *season, double center, float spread,
                      const float *means, const uint16_t *seen_s);

/* After season_take_over: from now on by the local clock. */
void season_turn(struct season *season, double zone_s);

/* Values scatter more than the ones that were learned from, by a factor. */
void season_widen(struct season *season, float factor);

bool season_is_sound(const struct season *season);

/* Take a value into the running slot. */
void season_take(struct season *season, double value);

/* The values of the days that are asked for a slot, newest first; returns how
 * many. out: SEASON_DAYS of them. */
int season_days(const struct season *season, int slot, int weekday,
                unsigned weekend, double *out);

#endif
