/* engine: hosts and series in one order; saved under a lock that is held for
 * copies alone, and loaded again. */
#include "verdict/engine.h"

#include "scenes/suite.h"
#include "verdict/state/state_text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { START_S = 1700000000, INTERVAL_S = 10, TEXT_MAX = 4 * 1024 * 1024 };

static struct rules rules;
static const struct series_rules *watch;
static struct engine *engine, *other;

static void setup(void) {
  struct rules_block block;
  char error[RULES_ERROR_MAX];

  rules_defaults(&rules);
  ck_assert_int_eq(rules_open(&rules, "Watch", "w", &block, error), 0);
  watch = &rules.series[block.index];
  engine = engine_create(&rules);
  other = engine_create(&rules);
  ck_assert(engine != NULL && other != NULL);
}

static void teardown(void) {
  engine_destroy(engine);
  engine_destroy(other);
}

/* Reading number n of a host: one value makes a snapshot complete from the
 * second on. */
static int put_host(const char *host, int n) {
  double time_s = START_S + INTERVAL_S * n;
  struct hosts_value value = {.host = host,
                              .signal = SIGNAL_ESTABLISHED,
                              .time_s = time_s,
                              .interval_s = INTERVAL_S,
                              .now_s = time_s,
                              .value = {.gauge = 50}};

  return engine_put_host(engine, &value);
}

static int put_series(const char *host, int n) {
  struct series_name name = {host, "load", "", "load", "", "shortterm"};
  struct series_value value = {.kind = SERIES_GAUGE,
                               .gauge = 1,
                               .time_s = START_S + INTERVAL_S * n,
                               .interval_s = INTERVAL_S,
                               .now_s = START_S + INTERVAL_S * n};

  return engine_put_series(engine, watch, &name, &value);
}

static size_t drain(void) {
  struct engine_judgement judgement;
  size_t judged = 0;

  while (engine_next(engine, &judgement))
    judged++;
  return judged;
}

/* Each value as the plugin puts it. */
static void judge_one(const char *name, bool is_host, int n) {
  int rc = is_host ? put_host(name, n) : put_series(name, n);

  drain();
  if (rc == -EAGAIN)
    rc = is_host ? put_host(name, n) : put_series(name, n);
  drain();
  ck_assert_int_eq(rc, 0);
}

/* So many hosts and series, each of which has been judged. */
static void learn(int hosts, int series) {
  char name[32];

  for (int i = 0; i < hosts + series; i++)
    for (int n = 0; n < 4; n++) {
      snprintf(name, sizeof(name), "host-%d", i);
      judge_one(name, i < hosts, n);
    }
}

START_TEST(a_series_is_judged_by_its_value_and_handed_out_once) {
  struct engine_judgement judgement;

  ck_assert(!engine_next(engine, &judgement));
  ck_assert_int_eq(put_series("a", 0), 0);
  ck_assert(engine_next(engine, &judgement));
  ck_assert(judgement.of_series);
  ck_assert_str_eq(judgement.series.identifier, "a/load/load:shortterm");
  ck_assert(!engine_next(engine, &judgement));
}
END_TEST

START_TEST(a_judgement_that_nobody_took_is_not_lost) {
  struct engine_judgement judgement;

  ck_assert_int_eq(put_series("a", 0), 0);
  ck_assert_int_eq(put_series("b", 0), -EAGAIN);
  ck_assert(engine_next(engine, &judgement));
  ck_assert_str_eq(judgement.series.identifier, "a/load/load:shortterm");
  ck_assert_int_eq(put_series("b", 0), 0);
  ck_assert_uint_eq(drain(), 1);
}
END_TEST

START_TEST(a_host_is_judged_when_its_snapshot_is_due) {
  struct engine_judgement judgement;

  ck_assert_int_eq(put_host("a", 0), 0);
  ck_assert_uint_eq(drain(), 0); /* more may come */
  engine_tick(engine, START_S + 3 * INTERVAL_S);
  ck_assert(engine_next(engine, &judgement));
  ck_assert(!judgement.of_series);
  ck_assert_str_eq(judgement.host.host, "a");
  ck_assert(!judgement.host.away);
}
END_TEST

