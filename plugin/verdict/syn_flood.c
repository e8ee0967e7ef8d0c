/* The incident syn_flood, snapshot by snapshot: what was expected, what the
 * signs say, what is learnt. Pure. */
#include "verdict/syn_flood.h"

#include "syn_flood_signs.h"

#include <math.h>
#include <string.h>

static const double first_weight = 30; /* snapshots the first means count for */
static const double cookie_memory_s = 6 * 3600, resets_memory_s = 60;
static const double expiry_s = 63, gone_excess = 6, usual_interval_s = 10;
static const double freeze_drift = 4, thaw_s = 3600;

void syn_flood_init(struct syn_flood *flood) {
  memset(flood, 0, sizeof(*flood));
  expectation_init(&flood->model);
  baseline_init(&flood->entropy);
  incident_init(&flood->incident);
  flood->overflow_s = INFINITY;
}

static void look(const struct syn_flood *flood,
                 const struct observation *observed, double dt_s,
                 struct syn_flood_figures *seen) {
  const double *value = observed->value;
  double S = value[SIGNAL_SYN_RECV], E = value[SIGNAL_ESTABLISHED];
  struct expectation_load load = {S, value[SIGNAL_AGED], E,
                                  value[SIGNAL_PASSIVE_OPENS], dt_s};

  expectation_judge(&flood->model, &load, &seen->now);
  seen->half_open = S;
  seen->aged = load.aged;
  seen->established = E;
  seen->completion = S + E > 0 ? 100 * E / (S + E) : NAN;
  seen->usual_completion = 100 * (1 - seen->now.usual_share);
  seen->unanswered = S > 0 ? 100 * load.aged / S : NAN;
  if (seen->unanswered > 100)
    seen->unanswered = 100; /* not fmin: NAN is to stay */
  seen->cookies_sent = value[SIGNAL_COOKIES_SENT];
  seen->cookies_returned = value[SIGNAL_COOKIES_RECEIVED];
  seen->cookies_lost = seen->cookies_sent - seen->cookies_returned;
  seen->resets = value[SIGNAL_EMBRYONIC_RESETS];
  seen->syn_queue = value[SIGNAL_SYN_QUEUE];
  seen->syn_queue_aged = value[SIGNAL_SYN_QUEUE_AGED];
  seen->entropy = value[SIGNAL_STATE_ENTROPY];
  if (!isnan(seen->entropy))
    baseline_judge(&flood->entropy, NULL, BASELINE_PLAIN, seen->entropy,
                   observed->time_s, dt_s, &seen->usual_entropy);
}

static void approach(double *mean, double value, double weight) {
  if (!isnan(value))
    *mean += weight * (value - *mean);
}

/* In how many of the last readings the half-open entries have become more; each
 * counts less the longer ago it was. At long intervals every reading counts. */
static void count_arrivals(struct syn_flood *flood, double dt_s,
                           const struct syn_flood_figures *seen) {
  flood->arrivals *= exp(-fmin(dt_s, usual_interval_s) / expiry_s);
  flood->arrivals += seen->half_open > flood->last_half_open;
  flood->last_half_open = seen->half_open;
}

/* What lasts so long is the new normal, whatever the evidence was. */
static void adopt(struct syn_flood *flood, const struct syn_flood_figures *seen,
                  double time_s) {
  expectation_adopt(&flood->model);
  baseline_adopt(&flood->entropy, NULL, time_s);
  if (seen->cookies_lost > flood->unreturned)
    flood->unreturned = seen->cookies_lost;
  if (seen->resets > flood->resets)
    flood->resets = seen->resets;
}

/* What is part of an incident, or may become one, is not learnt. */
static bool test_frozen(const struct syn_flood *flood,
                        const struct syn_flood_figures *seen,
                        struct trace_test *tests) {
  trace_fact(&tests[FLOOD_OPEN], flood->incident.severity != SEVERITY_OKAY);
  trace_above(&tests[FLOOD_DRIFTING], seen->now.drift, freeze_drift);
  trace_at_least(&tests[FLOOD_LONG_FROZEN], flood->model.frozen_s, thaw_s);
  return trace_apply(syn_flood_trace_rules, FLOOD_FROZEN, tests);
}

