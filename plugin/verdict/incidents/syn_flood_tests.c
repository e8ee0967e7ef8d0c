/* The tests of one snapshot for a SYN flood: which figure is compared with
 * which limit. The rules that combine them are in syn_flood_trace.c. Pure. In
 * the kernel: tcp_conn_request() in net/ipv4/tcp_input.c, reqsk_timer_handler()
 * in net/ipv4/inet_connection_sock.c, net/ipv4/syncookies.c. */
#include "syn_flood_tests.h"

#include <math.h>

static const double half_open_life_s =
    63;                                /* the SYN-ACK is sent five more times */
static const double scan_s = 30;       /* no scan takes longer ... */
static const double scan_events = 120; /* ... or sends more SYNs */
static const double scan_excess = 10;  /* ... the same, times MinExcess */
static const double entry_bins_min = 2.2, lost_bins_min = 1.8;
static const double lost_at_once = 500;
static const double still_learnt_s = 86400, still_peak = 5;
static const double still_floor = 8. / 12, still_margin = 4;
static const double still_sigmas = 0.75;
static const double half_unanswered = 0.5, mostly_unanswered = 0.8,
                    certain_completion = 80;
static const double loss_s = 1.5; /* a lost packet delays a handshake so long */
static const double one_source_share = 0.5, one_source_queue = 50;
static const double healthy_completion = 85;
static const double untrained_completion = 75, untrained_queue_aged = 40;
static const double drifting_s = 300;
static const double calm_sigmas = 2.5, calm_unanswered = 0.12;
static const double quiet_lasts_s = 600;
static const double cookies_over_s = 32; /* half of an entry's life */
static const double entropy_snapshots = 30, entropy_sigmas = 4;
static const double interval_slack = 1.2;
enum {
  SMALL_EXCESS_RUN = 3,
  COOKIES_RUN = 3,
  QUEUE_RUN = 2,
  COLLAPSE_RUN = 3,
  RUN_MAX = 200
};

/* The snapshot that is tested. */
struct signs {
  struct syn_flood *flood;
  const struct rules *rules;
  const struct syn_flood_rules *limit;
  const double *value;
  const struct syn_flood_figures *seen;
  const struct expectation_now *now;
  double half_open;       /* without those that an accept queue explains */
  double dt_s;            /* since the last count of sockets, */
  double counted_s;       /* and since the last of the counters */
  double sure_share;      /* of the table that is surely half-open, 0..1 */
  double sure_completion; /* percent */
  double completed;       /* handshakes a second */
  double beyond_scan_s;   /* longer than any scan */
  struct trace_test *test;
};

double syn_flood_fresh(const struct syn_flood_figures *seen) {
  return seen->half_open - seen->overflowed - seen->aged;
}

double syn_flood_fresh_max(const struct syn_flood_figures *seen) {
  double usual = fmax(0, seen->now.expected - seen->now.expected_aged);

  return usual + 2 * sqrt(usual + 4);
}

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
  trace_at_least(&test[FLOOD_WARM_READINGS], model->learnt,
                 RULES_WARM_UP_READINGS);
  trace_at_least(&test[FLOOD_WARM_TIME], model->learnt_s, is->rules->warm_up_s);
  follows(is, FLOOD_WARM);
}

/* How large an excess must be. On a host where unanswered entries never gather,
 * a few of them say as much as a dozen elsewhere. So do entries that have added
 * up for longer than it takes to lose a group of clients. */
static double test_enough(struct signs *is) {
  const struct syn_flood *flood = is->flood;
  struct trace_test *test = is->test;
  double min = is->limit->min_excess;

  trace_at_least(&test[FLOOD_DRIFT_LASTED], flood->drifting_s, drifting_s);
  trace_at_least(&test[FLOOD_DAY_LEARNT], flood->model.learnt_s,
                 still_learnt_s);
  trace_at_most(&test[FLOOD_LOW_PEAK], flood->usual_peak, still_peak);
  bool lasting = follows(is, FLOOD_LASTING), still = follows(is, FLOOD_STILL);
  if (lasting)
    return still_floor * min;
  if (still)
    return fmin(min, fmax(still_floor * min, flood->usual_peak + still_margin));
  return min;
}

static void test_size(struct signs *is) {
  const struct expectation_now *now = is->now;
  struct trace_test *test = is->test;
  double min = is->limit->min_excess;

  trace_fact(&test[FLOOD_WAS_OPEN],
             is->flood->incident.severity != SEVERITY_OKAY);
  trace_fact(&test[FLOOD_AGED_KNOWN], now->aged_known);
  trace_at_least(&test[FLOOD_ENOUGH], now->excess, test_enough(is));
  trace_at_least(&test[FLOOD_FLOOR], now->excess, min);
  trace_at_least(&test[FLOOD_LARGE], now->excess, 2 * min);
  trace_at_least(&test[FLOOD_MANY], now->excess, scan_excess * min);
  trace_at_least(&test[FLOOD_HALF_UNANSWERED],
                 is->seen->aged - now->expected_aged, now->unanswered_min);
}

