/* The incident syn_flood, snapshot by snapshot: what was expected, what the
 * signs say, what is learnt. Pure. */
#include "verdict/syn_flood.h"

#include "syn_flood_signs.h"

#include <math.h>
#include <string.h>

static const double first_weight = 30; /* snapshots the first means count for */
static const double cookie_memory_s = 6 * 3600, resets_memory_s = 60;
static const double expiry_s = 63, gone_excess = 6, usual_interval_s = 10;
static const double entropy_sigmas = 4;
static const double freeze_drift = 4, thaw_s = 3600;

void syn_flood_init(struct syn_flood *flood) {
  memset(flood, 0, sizeof(*flood));
  expectation_init(&flood->model);
  baseline_init(&flood->entropy);
  incident_init(&flood->incident);
  flood->overflow_s = INFINITY;
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
  seen->cookies_lost = seen->cookies_sent - seen->cookies_returned;
  seen->resets = value[SIGNAL_EMBRYONIC_RESETS];
  seen->syn_queue = value[SIGNAL_SYN_QUEUE];
  seen->syn_queue_aged = value[SIGNAL_SYN_QUEUE_AGED];
  seen->entropy = value[SIGNAL_STATE_ENTROPY];
  if (!isnan(seen->entropy))
    baseline_judge(&flood->entropy, NULL, BASELINE_PLAIN, seen->entropy,
                   observed->time_s, observed->dt_s, &seen->usual_entropy);
}

/* A mix of states that is not the usual one confirms the signs. It is none by
 * itself: it rises with a medium flood, falls with a large one. */
static uint32_t corroborate(const struct syn_flood *flood,
                            const struct syn_flood_figures *seen,
                            uint32_t found) {
  bool off = found && !isnan(seen->entropy) &&
             flood->entropy.learnt >= first_weight &&
             fabs(seen->usual_entropy.sigmas) > entropy_sigmas;

  return off ? found | SYN_FLOOD_ENTROPY : found;
}

static void approach(double *mean, double value, double weight) {
  if (!isnan(value))
    *mean += weight * (value - *mean);
}

/* In how many of the last readings the half-open entries have become more; each
 * counts less the longer ago it was. At long intervals every reading counts. */
static void count_arrivals(struct syn_flood *flood,
                           const struct observation *observed,
                           const struct syn_flood_figures *seen) {
  flood->arrivals *= exp(-fmin(observed->dt_s, usual_interval_s) / expiry_s);
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

static void learn(struct syn_flood *flood, const struct observation *observed,
                  const struct syn_flood_figures *seen, uint32_t found,
                  enum incident_change change) {
  bool open = flood->incident.severity != SEVERITY_OKAY;
  bool frozen = open || found || seen->now.drift > freeze_drift;
  struct expectation_load load = {
      seen->half_open, seen->aged, seen->established,
      observed->value[SIGNAL_PASSIVE_OPENS], observed->dt_s};
  double weight = fmax(fmin(1, observed->dt_s / cookie_memory_s),
                       1 / (flood->model.learnt + first_weight));
  double lost = seen->cookies_lost;

  if (!isnan(seen->entropy))
    baseline_learn(&flood->entropy, NULL, seen->entropy, observed->time_s,
                   observed->dt_s, &seen->usual_entropy, frozen);
  if (!frozen) {
    approach(&flood->unreturned, lost < 0 ? 0 : lost, weight);
    approach(&flood->resets, seen->resets, weight);
  }
  if (change == INCIDENT_CLEARED) /* its time does not count for the thaw */
    flood->model.frozen_s = 0;
  expectation_learn(&flood->model, &load, &seen->now, frozen);
  if (change == INCIDENT_ADOPTED)
    adopt(flood, seen, observed->time_s);
  else if (!open && flood->model.frozen_s >= thaw_s) {
    expectation_adopt(&flood->model);
    baseline_adopt(&flood->entropy, NULL, observed->time_s);
  }
}

/* The largest excess of an incident, and for how long most of it has been gone.
 * Both outlive the OKAY until the rest is gone, too. */
static void follow(struct syn_flood *flood, const struct observation *observed,
                   const struct syn_flood_figures *seen) {
  bool open = flood->incident.severity != SEVERITY_OKAY;
  double excess = seen->now.excess;

  flood->last_aged = isnan(seen->aged) ? 0 : seen->aged;
  flood->drain_s =
      excess <= flood->peak / 4 ? flood->drain_s + observed->dt_s : 0;
  if (open)
    flood->peak = fmax(flood->peak, excess);
  else if (excess < gone_excess || flood->drain_s > 2 * expiry_s)
    flood->peak = flood->drain_s = 0;
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
    flood->excess_run = flood->cookies_run = 0;
    flood->queue_run = flood->collapse_run = 0;
  }
  look(flood, observed, seen);
  struct incident_evidence evidence;
  uint32_t found;
  count_arrivals(flood, observed, seen);
  approach(&flood->recent_resets, seen->resets,
           fmin(1, observed->dt_s / resets_memory_s));
  syn_flood_signs(flood, rules, observed, seen, &evidence, &found);
  finding->evidence = corroborate(flood, seen, found);
  finding->change =
      incident_step(&flood->incident, &rules->incident[INCIDENT_SYN_FLOOD],
                    &evidence, observed->time_s, observed->dt_s);
  report(flood, rules, seen, finding);
  follow(flood, observed, seen);
  learn(flood, observed, seen, found, finding->change);
}
