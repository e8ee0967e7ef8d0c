/* The signs of a SYN flood in one snapshot. Pure. The kernel's side of each:
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
enum {
  SMALL_EXCESS_RUN = 3,
  COOKIES_RUN = 3,
  QUEUE_RUN = 2,
  COLLAPSE_RUN = 3,
  RUN_MAX = 200
};

static bool warm(const struct syn_flood *flood, const struct rules *rules) {
  if (rules->warm_up_s <= 0)
    return true;
  return flood->model.learnt >= warm_up_snapshots &&
         flood->model.learnt_s >= rules->warm_up_s;
}

/* How much of the table half-open connections surely take, 0..1; 0 where
 * nothing is sure. */
static double sure_share(const struct syn_flood_figures *seen) {
  double bound = expectation_wilson_lower(seen->half_open,
                                          seen->half_open + seen->established);
  return isnan(bound) ? 0 : bound;
}

static void count_run(uint8_t *run, bool now) {
  *run = (uint8_t)(now ? fmin(*run + 1, RUN_MAX) : 0);
}

/* A sweep of ports by a scanner: its own kernel resets most of what our
 * SYN-ACKs answer, and a small rest stays unanswered. A flood of that size
 * resets little: unanswered entries leave at one in half_open_life_s. */
static bool is_sweep(const struct syn_flood *flood, const struct rules *rules,
                     const struct syn_flood_figures *seen) {
  double excess = seen->now.excess;

  return excess < 3 * rules->syn_flood.min_excess &&
         flood->recent_resets - flood->resets > excess / half_open_life_s;
}

/* What is left of a flood that has ended: nothing fresh comes in, most of it is
 * gone, and the rest is given the time that it takes to expire. */
static bool is_draining(const struct syn_flood *flood,
                        const struct syn_flood_figures *seen) {
  const struct expectation_now *now = &seen->now;
  double fresh = seen->half_open - seen->aged;
  double usual = fmax(0, now->expected - now->expected_aged);

  return now->aged_known && now->excess <= flood->peak / 4 &&
         flood->drain_s <= half_open_life_s &&
         fresh <= usual + 2 * sqrt(usual + 4);
}

/* The same after the OKAY: a rest that is still expiring, of which no more is
 * unanswered than before. What is fresh beside it is judged when it has aged.
 */
static bool is_remainder(const struct syn_flood *flood,
                         const struct syn_flood_figures *seen) {
  const struct expectation_now *now = &seen->now;

  return flood->incident.severity == SEVERITY_OKAY && now->aged_known &&
         flood->incident.closed_s <= half_open_life_s &&
         now->excess <= flood->peak / 2 &&
         seen->aged <= flood->last_aged + 2 * sqrt(now->expected_aged + 1);
}

/* A few entries that came at once or twice: nobody keeps sending. */
static bool is_drizzle(const struct syn_flood *flood, const struct rules *rules,
                       const struct syn_flood_figures *seen) {
  return seen->now.excess < 2 * rules->syn_flood.min_excess &&
         flood->arrivals < arrivals_min;
}

/* Half-open entries that have another cause than a flood that goes on. */
static bool is_innocent(const struct syn_flood *flood,
                        const struct rules *rules,
                        const struct syn_flood_figures *seen) {
  return is_sweep(flood, rules, seen) || is_drizzle(flood, rules, seen) ||
         is_draining(flood, seen) || is_remainder(flood, seen);
}

/* Whether nobody answers. Packet loss makes half and more of an excess wait for
 * a SYN-ACK that is sent again, a flood soon nearly all of it; half is enough
 * where the share is larger than loss can make it. */
static bool is_unanswered(const struct syn_flood_figures *seen) {
  const struct expectation_now *now = &seen->now;

  if (!now->aged_known || sure_share(seen) > 1 - certain_completion / 100)
    return !now->aged_known || now->unanswered;
  return seen->aged - now->expected_aged >= mostly_unanswered * now->excess;
}

