/* The read plugin: collectd's callbacks around a table source and the metrics.
 * Touches collectd and the rooms; computes nothing and parses nothing.
 * collectd runs the config, init and shutdown callbacks in its main thread and
 * each read callback in one thread at a time between the two. There may be two:
 * the reading, and the look between readings. They share the table source,
 * under the lock; all else is the reading's. */
#include "collectd_api.h"

#include "tcpstates_conditions.h"
#include "tcpstates_config.h"
#include "tcpstates_namespaces.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>

#define PLUGIN_NAME "tcpstates"
#define LOOK_NAME "tcpstates_look"

static const time_t look_every_s = 1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct {
  struct reading_options config;
  struct table_source *source;
  struct metrics *metrics;
  struct tcpstates_conditions conditions;
  struct namespaces *namespaces; /* NULL: none are read */
  struct tcpstates_namespaces said;
} self;

static int tcpstates_configure(oconfig_item_t *block) {
  return tcpstates_config_read(&self.config, block);
}

static int tcpstates_shutdown(void) {
  namespaces_destroy(self.namespaces);
  self.namespaces = NULL;
  metrics_destroy(self.metrics);
  self.metrics = NULL;
  table_source_destroy(self.source);
  self.source = NULL;
  return 0;
}

/* A reading is a look, too: one that runs now, or comes each second anyway. */
static int tcpstates_look(__attribute__((unused)) user_data_t *user_data) {
  if (pthread_mutex_trylock(&lock) != 0)
    return 0;
  table_source_look(self.source);
  pthread_mutex_unlock(&lock);
  return 0;
}

/* Where the build has none, that is said only if it was asked for. */
static bool may_use_bpf(void) {
  bool asked = self.config.half_open_by == READING_HALF_OPEN_BPF ||
               self.config.metrics.syns;
  return self.config.half_open_by != READING_HALF_OPEN_WALK &&
         (asked || table_source_has_bpf());
}

static bool looks_are_of_use(void) {
  return self.config.peaks && table_source_can_look(self.source) &&
         plugin_get_interval() > TIME_T_TO_CDTIME_T(look_every_s);
}

/* What is only told of the daemon's own: peaks, SYNs. */
static int create_namespaces(const struct table_source_options *options) {
  struct namespaces_options wanted = {
      .all = self.config.namespaces == READING_NAMESPACES_ALL,
      .max = self.config.namespaces_max,
      .match = self.config.namespace_match,
      .host = hostname_g,
      .source = *options,
      .metrics = self.config.metrics,
  };
  if (self.config.namespaces == READING_NAMESPACES_NONE)
    return 0;
  wanted.source.count_syns = wanted.metrics.syns = false;
  wanted.metrics.peaks = false;
  return namespaces_create(&wanted, &self.namespaces);
}

static int tcpstates_init(void) {
  if (self.source != NULL) /* collectd may call init more than once */
    return 0;

  struct table_source_options options = {
      .source = self.config.source,
      .by_family = self.config.metrics.by_family,
      .half_open_by_bpf = may_use_bpf(),
      .count_syns = self.config.metrics.syns,
      .walk_every_s = self.config.walk_every,
      .ports = self.config.port,
      .ports_len = self.config.ports_len,
      .interval_s = CDTIME_T_TO_DOUBLE(plugin_get_interval()),
      .read_budget = self.config.read_budget,
  };
  char error[READING_OPTIONS_ERROR_MAX];
  if (reading_options_check(&self.config, error) != 0) {
    ERROR("tcpstates: %s; nothing will be read", error);
    return -EINVAL;
  }
  self.conditions.bpf_asked = self.config.half_open_by == READING_HALF_OPEN_BPF;
  int rc = table_source_create(&options, &self.source);
  if (rc == 0)
    rc = create_namespaces(&options);
  if (rc == 0) {
    self.config.metrics.peaks = looks_are_of_use();
    self.metrics = metrics_create(&self.config.metrics);
    if (self.metrics == NULL)
      rc = -ENOMEM;
  }
  if (rc != 0) {
    ERROR("tcpstates: cannot start: %s; nothing will be read", STRERROR(-rc));
    tcpstates_shutdown();
  } else if (self.config.metrics.peaks) {
    plugin_register_complex_read(NULL, LOOK_NAME, tcpstates_look,
                                 TIME_T_TO_CDTIME_T(look_every_s), NULL);
  }
  return rc;
}

/* What baseline in the same daemon shows with an incident. NULL if there is
 * nothing to show, or no memory: the values are dispatched anyway. */
