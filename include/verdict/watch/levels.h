/* The recent past of a series in a few means, and how far a value departs from
 * them. Each departure is measured in units of its own mean size. */
#ifndef VERDICT_WATCH_LEVELS_H
#define VERDICT_WATCH_LEVELS_H

#include <stdbool.h>

/* A departure counts only as far as neither the recent level nor the time of
 * day explains it. */
enum deviation {
  DEVIATION_LEVEL,     /* from the mean of 25 minutes */
  DEVIATION_STEP,      /* from the value before */
  DEVIATION_SLOW,      /* mean of 5 hours from that of days */
  DEVIATION_ROUGHNESS, /* how much it moves from value to value */
  DEVIATION_DAY,       /* from what this time of day is like */
  DEVIATION_SPIKE,     /* there and back */
  DEVIATION_SHIFT,     /* mean of 25 minutes from that of days */
  DEVIATION_TAILS,     /* those above are calibrated by a tail */
  DEVIATION_RECORD = DEVIATION_TAILS, /* beyond all that was seen */
  DEVIATION_COUNT
};

/* "level", "step" ... */
const char *levels_deviation_name(enum deviation deviation);

/* Plain data, saved as it is. */
struct levels {
  double recent;                     /* mean of 25 minutes */
  double slow;                       /* of 4.75 hours, in bounded steps */
  double usual;                      /* of 83 hours */
  double previous, before;           /* the last two values */
  double low, high;                  /* all that was seen, fading in 90 days */
  float recent_spread, usual_spread; /* mean distance from those means */
  float step_spread;                 /* mean |x - previous| */
  float roughness, usual_roughness;  /* mean ln |x - previous|, 3 h and 83 h */
  /* What the time of day does not explain: of the last two values, and the mean
   * of 4.75 hours. */
  float unexplained, unexplained_before, slow_unexplained;
  float values; /* taken in */
  float blocks; /* of time */
  float records,
      overshoot;         /* blocks with one, and their sum; of the last six */
  float block_overshoot; /* of the running block */
};

/* One value on its way through. */
struct levels_value {
  double value;
  float ticks;       /* how much time it stands for, of five minutes */
  bool gap;          /* what was before is long ago */
  bool is_explained; /* the time of day says something: */
  float beyond;      /* distance to what it expects, signed */
};

/* What one value is like. size: in units of its mean size; towards: the sign of
 * the departure, 0 if it has none. */
struct levels_departure {
  float size[DEVIATION_TAILS];
  signed char towards[DEVIATION_COUNT];
  float overshoot; /* ln(1 + o): so far beyond all, in ranges */
  float log_step;  /* for levels_learn */
};

/* The first value. */
void levels_init(struct levels *levels, double value);

/* The least distance that is believed. */
float levels_floor(const struct levels *levels);

/* The weight of a value that stands for so many ticks in a mean of days. */
float levels_weight(const struct levels *levels, float ticks);

/* Measure a value; moves the means of 5 hours and of the roughness. day: the
 * size of DEVIATION_DAY, 0 where the time of day is not asked. */
void levels_measure(struct levels *levels, const struct levels_value *value,
                    float day, struct levels_departure *out);

/* How rare a record is, as tail_rarity says it; 0 for none. false_alarms: that
 * are wanted, a month. */
float levels_record_rarity(const struct levels *levels,
                           const struct levels_departure *departure,
                           float false_alarms);

/* Learn a value that was measured. passed_s: the time that it stands for. */
void levels_learn(struct levels *levels, const struct levels_value *value,
                  const struct levels_departure *departure, double passed_s);

bool levels_is_sound(const struct levels *levels);

/* A block of time has ended. */
void levels_end_block(struct levels *levels);

#endif
