/* A value off its learned baseline: the timewait sockets, or the mix of states.
 * Pure. */
#include "verdict/incidents/off_baseline.h"

#include <math.h>
#include <string.h>

enum { SHIFT_RUN = 3, RUN_MAX = 200 };
static const double calm_sigmas = 2.5;

static const struct trace_term warm[] = {
    {1, 1, false, OFF_BASELINE_WARM_READINGS},
    {1, 1, false, OFF_BASELINE_WARM_TIME},
    {1, 2, false, OFF_BASELINE_NO_WARM_UP},
};
/* Once it is open, being near the limit is enough to keep it open. */
static const struct trace_term pressure[] = {
    {1, 1, false, OFF_BASELINE_FILL},
    {2, 1, false, OFF_BASELINE_SIGMAS},
    {2, 1, false, OFF_BASELINE_WARM},
    {2, 2, false, OFF_BASELINE_WAS_OPEN},
};
static const struct trace_term pressure_failure[] = {
    {1, 1, false, OFF_BASELINE_EVIDENCE},
    {2, 1, false, OFF_BASELINE_FULL},
};
static const struct trace_term pressure_calm[] = {
    {1, 1, false, OFF_BASELINE_CALM_FILL},
    {1, 2, false, OFF_BASELINE_CALM_SIGMAS},
};
static const struct trace_term off[] = {
    {1, 1, false, OFF_BASELINE_SIGMAS},
    {2, 1, false, OFF_BASELINE_ACTIVE},
    {3, 1, false, OFF_BASELINE_WARM},
};
static const struct trace_term shift[] = {
    {1, 1, false, OFF_BASELINE_OFF},
    {2, 1, false, OFF_BASELINE_RUN},
    {3, 1, true, OFF_BASELINE_MUTED},
};
static const struct trace_term shift_calm[] = {
    {1, 1, true, OFF_BASELINE_OFF},
    {2, 1, false, OFF_BASELINE_CALM_SIGMAS},
};
static const struct trace_term strays[] = {
    {1, 1, false, OFF_BASELINE_FILL},
    {2, 1, false, OFF_BASELINE_RATIO},
    {3, 1, false, OFF_BASELINE_WARM},
};
static const struct trace_term strays_evidence[] = {
    {1, 1, false, OFF_BASELINE_OFF},
    {2, 1, false, OFF_BASELINE_RUN},
};
static const struct trace_term strays_calm[] = {
    {1, 1, true, OFF_BASELINE_OFF},
};
static const struct trace_term drifting[] = {
    {1, 1, false, OFF_BASELINE_DRIFT},
    {2, 1, false, OFF_BASELINE_SLOW},
};
static const struct trace_term frozen[] = {
    {1, 1, false, OFF_BASELINE_OPEN},
    {1, 2, false, OFF_BASELINE_EVIDENCE},
    {1, 3, false, OFF_BASELINE_DRIFTING},
};

const struct trace_rule off_baseline_pressure_rules[OFF_BASELINE_TESTS] = {
    [OFF_BASELINE_WARM] = TRACE_RULE(warm),
    [OFF_BASELINE_EVIDENCE] = TRACE_RULE(pressure),
    [OFF_BASELINE_FAILURE] = TRACE_RULE(pressure_failure),
    [OFF_BASELINE_CALM] = TRACE_RULE(pressure_calm),
    [OFF_BASELINE_DRIFTING] = TRACE_RULE(drifting),
    [OFF_BASELINE_FROZEN] = TRACE_RULE(frozen),
};
const struct trace_rule off_baseline_shift_rules[OFF_BASELINE_TESTS] = {
    [OFF_BASELINE_WARM] = TRACE_RULE(warm),
    [OFF_BASELINE_OFF] = TRACE_RULE(off),
    [OFF_BASELINE_EVIDENCE] = TRACE_RULE(shift),
    [OFF_BASELINE_CALM] = TRACE_RULE(shift_calm),
    [OFF_BASELINE_DRIFTING] = TRACE_RULE(drifting),
    [OFF_BASELINE_FROZEN] = TRACE_RULE(frozen),
};

