/* collectd's callbacks around the judgement, the one lock, value lists as the
 * engine takes them, and what the plugin complains of. No arithmetic and no
 * judgement here. Beside it stand: metrics and notifications out
 * (baseline_metrics, announcer), and what is saved (keeper). */
#include "announcer.h"
#include "baseline_config.h"
#include "baseline_metrics.h"
#include "io/time_zone.h"
#include "keeper.h"
#include "silencer.h"
#include "verdict/engine.h"
#include "verdict/notice.h"
#include "verdict/watch/weekend.h"

#include "collectd_api.h"

#include "utils_cache.h"

#include <errno.h>
#include <pthread.h>

#define PLUGIN_NAME "baseline"

enum { READY_MAX = 4, DEAF_INTERVALS = 3 };
static const double drain_limit_s = 10, values_limit_s = 1;
static const cdtime_t tick_max = TIME_T_TO_CDTIME_T_STATIC(10);

static struct rules rules;
static struct announcer *announcer;
static struct baseline_metrics *metrics;
static struct keeper *keeper;
static struct silencer *silencer; /* its silences are guarded by the lock */

/* The lock guards what follows it. Nothing foreign is called under it: log
 * lines go out after it was released; notices and values are queued under it,
 * so that they keep their order. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct engine *engine;
static struct record *record;  /* NULL: no incidents are recorded */
static struct time_zone *zone; /* of <Watch>; NULL without one */
static unsigned flushing;      /* threads in on_flush */
static pthread_cond_t flushed = PTHREAD_COND_INITIALIZER;

/* Each is logged once, or it would be once a value. */
struct complaints {
  bool late;      /* values that came after their snapshot was judged */
  bool full;      /* hosts beyond MaxHosts */
  bool listeners; /* listeners beyond MaxListeners */
  bool series;    /* series beyond MaxWatched */
  bool queue;     /* notices for which there was no room */
  bool values;    /* own values for which there was no room */
  bool record;    /* incidents for which there was no room */
  bool deaf;      /* a filter chain keeps the values of tcpstates away */
  char mixed[JUDGE_HOST_MAX]; /* a host that two machines send as; "": none */
  bool name; /* hosts and series with control characters in their names */
};

static struct complaints said;
static bool heard; /* a value of tcpstates has come */
static cdtime_t
    cached_at; /* when one was first in the daemon's cache; 0: never */

static int configure(oconfig_item_t *block) {
  char error[RULES_ERROR_MAX];

  if (baseline_config_read(block, &rules, error) == 0)
    return 0;
  ERROR(PLUGIN_NAME ": %s", error);
  return -1;
}

/* Under the lock: *say is set when the condition holds now and was not noted
 * *before. */
static void note(bool now, bool *before, bool *say) {
  *say = *say || (now && !*before);
  *before = *before || now;
}

/* Without the lock. */
static void complain(const struct complaints *say) {
  if (say->late)
    WARNING("baseline: values came after their host's next snapshot, or twice; "
            "they are not judged");
  if (say->full)
    WARNING("baseline: more hosts than MaxHosts %.0f, or no memory for one; "
            "further hosts are not judged",
            rules.max_hosts);
  if (say->queue)
    ERROR("baseline: notification handlers do not keep up, or no memory is "
          "left; a notification was dropped; the metric gauge-severity still "
          "shows the incident");
  if (say->values)
    WARNING("baseline: collectd does not take the plugin's own values fast "
            "enough, or no memory is left; some are dropped");
  if (say->record)
    WARNING("baseline: more than %d incidents are open, or no memory for one; "
            "further ones are not recorded",
            (int)RECORD_MAX);
  if (say->series)
    WARNING("baseline: more series than MaxWatched %.0f, or no memory for one; "
            "further series are not watched",
            rules.max_watched);
  if (say->listeners)
    WARNING("baseline: more listeners than MaxListeners %.0f, or no memory for "
            "one; further ones have no syn_flood of their own, that of their "
            "host remains",
            rules.max_listeners);
  if (say->mixed[0] != '\0')
    WARNING("baseline: more than one machine sends as host %s: counters go "
            "back and forth; the host is not judged until only one does",
            say->mixed);
  if (say->deaf)
    WARNING("baseline: tcpstates runs, but its values have not come for three "
            "intervals: does PostCacheChain write them only to other plugins? "
            "It needs a Target \"write\" with Plugin \"baseline\"");
  if (say->name)
    WARNING("baseline: a host or series has control characters in its name; it "
            "is not judged");
}

/* Handlers keep up again when nothing else waits: one that is too slow makes
 * room for one notice at a time. */
