/* One question to the daemon -> one answer, through the model of `status`.
 * Waits for the daemon, at most as long as the query says. */
#ifndef TOOLS_WATCH_FETCH_H
#define TOOLS_WATCH_FETCH_H

#include "daemon/host_model.h"
#include "daemon/watch_reading.h"

#include <stdbool.h>

struct watch_answer {
  bool failed;
  bool has_hosts;
  char problem[WATCH_PROBLEM_MAX]; /* why it failed and what to do */
  struct watch_reading reading;
  struct hosts_count hosts; /* where has_hosts; to be released */
};

/* query->host: NULL for the only one, else this machine, else the first of
 * several. wants_hosts: list all hosts, too, which asks once more. */
void watch_fetch(const struct status_query *query, bool wants_hosts,
                 struct watch_answer *answer);

void watch_fetch_release(struct watch_answer *answer);

#endif
