/* See fake_registry.h. */
#include "fake_registry.h"

#include "collectd_api.h"
#include "filter_chain.h"
#include "utils_cache.h"

#include <stdlib.h>

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

/* The daemon without chains, and with one value in its cache, or none. */
char *hostname_g = (char[]){"localhost"};

static const char *cached;

void fake_cache(const char *name) { cached = name; }

int uc_get_rate_by_name(const char *name, gauge_t **rates, size_t *len) {
  (void)rates, (void)len;
  return cached != NULL && strcmp(name, cached) == 0 ? 0 : -1;
}

static void (*on_cached)(const value_list_t *vl);

void fake_on_cached(void (*see)(const value_list_t *vl)) { on_cached = see; }

int uc_update(const data_set_t *ds, const value_list_t *vl) {
  (void)ds;
  if (on_cached == NULL)
    abort();
  on_cached(vl);
  return 0;
}

fc_chain_t *fc_chain_get_by_name(const char *name) {
  (void)name;
  return NULL;
}

int fc_process_chain(const data_set_t *ds, value_list_t *vl,
                     fc_chain_t *chain) {
  (void)ds, (void)vl, (void)chain;
  abort();
}

int fc_default_action(const data_set_t *ds, value_list_t *vl) {
  (void)ds, (void)vl;
  abort();
}

const data_set_t *plugin_get_ds(const char *name) {
  static const data_set_t any = {.type = "any", .ds_num = 1};
  (void)name;
  return on_cached != NULL ? &any : NULL;
}

int escape_slashes(char *text, size_t size) {
  (void)size;
  for (; *text != '\0'; text++)
    if (*text == '/')
      *text = '_';
  return 0;
}
