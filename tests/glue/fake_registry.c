/* See fake_registry.h. */
#include "fake_registry.h"

static struct fake_callbacks callbacks;

const struct fake_callbacks *fake_callbacks(void) { return &callbacks; }

cdtime_t plugin_get_interval(void) { return TIME_T_TO_CDTIME_T_STATIC(10); }

int plugin_register_complex_config(const char *type,
                                   int (*callback)(oconfig_item_t *)) {
  (void)type;
  callbacks.config = callback;
  return 0;
}

int plugin_register_init(const char *name, plugin_init_cb callback) {
  (void)name;
  callbacks.init = callback;
  return 0;
}

int plugin_register_shutdown(const char *name, plugin_shutdown_cb callback) {
  (void)name;
  callbacks.shutdown = callback;
  return 0;
}

int plugin_register_complex_read(const char *group, const char *name,
                                 plugin_read_cb callback, cdtime_t interval,
                                 user_data_t const *user_data) {
  (void)group, (void)name, (void)interval, (void)user_data;
  callbacks.read = callback;
  return 0;
}

int plugin_register_write(const char *name, plugin_write_cb callback,
                          user_data_t const *user_data) {
  (void)name, (void)user_data;
  callbacks.write = callback;
  return 0;
}

int plugin_register_flush(const char *name, plugin_flush_cb callback,
                          user_data_t const *user_data) {
  (void)name, (void)user_data;
  callbacks.flush = callback;
  return 0;
}
