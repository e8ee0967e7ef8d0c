/* What a judge made of the series of one kind. Pure. */
#ifndef HABITS_SCORE_H
#define HABITS_SCORE_H

#include "judge.h"
#include "series_maker.h"

enum { SCORE_DELAYS_MAX = 2000, SCORE_SEEDS_MAX = 400 };

struct score {
  int seeds;
  /* without an event: alarms and days before and after it is known */
  double alarms_young, days_young;       /* the first three days */
  double alarms_learning, days_learning; /* until it is known */
  double alarms_known, days_known;
  int silent;                             /* seeds without one afterwards */
  double alarms_special[SCORE_SEEDS_MAX]; /* of each seed */
  int special_len;
  int at_habit;  /* seeds with an alarm at the weekly job's own time */
  double unseen; /* readings, once known, with an expectation beyond all values
                    seen */
  /* with events */
  int events, told, in_time, abrupt;
  double delay_readings[SCORE_DELAYS_MAX], delay_s[SCORE_DELAYS_MAX];
  double alarms_after; /* false ones after it is known, beside an event */
  double days_after;
};

/* One series before the judge. with_event as in series_make. */
struct scoring {
  const struct made_series *series;
  struct score *score;
  bool with_event;
  double least, most; /* values seen */
  double known_alarms, special_alarms;
  bool at_habit;
  int told[SERIES_WINDOWS_MAX]; /* the reading's number at its first alarm */
  double told_s[SERIES_WINDOWS_MAX];
  int readings[SERIES_WINDOWS_MAX]; /* in the window so far */
};

void scoring_begin(struct scoring *scoring, const struct made_series *series,
                   bool with_event, struct score *score);
void scoring_put(struct scoring *scoring, const struct habits_value *value,
                 const struct habits_answer *answer);
void scoring_end(struct scoring *scoring);

/* Of sorted or unsorted values; share 0..1. NAN of none. */
double score_quantile(const double *values, int len, double share);
/* Alarms a month of 30 days; NAN without days. */
double score_monthly(double alarms, double days);

#endif
