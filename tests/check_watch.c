/* watch: snapshots put together again from values that come one by one. */
#include "verdict/watch.h"

#include <check.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { READY_MAX = 32 };
static const double interval_s = 10, start_s = 1700000000;

static struct rules rules;
static struct watch *watch;
static struct judgement ready[READY_MAX]; /* since the last forget_ready */
static size_t ready_len;

static void setup(void) {
  rules_defaults(&rules);
  watch = watch_create(&rules);
  ck_assert_ptr_nonnull(watch);
  ready_len = 0;
}

static void teardown(void) { watch_destroy(watch); }

static void drain(void) {
  while (ready_len < READY_MAX && watch_next(watch, &ready[ready_len]))
    ready_len++;
}

/* As the plugin does it: put, and judge what is ready. */
static int put(const char *host, enum signal signal, double time_s,
               double now_s, double number) {
  struct watch_value value = {.host = host,
                              .signal = signal,
                              .time_s = time_s,
                              .interval_s = interval_s,
                              .now_s = now_s};
  value.value.gauge = number;
  if (signal >= SIGNAL_FIRST_COUNTER)
    value.value.counter = (int64_t)number;
  int rc = watch_put(watch, &value);
  drain();
  if (rc == -EAGAIN)
    rc = watch_put(watch, &value);
  drain();
  return rc;
}

static const enum signal members[] = {SIGNAL_ESTABLISHED, SIGNAL_SYN_RECV,
                                      SIGNAL_PASSIVE_OPENS};
enum { MEMBERS = 3 };

/* Member i of the host's snapshot number n; all but the last at n's time. */
static int put_member(const char *host, int n, int i) {
  double time_s = start_s + n * interval_s;
  return put(host, members[i], time_s, time_s + 0.01 * i, n * 100 + i);
}

static void put_all(const char *host, int n) {
  for (int i = 0; i < MEMBERS; i++)
    ck_assert_int_eq(put_member(host, n, i), 0);
}

/* The first snapshot shows what belongs to one; it is judged with the first
 * value of the second. */
static void begin(const char *host) {
  put_all(host, 0);
  put_all(host, 1);
  ck_assert_uint_eq(ready_len, 2);
  ready_len = 0;
}

static void expect_ready(size_t i, const char *host, int n) {
  ck_assert_uint_lt(i, ready_len);
  const struct judgement *judged = &ready[i];
  ck_assert_str_eq(judged->host, host);
  ck_assert_double_eq(judged->seen.time_s, start_s + n * interval_s);
  ck_assert_double_eq(judged->seen.value[SIGNAL_ESTABLISHED], n * 100);
  ck_assert_double_eq(judged->seen.value[SIGNAL_SYN_RECV], n * 100 + 1);
  ck_assert(judged->finding[INCIDENT_SYN_FLOOD].judged);
}

START_TEST(a_snapshot_is_judged_with_its_last_value) {
  begin("a");
  put_member("a", 2, 0);
  put_member("a", 2, 1);
  ck_assert_uint_eq(ready_len, 0);
  put_member("a", 2, 2);
  ck_assert_uint_eq(ready_len, 1);
  expect_ready(0, "a", 2);
  ck_assert_double_eq(ready[0].seen.value[SIGNAL_PASSIVE_OPENS], 10);
  ck_assert(!ready[0].seen.gap);
}
END_TEST

