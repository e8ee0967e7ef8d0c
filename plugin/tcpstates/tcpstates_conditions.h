/* What is wrong with the readings, said in the log when it begins and when it
 * ends, and never in between. */
#ifndef TCPSTATES_TCPSTATES_CONDITIONS_H
#define TCPSTATES_TCPSTATES_CONDITIONS_H

#include "io/table_source.h"

enum tcpstates_condition {
  TCPSTATES_SKIPPED,     /* there is no reading */
  TCPSTATES_FELL_BACK,   /* another way than the first is read by */
  TCPSTATES_DOUBTED,     /* counters and dumps disagree */
  TCPSTATES_NO_COUNTERS, /* some of /proc/net/snmp and its like cannot be read
                          */
  TCPSTATES_UNKNOWN_STATES, /* sockets in a state of a later kernel */
  TCPSTATES_SLOW,           /* a reading takes much of its interval */
  TCPSTATES_DROPPED_ROWS,   /* more listeners or addresses than are kept */
  TCPSTATES_CONDITION_END
};

/* All zero is the start: nothing is wrong, nothing has been said. */
struct tcpstates_conditions {
  struct {
    int said;       /* the code in the log's last word; 0: all is well */
    unsigned quiet; /* readings for which no beginning is said any more */
  } state[TCPSTATES_CONDITION_END];
};

/* Compare a reading with those before it and log what has changed. A condition
 * that comes and goes is said to begin at most once in 60 readings; each
 * beginning that was said is followed by its end; that readings are slow is
 * said once for good. reading: NULL where outcome->error is not 0. */
void tcpstates_conditions_report(struct tcpstates_conditions *conditions,
                                 const struct table_source_outcome *outcome,
                                 const struct reading *reading);

#endif
