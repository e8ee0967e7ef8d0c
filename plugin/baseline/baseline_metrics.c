/* The state and band of an incident, and the band of a watched series, as
 * values.
 *
 * collectd's write threads take value lists from one queue and update the cache
 * without an order: of two values of one identifier that are in the queue at a
 * time, the later may overtake the earlier, which is then refused as too old.
 * So a host's next values wait until its last ones have come back to the
 * plugin's write callback, and so do those of a series, which is behind the
 * cache. Where none ever come back (a filter chain keeps them away), nothing
 * waits. */
#include "baseline_metrics.h"

#include "baseline_facts.h"
#include "verdict/notice.h"

#include "collectd_api.h"

#include "filter_chain.h"
#include "utils_cache.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <time.h>

enum {
  QUEUE_MAX = 40000,
  FLIGHTS_MAX = 512,
  STORE_MAX = 2048,
  FIGURE_MAX = sizeof("-expected"),
  /* A figure's name follows it. */
  SERIES_NAME_MAX = DATA_MAX_NAME_LEN - FIGURE_MAX + 1,
};

static const long flight_ns =
    500000000; /* the longest wait for the last of the same */

/* What is dispatched of a judgement. */
struct entry {
  struct entry *next;
  char host[JUDGE_HOST_MAX];
  double time_s, interval_s;
  double now_s;  /* the receiver's clock, as silences go by it */
  double silent; /* 1: nothing comes from the host; 0: again; NAN: as ever */
  struct finding finding[INCIDENT_COUNT]; /* of a series: the first */
  struct baseline_facts facts;            /* of a host */
  bool of_listener;           /* a host's: watch is "syn_flood", and name */
  bool is_stored;             /* not to be freed */
  char watch[RULES_NAME_MAX]; /* of a series; "": of a host */
  char name[SERIES_NAME_MAX];
};

/* Values of a host, or of a series, between dispatch and return. */
struct flight {
  uint64_t key; /* a hash: two that share one wait for each other */
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
  size_t waiting; /* in the queue or being dispatched */
  /* In the usual case nothing is allocated later. Those that were never needed
   * at a time are pages that nobody has touched. */
  struct entry *store; /* STORE_MAX of them, */
  size_t store_used;   /* so many were used, */
  struct entry *spare; /* these are to be used again */
  struct flight flights[FLIGHTS_MAX];
  size_t flights_len;
  bool full; /* and half of it is not gone yet */
  bool none_return;
  bool stopping;
};

static const uint64_t hash_begin = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

static uint64_t hash_on(uint64_t hash, const char *text, size_t length) {
  for (size_t i = 0; i < length; i++)
    hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
  return hash;
}

/* watch: "" for the host itself. */
static uint64_t key_of(const char *host, const char *watch, const char *name,
                       size_t name_length) {
  uint64_t hash = hash_on(hash_begin, host, strlen(host) + 1);

  hash = hash_on(hash, watch, strlen(watch));
  return hash_on(hash, name, name_length);
}

static uint64_t key_of_entry(const struct entry *entry) {
  return key_of(entry->host, entry->watch, entry->name, strlen(entry->name));
}

/* Only the figures of a series, or of a listener, stand behind a dash. */
static uint64_t key_of_values(const value_list_t *vl) {
  const char *dash = strrchr(vl->type_instance, '-');

  return dash == NULL ? key_of(vl->host, "", "", 0)
                      : key_of(vl->host, vl->plugin_instance, vl->type_instance,
                               (size_t)(dash - vl->type_instance));
}

/* All below, down to the dispatching itself: with the lock. */
static struct flight *find_flight(struct baseline_metrics *metrics,
                                  uint64_t key) {
  for (size_t i = 0; i < metrics->flights_len; i++)
    if (metrics->flights[i].key == key)
      return &metrics->flights[i];
  return NULL;
}

static void remove_flight(struct baseline_metrics *metrics,
                          struct flight *flight) {
  *flight = metrics->flights[--metrics->flights_len];
  pthread_cond_broadcast(&metrics->changed);
}

