/* Glue between collectd and the judgement: configuration, write callback, one
 * lock, notifications, metrics. No arithmetic and no judgement here. */
#include "announcer.h"
#include "keeper.h"
#include "oconfig_rules.h"
#include "verdict/notice.h"
#include "verdict/series.h"
#include "verdict/watch.h"

#include "collectd.h"

#include "plugin.h"
#include "utils/common/common.h"
#include "utils/metadata/meta_data.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>

#define PLUGIN_NAME "baseline"

enum { READY_MAX = 4 };
static const double drain_limit_s = 10;
static const cdtime_t tick_max = TIME_T_TO_CDTIME_T_STATIC(10);

static struct rules rules;
static struct announcer *announcer;
static struct keeper *keeper;

/* The lock guards what follows it. Nothing foreign is called under it: log
 * lines and values go out after it was released; notices are queued under it,
 * so that they keep their order. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct watch *watch;
static struct series *series;
static unsigned flushing; /* threads in on_flush */
static pthread_cond_t flushed = PTHREAD_COND_INITIALIZER;

/* Complaints that were logged; once is enough. */
struct said {
  bool late, full, series, queue;
};
static struct said said;

/* What came of one look at the watch, to be acted on without the lock. */
struct result {
  size_t ready_len;
  struct judgement ready[READY_MAX];
  struct said say; /* to be logged now: it has not been yet */
};

static int configure(oconfig_item_t *block) {
  char error[RULES_ERROR_MAX];

  if (oconfig_rules_read(block, &rules, error) == 0)
    return 0;
  ERROR(PLUGIN_NAME ": %s", error);
  return -1;
}

static void note(bool now, bool *already, bool *say) {
  *say = *say || (now && !*already);
  *already = *already || now;
}

/* Handlers keep up again when nothing else waits: one that is too slow makes
 * room for one notice at a time. */
static void queue_notice(const struct notice *notice, struct said *say) {
  int rc = announcer_push(announcer, notice);

  said.queue = said.queue && (rc != 0 || announcer_drain(announcer, 0) > 1);
  note(rc != 0, &said.queue, &say->queue);
}

static void queue_notices(const struct judgement *judgement,
                          struct result *result) {
  struct notice notice;

  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (notice_compose(judgement, (enum incident_kind)i, &notice))
      queue_notice(&notice, &result->say);
}

/* Under the lock: every snapshot that is ready, at most READY_MAX. */
static void judge_ready(struct result *result) {
  while (result->ready_len < READY_MAX &&
         watch_next(watch, &result->ready[result->ready_len]))
    queue_notices(&result->ready[result->ready_len++], result);
}

static void dispatch_one(value_list_t *vl, const char *type, const char *name,
                         double number) {
  if (isnan(number)) /* the incident has no such figure */
    return;
  vl->values = &(value_t){.gauge = number};
  vl->values_len = 1;
  sstrncpy(vl->type, type, sizeof(vl->type));
  sstrncpy(vl->type_instance, name, sizeof(vl->type_instance));
  plugin_dispatch_values(vl);
}

/* Writers receive no notifications: the incident's state and band are values,
 * too. */
static void dispatch_finding(const struct judgement *judgement,
                             enum incident_kind incident) {
  const struct finding *finding = &judgement->finding[incident];
  value_list_t vl = {
      .time = DOUBLE_TO_CDTIME_T(judgement->seen.time_s),
      .interval = DOUBLE_TO_CDTIME_T(judgement->seen.interval_s),
      .plugin = PLUGIN_NAME,
  };

  if (!finding->judged)
    return;
  sstrncpy(vl.host, judgement->host, sizeof(vl.host));
  sstrncpy(vl.plugin_instance, rules_incident_name(incident),
           sizeof(vl.plugin_instance));
  dispatch_one(&vl, "gauge", "severity", (double)finding->severity);
  dispatch_one(&vl, "gauge", "observed", finding->observed);
  dispatch_one(&vl, "gauge", "expected", finding->expected);
  dispatch_one(&vl, "gauge", "lower", finding->lower);
  dispatch_one(&vl, "gauge", "upper", finding->upper);
  dispatch_one(&vl, "gauge", "score", finding->score);
  dispatch_one(&vl, "duration", "open",
               finding_open_s(finding, judgement->seen.time_s));
}

static void say_once(const struct said *say) {
  if (say->late)
    WARNING(PLUGIN_NAME ": values came later than their host's next snapshot, "
                        "or twice; such values are not judged");
  if (say->full)
    WARNING(PLUGIN_NAME ": more hosts than MaxHosts %.0f, or no memory for "
                        "one; further hosts are not judged",
            rules.max_hosts);
  if (say->queue)
    ERROR(PLUGIN_NAME ": notification handlers do not keep up; a notification "
                      "was dropped, the metric gauge-severity still tells");
  if (say->series)
    WARNING(PLUGIN_NAME ": more series than MaxWatched %.0f, or no memory for "
                        "one; further series are not watched",
            rules.max_watched);
}

