/* Incidents of one shape: a level off its generic baseline.
 * time_wait_pressure: the timewait sockets near their limit, and that is
 * unusual here; state_shift: the mix of states is not the usual one. */
#ifndef VERDICT_LEVEL_H
#define VERDICT_LEVEL_H

#include "verdict/baseline.h"
#include "verdict/finding.h"
#include "verdict/snapshot.h"

struct level {
  struct baseline baseline;
  struct incident incident;
  uint8_t run; /* snapshots in a row that are off */
};

void level_init(struct level *level);

void level_judge_time_wait_pressure(struct level *level,
                                    const struct rules *rules,
                                    const struct observation *seen,
                                    struct finding *finding);

/* muted: a syn_flood is open, and shifts the mix by itself. */
void level_judge_state_shift(struct level *level, const struct rules *rules,
                             const struct observation *seen, bool muted,
                             struct finding *finding);

#endif
