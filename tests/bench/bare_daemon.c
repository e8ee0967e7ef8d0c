/* See bare_daemon.h. */
#include "bare_daemon.h"

#include "collectd_api.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WATCHES_MAX = 64, NAME_MAX_ = 24 };

struct bare_daemon bare_daemon;
static cdtime_t now;
static atomic_uint_fast64_t allocations;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size) {
  allocations++;
  return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
  allocations++;
  return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size) {
  allocations++;
  return __real_realloc(old, size);
}

static double thread_cpu_s(void) {
  struct timespec spent;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return (double)spent.tv_sec + 1e-9 * (double)spent.tv_nsec;
}

/* The lock that keeps two from saving at once is held all the time; others are
 * taken under it, which tells it from them. */
static _Thread_local struct {
  double since_s;
  bool others_within;
} held[4];
static _Thread_local int held_len;
static double longest_s;
static bool watching;

int __real_pthread_mutex_lock(pthread_mutex_t *lock);
int __real_pthread_mutex_unlock(pthread_mutex_t *lock);
int __wrap_pthread_mutex_lock(pthread_mutex_t *lock);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *lock);

int __wrap_pthread_mutex_lock(pthread_mutex_t *lock) {
  int rc = __real_pthread_mutex_lock(lock);
  if (!watching)
    return rc;
  if (held_len > 0)
    held[held_len - 1].others_within = true;
  held[held_len].others_within = false;
  held[held_len++].since_s = thread_cpu_s();
  return rc;
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t *lock) {
  if (watching && held_len > 0) {
    double held_s = thread_cpu_s() - held[--held_len].since_s;
    if (!held[held_len].others_within && held_s > longest_s)
      longest_s = held_s;
  }
  return __real_pthread_mutex_unlock(lock);
}

void bare_daemon_watch_locks(void) { watching = true; }

double bare_daemon_longest_hold_s(void) { return longest_s; }

uint64_t bare_daemon_allocations(void) { return allocations; }

void bare_daemon_set_clock(double now_s) { now = DOUBLE_TO_CDTIME_T(now_s); }

/* The daemon asks the kernel's clock, which costs what it costs. */
cdtime_t cdtime(void) {
  struct timespec unused;
  clock_gettime(CLOCK_REALTIME, &unused);
  return now;
}

const char *global_option_get(const char *option) {
  (void)option;
  return NULL;
}

plugin_ctx_t plugin_get_ctx(void) { return (plugin_ctx_t){.interval = 0}; }

plugin_ctx_t plugin_set_ctx(plugin_ctx_t context) { return context; }

int plugin_dispatch_values(value_list_t const *vl) {
  static const data_source_t gauge = {.name = "value", .type = DS_TYPE_GAUGE};
  static const data_set_t ds = {
      .type = "gauge", .ds_num = 1, .ds = (data_source_t *)&gauge};
  bare_daemon.dispatched++;
  return fake_callbacks()->write(&ds, vl, NULL); /* they come back */
}

int plugin_dispatch_notification(const notification_t *notification) {
  bare_daemon.notifications++;
  if (bare_daemon.on_notification != NULL)
    bare_daemon.on_notification(notification);
  return 0;
}

int plugin_notification_meta_add_string(notification_t *to, const char *name,
                                        const char *value) {
  (void)to, (void)name, (void)value;
  return 0;
}

int plugin_notification_meta_add_double(notification_t *to, const char *name,
                                        double value) {
  (void)to, (void)name, (void)value;
  return 0;
}

int plugin_notification_meta_free(notification_meta_t *meta) {
  (void)meta;
  return 0;
}

void plugin_log(int level, const char *format, ...) {
  va_list arguments;
  if (level > LOG_WARNING)
    return;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
}

/* The daemon hands out copies. */
static char *copy_of(const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = __real_malloc(size);
  return copy == NULL ? NULL : memcpy(copy, text, size);
}

void meta_data_destroy(meta_data_t *meta) { (void)meta; }

int meta_data_get_string(meta_data_t *meta, const char *key, char **value) {
  const char *found = NULL;
  if (strcmp(key, "tcpstates:listener") == 0)
    found = meta->listener;
  else if (strcmp(key, "tcpstates:top_source") == 0)
    found = meta->top_source;
  if (found == NULL)
    return -1;
  *value = copy_of(found);
  return 0;
}

int meta_data_get_signed_int(meta_data_t *meta, const char *key,
                             int64_t *value) {
  if (strcmp(key, "tcpstates:backlog") != 0)
    return -1;
  *value = meta->backlog;
  return 0;
}

char *sstrncpy(char *to, const char *from, size_t size) {
  strncpy(to, from, size);
  to[size - 1] = '\0';
  return to;
}

char *sstrerror(int number, char *text, size_t size) {
  snprintf(text, size, "error %d", number);
  return text;
}

static oconfig_item_t text_item(char *key, char *text, oconfig_value_t *value) {
  value->type = OCONFIG_TYPE_STRING;
  value->value.string = text;
  return (oconfig_item_t){.key = key, .values = value, .values_num = 1};
}

static oconfig_item_t number_item(char *key, double number,
                                  oconfig_value_t *value) {
  value->type = OCONFIG_TYPE_NUMBER;
  value->value.number = number;
  return (oconfig_item_t){.key = key, .values = value, .values_num = 1};
}

void bare_daemon_start(const char *state_file, double hosts_max, int watches) {
  static oconfig_item_t items[WATCHES_MAX + 2], types[WATCHES_MAX];
  static oconfig_value_t values[2 * WATCHES_MAX + 2];
  static char names[WATCHES_MAX][NAME_MAX_];
  static char path[256];
  oconfig_item_t block = {.key = "Plugin", .children = items};
  oconfig_value_t *value = values;

  snprintf(path, sizeof(path), "%s", state_file);
  items[block.children_num++] = text_item("StateFile", path, value++);
  items[block.children_num++] = number_item("MaxHosts", hosts_max, value++);
  for (int i = 0; i < watches && i < WATCHES_MAX; i++) {
    snprintf(names[i], sizeof(names[i]), "watch-%d-*", i);
    types[i] = text_item("Plugin", names[i], value++);
    oconfig_item_t *watch = &items[block.children_num++];
    *watch = text_item("Watch", names[i], value++);
    watch->children = &types[i];
    watch->children_num = 1;
  }
  module_register();
  if (fake_callbacks()->config(&block) != 0 || fake_callbacks()->init() != 0) {
    fprintf(stderr, "bench: the plugin does not start\n");
    exit(EXIT_FAILURE);
  }
}
