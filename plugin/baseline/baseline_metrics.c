/* An incident's state and band as values.
 *
 * collectd's write threads take value lists from one queue and update the cache
 * without an order: of two values of one identifier that are in the queue at a
 * time, the later may overtake the earlier, which is then refused as too old.
 * So a host's next values wait until its last ones have come back to the
 * plugin's write callback, which is behind the cache. Where none ever come back
 * (a filter chain keeps them away), nothing waits. */
#include "baseline_metrics.h"

#include "verdict/notice.h"

#include "collectd_api.h"

#include "filter_chain.h"
#include "utils_cache.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <time.h>

enum { QUEUE_MAX = 40000, FLIGHTS_MAX = 512, SPARE_MAX = 32 };

static const long flight_ns =
    500000000; /* the longest wait for a host's last */

/* What is dispatched of a judgement. */
struct entry {
  struct entry *next;
  char host[JUDGE_HOST_MAX];
  double time_s, interval_s;
  double now_s;  /* the receiver's clock, as silences go by it */
  double silent; /* 1: nothing comes from the host; 0: again; NAN: as ever */
  struct finding finding[INCIDENT_COUNT];
};

/* A host's values between dispatch and return. */
struct flight {
  uint64_t host; /* its hash: two hosts that share one wait for each other */
  cdtime_t time;
  unsigned sent, left;
  struct timespec until; /* monotonic */
};

struct baseline_metrics {
  pthread_t thread;
  plugin_ctx_t context;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  struct entry *head, **tail;
  struct entry *spare; /* to be used again */
  size_t waiting;      /* in the queue or being dispatched */
  size_t spare_len;
  struct flight flights[FLIGHTS_MAX];
  size_t flights_len;
  bool full; /* and half of it is not gone yet */
  bool none_return;
  bool stopping;
};

static uint64_t hash_of(const char *host) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

  for (; *host != '\0'; host++)
    hash = (hash ^ (unsigned char)*host) * UINT64_C(0x100000001b3);
  return hash;
}

/* All below, down to the dispatching itself: with the lock. */
static struct flight *find_flight(struct baseline_metrics *metrics,
                                  uint64_t host) {
  for (size_t i = 0; i < metrics->flights_len; i++)
    if (metrics->flights[i].host == host)
      return &metrics->flights[i];
  return NULL;
}

static void remove_flight(struct baseline_metrics *metrics,
                          struct flight *flight) {
  *flight = metrics->flights[--metrics->flights_len];
  pthread_cond_broadcast(&metrics->changed);
}

/* Until it has come back whole, or has had its time. */
static void await_flight(struct baseline_metrics *metrics, uint64_t host) {
  struct flight *flight;
  int rc = 0;

  while ((flight = find_flight(metrics, host)) != NULL && rc == 0 &&
         !metrics->stopping) {
    struct timespec until = flight->until;
    rc = pthread_cond_timedwait(&metrics->changed, &metrics->lock, &until);
  }
  if (flight == NULL)
    return;
  metrics->none_return = flight->left == flight->sent;
  remove_flight(metrics, flight);
}

static struct timespec now_and(long ns) {
  struct timespec at;

  clock_gettime(CLOCK_MONOTONIC, &at);
  at.tv_nsec += ns;
  at.tv_sec += at.tv_nsec / 1000000000;
  at.tv_nsec %= 1000000000;
  return at;
}

/* Room for one more: the first of those that are there has had most of its
 * time. */
static void begin_flight(struct baseline_metrics *metrics, uint64_t host,
                         cdtime_t time, unsigned sent) {
  await_flight(metrics, host);
  if (metrics->flights_len == FLIGHTS_MAX && !metrics->none_return)
    await_flight(metrics, metrics->flights[0].host);
  if (metrics->flights_len == FLIGHTS_MAX)
    metrics->flights_len = 0;
  metrics->flights[metrics->flights_len++] = (struct flight){
      .host = host,
      .time = time,
      .sent = sent,
      .left = sent,
      .until = now_and(metrics->none_return ? 0 : flight_ns),
  };
}

void baseline_metrics_returned(struct baseline_metrics *metrics,
                               const value_list_t *vl) {
  uint64_t host = hash_of(vl->host);

  pthread_mutex_lock(&metrics->lock);
  struct flight *flight = find_flight(metrics, host);
  metrics->none_return = false;
  if (flight != NULL && flight->time == vl->time && --flight->left == 0)
    remove_flight(metrics, flight);
  pthread_mutex_unlock(&metrics->lock);
}

/* The next entry, or NULL when it is time to stop. */
static struct entry *take(struct baseline_metrics *metrics) {
  while (metrics->head == NULL && !metrics->stopping)
    pthread_cond_wait(&metrics->changed, &metrics->lock);
  struct entry *entry = metrics->stopping ? NULL : metrics->head;
  if (entry != NULL) {
    metrics->head = entry->next;
    if (metrics->head == NULL)
      metrics->tail = &metrics->head;
  }
  return entry;
}