static void test_sweep(struct signs *is) {
  const struct syn_flood *flood = is->flood;
  struct trace_test *test = is->test;
  double excess = is->now->excess;

  trace_below(&test[FLOOD_SWEEP_SMALL], excess, 3 * is->limit->min_excess);
  trace_above(&test[FLOOD_SWEEP_RESETS], flood->recent_resets - flood->resets,
              excess / half_open_life_s);
  follows(is, FLOOD_SWEEP);
}

static void test_one_source(struct signs *is) {
  struct trace_test *test = is->test;

  trace_at_least(&test[FLOOD_SOURCE_HOLDS], is->seen->one_source,
                 one_source_share * is->now->excess);
  trace_below(&test[FLOOD_SOURCE_OTHERS],
              is->now->excess - is->seen->one_source, test[FLOOD_ENOUGH].limit);
  trace_below(&test[FLOOD_SOURCE_QUEUE], is->seen->syn_queue, one_source_queue);
  follows(is, FLOOD_ONE_SOURCE);
}

static void test_remains(struct signs *is) {
  const struct syn_flood *flood = is->flood;
  const struct expectation_now *now = is->now;
  struct trace_test *test = is->test;

  trace_at_most(&test[FLOOD_DRAIN_BELOW], now->excess, flood->peak / 4);
  trace_at_most(&test[FLOOD_DRAIN_TIME], flood->drain_s, half_open_life_s);
  trace_at_most(&test[FLOOD_DRAIN_FRESH], syn_flood_fresh(is->seen),
                syn_flood_fresh_max(is->seen));
  follows(is, FLOOD_DRAINING);
  trace_at_most(&test[FLOOD_REST_TIME], flood->incident.closed_s,
                half_open_life_s);
  trace_at_most(&test[FLOOD_REST_BELOW], now->excess, flood->peak / 2);
  trace_at_most(&test[FLOOD_REST_AGED], is->seen->aged,
                flood->last_aged + 2 * sqrt(now->expected_aged + 1));
  follows(is, FLOOD_REMAINDER);
  follows(is, FLOOD_INNOCENT);
}

/* How much of the excess must be unanswered. Packet loss leaves half of it or
 * more waiting for another SYN-ACK, a flood soon nearly all of it. Half is
 * enough if the share of half-open connections is larger than loss can make it,
 * or if more are unanswered than loss can delay at this load. */
static double unanswered_min(const struct signs *is) {
  double unanswered = is->seen->aged - is->now->expected_aged;

  return trace_fact(&is->test[FLOOD_BEYOND_LOSS],
                    is->sure_share > 1 - certain_completion / 100 ||
                        unanswered >= loss_s * is->completed)
             ? is->now->unanswered_min
             : mostly_unanswered * is->now->excess;
}

/* More than one burst: the entries of a scan come at once and expire, those of
 * a flood keep coming. */
static void test_sustained(struct signs *is) {
  struct trace_test *test = is->test;
  double *lasted_s = &is->flood->lasted_s;

  *lasted_s = follows(is, FLOOD_EXCESS_SEEN) ? *lasted_s + is->dt_s : 0;
  trace_at_least(&test[FLOOD_BINS], is->seen->entry_bins, entry_bins_min);
  trace_at_least(&test[FLOOD_LASTED], *lasted_s, is->beyond_scan_s);
  follows(is, FLOOD_SUSTAINED);
}