static void queue_notice(const struct notice *notice, struct complaints *say) {
  int rc = announcer_push(announcer, notice);

  said.queue = said.queue && (rc != 0 || announcer_drain(announcer, 0) > 1);
  note(rc != 0, &said.queue, &say->queue);
}

/* rc: of baseline_metrics_push. */
static void note_values(int rc, struct complaints *say) {
  said.values = said.values && rc != 0;
  note(rc != 0, &said.values, &say->values);
}

/* rc: of record_take. */
static void note_record(int rc, struct complaints *say) {
  note(rc != 0, &said.record, &say->record);
}

static void queue_host(const struct judgement *judgement,
                       struct complaints *say) {
  struct notice notice;

  note_values(baseline_metrics_push(metrics, judgement), say);
  if (record != NULL)
    note_record(record_take(record, judgement), say);
  if (judgement->mixed)
    memcpy(say->mixed, judgement->host, sizeof(say->mixed));
  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (notice_compose(judgement, (enum incident_kind)i, &notice))
      queue_notice(&notice, say);
  if (judgement->listener[0] != '\0')
    return;
  if (notice_compose_silence(judgement, &rules, &notice))
    queue_notice(&notice, say);
}

static void queue_series(const struct series_judgement *judgement,
                         struct complaints *say) {
  struct notice notice;

  if (judgement->rules->report)
    note_values(baseline_metrics_push_series(metrics, judgement), say);
  if (record != NULL)
    note_record(record_take_series(record, judgement), say);
  if (notice_compose_series(judgement, &notice))
    queue_notice(&notice, say);
}

/* Under the lock: every judgement that is ready, at most READY_MAX. Returns
 * whether there may be more. */
static bool judge_ready(struct complaints *say) {
  struct engine_judgement judgement;
  int judged = 0;

  for (; judged < READY_MAX && engine_next(engine, &judgement); judged++)
    if (judgement.of_series)
      queue_series(&judgement.series, say);
    else
      queue_host(&judgement.host, say);
  return judged == READY_MAX;
}

/* A value of plugin tcpstates, with the strings of its meta data. */
struct host_value {
  struct hosts_value value; /* points into the value list, and to these: */
  char *listener, *top_source;
};

/* port: 0 for instance all. */
static bool convert(const data_set_t *ds, const value_list_t *vl, uint16_t port,
                    struct hosts_value *out) {
  enum signal signal = port > 0
                           ? signals_find_of_port(vl->type, vl->type_instance)
                           : signals_find(vl->type, vl->type_instance);

  if (signal == SIGNAL_COUNT || vl->values_len != 1 || ds->ds_num != 1)
    return false;
  *out = (struct hosts_value){
      .host = vl->host,
      .signal = signal,
      .port = port,
      .time_s = CDTIME_T_TO_DOUBLE(vl->time),
      .interval_s = CDTIME_T_TO_DOUBLE(vl->interval),
      .now_s = CDTIME_T_TO_DOUBLE(cdtime()),
  };
  bool is_counter = signal >= SIGNAL_FIRST_COUNTER;
  if (is_counter && ds->ds[0].type == DS_TYPE_DERIVE)
    out->value.counter = vl->values[0].derive;
  else if (!is_counter && ds->ds[0].type == DS_TYPE_GAUGE)
    out->value.gauge = vl->values[0].gauge;
  else
    return false;
  return true;
}

/* Strings of meta data are copies. */
static void take_meta(meta_data_t *meta, struct host_value *out) {
  struct hosts_value *value = &out->value;

  if (meta_data_get_string(meta, "tcpstates:listener", &out->listener) == 0)
    value->listener = out->listener;
  if (meta_data_get_string(meta, "tcpstates:top_source", &out->top_source) == 0)
    value->top_source = out->top_source;
  meta_data_get_signed_int(meta, "tcpstates:backlog", &value->backlog);
  meta_data_get_signed_int(meta, "tcpstates:others", &value->others);
}

/* vl: of instance all. Returns false for one that no incident looks at; there
 * is nothing to release then. */
static bool host_value_of(const data_set_t *ds, const value_list_t *vl,
                          struct host_value *out) {
  *out = (struct host_value){.listener = NULL};
  if (!convert(ds, vl, 0, &out->value))
    return false;
  enum signal signal = out->value.signal;
  if (vl->meta != NULL &&
      (signal == SIGNAL_SYN_QUEUE || signal == SIGNAL_ACCEPT_QUEUE ||
       signal == SIGNAL_HELD))
    take_meta(vl->meta, out);
  return true;
}

