/* Connections that hold, by an attack or for good reason: how many there are at
 * a time, and what they send and are sent. Touches nothing but what it fills.
 * Source: what 42 runs of nginx showed, with time-outs of 60 s; for the probes,
 * tcp_probe_timer() of the kernel. */
#ifndef REPLAY_HOLDING_H
#define REPLAY_HOLDING_H

#include "event.h"

/* Of all that are active together. */
struct holding {
  double established, fin_wait1; /* connections */
  double zero_window, drip, starved, mute;
  double opened, acks, data, probes, aborts; /* a second */
};

/* The size of an event that has only a share, in percent of the established.
 */
void holding_size(struct event *event, double established);

/* Add what one event holds when it is age_s old. inbound_per_s: the ordinary
 * clients. */
void holding_add(const struct event *event, double age_s, double inbound_per_s,
                 struct holding *out);

#endif
