/* The signs of a SYN flood in one snapshot: what is held against what. What
 * they come to is in syn_flood_trace.c. Pure. The kernel's side of each:
 * tcp_conn_request() in net/ipv4/tcp_input.c, reqsk_timer_handler() in
 * net/ipv4/inet_connection_sock.c, net/ipv4/syncookies.c. */
#include "syn_flood_signs.h"

#include <math.h>

static const double warm_up_snapshots = 30;
static const double half_open_life_s = 63; /* five SYN-ACKs sent again */
static const double arrivals_min = 2.5;    /* about three readings that rose */
static const double mostly_unanswered = 0.8, certain_completion = 80;
static const double untrained_completion = 75, untrained_queue_aged = 40;
static const double excess_drift = 10, calm_sigmas = 2.5;
static const double entropy_snapshots = 30, entropy_sigmas = 4;
enum {
  SMALL_EXCESS_RUN = 3,
  COOKIES_RUN = 3,
  QUEUE_RUN = 2,
  COLLAPSE_RUN = 3,
  RUN_MAX = 200
};

/* One snapshot that is being weighed. */
struct signs {
  struct syn_flood *flood;
  const struct rules *rules;
  const struct syn_flood_rules *limit;
  const double *value;
  const struct syn_flood_figures *seen;
  const struct expectation_now *now;
  double sure_share;      /* of the table that is surely half-open, 0..1 */
  double sure_completion; /* percent */
  double completed;       /* handshakes a second */
  struct trace_test *test;
};

static bool follows(struct signs *is, enum syn_flood_test rule) {
  return trace_apply(syn_flood_trace_rules, (int)rule, is->test);
}

static void count_run(uint8_t *run, bool now) {
  *run = (uint8_t)(now ? fmin(*run + 1, RUN_MAX) : 0);
}

static void test_warm(struct signs *is) {
  const struct expectation *model = &is->flood->model;
  struct trace_test *test = is->test;

  trace_fact(&test[FLOOD_NO_WARM_UP], is->rules->warm_up_s <= 0);
  trace_at_least(&test[FLOOD_WARM_READINGS], model->learnt, warm_up_snapshots);
  trace_at_least(&test[FLOOD_WARM_TIME], model->learnt_s, is->rules->warm_up_s);
  follows(is, FLOOD_WARM);
}

/* With a full accept queue the kernel leaves finished handshakes half-open and
 * sends their SYN-ACKs again: what then looks unanswered is the application's
 * doing, until it has expired, or nothing of it is left. Cookies still count.
 */
static void test_accept_queue(struct signs *is, double dt_s) {
  double *overflow_s = &is->flood->overflow_s;
  bool nothing_left = is->now->excess < is->limit->min_excess &&
                      is->seen->aged <= is->now->expected_aged;

  if (is->value[SIGNAL_LISTEN_OVERFLOWS] > 0)
    *overflow_s = 0;
  else if (nothing_left)
    *overflow_s = INFINITY;
  else
    *overflow_s += dt_s;
  trace_at_most(&is->test[FLOOD_OVERFLOWS], *overflow_s, half_open_life_s);
}

static void test_size(struct signs *is) {
  const struct expectation_now *now = is->now;
  struct trace_test *test = is->test;

  trace_at_least(&test[FLOOD_FLOOR], now->excess, is->limit->min_excess);
  trace_at_least(&test[FLOOD_LARGE], now->excess, 2 * is->limit->min_excess);
  trace_fact(&test[FLOOD_AGED_KNOWN], now->aged_known);
  trace_at_least(&test[FLOOD_HALF_UNANSWERED],
                 is->seen->aged - now->expected_aged, now->unanswered_min);
}

static void test_sweep_and_drizzle(struct signs *is) {
  const struct syn_flood *flood = is->flood;
  struct trace_test *test = is->test;
  double excess = is->now->excess;

  trace_below(&test[FLOOD_SWEEP_SMALL], excess, 3 * is->limit->min_excess);
  trace_above(&test[FLOOD_SWEEP_RESETS], flood->recent_resets - flood->resets,
              excess / half_open_life_s);
  follows(is, FLOOD_SWEEP);
  trace_below(&test[FLOOD_DRIZZLE_SMALL], excess, 2 * is->limit->min_excess);
  trace_below(&test[FLOOD_DRIZZLE_FEW], flood->arrivals, arrivals_min);
  follows(is, FLOOD_DRIZZLE);
}