/* How many sockets listen: true and *listeners for that value. */
static bool listeners_of(const data_set_t *ds, const value_list_t *vl,
                         double *listeners) {
  if (strcmp(vl->type, "tcp_connections") != 0 ||
      strcmp(vl->type_instance, "LISTEN") != 0 || vl->values_len != 1 ||
      ds->ds_num != 1 || ds->ds[0].type != DS_TYPE_GAUGE)
    return false;
  *listeners = vl->values[0].gauge;
  return true;
}

static void release(struct host_value *value) {
  free(value->listener);
  free(value->top_source);
}

/* Whether the daemon has values of its own tcpstates: they have passed its
 * cache, and so the writers are next. */
static bool is_cached(void) {
  char host[DATA_MAX_NAME_LEN], name[6 * DATA_MAX_NAME_LEN];
  gauge_t *rates = NULL;
  size_t rates_len = 0;

  sstrncpy(host, hostname_g, sizeof(host));
  escape_slashes(host, sizeof(host)); /* as in the cache */
  snprintf(name, sizeof(name), "%s/tcpstates-all/tcp_connections-LISTEN", host);
  int rc = uc_get_rate_by_name(name, &rates, &rates_len);
  free(rates);
  return rc == 0;
}

/* Value number i of a list that a <Watch> matches. */
static struct series_value series_value_of(const data_set_t *ds,
                                           const value_list_t *vl, size_t i) {
  const value_t *value = &vl->values[i];
  struct series_value out = {
      .kind = SERIES_COUNTER,
      .time_s = CDTIME_T_TO_DOUBLE(vl->time),
      .interval_s = CDTIME_T_TO_DOUBLE(vl->interval),
      .now_s = CDTIME_T_TO_DOUBLE(cdtime()),
  };

  switch (ds->ds[i].type) {
  case DS_TYPE_DERIVE:
    out.counter = value->derive;
    break;
  case DS_TYPE_COUNTER:
    out.counter = (int64_t)value->counter;
    break;
  case DS_TYPE_GAUGE:
    out.kind = SERIES_GAUGE;
    out.gauge = value->gauge;
    break;
  default:
    out.kind = SERIES_INCREMENT;
    out.gauge = (double)value->absolute;
  }
  return out;
}

static void put_listeners(const value_list_t *vl, double listeners) {
  pthread_mutex_lock(&lock);
  if (engine != NULL)
    engine_put_listeners(engine, vl->host, CDTIME_T_TO_DOUBLE(vl->time),
                         listeners);
  pthread_mutex_unlock(&lock);
}

/* Under the lock. */
static void put_host(const struct hosts_value *value, struct complaints *say) {
  int rc = engine_put_host(engine, value);

  while (rc == -EAGAIN) { /* with PerListener many may be ready */
    judge_ready(say);
    rc = engine_put_host(engine, value);
  }
  note(rc == -ESTALE, &said.late, &say->late);
  note(rc == -ENOSPC || rc == -ENOMEM, &said.full, &say->full);
  note(rc == -EILSEQ, &said.name, &say->name);
  judge_ready(say);
}

/* Under the lock. */
static void put_port(const struct hosts_value *value, struct complaints *say) {
  int rc = engine_put_host(engine, value);

  note(rc == -ENOSPC || rc == -ENOMEM, &said.listeners, &say->listeners);
}

/* What is ready, a few at a time: a host has as many as it has listeners. */
static void judge_all(void) {
  bool more = true;

  while (more) {
    struct complaints say = {.late = false};
    pthread_mutex_lock(&lock);
    more = engine != NULL && judge_ready(&say);
    pthread_mutex_unlock(&lock);
    complain(&say);
  }
}

/* A value of instance PORT-local. */
static void judge_port(const data_set_t *ds, const value_list_t *vl,
                       uint16_t port) {
  struct hosts_value value;
  struct complaints say = {.late = false};

  if (!convert(ds, vl, port, &value))
    return;
  pthread_mutex_lock(&lock);
  if (engine != NULL)
    put_port(&value, &say);
  pthread_mutex_unlock(&lock);
  complain(&say);
  judge_all();
}

static void judge_host(const data_set_t *ds, const value_list_t *vl) {
  struct host_value is;
  struct complaints say = {.late = false};
  double listeners;

  if (listeners_of(ds, vl, &listeners))
    put_listeners(vl, listeners);
  if (!host_value_of(ds, vl, &is))
    return;
  pthread_mutex_lock(&lock);
  heard = true;
  if (engine != NULL)
    put_host(&is.value, &say);
  pthread_mutex_unlock(&lock);
  release(&is);
  complain(&say);
  if (rules.syn_flood.per_listener)
    judge_all();
}