static const int orders[][MEMBERS] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                      {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

START_TEST(values_may_come_in_any_order) {
  begin("a");
  for (int i = 0; i < MEMBERS; i++)
    put_member("a", 2, orders[_i][i]);
  ck_assert_uint_eq(ready_len, 1);
  expect_ready(0, "a", 2);
}
END_TEST

/* Every way in which the values of two snapshots can mix, as after a stall:
 * the receiver's clock hardly moves. */
START_TEST(two_snapshots_may_come_mixed) {
  if (__builtin_popcount((unsigned)_i) != MEMBERS || _i == 7)
    return; /* 7: the later one is whole, and judged, before the other begins */
  int next[2] = {0, 0};
  begin("a");
  for (int k = 0; k < 2 * MEMBERS; k++) {
    int which = _i >> k & 1;
    int i = next[which]++, n = 2 + which;
    ck_assert_int_eq(put("a", members[i], start_s + n * interval_s,
                         start_s + 31 + 0.001 * k, n * 100 + i),
                     0);
  }
  ck_assert_uint_eq(ready_len, 2);
  expect_ready(0, "a", 2);
  expect_ready(1, "a", 3);
}
END_TEST

START_TEST(hosts_do_not_disturb_each_other) {
  begin("a");
  begin("b");
  for (int i = 0; i < MEMBERS; i++) {
    put_member("a", 2, i);
    put_member("b", 5, i);
  }
  ck_assert_uint_eq(ready_len, 2);
  expect_ready(0, "a", 2);
  expect_ready(1, "b", 5);
  ck_assert(ready[1].seen.gap);
  ck_assert(!ready[0].seen.gap);
}
END_TEST

START_TEST(a_value_twice_counts_once) {
  struct watch_losses losses;
  begin("a");
  put_member("a", 2, 0);
  ck_assert_int_eq(put("a", members[0], start_s + 20, start_s + 20, 7),
                   -ESTALE);
  put_member("a", 2, 1);
  put_member("a", 2, 2);
  ck_assert_uint_eq(ready_len, 1);
  expect_ready(0, "a", 2);
  ck_assert_int_eq(put_member("a", 2, 2), -ESTALE);
  ck_assert_int_eq(put_member("a", 1, 2), -ESTALE);
  watch_get_losses(watch, &losses);
  ck_assert_uint_eq(losses.late_values, 3);
  ck_assert_uint_eq(ready_len, 1);
  put_all("a", 3);
  expect_ready(1, "a", 3);
}
END_TEST

START_TEST(an_incomplete_snapshot_is_judged_when_a_later_one_is_there) {
  begin("a");
  put_member("a", 2, 0);
  put_member("a", 2, 1);
  put_member("a", 3, 0);
  put_member("a", 3, 1);
  ck_assert_uint_eq(ready_len, 0);
  put_member("a", 3, 2);
  ck_assert_uint_eq(ready_len, 2);
  expect_ready(0, "a", 2);
  ck_assert(isnan(ready[0].seen.value[SIGNAL_PASSIVE_OPENS]));
}
END_TEST

START_TEST(a_value_that_was_overtaken_is_not_late) {
  begin("a");
  put_member("a", 2, 0);
  put_member("a", 2, 1);
  put_member("a", 3, 0);
  ck_assert_int_eq(put_member("a", 2, 2), 0);
  ck_assert_uint_eq(ready_len, 1);
  expect_ready(0, "a", 2);
}
END_TEST

/* A network packet holds the tail of a reading back until the next one. */
START_TEST(what_is_known_to_be_missing_is_waited_for) {
  begin("a");
  put_member("a", 2, 0);
  put_member("a", 2, 1);
  watch_wake(watch, start_s + 29);
  drain();
  ck_assert_uint_eq(ready_len, 0);
  put_member("a", 2, 2);
  ck_assert_uint_eq(ready_len, 1);
  expect_ready(0, "a", 2);
}
END_TEST

START_TEST(an_incomplete_snapshot_is_judged_after_two_intervals) {
  begin("a");
  put_member("a", 2, 0);
  put_member("a", 2, 1);
  watch_wake(watch, start_s + 39);
  drain();
  ck_assert_uint_eq(ready_len, 0);
  watch_wake(watch, start_s + 40);
  drain();
  ck_assert_uint_eq(ready_len, 1);
  expect_ready(0, "a", 2);
}
END_TEST

START_TEST(the_first_snapshot_is_judged_when_woken_after_half_an_interval) {
  put_member("a", 0, 0);
  put_member("a", 0, 1);
  watch_wake(watch, start_s + 4);
  drain();
  ck_assert_uint_eq(ready_len, 0);
  watch_wake(watch, start_s + 6);
  drain();
  ck_assert_uint_eq(ready_len, 1);
}
END_TEST

/* Three at once, as after a stall: no time passes between them. */
START_TEST(a_third_time_pushes_the_oldest_out) {
  begin("a");
  for (int n = 2; n <= 4; n++) {
    double time_s = start_s + n * interval_s;
    ck_assert_int_eq(put("a", SIGNAL_ESTABLISHED, time_s, start_s, n * 100), 0);
    ck_assert_int_eq(put("a", SIGNAL_SYN_RECV, time_s, start_s, n * 100 + 1),
                     0);
  }
  ck_assert_uint_eq(ready_len, 1 + 2); /* 3 and 4 have what 2 had */
  for (int n = 2; n <= 4; n++)
    expect_ready((size_t)n - 2, "a", n);
}
END_TEST

START_TEST(the_end_of_all_input_judges_what_is_left_in_order) {
  put_member("a", 0, 0);
  put_member("b", 0, 0);
  put_member("b", 0, 1);
  put("b", members[0], start_s + 10, start_s, 100);
  watch_wake(watch, INFINITY);
  drain();
  ck_assert_uint_eq(ready_len, 3);
  ck_assert_uint_eq(watch_hosts(watch), 2);
  ck_assert(!watch_next(watch, &ready[0]));
}
END_TEST

START_TEST(a_member_that_vanished_is_not_waited_for_again) {
  begin("a");
  put_member("a", 2, 0);
  put_member("a", 2, 1);
  put_member("a", 3, 0);
  put_member("a", 3, 1);
  watch_wake(watch, start_s + 33);
  drain();
  ck_assert_uint_eq(ready_len, 2);
  put_member("a", 4, 0);
  put_member("a", 4, 1);
  ck_assert_uint_eq(ready_len, 3);
}
END_TEST

START_TEST(a_member_that_appears_is_waited_for_the_next_time) {
  begin("a");
  for (int n = 2; n < 6; n++) {
    double time_s = start_s + n * interval_s;
    put_all("a", n);
    int rc = put("a", SIGNAL_SYN_QUEUE, time_s, time_s + 0.5, 40);
    ck_assert_int_eq(rc, n == 2 ? -ESTALE : 0);
    ck_assert_uint_eq(ready_len, (size_t)n - 1);
    if (n > 2)
      ck_assert_double_eq(ready[n - 2].seen.value[SIGNAL_SYN_QUEUE], 40);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("watch");
  TCase *tests = tcase_create("gathering");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, a_snapshot_is_judged_with_its_last_value);
  tcase_add_loop_test(tests, values_may_come_in_any_order, 0,
                      sizeof(orders) / sizeof(orders[0]));
  tcase_add_loop_test(tests, two_snapshots_may_come_mixed, 0, 1 << 2 * MEMBERS);
  tcase_add_test(tests, hosts_do_not_disturb_each_other);
  tcase_add_test(tests, a_value_twice_counts_once);
  tcase_add_test(tests,
                 an_incomplete_snapshot_is_judged_when_a_later_one_is_there);
  tcase_add_test(tests, a_value_that_was_overtaken_is_not_late);
  tcase_add_test(tests, what_is_known_to_be_missing_is_waited_for);
  tcase_add_test(tests, an_incomplete_snapshot_is_judged_after_two_intervals);
  tcase_add_test(
      tests, the_first_snapshot_is_judged_when_woken_after_half_an_interval);
  tcase_add_test(tests, a_third_time_pushes_the_oldest_out);
  tcase_add_test(tests, the_end_of_all_input_judges_what_is_left_in_order);
  tcase_add_test(tests, a_member_that_vanished_is_not_waited_for_again);
  tcase_add_test(tests, a_member_that_appears_is_waited_for_the_next_time);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
