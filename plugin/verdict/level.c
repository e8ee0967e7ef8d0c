/* A level off its generic baseline. Pure. */
#include "verdict/level.h"

#include <math.h>
#include <string.h>

enum { SHIFT_RUN = 3, RUN_MAX = 200 };
static const double warm_up_snapshots = 30;
static const double freeze_drift = 4, freeze_slow = 3, thaw_s = 3600;
static const double calm_sigmas = 2.5;

void level_init(struct level *level) {
  memset(level, 0, sizeof(*level));
  baseline_init(&level->baseline);
  incident_init(&level->incident);
}

static bool warm(const struct level *level, const struct rules *rules) {
  return rules->warm_up_s <= 0 ||
         (level->baseline.learnt >= warm_up_snapshots &&
          level->baseline.learnt_s >= rules->warm_up_s);
}

static bool begin(struct level *level, const struct rules *rules,
                  enum incident_kind kind, double value,
                  const struct observation *seen, struct baseline_now *now,
                  struct finding *finding) {
  memset(finding, 0, sizeof(*finding));
  if (!rules->incident[kind].enable || isnan(value))
    return false;
  if (seen->gap)
    baseline_interrupt(&level->baseline);
  if (seen->gap || seen->interval_changed) {
    incident_interrupt(&level->incident);
    level->run = 0;
  }
  baseline_judge(&level->baseline, NULL, BASELINE_PLAIN, value, seen->time_s,
                 seen->dt_s, now);
  return true;
}

static void settle(struct level *level, const struct incident_rules *common,
                   const struct incident_evidence *evidence,
                   const struct observation *seen, double value,
                   const struct baseline_now *now, struct finding *finding) {
  finding->judged = true;
  finding->evidence = evidence->present;
  finding->change = incident_step(&level->incident, common, evidence,
                                  seen->time_s, seen->dt_s);
  finding->severity = level->incident.severity;
  finding->since_s = level->incident.since_s;
  finding->observed = value;
  finding->expected = now->expected;
  finding->score = now->sigmas;
  finding->samples = level->baseline.learnt;
  bool open = finding->severity != SEVERITY_OKAY;
  bool drifts = fmax(now->rise, now->fall) > freeze_drift &&
                fabs(now->slow_sigmas) > freeze_slow;
  if (finding->change == INCIDENT_CLEARED)
    level->baseline.frozen_s = 0; /* its time does not count for the thaw */
  baseline_learn(&level->baseline, NULL, value, seen->time_s, seen->dt_s, now,
                 open || evidence->present || drifts);
  if (finding->change == INCIDENT_ADOPTED ||
      (!open && level->baseline.frozen_s >= thaw_s))
    baseline_adopt(&level->baseline, NULL, seen->time_s);
}

void level_judge_time_wait_pressure(struct level *level,
                                    const struct rules *rules,
                                    const struct observation *seen,
                                    struct finding *finding) {
  const struct time_wait_pressure_rules *limit = &rules->time_wait_pressure;
  double use = seen->value[SIGNAL_TIME_WAIT_USE];
  struct baseline_now now;

  if (!begin(level, rules, INCIDENT_TIME_WAIT_PRESSURE, use, seen, &now,
             finding))
    return;
  bool unusual = warm(level, rules) && now.sigmas > limit->sigmas;
  bool open = level->incident.severity != SEVERITY_OKAY;
  bool present = use > limit->fill && (unusual || open);
  struct incident_evidence evidence = {
      .present = present,
      .failure = present && use >= 100,
      .calm = use < limit->fill - 5 || now.sigmas < calm_sigmas,
      .adoptable = true,
  };
  settle(level, &rules->incident[INCIDENT_TIME_WAIT_PRESSURE], &evidence, seen,
         use, &now, finding);
  finding->upper =
      fmin(100, fmax(limit->fill, now.expected + limit->sigmas * now.spread));
  finding->failure_max = 100;
}

void level_judge_state_shift(struct level *level, const struct rules *rules,
                             const struct observation *seen, bool muted,
                             struct finding *finding) {
  const struct state_shift_rules *limit = &rules->state_shift;
  double entropy = seen->value[SIGNAL_STATE_ENTROPY];
  struct baseline_now now;

  if (!begin(level, rules, INCIDENT_STATE_SHIFT, entropy, seen, &now, finding))
    return;
  bool off = warm(level, rules) && fabs(now.sigmas) > limit->sigmas &&
             seen->value[SIGNAL_ACTIVE] >= limit->min_active;
  level->run = (uint8_t)(off ? fmin(level->run + 1, RUN_MAX) : 0);
  bool present = off && !muted && level->run >= SHIFT_RUN;
  struct incident_evidence evidence = {
      .present = present,
      .certain = present,
      .calm = !off && fabs(now.sigmas) < calm_sigmas,
      .adoptable = true,
  };
  settle(level, &rules->incident[INCIDENT_STATE_SHIFT], &evidence, seen,
         entropy, &now, finding);
  if (muted)
    level->baseline.frozen_s = 0; /* the flood is no new normal */
  finding->lower = fmax(0, now.expected - limit->sigmas * now.spread);
  finding->upper = fmin(1, now.expected + limit->sigmas * now.spread);
  finding->failure_max = NAN;
}
