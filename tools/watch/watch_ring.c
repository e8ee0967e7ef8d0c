/* See watch_ring.h. */
#include "watch_ring.h"

#include <math.h>
#include <stdlib.h>

enum { STEPS_MAX = 9 };

struct watch_ring {
  size_t first, len;
  struct watch_ring_row rows[WATCH_RING_MAX];
};

struct watch_ring *watch_ring_create(void) {
  return calloc(1, sizeof(struct watch_ring));
}

void watch_ring_destroy(struct watch_ring *ring) { free(ring); }

void watch_ring_clear(struct watch_ring *ring) {
  ring->first = 0;
  ring->len = 0;
}

size_t watch_ring_len(const struct watch_ring *ring) { return ring->len; }

const struct watch_ring_row *watch_ring_at(const struct watch_ring *ring,
                                           size_t i) {
  return &ring->rows[(ring->first + i) % WATCH_RING_MAX];
}

void watch_ring_add(struct watch_ring *ring, double time_s,
                    const double values[WATCH_METRICS]) {
  double newest_s =
      ring->len > 0 ? watch_ring_at(ring, ring->len - 1)->time_s : -INFINITY;
  if (!isfinite(time_s) || time_s == newest_s)
    return;
  if (time_s < newest_s)
    watch_ring_clear(ring);
  struct watch_ring_row *row =
      &ring->rows[(ring->first + ring->len) % WATCH_RING_MAX];
  row->time_s = time_s;
  for (size_t i = 0; i < WATCH_METRICS; i++)
    row->values[i] = values[i];
  if (ring->len < WATCH_RING_MAX)
    ring->len++;
  else
    ring->first = (ring->first + 1) % WATCH_RING_MAX;
}

static int compare_numbers(const void *left, const void *right) {
  const double *a = left, *b = right;
  return (*a > *b) - (*a < *b);
}

double watch_ring_step_s(const struct watch_ring *ring) {
  double steps[STEPS_MAX];
  size_t len = 0;
  for (size_t i = ring->len; i > 1 && len < STEPS_MAX; i--)
    steps[len++] =
        watch_ring_at(ring, i - 1)->time_s - watch_ring_at(ring, i - 2)->time_s;
  if (len == 0)
    return NAN;
  qsort(steps, len, sizeof(steps[0]), compare_numbers);
  return steps[len / 2];
}
