/* Counts per state, some of which may be unknown. Private to the room table. */
#ifndef TABLE_STATE_COUNTS_H
#define TABLE_STATE_COUNTS_H

#include "table/tcp_state.h"

#include <stdint.h>

struct state_counts {
  const uint64_t *total; /* TCP_STATE_END of them */
  uint32_t known;        /* bit (1 << state) */
};

/* Sockets in the state; NAN unknown. */
double state_counts_of(const struct state_counts *counts, int state);

/* Sockets in the active states: all but LISTEN, CLOSED and TIME_WAIT. NAN where
 * one of them is unknown. */
double state_counts_active(const struct state_counts *counts);

/* Shannon entropy of the shares of the active states, over log2(8): 0 one
 * state, 1 evenly spread, NAN none. */
double state_counts_entropy(const uint64_t total[TCP_STATE_END]);

#endif
