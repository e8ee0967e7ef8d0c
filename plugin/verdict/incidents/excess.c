/* Sockets in a state beyond what the load explains. Pure. */
#include "verdict/incidents/excess.h"

#include "verdict/baseline.h"

#include <math.h>
#include <string.h>

static const double leak_drift = 10, calm_sigmas = 2.5;
/* A crowd leaves a few dozen sockets for a while, a leak leaves them for good.
 */
static const double leak_lasts_s = 300;
/* A busy application closes a little later; it does not leak. */
static const double closing_takes_s = 0.25;
/* Connections that nobody has accepted yet cannot be closed, either: while the
 * accept queue is this full, a leak leaves accept_overflow this much time to be
 * raised. */
static const double queued_percent = 10, queued_s = 60;

static const struct trace_term warm[] = {
    {1, 1, false, EXCESS_WARM_READINGS},
    {1, 1, false, EXCESS_WARM_TIME},
    {1, 2, false, EXCESS_NO_WARM_UP},
};
static const struct trace_term stall[] = {
    {1, 1, false, EXCESS_FLOOR},
    {2, 1, false, EXCESS_RATIO},
    {3, 1, false, EXCESS_SIGMAS},
    {4, 1, false, EXCESS_WARM},
};
static const struct trace_term leak[] = {
    {1, 1, false, EXCESS_FLOOR}, {2, 1, false, EXCESS_SIGMAS},
    {2, 2, false, EXCESS_DRIFT}, {2, 2, false, EXCESS_LASTING},
    {3, 1, false, EXCESS_WARM},  {4, 1, true, EXCESS_UNACCEPTED},
};
static const struct trace_term failure[] = {
    {1, 1, false, EXCESS_EVIDENCE},
    {2, 1, false, EXCESS_FAILURE_MAX},
};
static const struct trace_term calm[] = {
    {1, 1, true, EXCESS_EVIDENCE},
    {2, 1, false, EXCESS_CALM_SIGMAS},
    {2, 2, false, EXCESS_CALM_COUNT},
};
static const struct trace_term frozen[] = {
    {1, 1, false, EXCESS_OPEN},
    {1, 2, false, EXCESS_EVIDENCE},
    {1, 3, false, EXCESS_DRIFTING},
    {1, 4, false, EXCESS_UNACCEPTED},
};

const struct trace_rule excess_outbound_rules[EXCESS_TESTS] = {
    [EXCESS_WARM] = TRACE_RULE(warm),
    [EXCESS_EVIDENCE] = TRACE_RULE(stall),
    [EXCESS_FAILURE] = TRACE_RULE(failure),
    [EXCESS_CALM] = TRACE_RULE(calm),
    [EXCESS_FROZEN] = TRACE_RULE(frozen),
};
const struct trace_rule excess_leak_rules[EXCESS_TESTS] = {
    [EXCESS_WARM] = TRACE_RULE(warm),
    [EXCESS_EVIDENCE] = TRACE_RULE(leak),
    [EXCESS_FAILURE] = TRACE_RULE(failure),
    [EXCESS_CALM] = TRACE_RULE(calm),
    [EXCESS_FROZEN] = TRACE_RULE(frozen),
};

void excess_init(struct excess *memory) {
  memset(memory, 0, sizeof(*memory));
  expectation_init(&memory->model);
  incident_init(&memory->incident);
}

/* One snapshot as one of the incidents sees it. */
struct case_of {
  enum incident_kind kind;
  const struct trace_rule *rules;
  const struct expectation_load *load;
  const struct expectation_now *now;
  struct trace_test *test;
  double upper;
  double failure_max;
};

static bool follows(const struct case_of *is, enum excess_test rule) {
  return trace_apply(is->rules, (int)rule, is->test);
}

static void test_warm(const struct excess *memory, const struct rules *rules,
                      const struct case_of *is) {
  trace_fact(&is->test[EXCESS_NO_WARM_UP], rules->warm_up_s <= 0);
  trace_at_least(&is->test[EXCESS_WARM_READINGS], memory->model.learnt,
                 RULES_WARM_UP_READINGS);
  trace_at_least(&is->test[EXCESS_WARM_TIME], memory->model.learnt_s,
                 rules->warm_up_s);
  follows(is, EXCESS_WARM);
}

