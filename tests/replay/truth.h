/* What really happened to a simulated host, as JSON, one object a line: first
 * the run itself, then each event that began. Pure but for the stream. */
#ifndef REPLAY_TRUTH_H
#define REPLAY_TRUTH_H

#include "host.h"

#include <stdio.h>

struct truth_run {
  const char *profile;
  uint64_t seed;
  int64_t readings;
  double first_s, last_s; /* times of the first and the last reading */
};

/* host: after host_end. */
void truth_write(FILE *out, const struct truth_run *run,
                 const struct host *host);

#endif
