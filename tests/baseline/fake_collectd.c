/* See fake_collectd.h. */
#include "fake_collectd.h"

#include "collectd_api.h"
#include "held_locks.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Atomic cdtime_t now = TIME_T_TO_CDTIME_T_STATIC(1700000000);
static void (*_Atomic values_hook)(const value_list_t *vl);
static atomic_uint values;

void fake_clock_set(double now_s) { now = DOUBLE_TO_CDTIME_T(now_s); }

void fake_on_values(void (*hook)(const value_list_t *vl)) {
  values_hook = hook;
}

unsigned fake_values(void) { return values; }

cdtime_t cdtime(void) { return now; }

const char *global_option_get(const char *option) {
  return strcmp(option, "ReadThreads") == 0 ? "5" : NULL;
}

/* The daemon queues values and a write thread brings them back; at once is
 * harder on the plugin. */
int plugin_dispatch_values(value_list_t const *vl) {
  static const data_source_t gauge = {.name = "value", .type = DS_TYPE_GAUGE};
  data_set_t set = {
      .type = "gauge", .ds_num = 1, .ds = (data_source_t *)&gauge};
  void (*hook)(const value_list_t *) = values_hook;
  if (held_locks_count() != 0) {
    fprintf(stderr, "values were dispatched under a lock\n");
    abort();
  }
  values++;
  if (hook != NULL)
    hook(vl);
  return fake_callbacks()->write(&set, vl, NULL);
}

void meta_data_destroy(meta_data_t *meta) { (void)meta; }

int meta_data_get_string(meta_data_t *meta, const char *key, char **value) {
  const char *found = NULL;
  if (strcmp(key, "tcpstates:listener") == 0)
    found = meta->listener;
  else if (strcmp(key, "tcpstates:top_source") == 0)
    found = meta->top_source;
  char *copy = found == NULL ? NULL : strdup(found);
  if (copy == NULL)
    return found == NULL ? -ENOENT : -ENOMEM;
  *value = copy;
  return 0;
}

int meta_data_get_signed_int(meta_data_t *meta, const char *key,
                             int64_t *value) {
  int64_t found = 0;
  if (strcmp(key, "tcpstates:backlog") == 0)
    found = meta->backlog;
  else if (strcmp(key, "tcpstates:others") == 0)
    found = meta->others;
  if (found == 0)
    return -1;
  *value = found;
  return 0;
}

char *sstrncpy(char *to, const char *from, size_t size) {
  snprintf(to, size, "%s", from);
  return to;
}

char *sstrerror(int number, char *text, size_t size) {
  snprintf(text, size, "%s", strerror(number));
  return text;
}