const struct trace_rule off_baseline_strays_rules[OFF_BASELINE_TESTS] = {
    [OFF_BASELINE_WARM] = TRACE_RULE(warm),
    [OFF_BASELINE_OFF] = TRACE_RULE(strays),
    [OFF_BASELINE_EVIDENCE] = TRACE_RULE(strays_evidence),
    [OFF_BASELINE_CALM] = TRACE_RULE(strays_calm),
    [OFF_BASELINE_DRIFTING] = TRACE_RULE(drifting),
    [OFF_BASELINE_FROZEN] = TRACE_RULE(frozen),
};

void off_baseline_init(struct off_baseline *memory) {
  memset(memory, 0, sizeof(*memory));
  baseline_init(&memory->baseline);
  incident_init(&memory->incident);
}

static bool was_sent(const struct observation *seen, enum incident_kind kind) {
  int signal = kind == INCIDENT_STATE_SHIFT ? SIGNAL_STATE_ENTROPY
               : kind == INCIDENT_STRAYS    ? SIGNAL_RESETS_SENT
                                            : SIGNAL_TIME_WAIT_USE;
  return (seen->sent >> signal & 1) != 0;
}

static enum baseline_kind scale_of(enum incident_kind kind) {
  if (kind == INCIDENT_STRAYS)
    return BASELINE_RATE;
  return kind == INCIDENT_STATE_SHIFT ? BASELINE_SHARE : BASELINE_PERCENT;
}

static bool begin(struct off_baseline *memory, const struct rules *rules,
                  enum incident_kind kind, const struct observation *seen,
                  struct off_baseline_trace *trace, struct finding *finding) {
  memset(finding, 0, sizeof(*finding));
  if (!rules->incident[kind].enable)
    return false;
  if (seen->gap)
    baseline_interrupt(&memory->baseline);
  if (seen->gap || seen->interval_changed) {
    incident_interrupt(&memory->incident);
    memory->run = 0;
  }
  if (isnan(trace->value)) {
    if (incident_abstain(&memory->incident, seen->dt_s, seen->interval_s) &&
        memory->baseline.learnt > 0 && was_sent(seen, kind))
      incident_hold(finding, &memory->incident);
    return false;
  }
  trace->dt_s = incident_resume(&memory->incident, seen->dt_s);
  baseline_judge(&memory->baseline, NULL, scale_of(kind), trace->value,
                 seen->time_s, trace->dt_s, &trace->now);
  return true;
}

static void test_warm(const struct off_baseline *memory,
                      const struct rules *rules, const struct trace_rule *table,
                      struct trace_test *test) {
  trace_fact(&test[OFF_BASELINE_NO_WARM_UP], rules->warm_up_s <= 0);
  trace_at_least(&test[OFF_BASELINE_WARM_READINGS], memory->baseline.learnt,
                 RULES_WARM_UP_READINGS);
  trace_at_least(&test[OFF_BASELINE_WARM_TIME], memory->baseline.learnt_s,
                 rules->warm_up_s);
  trace_apply(table, OFF_BASELINE_WARM, test);
}

static void learn(struct off_baseline *memory, const struct observation *seen,
                  enum incident_change change, const struct trace_rule *table,
                  struct off_baseline_trace *trace) {
  const struct baseline_now *now = &trace->now;
  struct trace_test *test = trace->test;

  bool open = trace_fact(&test[OFF_BASELINE_OPEN],
                         memory->incident.severity != SEVERITY_OKAY);
  trace_above(&test[OFF_BASELINE_DRIFT], fmax(now->rise, now->fall),
              BASELINE_FREEZE_DRIFT);
  trace_above(&test[OFF_BASELINE_SLOW], fabs(now->slow_sigmas),
              BASELINE_FREEZE_SLOW);
  trace_apply(table, OFF_BASELINE_DRIFTING, test);
  if (change == INCIDENT_CLEARED)
    memory->baseline.frozen_s = 0; /* the incident's time does not count */
  baseline_learn(&memory->baseline, NULL, trace->value, seen->time_s,
                 trace->dt_s, now,
                 trace_apply(table, OFF_BASELINE_FROZEN, test));
  bool long_frozen = trace_at_least(&test[OFF_BASELINE_LONG_FROZEN],
                                    memory->baseline.frozen_s, BASELINE_THAW_S);
  if (change == INCIDENT_ADOPTED || (!open && long_frozen))
    baseline_adopt(&memory->baseline, NULL, seen->time_s);
}