static void test_excess(struct signs *is) {
  const struct expectation_now *now = is->now;
  struct trace_test *test = is->test;
  double usual = now->usual_share, count = is->half_open;
  double usual_aged = now->usual_aged;
  double sigmas = is->limit->sigmas;

  trace_at_least(&test[FLOOD_UNANSWERED], is->seen->aged - now->expected_aged,
                 unanswered_min(is));
  trace_above(&test[FLOOD_SIGMAS], now->sigmas,
              test[FLOOD_STILL].met ? still_sigmas * sigmas : sigmas);
  trace_above(&test[FLOOD_DRIFT], now->drift, SYN_FLOOD_DRIFT);
  trace_at_least(&test[FLOOD_SHARE], is->sure_share,
                 fmax(2 * usual, usual + 0.05));
  trace_at_least(
      &test[FLOOD_AGED_SHARE],
      expectation_wilson_lower(is->seen->aged, count + is->seen->established),
      fmax(2 * usual_aged, usual_aged + 0.05));
  trace_at_least(&test[FLOOD_COUNT], count, 3 * now->expected + 50);
  trace_above(&test[FLOOD_COOKIES_BESIDE], is->seen->cookies_sent,
              0.05 * is->completed);
  trace_at_least(&test[FLOOD_TWICE], count, 2 * now->expected);
  count_run(&is->flood->excess_run, follows(is, FLOOD_EXCESS_NOW));
  trace_at_least(&test[FLOOD_EXCESS_RUN], is->flood->excess_run,
                 SMALL_EXCESS_RUN);
  test_sustained(is);
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
  trace_at_least(&test[FLOOD_LOST_SUM], is->flood->lost_sum, scan_events);
  trace_at_least(&test[FLOOD_LOST_BINS], is->seen->lost_bins, lost_bins_min);
  trace_above(&test[FLOOD_LOST_AT_ONCE], is->flood->lost_sum, lost_at_once);
  trace_above(&test[FLOOD_LOST_COMPLETED], lost, 10 * is->completed);
  bool lost_now = follows(is, FLOOD_COOKIES);
  is->flood->cookies_s = lost_now ? 0 : is->flood->cookies_s + is->counted_s;
}

/* The packets that a crowd of clients loses fill a small queue, too. */
static void test_queue_cause(struct signs *is) {
  struct trace_test *test = is->test;
  double lost = is->seen->cookies_lost;

  trace_at_least(&test[FLOOD_REFUSED_SUM], is->flood->refused_sum, scan_events);
  trace_above(&test[FLOOD_LOST_MOSTLY], lost, 0.5 * (is->completed + lost));
  trace_above(&test[FLOOD_DROPS_MOSTLY], is->seen->dropped, is->completed);
  trace_at_least(&test[FLOOD_QUEUE_ALL_AGED], is->seen->syn_queue_aged, 90);
  follows(is, FLOOD_QUEUE_UNEXPLAINED);
}

static void test_queue(struct signs *is) {
  struct trace_test *test = is->test;
  const double *value = is->value;

  trace_at_least(&test[FLOOD_QUEUE_FULL], value[SIGNAL_SYN_QUEUE], 100);
  trace_at_least(&test[FLOOD_QUEUE_AGED], value[SIGNAL_SYN_QUEUE_AGED], 50);
  trace_at_least(&test[FLOOD_QUEUE_ENTRIES], is->half_open, 12);
  trace_above(&test[FLOOD_REFUSED_COOKIES], value[SIGNAL_COOKIES_SENT], 0);
  trace_above(&test[FLOOD_REFUSED_FULL], value[SIGNAL_QUEUE_FULL_DROPS], 0);
  trace_above(&test[FLOOD_REFUSED_LISTEN], is->seen->dropped, 0);
  trace_above(&test[FLOOD_QUEUE_OWN], is->half_open, is->seen->half_open / 2);
  test_queue_cause(is);
  count_run(&is->flood->queue_run, follows(is, FLOOD_QUEUE_NOW));
  trace_at_least(&test[FLOOD_QUEUE_RUN], is->flood->queue_run, QUEUE_RUN);
  trace_at_least(&test[FLOOD_QUEUE_LASTED], is->flood->queue_run * is->dt_s,
                 is->beyond_scan_s);
  follows(is, FLOOD_FULL_QUEUE);
}

static void test_collapse(struct signs *is) {
  struct trace_test *test = is->test;
  double completion = is->sure_completion;
  double usual = is->seen->usual_completion;

  trace_at_least(&test[FLOOD_HEALTHY], usual, healthy_completion);
  trace_below(&test[FLOOD_LOW], completion, is->limit->completion_warning);
  trace_below(&test[FLOOD_DROPPED], completion,
              usual * (1 - is->limit->completion_drop / 100));
  trace_below(&test[FLOOD_BAD_COMPLETION], completion, untrained_completion);
  trace_at_least(&test[FLOOD_BAD_QUEUE], is->seen->syn_queue_aged,
                 untrained_queue_aged);
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
  trace_at_least(&test[FLOOD_RESETS_SUM], is->flood->resets_sum, scan_events);
  follows(is, FLOOD_RESETS);
}

/* A flood that began and ended since the last reading: more unanswered entries
 * than a scan or packet loss leaves, and more than the last reading had; most
 * of them are gone again, for otherwise the reading itself shows them. */