static void test_remains(struct signs *is) {
  const struct syn_flood *flood = is->flood;
  const struct expectation_now *now = is->now;
  struct trace_test *test = is->test;
  double fresh = is->seen->half_open - is->seen->aged;
  double usual = fmax(0, now->expected - now->expected_aged);

  trace_at_most(&test[FLOOD_DRAIN_BELOW], now->excess, flood->peak / 4);
  trace_at_most(&test[FLOOD_DRAIN_TIME], flood->drain_s, half_open_life_s);
  trace_at_most(&test[FLOOD_DRAIN_FRESH], fresh, usual + 2 * sqrt(usual + 4));
  follows(is, FLOOD_DRAINING);
  trace_fact(&test[FLOOD_REST_CLOSED],
             flood->incident.severity == SEVERITY_OKAY);
  trace_at_most(&test[FLOOD_REST_TIME], flood->incident.closed_s,
                half_open_life_s);
  trace_at_most(&test[FLOOD_REST_BELOW], now->excess, flood->peak / 2);
  trace_at_most(&test[FLOOD_REST_AGED], is->seen->aged,
                flood->last_aged + 2 * sqrt(now->expected_aged + 1));
  follows(is, FLOOD_REMAINDER);
  follows(is, FLOOD_INNOCENT);
}

/* How much of the excess nobody must answer. Packet loss makes half and more of
 * it wait for a SYN-ACK that is sent again, a flood soon nearly all of it; half
 * is enough where the share is larger than loss can make it. */
static double unanswered_min(const struct signs *is) {
  return is->sure_share > 1 - certain_completion / 100
             ? is->now->unanswered_min
             : mostly_unanswered * is->now->excess;
}

static void test_excess(struct signs *is) {
  const struct expectation_now *now = is->now;
  struct trace_test *test = is->test;
  double usual = now->usual_share, count = is->seen->half_open;

  trace_at_least(&test[FLOOD_UNANSWERED], is->seen->aged - now->expected_aged,
                 unanswered_min(is));
  trace_above(&test[FLOOD_SIGMAS], now->sigmas, is->limit->sigmas);
  trace_above(&test[FLOOD_DRIFT], now->drift, excess_drift);
  trace_at_least(&test[FLOOD_SHARE], is->sure_share,
                 fmax(2 * usual, usual + 0.05));
  trace_at_least(&test[FLOOD_COUNT], count, 3 * now->expected + 50);
  trace_above(&test[FLOOD_COOKIES_BESIDE], is->seen->cookies_sent,
              0.05 * is->completed);
  trace_at_least(&test[FLOOD_TWICE], count, 2 * now->expected);
  bool excess = follows(is, FLOOD_EXCESS_NOW);
  if (test[FLOOD_WARM].met)
    count_run(&is->flood->excess_run, excess);
  trace_at_least(&test[FLOOD_EXCESS_RUN], is->flood->excess_run,
                 SMALL_EXCESS_RUN);
  follows(is, FLOOD_EXCESS);
}

static void test_cookies(struct signs *is) {
  struct trace_test *test = is->test;
  double lost = is->seen->cookies_lost, sent = is->seen->cookies_sent;

  trace_above(&test[FLOOD_LOST], lost, is->limit->cookies_per_s);
  trace_above(&test[FLOOD_LOST_UNUSUAL], lost, 3 * is->flood->unreturned);
  trace_above(&test[FLOOD_QUARTER_LOST], lost, sent / 4);
  trace_above(&test[FLOOD_HALF_LOST], lost, sent / 2);
  count_run(&is->flood->cookies_run, follows(is, FLOOD_COOKIES_NOW));
  trace_at_least(&test[FLOOD_COOKIES_RUN], is->flood->cookies_run, COOKIES_RUN);
  follows(is, FLOOD_COOKIES);
}

static void test_queue(struct signs *is) {
  struct trace_test *test = is->test;
  const double *value = is->value;

  trace_at_least(&test[FLOOD_QUEUE_FULL], value[SIGNAL_SYN_QUEUE], 100);
  trace_at_least(&test[FLOOD_QUEUE_AGED], value[SIGNAL_SYN_QUEUE_AGED], 50);
  trace_at_least(&test[FLOOD_QUEUE_ENTRIES], is->seen->half_open, 12);
  trace_above(&test[FLOOD_REFUSED_COOKIES], value[SIGNAL_COOKIES_SENT], 0);
  trace_above(&test[FLOOD_REFUSED_FULL], value[SIGNAL_QUEUE_FULL_DROPS], 0);
  trace_above(&test[FLOOD_REFUSED_LISTEN], value[SIGNAL_LISTEN_DROPS], 0);
  count_run(&is->flood->queue_run, follows(is, FLOOD_QUEUE_NOW));
  trace_at_least(&test[FLOOD_QUEUE_RUN], is->flood->queue_run, QUEUE_RUN);
  follows(is, FLOOD_FULL_QUEUE);
}

