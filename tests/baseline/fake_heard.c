/* See fake_heard.h. */
#include "fake_heard.h"

#include "held_locks.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTIFICATIONS_MAX = 4096, LOG_MAX = 256 * 1024 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct fake_notification heard[NOTIFICATIONS_MAX];
static size_t heard_len;
static char log_text[LOG_MAX];
static size_t log_len;
static void (*_Atomic notification_handler)(const notification_t *n);
static void (*_Atomic log_handler)(const char *line);

static void fail(const char *why) {
  fprintf(stderr, "%s\n", why);
  abort();
}

size_t fake_notified(void) {
  pthread_mutex_lock(&lock);
  size_t len = heard_len;
  pthread_mutex_unlock(&lock);
  return len;
}

struct fake_notification fake_notification(size_t i) {
  struct fake_notification copy;
  pthread_mutex_lock(&lock);
  if (i >= heard_len)
    fail("there is no such notification");
  copy = heard[i];
  pthread_mutex_unlock(&lock);
  return copy;
}

size_t fake_count(const char *host, const char *incident, int severity) {
  size_t count = 0;
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < heard_len; i++) {
    const notification_t *n = &heard[i].is;
    count += (host == NULL || strcmp(n->host, host) == 0) &&
             (incident == NULL || strcmp(n->plugin_instance, incident) == 0) &&
             (severity == 0 || n->severity == severity);
  }
  pthread_mutex_unlock(&lock);
  return count;
}

void fake_on_notification(void (*handler)(const notification_t *n)) {
  notification_handler = handler;
}

void fake_on_log(void (*handler)(const char *line)) { log_handler = handler; }

unsigned fake_log_count(const char *text) {
  unsigned count = 0;
  pthread_mutex_lock(&lock);
  for (const char *at = log_text; (at = strstr(at, text)) != NULL; count++) {
    at = strchr(at, '\n');
  }
  pthread_mutex_unlock(&lock);
  return count;
}

void fake_log_forget(void) {
  pthread_mutex_lock(&lock);
  log_len = 0;
  log_text[0] = '\0';
  pthread_mutex_unlock(&lock);
}

const char *fake_log_text(void) { return log_text; }

static void write_meta(const notification_meta_t *item, char *to) {
  size_t used = 0;
  for (; item != NULL && used < FAKE_META_MAX; item = item->next) {
    char *at = to + used;
    size_t room = FAKE_META_MAX - used;
    if (item->type == NM_TYPE_STRING)
      snprintf(at, room, "%s=%s;", item->name, item->nm_value.nm_string);
    else
      snprintf(at, room, "%s=%g;", item->name, item->nm_value.nm_double);
    used += strlen(at);
  }
}

/* Each thread has its own, as in the daemon. */
static _Thread_local plugin_ctx_t context;

plugin_ctx_t plugin_get_ctx(void) { return context; }

plugin_ctx_t plugin_set_ctx(plugin_ctx_t to) {
  plugin_ctx_t old = context;
  context = to;
  return old;
}

int plugin_dispatch_notification(const notification_t *n) {
  void (*handler)(const notification_t *) = notification_handler;
  if (held_locks_count() != 0)
    fail("a notification was dispatched under a lock");
  if (handler != NULL)
    handler(n);
  pthread_mutex_lock(&lock);
  if (heard_len == NOTIFICATIONS_MAX)
    fail("too many notifications");
  struct fake_notification *kept = &heard[heard_len++];
  kept->is = *n;
  kept->is.meta = NULL;
  write_meta(n->meta, kept->meta);
  pthread_mutex_unlock(&lock);
  return 0;
}

/* Appended, as the daemon does it. */
static notification_meta_t *add_meta(notification_t *n, const char *name) {
  notification_meta_t *item = calloc(1, sizeof(*item)), **end = &n->meta;
  if (item == NULL)
    fail("no memory");
  while (*end != NULL)
    end = &(*end)->next;
  *end = item;
  snprintf(item->name, sizeof(item->name), "%s", name);
  return item;
}

int plugin_notification_meta_add_string(notification_t *n, const char *name,
                                        const char *value) {
  notification_meta_t *item = add_meta(n, name);
  item->type = NM_TYPE_STRING;
  item->nm_value.nm_string = strdup(value);
  return 0;
}

int plugin_notification_meta_add_double(notification_t *n, const char *name,
                                        double value) {
  notification_meta_t *item = add_meta(n, name);
  item->type = NM_TYPE_DOUBLE;
  item->nm_value.nm_double = value;
  return 0;
}

int plugin_notification_meta_free(notification_meta_t *item) {
  while (item != NULL) {
    notification_meta_t *next = item->next;
    if (item->type == NM_TYPE_STRING)
      free((char *)item->nm_value.nm_string);
    free(item);
    item = next;
  }
  return 0;
}

void plugin_log(int level, const char *format, ...) {
  char line[1024];
  va_list arguments;
  void (*handler)(const char *) = log_handler;
  va_start(arguments, format);
  vsnprintf(line, sizeof(line), format, arguments);
  va_end(arguments);
  if (held_locks_count() != 0) {
    fprintf(stderr, "%s\n", line);
    fail("was logged under a lock");
  }
  pthread_mutex_lock(&lock);
  int len =
      snprintf(log_text + log_len, LOG_MAX - log_len, "<%d> %s\n", level, line);
  if (len < 0 || (size_t)len >= LOG_MAX - log_len)
    fail("too much was logged");
  log_len += (size_t)len;
  pthread_mutex_unlock(&lock);
  if (handler != NULL)
    handler(line);
}
