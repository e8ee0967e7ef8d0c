/* Incidents of one shape: more sockets of a state than the load explains.
 * outbound_stall holds SYN_SENT against the connections opened, close_wait_leak
 * holds CLOSE_WAIT against the connections established. */
#ifndef VERDICT_INCIDENTS_EXCESS_H
#define VERDICT_INCIDENTS_EXCESS_H

#include "verdict/expectation.h"
#include "verdict/incidents/incident.h"
#include "verdict/incidents/trace.h"
#include "verdict/snapshot.h"

struct excess {
  struct expectation model;
  struct incident incident;
  double lasting_s; /* for how long the excess has been large enough */
};

/* The tests they are judged by; a rule is what has no figures of its own. */
enum explained_test {
  EXPLAINED_NO_WARM_UP,
  EXPLAINED_WARM_READINGS,
  EXPLAINED_WARM_TIME,
  EXPLAINED_WARM,
  EXPLAINED_FLOOR, /* of SYN_SENT; of CLOSE_WAIT beyond expectation */
  EXPLAINED_RATIO, /* SYN_SENT only */
  EXPLAINED_SIGMAS,
  EXPLAINED_DRIFT,      /* CLOSE_WAIT only, */
  EXPLAINED_LASTING,    /* likewise */
  EXPLAINED_UNACCEPTED, /* likewise: it waits for accept_overflow */
  EXPLAINED_EVIDENCE,
  EXPLAINED_FAILURE_MAX,
  EXPLAINED_FAILURE,
  EXPLAINED_CALM_SIGMAS,
  EXPLAINED_CALM_COUNT,
  EXPLAINED_CALM,
  EXPLAINED_OPEN,
  EXPLAINED_DRIFTING,
  EXPLAINED_FROZEN,
  EXPLAINED_LONG_FROZEN,
  EXPLAINED_TESTS
};

struct explained_trace {
  struct expectation_load load; /* half_open: sockets in the state */
  struct expectation_now now;
  struct trace_test test[EXPLAINED_TESTS];
};

/* By enum explained_test. */
extern const struct trace_rule excess_outbound_rules[EXPLAINED_TESTS];
extern const struct trace_rule excess_leak_rules[EXPLAINED_TESTS];

void excess_init(struct excess *explained);

/* SYN_SENT at least MinCount and MinRatio times what ActiveOpens explains.
 * *trace is set where finding->judged. */
void excess_judge_outbound_stall(struct excess *explained,
                                 const struct rules *rules,
                                 const struct observation *seen,
                                 struct finding *finding,
                                 struct explained_trace *trace);

/* CLOSE_WAIT at least MinExcess above what ESTABLISHED explains.
 * overflows: accept_overflow is open, and explains them. */
void excess_judge_close_wait_leak(struct excess *explained,
                                  const struct rules *rules,
                                  const struct observation *seen,
                                  bool overflows, struct finding *finding,
                                  struct explained_trace *trace);

#endif
