/* All incidents of one host, in the order in which they mute each other; and
 * those that are open and cannot be judged any more. Pure. */
#include "verdict/judge.h"

#include <math.h>
#include <string.h>

void judge_init(struct judge *judge) {
  syn_flood_init(&judge->syn_flood);
  accept_overflow_init(&judge->accept_overflow);
  excess_init(&judge->outbound_stall);
  excess_init(&judge->close_wait_leak);
  off_baseline_init(&judge->time_wait_pressure);
  off_baseline_init(&judge->state_shift);
}

void judge_observation(struct judge *judge, const struct rules *rules,
                       const struct observation *seen, struct judgement *out) {
  struct judge_trace trace;

  judge_trace(judge, rules, seen, out, &trace);
}

void judge_trace(struct judge *judge, const struct rules *rules,
                 const struct observation *seen, struct judgement *out,
                 struct judge_trace *trace) {
  struct finding *finding = out->finding;

  out->seen = *seen;
  out->silent_s = 0;
  syn_flood_judge(&judge->syn_flood, rules, seen, &finding[INCIDENT_SYN_FLOOD],
                  &out->syn_flood, trace->syn_flood);
  bool flood = (finding[INCIDENT_SYN_FLOOD].judged ||
                finding[INCIDENT_SYN_FLOOD].held) &&
               finding[INCIDENT_SYN_FLOOD].severity != SEVERITY_OKAY;
  accept_overflow_judge(&judge->accept_overflow, rules, seen, flood,
                        &finding[INCIDENT_ACCEPT_OVERFLOW],
                        trace->accept_overflow);
  excess_judge_outbound_stall(&judge->outbound_stall, rules, seen,
                              &finding[INCIDENT_OUTBOUND_STALL],
                              &trace->outbound_stall);
  excess_judge_close_wait_leak(
      &judge->close_wait_leak, rules, seen,
      finding[INCIDENT_ACCEPT_OVERFLOW].severity != SEVERITY_OKAY,
      &finding[INCIDENT_CLOSE_WAIT_LEAK], &trace->close_wait_leak);
  off_baseline_judge_time_wait_pressure(&judge->time_wait_pressure, rules, seen,
                                        &finding[INCIDENT_TIME_WAIT_PRESSURE],
                                        &trace->time_wait_pressure);
  off_baseline_judge_state_shift(&judge->state_shift, rules, seen, flood,
                                 &finding[INCIDENT_STATE_SHIFT],
                                 &trace->state_shift);
  out->mutes = flood && finding[INCIDENT_ACCEPT_OVERFLOW].evidence &&
               finding[INCIDENT_ACCEPT_OVERFLOW].severity == SEVERITY_OKAY;
}

struct incident *judge_incident(struct judge *judge, enum incident_kind kind) {
  switch (kind) {
  case INCIDENT_ACCEPT_OVERFLOW:
    return &judge->accept_overflow.incident;
  case INCIDENT_OUTBOUND_STALL:
    return &judge->outbound_stall.incident;
  case INCIDENT_CLOSE_WAIT_LEAK:
    return &judge->close_wait_leak.incident;
  case INCIDENT_TIME_WAIT_PRESSURE:
    return &judge->time_wait_pressure.incident;
  case INCIDENT_STATE_SHIFT:
    return &judge->state_shift.incident;
  case INCIDENT_SYN_FLOOD:
  case INCIDENT_COUNT:
    break;
  }
  return &judge->syn_flood.incident;
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
