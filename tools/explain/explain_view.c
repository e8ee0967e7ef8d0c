/* See explain_view.h. Pure. */
#include "explain_view.h"

#include <string.h>

const struct incident *explain_view_incident(const struct explain_view *view,
                                             enum incident_kind kind) {
  /* judge_incident only points into what it is given. */
  return judge_incident((struct judge *)&view->host.judge, kind);
}

enum severity explain_view_severity(const struct explain_view *view) {
  enum severity worst = SEVERITY_OKAY;

  for (int i = 0; i < INCIDENT_COUNT; i++) {
    enum severity is =
        explain_view_incident(view, (enum incident_kind)i)->severity;
    if (is > worst)
      worst = is;
  }
  return worst;
}

static bool same_incident(const struct incident *a, const struct incident *b) {
  return a->severity == b->severity && a->votes == b->votes &&
         a->failure_run == b->failure_run && a->calm_run == b->calm_run;
}

/* What other settings would count otherwise: readings in a row, and whether
 * they were learnt. */
static bool same_counts(const struct judge *a, const struct judge *b,
                        enum incident_kind kind) {
  switch (kind) {
  case INCIDENT_SYN_FLOOD:
    return a->syn_flood.excess_run == b->syn_flood.excess_run &&
           a->syn_flood.cookies_run == b->syn_flood.cookies_run &&
           a->syn_flood.queue_run == b->syn_flood.queue_run &&
           a->syn_flood.collapse_run == b->syn_flood.collapse_run &&
           a->syn_flood.model.learnt == b->syn_flood.model.learnt;
  case INCIDENT_ACCEPT_OVERFLOW:
    return a->accept_overflow.full_run == b->accept_overflow.full_run &&
           a->accept_overflow.learnt == b->accept_overflow.learnt;
  case INCIDENT_OUTBOUND_STALL:
    return a->outbound_stall.model.learnt == b->outbound_stall.model.learnt;
  case INCIDENT_CLOSE_WAIT_LEAK:
    return a->close_wait_leak.model.learnt == b->close_wait_leak.model.learnt;
  case INCIDENT_TIME_WAIT_PRESSURE:
    return a->time_wait_pressure.baseline.learnt ==
           b->time_wait_pressure.baseline.learnt;
  case INCIDENT_STATE_SHIFT:
    return a->state_shift.run == b->state_shift.run &&
           a->state_shift.baseline.learnt == b->state_shift.baseline.learnt;
  case INCIDENT_COUNT:
    break;
  }
  return true;
}

/* What does not come any more is closed without a judgement. */
static enum explain_odds compare(struct judge *saved, struct judge *redone,
                                 enum incident_kind kind) {
  const struct incident *is = judge_incident(saved, kind);
  const struct incident *was = judge_incident(redone, kind);

  if (!same_counts(saved, redone, kind))
    return EXPLAIN_DIFFERS;
  if (same_incident(is, was))
    return EXPLAIN_AGREES;
  if (is->severity == SEVERITY_OKAY && is->votes == 0 &&
      was->severity != SEVERITY_OKAY)
    return EXPLAIN_CLOSED;
  return EXPLAIN_DIFFERS;
}

void explain_view_make(const struct hosts_host *saved,
                       const struct rules *rules, struct explain_view *out) {
  struct observation seen;

  memset(out, 0, sizeof(*out));
  out->rules = rules;
  out->host = *saved;
  out->is_judged = saved->last.have != 0;
  if (!out->is_judged)
    return;
  hosts_observe(saved, &seen);
  out->redone = saved->before.judge;
  memcpy(out->judgement.host, saved->name, sizeof(out->judgement.host));
  judge_trace(&out->redone, rules, &seen, &out->judgement, &out->trace);
  for (int i = 0; i < INCIDENT_COUNT; i++)
    out->odds[i] =
        compare(&out->host.judge, &out->redone, (enum incident_kind)i);
}
