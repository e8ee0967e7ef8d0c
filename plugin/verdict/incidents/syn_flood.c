/* The incident syn_flood, snapshot by snapshot: compute the figures, test them
 * (syn_flood_tests.c), step the incident, learn. Pure. */
#include "verdict/incidents/syn_flood.h"

#include "syn_flood_tests.h"

#include <math.h>
#include <string.h>

static const double first_weight = 30; /* snapshots the first means count for */
static const double cookie_memory_s = 6 * 3600, resets_memory_s = 60;
static const double expiry_s = 63, gone_excess = 6;
static const double events_memory_s = 120;
static const double overflow_bin_s = 32, queue_is_full = 90;
static const double pruned_queue = 45;  /* about half, percent */
static const double arrival_excess = 2; /* from here on new entries count */
static const double source_memory_s = 120;
static const double hour_s = 3600, peak_bins = 2;
static const double peak_memory_hours = 7 * 24;

void syn_flood_init(struct syn_flood *flood) {
  memset(flood, 0, sizeof(*flood));
  expectation_init(&flood->model);
  baseline_init(&flood->entropy);
  incident_init(&flood->incident);
  flood->cookies_s = INFINITY;
  flood->source_s = INFINITY;
}

static double known(double value) { return isnan(value) ? 0 : value; }

/* Half-open entries whose handshake is complete, but whose accept queue is
 * full. Each of them raised ListenOverflows at least once. They leave when
 * their SYN-ACK is sent again and the queue has room, or expire after a minute.
 */
static double overflowed(const struct syn_flood *flood,
                         const struct observation *observed) {
  double now = known(observed->value[SIGNAL_LISTEN_OVERFLOWS]) * observed->dt_s;
  bool room = observed->value[SIGNAL_ACCEPT_QUEUE] < queue_is_full;
  double held = room ? now : 0; /* else it stands in the newest bin */

  for (int i = 0; i < OVERFLOW_BINS; i++)
    held += flood->overflow[i];
  return fmin(held, observed->value[SIGNAL_SYN_RECV]);
}

static void count_overflows(struct syn_flood *flood,
                            const struct observation *observed) {
  double *bin = flood->overflow, dt_s = observed->dt_s;

  if (flood->overflow_bin_s >= overflow_bin_s) {
    memmove(&bin[1], &bin[0], (OVERFLOW_BINS - 1) * sizeof(*bin));
    bin[0] = flood->overflow_bin_s = 0;
  }
  flood->overflow_bin_s += dt_s;
  if (!(observed->value[SIGNAL_ACCEPT_QUEUE] < queue_is_full))
    bin[0] += known(observed->value[SIGNAL_LISTEN_OVERFLOWS]) * dt_s;
}

/* Entries that are gone do not explain entries that come later: limit what is
 * remembered to the excess that is still there. */
static void hold_overflows(struct syn_flood *flood,
                           const struct syn_flood_figures *seen) {
  double most = fmax(0, seen->half_open - seen->now.expected), sum = 0;

  for (int i = 0; i < OVERFLOW_BINS; i++)
    sum += flood->overflow[i];
  for (int i = 0; sum > most && i < OVERFLOW_BINS; i++)
    flood->overflow[i] *= most / sum;
}

/* SYNs per second that were dropped because of a SYN queue. Without cookies, in
 * the last quarter of the queue, only ListenDrops counts them, together with
 * the connections that an accept queue refused. */
static double dropped(const double *value) {
  double listen =
      known(value[SIGNAL_LISTEN_DROPS]) - known(value[SIGNAL_LISTEN_OVERFLOWS]);

  return fmax(fmax(0, listen), known(value[SIGNAL_QUEUE_FULL_DROPS]));
}

static struct expectation_load load_of(const struct observation *observed,
                                       const struct syn_flood_figures *seen,
                                       double dt_s) {
  return (struct expectation_load){
      .half_open = seen->half_open - seen->overflowed,
      .aged = seen->aged,
      .established = seen->established,
      .completed = observed->value[SIGNAL_PASSIVE_OPENS],
      .dt_s = dt_s,
  };
}