static void give_back(struct baseline_metrics *metrics, struct entry *entry) {
  metrics->waiting--;
  if (metrics->waiting == 0)
    pthread_cond_broadcast(&metrics->changed);
  if (metrics->spare_len == SPARE_MAX) {
    free(entry);
    return;
  }
  entry->next = metrics->spare;
  metrics->spare = entry;
  metrics->spare_len++;
}

/* What of a finding is dispatched as a gauge, beside its severity. */
static const struct {
  const char *name;
  size_t offset; /* of a double */
} figures[] = {
    {"observed", offsetof(struct finding, observed)},
    {"expected", offsetof(struct finding, expected)},
    {"lower", offsetof(struct finding, lower)},
    {"upper", offsetof(struct finding, upper)},
    {"score", offsetof(struct finding, score)},
};
enum {
  FIGURES = sizeof(figures) / sizeof(figures[0]),
  BESIDE_FIGURES = 4, /* severity, open, unmeasured, silenced */
  VALUES_MAX = INCIDENT_COUNT * (FIGURES + BESIDE_FIGURES) + 1 /* silence */
};

/* The values of one entry. */
struct values {
  size_t len;
  struct one {
    const char *instance, *type, *name;
    double number;
  } one[VALUES_MAX];
};

static void add_one(struct values *values, const char *instance,
                    const char *type, const char *name, double number) {
  if (!isnan(number)) /* the incident has no such figure */
    values->one[values->len++] = (struct one){instance, type, name, number};
}

static void add(struct values *values, enum incident_kind incident,
                const char *type, const char *name, double number) {
  add_one(values, rules_incident_name(incident), type, name, number);
}

static void add_finding(struct values *values, const struct entry *entry,
                        enum incident_kind incident) {
  const struct finding *finding = &entry->finding[incident];

  if (!finding->judged && !finding->held)
    return;
  add(values, incident, "gauge", "severity", (double)finding->severity);
  for (size_t i = 0; i < FIGURES; i++) {
    double figure;

    memcpy(&figure, (const char *)finding + figures[i].offset, sizeof(figure));
    add(values, incident, "gauge", figures[i].name, figure);
  }
  add(values, incident, "duration", "open",
      incident_open_s(finding, entry->time_s));
  if (finding->held && finding->missing_s > 0)
    add(values, incident, "duration", "unmeasured", finding->missing_s);
  if (finding->silenced_until_s > 0)
    add(values, incident, "duration", "silenced",
        fmax(0, finding->silenced_until_s - entry->now_s));
}

/* The chain that an option names, or NULL. */
static fc_chain_t *chain_of(const char *option) {
  const char *name = global_option_get(option);

  return name == NULL ? NULL : fc_chain_get_by_name(name);
}

/* As the daemon's plugin_dispatch_values_internal does it. */
static void dispatch_chained(value_list_t *vl, const char *host,
                             fc_chain_t *before) {
  const data_set_t *set = plugin_get_ds(vl->type);
  fc_chain_t *after = chain_of("PostCacheChain");

  if (set != NULL && fc_process_chain(set, vl, before) != FC_TARGET_STOP) {
    sstrncpy(vl->host, host, sizeof(vl->host));
    uc_update(set, vl);
    if (after != NULL)
      fc_process_chain(set, vl, after);
    else
      fc_default_action(set, vl);
  }
  meta_data_destroy(vl->meta); /* of a target that has added some */
}

static void dispatch_one(const value_list_t *plan, const struct one *one) {
  fc_chain_t *before = chain_of("PreCacheChain");
  value_t number = {.gauge = one->number};
  value_list_t vl = *plan;

  vl.values = &number;
  vl.values_len = 1;
  sstrncpy(vl.plugin_instance, one->instance, sizeof(vl.plugin_instance));
  sstrncpy(vl.type, one->type, sizeof(vl.type));
  sstrncpy(vl.type_instance, one->name, sizeof(vl.type_instance));
  if (before != NULL)
    dispatch_chained(&vl, plan->host, before);
  else
    plugin_dispatch_values(&vl);
}

/* Without the lock. */
static void dispatch(const struct entry *entry, const struct values *values) {
  value_list_t vl = {
      .time = DOUBLE_TO_CDTIME_T(entry->time_s),
      .interval = DOUBLE_TO_CDTIME_T(entry->interval_s),
      .plugin = "baseline",
  };

  sstrncpy(vl.host, entry->host, sizeof(vl.host));
  for (size_t i = 0; i < values->len; i++)
    dispatch_one(&vl, &values->one[i]);
}

