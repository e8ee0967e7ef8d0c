/* series: silence, oblivion and limits; what is saved and restored. */
#include "scenes/suite.h"
#include "series_feed.h"
#include "verdict/state/state_text.h"

#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

START_TEST(beyond_max_watched_nothing_is_learnt) {
  rules.max_watched = 2;
  for (int i = 0; i < 4; i++) {
    char instance[16];
    snprintf(instance, sizeof(instance), "%d", i);
    name.type_instance = instance;
    ck_assert_int_eq(put(i), i < 2 ? 0 : -ENOSPC);
  }
  name.type_instance = "1";
  ck_assert_int_eq(put(1), 0);
  ck_assert_uint_eq(series_count(series), 2);
}
END_TEST

/* A minute's ticks. Returns how many incidents were closed. */
static int tick(double from_s, double to_s) {
  int closed = 0;
  for (double now_s = from_s; now_s <= to_s; now_s += 60) {
    series_wake(series, now_s);
    while (series_next(series, &got))
      closed++;
  }
  return closed;
}

static void raise_one(void) {
  run(DAY_S);
  run_at(300, 10, 100);
  assert_changes(1, 0);
}

START_TEST(silence_closes_what_is_open_once) {
  raise_one();
  double last_s = next.time_s - 10;
  ck_assert_int_eq(tick(last_s, last_s + 890), 0);
  ck_assert_int_eq(tick(last_s + 900, last_s + 960), 1);
  ck_assert_int_eq(got.finding.change, INCIDENT_SILENT);
  ck_assert_int_eq(got.finding.severity, SEVERITY_OKAY);
  ck_assert_double_eq(got.silent_s, 900);
  ck_assert_double_eq(got.time_s, last_s + 900);
  ck_assert_str_eq(got.identifier, "h/p/gauge-x");
  ck_assert_int_eq(tick(last_s + 960, last_s + 9000), 0);
  next.time_s = last_s + 9000;
  run_at(300, 10, 60); /* it comes back as it went: that was told */
  ck_assert_int_eq(changes[INCIDENT_RAISED], 1);
  run_at(9000, 10, 60); /* that was not */
  ck_assert_int_eq(changes[INCIDENT_RAISED], 2);
  last_s = next.time_s - 10;
  ck_assert_int_eq(tick(last_s, last_s + 9000), 1); /* and goes again */
}
END_TEST

START_TEST(a_series_of_long_intervals_is_silent_later) {
  next.interval_s = 600;
  run(10 * DAY_S);
  run_at(300, 10, 1800);
  double last_s = next.time_s - 600;
  ck_assert_int_eq(tick(last_s, last_s + 1790), 0);
  ck_assert_int_eq(tick(last_s + 1800, last_s + 1860), 1);
}
END_TEST

/* A value that says that the next one comes in three hundred years. */
START_TEST(an_interval_of_any_length_is_no_way_to_stay) {
  raise_one();
  double last_s = next.time_s - 10;
  next.interval_s = 604800;
  put(1);
  next.interval_s = 1e10;
  ck_assert_int_eq(series_put(series, watch, &name, &next, &got), -ENODATA);
  ck_assert_int_eq(tick(last_s, last_s + rules.max_age_s + 60), 1);
  ck_assert_uint_eq(series_count(series), 0);
}
END_TEST

START_TEST(a_sleep_of_the_receiver_is_no_silence) {
  raise_one();
  double last_s = next.time_s - 10;
  ck_assert_int_eq(tick(last_s, last_s + 60), 0);
  ck_assert_int_eq(tick(last_s + 7200, last_s + 7800), 0);
  ck_assert_int_eq(tick(last_s + 7860, last_s + 9000), 1);
}
END_TEST

START_TEST(what_is_silent_for_max_age_is_forgotten_unless_held) {
  rules.max_age_s = 7200;
  put(1);
  double last_s = next.time_s;
  tick(last_s, last_s + 7100);
  ck_assert_uint_eq(series_count(series), 1);
  series_hold(series, true);
  tick(last_s + 7160, last_s + 8000);
  ck_assert_uint_eq(series_count(series), 1);
  series_hold(series, false);
  tick(last_s + 8060, last_s + 8060);
  ck_assert_uint_eq(series_count(series), 0);
  ck_assert_int_eq(put(1), 0); /* it may come back */
}
END_TEST

/* Through the text, as a restart does. */
static int take_in(void *to, const char *identifier,
                   const struct series_memory *memory) {
  (void)to;
  return series_restore(series, identifier, memory);
}

