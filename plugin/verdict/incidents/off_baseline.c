/* A level off its generic baseline. Pure. */
#include "verdict/incidents/off_baseline.h"

#include <math.h>
#include <string.h>

enum { SHIFT_RUN = 3, RUN_MAX = 200 };
static const double warm_up_snapshots = 30;
static const double freeze_drift = 4, freeze_slow = 3, thaw_s = 3600;
static const double calm_sigmas = 2.5;

#define RULE(terms)                                                            \
  { terms, sizeof(terms) / sizeof((terms)[0]) }

static const struct trace_term warm[] = {
    {1, 1, false, LEVEL_WARM_READINGS},
    {1, 1, false, LEVEL_WARM_TIME},
    {1, 2, false, LEVEL_NO_WARM_UP},
};
/* Once it is open, near the limit is enough. */
static const struct trace_term pressure[] = {
    {1, 1, false, LEVEL_FILL},
    {2, 1, false, LEVEL_SIGMAS},
    {2, 1, false, LEVEL_WARM},
    {2, 2, false, LEVEL_WAS_OPEN},
};
static const struct trace_term pressure_failure[] = {
    {1, 1, false, LEVEL_EVIDENCE},
    {2, 1, false, LEVEL_FULL},
};
static const struct trace_term pressure_calm[] = {
    {1, 1, false, LEVEL_CALM_FILL},
    {1, 2, false, LEVEL_CALM_SIGMAS},
};
static const struct trace_term off[] = {
    {1, 1, false, LEVEL_SIGMAS},
    {2, 1, false, LEVEL_ACTIVE},
    {3, 1, false, LEVEL_WARM},
};
static const struct trace_term shift[] = {
    {1, 1, false, LEVEL_OFF},
    {2, 1, false, LEVEL_RUN},
    {3, 1, true, LEVEL_MUTED},
};
static const struct trace_term shift_calm[] = {
    {1, 1, true, LEVEL_OFF},
    {2, 1, false, LEVEL_CALM_SIGMAS},
};
static const struct trace_term drifting[] = {
    {1, 1, false, LEVEL_DRIFT},
    {2, 1, false, LEVEL_SLOW},
};
static const struct trace_term frozen[] = {
    {1, 1, false, LEVEL_OPEN},
    {1, 2, false, LEVEL_EVIDENCE},
    {1, 3, false, LEVEL_DRIFTING},
};

const struct trace_rule off_baseline_pressure_rules[LEVEL_TESTS] = {
    [LEVEL_WARM] = RULE(warm),
    [LEVEL_EVIDENCE] = RULE(pressure),
    [LEVEL_FAILURE] = RULE(pressure_failure),
    [LEVEL_CALM] = RULE(pressure_calm),
    [LEVEL_DRIFTING] = RULE(drifting),
    [LEVEL_FROZEN] = RULE(frozen),
};
const struct trace_rule off_baseline_shift_rules[LEVEL_TESTS] = {
    [LEVEL_WARM] = RULE(warm),         [LEVEL_OFF] = RULE(off),
    [LEVEL_EVIDENCE] = RULE(shift),    [LEVEL_CALM] = RULE(shift_calm),
    [LEVEL_DRIFTING] = RULE(drifting), [LEVEL_FROZEN] = RULE(frozen),
};

void off_baseline_init(struct off_baseline *level) {
  memset(level, 0, sizeof(*level));
  baseline_init(&level->baseline);
  incident_init(&level->incident);
}

static bool was_sent(const struct observation *seen, enum incident_kind kind) {
  int signal = kind == INCIDENT_STATE_SHIFT ? SIGNAL_STATE_ENTROPY
                                            : SIGNAL_TIME_WAIT_USE;
  return (seen->sent >> signal & 1) != 0;
}

static bool begin(struct off_baseline *level, const struct rules *rules,
                  enum incident_kind kind, const struct observation *seen,
                  struct level_trace *trace, struct finding *finding) {
  memset(finding, 0, sizeof(*finding));
  if (!rules->incident[kind].enable)
    return false;
  if (seen->gap)
    baseline_interrupt(&level->baseline);
  if (seen->gap || seen->interval_changed) {
    incident_interrupt(&level->incident);
    level->run = 0;
  }
  if (isnan(trace->value)) {
    if (incident_abstain(&level->incident, seen->dt_s, seen->interval_s) &&
        level->baseline.learnt > 0 && was_sent(seen, kind))
      incident_hold(finding, &level->incident);
    return false;
  }
  trace->dt_s = incident_resume(&level->incident, seen->dt_s);
  baseline_judge(&level->baseline, NULL,
                 kind == INCIDENT_STATE_SHIFT ? BASELINE_SHARE
                                              : BASELINE_PERCENT,
                 trace->value, seen->time_s, trace->dt_s, &trace->now);
  return true;
}

static void test_warm(const struct off_baseline *level,
                      const struct rules *rules, const struct trace_rule *table,
                      struct trace_test *test) {
  trace_fact(&test[LEVEL_NO_WARM_UP], rules->warm_up_s <= 0);
  trace_at_least(&test[LEVEL_WARM_READINGS], level->baseline.learnt,
                 warm_up_snapshots);
  trace_at_least(&test[LEVEL_WARM_TIME], level->baseline.learnt_s,
                 rules->warm_up_s);
  trace_apply(table, LEVEL_WARM, test);
}