static void judge_source(const struct series_rules *watched,
                         const struct series_name *name,
                         struct series_value *value) {
  struct complaints say = {.late = false};

  pthread_mutex_lock(&lock);
  if (engine != NULL) {
    value->zone_s = time_zone_offset_at(zone, (int64_t)value->time_s);
    int rc = engine_put_series(engine, watched, name, value);
    note(rc == -ENOSPC || rc == -ENOMEM, &said.series, &say.series);
    note(rc == -EILSEQ, &said.name, &say.name);
    judge_ready(&say);
  }
  pthread_mutex_unlock(&lock);
  complain(&say);
}

static void judge_series(const data_set_t *ds, const value_list_t *vl) {
  struct series_name name = {vl->host, vl->plugin,        vl->plugin_instance,
                             vl->type, vl->type_instance, ""};
  const struct series_rules *watched = identifier_match(&rules, &name);

  for (size_t i = 0; watched && i < ds->ds_num && i < vl->values_len; i++) {
    struct series_value value = series_value_of(ds, vl, i);
    if (ds->ds_num > 1)
      name.data_source = ds->ds[i].name;
    judge_source(watched, &name, &value);
  }
}

static int on_write(const data_set_t *ds, const value_list_t *vl,
                    __attribute__((unused)) user_data_t *user_data) {
  if (strcmp(vl->plugin, PLUGIN_NAME) == 0) { /* our own are never judged */
    if (metrics != NULL)
      baseline_metrics_returned(metrics, vl);
    return 0;
  }
  if (strcmp(vl->plugin, "tcpstates") == 0 &&
      strcmp(vl->plugin_instance, "all") == 0)
    judge_host(ds, vl);
  else if (rules.syn_flood.per_listener &&
           strcmp(vl->plugin, "tcpstates") == 0 &&
           listeners_port(vl->plugin_instance) > 0)
    judge_port(ds, vl, listeners_port(vl->plugin_instance));
  if (rules.series_len > 0)
    judge_series(ds, vl);
  return 0;
}

/* What is in the cache is about to be written, to all writers but when a chain
 * names some. */
static void look_for_values(void) {
  struct complaints say = {.late = false};
  cdtime_t now = cdtime();

  pthread_mutex_lock(&lock);
  bool known = heard || said.deaf;
  pthread_mutex_unlock(&lock);
  if (known || !is_cached())
    return;
  pthread_mutex_lock(&lock);
  if (cached_at == 0)
    cached_at = now;
  cdtime_t late_at = cached_at + DEAF_INTERVALS * plugin_get_interval();
  note(!heard && now >= late_at, &said.deaf, &say.deaf);
  pthread_mutex_unlock(&lock);
  complain(&say);
}

/* Once an interval: hosts whose snapshot is not complete and from whom nothing
 * more comes, and silent hosts and series. */
static int on_tick(__attribute__((unused)) user_data_t *user_data) {
  silencer_look(silencer);
  pthread_mutex_lock(&lock);
  if (engine != NULL)
    engine_tick(engine, CDTIME_T_TO_DOUBLE(cdtime()));
  pthread_mutex_unlock(&lock);
  judge_all();
  look_for_values();
  return 0;
}

/* Whoever flushes may come when the plugin has not begun or has ended, and
 * while it ends: on_shutdown waits for those who are in. */
static bool enter_flush(void) {
  pthread_mutex_lock(&lock);
  bool runs = engine != NULL;
  flushing += runs;
  pthread_mutex_unlock(&lock);
  return runs;
}

static void leave_flush(void) {
  pthread_mutex_lock(&lock);
  flushing--;
  pthread_cond_broadcast(&flushed);
  pthread_mutex_unlock(&lock);
}

/* collectd flushes at shutdown, too, before it stops any handler: notices still
 * queued go out here, and what was learned is saved when this returns. */
static int on_flush(__attribute__((unused)) cdtime_t timeout,
                    __attribute__((unused)) const char *identifier,
                    __attribute__((unused)) user_data_t *user_data) {
  if (!enter_flush())
    return 0;
  baseline_metrics_drain(metrics, values_limit_s);
  size_t left = announcer_drain(announcer, drain_limit_s);
  if (left > 0)
    WARNING(PLUGIN_NAME ": %zu notifications still wait for their "
                        "handlers after %.0f s",
            left, drain_limit_s);
  int rc = keeper_save(keeper);
  leave_flush();
  return rc;
}