static meta_data_t *queue_meta(const struct metrics_queue *queue,
                               const char *top_source) {
  if (queue->listener[0] == '\0' && top_source[0] == '\0')
    return NULL;
  meta_data_t *meta = meta_data_create();
  if (meta == NULL)
    return NULL;
  if (queue->listener[0] != '\0')
    meta_data_add_string(meta, "tcpstates:listener", queue->listener);
  if (top_source[0] != '\0')
    meta_data_add_string(meta, "tcpstates:top_source", top_source);
  if (queue->backlog > 0)
    meta_data_add_signed_int(meta, "tcpstates:backlog", queue->backlog);
  if (queue->others > 0)
    meta_data_add_signed_int(meta, "tcpstates:others", queue->others);
  return meta;
}

static bool is_left_out(const struct metric *metric) {
  return !self.config.report_unknown && !metric->is_counter &&
         isnan(metric->gauge);
}

/* All values of one reading have one time: by it they are put together again
 * after collectd's write queue. host: NULL for the daemon's own. */
static void dispatch(const struct metrics_list *list, const char *host,
                     cdtime_t time) {
  value_t value = {0};
  value_list_t vl = {
      .values = &value,
      .values_len = 1,
      .time = time,
      .interval = plugin_get_interval(),
      .plugin = PLUGIN_NAME,
  };
  meta_data_t *meta[METRICS_QUEUE_KINDS] = {NULL};

  if (host != NULL)
    sstrncpy(vl.host, host, sizeof(vl.host));
  for (int i = METRICS_SYN_QUEUE; i < METRICS_QUEUE_KINDS; i++)
    meta[i] = queue_meta(&list->queue[i], i == METRICS_HELD ? list->top_holder
                                                            : list->top_source);
  for (size_t i = 0; i < list->len; i++) {
    const struct metric *metric = &list->items[i];
    if (is_left_out(metric))
      continue;
    sstrncpy(vl.plugin_instance, metric->instance, sizeof(vl.plugin_instance));
    sstrncpy(vl.type, metric->type, sizeof(vl.type));
    sstrncpy(vl.type_instance, metric->type_instance, sizeof(vl.type_instance));
    if (metric->is_counter)
      value.derive = metric->derive;
    else
      value.gauge = metric->gauge;
    vl.meta = meta[metric->queue];
    plugin_dispatch_values(&vl);
  }
  for (int i = METRICS_SYN_QUEUE; i < METRICS_QUEUE_KINDS; i++)
    meta_data_destroy(meta[i]);
}

static void read_namespaces(cdtime_t time, double spent_s) {
  struct namespaces_outcome outcome = {0};
  const struct metrics_list *list;
  const char *host;
  if (self.namespaces == NULL)
    return;
  namespaces_begin(self.namespaces, spent_s);
  while (namespaces_next(self.namespaces, &host, &list, &outcome))
    dispatch(list, host, time);
  tcpstates_namespaces_report(&self.said, &outcome, self.config.namespaces_max);
}

/* Always returns 0: collectd doubles the interval of a reader that fails, and a
 * skipped reading must not delay the next one. */
static int tcpstates_read(__attribute__((unused)) user_data_t *user_data) {
  cdtime_t time = cdtime();
  const struct reading *reading = NULL;
  const struct kernel_counters *counters = NULL;
  const struct metrics_list *list = NULL;
  struct table_source_outcome outcome = {0};

  pthread_mutex_lock(&lock);
  int rc = table_source_read(self.source, &reading, &counters, &outcome);
  pthread_mutex_unlock(&lock);
  if (rc == 0) {
    metrics_note_peaks(self.metrics, &outcome.peaks);
    metrics_note_held(self.metrics, &outcome.held);
    rc =
        metrics_compute(self.metrics, reading, counters, outcome.cost_s, &list);
    outcome.error = rc;
  }
  tcpstates_conditions_report(&self.conditions, &outcome,
                              rc == 0 ? reading : NULL);
  if (rc == 0)
    dispatch(list, NULL, time);
  read_namespaces(time, outcome.cost_s);
  return 0;
}

void module_register(void) {
  reading_options_defaults(&self.config);
  plugin_register_complex_config(PLUGIN_NAME, tcpstates_configure);
  plugin_register_init(PLUGIN_NAME, tcpstates_init);
  plugin_register_complex_read(NULL, PLUGIN_NAME, tcpstates_read, 0, NULL);
  plugin_register_shutdown(PLUGIN_NAME, tcpstates_shutdown);
}
