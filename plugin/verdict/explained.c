/* More sockets of a state than the load explains. Pure. */
#include "verdict/explained.h"

#include <math.h>
#include <string.h>

static const double warm_up_snapshots = 30;
static const double freeze_drift = 4, leak_drift = 10, calm_sigmas = 2.5;
/* A crowd leaves a few dozen for a while, a leak leaves them for good. */
static const double leak_lasts_s = 300;
static const double thaw_s = 3600;

void explained_init(struct explained *explained) {
  memset(explained, 0, sizeof(*explained));
  expectation_init(&explained->model);
  incident_init(&explained->incident);
}

static bool warm(const struct explained *explained, const struct rules *rules) {
  return rules->warm_up_s <= 0 ||
         (explained->model.learnt >= warm_up_snapshots &&
          explained->model.learnt_s >= rules->warm_up_s);
}

/* What one of the incidents makes of a snapshot. */
struct case_of {
  enum incident_kind kind;
  struct expectation_load load;
  double upper;
  double failure_max;
  bool present;
};

static void settle(struct explained *explained, const struct rules *rules,
                   const struct observation *seen, const struct case_of *is,
                   const struct expectation_now *now, struct finding *finding) {
  bool present = is->present && warm(explained, rules);
  double count = is->load.half_open;
  struct incident_evidence evidence = {
      .present = present,
      .failure = present && count >= is->failure_max,
      .calm = !present && (now->sigmas < calm_sigmas ||
                           count < (now->expected + is->upper) / 2),
      .adoptable = true,
  };

  finding->judged = true;
  finding->evidence = present;
  finding->change =
      incident_step(&explained->incident, &rules->incident[is->kind], &evidence,
                    seen->time_s, seen->dt_s);
  finding->severity = explained->incident.severity;
  finding->since_s = explained->incident.since_s;
  finding->observed = count;
  finding->expected = now->expected;
  finding->upper = is->upper;
  finding->score = now->sigmas;
  finding->failure_max = is->failure_max;
  finding->samples = explained->model.learnt;
  bool open = finding->severity != SEVERITY_OKAY;
  if (finding->change == INCIDENT_CLEARED)
    explained->model.frozen_s = 0; /* its time does not count for the thaw */
  expectation_learn(&explained->model, &is->load, now,
                    open || present || now->drift > freeze_drift);
  if (finding->change == INCIDENT_ADOPTED ||
      (!open && explained->model.frozen_s >= thaw_s))
    expectation_adopt(&explained->model);
}

static bool begin(struct explained *explained, const struct rules *rules,
                  const struct observation *seen, const struct case_of *is,
                  struct expectation_now *now, struct finding *finding) {
  memset(finding, 0, sizeof(*finding));
  if (!rules->incident[is->kind].enable || isnan(is->load.half_open) ||
      isnan(is->load.established))
    return false;
  if (seen->gap)
    expectation_interrupt(&explained->model);
  if (seen->gap || seen->interval_changed)
    incident_interrupt(&explained->incident);
  expectation_judge(&explained->model, &is->load, now);
  return true;
}

void explained_judge_outbound_stall(struct explained *explained,
                                    const struct rules *rules,
                                    const struct observation *seen,
                                    struct finding *finding) {
  const struct outbound_stall_rules *limit = &rules->outbound_stall;
  struct expectation_now now;
  struct case_of is = {
      .kind = INCIDENT_OUTBOUND_STALL,
      .load = {.half_open = seen->value[SIGNAL_SYN_SENT],
               .aged = NAN,
               .established = 0,
               .completed = seen->value[SIGNAL_ACTIVE_OPENS],
               .dt_s = seen->dt_s},
  };

  if (!begin(explained, rules, seen, &is, &now, finding) ||
      isnan(is.load.completed)) /* nothing to hold it against */
    return;
  double beyond = now.expected + limit->sigmas * now.spread;
  is.upper =
      fmax(limit->min_count, fmax(limit->min_ratio * now.expected, beyond));
  is.failure_max =
      fmax(limit->failure_count, limit->failure_ratio * now.expected);
  is.present = is.load.half_open >= is.upper;
  settle(explained, rules, seen, &is, &now, finding);
}

/* Connections opened a second, either way, as far as is known. */
static double opened(const struct observation *seen) {
  double passive = seen->value[SIGNAL_PASSIVE_OPENS];
  double active = seen->value[SIGNAL_ACTIVE_OPENS];

  if (isnan(passive) || isnan(active))
    return isnan(passive) ? active : passive;
  return passive + active;
}

void explained_judge_close_wait_leak(struct explained *explained,
                                     const struct rules *rules,
                                     const struct observation *seen,
                                     struct finding *finding) {
  const struct close_wait_leak_rules *limit = &rules->close_wait_leak;
  double active = seen->value[SIGNAL_ACTIVE];
  struct expectation_now now;
  struct case_of is = {
      .kind = INCIDENT_CLOSE_WAIT_LEAK,
      .load = {.half_open = seen->value[SIGNAL_CLOSE_WAIT],
               .aged = NAN,
               .established = seen->value[SIGNAL_ESTABLISHED],
               .completed = opened(seen),
               .dt_s = seen->dt_s},
  };

  if (!begin(explained, rules, seen, &is, &now, finding))
    return;
  double beyond = limit->sigmas * now.spread;
  is.upper = now.expected + fmax(limit->min_excess, beyond);
  is.failure_max = fmax(is.upper, limit->failure_share / 100 * active);
  explained->lasting_s =
      now.excess >= limit->min_excess ? explained->lasting_s + seen->dt_s : 0;
  is.present = now.excess >= limit->min_excess &&
               (now.excess > beyond || (now.drift > leak_drift &&
                                        explained->lasting_s >= leak_lasts_s));
  settle(explained, rules, seen, &is, &now, finding);
}
