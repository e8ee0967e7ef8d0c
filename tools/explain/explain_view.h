/* The last judgement of one host, done again: from what the host's memory was
 * before it, by the code that judged. */
#ifndef TOOLS_EXPLAIN_EXPLAIN_VIEW_H
#define TOOLS_EXPLAIN_EXPLAIN_VIEW_H

#include "verdict/hosts.h"

/* Why an incident stands otherwise in the saved state than it came out. */
enum explain_odds {
  EXPLAIN_AGREES,
  EXPLAIN_CLOSED, /* closed afterwards: its values, or all, have not come */
  EXPLAIN_DIFFERS /* the daemon judges by other settings */
};

struct explain_view {
  const struct rules *rules;
  struct hosts_host host; /* as it was saved */
  bool is_judged;         /* a reading has been judged: what follows is set */
  struct judgement judgement;
  struct judge_trace trace;
  struct judge redone; /* the host's memory after it */
  enum explain_odds odds[INCIDENT_COUNT];
};

/* rules: those the daemon judges by; kept by reference. */
void explain_view_make(const struct hosts_host *saved,
                       const struct rules *rules, struct explain_view *out);

/* One incident as it was saved. */
const struct incident *explain_view_incident(const struct explain_view *view,
                                             enum incident_kind kind);

/* The worst severity of all open incidents. */
enum severity explain_view_severity(const struct explain_view *view);

#endif
