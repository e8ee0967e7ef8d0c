/* All incidents of one host, in the order in which they mute each other; and
 * those that are open and cannot be judged any more. Pure. */
#include "verdict/judge.h"

#include "verdict/incidents/catalogue.h"

#include <string.h>

void judge_init(struct judge *judge) {
  for (int i = 0; i < INCIDENT_COUNT; i++)
    catalogue_init(judge, (enum incident_kind)i);
}

void judge_observation(struct judge *judge, const struct rules *rules,
                       const struct observation *seen, struct judgement *out) {
  struct judge_trace trace;

  judge_trace(judge, rules, seen, out, &trace);
}

static enum finding_unjudged why_unjudged(const struct rules *rules,
                                          const struct observation *seen,
                                          enum incident_kind kind) {
  if (!rules->incident[kind].enable)
    return UNJUDGED_DISABLED;
  if (catalogue[kind].queue > 0 && seen->listeners <= 0)
    return UNJUDGED_NO_LISTENER;
  return seen->gap ? UNJUDGED_FIRST : UNJUDGED_UNKNOWN;
}

/* What people ask first when there is no figure, or no alarm. */
static void say_how_far(const struct judge *judge, const struct rules *rules,
                        const struct observation *seen, struct judgement *out) {
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    enum incident_kind kind = (enum incident_kind)i;
    struct finding *finding = &out->finding[i];
    if (finding->judged)
      finding->learning_s =
          catalogue_learning_s(judge, kind, rules, seen->interval_s);
    else if (!finding->held)
      finding->unjudged = why_unjudged(rules, seen, kind);
  }
}

void judge_trace(struct judge *judge, const struct rules *rules,
                 const struct observation *seen, struct judgement *out,
                 struct judge_trace *trace) {
  const struct finding *flood = &out->finding[INCIDENT_SYN_FLOOD];
  const struct finding *overflow = &out->finding[INCIDENT_ACCEPT_OVERFLOW];

  out->seen = *seen;
  out->silent_s = 0;
  for (int i = 0; i < INCIDENT_COUNT; i++)
    catalogue_judge(judge, (enum incident_kind)i, rules, seen, out, trace);
  out->mutes = flood->severity != SEVERITY_OKAY && overflow->evidence &&
               overflow->severity == SEVERITY_OKAY;
  say_how_far(judge, rules, seen, out);
}

struct incident *judge_incident(struct judge *judge, enum incident_kind kind) {
  void *incident = (char *)judge + catalogue[kind].incident;

  return incident;
}

bool judge_silent(struct judge *judge, const struct snapshot *last,
                  double silent_s, struct judgement *out) {
  bool any = false;

  memset(out->finding, 0, sizeof(out->finding));
  snapshot_observe(NULL, last, &out->seen);
  out->seen.time_s += silent_s;
  out->silent_s = silent_s;
  out->mutes = false;
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    struct incident *incident = judge_incident(judge, (enum incident_kind)i);
    if (incident->severity == SEVERITY_OKAY)
      continue;
    any = true;
    incident_silence(&out->finding[i], incident);
  }
  return any;
}

void judge_hold(struct judge *judge, const struct snapshot *last,
                double passed_s, struct judgement *out) {
  memset(out->finding, 0, sizeof(out->finding));
  snapshot_observe(NULL, last, &out->seen);
  out->seen.time_s += passed_s;
  out->silent_s = passed_s;
  out->mutes = false;
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    struct incident *incident = judge_incident(judge, (enum incident_kind)i);
    if (incident->severity == SEVERITY_OKAY)
      continue;
    incident_hold(&out->finding[i], incident);
    out->finding[i].missing_s = passed_s;
  }
}

static bool is_missed(const struct judge_absence *absence,
                      const struct rules *rules, const struct observation *seen,
                      int kind) {
  double missing_s = absence->missing_s[kind];

  return missing_s >= rules->silent_after_s &&
         missing_s >= 3 * seen->interval_s;
}

/* An incident of a queue is about sockets that listen. */
static bool is_gone(const struct observation *seen,
                    const struct finding *finding, int kind) {
  return catalogue[kind].queue > 0 && seen->listeners <= 0 &&
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

void judge_look_for_absence(struct judge_absence *absence,
                            const struct rules *rules, struct judge *judge,
                            struct judgement *out) {
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
