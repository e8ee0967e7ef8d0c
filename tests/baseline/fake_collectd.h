/* Stands in for the daemon under the glue's files: keeps the callbacks that a
 * plugin registers, sets the clock, hands values back as the daemon does.
 * Aborts where the plugin calls the daemon while it holds a mutex. */
#ifndef TESTS_BASELINE_FAKE_COLLECTD_H
#define TESTS_BASELINE_FAKE_COLLECTD_H

#include "collectd.h"

#include "fake_registry.h"

/* Seconds since 1970. */
void fake_clock_set(double now_s);

/* Called for each value list that is dispatched, in the thread that does it,
 * before it comes back to the write callback. */
void fake_on_values(void (*hook)(const value_list_t *vl));

/* Value lists that were dispatched so far. */
unsigned fake_values(void);

/* The daemon's meta data, as far as tcpstates sends any. */
struct meta_data_s {
  const char *listener, *top_source;
  int64_t backlog, others;
};

#endif