/* Until it has come back whole, or has had its time. */
static void await_flight(struct baseline_metrics *metrics, uint64_t key) {
  struct flight *flight;
  int rc = 0;

  while ((flight = find_flight(metrics, key)) != NULL && rc == 0 &&
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
static void begin_flight(struct baseline_metrics *metrics, uint64_t key,
                         cdtime_t time, unsigned sent) {
  await_flight(metrics, key);
  if (metrics->flights_len == FLIGHTS_MAX && !metrics->none_return)
    await_flight(metrics, metrics->flights[0].key);
  if (metrics->flights_len == FLIGHTS_MAX)
    metrics->flights_len = 0;
  metrics->flights[metrics->flights_len++] = (struct flight){
      .key = key,
      .time = time,
      .sent = sent,
      .left = sent,
      .until = now_and(metrics->none_return ? 0 : flight_ns),
  };
}

void baseline_metrics_returned(struct baseline_metrics *metrics,
                               const value_list_t *vl) {
  uint64_t key = key_of_values(vl);

  pthread_mutex_lock(&metrics->lock);
  struct flight *flight = find_flight(metrics, key);
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
  if (!entry->is_stored) {
    free(entry);
    return;
  }
  entry->next = metrics->spare;
  metrics->spare = entry;
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
  SERIES_FIGURES_FROM = 1, /* a series has its observed value already */
  SERIES_FIGURES = FIGURES - SERIES_FIGURES_FROM,
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

static double figure_of(const struct finding *finding, size_t i) {
  double figure;

  memcpy(&figure, (const char *)finding + figures[i].offset, sizeof(figure));
  return figure;
}

static void add_finding(struct values *values, const struct entry *entry,
                        enum incident_kind incident) {
  const struct finding *finding = &entry->finding[incident];

  if (!finding->judged && !finding->held)
    return;
  add(values, incident, "gauge", "severity", (double)finding->severity);
  for (size_t i = 0; i < FIGURES; i++)
    add(values, incident, "gauge", figures[i].name, figure_of(finding, i));
  add(values, incident, "duration", "open",
      incident_open_s(finding, entry->time_s));
  if (finding->held && finding->missing_s > 0)
    add(values, incident, "duration", "unmeasured", finding->missing_s);
  if (finding->silenced_until_s > 0)
    add(values, incident, "duration", "silenced",
        fmax(0, finding->silenced_until_s - entry->now_s));
}

/* Names of the values of a series: they lie here while they are dispatched. */
struct names {
  size_t len;
  char text[FIGURES + BESIDE_FIGURES][DATA_MAX_NAME_LEN];
};

/* What is not known yet is dispatched as NAN: the graph begins with a gap. */
static void add_series(struct values *values, const struct entry *entry,
                       struct names *names) {
  for (size_t i = 0; i < SERIES_FIGURES; i++) {
    size_t figure = SERIES_FIGURES_FROM + i;
    snprintf(names->text[i], sizeof(names->text[i]), "%s-%s", entry->name,
             figures[figure].name);
    values->one[values->len++] =
        (struct one){entry->watch, "gauge", names->text[i],
                     figure_of(&entry->finding[0], figure)};
  }
}

static void add_named(struct values *values, const struct entry *entry,
                      struct names *names, const char *type, const char *name,
                      double number) {
  char *text = names->text[names->len++];

  snprintf(text, DATA_MAX_NAME_LEN, "%s-%s", entry->name, name);
  add_one(values, entry->watch, type, text, number);
}

/* Few, for there may be thousands: what was observed tcpstates sends itself. */
static void add_listener(struct values *values, const struct entry *entry,
                         struct names *names) {
  const struct finding *finding = &entry->finding[INCIDENT_SYN_FLOOD];

  if (!finding->judged && !finding->held)
    return;
  add_named(values, entry, names, "gauge", "severity",
            (double)finding->severity);
  add_named(values, entry, names, "gauge", "expected", finding->expected);
  add_named(values, entry, names, "gauge", "upper", finding->upper);
  add_named(values, entry, names, "duration", "open",
            incident_open_s(finding, entry->time_s));
  if (finding->silenced_until_s > 0)
    add_named(values, entry, names, "duration", "silenced",
              fmax(0, finding->silenced_until_s - entry->now_s));
}

static void add_incidents(struct values *values, const struct entry *entry) {
  for (int i = 0; i < INCIDENT_COUNT; i++)
    add_finding(values, entry, (enum incident_kind)i);
  add_one(values, notice_host_silent, "gauge", "severity", entry->silent);
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

/* One value after the other has much the same name. */
static void set(char to[DATA_MAX_NAME_LEN], const char *from) {
  if (strcmp(to, from) != 0)
    sstrncpy(to, from, DATA_MAX_NAME_LEN);
}

/* plan: of the entry, with room for one number; only what is the value's own is
 * overwritten in it. */
static void dispatch_one(value_list_t *plan, const struct one *one,
                         fc_chain_t *before) {
  plan->values->gauge = one->number;
  set(plan->plugin_instance, one->instance);
  set(plan->type, one->type);
  set(plan->type_instance, one->name);
  if (before == NULL) {
    plugin_dispatch_values(plan);
    return;
  }
  value_list_t vl = *plan; /* targets may change it */
  dispatch_chained(&vl, plan->host, before);
}

/* Without the lock. */
static void dispatch(const struct entry *entry, const struct values *values) {
  value_t number = {0};
  value_list_t vl = {
      .values = &number,
      .values_len = 1,
      .time = DOUBLE_TO_CDTIME_T(entry->time_s),
      .interval = DOUBLE_TO_CDTIME_T(entry->interval_s),
      .plugin = "baseline",
  };

  sstrncpy(vl.host, entry->host, sizeof(vl.host));
  if (entry->watch[0] == '\0')
    baseline_facts_put(&vl, &entry->facts);
  else if (entry->of_listener)
    baseline_facts_put_listener(&vl, entry->name, &entry->facts,
                                &entry->finding[INCIDENT_SYN_FLOOD],
                                entry->time_s, entry->now_s);
  fc_chain_t *before = chain_of("PreCacheChain");
  for (size_t i = 0; i < values->len; i++)
    dispatch_one(&vl, &values->one[i], before);
}

static void dispatch_entry(struct baseline_metrics *metrics,
                           const struct entry *entry) {
  struct values values = {.len = 0};
  struct names names;

  names.len = 0;
  if (entry->of_listener)
    add_listener(&values, entry, &names);
  else if (entry->watch[0] != '\0')
    add_series(&values, entry, &names);
  else
    add_incidents(&values, entry);
  if (values.len > 0)
    begin_flight(metrics, key_of_entry(entry),
                 DOUBLE_TO_CDTIME_T(entry->time_s), (unsigned)values.len);
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
    if (!entry->is_stored)
      free(entry);
    entry = next;
  }
}

int baseline_metrics_create(struct baseline_metrics **out) {
  struct baseline_metrics *metrics = calloc(1, sizeof(*metrics));

  if (metrics == NULL)
    return -ENOMEM;
  metrics->tail = &metrics->head;
  metrics->context = plugin_get_ctx();
  metrics->store = malloc(STORE_MAX * sizeof(struct entry));
  int rc = metrics->store != NULL ? start(metrics) : -ENOMEM;
  if (rc == 0) {
    *out = metrics;
    return 0;
  }
  free(metrics->store);
  free(metrics);
  return rc;
}

/* Used again, of the store, or new. NULL when memory is short. */
static struct entry *new_entry(struct baseline_metrics *metrics) {
  struct entry *entry = metrics->spare;
  bool is_stored = entry != NULL || metrics->store_used < STORE_MAX;

  if (entry != NULL)
    metrics->spare = entry->next;
  else if (is_stored)
    entry = &metrics->store[metrics->store_used++];
  else
    entry = malloc(sizeof(*entry));
  if (entry != NULL)
    entry->is_stored = is_stored;
  return entry;
}

/* An empty one, unless too much waits. */
static int reserve(struct baseline_metrics *metrics, struct entry **out) {
  /* Once full, it takes nothing until half of it is gone: the loss is one. */
  metrics->full =
      metrics->waiting >= (metrics->full ? QUEUE_MAX / 2 : QUEUE_MAX);
  if (metrics->full)
    return -ENOBUFS;
  *out = new_entry(metrics);
  if (*out == NULL)
    return -ENOMEM;
  (*out)->next = NULL;
  (*out)->watch[0] = (*out)->name[0] = '\0';
  (*out)->of_listener = false;
  return 0;
}

/* Only a thread that had nothing to do is woken. */
static void append(struct baseline_metrics *metrics, struct entry *entry) {
  bool was_empty = metrics->head == NULL;

  *metrics->tail = entry;
  metrics->tail = &entry->next;
  metrics->waiting++;
  if (was_empty)
    pthread_cond_broadcast(&metrics->changed);
}

int baseline_metrics_push(struct baseline_metrics *metrics,
                          const struct judgement *judgement) {
  struct entry *entry;

  pthread_mutex_lock(&metrics->lock);
  int rc = reserve(metrics, &entry);
  if (rc == 0) {
    memcpy(entry->host, judgement->host, sizeof(entry->host));
    entry->time_s = judgement->seen.time_s;
    entry->interval_s = judgement->seen.interval_s;
    entry->now_s = CDTIME_T_TO_DOUBLE(cdtime());
    entry->silent = judgement->away ? 1 : judgement->is_back ? 0 : NAN;
    memcpy(entry->finding, judgement->finding, sizeof(entry->finding));
    if (judgement->listener[0] != '\0') {
      entry->of_listener = true;
      sstrncpy(entry->watch, rules_incident_name(INCIDENT_SYN_FLOOD),
               sizeof(entry->watch));
      sstrncpy(entry->name, judgement->listener, sizeof(entry->name));
    }
    baseline_facts_take(judgement, &entry->facts);
    append(metrics, entry);
  }
  pthread_mutex_unlock(&metrics->lock);
  return rc;
}

static void fill_series(struct entry *entry,
                        const struct series_judgement *judgement) {
  const char *identifier = judgement->identifier;

  sstrncpy(entry->host, identifier, sizeof(entry->host));
  entry->host[strcspn(entry->host, "/")] = '\0';
  sstrncpy(entry->watch, judgement->rules->name, sizeof(entry->watch));
  escape_slashes(entry->watch, sizeof(entry->watch)); /* as it comes back */
  identifier_flatten(identifier, entry->name, sizeof(entry->name));
  entry->time_s = judgement->time_s;
  entry->interval_s = judgement->interval_s;
  entry->finding[0] = judgement->finding;
}

int baseline_metrics_push_series(struct baseline_metrics *metrics,
                                 const struct series_judgement *judgement) {
  struct entry *entry;

  if (judgement->silent_s > 0) /* no value has come */
    return 0;
  pthread_mutex_lock(&metrics->lock);
  int rc = reserve(metrics, &entry);
  if (rc == 0) {
    fill_series(entry, judgement);
    append(metrics, entry);
  }
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
  free(metrics->store);
  pthread_cond_destroy(&metrics->changed);
  pthread_mutex_destroy(&metrics->lock);
  free(metrics);
}
