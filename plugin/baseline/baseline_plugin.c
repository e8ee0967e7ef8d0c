/* collectd's callbacks around the judgement, and the one lock. No arithmetic
 * and no judgement here; what else the plugin does has a file of its own:
 * values in (baseline_values), metrics and notifications out (baseline_metrics,
 * announcer), what is kept (keeper), what is complained of
 * (baseline_complaints). */
#include "announcer.h"
#include "baseline_complaints.h"
#include "baseline_config.h"
#include "baseline_metrics.h"
#include "baseline_values.h"
#include "keeper.h"
#include "verdict/hosts.h"
#include "verdict/notice.h"
#include "verdict/series.h"

#include "collectd_api.h"

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

/* The lock guards what follows it. Nothing foreign is called under it: log
 * lines go out after it was released; notices and values are queued under it,
 * so that they keep their order. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct hosts *watch;
static struct series *series;
static unsigned flushing; /* threads in on_flush */
static pthread_cond_t flushed = PTHREAD_COND_INITIALIZER;

static struct baseline_complaints said;
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

/* Handlers keep up again when nothing else waits: one that is too slow makes
 * room for one notice at a time. */
static void queue_notice(const struct notice *notice,
                         struct baseline_complaints *say) {
  int rc = announcer_push(announcer, notice);

  said.queue = said.queue && (rc != 0 || announcer_drain(announcer, 0) > 1);
  baseline_complaints_note(rc != 0, &said.queue, &say->queue);
}

static void queue_values(const struct judgement *judgement,
                         struct baseline_complaints *say) {
  int rc = baseline_metrics_push(metrics, judgement);

  said.values = said.values && rc != 0;
  baseline_complaints_note(rc != 0, &said.values, &say->values);
}

static void queue_judgement(const struct judgement *judgement,
                            struct baseline_complaints *say) {
  struct notice notice;

  queue_values(judgement, say);
  if (judgement->mixed)
    memcpy(say->mixed, judgement->host, sizeof(say->mixed));
  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (notice_compose(judgement, (enum incident_kind)i, &notice))
      queue_notice(&notice, say);
  if (notice_compose_silence(judgement, &rules, &notice))
    queue_notice(&notice, say);
}

/* Under the lock: every snapshot that is ready, at most READY_MAX. Returns
 * whether there may be more. */
static bool judge_ready(struct baseline_complaints *say) {
  struct judgement judgement;
  int judged = 0;

  while (judged < READY_MAX && hosts_next(watch, &judgement)) {
    queue_judgement(&judgement, say);
    judged++;
  }
  return judged == READY_MAX;
}

static void put_listeners(const value_list_t *vl, double listeners) {
  pthread_mutex_lock(&lock);
  if (watch != NULL)
    hosts_put_listeners(watch, vl->host, CDTIME_T_TO_DOUBLE(vl->time),
                        listeners);
  pthread_mutex_unlock(&lock);
}

static void judge_host(const data_set_t *ds, const value_list_t *vl) {
  struct baseline_host_value is;
  struct baseline_complaints say = {.late = false};

  double listeners;

  if (baseline_values_of_listeners(ds, vl, &listeners))
    put_listeners(vl, listeners);
  if (!baseline_values_of_host(ds, vl, &is))
    return;
  pthread_mutex_lock(&lock);
  heard = true;
  if (watch != NULL) {
    int rc = hosts_put(watch, &is.value);
    if (rc == -EAGAIN) {
      judge_ready(&say);
      rc = hosts_put(watch, &is.value);
    }
    baseline_complaints_note(rc == -ESTALE, &said.late, &say.late);
    baseline_complaints_note(rc == -ENOSPC || rc == -ENOMEM, &said.full,
                             &say.full);
    baseline_complaints_note(rc == -EILSEQ, &said.name, &say.name);
    judge_ready(&say);
  }
  pthread_mutex_unlock(&lock);
  baseline_values_release(&is);
  baseline_complaints_log(&say, &rules);
}

static void judge_source(const struct series_rules *watched,
                         const struct series_name *name,
                         const struct series_value *value) {
  struct series_judgement judgement;
  struct notice notice;
  struct baseline_complaints say = {.late = false};

  pthread_mutex_lock(&lock);
  if (series != NULL) {
    int rc = series_put(series, watched, name, value, &judgement);
    baseline_complaints_note(rc == -ENOSPC || rc == -ENOMEM, &said.series,
                             &say.series);
    baseline_complaints_note(rc == -EILSEQ, &said.name, &say.name);
    if (rc == 0 && notice_compose_series(&judgement, &notice))
      queue_notice(&notice, &say);
  }
  pthread_mutex_unlock(&lock);
  baseline_complaints_log(&say, &rules);
}

