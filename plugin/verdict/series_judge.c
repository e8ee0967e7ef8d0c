/* One value of a watched series, judged by its baseline. Pure. */
#include "series_judge.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static const double warm_up_values = 30, gap_intervals = 2.5;
static const double freeze_drift = 4, freeze_slow = 3, excess_drift = 10;
static const double calm_share = 0.5;
static const double thaw_s = 3600;
static const double clock_step_s = 60; /* so far back is no late value */

/* The value to judge: counters as a rate. NAN: none yet. */
static double amount(const struct series_memory *memory,
                     const struct series_value *value, double dt_s, bool gap) {
  if (value->kind == SERIES_GAUGE || value->kind == SERIES_RATE)
    return isfinite(value->gauge) ? value->gauge : NAN;
  if (value->kind == SERIES_INCREMENT)
    return isfinite(value->gauge) ? value->gauge / dt_s : NAN;
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

static void judge(struct series_memory *memory, const struct rules *all,
                  const struct series_rules *rules, const char *identifier,
                  const struct series_value *seen, double value, double dt_s,
                  struct finding *finding) {
  struct baseline_now now;

  baseline_judge(&memory->baseline, &memory->day, kind_of(identifier, seen),
                 value, seen->time_s, dt_s, &now);
  double off = value - now.expected;
  bool warm =
      all->warm_up_s <= 0 || (memory->baseline.learnt >= warm_up_values &&
                              memory->baseline.learnt_s >= all->warm_up_s);
  double drift = fmax(now.rise, now.fall), slow = fabs(now.slow_sigmas);
  bool far = fabs(now.sigmas) > rules->sigmas ||
             (drift > excess_drift && slow > rules->sigmas);
  bool present = warm && far && in_direction(rules, off) &&
                 fabs(off) >= rules->min_change &&
                 ratio_reached(rules, value, now.expected);
  struct incident_evidence evidence = {
      .present = present,
      .calm = !present && fabs(now.sigmas) < calm_share * rules->sigmas,
      .adoptable = true,
  };
  finding->change = incident_step(&memory->incident, &rules->incident,
                                  &evidence, seen->time_s, dt_s);
  if (finding->change == INCIDENT_RAISED &&
      (int)rules->severity == SERIES_FAILURE)
    memory->incident.severity = SEVERITY_FAILURE;
  if (finding->change == INCIDENT_ADOPTED)
    baseline_adopt(&memory->baseline, &memory->day, seen->time_s);
  finding->judged = true;
  finding->evidence = present;
  finding->severity = memory->incident.severity;
  finding->since_s = memory->incident.since_s;
  finding->observed = value;
  finding->expected = now.expected;
  finding->score = now.sigmas;
  finding->failure_max = NAN;
  finding->samples = memory->baseline.learnt;
  band(rules, &now, finding);
  bool open = finding->severity != SEVERITY_OKAY;
  if (finding->change == INCIDENT_CLEARED)
    memory->baseline.frozen_s = 0; /* its time does not count for the thaw */
  baseline_learn(
      &memory->baseline, &memory->day, value, seen->time_s, dt_s, &now,
      open || present || (drift > freeze_drift && slow > freeze_slow));
  if (!open && memory->baseline.frozen_s >= thaw_s)
    baseline_adopt(&memory->baseline, &memory->day, seen->time_s);
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
  if (isnan(number))
    return -ENODATA;
  if (gap) {
    incident_interrupt(&memory->incident);
    baseline_interrupt(&memory->baseline);
  }
  memset(finding, 0, sizeof(*finding));
  judge(memory, all, rules, identifier, value, number, dt_s, finding);
  return 0;
}
