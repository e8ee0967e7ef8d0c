/* collectd's value lists -> what the engine takes. Glue: may touch
 * collectd's value lists, meta data and clock. */
#ifndef BASELINE_BASELINE_VALUES_H
#define BASELINE_BASELINE_VALUES_H

#include "verdict/series.h"
#include "verdict/snapshot.h"

#include "collectd.h"

#include "plugin.h"

/* A value of plugin tcpstates, with the strings of its meta data. */
struct baseline_host_value {
  struct hosts_value value; /* points into the value list, and to these: */
  char *listener, *top_source;
};

/* vl: of instance all. Returns false for one that no incident looks at; there
 * is nothing to release then. */
bool baseline_values_of_host(const data_set_t *ds, const value_list_t *vl,
                             struct baseline_host_value *out);
/* How many sockets listen: true and *listeners for that value. */
bool baseline_values_of_listeners(const data_set_t *ds, const value_list_t *vl,
                                  double *listeners);

void baseline_values_release(struct baseline_host_value *value);

/* Whether the daemon has values of its own tcpstates: they have passed its
 * cache, and so the writers are next. */
bool baseline_values_are_cached(void);

/* Value number i of a list that a <Watch> has an eye on. */
struct series_value baseline_values_of_series(const data_set_t *ds,
                                              const value_list_t *vl, size_t i);

#endif
