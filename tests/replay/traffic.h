/* What is sent and received on a host's connections, and what the reader of the
 * tables makes of it: the counters of segments, connections beyond what
 * arrivals explain, and looks at the connections under suspicion. The plugin's
 * own table/held.h decides when it looks. Touches nothing but its own
 * structure. */
#ifndef REPLAY_TRAFFIC_H
#define REPLAY_TRAFFIC_H

#include "dice.h"
#include "holding.h"
#include "host_class.h"

#include "table/held.h"

struct traffic {
  struct dice dice;
  double data_per_open, acks_per_open; /* of the ordinary clients */
  double noise;                        /* of these from minute to minute */
  double zero, drip, starved, mute;    /* shares of them at any time */
  /* Since boot. */
  double opened, segments, resets, data, probes, aborts;
  struct holding now;
  struct held held;
  struct holders holders; /* counts alone; at is NULL */
  bool by_proc;           /* each reading has all timers, and none asks */
  bool looked, asked;     /* at this reading */
  double starving;        /* by_proc: what the counters say of it, or NAN */
  unsigned readings;
};

void traffic_begin(struct traffic *traffic, enum host_class class,
                   uint64_t seed, uint64_t stream);

/* A second passes. inbound_per_s: ordinary clients; refused: SYNs that a closed
 * port answers by a reset. */
void traffic_second(struct traffic *traffic, const struct event_list *events,
                    double now_s, double inbound_per_s, double refused);

/* The end of an interval, in which the ordinary connections were opened.
 * established: those of them that are now. passive_opens: of all, since boot.
 */
void traffic_read(struct traffic *traffic, double now_s, double length_s,
                  double opened, double established, double passive_opens);

/* The host starts again. */
void traffic_reboot(struct traffic *traffic);

#endif
