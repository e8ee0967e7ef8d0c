/* See kept_engine.h. */
#include "kept_engine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double start_s = 1700000000, interval_s = 10;

struct kept_engine kept = {.lock = PTHREAD_MUTEX_INITIALIZER};

void kept_start(double now_s) {
  kept.engine = engine_create(&kept.rules);
  ck_assert_ptr_nonnull(kept.engine);
  kept.hosts = engine_hosts(kept.engine);
  kept.series = engine_series(kept.engine);
  kept.record = kept.records ? record_create(RECORD_MAX) : NULL;
  struct keeper_charge charge = {.rules = &kept.rules,
                                 .lock = &kept.lock,
                                 .engine = kept.engine,
                                 .size_max = kept.size_max,
                                 .only_loads = kept.only_loads,
                                 .record = kept.record};
  ck_assert_int_eq(keeper_create(&charge, now_s, &kept.keeper), 0);
  kept.raised = kept.cleared = 0;
}

void kept_stop(void) {
  keeper_destroy(kept.keeper);
  engine_destroy(kept.engine);
  record_destroy(kept.record);
}

void kept_setup(void) {
  rules_defaults(&kept.rules);
  /* In memory if possible: each save is synced, and some tests save thousands
   * of times. */
  strcpy(kept.folder, "/dev/shm/check_keeper.XXXXXX");
  if (mkdtemp(kept.folder) == NULL) {
    strcpy(kept.folder, "/tmp/check_keeper.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(kept.folder));
  }
  snprintf(kept.rules.state_file, sizeof(kept.rules.state_file), "%s/state",
           kept.folder);
  kept_start(start_s);
}

void kept_teardown(void) {
  char command[sizeof(kept.folder) + 16];
  kept_stop();
  snprintf(command, sizeof(command), "rm -rf %s", kept.folder);
  ck_assert_int_eq(system(command), 0);
}

void kept_restart(double now_s) {
  kept_stop();
  kept_start(now_s);
}

static void judge(void) {
  struct engine_judgement judged;
  while (engine_next(kept.engine, &judged)) {
    if (kept.record != NULL && !judged.of_series &&
        record_take(kept.record, &judged.host) != 0)
      ck_abort_msg("an incident was not recorded");
    enum incident_change change =
        judged.host.finding[INCIDENT_SYN_FLOOD].change;
    kept.raised += !judged.of_series && change == INCIDENT_RAISED;
    kept.cleared += !judged.of_series && change == INCIDENT_CLEARED;
  }
}

/* Under the lock. */
static void put(const struct hosts_value *value) {
  int rc = engine_put_host(kept.engine, value);
  judge();
  if (rc == -EAGAIN)
    rc = engine_put_host(kept.engine, value);
  if (rc != 0) /* often: no ck_assert */
    ck_abort_msg("a value was refused");
  judge();
}

static void feed_one(const char *host, double time_s, int cookies) {
  static const enum signal members[] = {SIGNAL_ESTABLISHED, SIGNAL_SYN_RECV,
                                        SIGNAL_COOKIES_SENT,
                                        SIGNAL_COOKIES_RECEIVED};
  int64_t readings = (int64_t)((time_s - start_s) / interval_s);
  for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
    struct hosts_value value = {.host = host,
                                .signal = members[i],
                                .time_s = time_s,
                                .interval_s = interval_s,
                                .now_s = time_s,
                                .value = {.gauge = i == 0 ? 50 : 2}};
    if (i >= 2)
      value.value.counter = i == 2 ? readings * cookies : 0;
    put(&value);
  }
}

void kept_feed(const char *host, int from, int count, int cookies) {
  for (int n = from; n < from + count; n++) {
    double time_s = start_s + interval_s * n;
    pthread_mutex_lock(&kept.lock);
    feed_one(host, time_s, cookies);
    if (time_s > kept.last_s)
      kept.last_s = time_s;
    pthread_mutex_unlock(&kept.lock);
  }
}

double kept_now_s(void) { return kept.last_s > 0 ? kept.last_s : start_s; }

double kept_clock_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void kept_pause(double seconds) {
  struct timespec pause = {.tv_sec = (time_t)seconds};
  pause.tv_nsec = (long)(1e9 * (seconds - (double)pause.tv_sec));
  nanosleep(&pause, NULL);
}
