/* A collectd plugin of the tests: writes the meta data of tcpstates' values to
 * the log, "TYPE-TYPE_INSTANCE: KEY = VALUE", for no stock writer without
 * further libraries shows it. */
#include "collectd_api.h"

static void show(const value_list_t *vl, const char *key) {
  char *value = NULL;
  if (meta_data_as_string(vl->meta, key, &value) == 0)
    INFO("%s-%s: %s = %s", vl->type, vl->type_instance, key, value);
  free(value);
}

static int write_values(__attribute__((unused)) const data_set_t *ds,
                        const value_list_t *vl,
                        __attribute__((unused)) user_data_t *user_data) {
  char **keys = NULL;
  int keys_len = vl->meta != NULL ? meta_data_toc(vl->meta, &keys) : 0;
  for (int i = 0; i < keys_len; i++) {
    show(vl, keys[i]);
    free(keys[i]);
  }
  free(keys);
  return 0;
}

void module_register(void) {
  plugin_register_write("show_meta", write_values, NULL);
}
