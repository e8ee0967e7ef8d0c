/* What is computed from counts per state: percentages, sums, entropy, and the
 * spread over the last readings. Private to the room table. */
#ifndef TABLE_STATE_COUNTS_H
#define TABLE_STATE_COUNTS_H

#include "table/tcp_state.h"

#include <stdint.h>

/* Share of part in whole as a percentage, limited to 0..100; NAN if whole is 0
 * or either is NAN. */
double table_percent(double part, double whole);

struct state_counts {
  const uint64_t *total; /* TCP_STATE_END of them */
  uint32_t known;        /* bit (1 << state) */
};

/* Sockets in the state; NAN if unknown. */
double state_counts_of(const struct state_counts *counts, int state);

/* Sockets in the active states: all but LISTEN, CLOSED and TIME_WAIT. NAN if
 * one of them is unknown. */
double state_counts_active(const struct state_counts *counts);

/* Shannon entropy of the shares of the active states, over log2(8): 0 if all
 * sockets are in one state, 1 if they are spread evenly, NAN without any. */
double state_counts_entropy(const uint64_t total[TCP_STATE_END]);

/* Counts are limited to this, so that the sums of squares over 4096 readings
 * fit 64 bits. */
enum { STATE_SPREAD_COUNT_MAX = (1 << 26) - 1 };

/* How much the counts per state vary over the last readings: the "state
 * distribution variance". */
struct state_spread;

/* window: readings, 2 to 4096. Returns NULL without memory, or if the window is
 * out of range. */
struct state_spread *state_spread_create(unsigned window);
void state_spread_destroy(struct state_spread *spread);

/* Add one reading's counts; if the window is full, the oldest are dropped. */
void state_spread_add(struct state_spread *spread,
                      const uint64_t total[TCP_STATE_END]);

/* Root mean square over the eleven states of each count's population standard
 * deviation, in sockets. NAN until there are two readings. */
double state_spread_value(const struct state_spread *spread);

#endif