static void learn(struct off_baseline *level, const struct observation *seen,
                  enum incident_change change, const struct trace_rule *table,
                  struct level_trace *trace) {
  const struct baseline_now *now = &trace->now;
  struct trace_test *test = trace->test;

  bool open =
      trace_fact(&test[LEVEL_OPEN], level->incident.severity != SEVERITY_OKAY);
  trace_above(&test[LEVEL_DRIFT], fmax(now->rise, now->fall), freeze_drift);
  trace_above(&test[LEVEL_SLOW], fabs(now->slow_sigmas), freeze_slow);
  trace_apply(table, LEVEL_DRIFTING, test);
  if (change == INCIDENT_CLEARED)
    level->baseline.frozen_s = 0; /* its time does not count for the thaw */
  baseline_learn(&level->baseline, NULL, trace->value, seen->time_s,
                 trace->dt_s, now, trace_apply(table, LEVEL_FROZEN, test));
  bool long_frozen = trace_at_least(&test[LEVEL_LONG_FROZEN],
                                    level->baseline.frozen_s, thaw_s);
  if (change == INCIDENT_ADOPTED || (!open && long_frozen))
    baseline_adopt(&level->baseline, NULL, seen->time_s);
}

static void settle(struct off_baseline *level,
                   const struct incident_rules *common,
                   const struct incident_evidence *evidence,
                   const struct observation *seen,
                   const struct trace_rule *table, struct level_trace *trace,
                   struct finding *finding) {
  finding->judged = true;
  finding->evidence = evidence->present;
  finding->change = incident_step(&level->incident, common, evidence,
                                  seen->time_s, trace->dt_s);
  finding->severity = level->incident.severity;
  finding->since_s = level->incident.since_s;
  finding->observed = trace->value;
  finding->expected = trace->now.expected;
  finding->score = incident_score(trace->now.sigmas);
  finding->samples = level->baseline.learnt;
  learn(level, seen, finding->change, table, trace);
}

void off_baseline_judge_time_wait_pressure(struct off_baseline *level,
                                           const struct rules *rules,
                                           const struct observation *seen,
                                           struct finding *finding,
                                           struct level_trace *trace) {
  const struct time_wait_pressure_rules *limit = &rules->time_wait_pressure;
  const struct trace_rule *table = off_baseline_pressure_rules;
  const struct baseline_now *now = &trace->now;
  struct trace_test *test = trace->test;
  double use = seen->value[SIGNAL_TIME_WAIT_USE];

  trace->value = use;
  if (!begin(level, rules, INCIDENT_TIME_WAIT_PRESSURE, seen, trace, finding))
    return;
  test_warm(level, rules, table, test);
  trace_above(&test[LEVEL_FILL], use, limit->fill);
  trace_above(&test[LEVEL_SIGMAS], now->sigmas, limit->sigmas);
  trace_fact(&test[LEVEL_WAS_OPEN], level->incident.severity != SEVERITY_OKAY);
  trace_at_least(&test[LEVEL_FULL], use, 100);
  trace_below(&test[LEVEL_CALM_FILL], use, limit->fill - 5);
  trace_below(&test[LEVEL_CALM_SIGMAS], now->sigmas, calm_sigmas);
  struct incident_evidence evidence = {
      .present = trace_apply(table, LEVEL_EVIDENCE, test),
      .failure = trace_apply(table, LEVEL_FAILURE, test),
      .calm = trace_apply(table, LEVEL_CALM, test),
      .adoptable = true,
  };
  settle(level, &rules->incident[INCIDENT_TIME_WAIT_PRESSURE], &evidence, seen,
         table, trace, finding);
  finding->upper =
      fmin(100, fmax(limit->fill, now->expected + limit->sigmas * now->spread));
  finding->failure_max = 100;
}

static bool is_off(const struct state_shift_rules *limit,
                   const struct observation *seen, struct level_trace *trace) {
  struct trace_test *test = trace->test;
  double sigmas = fabs(trace->now.sigmas);

  trace_above(&test[LEVEL_SIGMAS], sigmas, limit->sigmas);
  trace_at_least(&test[LEVEL_ACTIVE], seen->value[SIGNAL_ACTIVE],
                 limit->min_active);
  trace_below(&test[LEVEL_CALM_SIGMAS], sigmas, calm_sigmas);
  return trace_apply(off_baseline_shift_rules, LEVEL_OFF, test);
}

void off_baseline_judge_state_shift(struct off_baseline *level,
                                    const struct rules *rules,
                                    const struct observation *seen, bool muted,
                                    struct finding *finding,
                                    struct level_trace *trace) {
  const struct state_shift_rules *limit = &rules->state_shift;
  const struct trace_rule *table = off_baseline_shift_rules;
  const struct baseline_now *now = &trace->now;
  struct trace_test *test = trace->test;

  trace->value = seen->value[SIGNAL_STATE_ENTROPY];
  if (!begin(level, rules, INCIDENT_STATE_SHIFT, seen, trace, finding))
    return;
  test_warm(level, rules, table, test);
  level->run =
      (uint8_t)(is_off(limit, seen, trace) ? fmin(level->run + 1, RUN_MAX) : 0);
  trace_at_least(&test[LEVEL_RUN], level->run, SHIFT_RUN);
  trace_fact(&test[LEVEL_MUTED], muted);
  bool present = trace_apply(table, LEVEL_EVIDENCE, test);
  struct incident_evidence evidence = {
      .present = present,
      .certain = present,
      .calm = trace_apply(table, LEVEL_CALM, test),
      .adoptable = true,
  };
  settle(level, &rules->incident[INCIDENT_STATE_SHIFT], &evidence, seen, table,
         trace, finding);
  if (muted)
    level->baseline.frozen_s = 0; /* the flood is no new normal */
  finding->lower = fmax(0, now->expected - limit->sigmas * now->spread);
  finding->upper = fmin(1, now->expected + limit->sigmas * now->spread);
  finding->failure_max = NAN;
}