static void test_collapse(struct signs *is) {
  struct trace_test *test = is->test;
  double completion = is->sure_completion;
  double usual = 100 * (1 - is->now->usual_share);

  trace_below(&test[FLOOD_LOW], completion, is->limit->completion_warning);
  trace_below(&test[FLOOD_DROPPED], completion,
              usual * (1 - is->limit->completion_drop / 100));
  trace_below(&test[FLOOD_BAD_COMPLETION], completion, untrained_completion);
  trace_at_least(&test[FLOOD_BAD_QUEUE], is->seen->syn_queue_aged,
                 untrained_queue_aged);
  trace_below(&test[FLOOD_USUALLY_WELL], is->now->usual_share, 0.20);
  count_run(&is->flood->collapse_run, follows(is, FLOOD_COLLAPSE_NOW));
  trace_at_least(&test[FLOOD_COLLAPSE_RUN], is->flood->collapse_run,
                 COLLAPSE_RUN);
  follows(is, FLOOD_COLLAPSE);
}

static void test_resets(struct signs *is) {
  struct trace_test *test = is->test;
  double resets = is->seen->resets;

  trace_above(&test[FLOOD_RESETS_MANY], resets, is->limit->resets_per_s);
  trace_above(&test[FLOOD_RESETS_COMPLETED], resets, 2 * is->completed);
  trace_above(&test[FLOOD_RESETS_UNUSUAL], resets, 3 * is->flood->resets);
  follows(is, FLOOD_RESETS);
}

static void test_entropy(struct signs *is) {
  const struct syn_flood_figures *seen = is->seen;
  bool known = !isnan(seen->entropy);

  trace_at_least(&is->test[FLOOD_ENTROPY_LEARNT], is->flood->entropy.learnt,
                 entropy_snapshots);
  trace_above(&is->test[FLOOD_ENTROPY_OFF],
              known ? fabs(seen->usual_entropy.sigmas) : NAN, entropy_sigmas);
  follows(is, FLOOD_ENTROPY);
}

static void test_certainty(struct signs *is) {
  struct trace_test *test = is->test;
  double lost = is->seen->cookies_lost;

  trace_above(&test[FLOOD_FAR], is->now->sigmas, 8);
  trace_above(&test[FLOOD_VERY_FAR], is->now->sigmas, 25);
  trace_below(&test[FLOOD_INCOMPLETE], is->sure_completion, certain_completion);
  trace_above(&test[FLOOD_LOST_MANY], lost, 50);
  trace_above(&test[FLOOD_LOST_COMPLETED], lost, 10 * is->completed);
  follows(is, FLOOD_CERTAIN);
}

static void test_failure(struct signs *is) {
  struct trace_test *test = is->test;
  double count = is->seen->half_open;

  follows(is, FLOOD_OF_TABLE);
  trace_below(&test[FLOOD_FAIL_COMPLETION], is->sure_completion,
              is->limit->completion_failure);
  trace_above(&test[FLOOD_FAIL_COUNT], count, is->limit->half_open_failure);
  trace_above(&test[FLOOD_FAIL_TIMES], count, 5 * is->now->expected);
  trace_above(&test[FLOOD_FAIL_SHARE], is->sure_share, 0.15);
  follows(is, FLOOD_FAILURE);
}

static void test_calm(struct signs *is) {
  trace_below(&is->test[FLOOD_CALM_SIGMAS], is->now->sigmas, calm_sigmas);
  trace_below(&is->test[FLOOD_CALM_EXCESS], is->now->excess,
              is->limit->min_excess / 2);
  follows(is, FLOOD_CALM);
  follows(is, FLOOD_ADOPTABLE);
}

void syn_flood_signs(struct syn_flood *flood, const struct rules *rules,
                     const struct observation *observed,
                     const struct syn_flood_figures *seen,
                     struct trace_test *tests) {
  double share = expectation_wilson_lower(seen->half_open,
                                          seen->half_open + seen->established);
  if (isnan(share)) /* an empty table: nothing is sure */
    share = 0;
  struct signs is = {
      .flood = flood,
      .rules = rules,
      .limit = &rules->syn_flood,
      .value = observed->value,
      .seen = seen,
      .now = &seen->now,
      .sure_share = share,
      .sure_completion = 100 * (1 - share),
      .completed = observed->value[SIGNAL_PASSIVE_OPENS],
      .test = tests,
  };

  test_warm(&is);
  test_accept_queue(&is, observed->dt_s);
  test_size(&is);
  test_sweep_and_drizzle(&is);
  test_remains(&is);
  test_excess(&is);
  test_cookies(&is);
  test_queue(&is);
  test_collapse(&is);
  test_resets(&is);
  follows(&is, FLOOD_EVIDENCE);
  test_entropy(&is);
  test_certainty(&is);
  test_failure(&is);
  test_calm(&is);
}
