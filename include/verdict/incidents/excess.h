/* Incidents of one shape: sockets in a state beyond what the load explains.
 * outbound_stall compares SYN_SENT with the connections opened, close_wait_leak
 * compares CLOSE_WAIT with the connections established. */
#ifndef VERDICT_INCIDENTS_EXCESS_H
#define VERDICT_INCIDENTS_EXCESS_H

#include "verdict/expectation.h"
#include "verdict/incidents/incident.h"
#include "verdict/incidents/trace.h"
#include "verdict/snapshot.h"

struct excess {
  struct expectation model;
  struct incident incident;
  double lasting_s; /* how long the excess has been large enough */
};

/* Their tests. Those without figures of their own are rules. */
enum excess_test {
  EXCESS_NO_WARM_UP,
  EXCESS_WARM_READINGS,
  EXCESS_WARM_TIME,
  EXCESS_WARM,
  EXCESS_FLOOR, /* of SYN_SENT; of CLOSE_WAIT beyond expectation */
  EXCESS_RATIO, /* SYN_SENT only */
  EXCESS_SIGMAS,
  EXCESS_DRIFT,      /* CLOSE_WAIT only, */
  EXCESS_LASTING,    /* likewise */
  EXCESS_UNACCEPTED, /* likewise: it waits for accept_overflow */
  EXCESS_EVIDENCE,
  EXCESS_FAILURE_MAX,
  EXCESS_FAILURE,
  EXCESS_CALM_SIGMAS,
  EXCESS_CALM_COUNT,
  EXCESS_CALM,
  EXCESS_OPEN,
  EXCESS_DRIFTING,
  EXCESS_FROZEN,
  EXCESS_LONG_FROZEN,
  EXCESS_TESTS
};

struct excess_trace {
  struct expectation_load load; /* half_open: sockets in the state */
  struct expectation_now now;
  struct trace_test test[EXCESS_TESTS];
};

/* By enum excess_test. */
extern const struct trace_rule excess_outbound_rules[EXCESS_TESTS];
extern const struct trace_rule excess_leak_rules[EXCESS_TESTS];

void excess_init(struct excess *memory);

/* Judge one observation and learn from it. *trace is set where
 * finding->judged.
 * INCIDENT_OUTBOUND_STALL: SYN_SENT at least MinCount and MinRatio times what
 * ActiveOpens explains.
 * INCIDENT_CLOSE_WAIT_LEAK: CLOSE_WAIT at least MinExcess above what
 * ESTABLISHED explains. muted: accept_overflow is open, and explains them. */
void excess_judge(struct excess *memory, enum incident_kind kind,
                  const struct rules *rules, const struct observation *seen,
                  bool muted, struct finding *finding,
                  struct excess_trace *trace);

#endif
