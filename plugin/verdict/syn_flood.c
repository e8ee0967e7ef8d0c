/* Evidence of a SYN flood, snapshot by snapshot. Pure. The kernel's side of
 * each sign: tcp_conn_request() in net/ipv4/tcp_input.c, reqsk_timer_handler()
 * in net/ipv4/inet_connection_sock.c, net/ipv4/syncookies.c. */
#include "verdict/syn_flood.h"

#include <math.h>
#include <string.h>

static const double warm_up_snapshots = 30;
static const double half_open_life_s = 63; /* five SYN-ACKs sent again */
static const double cookie_memory_s = 6 * 3600;
static const double freeze_drift = 4, calm_sigmas = 2.5;
static const double excess_drift = 10, certain_sigmas = 25;
static const double thaw_s = 3600;
enum { COOKIES_RUN = 3, QUEUE_RUN = 2, COLLAPSE_RUN = 3, RUN_MAX = 200 };

void syn_flood_init(struct syn_flood *flood) {
  memset(flood, 0, sizeof(*flood));
  expectation_init(&flood->model);
  incident_init(&flood->incident);
  flood->overflow_s = INFINITY;
}

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

static double unreturned(const struct syn_flood_figures *seen) {
  return seen->cookies_sent - seen->cookies_returned; /* NAN stays NAN */
}

static void count_run(uint8_t *run, bool now) {
  *run = (uint8_t)(now ? fmin(*run + 1, RUN_MAX) : 0);
}

static bool is_excess(const struct rules *rules,
                      const struct syn_flood_figures *seen, double completed) {
  const struct expectation_now *now = &seen->now;
  double usual = now->usual_share, S = seen->half_open, M = now->expected;

  if (now->excess < rules->syn_flood.min_excess ||
      (now->aged_known && !now->unanswered))
    return false;
  if (now->sigmas <= rules->syn_flood.sigmas && now->drift <= excess_drift)
    return false;
  return sure_share(seen) >= fmax(2 * usual, usual + 0.05) || S >= 3 * M + 50 ||
         (seen->cookies_sent > 0.05 * completed && S >= 2 * M);
}