static void restart(void) {
  static char text[4 * STATE_TEXT_SERIES_MAX];
  struct state_text state;
  struct state_text_reader reader = {NULL, take_in, NULL};
  const char *identifier, *of;
  char why[STATE_TEXT_ERROR_MAX];
  size_t length = state_text_begin(&state, next.time_s, text);
  for (size_t i = 0; i < series_count(series); i++) {
    const struct series_memory *memory = series_at(series, i, &identifier, &of);
    length += state_text_series(&state, identifier, memory, text + length);
  }
  length += state_text_end(&state, text + length);
  series_destroy(series);
  series = series_create(&rules);
  ck_assert_int_eq(state_text_read(text, length, &reader, why), 0);
}

START_TEST(after_a_restart_an_open_incident_is_not_raised_again) {
  raise_one();
  double since_s = got.finding.since_s;
  next.time_s += 1800; /* it took half an hour */
  restart();
  ck_assert_int_eq(tick(next.time_s, next.time_s), 0);
  run_at(300, 10, 600);
  assert_changes(1, 0);
  ck_assert_double_eq(got.finding.since_s, since_s);
  run(2 * HOUR_S);
  assert_changes(1, 1);
}
END_TEST

START_TEST(the_downtime_of_the_receiver_is_no_silence) {
  raise_one();
  double now_s = next.time_s + 86400;
  restart();
  ck_assert_int_eq(tick(now_s, now_s + 890), 0);
  ck_assert_int_eq(tick(now_s + 900, now_s + 960), 1);
}
END_TEST

START_TEST(the_first_value_after_a_restart_is_judged_by_what_was_learnt) {
  run(DAY_S);
  double usual = memory_of(0)->habit.levels.usual;
  restart();
  put(300);
  ck_assert_double_eq(got.finding.expected, usual);
  assert_changes(1, 0); /* no second warm-up */
}
END_TEST

START_TEST(a_counter_goes_on_over_a_short_restart) {
  next.kind = SERIES_COUNTER;
  next.counter = 1000;
  ck_assert_int_eq(step(), -ENODATA);
  restart();
  next.counter = 1200;
  ck_assert_int_eq(step(), 0);
  ck_assert_double_eq(got.finding.observed, 20);
}
END_TEST

START_TEST(whatever_came_can_be_saved) {
  static const double extremes[] = {1.7e308, -1.7e308, 1e200, 0, 1, 4e-324};
  watch->incident.raise_after = 1;
  rules.warm_up_s = 0;
  for (int i = 0; i < 3000; i++) {
    next.interval_s = pow(10, 6 * random_unit(&random_) - 2);
    next.kind = random_unit(&random_) < 0.1 ? SERIES_INCREMENT : SERIES_GAUGE;
    put(extremes[random_bits(&random_) % 6]);
    if (i % 100 == 0)
      restart(); /* asserts that it can be read */
  }
  ck_assert_uint_eq(series_count(series), 1);
}
END_TEST

/* Learned from a history that ends after the first value: by another clock. */
START_TEST(what_was_learned_ahead_of_the_clock_is_no_reason_to_wait) {
  run(DAY_S);
  struct series_memory memory = *memory_of(0);
  memory.time_s = 0;
  series_destroy(series);
  series = series_create(&rules);
  ck_assert_int_eq(series_restore(series, "h/p/gauge-x", &memory), 0);
  next.time_s -= HOUR_S;
  ck_assert_int_eq(put(100), 0);
  ck_assert_int_eq(put(100), 0);
  ck_assert_double_eq_tol(got.finding.expected, 100, 5);
}
END_TEST

START_TEST(restored_are_those_that_a_watch_wants) {
  struct series_memory memory = {.time_s = 1};
  strcpy(watch->plugin, "p*");
  ck_assert_int_eq(series_restore(series, "h/p/t", &memory), 0);
  ck_assert_int_eq(series_restore(series, "h/p/t", &memory), -EEXIST);
  ck_assert_int_eq(series_restore(series, "h/q/t", &memory), -ENOENT);
  ck_assert_int_eq(series_restore(series, "h", &memory), -EINVAL);
  rules.max_watched = 1;
  ck_assert_int_eq(series_restore(series, "h/p/u", &memory), -ENOSPC);
}
END_TEST

START_TEST(an_instance_with_a_colon_is_restored) {
  strcpy(watch->type_instance, "fe80::1");
  name.type_instance = "fe80::1";
  put(7);
  restart();
  ck_assert_uint_eq(series_count(series), 1);
  put(7);
  ck_assert_uint_eq(series_count(series), 1);
  ck_assert_float_eq(memory_of(0)->habit.levels.values, 2);
}
END_TEST

