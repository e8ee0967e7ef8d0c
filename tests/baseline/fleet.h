/* Many hosts that send the values of tcpstates, through five write threads, as
 * collectd has them, in an order that is not theirs. */
#ifndef TESTS_BASELINE_FLEET_H
#define TESTS_BASELINE_FLEET_H

#include "fleet_load.h"
#include "plugin_scene.h"

enum { FLEET_THREADS = 5, FLEET_INTERVAL_S = 10 };

struct fleet {
  unsigned hosts; /* "host-0" and so on */
  struct fleet_load load;
  int silent_from; /* from then on the flooded send nothing; 0: they do */
  bool ticks;      /* a read thread ticks meanwhile, and */
  bool flushes;    /* somebody flushes */
};

/* When a reading is. */
double fleet_time_s(int reading);

/* That one value, but for its host's name and meta data. */
struct scene_value fleet_value(const struct fleet *fleet, unsigned host,
                               enum signal signal, int reading);

/* Send that one value. */
void fleet_send(const struct fleet *fleet, unsigned host, enum signal signal,
                int reading);

/* Send the readings from `from` to before `until`, the clock going along: a
 * value is up to a third of an interval late. */
void fleet_run(const struct fleet *fleet, int from, int until);

#endif
