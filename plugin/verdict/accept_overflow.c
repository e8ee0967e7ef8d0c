/* Evidence that an application does not accept. Pure. The kernel's side:
 * sk_acceptq_is_full() and LINUX_MIB_LISTENOVERFLOWS in net/ipv4. */
#include "verdict/accept_overflow.h"

#include <math.h>
#include <string.h>

enum { FULL_RUN = 3 };
static const double memory_s = 6 * 3600, first_weight = 30;

void accept_overflow_init(struct accept_overflow *overflow) {
  memset(overflow, 0, sizeof(*overflow));
  incident_init(&overflow->incident);
}

static bool is_failure(struct accept_overflow *overflow,
                       const struct rules *rules,
                       const struct observation *seen, bool present) {
  double refused = seen->value[SIGNAL_LISTEN_OVERFLOWS];
  double completed = seen->value[SIGNAL_PASSIVE_OPENS];
  bool full = present && seen->value[SIGNAL_ACCEPT_QUEUE] >= 100;

  if (!full)
    overflow->full_run = 0;
  else if (overflow->full_run < FULL_RUN)
    overflow->full_run++;
  return overflow->full_run >= FULL_RUN ||
         (present &&
          refused > completed * rules->accept_overflow.refused_share / 100);
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
                           struct finding *finding) {
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
  bool present = fill >= rules->accept_overflow.fill && refused > 0;
  struct incident_evidence evidence = {
      .present = present && !muted,
      .failure = is_failure(overflow, rules, seen, present),
      .calm = !present && refused <= 0,
  };
  finding->judged = true;
  finding->evidence = present;
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
  if (finding->severity == SEVERITY_OKAY && !present)
    learn(overflow, seen);
}