static void settle(struct off_baseline *memory,
                   const struct incident_rules *common,
                   const struct incident_evidence *evidence,
                   const struct observation *seen,
                   const struct trace_rule *table,
                   struct off_baseline_trace *trace, struct finding *finding) {
  finding->judged = true;
  finding->evidence = evidence->present;
  finding->change = incident_step(&memory->incident, common, evidence,
                                  seen->time_s, trace->dt_s);
  finding->severity = memory->incident.severity;
  finding->since_s = memory->incident.since_s;
  finding->observed = trace->value;
  finding->expected = trace->now.expected;
  finding->score = incident_score(trace->now.sigmas);
  finding->samples = memory->baseline.learnt;
  learn(memory, seen, finding->change, table, trace);
}

static void judge_time_wait_pressure(struct off_baseline *memory,
                                     const struct rules *rules,
                                     const struct observation *seen,
                                     struct finding *finding,
                                     struct off_baseline_trace *trace) {
  const struct time_wait_pressure_rules *limit = &rules->time_wait_pressure;
  const struct trace_rule *table = off_baseline_pressure_rules;
  const struct baseline_now *now = &trace->now;
  struct trace_test *test = trace->test;
  double use = seen->value[SIGNAL_TIME_WAIT_USE];

  trace->value = use;
  if (!begin(memory, rules, INCIDENT_TIME_WAIT_PRESSURE, seen, trace, finding))
    return;
  test_warm(memory, rules, table, test);
  trace_above(&test[OFF_BASELINE_FILL], use, limit->fill);
  trace_above(&test[OFF_BASELINE_SIGMAS], now->sigmas, limit->sigmas);
  trace_fact(&test[OFF_BASELINE_WAS_OPEN],
             memory->incident.severity != SEVERITY_OKAY);
  trace_at_least(&test[OFF_BASELINE_FULL], use, 100);
  trace_below(&test[OFF_BASELINE_CALM_FILL], use, limit->fill - 5);
  trace_below(&test[OFF_BASELINE_CALM_SIGMAS], now->sigmas, calm_sigmas);
  struct incident_evidence evidence = {
      .present = trace_apply(table, OFF_BASELINE_EVIDENCE, test),
      .failure = trace_apply(table, OFF_BASELINE_FAILURE, test),
      .calm = trace_apply(table, OFF_BASELINE_CALM, test),
      .adoptable = true,
  };
  settle(memory, &rules->incident[INCIDENT_TIME_WAIT_PRESSURE], &evidence, seen,
         table, trace, finding);
  finding->upper =
      fmin(100, fmax(limit->fill, now->expected + limit->sigmas * now->spread));
  finding->failure_max = 100;
}

static bool is_off(const struct state_shift_rules *limit,
                   const struct observation *seen,
                   struct off_baseline_trace *trace) {
  struct trace_test *test = trace->test;
  double sigmas = fabs(trace->now.sigmas);

  trace_above(&test[OFF_BASELINE_SIGMAS], sigmas, limit->sigmas);
  trace_at_least(&test[OFF_BASELINE_ACTIVE], seen->value[SIGNAL_ACTIVE],
                 limit->min_active);
  trace_below(&test[OFF_BASELINE_CALM_SIGMAS], sigmas, calm_sigmas);
  return trace_apply(off_baseline_shift_rules, OFF_BASELINE_OFF, test);
}

