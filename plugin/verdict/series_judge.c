/* One value of a watched series, judged by its baseline. Pure. */
#include "series_judge.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static const double warm_up_values = 30, gap_intervals = 2.5;
static const double freeze_drift = 4, freeze_slow = 3, excess_drift = 10;
static const double calm_share = 0.5;
static const double thaw_s = 3600;
static const double restart_values = 10;
static const double clock_step_s = 60; /* so far back is no late value */

void series_memory_init(struct series_memory *memory) {
  memset(memory, 0, sizeof(*memory));
  baseline_init(&memory->baseline);
  baseline_day_init(&memory->day);
  incident_init(&memory->incident);
}

/* The value to judge: what counts as a rate. Not finite: none yet. */
static double amount(const struct series_memory *memory,
                     const struct series_value *value, double dt_s, bool gap) {
  if (value->kind == SERIES_GAUGE || value->kind == SERIES_RATE)
    return value->gauge;
  if (value->kind == SERIES_INCREMENT)
    return value->gauge / dt_s;
  if (gap || memory->counter < 0 || value->counter < memory->counter)
    return NAN;
  return (double)(value->counter - memory->counter) / dt_s;
}

/* Types of types.db that count things; of tcpstates, of processes ... */
static bool counts_things(const char *identifier) {
  static const char *const counts[] = {
      "tcp_connections", "current_connections",
      "connections",     "users",
      "ps_count",        "ps_state",
      "threads",         "current_sessions",
      "files",
  };
  const char *type = strchr(identifier, '/') + 1; /* the plugin */

  type = strchr(type, '/') + 1;
  size_t length = strcspn(type, "-:");
  for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
    if (strlen(counts[i]) == length && strncmp(type, counts[i], length) == 0)
      return true;
  return false;
}

static enum baseline_kind kind_of(const char *identifier,
                                  const struct series_value *value) {
  if (value->kind != SERIES_GAUGE)
    return BASELINE_RATE;
  return counts_things(identifier) ? BASELINE_COUNT : BASELINE_PLAIN;
}

static bool in_direction(const struct series_rules *rules, double off) {
  if ((int)rules->direction == SERIES_ABOVE)
    return off > 0;
  return (int)rules->direction == SERIES_BOTH || off < 0;
}

static bool ratio_reached(const struct series_rules *rules, double value,
                          double expected) {
  double high = fmax(fabs(value), fabs(expected));
  double low = fmin(fabs(value), fabs(expected));

  return high >= rules->min_ratio * low || value * expected < 0;
}

static void band(const struct series_rules *rules,
                 const struct baseline_now *now, struct finding *finding) {
  double reach = fmax(rules->sigmas * now->spread, rules->min_change);
  double by_ratio = fabs(now->expected) * (rules->min_ratio - 1);

  finding->upper = now->expected + fmax(reach, by_ratio);
  finding->lower = now->expected - fmax(reach, fabs(now->expected) *
                                                   (1 - 1 / rules->min_ratio));
}

/* One value that is being judged. */
struct case_of {
  const struct series_rules *rules;
  double value, time_s, dt_s;
  struct baseline_now now;
  bool present;
};

static bool is_far(const struct case_of *is) {
  return fabs(is->now.sigmas) > is->rules->sigmas ||
         (fmax(is->now.rise, is->now.fall) > excess_drift &&
          fabs(is->now.slow_sigmas) > is->rules->sigmas);
}

static bool is_warm(const struct baseline *baseline, const struct rules *all) {
  return all->warm_up_s <= 0 || (baseline->learnt >= warm_up_values &&
                                 baseline->learnt_s >= all->warm_up_s);
}

static bool is_present(const struct case_of *is,
                       const struct baseline *baseline,
                       const struct rules *all) {
  double off = is->value - is->now.expected;

  return is_warm(baseline, all) && is_far(is) && in_direction(is->rules, off) &&
         fabs(off) >= is->rules->min_change &&
         ratio_reached(is->rules, is->value, is->now.expected);
}

