/* How full the SYN queues and the accept queues of listening sockets are.
 * Private to the room table. */
#ifndef TABLE_QUEUE_FILL_H
#define TABLE_QUEUE_FILL_H

#include "table/kernel_counters.h"
#include "table/reading.h"

/* The fullest queue of its kind: the highest percentage, of equal ones that
 * with most entries. An unknown percentage is below every other.
 * SO_REUSEPORT twins: the SYN queue is the sum of theirs, the accept queue is
 * that of the fullest twin. */
struct queue_fullest {
  const struct listener *listener; /* of the reading; NULL none */
  uint64_t entries;
  uint64_t others; /* listeners whose queue is in as bad a state; 0 of a port */
  double max;      /* NAN unknown */
  double percent;  /* NAN: unknown, or the maximum is 0 */
};

struct queue_fill {
  uint64_t half_open, aged, accept_depth, drops, syns; /* sums */
  bool drops_known;
  struct queue_fullest syn, accept;
};

/* The queues of each local port. All zeros at the beginning. */
struct queue_port {
  uint16_t port;
  struct queue_fill fill;
};
struct queue_ports {
  struct queue_port *ports; /* in the order first seen; owned */
  size_t len, capacity;
  uint32_t *number; /* by port: place in ports + 1, 0 none; owned */
};

/* How many half-open entries a listener's sockets can hold: the backlog;
 * without SYN cookies also at most 3/4 of tcp_max_syn_backlog each. NAN
 * unknown.
 */
double queue_fill_syn_max(const struct listener *listener,
                          const struct kernel_counters *counters);

/* Over all listeners of a finished reading. Others: of the SYN queue, if at
 * least half of its entries and half of theirs are aged, those whose aged
 * entries are half of their maximum or half as many as in the fullest; of the
 * accept queue, those that are full. If nobody looked at the half-open entries,
 * nothing is known of them. */
struct queue_fill queue_fill_of(const struct reading *reading,
                                const struct kernel_counters *counters);

/* The same for each port that has a listener; if nobody looked at the
 * listeners, for each port that had one, and nothing is known of it. Returns 0
 * or -ENOMEM. */
int queue_ports_fill(struct queue_ports *ports, const struct reading *reading,
                     const struct kernel_counters *counters);
void queue_ports_release(struct queue_ports *ports);

#endif
