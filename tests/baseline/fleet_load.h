/* What each host of a fleet would read: a calm web server's values, and those
 * of a flood on some of them. Pure, and the same in every run. */
#ifndef TESTS_BASELINE_FLEET_LOAD_H
#define TESTS_BASELINE_FLEET_LOAD_H

#include "verdict/signals.h"

#include <stdbool.h>
#include <stdint.h>

struct fleet_load {
  unsigned flood_host, flood_hosts; /* the first flooded one, how many */
  int flood_from, flood_until;      /* readings; until: the first calm one */
  int interval_s;                   /* from one reading to the next */
};

bool fleet_load_is_flooded(const struct fleet_load *load, unsigned host);

/* The value of a signal at a reading; the second for SIGNAL_FIRST_COUNTER and
 * beyond. */
double fleet_load_gauge(const struct fleet_load *load, unsigned host,
                        enum signal signal, int reading);
int64_t fleet_load_counter(const struct fleet_load *load, unsigned host,
                           enum signal signal, int reading);

#endif