static void act_on(const struct result *result) {
  say_once(&result->say);
  for (size_t i = 0; i < result->ready_len; i++)
    for (int k = 0; k < INCIDENT_COUNT; k++)
      dispatch_finding(&result->ready[i], (enum incident_kind)k);
}

/* Strings of meta data are copies that the caller frees. */
static void take_meta(meta_data_t *meta, struct watch_value *value,
                      char **listener, char **top_source) {
  if (meta == NULL || (value->signal != SIGNAL_SYN_QUEUE &&
                       value->signal != SIGNAL_ACCEPT_QUEUE))
    return;
  if (meta_data_get_string(meta, "tcpstates:listener", listener) == 0)
    value->listener = *listener;
  if (meta_data_get_string(meta, "tcpstates:top_source", top_source) == 0)
    value->top_source = *top_source;
  meta_data_get_signed_int(meta, "tcpstates:backlog", &value->backlog);
  meta_data_get_signed_int(meta, "tcpstates:others", &value->others);
}

static bool convert(const data_set_t *ds, const value_list_t *vl,
                    struct watch_value *out) {
  enum signal signal = signals_find(vl->type, vl->type_instance);

  if (signal == SIGNAL_COUNT || vl->values_len != 1 || ds->ds_num != 1)
    return false;
  *out = (struct watch_value){
      .host = vl->host,
      .signal = signal,
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

static void judge_host(const data_set_t *ds, const value_list_t *vl) {
  struct watch_value value;
  struct result result = {.ready_len = 0};
  char *listener = NULL, *top_source = NULL;

  if (!convert(ds, vl, &value))
    return;
  take_meta(vl->meta, &value, &listener, &top_source);
  pthread_mutex_lock(&lock);
  if (watch != NULL) {
    int rc = watch_put(watch, &value);
    if (rc == -EAGAIN) {
      judge_ready(&result);
      rc = watch_put(watch, &value);
    }
    note(rc == -ESTALE, &said.late, &result.say.late);
    note(rc == -ENOSPC || rc == -ENOMEM, &said.full, &result.say.full);
    judge_ready(&result);
  }
  pthread_mutex_unlock(&lock);
  free(listener);
  free(top_source);
  act_on(&result);
}

static struct series_value convert_series(const data_source_t *source,
                                          const value_t *value,
                                          const value_list_t *vl) {
  struct series_value out = {
      .kind = SERIES_COUNTER,
      .time_s = CDTIME_T_TO_DOUBLE(vl->time),
      .interval_s = CDTIME_T_TO_DOUBLE(vl->interval),
      .now_s = CDTIME_T_TO_DOUBLE(cdtime()),
  };

  if (source->type == DS_TYPE_DERIVE) {
    out.counter = value->derive;
  } else if (source->type == DS_TYPE_COUNTER) {
    out.counter = (int64_t)value->counter;
  } else {
    bool is_gauge = source->type == DS_TYPE_GAUGE;
    out.kind = is_gauge ? SERIES_GAUGE : SERIES_INCREMENT;
    out.gauge = is_gauge ? value->gauge : (double)value->absolute;
  }
  return out;
}

static void judge_source(const struct series_rules *watched,
                         const struct series_name *name,
                         const struct series_value *value) {
  struct series_judgement judgement;
  struct notice notice;
  struct said say = {false};

  pthread_mutex_lock(&lock);
  if (series != NULL) {
    int rc = series_put(series, watched, name, value, &judgement);
    note(rc == -ENOSPC || rc == -ENOMEM, &said.series, &say.series);
    if (rc == 0 && notice_compose_series(&judgement, &notice))
      queue_notice(&notice, &say);
  }
  pthread_mutex_unlock(&lock);
  say_once(&say);
}

static void judge_series(const data_set_t *ds, const value_list_t *vl) {
  struct series_name name = {vl->host, vl->plugin,        vl->plugin_instance,
                             vl->type, vl->type_instance, ""};
  const struct series_rules *watched = series_match(&rules, &name);

  for (size_t i = 0; watched && i < ds->ds_num && i < vl->values_len; i++) {
    struct series_value value = convert_series(&ds->ds[i], &vl->values[i], vl);
    if (ds->ds_num > 1)
      name.data_source = ds->ds[i].name;
    judge_source(watched, &name, &value);
  }
}

static int on_write(const data_set_t *ds, const value_list_t *vl,
                    __attribute__((unused)) user_data_t *user_data) {
  if (strcmp(vl->plugin, PLUGIN_NAME) == 0)
    return 0; /* our own values come back: they are never judged */
  if (strcmp(vl->plugin, "tcpstates") == 0 &&
      strcmp(vl->plugin_instance, "all") == 0)
    judge_host(ds, vl);
  if (rules.series_len > 0)
    judge_series(ds, vl);
  return 0;
}

/* Series that have fallen silent with an incident open. */
static void close_silent_series(double now_s) {
  struct series_judgement judgement;
  struct notice notice;
  struct said say = {false};

  pthread_mutex_lock(&lock);
  if (series != NULL) {
    series_wake(series, now_s);
    while (series_next(series, &judgement))
      if (notice_compose_series(&judgement, &notice))
        queue_notice(&notice, &say);
  }
  pthread_mutex_unlock(&lock);
  say_once(&say);
}

/* Once an interval: hosts whose snapshot is not complete and from whom nothing
 * more comes. */
static int on_tick(__attribute__((unused)) user_data_t *user_data) {
  struct result result;

  pthread_mutex_lock(&lock);
  if (watch != NULL)
    watch_wake(watch, CDTIME_T_TO_DOUBLE(cdtime()));
  pthread_mutex_unlock(&lock);
  do {
    result = (struct result){.ready_len = 0};
    pthread_mutex_lock(&lock);
    if (watch != NULL)
      judge_ready(&result);
    pthread_mutex_unlock(&lock);
    act_on(&result);
  } while (result.ready_len == READY_MAX);
  close_silent_series(CDTIME_T_TO_DOUBLE(cdtime()));
  return 0;
}

/* Whoever flushes may come when the plugin has not begun or has ended, and
 * while it ends: on_shutdown waits for those who are in. */
static bool enter_flush(void) {
  pthread_mutex_lock(&lock);
  bool runs = watch != NULL;
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
 * queued go out here, and what was learnt is saved when this returns. */
static int on_flush(__attribute__((unused)) cdtime_t timeout,
                    __attribute__((unused)) const char *identifier,
                    __attribute__((unused)) user_data_t *user_data) {
  if (!enter_flush())
    return 0;
  size_t left = announcer_drain(announcer, drain_limit_s);
  if (left > 0)
    WARNING(PLUGIN_NAME ": %" PRIsz " notifications still wait for their "
                        "handlers after %.0f s",
            left, drain_limit_s);
  int rc = keeper_save(keeper);
  leave_flush();
  return rc;
}

/* Nobody judges or flushes from here on. The keeper still knows what it is to
 * take away. */
static void close_doors(struct watch **watched, struct series **followed) {
  pthread_mutex_lock(&lock);
  *watched = watch;
  *followed = series;
  watch = NULL;
  series = NULL;
  while (flushing > 0)
    pthread_cond_wait(&flushed, &lock);
  pthread_mutex_unlock(&lock);
}

static int on_shutdown(void) {
  struct watch *watched;
  struct series *followed;

  close_doors(&watched, &followed);
  size_t left = announcer_destroy(announcer);
  announcer = NULL;
  if (left > 0)
    ERROR(PLUGIN_NAME ": %" PRIsz " notifications were not sent", left);
  keeper_destroy(keeper);
  keeper = NULL;
  watch_destroy(watched);
  series_destroy(followed);
  return 0;
}

static int start(void) {
  watch = watch_create(&rules);
  series = series_create(&rules);
  if (watch == NULL || series == NULL)
    return -ENOMEM;
  struct keeper_charge charge = {&rules, &lock, watch, series};
  int rc = keeper_create(&charge, CDTIME_T_TO_DOUBLE(cdtime()), &keeper);
  return rc == 0 ? announcer_create(&announcer) : rc;
}

static int init(void) {
  if (watch != NULL) /* collectd may call init more than once */
    return 0;
  int rc = start();
  if (rc != 0) {
    ERROR(PLUGIN_NAME ": cannot start: %s; nothing is judged", STRERROR(-rc));
    on_shutdown();
    return -1;
  }
  plugin_register_write(PLUGIN_NAME, on_write, NULL);
  plugin_register_flush(PLUGIN_NAME, on_flush, NULL);
  /* Ticks farther apart than half of the least SilentAfter would be taken for
   * a clock that was set. */
  cdtime_t tick = plugin_get_interval();
  if (tick > tick_max)
    tick = tick_max;
  plugin_register_complex_read(NULL, PLUGIN_NAME, on_tick, tick, NULL);
  return 0;
}

void module_register(void) {
  rules_defaults(&rules);
  plugin_register_complex_config(PLUGIN_NAME, configure);
  plugin_register_init(PLUGIN_NAME, init);
  plugin_register_shutdown(PLUGIN_NAME, on_shutdown);
}
