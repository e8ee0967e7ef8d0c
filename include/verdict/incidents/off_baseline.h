/* Incidents of one shape: a level off its generic baseline.
 * time_wait_pressure: the timewait sockets near their limit, and that is
 * unusual here; state_shift: the mix of states is not the usual one. */
#ifndef VERDICT_INCIDENTS_OFF_BASELINE_H
#define VERDICT_INCIDENTS_OFF_BASELINE_H

#include "verdict/baseline.h"
#include "verdict/incidents/incident.h"
#include "verdict/incidents/trace.h"
#include "verdict/snapshot.h"

struct off_baseline {
  struct baseline baseline;
  struct incident incident;
  uint8_t run; /* snapshots in a row that are off */
};

/* The tests they are judged by; a rule is what has no figures of its own. */
enum level_test {
  LEVEL_NO_WARM_UP,
  LEVEL_WARM_READINGS,
  LEVEL_WARM_TIME,
  LEVEL_WARM,
  LEVEL_FILL, /* timewait sockets only */
  LEVEL_SIGMAS,
  LEVEL_WAS_OPEN, /* likewise */
  LEVEL_ACTIVE,   /* mix of states only, and the next three */
  LEVEL_OFF,
  LEVEL_RUN,
  LEVEL_MUTED,
  LEVEL_EVIDENCE,
  LEVEL_FULL,      /* timewait sockets only, */
  LEVEL_FAILURE,   /* likewise, */
  LEVEL_CALM_FILL, /* likewise */
  LEVEL_CALM_SIGMAS,
  LEVEL_CALM,
  LEVEL_OPEN,
  LEVEL_DRIFT,
  LEVEL_SLOW,
  LEVEL_DRIFTING,
  LEVEL_FROZEN,
  LEVEL_LONG_FROZEN,
  LEVEL_TESTS
};

struct level_trace {
  double value, dt_s; /* seconds since the last one that was judged */
  struct baseline_now now;
  struct trace_test test[LEVEL_TESTS];
};

/* By enum level_test. */
extern const struct trace_rule off_baseline_pressure_rules[LEVEL_TESTS];
extern const struct trace_rule off_baseline_shift_rules[LEVEL_TESTS];

void off_baseline_init(struct off_baseline *level);

/* *trace is set where finding->judged, here and below. */

void off_baseline_judge_time_wait_pressure(struct off_baseline *level,
                                           const struct rules *rules,
                                           const struct observation *seen,
                                           struct finding *finding,
                                           struct level_trace *trace);

/* muted: a syn_flood is open, and shifts the mix by itself. */
void off_baseline_judge_state_shift(struct off_baseline *level,
                                    const struct rules *rules,
                                    const struct observation *seen, bool muted,
                                    struct finding *finding,
                                    struct level_trace *trace);

#endif
