/* What a watched series is used to, and how rare a value is: deviations from
 * its recent levels and its time of day, calibrated by its own past, one alarm
 * an event, so many alarms a month. Constant memory; nothing is allocated. */
#ifndef VERDICT_WATCH_HABIT_H
#define VERDICT_WATCH_HABIT_H

#include "verdict/watch/alarm_rate.h"
#include "verdict/watch/levels.h"
#include "verdict/watch/season.h"
#include "verdict/watch/tail.h"
#include "verdict/watch/weekly.h"

enum {
  HABIT_BLOCK_S = 300, /* a block of time, or the interval if that is longer */
  HABIT_BLOCKS = 60,   /* before that many, nothing is rare */
};

/* Plain data, saved as it is. */
struct habit {
  double time_s;    /* of the last value; 0: none yet */
  float interval_s; /* learned */
  uint32_t block;   /* the running one */
  float held_s;     /* blocks of the running event, in seconds */
  float envelope;   /* events below it are none; fades in 12 h */
  float calm_s;     /* so long well below the limit, */
  float over_s;     /* means of hours left out */
  uint8_t is_open;  /* an event is going on */
  uint8_t is_slow;  /* it began by means of hours */
  uint8_t had_day;  /* the curve of the day has been chosen once */
  struct levels levels;
  struct alarm_rate rate;
  struct tail tail[DEVIATION_TAILS];
  /* The running event: when it began and was last seen, by the local clock, and
   * how far it went. */
  float event_height;
  uint16_t event_slot, event_week, event_last_slot, event_last_week;
  struct weekly weekly;
  struct season season;
};

struct habit_settings {
  double false_alarms; /* a month; 0: no limit by them */
  double sigmas;       /* the band is at least so wide; 0: no such limit */
  enum season_mode season;
  unsigned weekend; /* bit 0 Monday .. bit 6 Sunday */
  int direction;    /* above 0: only values that are too large; below: small */
};

struct habit_value {
  double value;
  double time_s;
  double zone_s; /* local time less UTC */
  double interval_s;
};

struct habit_now {
  float rarity;           /* of all deviations together; ln of one in so many */
  float quick_rarity;     /* without the means of hours */
  float limit;            /* for it; 0: nothing can be rare yet */
  enum deviation leading; /* the deviation that says most */
  float size[DEVIATION_COUNT];     /* z; of the record 0 */
  float sigmas;                    /* the largest of them in deviations */
  signed char towards;             /* the sign of the leading one */
  float rarities[DEVIATION_COUNT]; /* of each, without its weight */
  bool begins;                     /* an event: worth an alarm */
  bool is_open;                    /* an event goes on */
  bool is_over;                    /* but for its means of hours, it is over */
  bool is_beyond;                  /* rarity is above the limit */
  bool is_calm;                    /* well below it */
  double expected;                 /* within the band */
  double lower, upper;             /* NAN: not known yet */
  double usual;            /* what the leading deviation is measured from */
  struct season_hull hull; /* what the time of day says */
};

void habit_init(struct habit *habit);

/* One value: judged by what was learned before it, then learned. Returns false,
 * and nothing was learned, for what is no number (NAN, beyond 1e30) or not
 * after the last. The first value is its own expectation. */
bool habit_step(struct habit *habit, const struct habit_settings *settings,
                const struct habit_value *value, struct habit_now *out);

/* The clock was set back to before the last value: go on from there. */
void habit_set_back(struct habit *habit, double time_s);

/* Seconds learned from, of at most three months. */
double habit_learnt_s(const struct habit *habit);

/* Another model's knowledge of the same series. */
struct habit_known {
  double level, deviation; /* mean and standard deviation */
  double values;
  const float *day; /* SEASON_SLOTS means of the day, UTC; or NULL */
  const uint16_t *day_seen_s;
};

/* Begin with what another model has learned. Nothing is rare before
 * HABIT_BLOCKS have gone by. */
void habit_take_over(struct habit *habit, const struct habit_known *known);

/* It was learned from averages of so many values each: the values themselves
 * scatter more. Nothing is rare before HABIT_BLOCKS have gone by. values: what
 * the scatter of averages counts for, at most. */
void habit_coarsen(struct habit *habit, double ratio, double values);

/* Whether it is one that habit_step can have left: for what was saved. */
bool habit_is_sound(const struct habit *habit);

#endif
