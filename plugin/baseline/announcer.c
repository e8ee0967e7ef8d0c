/* The queue of notifications and the thread that dispatches them. Glue: may
 * touch collectd and threads. */
#include "announcer.h"

#include "plugin.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { QUEUE_MAX = 1000 };

struct entry {
  struct entry *next;
  struct notice notice;
};

struct announcer {
  pthread_t thread;
  plugin_ctx_t context;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  struct entry *head, **tail;
  size_t waiting; /* in the queue or being dispatched */
  bool stopping;
};

static int severity_of(enum severity severity) {
  if (severity == SEVERITY_FAILURE)
    return NOTIF_FAILURE;
  return severity == SEVERITY_WARNING ? NOTIF_WARNING : NOTIF_OKAY;
}

static void add_item(notification_t *to, const struct notice_item *item) {
  if (item->is_text)
    plugin_notification_meta_add_string(to, item->name, item->text);
  else
    plugin_notification_meta_add_double(to, item->name, item->number);
}

static void dispatch(const struct notice *notice) {
  notification_t n = {
      .severity = severity_of(notice->severity),
      .time = DOUBLE_TO_CDTIME_T(notice->time_s),
      .plugin = "baseline",
  };

  snprintf(n.message, sizeof(n.message), "%s", notice->text);
  snprintf(n.host, sizeof(n.host), "%s", notice->host);
  snprintf(n.plugin_instance, sizeof(n.plugin_instance), "%s",
           notice->instance);
  snprintf(n.type, sizeof(n.type), "%s", notice->type);
  snprintf(n.type_instance, sizeof(n.type_instance), "%s",
           notice->type_instance);
  for (size_t i = 0; i < notice->items_len; i++)
    add_item(&n, &notice->items[i]);
  plugin_dispatch_notification(&n);
  plugin_notification_meta_free(n.meta);
}

/* The next entry, or NULL when it is time to stop. */
static struct entry *take(struct announcer *announcer) {
  pthread_mutex_lock(&announcer->lock);
  while (!announcer->head && !announcer->stopping)
    pthread_cond_wait(&announcer->changed, &announcer->lock);
  struct entry *entry = announcer->stopping ? NULL : announcer->head;
  if (entry) {
    announcer->head = entry->next;
    if (!announcer->head)
      announcer->tail = &announcer->head;
  }
  pthread_mutex_unlock(&announcer->lock);
  return entry;
}

/* The daemon's handlers ask the thread for its plugin and interval. */
static void *run(void *argument) {
  struct announcer *announcer = argument;
  struct entry *entry;

  plugin_set_ctx(announcer->context);
  while ((entry = take(announcer))) {
    dispatch(&entry->notice);
    free(entry);
    pthread_mutex_lock(&announcer->lock);
    announcer->waiting--;
    pthread_cond_broadcast(&announcer->changed);
    pthread_mutex_unlock(&announcer->lock);
  }
  return NULL;
}

/* Times are of the clock that nobody sets. */
static void make_condition(pthread_cond_t *condition) {
  pthread_condattr_t attributes;

  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(condition, &attributes);
  pthread_condattr_destroy(&attributes);
}

int announcer_create(struct announcer **out) {
  struct announcer *announcer = calloc(1, sizeof(*announcer));

  if (!announcer)
    return -ENOMEM;
  announcer->tail = &announcer->head;
  announcer->context = plugin_get_ctx();
  pthread_mutex_init(&announcer->lock, NULL);
  make_condition(&announcer->changed);
  int rc = pthread_create(&announcer->thread, NULL, run, announcer);
  if (rc != 0) {
    free(announcer);
    return -rc;
  }
  *out = announcer;
  return 0;
}

int announcer_push(struct announcer *announcer, const struct notice *notice) {
  struct entry *entry = malloc(sizeof(*entry));

  if (!entry)
    return -ENOMEM;
  *entry = (struct entry){.notice = *notice};
  pthread_mutex_lock(&announcer->lock);
  bool fits = announcer->waiting < QUEUE_MAX;
  if (fits) {
    *announcer->tail = entry;
    announcer->tail = &entry->next;
    announcer->waiting++;
    pthread_cond_broadcast(&announcer->changed);
  }
  pthread_mutex_unlock(&announcer->lock);
  if (!fits)
    free(entry);
  return fits ? 0 : -ENOBUFS;
}

static struct timespec time_in(double seconds) {
  struct timespec at;
  double whole_s = floor(seconds);

  clock_gettime(CLOCK_MONOTONIC, &at);
  at.tv_sec += (time_t)whole_s;
  at.tv_nsec += (long)(1e9 * (seconds - whole_s));
  if (at.tv_nsec >= 1000000000) {
    at.tv_nsec -= 1000000000;
    at.tv_sec++;
  }
  return at;
}

size_t announcer_drain(struct announcer *announcer, double limit_s) {
  struct timespec until = time_in(limit_s);
  int rc = 0;

  if (pthread_equal(pthread_self(), announcer->thread))
    return 0; /* a handler came back in: it cannot wait for itself */
  pthread_mutex_lock(&announcer->lock);
  while (announcer->waiting > 0 && rc == 0)
    rc = pthread_cond_timedwait(&announcer->changed, &announcer->lock, &until);
  size_t left = announcer->waiting;
  pthread_mutex_unlock(&announcer->lock);
  return left;
}

size_t announcer_destroy(struct announcer *announcer) {
  size_t left = 0;

  if (!announcer)
    return 0;
  pthread_mutex_lock(&announcer->lock);
  announcer->stopping = true;
  pthread_cond_broadcast(&announcer->changed);
  pthread_mutex_unlock(&announcer->lock);
  pthread_join(announcer->thread, NULL);
  for (struct entry *entry = announcer->head, *next; entry; entry = next) {
    next = entry->next;
    free(entry);
    left++;
  }
  pthread_cond_destroy(&announcer->changed);
  pthread_mutex_destroy(&announcer->lock);
  free(announcer);
  return left;
}
