/* What is wrong with the readings: logged when it begins and when it ends,
 * never in between. */
#ifndef TCPSTATES_TCPSTATES_CONDITIONS_H
#define TCPSTATES_TCPSTATES_CONDITIONS_H

#include "io/table_source.h"

enum tcpstates_condition {
  TCPSTATES_SKIPPED,     /* there is no reading */
  TCPSTATES_FELL_BACK,   /* not read in the preferred way */
  TCPSTATES_DOUBTED,     /* counters and dumps disagree */
  TCPSTATES_NO_COUNTERS, /* some of /proc/net/snmp and its like cannot be read
                          */
  TCPSTATES_NO_BPF,      /* walks count the half-open sockets */
  TCPSTATES_NO_SYNS,     /* they cannot be counted */
  TCPSTATES_BPF_DOUBTED, /* the same, for BPF and walks disagreed */
  TCPSTATES_NO_BPF_LOOK, /* netlink looks at the established sockets */
  TCPSTATES_BPF_LOOK_DOUBTED, /* the same, for both disagreed */
  TCPSTATES_UNKNOWN_STATES,   /* sockets in a state of a later kernel */
  TCPSTATES_SLOW,             /* a reading takes much of its interval */
  TCPSTATES_DROPPED_ROWS,     /* more listeners or addresses than are kept */
  TCPSTATES_CONDITION_END
};

/* Begins as zeros: nothing is wrong, nothing was logged. */
struct tcpstates_conditions {
  bool bpf_asked; /* its lack is a warning */
  struct {
    int said;       /* the code of the last line; 0: all is well */
    unsigned quiet; /* readings until a beginning may be logged again */
  } state[TCPSTATES_CONDITION_END];
};

/* Compare a reading with those before it and log what changed. The beginning of
 * a condition that comes and goes is logged at most once in 60 readings; each
 * logged beginning is followed by its end; slow readings are logged only once.
 * reading: NULL if outcome->error is not 0. */
void tcpstates_conditions_report(struct tcpstates_conditions *conditions,
                                 const struct table_source_outcome *outcome,
                                 const struct reading *reading);

#endif