static struct incident_evidence weigh(const struct case_of *is) {
  double count = is->load->half_open;
  struct trace_test *test = is->test;
  struct incident_evidence evidence = {.adoptable = true};

  evidence.present = follows(is, EXCESS_EVIDENCE);
  trace_at_least(&test[EXCESS_FAILURE_MAX], count, is->failure_max);
  evidence.failure = follows(is, EXCESS_FAILURE);
  trace_below(&test[EXCESS_CALM_SIGMAS], is->now->sigmas, calm_sigmas);
  trace_below(&test[EXCESS_CALM_COUNT], count,
              (is->now->expected + is->upper) / 2);
  evidence.calm = follows(is, EXCESS_CALM);
  return evidence;
}

static void report(const struct excess *memory, const struct case_of *is,
                   struct finding *finding) {
  finding->severity = memory->incident.severity;
  finding->since_s = memory->incident.since_s;
  finding->observed = is->load->half_open;
  finding->expected = is->now->expected;
  finding->upper = is->upper;
  finding->score = incident_score(is->now->sigmas);
  finding->failure_max = is->failure_max;
  finding->samples = memory->model.learnt;
}

static void learn(struct excess *memory, const struct case_of *is,
                  enum incident_change change) {
  bool open = trace_fact(&is->test[EXCESS_OPEN],
                         memory->incident.severity != SEVERITY_OKAY);

  trace_above(&is->test[EXCESS_DRIFTING], is->now->drift,
              BASELINE_FREEZE_DRIFT);
  if (change == INCIDENT_CLEARED)
    memory->model.frozen_s = 0; /* the incident's time does not count */
  expectation_learn(&memory->model, is->load, is->now,
                    follows(is, EXCESS_FROZEN));
  bool long_frozen = trace_at_least(&is->test[EXCESS_LONG_FROZEN],
                                    memory->model.frozen_s, BASELINE_THAW_S);
  if (change == INCIDENT_ADOPTED || (!open && long_frozen))
    expectation_adopt(&memory->model);
}

static void settle(struct excess *memory, const struct rules *rules,
                   const struct observation *seen, const struct case_of *is,
                   struct finding *finding) {
  test_warm(memory, rules, is);
  struct incident_evidence evidence = weigh(is);

  finding->judged = true;
  finding->evidence = evidence.present;
  finding->change = incident_step(&memory->incident, &rules->incident[is->kind],
                                  &evidence, seen->time_s, is->load->dt_s);
  report(memory, is, finding);
  learn(memory, is, finding->change);
}

static bool was_sent(const struct observation *seen, enum incident_kind kind) {
  int signal =
      kind == INCIDENT_OUTBOUND_STALL ? SIGNAL_SYN_SENT : SIGNAL_CLOSE_WAIT;
  return (seen->sent >> signal & 1) != 0;
}

static bool begin(struct excess *memory, const struct rules *rules,
                  const struct observation *seen, enum incident_kind kind,
                  struct excess_trace *trace, struct finding *finding) {
  memset(finding, 0, sizeof(*finding));
  if (!rules->incident[kind].enable)
    return false;
  if (seen->gap)
    expectation_interrupt(&memory->model);
  if (seen->gap || seen->interval_changed)
    incident_interrupt(&memory->incident);
  if (isnan(trace->load.half_open) || isnan(trace->load.established)) {
    if (incident_abstain(&memory->incident, seen->dt_s, seen->interval_s) &&
        memory->model.learnt > 0 && was_sent(seen, kind))
      incident_hold(finding, &memory->incident);
    return false;
  }
  trace->load.dt_s = incident_resume(&memory->incident, seen->dt_s);
  expectation_judge(&memory->model, &trace->load, &trace->now);
  return true;
}