START_TEST(both_fall_silent_and_are_forgotten_in_time) {
  engine_tick(engine, START_S);
  learn(2, 3);
  engine_tick(engine, (double)START_S + rules.silent_after_s + 60);
  drain();
  ck_assert_uint_eq(hosts_count(engine_hosts(engine)), 2);
  ck_assert_uint_eq(series_count(engine_series(engine)), 3);
  for (double at_s = 0; at_s < rules.max_age_s + 3600; at_s += 60) {
    engine_tick(engine, (double)START_S + at_s);
    drain();
  }
  ck_assert_uint_eq(hosts_count(engine_hosts(engine)), 0);
  ck_assert_uint_eq(series_count(engine_series(engine)), 0);
}
END_TEST

START_TEST(the_end_of_input_judges_what_is_gathered_and_forgets_nobody) {
  learn(0, 2);
  ck_assert_int_eq(put_host("a", 0), 0);
  ck_assert_uint_eq(drain(), 0);
  engine_tick(engine, INFINITY);
  ck_assert_uint_eq(drain(), 1);
  ck_assert_uint_eq(hosts_count(engine_hosts(engine)), 1);
  ck_assert_uint_eq(series_count(engine_series(engine)), 2);
}
END_TEST

/* A sink that keeps the text and watches the lock. */
static struct saved {
  char text[TEXT_MAX];
  size_t length, pieces;
  size_t fails_at; /* number of the piece; 0: none */
  bool locked, wrong;
  unsigned holds;
} saved;

static int append(void *to, const char *text, size_t length) {
  struct saved *at = to;

  at->wrong = at->wrong || at->locked;
  if (++at->pieces == at->fails_at)
    return -EIO;
  ck_assert_uint_le(at->length + length, sizeof(at->text));
  memcpy(at->text + at->length, text, length);
  at->length += length;
  return 0;
}

static void lock(void *to, bool take) {
  struct saved *at = to;

  at->wrong = at->wrong || take == at->locked;
  at->locked = take;
  at->holds += take;
}

static const struct engine_filter all = {NULL, NULL, NULL, NULL};
static const struct engine_sink to_memory = {append, lock, &saved};

static int save(const struct engine_filter *filter) {
  saved.length = saved.pieces = saved.holds = 0;
  saved.locked = saved.wrong = false;
  return engine_save(engine, START_S, filter, &to_memory);
}

START_TEST(what_was_saved_is_loaded_and_saved_the_same) {
  struct engine_loaded loaded;
  char why[STATE_TEXT_ERROR_MAX];

  learn(70, 40);
  ck_assert_int_eq(save(&all), 0);
  size_t length = saved.length;
  char *text = malloc(length);
  ck_assert_ptr_nonnull(text);
  memcpy(text, saved.text, length);
  ck_assert_int_eq(engine_load(other, text, length, START_S, &loaded, why), 0);
  ck_assert_uint_eq(loaded.hosts, 70);
  ck_assert_uint_eq(loaded.series, 40);
  ck_assert_uint_eq(loaded.old, 0);
  struct engine *first = engine;
  engine = other;
  ck_assert_int_eq(save(&all), 0);
  engine = first;
  ck_assert_uint_eq(saved.length, length);
  ck_assert_int_eq(memcmp(saved.text, text, length), 0);
  free(text);
}
END_TEST

START_TEST(no_piece_is_made_or_written_under_the_lock) {
  learn(70, 40);
  ck_assert_int_eq(save(&all), 0);
  ck_assert(!saved.wrong && !saved.locked);
  ck_assert_uint_eq(saved.pieces, 70 + 40 + 2);
  /* The hold's beginning and end; 8 at a time, and one look behind the last of
   * each. */
  ck_assert_uint_eq(saved.holds, 2 + (9 + 1) + (5 + 1));
}
END_TEST

START_TEST(a_piece_that_cannot_be_written_ends_the_saving) {
  learn(40, 40);
  for (size_t i = 1; i <= 82; i += 27) {
    saved.fails_at = i;
    ck_assert_int_eq(save(&all), -EIO);
    ck_assert_uint_eq(saved.pieces, i);
    ck_assert(!saved.wrong && !saved.locked);
  }
  saved.fails_at = 0;
  for (double at_s = 0; at_s < rules.max_age_s + 3600; at_s += 60) {
    engine_tick(engine, (double)START_S + at_s);
    drain();
  }
  ck_assert_uint_eq(hosts_count(engine_hosts(engine)), 0); /* none is held */
}
END_TEST

