/* What syn_queue.c and syn_admission.c share about the second that passes. */
#ifndef REPLAY_SYN_TICK_H
#define REPLAY_SYN_TICK_H

#include "syn_queue.h"

enum { SYN_TICK_ATTEMPTS = 4 }; /* a client's SYN and three more of it */

struct syn_tick {
  struct syn_queue *queue;
  int64_t now;
  const struct handshake_path *path;
  struct dice *dice;
  struct tally *tally;
  int64_t accepts;   /* accept() calls until the end of the slice */
  int64_t live_pool; /* clients of this second, asked and yet to answer */
  int64_t attempts[SYN_TICK_ATTEMPTS]; /* live SYNs by how often sent */
};

/* The application may accept what it can in so many seconds. A second is two
 * halves: one for what was there before, one for what arrives. */
void syn_tick_allow(struct syn_tick *tick, double seconds);
/* It accepts. */
void syn_tick_accept(struct syn_tick *tick);

/* answered handshakes become connections, as far as the accept queue has room;
 * the rest overflow. Returns how many were created. The caller takes them out
 * of the SYN queue. */
int64_t syn_tick_hand_over(struct syn_tick *tick, int64_t answered);

/* The SYNs of one second arrive, and most of them are answered. */
void syn_tick_admit(struct syn_tick *tick, const struct syn_arrivals *arrivals);

/* Chance that SYN-ACK or ACK is lost so that the entry waits for the next
 * SYN-ACK. A lost ACK matters only where the first data is lost as well. */
static inline double syn_tick_loss(double packet_loss) {
  return packet_loss + (1 - packet_loss) * packet_loss * packet_loss;
}

#endif