static void judge_outbound_stall(struct excess *memory,
                                 const struct rules *rules,
                                 const struct observation *seen,
                                 struct finding *finding,
                                 struct excess_trace *trace) {
  const struct outbound_stall_rules *limit = &rules->outbound_stall;
  const struct expectation_now *now = &trace->now;
  struct trace_test *test = trace->test;
  double count = seen->value[SIGNAL_SYN_SENT];

  trace->load = (struct expectation_load){
      .half_open = count,
      .aged = NAN,
      .established = 0,
      .completed = seen->value[SIGNAL_ACTIVE_OPENS],
      .dt_s = seen->dt_s,
  };
  if (!begin(memory, rules, seen, INCIDENT_OUTBOUND_STALL, trace, finding) ||
      isnan(trace->load.completed)) /* nothing to compare it with */
    return;
  double many = limit->min_ratio * now->expected;
  double beyond = now->expected + limit->sigmas * now->spread;
  struct case_of is = {
      .kind = INCIDENT_OUTBOUND_STALL,
      .rules = excess_outbound_rules,
      .load = &trace->load,
      .now = now,
      .test = test,
      .upper = fmax(limit->min_count, fmax(many, beyond)),
      .failure_max =
          fmax(limit->failure_count, limit->failure_ratio * now->expected),
  };
  trace_fact(&test[EXCESS_UNACCEPTED], false);
  trace_at_least(&test[EXCESS_FLOOR], count, limit->min_count);
  trace_at_least(&test[EXCESS_RATIO], count, many);
  trace_at_least(&test[EXCESS_SIGMAS], count, beyond);
  settle(memory, rules, seen, &is, finding);
}

/* Connections opened per second in either direction; only the known ones. */
static double opened(const struct observation *seen) {
  double passive = seen->value[SIGNAL_PASSIVE_OPENS];
  double active = seen->value[SIGNAL_ACTIVE_OPENS];

  if (isnan(passive) || isnan(active))
    return isnan(passive) ? active : passive;
  return passive + active;
}

/* The excess that is normal at any time. */
static double tolerated(const struct close_wait_leak_rules *limit,
                        const struct excess_trace *trace) {
  double closing = closing_takes_s * trace->load.completed;

  return fmax(limit->sigmas * trace->now.spread, isnan(closing) ? 0 : closing);
}

/* Evidence is a large excess at once, or a smaller one that lasts. */
static void test_leak(struct excess *memory,
                      const struct close_wait_leak_rules *limit, double queued,
                      bool overflows, struct excess_trace *trace) {
  const struct expectation_now *now = &trace->now;
  struct trace_test *test = trace->test;
  bool large =
      trace_at_least(&test[EXCESS_FLOOR], now->excess, limit->min_excess);

  memory->lasting_s = large ? memory->lasting_s + trace->load.dt_s : 0;
  trace_above(&test[EXCESS_SIGMAS], now->excess, tolerated(limit, trace));
  trace_above(&test[EXCESS_DRIFT], now->drift, leak_drift);
  trace_at_least(&test[EXCESS_LASTING], memory->lasting_s, leak_lasts_s);
  trace_fact(&test[EXCESS_UNACCEPTED],
             overflows ||
                 (queued >= queued_percent && memory->lasting_s < queued_s));
}

static void judge_close_wait_leak(struct excess *memory,
                                  const struct rules *rules,
                                  const struct observation *seen,
                                  bool overflows, struct finding *finding,
                                  struct excess_trace *trace) {
  const struct close_wait_leak_rules *limit = &rules->close_wait_leak;
  const struct expectation_now *now = &trace->now;

  trace->load = (struct expectation_load){
      .half_open = seen->value[SIGNAL_CLOSE_WAIT],
      .aged = NAN,
      .established = seen->value[SIGNAL_ESTABLISHED],
      .completed = opened(seen),
      .dt_s = seen->dt_s,
  };
  if (!begin(memory, rules, seen, INCIDENT_CLOSE_WAIT_LEAK, trace, finding))
    return;
  struct case_of is = {
      .kind = INCIDENT_CLOSE_WAIT_LEAK,
      .rules = excess_leak_rules,
      .load = &trace->load,
      .now = now,
      .test = trace->test,
      .upper = now->expected + fmax(limit->min_excess, tolerated(limit, trace)),
  };
  is.failure_max =
      fmax(is.upper, limit->failure_share / 100 * seen->value[SIGNAL_ACTIVE]);
  test_leak(memory, limit, seen->value[SIGNAL_ACCEPT_QUEUE], overflows, trace);
  settle(memory, rules, seen, &is, finding);
}

void excess_judge(struct excess *memory, enum incident_kind kind,
                  const struct rules *rules, const struct observation *seen,
                  bool muted, struct finding *finding,
                  struct excess_trace *trace) {
  if (kind == INCIDENT_OUTBOUND_STALL)
    judge_outbound_stall(memory, rules, seen, finding, trace);
  else
    judge_close_wait_leak(memory, rules, seen, muted, finding, trace);
}