static bool is_excess(const struct rules *rules,
                      const struct syn_flood_figures *seen, double completed) {
  const struct expectation_now *now = &seen->now;
  double usual = now->usual_share, count = seen->half_open;

  if (now->excess < rules->syn_flood.min_excess || !is_unanswered(seen))
    return false;
  if (now->sigmas <= rules->syn_flood.sigmas && now->drift <= excess_drift)
    return false;
  return sure_share(seen) >= fmax(2 * usual, usual + 0.05) ||
         count >= 3 * now->expected + 50 ||
         (seen->cookies_sent > 0.05 * completed && count >= 2 * now->expected);
}

static bool is_cookies(struct syn_flood *flood, const struct rules *rules,
                       const struct syn_flood_figures *seen) {
  double lost = seen->cookies_lost, sent = seen->cookies_sent;
  bool above =
      lost > rules->syn_flood.cookies_per_s && lost > 3 * flood->unreturned;

  count_run(&flood->cookies_run, above && lost > sent / 4);
  return above && (lost > sent / 2 || flood->cookies_run >= COOKIES_RUN);
}

static bool is_full_queue(struct syn_flood *flood,
                          const struct syn_flood_figures *seen,
                          const struct observation *observed) {
  const double *value = observed->value;
  bool refused = value[SIGNAL_COOKIES_SENT] > 0 ||
                 value[SIGNAL_QUEUE_FULL_DROPS] > 0 ||
                 value[SIGNAL_LISTEN_DROPS] > 0;

  count_run(&flood->queue_run, value[SIGNAL_SYN_QUEUE] >= 100 &&
                                   value[SIGNAL_SYN_QUEUE_AGED] >= 50 &&
                                   (seen->half_open >= 12 || refused));
  return flood->queue_run >= QUEUE_RUN;
}

/* What no healthy host shows, whatever is usual there: for as long as that is
 * not known yet. */
static bool is_bad_anywhere(const struct syn_flood_rules *limit,
                            const struct syn_flood_figures *seen,
                            double completion) {
  return seen->now.excess >= 2 * limit->min_excess &&
         (completion < untrained_completion ||
          seen->syn_queue_aged >= untrained_queue_aged);
}

/* Completion far below the usual. */
static bool is_collapse(struct syn_flood *flood, const struct rules *rules,
                        const struct syn_flood_figures *seen, bool trained) {
  const struct syn_flood_rules *limit = &rules->syn_flood;
  double completion = 100 * (1 - sure_share(seen));
  double usual = 100 * (1 - seen->now.usual_share);
  bool low = completion < limit->completion_warning ||
             completion < usual * (1 - limit->completion_drop / 100) ||
             (!trained && is_bad_anywhere(limit, seen, completion));

  count_run(&flood->collapse_run,
            low && seen->now.excess >= limit->min_excess &&
                !is_innocent(flood, rules, seen) &&
                (seen->now.unanswered || !seen->now.aged_known) &&
                seen->now.usual_share < 0.20);
  return flood->collapse_run >= COLLAPSE_RUN;
}

static bool is_resets(const struct syn_flood *flood, const struct rules *rules,
                      const struct syn_flood_figures *seen, double completed) {
  return seen->resets > rules->syn_flood.resets_per_s &&
         seen->resets > 2 * completed && seen->resets > 3 * flood->resets;
}

/* With a full accept queue the kernel leaves finished handshakes half-open and
 * sends their SYN-ACKs again: what then looks unanswered is the application's
 * doing. Cookies still count. */
static bool accept_queue_overflows(struct syn_flood *flood,
                                   const struct observation *observed) {
  if (observed->value[SIGNAL_LISTEN_OVERFLOWS] > 0)
    flood->overflow_s = 0;
  else
    flood->overflow_s += observed->dt_s;
  return flood->overflow_s <= half_open_life_s;
}

/* Excess is believed at once where it is large; a small one when it has lasted.
 */