static void learn(struct syn_flood *flood, const struct observation *observed,
                  double dt_s, const struct syn_flood_figures *seen,
                  enum incident_change change, struct trace_test *tests) {
  bool frozen = test_frozen(flood, seen, tests);
  struct expectation_load load = {seen->half_open, seen->aged,
                                  seen->established,
                                  observed->value[SIGNAL_PASSIVE_OPENS], dt_s};
  double weight = fmax(fmin(1, dt_s / cookie_memory_s),
                       1 / (flood->model.learnt + first_weight));
  double lost = seen->cookies_lost;

  if (!isnan(seen->entropy))
    baseline_learn(&flood->entropy, NULL, seen->entropy, observed->time_s, dt_s,
                   &seen->usual_entropy, frozen);
  if (!frozen) {
    approach(&flood->unreturned, lost < 0 ? 0 : lost, weight);
    approach(&flood->resets, seen->resets, weight);
  }
  if (change == INCIDENT_CLEARED) /* its time does not count for the thaw */
    flood->model.frozen_s = 0;
  expectation_learn(&flood->model, &load, &seen->now, frozen);
  bool long_frozen =
      trace_at_least(&tests[FLOOD_LONG_FROZEN], flood->model.frozen_s, thaw_s);
  if (change == INCIDENT_ADOPTED)
    adopt(flood, seen, observed->time_s);
  else if (!tests[FLOOD_OPEN].met && long_frozen) {
    expectation_adopt(&flood->model);
    baseline_adopt(&flood->entropy, NULL, observed->time_s);
  }
}

/* The largest excess of an incident, and for how long most of it has been gone.
 * Both outlive the OKAY until the rest is gone, too. */
static void follow(struct syn_flood *flood, double dt_s,
                   const struct syn_flood_figures *seen) {
  bool open = flood->incident.severity != SEVERITY_OKAY;
  double excess = seen->now.excess;

  flood->last_aged = isnan(seen->aged) ? 0 : seen->aged;
  flood->drain_s = excess <= flood->peak / 4 ? flood->drain_s + dt_s : 0;
  if (open)
    flood->peak = fmax(flood->peak, excess);
  else if (excess < gone_excess || flood->drain_s > 2 * expiry_s)
    flood->peak = flood->drain_s = 0;
}

/* The tests that are evidence, as bits. */
static uint32_t bits_of(const struct trace_test *tests) {
  static const struct {
    enum syn_flood_test test;
    enum syn_flood_evidence bit;
  } signs[] = {
      {FLOOD_EXCESS, SYN_FLOOD_EXCESS},
      {FLOOD_COOKIES, SYN_FLOOD_COOKIES},
      {FLOOD_FULL_QUEUE, SYN_FLOOD_FULL_QUEUE},
      {FLOOD_COLLAPSE, SYN_FLOOD_COLLAPSE},
      {FLOOD_RESETS, SYN_FLOOD_RESETS},
      {FLOOD_ENTROPY, SYN_FLOOD_ENTROPY},
  };
  uint32_t bits = 0;

  for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
    if (tests[signs[i].test].met)
      bits |= signs[i].bit;
  return bits;
}

/* As many half-open connections as fill the fullest SYN queue, which is a
 * FAILURE too; NAN where its size is not known. */
static double full_at(const struct observation *observed,
                      const struct syn_flood_figures *seen) {
  double backlog = (double)observed->syn_queue.backlog;

  if (!(backlog > 0) || isnan(seen->syn_queue))
    return NAN;
  return seen->half_open + fmax(0, 1 - seen->syn_queue / 100) * backlog;
}

static void report(const struct syn_flood *flood, const struct rules *rules,
                   const struct observation *observed,
                   const struct syn_flood_figures *seen,
                   struct finding *finding) {
  const struct syn_flood_rules *limit = &rules->syn_flood;
  const struct expectation_now *now = &seen->now;
  double band = limit->sigmas * now->spread;

  finding->judged = true;
  finding->severity = flood->incident.severity;
  finding->since_s = flood->incident.since_s;
  finding->observed = seen->half_open;
  finding->expected = now->expected;
  finding->lower = fmax(0, now->expected - band);
  finding->upper = now->expected + fmax(limit->min_excess, band);
  finding->score = finding_score(now->sigmas);
  finding->failure_max = fmin(
      full_at(observed, seen),
      fmax(finding->upper, fmax(limit->half_open_failure, 5 * now->expected)));
  finding->samples = flood->model.learnt;
}

