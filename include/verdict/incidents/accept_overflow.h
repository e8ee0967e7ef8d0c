/* The incident accept_overflow: an accept queue is full and connections are
 * refused, because the application does not accept them. */
#ifndef VERDICT_INCIDENTS_ACCEPT_OVERFLOW_H
#define VERDICT_INCIDENTS_ACCEPT_OVERFLOW_H

#include "verdict/incidents/incident.h"
#include "verdict/incidents/trace.h"
#include "verdict/snapshot.h"

struct accept_overflow {
  struct incident incident;
  double usual;     /* learned mean of the fullest queue, percent */
  double learnt;    /* snapshots */
  uint8_t full_run; /* snapshots in a row in which a full queue overflowed */
};

/* Its tests. Those without figures of their own are rules. */
enum accept_overflow_test {
  ACCEPT_FILL,
  ACCEPT_REFUSES,
  ACCEPT_OVERFLOWS,
  ACCEPT_MUTED,
  ACCEPT_EVIDENCE,
  ACCEPT_FULL,
  ACCEPT_FULL_RUN,
  ACCEPT_REFUSED_SHARE,
  ACCEPT_FAILURE,
  ACCEPT_REFUSES_NONE,
  ACCEPT_ROOM,
  ACCEPT_CALM,
  ACCEPT_OPEN,
  ACCEPT_FROZEN,
  ACCEPT_TESTS
};

/* By enum accept_overflow_test. */
extern const struct trace_rule accept_overflow_rules[ACCEPT_TESTS];

void accept_overflow_init(struct accept_overflow *overflow);

/* Judge one observation and learn from it. muted: a syn_flood is open, so this
 * one is not raised. tests: ACCEPT_TESTS of them, set if finding->judged. */
void accept_overflow_judge(struct accept_overflow *overflow,
                           const struct rules *rules,
                           const struct observation *seen, bool muted,
                           struct finding *finding, struct trace_test *tests);

#endif