static void test_peak(struct signs *is) {
  const struct syn_flood_figures *seen = is->seen;
  const struct expectation_now *now = is->now;
  struct trace_test *test = is->test;
  double excess = seen->aged_peak - now->expected_aged;

  trace_at_least(&test[FLOOD_PEAK_MANY],
                 seen->aged_peak - fmax(now->expected_aged, seen->aged_before),
                 scan_excess * is->limit->min_excess);
  trace_at_least(&test[FLOOD_PEAK_UNANSWERED], excess,
                 half_unanswered * (seen->half_open_peak - now->expected));
  trace_at_least(&test[FLOOD_PEAK_LOSS], excess, loss_s * is->completed);
  trace_at_most(&test[FLOOD_PEAK_GONE], seen->aged, seen->aged_peak / 2);
  follows(is, FLOOD_PEAK);
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

/* A scan is never a FAILURE: the flood must be larger than any scan, or last
 * longer than two lives of a scan's entries. */
static void test_beyond_scan(struct signs *is) {
  const struct syn_flood *flood = is->flood;
  double longest_s = is->beyond_scan_s + half_open_life_s;

  trace_at_least(&is->test[FLOOD_LASTED_TWICE], flood->lasted_s, longest_s);
  trace_at_least(&is->test[FLOOD_QUEUE_LASTED_TWICE],
                 flood->queue_run * is->dt_s, longest_s);
  follows(is, FLOOD_BEYOND_SCAN);
}

static void test_failure(struct signs *is) {
  struct trace_test *test = is->test;
  double count = is->half_open;

  test_beyond_scan(is);
  follows(is, FLOOD_OF_TABLE);
  trace_below(&test[FLOOD_FAIL_COMPLETION], is->sure_completion,
              is->limit->completion_failure);
  trace_above(&test[FLOOD_FAIL_COUNT], count, is->limit->half_open_failure);
  trace_above(&test[FLOOD_FAIL_TIMES], count, 5 * is->now->expected);
  trace_above(&test[FLOOD_FAIL_SHARE], is->sure_share, 0.15);
  follows(is, FLOOD_FAILURE);
}

/* Lost cookies leave nothing behind in the next readings, so wait a while:
 * pulses of them are one incident. A small flood has pauses, so it is over only
 * when no unanswered entries are left. But a few entries that stay for good do
 * not keep it open for ever. */
static void test_calm(struct signs *is) {
  struct trace_test *test = is->test;
  const struct expectation_now *now = is->now;
  double *quiet_s = &is->flood->quiet_s, min = is->limit->min_excess;

  trace_below(&test[FLOOD_CALM_SIGMAS], now->sigmas, calm_sigmas);
  trace_below(&test[FLOOD_CALM_EXCESS], now->excess, min / 2);
  trace_at_least(&test[FLOOD_COOKIES_OVER], is->flood->cookies_s,
                 cookies_over_s);
  bool quiet = follows(is, FLOOD_QUIET);
  *quiet_s = quiet ? *quiet_s + is->dt_s : 0;
  trace_at_least(&test[FLOOD_QUIET_LASTED], *quiet_s, quiet_lasts_s);
  trace_at_least(&test[FLOOD_CALM_UNANSWERED],
                 is->seen->aged - now->expected_aged,
                 calm_unanswered * min + 2 * sqrt(now->expected_aged));
  follows(is, FLOOD_CALM);
  follows(is, FLOOD_ADOPTABLE);
}

static double share_of(double half_open, double established) {
  double share = expectation_wilson_lower(half_open, half_open + established);

  return isnan(share) ? 0 : share; /* an empty table */
}

void syn_flood_signs(struct syn_flood *flood, const struct rules *rules,
                     const struct observation *observed, double dt_s,
                     const struct syn_flood_figures *seen,
                     struct trace_test *tests) {
  double half_open = seen->half_open - seen->overflowed;
  double share = share_of(half_open, seen->established);
  struct signs is = {
      .flood = flood,
      .rules = rules,
      .limit = &rules->syn_flood,
      .value = observed->value,
      .seen = seen,
      .now = &seen->now,
      .half_open = half_open,
      .dt_s = dt_s,
      .counted_s = observed->dt_s,
      .sure_share = share,
      .sure_completion = 100 * (1 - share),
      .completed = observed->value[SIGNAL_PASSIVE_OPENS],
      .beyond_scan_s = scan_s + half_open_life_s + interval_slack * dt_s,
      .test = tests,
  };

  test_warm(&is);
  test_size(&is);
  test_sweep(&is);
  test_one_source(&is);
  test_remains(&is);
  test_excess(&is);
  test_cookies(&is);
  test_queue(&is);
  test_collapse(&is);
  test_resets(&is);
  test_peak(&is);
  follows(&is, FLOOD_EVIDENCE);
  test_entropy(&is);
  follows(&is, FLOOD_CERTAIN);
  follows(&is, FLOOD_ATTACK);
  test_failure(&is);
  test_calm(&is);
}
