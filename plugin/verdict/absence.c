/* Closes what cannot be judged any more. Pure. */
#include "verdict/absence.h"

static bool is_missed(const struct absence *absence, const struct rules *rules,
                      const struct observation *seen, int kind) {
  double missing_s = absence->missing_s[kind];

  return missing_s >= rules->silent_after_s &&
         missing_s >= 3 * seen->interval_s;
}

void absence_look(struct absence *absence, const struct rules *rules,
                  struct judge *judge, struct judgement *out) {
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    struct incident *incident = judge_incident(judge, (enum incident_kind)i);
    struct finding *finding = &out->finding[i];
    double *missing_s = &absence->missing_s[i];
    bool unjudged = !finding->judged && incident->severity != SEVERITY_OKAY;
    bool disabled = !rules->incident[i].enable;

    *missing_s = unjudged ? *missing_s + out->seen.dt_s : 0;
    if (!unjudged || (!disabled && !is_missed(absence, rules, &out->seen, i)))
      continue;
    finding_silence(finding, incident);
    finding->missing_s = disabled ? 0 : *missing_s;
  }
}