/* Readings between two walks do not know the sources. */
static void remember_source(struct syn_flood *flood,
                            const struct observation *observed) {
  double share = observed->value[SIGNAL_TOP_SOURCE];

  flood->source_s = isnan(share) ? flood->source_s + observed->dt_s : 0;
  if (!isnan(share))
    flood->source_share = share;
}

static double source_share(const struct syn_flood *flood) {
  return flood->source_s <= source_memory_s ? flood->source_share : NAN;
}

static void look(const struct syn_flood *flood,
                 const struct observation *observed, double dt_s,
                 struct syn_flood_figures *seen) {
  const double *value = observed->value;
  double S = value[SIGNAL_SYN_RECV], E = value[SIGNAL_ESTABLISHED];
  double A = value[SIGNAL_AGED];

  seen->overflowed = overflowed(flood, observed);
  seen->half_open = S;
  seen->aged = isnan(A) ? A : fmax(0, A - seen->overflowed);
  seen->half_open_peak = value[SIGNAL_SYN_RECV_PEAK];
  seen->aged_peak = value[SIGNAL_AGED_PEAK];
  seen->aged_before = flood->last_aged;
  seen->one_source = S * source_share(flood) / 100;
  seen->established = E;
  struct expectation_load load = load_of(observed, seen, dt_s);
  expectation_judge(&flood->model, &load, &seen->now);
  seen->completion = S + E > 0 ? 100 * E / (S + E) : NAN;
  seen->usual_completion = 100 * (1 - seen->now.usual_share);
  seen->unanswered = S > 0 ? 100 * A / S : NAN;
  if (seen->unanswered > 100)
    seen->unanswered = 100; /* not fmin: NAN must stay NAN */
  seen->cookies_sent = value[SIGNAL_COOKIES_SENT];
  seen->cookies_returned = value[SIGNAL_COOKIES_RECEIVED];
  seen->cookies_lost = seen->cookies_sent - seen->cookies_returned;
  seen->dropped = dropped(value);
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

/* The share of the last reading's unanswered entries that is still there, 0..1.
 * Entries live for a minute. But once half of the queue is in use and new SYNs
 * come, the kernel drops old entries after a few seconds: the count then stays
 * the same although all entries are new (reqsk_timer_handler). */
static double part_left(const struct syn_flood_figures *seen, double dt_s) {
  if (seen->syn_queue_aged >= pruned_queue &&
      syn_flood_fresh(seen) > syn_flood_fresh_max(seen))
    return 0;
  return dt_s < expiry_s / 2 ? 1 : fmax(0, 1 - dt_s / expiry_s);
}

/* Count the entries that are newly unanswered: all unanswered ones, less those
 * of the last reading that are still there. Without an excess none count: a
 * table that fluctuates around its normal count does not get new ones. */
static void count_entries(struct syn_flood *flood, double dt_s,
                          struct syn_flood_figures *seen) {
  double aged = isnan(seen->aged) ? seen->half_open : seen->aged;
  double usual = seen->now.expected_aged;
  double left = part_left(seen, dt_s) * flood->last_aged;
  double events = 0;

  if (aged - usual >= arrival_excess)
    events = fmax(0, aged - fmax(left, usual / 2));
  flood->last_aged = aged;
  seen->entry_bins = arrivals_add(&flood->entries, events, dt_s);
  flood->drifting_s =
      seen->now.drift > (double)SYN_FLOOD_DRIFT ? flood->drifting_s + dt_s : 0;
}

/* Sum up what the counters say; works without counts of sockets. */
static void count_events(struct syn_flood *flood,
                         const struct observation *observed,
                         struct syn_flood_figures *seen) {
  double dt_s = observed->dt_s, keep = exp(-dt_s / events_memory_s);
  double lost = known(seen->cookies_lost) * dt_s;
  double refused = seen->dropped * dt_s;

  flood->lost_sum = fmax(0, keep * flood->lost_sum + lost);
  flood->refused_sum = fmax(0, keep * flood->refused_sum + lost) + refused;
  flood->resets_sum = keep * flood->resets_sum + known(seen->resets) * dt_s;
  seen->lost_bins = arrivals_add(&flood->lost, fmax(0, lost), dt_s);
}

/* Learn the largest unanswered excess of calm hours that did not come as one
 * burst. A smaller excess says nothing. */
static void follow_peak(struct syn_flood *flood, const struct rules *rules,
                        double dt_s, const struct syn_flood_figures *seen,
                        const struct trace_test *tests) {
  double excess = fmin(seen->now.excess, rules->syn_flood.min_excess);

  if (tests[FLOOD_WAS_OPEN].met)
    flood->hour_peak = -1;
  else if (flood->hour_peak >= 0 && seen->entry_bins >= peak_bins &&
           seen->now.unanswered)
    flood->hour_peak = fmax(flood->hour_peak, excess);
  flood->hour_s += dt_s;
  if (flood->hour_s < hour_s)
    return;
  flood->usual_peak =
      fmax(exp(-1 / peak_memory_hours) * flood->usual_peak, flood->hour_peak);
  flood->hour_peak = flood->hour_s = 0;
}

/* The incident lasted so long that its figures are the new normal. */
static void adopt(struct syn_flood *flood, const struct syn_flood_figures *seen,
                  double time_s) {
  expectation_adopt(&flood->model);
  baseline_adopt(&flood->entropy, NULL, time_s);
  if (seen->cookies_lost > flood->unreturned)
    flood->unreturned = seen->cookies_lost;
  if (seen->resets > flood->resets)
    flood->resets = seen->resets;
}

/* Nothing is learned from an incident, or from what may become one. */
static bool test_frozen(const struct syn_flood *flood,
                        const struct syn_flood_figures *seen,
                        struct trace_test *tests) {
  trace_fact(&tests[FLOOD_OPEN], flood->incident.severity != SEVERITY_OKAY);
  trace_above(&tests[FLOOD_DRIFTING], seen->now.drift, BASELINE_FREEZE_DRIFT);
  trace_at_least(&tests[FLOOD_LONG_FROZEN], flood->model.frozen_s,
                 BASELINE_THAW_S);
  return trace_apply(syn_flood_trace_rules, FLOOD_FROZEN, tests);
}

/* At the OKAY: what the attack left behind is not evidence of another one. */
static void forget_attack(struct syn_flood *flood) {
  expectation_forget_shadow(&flood->model);
  flood->lost_sum = flood->refused_sum = flood->resets_sum = 0;
}

static void learn(struct syn_flood *flood, const struct observation *observed,
                  double dt_s, const struct syn_flood_figures *seen,
                  enum incident_change change, struct trace_test *tests) {
  bool frozen = test_frozen(flood, seen, tests);
  struct expectation_load load = load_of(observed, seen, dt_s);
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
  if (change == INCIDENT_CLEARED) /* the incident's time does not count */
    flood->model.frozen_s = 0;
  expectation_learn(&flood->model, &load, &seen->now, frozen);
  bool long_frozen = trace_at_least(&tests[FLOOD_LONG_FROZEN],
                                    flood->model.frozen_s, BASELINE_THAW_S);
  if (change == INCIDENT_ADOPTED)
    adopt(flood, seen, observed->time_s);
  else if (change == INCIDENT_CLEARED)
    forget_attack(flood);
  else if (!tests[FLOOD_OPEN].met && long_frozen) {
    expectation_adopt(&flood->model);
    baseline_adopt(&flood->entropy, NULL, observed->time_s);
  }
}

/* Keep the largest excess of an incident, and how long most of it has been
 * gone. Both survive the OKAY until the rest is gone, too. */
static void follow(struct syn_flood *flood, double dt_s,
                   const struct syn_flood_figures *seen) {
  bool open = flood->incident.severity != SEVERITY_OKAY;
  double excess = seen->now.excess;

  flood->drain_s = excess <= flood->peak / 4 ? flood->drain_s + dt_s : 0;
  if (open)
    flood->peak = fmax(flood->peak, excess);
  else if (excess < gone_excess || flood->drain_s > 2 * expiry_s)
    flood->peak = flood->drain_s = 0;
}

/* The evidence among the tests, as bits. */
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
      {FLOOD_PEAK, SYN_FLOOD_PEAK},
  };
  uint32_t bits = 0;

  for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
    if (tests[signs[i].test].met)
      bits |= signs[i].bit;
  return bits;
}

