/* What a judge made of the series of one kind. */
#include "score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double day_s = 86400, young_days = 3;

void scoring_begin(struct scoring *scoring, const struct made_series *series,
                   bool with_event, struct score *score) {
  memset(scoring, 0, sizeof(*scoring));
  scoring->series = series;
  scoring->score = score;
  scoring->with_event = with_event;
  scoring->least = INFINITY;
  scoring->most = -INFINITY;
}

/* An alarm may come with the reading after the end, as it does after a short
 * event. */
static double grace_s(const struct made_series *series) {
  return fmax(300, 3 * series->kind->interval_s);
}

/* Whether the alarm tells of an event; notes when. */
static bool tells(struct scoring *scoring, double time_s, bool alarm) {
  const struct made_series *series = scoring->series;
  bool found = false;

  for (size_t i = 0; i < series->windows_len; i++) {
    const struct window *window = &series->windows[i];
    if (window->what != WINDOW_EVENT || time_s < window->begin_s ||
        time_s >= window->end_s + grace_s(series))
      continue;
    scoring->readings[i]++;
    found = true;
    if (alarm && scoring->told[i] == 0) {
      scoring->told[i] = scoring->readings[i];
      scoring->told_s[i] = time_s - window->begin_s;
    }
  }
  return found;
}

static void count_quiet(struct scoring *scoring, double days, double time_s,
                        double share_days, bool alarm) {
  struct score *score = scoring->score;
  double known = kind_known_days(scoring->series->kind);

  if (days < young_days) {
    score->days_young += share_days;
    score->alarms_young += alarm;
  } else if (days < known) {
    score->days_learning += share_days;
    score->alarms_learning += alarm;
  } else {
    score->days_known += share_days;
    score->alarms_known += alarm;
    scoring->known_alarms += alarm;
    if (alarm && series_window_at(scoring->series, WINDOW_HABIT, time_s))
      scoring->at_habit = true;
  }
}

/* An expectation beyond all values seen was learnt wrong. */
static void look_at_expectation(struct scoring *scoring, double value,
                                const struct habits_answer *answer,
                                bool known) {
  double reach = 0.05 * (scoring->most - scoring->least) + 1e-6 * fabs(value);

  if (known && isfinite(answer->expected) &&
      (answer->expected < scoring->least - reach ||
       answer->expected > scoring->most + reach))
    scoring->score->unseen++;
  scoring->least = fmin(scoring->least, value);
  scoring->most = fmax(scoring->most, value);
}

void scoring_put(struct scoring *scoring, const struct habits_value *value,
                 const struct habits_answer *answer) {
  const struct made_series *series = scoring->series;
  double days = (value->time_s - series->begin_s) / day_s;
  double share_days = value->interval_s / day_s;

  if (!value->counter && answer->judged)
    look_at_expectation(scoring, value->value, answer,
                        days >= kind_known_days(series->kind));
  if (tells(scoring, value->time_s, answer->alarm) ||
      series_window_at(series, WINDOW_AFTER, value->time_s))
    return;
  if (series_window_at(series, WINDOW_SPECIAL, value->time_s)) {
    scoring->special_alarms += answer->alarm;
    return;
  }
  if (!scoring->with_event) {
    count_quiet(scoring, days, value->time_s, share_days, answer->alarm);
  } else if (days >= kind_known_days(series->kind)) {
    scoring->score->days_after += share_days;
    scoring->score->alarms_after += answer->alarm;
  }
}

/* Whether it can be told at once: a ramp cannot. */
static bool is_abrupt(enum kind_event event) {
  return event != EVENT_RAMP && event != EVENT_WIDE && event != EVENT_MISSING;
}

static void count_event(struct scoring *scoring, size_t i) {
  struct score *score = scoring->score;
  bool abrupt = is_abrupt(scoring->series->event);
  bool told = scoring->told[i] > 0;

  if (scoring->readings[i] == 0)
    return; /* it fell into a gap */
  score->events++;
  score->abrupt += abrupt;
  if (!told)
    return;
  if (score->told < SCORE_DELAYS_MAX) {
    score->delay_readings[score->told] = scoring->told[i];
    score->delay_s[score->told] = scoring->told_s[i];
  }
  score->told++;
  if (abrupt && (scoring->told[i] <= 3 || scoring->told_s[i] <= 300))
    score->in_time++;
}

void scoring_end(struct scoring *scoring) {
  const struct made_series *series = scoring->series;
  struct score *score = scoring->score;

  for (size_t i = 0; i < series->windows_len; i++)
    if (series->windows[i].what == WINDOW_EVENT)
      count_event(scoring, i);
  if (scoring->with_event)
    return;
  score->seeds++;
  score->silent += scoring->known_alarms == 0;
  score->at_habit += scoring->at_habit;
  if (score->special_len < SCORE_SEEDS_MAX)
    score->alarms_special[score->special_len++] = scoring->special_alarms;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

double score_quantile(const double *values, int len, double share) {
  if (len <= 0)
    return NAN;
  double *sorted = malloc((size_t)len * sizeof(*sorted));
  if (!sorted)
    return NAN;
  memcpy(sorted, values, (size_t)len * sizeof(*sorted));
  qsort(sorted, (size_t)len, sizeof(*sorted), compare);
  double found = sorted[(int)(share * (len - 1) + 0.5)];
  free(sorted);
  return found;
}

double score_monthly(double alarms, double days) {
  return days > 0 ? 30 * alarms / days : NAN;
}
