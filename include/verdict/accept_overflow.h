/* The incident accept_overflow: an accept queue is full and connections are
 * refused, because the application does not accept them. */
#ifndef VERDICT_ACCEPT_OVERFLOW_H
#define VERDICT_ACCEPT_OVERFLOW_H

#include "verdict/finding.h"
#include "verdict/snapshot.h"

struct accept_overflow {
  struct incident incident;
  double usual;     /* learnt mean of the fullest queue, percent */
  double learnt;    /* snapshots */
  uint8_t full_run; /* snapshots in a row with a full queue that overflows */
};

void accept_overflow_init(struct accept_overflow *overflow);

/* muted: a syn_flood that began earlier is open; nothing new is raised. */
void accept_overflow_judge(struct accept_overflow *overflow,
                           const struct rules *rules,
                           const struct observation *seen, bool muted,
                           struct finding *finding);

#endif
