/* The readings of the last minutes to an hour, with their times: what the
 * curves of `watch` are drawn from. Bounded: the oldest makes room. Pure. */
#ifndef TOOLS_WATCH_WATCH_RING_H
#define TOOLS_WATCH_WATCH_RING_H

#include "lib/catalogue.h"

#include <stddef.h>

enum { WATCH_RING_MAX = 4096 }; /* readings: over an hour of one a second */

struct watch_ring_row {
  double time_s; /* since any fixed moment */
  double values[WATCH_METRICS];
};

struct watch_ring; /* opaque: one and a half megabyte */

/* Returns NULL where there is no memory. */
struct watch_ring *watch_ring_create(void);
void watch_ring_destroy(struct watch_ring *ring);

/* Forget all, as for another host. */
void watch_ring_clear(struct watch_ring *ring);

/* A time that is not known is not taken, nor the same again; one that goes back
 * is a clock that was set: what was before it is forgotten. */
void watch_ring_add(struct watch_ring *ring, double time_s,
                    const double values[WATCH_METRICS]);

size_t watch_ring_len(const struct watch_ring *ring);
/* i: 0 is the oldest; below watch_ring_len. */
const struct watch_ring_row *watch_ring_at(const struct watch_ring *ring,
                                           size_t i);

/* What one reading is usually apart from the next: the median of the last few
 * steps, in seconds; NAN with fewer than two readings. */
double watch_ring_step_s(const struct watch_ring *ring);

#endif