static enum incident_change step(struct syn_flood *flood,
                                 const struct rules *rules, double time_s,
                                 double dt_s, bool counted,
                                 const struct trace_test *tests) {
  struct incident_evidence evidence = {
      .present = tests[FLOOD_EVIDENCE].met,
      .certain = tests[FLOOD_CERTAIN].met,
      .failure = tests[FLOOD_FAILURE].met,
      .calm = counted && tests[FLOOD_CALM].met,
      .adoptable = counted && tests[FLOOD_ADOPTABLE].met,
  };

  return incident_step(&flood->incident, &rules->incident[INCIDENT_SYN_FLOOD],
                       &evidence, time_s, dt_s);
}

/* The sockets were not counted: the counters may still tell of a flood, by its
 * cookies or resets. Anything else waits, and so does all that is learnt. */
static void judge_counters(struct syn_flood *flood, const struct rules *rules,
                           const struct observation *observed,
                           struct finding *finding,
                           struct syn_flood_figures *seen,
                           struct trace_test *tests) {
  uint8_t excess_run = flood->excess_run, queue_run = flood->queue_run;
  uint8_t collapse_run = flood->collapse_run;

  look(flood, observed, observed->dt_s, seen);
  syn_flood_signs(flood, rules, observed, seen, tests);
  flood->excess_run = excess_run;
  flood->queue_run = queue_run;
  flood->collapse_run = collapse_run;
  test_frozen(flood, seen, tests);
  bool held =
      incident_abstain(&flood->incident, observed->dt_s, observed->interval_s);
  if (!tests[FLOOD_EVIDENCE].met) {
    if (held && flood->model.learnt > 0)
      finding_hold(finding, &flood->incident);
    return;
  }
  finding->evidence = bits_of(tests);
  finding->change = step(flood, rules, observed->time_s, 0, false, tests);
  report(flood, rules, observed, seen, finding);
  finding->expected = finding->lower = finding->upper = NAN;
  finding->score = finding->failure_max = NAN;
}

static void judge_counted(struct syn_flood *flood, const struct rules *rules,
                          const struct observation *observed,
                          struct finding *finding,
                          struct syn_flood_figures *seen,
                          struct trace_test *tests) {
  double dt_s = incident_resume(&flood->incident, observed->dt_s);

  look(flood, observed, dt_s, seen);
  count_arrivals(flood, dt_s, seen);
  syn_flood_signs(flood, rules, observed, seen, tests);
  finding->evidence = bits_of(tests);
  finding->change = step(flood, rules, observed->time_s, dt_s, true, tests);
  report(flood, rules, observed, seen, finding);
  follow(flood, dt_s, seen);
  learn(flood, observed, dt_s, seen, finding->change, tests);
}

void syn_flood_judge(struct syn_flood *flood, const struct rules *rules,
                     const struct observation *observed,
                     struct finding *finding, struct syn_flood_figures *seen,
                     struct trace_test *tests) {
  memset(finding, 0, sizeof(*finding));
  if (!rules->incident[INCIDENT_SYN_FLOOD].enable)
    return;
  if (observed->gap)
    expectation_interrupt(&flood->model);
  if (observed->gap || observed->interval_changed) {
    incident_interrupt(&flood->incident);
    flood->excess_run = flood->cookies_run = 0;
    flood->queue_run = flood->collapse_run = 0;
  }
  approach(&flood->recent_resets, observed->value[SIGNAL_EMBRYONIC_RESETS],
           fmin(1, observed->dt_s / resets_memory_s));
  if (!isnan(observed->value[SIGNAL_SYN_RECV]) &&
      !isnan(observed->value[SIGNAL_ESTABLISHED]))
    judge_counted(flood, rules, observed, finding, seen, tests);
  else if (observed->sent >> SIGNAL_SYN_RECV & 1)
    judge_counters(flood, rules, observed, finding, seen, tests);
}