static bool counts_as_excess(struct syn_flood *flood, const struct rules *rules,
                             const struct syn_flood_figures *seen,
                             double completed) {
  bool excess =
      is_excess(rules, seen, completed) && !is_innocent(flood, rules, seen);

  count_run(&flood->excess_run, excess);
  return flood->excess_run >= SMALL_EXCESS_RUN ||
         (excess && seen->now.excess >= 2 * rules->syn_flood.min_excess);
}

static uint32_t gather(struct syn_flood *flood, const struct rules *rules,
                       const struct observation *observed,
                       const struct syn_flood_figures *seen) {
  double completed = observed->value[SIGNAL_PASSIVE_OPENS];
  bool trained = warm(flood, rules);
  uint32_t of_table = 0, of_counters = 0;

  if (trained && counts_as_excess(flood, rules, seen, completed))
    of_table |= SYN_FLOOD_EXCESS;
  if (is_full_queue(flood, seen, observed))
    of_table |= SYN_FLOOD_FULL_QUEUE;
  if (is_collapse(flood, rules, seen, trained))
    of_table |= SYN_FLOOD_COLLAPSE;
  if (is_cookies(flood, rules, seen))
    of_counters |= SYN_FLOOD_COOKIES;
  if (trained && is_resets(flood, rules, seen, completed))
    of_counters |= SYN_FLOOD_RESETS;
  return accept_queue_overflows(flood, observed) ? of_counters
                                                 : of_table | of_counters;
}

/* Signs that need no second look. */
static bool is_certain(const struct syn_flood *flood, uint32_t found,
                       const struct rules *rules,
                       const struct syn_flood_figures *seen, double completed) {
  const struct expectation_now *now = &seen->now;
  double lost = seen->cookies_lost;

  if (found & (SYN_FLOOD_FULL_QUEUE | SYN_FLOOD_COLLAPSE))
    return true;
  if (found & SYN_FLOOD_EXCESS && now->unanswered &&
      (now->sigmas > 25 || flood->excess_run >= SMALL_EXCESS_RUN ||
       (now->sigmas > 8 && now->excess >= 2 * rules->syn_flood.min_excess &&
        100 * (1 - sure_share(seen)) < certain_completion)))
    return true;
  return found & SYN_FLOOD_COOKIES && (flood->cookies_run >= COOKIES_RUN ||
                                       (lost > 50 && lost > 10 * completed));
}

static bool is_failure(uint32_t found, const struct rules *rules,
                       const struct syn_flood_figures *seen) {
  const struct syn_flood_rules *limit = &rules->syn_flood;
  double share = sure_share(seen), S = seen->half_open;
  bool of_table =
      found & (SYN_FLOOD_EXCESS | SYN_FLOOD_COLLAPSE) && seen->now.unanswered;

  if (found & SYN_FLOOD_FULL_QUEUE)
    return true;
  if (found & SYN_FLOOD_COOKIES && seen->cookies_lost > seen->cookies_sent / 2)
    return true;
  if (of_table && 100 * (1 - share) < limit->completion_failure)
    return true;
  return of_table && S > limit->half_open_failure &&
         S > 5 * seen->now.expected && share > 0.15;
}

void syn_flood_signs(struct syn_flood *flood, const struct rules *rules,
                     const struct observation *observed,
                     const struct syn_flood_figures *seen,
                     struct incident_evidence *evidence, uint32_t *found) {
  const struct expectation_now *now = &seen->now;
  double completed = observed->value[SIGNAL_PASSIVE_OPENS];
  uint32_t signs = gather(flood, rules, observed, seen);

  *found = signs;
  *evidence = (struct incident_evidence){
      .present = signs != 0,
      .certain = is_certain(flood, signs, rules, seen, completed),
      .failure = is_failure(signs, rules, seen),
      .calm = !signs && (now->sigmas < calm_sigmas ||
                         now->excess < rules->syn_flood.min_excess / 2 ||
                         is_draining(flood, seen)),
      .adoptable = !now->unanswered &&
                   !(signs & (SYN_FLOOD_COOKIES | SYN_FLOOD_FULL_QUEUE)),
  };
}
