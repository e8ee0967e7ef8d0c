/* Closes what cannot be judged any more. Pure. */
#include "verdict/absence.h"

static bool is_missed(const struct absence *absence, const struct rules *rules,
                      const struct observation *seen, int kind) {
  double missing_s = absence->missing_s[kind];

  return missing_s >= rules->silent_after_s &&
         missing_s >= 3 * seen->interval_s;
}

/* Both are about sockets that listen. */
static bool is_gone(const struct observation *seen,
                    const struct finding *finding, int kind) {
  bool of_listener =
      kind == INCIDENT_SYN_FLOOD || kind == INCIDENT_ACCEPT_OVERFLOW;

  return of_listener && seen->listeners <= 0 &&
         (!finding->judged || finding->observed <= 0);
}

/* An open one that was not judged. */
static void look_at_missing(double missing_s, bool is_over,
                            struct incident *incident,
                            struct finding *finding) {
  bool was_held = finding->held; /* it will be judged again soon */

  if (is_over)
    incident_silence(finding, incident);
  else if (!was_held)
    incident_hold(finding, incident);
  if (is_over || !was_held)
    finding->missing_s = missing_s;
}

void absence_look(struct absence *absence, const struct rules *rules,
                  struct judge *judge, struct judgement *out) {
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    struct incident *incident = judge_incident(judge, (enum incident_kind)i);
    struct finding *finding = &out->finding[i];
    double *missing_s = &absence->missing_s[i];
    bool open = incident->severity != SEVERITY_OKAY;
    bool unjudged = !finding->judged && open;
    bool disabled = !rules->incident[i].enable;

    *missing_s = unjudged ? *missing_s + out->seen.dt_s : 0;
    if (open && is_gone(&out->seen, finding, i))
      incident_gone(finding, incident);
    else if (unjudged)
      look_at_missing(disabled ? 0 : *missing_s,
                      disabled || is_missed(absence, rules, &out->seen, i),
                      incident, finding);
  }
}
