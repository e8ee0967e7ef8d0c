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

static bool same(const struct incident *a, const struct incident *b) {
  return a->severity == b->severity && a->votes == b->votes &&
         a->failure_run == b->failure_run && a->calm_run == b->calm_run;
}

/* What does not come any more is closed without a judgement. */
static enum explain_odds compare(const struct incident *saved,
                                 const struct incident *redone) {
  if (same(saved, redone))
    return EXPLAIN_AGREES;
  if (saved->severity == SEVERITY_OKAY && saved->votes == 0 &&
      redone->severity != SEVERITY_OKAY)
    return EXPLAIN_CLOSED;
  return EXPLAIN_DIFFERS;
}

void explain_view_make(const struct watch_host *saved,
                       const struct rules *rules, struct explain_view *out) {
  struct observation seen;

  memset(out, 0, sizeof(*out));
  out->rules = rules;
  out->host = *saved;
  out->is_judged = saved->last.have != 0;
  if (!out->is_judged)
    return;
  watch_observe(saved, &seen);
  out->redone = saved->before.judge;
  memcpy(out->judgement.host, saved->name, sizeof(out->judgement.host));
  judge_trace(&out->redone, rules, &seen, &out->judgement, &out->trace);
  for (int i = 0; i < INCIDENT_COUNT; i++)
    out->odds[i] =
        compare(judge_incident(&out->host.judge, (enum incident_kind)i),
                judge_incident(&out->redone, (enum incident_kind)i));
}
