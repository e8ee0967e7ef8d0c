/* What became of the handshakes from one reading to the next. Private to the
 * room table. */
#ifndef TABLE_HANDSHAKES_H
#define TABLE_HANDSHAKES_H

#include "table/kernel_counters.h"

/* The reading before; all zeros: none. */
struct handshakes {
  struct kernel_counters counters;
  double aged;
};

struct handshake_shares {
  /* Of the handshakes that ended, how many percent completed: an upper bound,
   * for the kernel does not count every failure. */
  double completed;
  double inbound; /* percentage of the connections opened that came in */
};

/* aged: half-open entries whose SYN-ACK was sent again; NAN unknown. Either
 * share is NAN where nothing ended or opened, where PassiveOpens (inbound: or
 * ActiveOpens) is not known from both readings, or where a counter it needs
 * went backwards. Another counter that is not known adds no failures, nor does
 * an unknown aged. */
struct handshake_shares
handshakes_advance(struct handshakes *last,
                   const struct kernel_counters *counters, double aged);

#endif
