/* Memory that is short in the room verdict: each request in turn, while hosts
 * and series come, are judged, written as text and read again. A value that was
 * refused is put again; in the end everything is as if nothing had failed, byte
 * by byte. */
#include "memory_faults.h"

#include "scenes/suite.h"
#include "verdict/hosts.h"
#include "verdict/record.h"
#include "verdict/series.h"
#include "verdict/state/state_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
  HOSTS = 60, /* the tables grow twice */
  READINGS = 4,
  SERIES = 60,
  PIECES_MAX = HOSTS * STATE_TEXT_HOST_MAX + SERIES * STATE_TEXT_SERIES_MAX,
};

static const double start_s = 1700000000, interval_s = 10;

struct saved {
  size_t length;
  char text[2 * STATE_TEXT_FRAME_MAX + PIECES_MAX];
};

static struct rules rules;
static struct saved first, last; /* of the run that had all memory, and now */

struct scene {
  struct hosts *hosts;
  struct series *series;
};

/* A create function gives NULL where memory is short. */
static bool is_there(const void *made) {
  return memory_faults_passed(made != NULL ? 0 : -ENOMEM);
}

static struct scene begin(void) {
  struct scene scene = {hosts_create(&rules), NULL};
  if (!is_there(scene.hosts))
    scene.hosts = hosts_create(&rules);
  scene.series = series_create(&rules);
  if (!is_there(scene.series))
    scene.series = series_create(&rules);
  memory_faults_must(scene.hosts != NULL && scene.series != NULL);
  return scene;
}

static void end(const struct scene *scene) {
  hosts_destroy(scene->hosts);
  series_destroy(scene->series);
}

static void judge(struct hosts *hosts) {
  struct judgement judged;
  while (hosts_next(hosts, &judged))
    ;
}

static int try_value(struct hosts *hosts, const struct hosts_value *value) {
  int rc = hosts_put(hosts, value);
  judge(hosts);
  if (rc == -EAGAIN)
    rc = hosts_put(hosts, value);
  judge(hosts);
  return rc;
}

static void put_value(struct hosts *hosts, int host, int n, int member) {
  static const enum signal members[] = {
      SIGNAL_ESTABLISHED, SIGNAL_SYN_RECV, SIGNAL_COOKIES_SENT,
      SIGNAL_COOKIES_RECEIVED, SIGNAL_SYN_QUEUE};
  char name[32];
  snprintf(name, sizeof(name), "host-%d", host);
  struct hosts_value value = {.host = name,
                              .signal = members[member],
                              .time_s = start_s + interval_s * n,
                              .interval_s = interval_s,
                              .now_s = start_s + interval_s * n,
                              .listener = "0.0.0.0:443",
                              .value = {.gauge = 50}};
  if (members[member] >= SIGNAL_FIRST_COUNTER)
    value.value.counter = 20000 * n;
  if (!memory_faults_passed(try_value(hosts, &value)))
    memory_faults_must(try_value(hosts, &value) == 0);
}

static void put_hosts(struct hosts *hosts) {
  for (int n = 0; n < READINGS; n++)
    for (int member = 0; member < 5; member++)
      for (int host = 0; host < HOSTS; host++)
        put_value(hosts, host, n, member);
}

static int try_series(struct series *series, int number, int n) {
  char instance[32];
  struct series_judgement judgement;
  struct series_name name = {"a", "df", instance, "df_complex", "free", ""};
  struct series_value value = {.kind = SERIES_GAUGE,
                               .gauge = 100 + number,
                               .time_s = start_s + interval_s * n,
                               .interval_s = interval_s,
                               .now_s = start_s + interval_s * n};
  snprintf(instance, sizeof(instance), "disk%d", number);
  const struct series_rules *watched = identifier_match(&rules, &name);
  memory_faults_must(watched != NULL);
  return series_put(series, watched, &name, &value, &judgement);
}

static void put_series(struct series *series) {
  for (int n = 0; n < READINGS; n++)
    for (int i = 0; i < SERIES; i++)
      if (!memory_faults_passed(try_series(series, i, n)))
        memory_faults_must(try_series(series, i, n) == 0);
}

static void save(const struct scene *scene, struct saved *saved) {
  struct state_text state;
  struct hosts_host host;
  const char *identifier, *of;
  char *at = saved->text;
  at += state_text_begin(&state, start_s, at);
  for (size_t i = 0; i < hosts_count(scene->hosts); i++) {
    hosts_at(scene->hosts, i, &host);
    at += state_text_host(&state, &host, at);
  }
  for (size_t i = 0; i < series_count(scene->series); i++) {
    const struct series_memory *memory =
        series_at(scene->series, i, &identifier, &of);
    at += state_text_series(&state, identifier, memory, at);
  }
  at += state_text_end(&state, at);
  saved->length = (size_t)(at - saved->text);
}