static void judge_state_shift(struct off_baseline *memory,
                              const struct rules *rules,
                              const struct observation *seen, bool muted,
                              struct finding *finding,
                              struct off_baseline_trace *trace) {
  const struct state_shift_rules *limit = &rules->state_shift;
  const struct trace_rule *table = off_baseline_shift_rules;
  const struct baseline_now *now = &trace->now;
  struct trace_test *test = trace->test;

  trace->value = seen->value[SIGNAL_STATE_ENTROPY];
  if (!begin(memory, rules, INCIDENT_STATE_SHIFT, seen, trace, finding))
    return;
  test_warm(memory, rules, table, test);
  memory->run =
      (uint8_t)(is_off(limit, seen, trace) ? fmin(memory->run + 1, RUN_MAX)
                                           : 0);
  trace_at_least(&test[OFF_BASELINE_RUN], memory->run, SHIFT_RUN);
  trace_fact(&test[OFF_BASELINE_MUTED], muted);
  bool present = trace_apply(table, OFF_BASELINE_EVIDENCE, test);
  struct incident_evidence evidence = {
      .present = present,
      .certain = present,
      .calm = trace_apply(table, OFF_BASELINE_CALM, test),
      .adoptable = true,
  };
  settle(memory, &rules->incident[INCIDENT_STATE_SHIFT], &evidence, seen, table,
         trace, finding);
  if (muted)
    memory->baseline.frozen_s = 0; /* a flood does not become normal */
  finding->lower = fmax(0, now->expected - limit->sigmas * now->spread);
  finding->upper = fmin(1, now->expected + limit->sigmas * now->spread);
  finding->failure_max = NAN;
}

/* Long enough to be no deploy's moment: ten seconds, and two readings. */
static double strays_run(const struct off_baseline_trace *trace) {
  static const double strays_s = 10;

  return fmax(2, fmin(RUN_MAX, ceil(strays_s / trace->dt_s)));
}

static void judge_strays(struct off_baseline *memory, const struct rules *rules,
                         const struct observation *seen,
                         struct finding *finding,
                         struct off_baseline_trace *trace) {
  const struct strays_rules *limit = &rules->strays;
  const struct trace_rule *table = off_baseline_strays_rules;
  struct trace_test *test = trace->test;

  trace->value = seen->value[SIGNAL_RESETS_SENT];
  if (!begin(memory, rules, INCIDENT_STRAYS, seen, trace, finding))
    return;
  double many = limit->min_ratio * trace->now.expected;
  test_warm(memory, rules, table, test);
  trace_at_least(&test[OFF_BASELINE_FILL], trace->value, limit->min_rate);
  trace_at_least(&test[OFF_BASELINE_RATIO], trace->value, many);
  bool is_off = trace_apply(table, OFF_BASELINE_OFF, test);
  memory->run = (uint8_t)(is_off ? fmin(memory->run + 1, RUN_MAX) : 0);
  trace_at_least(&test[OFF_BASELINE_RUN], memory->run, strays_run(trace));
  bool present = trace_apply(table, OFF_BASELINE_EVIDENCE, test);
  struct incident_evidence evidence = {
      .present = present,
      .certain = present,
      .calm = trace_apply(table, OFF_BASELINE_CALM, test),
      .attack = present,
  };
  settle(memory, &rules->incident[INCIDENT_STRAYS], &evidence, seen, table,
         trace, finding);
  finding->upper = fmax(limit->min_rate, many);
  finding->failure_max = NAN;
}

void off_baseline_judge(struct off_baseline *memory, enum incident_kind kind,
                        const struct rules *rules,
                        const struct observation *seen, bool muted,
                        struct finding *finding,
                        struct off_baseline_trace *trace) {
  if (kind == INCIDENT_STATE_SHIFT)
    judge_state_shift(memory, rules, seen, muted, finding, trace);
  else if (kind == INCIDENT_STRAYS)
    judge_strays(memory, rules, seen, finding, trace);
  else
    judge_time_wait_pressure(memory, rules, seen, finding, trace);
}
