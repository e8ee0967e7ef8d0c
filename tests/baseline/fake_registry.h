/* Keeps the callbacks that a plugin registers, for whoever stands in for the
 * daemon. */
#ifndef TESTS_BASELINE_FAKE_REGISTRY_H
#define TESTS_BASELINE_FAKE_REGISTRY_H

#include "collectd.h"

#include "plugin.h"

/* What was registered last, of each kind. */
struct fake_callbacks {
  int (*config)(oconfig_item_t *block);
  plugin_init_cb init;
  plugin_shutdown_cb shutdown;
  plugin_read_cb read;
  plugin_write_cb write;
  plugin_flush_cb flush;
};
const struct fake_callbacks *fake_callbacks(void);

/* The identifier that the daemon's cache has a value of; NULL: none. */
void fake_cache(const char *name);

/* Called for each value that is put into the daemon's cache alone. */
void fake_on_cached(void (*see)(const value_list_t *vl));

#endif
