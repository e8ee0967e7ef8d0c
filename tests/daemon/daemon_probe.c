/* See daemon_probe.h. */
#include "daemon_probe.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static double value_time; /* of the next value */

void probe_start(struct daemon *daemon, const struct daemon_setup *setup) {
  value_time = (double)time(NULL) - 7200;
  daemon_start(daemon, setup);
  daemon_talk(daemon);
}

void probe_start_again(struct daemon *daemon,
                       const struct daemon_setup *setup) {
  daemon_start_again(daemon, setup);
  daemon_talk(daemon);
}

void probe_put(int times, double value) {
  for (int i = 0; i < times; i++) {
    daemon_tell("PUTVAL " PROBE_SERIES " interval=10 %.3f:%g\n", value_time,
                value + (double)(i % 5));
    value_time += 10;
  }
}

double probe_last_s(void) { return value_time - 10; }