static enum incident_change step(struct series_memory *memory,
                                 const struct case_of *is) {
  struct incident *incident = &memory->incident;
  struct incident_evidence evidence = {
      .present = is->present,
      .calm =
          !is->present && fabs(is->now.sigmas) < calm_share * is->rules->sigmas,
      .adoptable = true,
  };
  enum incident_change change = incident_step(incident, &is->rules->incident,
                                              &evidence, is->time_s, is->dt_s);

  if (change == INCIDENT_RAISED && (int)is->rules->severity == SERIES_FAILURE)
    incident->severity = SEVERITY_FAILURE;
  return change;
}

/* Before it is warm, so many values in a row unlike the first ones say that
 * these were not the usual ones: a sensor's 0, a peak at the start. */
static bool begins_anew(const struct baseline *baseline, double dt_s) {
  return baseline->learnt < warm_up_values &&
         baseline->frozen_s >= restart_values * dt_s;
}

static void learn(struct series_memory *memory, const struct case_of *is,
                  enum incident_change change) {
  struct baseline *baseline = &memory->baseline;
  bool open = memory->incident.severity != SEVERITY_OKAY;
  bool drifts = fmax(is->now.rise, is->now.fall) > freeze_drift &&
                fabs(is->now.slow_sigmas) > freeze_slow;

  if (change == INCIDENT_CLEARED)
    baseline->frozen_s = 0; /* its time does not count for the thaw */
  baseline_learn(baseline, &memory->day, is->value, is->time_s, is->dt_s,
                 &is->now, open || is->present || drifts);
  if (!open && begins_anew(baseline, is->dt_s)) {
    baseline_init(baseline);
    baseline_day_init(&memory->day);
  } else if (change == INCIDENT_ADOPTED ||
             (!open && baseline->frozen_s >= thaw_s)) {
    baseline_adopt(baseline, &memory->day, is->time_s);
  }
}

static void judge(struct series_memory *memory, const struct case_of *is,
                  struct finding *finding) {
  finding->samples = memory->baseline.learnt;
  finding->change = step(memory, is);
  finding->judged = true;
  finding->evidence = is->present;
  finding->severity = memory->incident.severity;
  finding->since_s = memory->incident.since_s;
  finding->observed = is->value;
  finding->expected = is->now.expected;
  finding->score = incident_score(is->now.sigmas);
  finding->failure_max = NAN;
  band(is->rules, &is->now, finding);
  learn(memory, is, finding->change);
}

int series_judge(struct series_memory *memory, const struct rules *all,
                 const struct series_rules *rules, const char *identifier,
                 const struct series_value *value, struct finding *finding) {
  double passed_s = value->time_s - memory->time_s;
  bool first = memory->time_s <= 0;

  if (!first && passed_s <= 0 && passed_s > -clock_step_s)
    return -ESTALE;
  bool gap =
      first || passed_s <= 0 || passed_s > gap_intervals * value->interval_s;
  double dt_s = gap ? value->interval_s : passed_s;
  double number = amount(memory, value, dt_s, gap);
  memory->time_s = value->time_s;
  memory->seen_s = value->now_s;
  memory->interval_s = value->interval_s;
  memory->counter = value->counter;
  if (!isfinite(number))
    return -ENODATA;
  if (gap) {
    incident_interrupt(&memory->incident);
    baseline_interrupt(&memory->baseline);
  }
  struct case_of is = {
      .rules = rules, .value = number, .time_s = value->time_s, .dt_s = dt_s};
  baseline_judge(&memory->baseline, &memory->day, kind_of(identifier, value),
                 number, value->time_s, dt_s, &is.now);
  is.present = is_present(&is, &memory->baseline, all);
  memset(finding, 0, sizeof(*finding));
  judge(memory, &is, finding);
  return 0;
}
