/* Incidents of one shape: a value off its learned baseline.
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
enum off_baseline_test {
  OFF_BASELINE_NO_WARM_UP,
  OFF_BASELINE_WARM_READINGS,
  OFF_BASELINE_WARM_TIME,
  OFF_BASELINE_WARM,
  OFF_BASELINE_FILL, /* timewait sockets only */
  OFF_BASELINE_SIGMAS,
  OFF_BASELINE_WAS_OPEN, /* likewise */
  OFF_BASELINE_ACTIVE,   /* mix of states only, and the next three */
  OFF_BASELINE_OFF,
  OFF_BASELINE_RUN,
  OFF_BASELINE_MUTED,
  OFF_BASELINE_EVIDENCE,
  OFF_BASELINE_FULL,      /* timewait sockets only, */
  OFF_BASELINE_FAILURE,   /* likewise, */
  OFF_BASELINE_CALM_FILL, /* likewise */
  OFF_BASELINE_CALM_SIGMAS,
  OFF_BASELINE_CALM,
  OFF_BASELINE_OPEN,
  OFF_BASELINE_DRIFT,
  OFF_BASELINE_SLOW,
  OFF_BASELINE_DRIFTING,
  OFF_BASELINE_FROZEN,
  OFF_BASELINE_LONG_FROZEN,
  OFF_BASELINE_TESTS
};

struct off_baseline_trace {
  double value, dt_s; /* seconds since the last one that was judged */
  struct baseline_now now;
  struct trace_test test[OFF_BASELINE_TESTS];
};

/* By enum off_baseline_test. */
extern const struct trace_rule off_baseline_pressure_rules[OFF_BASELINE_TESTS];
extern const struct trace_rule off_baseline_shift_rules[OFF_BASELINE_TESTS];

void off_baseline_init(struct off_baseline *memory);

/* *trace is set where finding->judged, here and below. */

void off_baseline_judge_time_wait_pressure(struct off_baseline *memory,
                                           const struct rules *rules,
                                           const struct observation *seen,
                                           struct finding *finding,
                                           struct off_baseline_trace *trace);

/* muted: a syn_flood is open, and shifts the mix by itself. */
void off_baseline_judge_state_shift(struct off_baseline *memory,
                                    const struct rules *rules,
                                    const struct observation *seen, bool muted,
                                    struct finding *finding,
                                    struct off_baseline_trace *trace);

#endif