START_TEST(a_restored_series_is_the_watchs_that_takes_its_values) {
  struct rules_block block;
  char error[RULES_ERROR_MAX];
  ck_assert_int_eq(rules_open(&rules, "Watch", "second", &block, error), 0);
  strcpy(watch->type_instance, "a");
  strcpy(rules.series[1].type_instance, "a:b");
  watch = &rules.series[1];
  name.type_instance = "a:b"; /* it reads like instance a, source b */
  put(7);
  restart();
  put(7);
  ck_assert_str_eq(got.rules->name, "second");
  ck_assert_float_eq(memory_of(0)->habit.levels.values, 2);
}
END_TEST

/* Bytes in use on the heap; 0 where that cannot be known. */
static size_t heap_used(void) {
#ifdef __GLIBC_PREREQ
#if __GLIBC_PREREQ(2, 33)
  return mallinfo2().uordblks;
#endif
#endif
  return 0;
}

/* Its name and its place in the index come on top of two kilobytes. */
START_TEST(a_series_takes_little_more_than_two_kilobytes) {
  enum { MANY = 10000 };
  ck_assert_uint_le(sizeof(struct series_memory), 2048);
  char instance[64];
  size_t before = heap_used();
  for (int i = 0; i < MANY; i++) {
    snprintf(instance, sizeof(instance), "interface-with-a-long-name-%d", i);
    name.type_instance = instance;
    ck_assert_int_eq(put(1), 0);
  }
  size_t each = (heap_used() - before) / MANY;
  ck_assert_uint_lt(each, 2304);
  if (heap_used() > 0) /* not with a sanitizer's allocator */
    ck_assert_uint_gt(each, sizeof(struct series_memory));
}
END_TEST

/* Whether the file has room for all is reckoned with that. */
START_TEST(a_learned_series_is_as_long_as_is_reckoned_with) {
  enum { KINDS = 4 };
  static char text[STATE_TEXT_SERIES_MAX];
  static const double deviations[KINDS] = {0, 1, 10, 1e9};
  size_t bytes = 0;
  next.interval_s = 60;
  for (int i = 0; i < KINDS; i++) {
    struct state_text state = {0};
    const char *identifier, *of;
    char instance[8];
    next.time_s = START_S;
    snprintf(instance, sizeof(instance), "%d", i);
    name.type_instance = instance;
    run_at(100, deviations[i], 15 * DAY_S);
    const struct series_memory *memory =
        series_at(series, (size_t)i, &identifier, &of);
    bytes += state_text_series(&state, identifier, memory, text);
  }
  ck_assert_double_le(state_text_holds((double)bytes), KINDS);
  ck_assert_double_ge(state_text_holds((double)bytes), KINDS - 2);
}
END_TEST

START_TEST(an_update_allocates_nothing) {
  put(1);
  size_t before = heap_used();
  run(HOUR_S);
  ck_assert_uint_eq(heap_used(), before);
}
END_TEST

SUITE(series_memory) {
  Suite *suite = suite_create("series_memory");
  TCase *tcase = tcase_create("series_memory");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, beyond_max_watched_nothing_is_learnt);
  tcase_add_test(tcase, silence_closes_what_is_open_once);
  tcase_add_test(tcase, a_series_of_long_intervals_is_silent_later);
  tcase_add_test(tcase, an_interval_of_any_length_is_no_way_to_stay);
  tcase_add_test(tcase, a_sleep_of_the_receiver_is_no_silence);
  tcase_add_test(tcase, what_is_silent_for_max_age_is_forgotten_unless_held);
  tcase_add_test(tcase, after_a_restart_an_open_incident_is_not_raised_again);
  tcase_add_test(tcase, the_downtime_of_the_receiver_is_no_silence);
  tcase_add_test(tcase,
                 the_first_value_after_a_restart_is_judged_by_what_was_learnt);
  tcase_add_test(tcase, a_counter_goes_on_over_a_short_restart);
  tcase_add_test(tcase, whatever_came_can_be_saved);
  tcase_add_test(tcase,
                 what_was_learned_ahead_of_the_clock_is_no_reason_to_wait);
  tcase_add_test(tcase, restored_are_those_that_a_watch_wants);
  tcase_add_test(tcase, an_instance_with_a_colon_is_restored);
  tcase_add_test(tcase, a_restored_series_is_the_watchs_that_takes_its_values);
  tcase_add_test(tcase, a_series_takes_little_more_than_two_kilobytes);
  tcase_add_test(tcase, a_learned_series_is_as_long_as_is_reckoned_with);
  tcase_add_test(tcase, an_update_allocates_nothing);
  suite_add_tcase(suite, tcase);
  return suite;
}