static void judge_series(const data_set_t *ds, const value_list_t *vl) {
  struct series_name name = {vl->host, vl->plugin,        vl->plugin_instance,
                             vl->type, vl->type_instance, ""};
  const struct series_rules *watched = identifier_match(&rules, &name);

  for (size_t i = 0; watched && i < ds->ds_num && i < vl->values_len; i++) {
    struct series_value value = baseline_values_of_series(ds, vl, i);
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
  if (rules.series_len > 0)
    judge_series(ds, vl);
  return 0;
}

/* Series that have fallen silent with an incident open. */
static void close_silent_series(double now_s) {
  struct series_judgement judgement;
  struct notice notice;
  struct baseline_complaints say = {.late = false};

  pthread_mutex_lock(&lock);
  if (series != NULL) {
    series_wake(series, now_s);
    while (series_next(series, &judgement))
      if (notice_compose_series(&judgement, &notice))
        queue_notice(&notice, &say);
  }
  pthread_mutex_unlock(&lock);
  baseline_complaints_log(&say, &rules);
}

/* What is in the cache is about to be written, to all writers but where a chain
 * names some. */
static void look_for_values(void) {
  struct baseline_complaints say = {.late = false};
  cdtime_t now = cdtime();

  pthread_mutex_lock(&lock);
  bool known = heard || said.deaf;
  pthread_mutex_unlock(&lock);
  if (known || !baseline_values_are_cached())
    return;
  pthread_mutex_lock(&lock);
  if (cached_at == 0)
    cached_at = now;
  cdtime_t late_at = cached_at + DEAF_INTERVALS * plugin_get_interval();
  baseline_complaints_note(!heard && now >= late_at, &said.deaf, &say.deaf);
  pthread_mutex_unlock(&lock);
  baseline_complaints_log(&say, &rules);
}

/* Once an interval: hosts whose snapshot is not complete and from whom nothing
 * more comes. */
static int on_tick(__attribute__((unused)) user_data_t *user_data) {
  bool more = false;

  pthread_mutex_lock(&lock);
  if (watch != NULL)
    hosts_wake(watch, CDTIME_T_TO_DOUBLE(cdtime()));
  pthread_mutex_unlock(&lock);
  do {
    struct baseline_complaints say = {.late = false};
    pthread_mutex_lock(&lock);
    more = watch != NULL && judge_ready(&say);
    pthread_mutex_unlock(&lock);
    baseline_complaints_log(&say, &rules);
  } while (more);
  close_silent_series(CDTIME_T_TO_DOUBLE(cdtime()));
  look_for_values();
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

/* Nobody judges or flushes from here on. The keeper still knows what it is to
 * take away. */
static void close_doors(struct hosts **watched, struct series **followed) {
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
  struct hosts *watched;
  struct series *followed;

  close_doors(&watched, &followed);
  size_t left = announcer_destroy(announcer);
  announcer = NULL;
  if (left > 0)
    ERROR(PLUGIN_NAME ": %zu notifications were not sent", left);
  baseline_metrics_destroy(metrics);
  metrics = NULL;
  keeper_destroy(keeper);
  keeper = NULL;
  hosts_destroy(watched);
  series_destroy(followed);
  return 0;
}

/* collectd -T reads everything once, perhaps as another user than the daemon's.
 * It tells nobody; it starts no read threads. */
static bool is_trial_run(void) {
  const char *threads = global_option_get("ReadThreads");

  return threads != NULL && strcmp(threads, "-1") == 0;
}

static int start(void) {
  watch = hosts_create(&rules);
  series = series_create(&rules);
  if (watch == NULL || series == NULL)
    return -ENOMEM;
  struct keeper_charge charge = {.rules = &rules,
                                 .lock = &lock,
                                 .watch = watch,
                                 .series = series,
                                 .only_loads = is_trial_run()};
  int rc = keeper_create(&charge, CDTIME_T_TO_DOUBLE(cdtime()), &keeper);
  if (rc == 0)
    rc = baseline_metrics_create(&metrics);
  return rc == 0 ? announcer_create(&announcer) : rc;
}

static int init(void) {
  if (watch != NULL) /* collectd may call init more than once */
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