/* The number of half-open connections at which the fullest SYN queue is full,
 * which is a FAILURE, too. NAN if the queue's size is not known. */
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
  finding->score = incident_score(now->sigmas);
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
      .attack = tests[FLOOD_ATTACK].met,
  };

  return incident_step(&flood->incident, &rules->incident[INCIDENT_SYN_FLOOD],
                       &evidence, time_s, dt_s);
}

/* The sockets were not counted. The counters may still show a flood, by its
 * cookies or resets; all other tests wait, and nothing is learned. */
static void judge_counters(struct syn_flood *flood, const struct rules *rules,
                           const struct observation *observed,
                           struct finding *finding,
                           struct syn_flood_figures *seen,
                           struct trace_test *tests) {
  uint8_t excess_run = flood->excess_run, queue_run = flood->queue_run;
  uint8_t collapse_run = flood->collapse_run;
  double lasted_s = flood->lasted_s, quiet_s = flood->quiet_s;

  look(flood, observed, observed->dt_s, seen);
  seen->entry_bins = 0;
  count_events(flood, observed, seen);
  syn_flood_signs(flood, rules, observed, observed->dt_s, seen, tests);
  flood->excess_run = excess_run;
  flood->queue_run = queue_run;
  flood->collapse_run = collapse_run;
  flood->lasted_s = lasted_s;
  flood->quiet_s = quiet_s;
  test_frozen(flood, seen, tests);
  bool held =
      incident_abstain(&flood->incident, observed->dt_s, observed->interval_s);
  if (!tests[FLOOD_EVIDENCE].met) {
    if (held && flood->model.learnt > 0)
      incident_hold(finding, &flood->incident);
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
  hold_overflows(flood, seen);
  count_entries(flood, dt_s, seen);
  count_events(flood, observed, seen);
  syn_flood_signs(flood, rules, observed, dt_s, seen, tests);
  finding->evidence = bits_of(tests);
  finding->change = step(flood, rules, observed->time_s, dt_s, true, tests);
  report(flood, rules, observed, seen, finding);
  if (tests[FLOOD_PEAK].met)
    finding->observed = fmax(finding->observed, seen->half_open_peak);
  follow(flood, dt_s, seen);
  follow_peak(flood, rules, dt_s, seen, tests);
  learn(flood, observed, dt_s, seen, finding->change, tests);
}

/* After a gap, events from before it are no longer recent. */
static void interrupt(struct syn_flood *flood) {
  expectation_interrupt(&flood->model);
  flood->entries = flood->lost = (struct arrivals){0};
  flood->lost_sum = flood->refused_sum = flood->resets_sum = 0;
  memset(flood->overflow, 0, sizeof(flood->overflow));
  flood->last_aged = flood->drifting_s = 0;
}

void syn_flood_judge(struct syn_flood *flood, const struct rules *rules,
                     const struct observation *observed,
                     struct finding *finding, struct syn_flood_figures *seen,
                     struct trace_test *tests) {
  memset(finding, 0, sizeof(*finding));
  if (!rules->incident[INCIDENT_SYN_FLOOD].enable)
    return;
  if (observed->gap)
    interrupt(flood);
  if (observed->gap || observed->interval_changed) {
    incident_interrupt(&flood->incident);
    flood->excess_run = flood->cookies_run = 0;
    flood->queue_run = flood->collapse_run = 0;
    flood->lasted_s = flood->quiet_s = 0;
  }
  approach(&flood->recent_resets, observed->value[SIGNAL_EMBRYONIC_RESETS],
           fmin(1, observed->dt_s / resets_memory_s));
  count_overflows(flood, observed);
  remember_source(flood, observed);
  if (!isnan(observed->value[SIGNAL_SYN_RECV]) &&
      !isnan(observed->value[SIGNAL_ESTABLISHED]))
    judge_counted(flood, rules, observed, finding, seen, tests);
  else if (observed->sent >> SIGNAL_SYN_RECV & 1)
    judge_counters(flood, rules, observed, finding, seen, tests);
}
