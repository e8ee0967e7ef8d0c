/* Incidents of one shape: more sockets of a state than the load explains.
 * outbound_stall holds SYN_SENT against the connections opened, close_wait_leak
 * holds CLOSE_WAIT against the connections established. */
#ifndef VERDICT_EXPLAINED_H
#define VERDICT_EXPLAINED_H

#include "verdict/expectation.h"
#include "verdict/finding.h"
#include "verdict/snapshot.h"

struct explained {
  struct expectation model;
  struct incident incident;
  double lasting_s; /* for how long the excess has been large enough */
};

void explained_init(struct explained *explained);

/* SYN_SENT at least MinCount and MinRatio times what ActiveOpens explains. */
void explained_judge_outbound_stall(struct explained *explained,
                                    const struct rules *rules,
                                    const struct observation *seen,
                                    struct finding *finding);

/* CLOSE_WAIT at least MinExcess above what ESTABLISHED explains. */
void explained_judge_close_wait_leak(struct explained *explained,
                                     const struct rules *rules,
                                     const struct observation *seen,
                                     struct finding *finding);

#endif