static void dispatch_entry(struct baseline_metrics *metrics,
                           const struct entry *entry) {
  struct values values = {.len = 0};

  for (int i = 0; i < INCIDENT_COUNT; i++)
    add_finding(&values, entry, (enum incident_kind)i);
  add_one(&values, notice_host_silent, "gauge", "severity", entry->silent);
  if (values.len == 0)
    return;
  begin_flight(metrics, hash_of(entry->host), DOUBLE_TO_CDTIME_T(entry->time_s),
               (unsigned)values.len);
  pthread_mutex_unlock(&metrics->lock);
  dispatch(entry, &values);
  pthread_mutex_lock(&metrics->lock);
}

static void *run(void *argument) {
  struct baseline_metrics *metrics = argument;
  struct entry *entry;

  plugin_set_ctx(metrics->context);
  pthread_mutex_lock(&metrics->lock);
  while ((entry = take(metrics)) != NULL) {
    dispatch_entry(metrics, entry);
    give_back(metrics, entry);
  }
  pthread_mutex_unlock(&metrics->lock);
  return NULL;
}

static int start(struct baseline_metrics *metrics) {
  pthread_condattr_t attributes;

  pthread_mutex_init(&metrics->lock, NULL);
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&metrics->changed, &attributes);
  pthread_condattr_destroy(&attributes);
  return -pthread_create(&metrics->thread, NULL, run, metrics);
}

static void free_entries(struct entry *entry) {
  while (entry != NULL) {
    struct entry *next = entry->next;
    free(entry);
    entry = next;
  }
}

/* In the usual case nothing is allocated later. */
static void lay_in(struct baseline_metrics *metrics) {
  for (; metrics->spare_len < SPARE_MAX; metrics->spare_len++) {
    struct entry *entry = malloc(sizeof(*entry));
    if (entry == NULL)
      return;
    entry->next = metrics->spare;
    metrics->spare = entry;
  }
}

int baseline_metrics_create(struct baseline_metrics **out) {
  struct baseline_metrics *metrics = calloc(1, sizeof(*metrics));

  if (metrics == NULL)
    return -ENOMEM;
  metrics->tail = &metrics->head;
  metrics->context = plugin_get_ctx();
  lay_in(metrics);
  int rc = start(metrics);
  if (rc == 0) {
    *out = metrics;
    return 0;
  }
  free_entries(metrics->spare);
  free(metrics);
  return rc;
}

/* Used again, or new. NULL when memory is short. */
static struct entry *new_entry(struct baseline_metrics *metrics) {
  struct entry *entry = metrics->spare;

  if (entry == NULL)
    return malloc(sizeof(*entry));
  metrics->spare = entry->next;
  metrics->spare_len--;
  return entry;
}

static int append(struct baseline_metrics *metrics,
                  const struct judgement *judgement) {
  /* Once full, it takes nothing until half of it is gone: the loss is one. */
  metrics->full =
      metrics->waiting >= (metrics->full ? QUEUE_MAX / 2 : QUEUE_MAX);
  if (metrics->full)
    return -ENOBUFS;
  struct entry *entry = new_entry(metrics);
  if (entry == NULL)
    return -ENOMEM;
  entry->next = NULL;
  memcpy(entry->host, judgement->host, sizeof(entry->host));
  entry->time_s = judgement->seen.time_s;
  entry->interval_s = judgement->seen.interval_s;
  entry->now_s = CDTIME_T_TO_DOUBLE(cdtime());
  entry->silent = judgement->away ? 1 : judgement->is_back ? 0 : NAN;
  memcpy(entry->finding, judgement->finding, sizeof(entry->finding));
  *metrics->tail = entry;
  metrics->tail = &entry->next;
  metrics->waiting++;
  pthread_cond_broadcast(&metrics->changed);
  return 0;
}

int baseline_metrics_push(struct baseline_metrics *metrics,
                          const struct judgement *judgement) {
  pthread_mutex_lock(&metrics->lock);
  int rc = append(metrics, judgement);
  pthread_mutex_unlock(&metrics->lock);
  return rc;
}

void baseline_metrics_drain(struct baseline_metrics *metrics, double limit_s) {
  struct timespec until = now_and(0);
  int rc = 0;

  if (pthread_equal(pthread_self(), metrics->thread))
    return; /* a writer came back in: the thread cannot wait for itself */
  until.tv_sec += (time_t)ceil(limit_s);
  pthread_mutex_lock(&metrics->lock);
  while (metrics->waiting > 0 && rc == 0)
    rc = pthread_cond_timedwait(&metrics->changed, &metrics->lock, &until);
  pthread_mutex_unlock(&metrics->lock);
}

void baseline_metrics_destroy(struct baseline_metrics *metrics) {
  if (metrics == NULL)
    return;
  pthread_mutex_lock(&metrics->lock);
  metrics->stopping = true;
  pthread_cond_broadcast(&metrics->changed);
  pthread_mutex_unlock(&metrics->lock);
  pthread_join(metrics->thread, NULL);
  free_entries(metrics->head);
  free_entries(metrics->spare);
  pthread_cond_destroy(&metrics->changed);
  pthread_mutex_destroy(&metrics->lock);
  free(metrics);
}
