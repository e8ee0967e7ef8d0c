/* Incidents of one shape: a value off its learned baseline.
 * time_wait_pressure: the timewait sockets near their limit, and that is
 * unusual here; state_shift: the mix of states is not the usual one; strays:
 * many more segments than usual are answered by a reset. */
#ifndef VERDICT_INCIDENTS_OFF_BASELINE_H
#define VERDICT_INCIDENTS_OFF_BASELINE_H

#include "verdict/baseline.h"
#include "verdict/incidents/incident.h"
#include "verdict/incidents/trace.h"
#include "verdict/snapshot.h"

struct off_baseline {
  struct baseline baseline;
  struct incident incident;
  uint8_t run; /* snapshots in a row in which it is off */
};

/* Their tests. Those without figures of their own are rules. */
enum off_baseline_test {
  OFF_BASELINE_NO_WARM_UP,
  OFF_BASELINE_WARM_READINGS,
  OFF_BASELINE_WARM_TIME,
  OFF_BASELINE_WARM,
  OFF_BASELINE_FILL,  /* not of the mix of states */
  OFF_BASELINE_RATIO, /* resets only */
  OFF_BASELINE_SIGMAS,
  OFF_BASELINE_WAS_OPEN, /* likewise */
  OFF_BASELINE_ACTIVE,   /* mix of states only; the next two not of timewait */
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
extern const struct trace_rule off_baseline_strays_rules[OFF_BASELINE_TESTS];

void off_baseline_init(struct off_baseline *memory);

/* Judge one observation and learn from it. *trace is set where
 * finding->judged.
 * INCIDENT_TIME_WAIT_PRESSURE: the timewait sockets near their limit, if that
 * is not normal here. INCIDENT_STATE_SHIFT: the mix of states is not the normal
 * one. INCIDENT_STRAYS: resets at MinRate and MinRatio times what is normal.
 * muted: a syn_flood is open, and shifts the mix by itself. */
void off_baseline_judge(struct off_baseline *memory, enum incident_kind kind,
                        const struct rules *rules,
                        const struct observation *seen, bool muted,
                        struct finding *finding,
                        struct off_baseline_trace *trace);

#endif