/* Nobody judges or flushes from here on. The keeper still knows the engine. */
static struct engine *close_doors(void) {
  pthread_mutex_lock(&lock);
  struct engine *closed = engine;
  engine = NULL;
  while (flushing > 0)
    pthread_cond_wait(&flushed, &lock);
  pthread_mutex_unlock(&lock);
  return closed;
}

static int on_shutdown(void) {
  struct engine *closed = close_doors();
  size_t left = announcer_destroy(announcer);
  announcer = NULL;
  if (left > 0)
    ERROR(PLUGIN_NAME ": %zu notifications were not sent", left);
  baseline_metrics_destroy(metrics);
  metrics = NULL;
  keeper_destroy(keeper);
  keeper = NULL;
  engine_destroy(closed);
  time_zone_destroy(zone);
  zone = NULL;
  record_destroy(record);
  record = NULL;
  silencer_destroy(silencer);
  silencer = NULL;
  return 0;
}

/* collectd -T reads everything once, perhaps as another user than the daemon's.
 * It tells nobody; it starts no read threads. */
static bool is_trial_run(void) {
  const char *threads = global_option_get("ReadThreads");

  return threads != NULL && strcmp(threads, "-1") == 0;
}

/* The days and hours of <Watch> are those of the daemon's zone. */
static int load_zone(void) {
  char name[TIME_ZONE_NAME_MAX];
  bool is_auto = (int)rules.weekend == WEEKEND_AUTO;
  bool is_named = time_zone_name(name);
  int rc = time_zone_load(NULL, &zone);

  if (rc != 0) {
    WARNING(PLUGIN_NAME ": cannot read the time zone%s%s: %s; days and weeks "
                        "of a <Watch> are those of UTC",
            is_named ? " " : "", name, STRERROR(-rc));
    rc = time_zone_load("UTC", &zone);
    is_named = false;
  }
  if (rc != 0)
    return rc;
  if (is_auto)
    rules.weekend = (double)weekend_of_zone(is_named ? name : NULL);
  INFO(PLUGIN_NAME ": days of a <Watch> are those of the time zone %s; the "
                   "weekend is %s%s",
       is_named ? name : "that the system is set to",
       weekend_name((enum weekend)(int)rules.weekend),
       is_auto ? ", by Weekend \"auto\"" : "");
  return 0;
}

static int start(void) {
  int zone_rc = rules.series_len > 0 ? load_zone() : 0;

  if (zone_rc != 0)
    return zone_rc;
  engine = engine_create(&rules);
  bool records = rules.keep_incidents_s > 0 && rules.state_file[0] != '\0';
  record = records ? record_create(RECORD_MAX) : NULL;
  if (engine == NULL || (records && record == NULL))
    return -ENOMEM;
  int rc = silencer_create(&rules, &lock, &silencer);
  if (rc != 0)
    return rc;
  engine_set_silences(engine, silencer_silences(silencer));
  struct keeper_charge charge = {.rules = &rules,
                                 .lock = &lock,
                                 .engine = engine,
                                 .only_loads = is_trial_run(),
                                 .record = record};
  rc = keeper_create(&charge, CDTIME_T_TO_DOUBLE(cdtime()), &keeper);
  if (rc == 0)
    rc = baseline_metrics_create(&metrics);
  return rc == 0 ? announcer_create(&announcer) : rc;
}

static int init(void) {
  if (engine != NULL) /* collectd may call init more than once */
    return 0;
  char error[RULES_ERROR_MAX];
  if (rules_check(&rules, error) != 0) { /* all blocks have been read */
    ERROR(PLUGIN_NAME ": %s; nothing is judged", error);
    return -1;
  }
  int rc = start();
  if (rc != 0) {
    ERROR(PLUGIN_NAME ": cannot start: %s; nothing is judged", STRERROR(-rc));
    on_shutdown();
    return -1;
  }
  plugin_register_write(PLUGIN_NAME, on_write, NULL);
  plugin_register_flush(PLUGIN_NAME, on_flush, NULL);
  /* Rarer ones would be taken for a clock that was set (SilentAfter / 2). */
  cdtime_t usual = plugin_get_interval();
  plugin_register_complex_read(NULL, PLUGIN_NAME, on_tick,
                               usual < tick_max ? usual : tick_max, NULL);
  return 0;
}

void module_register(void) {
  rules_defaults(&rules);
  plugin_register_complex_config(PLUGIN_NAME, configure);
  plugin_register_init(PLUGIN_NAME, init);
  plugin_register_shutdown(PLUGIN_NAME, on_shutdown);
}
