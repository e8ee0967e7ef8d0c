/* How much the counts per state vary over the last readings: the "state
 * distribution variance". Private to the room table. */
#ifndef TABLE_STATE_SPREAD_H
#define TABLE_STATE_SPREAD_H

#include "table/tcp_state.h"

#include <stdint.h>

/* Counts are held here, so that the sums of squares over 4096 readings fit 64
 * bits. */
enum { STATE_SPREAD_COUNT_MAX = (1 << 26) - 1 };

struct state_spread;

/* window: readings, 2 to 4096. Returns NULL where memory is short or the window
 * is out of range. */
struct state_spread *state_spread_create(unsigned window);
void state_spread_destroy(struct state_spread *spread);

/* Take in one reading's counts; with the window full the oldest fall out. */
void state_spread_add(struct state_spread *spread,
                      const uint64_t total[TCP_STATE_END]);

/* Root mean square over the eleven states of each count's population standard
 * deviation, in sockets. NAN until two readings are in. */
double state_spread_value(const struct state_spread *spread);

#endif
