/* The plugin baseline under the stand-in for the daemon: configured, started,
 * given values and ended as the daemon does it. */
#ifndef TESTS_BASELINE_PLUGIN_SCENE_H
#define TESTS_BASELINE_PLUGIN_SCENE_H

#include "fake_collectd.h"
#include "fake_heard.h"
#include "verdict/signals.h"

#include <check.h>

extern char scene_folder[64];

/* A folder of its own, and an empty <Plugin baseline> block but for a StateFile
 * in there. */
void scene_setup(void);
void scene_teardown(void);

/* Add to the block; with the last block that was opened, to that. */
void scene_set_number(char *key, double value);
void scene_set_text(char *key, char *value);
void scene_open_watch(char *name);
void scene_open_incident(char *name);

/* Returns what the plugin's config callback says. */
int scene_configure(void);

/* Load, configure and init; flush and shut down. */
void scene_start(void);
void scene_stop(void);

/* One value into the write callback. */
struct scene_value {
  const char *host, *plugin, *plugin_instance, *type, *type_instance;
  int kind; /* DS_TYPE_... */
  double time_s, interval_s;
  value_t value;
  meta_data_t *meta;
};
void scene_write(const struct scene_value *value);

void scene_tick(void);
void scene_pause(double seconds);

#endif