static void must_be_as_first(const struct scene *scene) {
  save(scene, &last);
  memory_faults_must(last.length == first.length &&
                     memcmp(last.text, first.text, first.length) == 0);
}

static void judge_all(void) {
  struct scene scene = begin();
  put_hosts(scene.hosts);
  put_series(scene.series);
  must_be_as_first(&scene);
  end(&scene);
}

static int restore_host(void *to, const struct hosts_host *host) {
  return hosts_restore(((struct scene *)to)->hosts, host);
}

static int restore_series(void *to, const char *identifier,
                          const struct series_memory *memory) {
  return series_restore(((struct scene *)to)->series, identifier, memory);
}

static int load(struct scene *scene) {
  struct state_text_reader reader = {restore_host, restore_series, scene};
  char why[STATE_TEXT_ERROR_MAX];
  return state_text_read(first.text, first.length, &reader, why);
}

static void load_all(void) {
  struct scene scene = begin();
  if (!memory_faults_passed(load(&scene))) {
    end(&scene);
    scene = begin();
    memory_faults_must(load(&scene) == 0);
  }
  must_be_as_first(&scene);
  end(&scene);
}

static void setup(void) {
  struct rules_block block;
  char error[RULES_ERROR_MAX];
  rules_defaults(&rules);
  ck_assert_int_eq(rules_open(&rules, "Watch", "disks", &block, error), 0);
  struct scene scene = begin();
  put_hosts(scene.hosts);
  put_series(scene.series);
  ck_assert_uint_eq(hosts_count(scene.hosts), HOSTS);
  ck_assert_uint_eq(series_count(scene.series), SERIES);
  save(&scene, &first);
  end(&scene);
}

START_TEST(a_refused_value_that_comes_again_makes_no_difference) {
  ck_assert_uint_gt(memory_faults_each(judge_all), 2 * HOSTS);
}
END_TEST

START_TEST(a_state_that_did_not_fit_is_loaded_whole_the_next_time) {
  ck_assert_uint_gt(memory_faults_each(load_all), HOSTS + SERIES);
}
END_TEST

/* All places are used before the index grows: first by one host alone. */
enum { PLACES = HOSTS };

static int tell(struct record *record, int host, double at_s, bool opens) {
  struct judgement judgement = {.seen = {.time_s = start_s + at_s}};
  struct finding *finding = &judgement.finding[INCIDENT_SYN_FLOOD];
  snprintf(judgement.host, sizeof(judgement.host), "host-%d", host);
  finding->judged = true;
  finding->severity = opens ? SEVERITY_WARNING : SEVERITY_OKAY;
  finding->change = opens ? INCIDENT_RAISED : INCIDENT_CLEARED;
  finding->since_s = start_s + at_s - (opens ? 0 : 1);
  return record_take(record, &judgement);
}

static void must_have_all(const struct record *record) {
  static struct record_incident seen;
  for (size_t i = 0; i < PLACES; i++) {
    char host[32];
    snprintf(host, sizeof(host), "host-%zu", i);
    memory_faults_must(record_copy(record, i, &seen, 1) == 1);
    memory_faults_must(strcmp(seen.host, host) == 0);
  }
}

static void record_all(void) {
  struct record *record = record_create(PLACES);
  if (!is_there(record))
    record = record_create(PLACES);
  memory_faults_must(record != NULL);
  for (int n = 0; n < PLACES + HOSTS; n++)
    for (int opens = 1; opens >= 0; opens--) {
      int host = n < PLACES ? 0 : n - PLACES;
      if (!memory_faults_passed(tell(record, host, 10 * n + 1 - opens, opens)))
        memory_faults_must(tell(record, host, 10 * n + 1 - opens, opens) == 0);
    }
  must_have_all(record);
  memory_faults_must(record_count_open(record) == 0);
  record_destroy(record);
}

START_TEST(an_incident_that_was_not_recorded_is_recorded_the_next_time) {
  ck_assert_uint_gt(memory_faults_each(record_all), PLACES);
}
END_TEST

SUITE(memory_verdict) {
  Suite *suite = suite_create("memory_verdict");
  TCase *tcase = tcase_create("memory_verdict");
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_set_timeout(tcase, 20);
  tcase_add_test(tcase, a_refused_value_that_comes_again_makes_no_difference);
  tcase_add_test(tcase, a_state_that_did_not_fit_is_loaded_whole_the_next_time);
  tcase_add_test(tcase,
                 an_incident_that_was_not_recorded_is_recorded_the_next_time);
  suite_add_tcase(suite, tcase);
  return suite;
}
