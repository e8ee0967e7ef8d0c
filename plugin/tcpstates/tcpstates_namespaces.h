/* What is wrong with the readings of other namespaces: logged when it begins
 * and when it ends, never in between. */
#ifndef TCPSTATES_TCPSTATES_NAMESPACES_H
#define TCPSTATES_TCPSTATES_NAMESPACES_H

#include "io/namespaces.h"

enum tcpstates_namespaces_condition {
  NAMESPACES_NOT_FOUND,   /* there was no look for them */
  NAMESPACES_NOT_ENTERED, /* some */
  NAMESPACES_HIDDEN,      /* those of other users' processes */
  NAMESPACES_OVER_MAX,
  NAMESPACES_NO_DESCRIPTORS,
  NAMESPACES_NO_BPF,      /* walks count their half-open sockets */
  NAMESPACES_BPF_DOUBTED, /* of some, for BPF and walks disagreed */
  NAMESPACES_NOT_READ,    /* some */
  NAMESPACES_CONDITION_END
};

/* Begins as zeros: nothing is wrong, nothing was logged. */
struct tcpstates_namespaces {
  struct {
    int said;       /* the code of the last line; 0: all is well */
    unsigned quiet; /* rounds until a beginning may be logged again */
  } state[NAMESPACES_CONDITION_END];
};

/* Compare a round with those before it and log what changed; the beginning of a
 * condition at most once in 60 rounds. max: MaxNamespaces. */
void tcpstates_namespaces_report(struct tcpstates_namespaces *said,
                                 const struct namespaces_outcome *outcome,
                                 unsigned max);

#endif
