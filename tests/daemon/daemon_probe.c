/* See daemon_probe.h. */
#include "daemon_probe.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Nothing is rare before sixty blocks of five minutes. */
enum { STEP_S = 300, TWO_DAYS_S = 172800 };

static double value_time; /* of the next value */

void probe_start(struct daemon *daemon, const struct daemon_setup *setup) {
  value_time = (double)time(NULL) - TWO_DAYS_S;
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
    daemon_tell("PUTVAL " PROBE_SERIES " interval=%d %.3f:%g\n", STEP_S,
                value_time, value + (double)(i % 5));
    value_time += STEP_S;
  }
}

double probe_last_s(void) { return value_time - STEP_S; }