static bool only_host_1(void *context, struct hosts_host *host) {
  ck_assert_ptr_eq(context, &saved);
  ck_assert(!saved.locked);
  host->seen_s = START_S + 1000;
  return strcmp(host->name, "host-1") == 0;
}

static bool no_series(void *context, const char *identifier,
                      struct series_memory *memory) {
  (void)context;
  ck_assert_ptr_nonnull(strstr(identifier, "/load/load:shortterm"));
  ck_assert_double_gt(memory->seen_s, 0);
  return false;
}

static const struct engine_filter some = {only_host_1, no_series, &saved, NULL};

START_TEST(what_is_saved_is_chosen_and_changed_in_a_copy) {
  struct engine_loaded loaded;
  struct hosts_host host;
  char why[STATE_TEXT_ERROR_MAX];

  learn(3, 3);
  ck_assert_int_eq(save(&some), 0);
  ck_assert_int_eq(
      engine_load(other, saved.text, saved.length, START_S, &loaded, why), 0);
  ck_assert_uint_eq(loaded.hosts, 1);
  ck_assert_uint_eq(loaded.series, 0);
  hosts_at(engine_hosts(other), 0, &host);
  ck_assert_str_eq(host.name, "host-1");
  ck_assert_double_eq(host.seen_s, START_S + 1000);
  hosts_at(engine_hosts(engine), 1, &host);
  ck_assert_double_lt(host.seen_s, START_S + 1000);
}
END_TEST

static bool count_host(void *context, struct hosts_host *host) {
  (void)host;
  ++*(size_t *)context;
  return true;
}

START_TEST(all_hosts_are_shown_without_a_file) {
  size_t shown = 0;
  struct engine_filter filter = {count_host, NULL, &shown, NULL};

  learn(70, 3);
  engine_show(engine, &filter);
  ck_assert_uint_eq(shown, 70);
}
END_TEST

START_TEST(what_is_too_old_is_left_out_and_counted) {
  struct engine_loaded loaded;
  char why[STATE_TEXT_ERROR_MAX];

  learn(2, 1);
  ck_assert_int_eq(save(&all), 0);
  ck_assert_int_eq(engine_load(other, saved.text, saved.length,
                               START_S + 100 + rules.max_age_s, &loaded, why),
                   0);
  ck_assert_uint_eq(loaded.old, 3);
  ck_assert_uint_eq(loaded.hosts + loaded.series, 0);
  ck_assert_uint_eq(hosts_count(engine_hosts(other)), 0);
}
END_TEST

START_TEST(of_damaged_text_nothing_is_taken_in) {
  struct engine_loaded loaded;
  char why[STATE_TEXT_ERROR_MAX] = "";

  learn(40, 2);
  ck_assert_int_eq(save(&all), 0);
  saved.text[saved.length - 60] ^= 1;
  ck_assert_int_eq(
      engine_load(other, saved.text, saved.length, START_S, &loaded, why),
      -EBADMSG);
  ck_assert_str_ne(why, "");
  ck_assert_uint_eq(hosts_count(engine_hosts(other)), 0);
  ck_assert_uint_eq(series_count(engine_series(other)), 0);
}
END_TEST

SUITE(engine) {
  Suite *suite = suite_create("engine");
  TCase *tcase = tcase_create("engine");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, a_series_is_judged_by_its_value_and_handed_out_once);
  tcase_add_test(tcase, a_judgement_that_nobody_took_is_not_lost);
  tcase_add_test(tcase, a_host_is_judged_when_its_snapshot_is_due);
  tcase_add_test(tcase, both_fall_silent_and_are_forgotten_in_time);
  tcase_add_test(tcase,
                 the_end_of_input_judges_what_is_gathered_and_forgets_nobody);
  tcase_add_test(tcase, what_was_saved_is_loaded_and_saved_the_same);
  tcase_add_test(tcase, no_piece_is_made_or_written_under_the_lock);
  tcase_add_test(tcase, a_piece_that_cannot_be_written_ends_the_saving);
  tcase_add_test(tcase, what_is_saved_is_chosen_and_changed_in_a_copy);
  tcase_add_test(tcase, all_hosts_are_shown_without_a_file);
  tcase_add_test(tcase, what_is_too_old_is_left_out_and_counted);
  tcase_add_test(tcase, of_damaged_text_nothing_is_taken_in);
  suite_add_tcase(suite, tcase);
  return suite;
}