static bool is_cookies(struct syn_flood *flood, const struct rules *rules,
                       const struct syn_flood_figures *seen) {
  double lost = unreturned(seen), sent = seen->cookies_sent;
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

static bool is_collapse(struct syn_flood *flood, const struct rules *rules,
                        const struct syn_flood_figures *seen) {
  const struct syn_flood_rules *limit = &rules->syn_flood;
  double completion = 100 * (1 - sure_share(seen));
  double usual = 100 * (1 - seen->now.usual_share);
  bool low = completion < limit->completion_warning ||
             completion < usual * (1 - limit->completion_drop / 100);

  count_run(&flood->collapse_run,
            low && seen->now.excess >= limit->min_excess &&
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

static uint32_t gather(struct syn_flood *flood, const struct rules *rules,
                       const struct observation *observed,
                       const struct syn_flood_figures *seen) {
  double completed = observed->value[SIGNAL_PASSIVE_OPENS];
  bool trained = warm(flood, rules);
  uint32_t of_table = 0, of_counters = 0;

  if (trained && is_excess(rules, seen, completed))
    of_table |= SYN_FLOOD_EXCESS;
  if (is_full_queue(flood, seen, observed))
    of_table |= SYN_FLOOD_FULL_QUEUE;
  if (is_collapse(flood, rules, seen))
    of_table |= SYN_FLOOD_COLLAPSE;
  if (is_cookies(flood, rules, seen))
    of_counters |= SYN_FLOOD_COOKIES;
  if (trained && is_resets(flood, rules, seen, completed))
    of_counters |= SYN_FLOOD_RESETS;
  return accept_queue_overflows(flood, observed) ? of_counters
                                                 : of_table | of_counters;
}

static bool is_certain(uint32_t found, const struct syn_flood_figures *seen,
                       double completed) {
  double lost = unreturned(seen);

  if (found & (SYN_FLOOD_FULL_QUEUE | SYN_FLOOD_COLLAPSE))
    return true;
  if (found & SYN_FLOOD_EXCESS && seen->now.unanswered &&
      seen->now.sigmas > certain_sigmas)
    return true;
  return found & SYN_FLOOD_COOKIES && lost > 50 && lost > 10 * completed;
}

static bool is_failure(uint32_t found, const struct rules *rules,
                       const struct syn_flood_figures *seen) {
  const struct syn_flood_rules *limit = &rules->syn_flood;
  double share = sure_share(seen), S = seen->half_open;
  bool of_table =
      found & (SYN_FLOOD_EXCESS | SYN_FLOOD_COLLAPSE) && seen->now.unanswered;

  if (found & SYN_FLOOD_FULL_QUEUE)
    return true;
  if (found & SYN_FLOOD_COOKIES && unreturned(seen) > seen->cookies_sent / 2)
    return true;
  if (of_table && 100 * (1 - share) < limit->completion_failure)
    return true;
  return of_table && S > limit->half_open_failure &&
         S > 5 * seen->now.expected && share > 0.15;
}

static void look(const struct syn_flood *flood,
                 const struct observation *observed,
                 struct syn_flood_figures *seen) {
  const double *value = observed->value;
  double S = value[SIGNAL_SYN_RECV], E = value[SIGNAL_ESTABLISHED];
  struct expectation_load load = {S, value[SIGNAL_AGED], E,
                                  value[SIGNAL_PASSIVE_OPENS], observed->dt_s};

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
  seen->resets = value[SIGNAL_EMBRYONIC_RESETS];
  seen->syn_queue = value[SIGNAL_SYN_QUEUE];
}

static void approach(double *mean, double value, double weight) {
  if (!isnan(value))
    *mean += weight * (value - *mean);
}

/* What lasts so long is the new normal, whatever the evidence was. */
static void adopt(struct syn_flood *flood,
                  const struct syn_flood_figures *seen) {
  expectation_adopt(&flood->model);
  if (unreturned(seen) > flood->unreturned)
    flood->unreturned = unreturned(seen);
  if (seen->resets > flood->resets)
    flood->resets = seen->resets;
}

static void learn(struct syn_flood *flood, const struct observation *observed,
                  const struct syn_flood_figures *seen, uint32_t found,
                  enum incident_change change) {
  bool open = flood->incident.severity != SEVERITY_OKAY;
  bool frozen = open || found || seen->now.drift > freeze_drift;
  struct expectation_load load = {
      seen->half_open, seen->aged, seen->established,
      observed->value[SIGNAL_PASSIVE_OPENS], observed->dt_s};
  double weight = fmax(fmin(1, observed->dt_s / cookie_memory_s),
                       1 / (flood->model.learnt + warm_up_snapshots));
  double lost = unreturned(seen);

  if (!frozen) {
    approach(&flood->unreturned, lost < 0 ? 0 : lost, weight);
    approach(&flood->resets, seen->resets, weight);
  }
  if (change == INCIDENT_CLEARED) /* its time does not count for the thaw */
    flood->model.frozen_s = 0;
  expectation_learn(&flood->model, &load, &seen->now, frozen);
  if (change == INCIDENT_ADOPTED)
    adopt(flood, seen);
  else if (!open && flood->model.frozen_s >= thaw_s)
    expectation_adopt(&flood->model);
}

static void report(const struct syn_flood *flood, const struct rules *rules,
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
  finding->score = now->sigmas;
  finding->failure_max =
      fmax(finding->upper, fmax(limit->half_open_failure, 5 * now->expected));
  finding->samples = flood->model.learnt;
}

void syn_flood_judge(struct syn_flood *flood, const struct rules *rules,
                     const struct observation *observed,
                     struct finding *finding, struct syn_flood_figures *seen) {
  memset(finding, 0, sizeof(*finding));
  if (!rules->incident[INCIDENT_SYN_FLOOD].enable ||
      isnan(observed->value[SIGNAL_SYN_RECV]) ||
      isnan(observed->value[SIGNAL_ESTABLISHED]))
    return;
  if (observed->gap)
    expectation_interrupt(&flood->model);
  if (observed->gap || observed->interval_changed) {
    incident_interrupt(&flood->incident);
    flood->cookies_run = flood->queue_run = flood->collapse_run = 0;
  }
  look(flood, observed, seen);
  uint32_t found = gather(flood, rules, observed, seen);
  double excess = seen->now.excess;
  struct incident_evidence evidence = {
      .present = found != 0,
      .certain = is_certain(found, seen, observed->value[SIGNAL_PASSIVE_OPENS]),
      .failure = is_failure(found, rules, seen),
      .calm = !found && (seen->now.sigmas < calm_sigmas ||
                         excess < rules->syn_flood.min_excess / 2),
      .adoptable = !seen->now.unanswered &&
                   !(found & (SYN_FLOOD_COOKIES | SYN_FLOOD_FULL_QUEUE)),
  };
  finding->evidence = found;
  finding->change =
      incident_step(&flood->incident, &rules->incident[INCIDENT_SYN_FLOOD],
                    &evidence, observed->time_s, observed->dt_s);
  report(flood, rules, seen, finding);
  learn(flood, observed, seen, found, finding->change);
}
