/* Many hosts that send the values of tcpstates, through five write threads, as
 * collectd has them, in an order that is not theirs. */
#ifndef FLEET_H
#define FLEET_H

#include "plugin_scene.h"

enum { FLEET_THREADS = 5, FLEET_INTERVAL_S = 10 };

struct fleet {
  unsigned hosts;                   /* "host-0" and so on */
  unsigned flood_host, flood_hosts; /* the first flooded one, how many */
  int flood_from, flood_until;      /* readings; until: the first calm one */
  int silent_from;                  /* from then on the flooded send nothing;
                                       0: they do */
  bool ticks;                       /* a read thread ticks meanwhile, and */
  bool flushes;                     /* somebody flushes */
};

/* What host number i sends of one signal at a reading. */
value_t fleet_value(const struct fleet *fleet, unsigned host,
                    enum signal signal, int reading);

/* When a reading is. */
double fleet_time_s(int reading);

/* Send that one value. */
void fleet_send(const struct fleet *fleet, unsigned host, enum signal signal,
                int reading);

/* Send the readings from `from` to before `until`, the clock going along: a
 * value is up to a third of an interval late. */
void fleet_run(const struct fleet *fleet, int from, int until);

#endif
