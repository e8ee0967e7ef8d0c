/* An accept queue is full: the application does not accept. Pure. In the
 * kernel: sk_acceptq_is_full() and LINUX_MIB_LISTENOVERFLOWS in net/ipv4. */
#include "verdict/incidents/accept_overflow.h"

#include <math.h>
#include <string.h>

enum { FULL_RUN = 3 };
static const double memory_s = 6 * 3600, first_weight = 30;

static const struct trace_term overflows[] = {
    {1, 1, false, ACCEPT_FILL},
    {2, 1, false, ACCEPT_REFUSES},
};
static const struct trace_term overflow_evidence[] = {
    {1, 1, false, ACCEPT_OVERFLOWS},
    {2, 1, true, ACCEPT_MUTED},
};
static const struct trace_term failure[] = {
    {1, 1, false, ACCEPT_OVERFLOWS},
    {2, 1, false, ACCEPT_FULL_RUN},
    {2, 2, false, ACCEPT_REFUSED_SHARE},
};
/* A full queue refuses nobody as long as nobody connects, so it needs room,
 * too.
 */
static const struct trace_term calm[] = {
    {1, 1, false, ACCEPT_REFUSES_NONE},
    {2, 1, false, ACCEPT_ROOM},
};
static const struct trace_term frozen[] = {
    {1, 1, false, ACCEPT_OPEN},
    {1, 2, false, ACCEPT_OVERFLOWS},
};

const struct trace_rule accept_overflow_rules[ACCEPT_TESTS] = {
    [ACCEPT_OVERFLOWS] = TRACE_RULE(overflows),
    [ACCEPT_EVIDENCE] = TRACE_RULE(overflow_evidence),
    [ACCEPT_FAILURE] = TRACE_RULE(failure),
    [ACCEPT_CALM] = TRACE_RULE(calm),
    [ACCEPT_FROZEN] = TRACE_RULE(frozen),
};

void accept_overflow_init(struct accept_overflow *overflow) {
  memset(overflow, 0, sizeof(*overflow));
  incident_init(&overflow->incident);
}

static bool follows(enum accept_overflow_test rule, struct trace_test *tests) {
  return trace_apply(accept_overflow_rules, (int)rule, tests);
}

static bool is_failure(struct accept_overflow *overflow,
                       const struct rules *rules,
                       const struct observation *seen,
                       struct trace_test *tests) {
  double fill = seen->value[SIGNAL_ACCEPT_QUEUE];
  double refused = seen->value[SIGNAL_LISTEN_OVERFLOWS];
  double completed = seen->value[SIGNAL_PASSIVE_OPENS];
  bool full = trace_at_least(&tests[ACCEPT_FULL], fill, 100);

  if (!full || !tests[ACCEPT_OVERFLOWS].met)
    overflow->full_run = 0;
  else if (overflow->full_run < FULL_RUN)
    overflow->full_run++;
  trace_at_least(&tests[ACCEPT_FULL_RUN], overflow->full_run, FULL_RUN);
  trace_above(&tests[ACCEPT_REFUSED_SHARE], refused,
              completed * rules->accept_overflow.refused_share / 100);
  return follows(ACCEPT_FAILURE, tests);
}

static struct incident_evidence weigh(struct accept_overflow *overflow,
                                      const struct rules *rules,
                                      const struct observation *seen,
                                      bool muted, struct trace_test *tests) {
  double fill = seen->value[SIGNAL_ACCEPT_QUEUE];
  double refused = seen->value[SIGNAL_LISTEN_OVERFLOWS];
  struct incident_evidence evidence = {.present = false};

  trace_at_least(&tests[ACCEPT_FILL], fill, rules->accept_overflow.fill);
  trace_above(&tests[ACCEPT_REFUSES], refused, 0);
  follows(ACCEPT_OVERFLOWS, tests);
  trace_fact(&tests[ACCEPT_MUTED], muted);
  evidence.present = follows(ACCEPT_EVIDENCE, tests);
  evidence.failure = is_failure(overflow, rules, seen, tests);
  trace_at_most(&tests[ACCEPT_REFUSES_NONE], refused, 0);
  trace_below(&tests[ACCEPT_ROOM], fill, rules->accept_overflow.fill);
  evidence.calm = follows(ACCEPT_CALM, tests);
  return evidence;
}

static void learn(struct accept_overflow *overflow,
                  const struct observation *seen) {
  double weight =
      fmax(seen->dt_s / memory_s, 1 / (overflow->learnt + first_weight));

  overflow->usual +=
      fmin(1, weight) * (seen->value[SIGNAL_ACCEPT_QUEUE] - overflow->usual);
  overflow->learnt++;
}

void accept_overflow_judge(struct accept_overflow *overflow,
                           const struct rules *rules,
                           const struct observation *seen, bool muted,
                           struct finding *finding, struct trace_test *tests) {
  const struct incident_rules *common =
      &rules->incident[INCIDENT_ACCEPT_OVERFLOW];
  double fill = seen->value[SIGNAL_ACCEPT_QUEUE];
  double refused = seen->value[SIGNAL_LISTEN_OVERFLOWS];

  memset(finding, 0, sizeof(*finding));
  if (seen->gap || seen->interval_changed) { /* rates are unknown then */
    incident_interrupt(&overflow->incident);
    overflow->full_run = 0;
  }
  if (!common->enable || isnan(fill) || isnan(refused))
    return;
  struct incident_evidence evidence =
      weigh(overflow, rules, seen, muted, tests);
  finding->judged = true;
  finding->evidence = tests[ACCEPT_OVERFLOWS].met;
  finding->change = incident_step(&overflow->incident, common, &evidence,
                                  seen->time_s, seen->dt_s);
  finding->severity = overflow->incident.severity;
  finding->since_s = overflow->incident.since_s;
  finding->observed = fill;
  finding->expected = overflow->usual;
  finding->upper = rules->accept_overflow.fill;
  finding->score = NAN;
  finding->failure_max = 100;
  finding->samples = overflow->learnt;
  trace_fact(&tests[ACCEPT_OPEN], finding->severity != SEVERITY_OKAY);
  if (!follows(ACCEPT_FROZEN, tests))
    learn(overflow, seen);
}
