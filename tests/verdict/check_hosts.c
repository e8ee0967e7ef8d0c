/* hosts: snapshots put together again from values that come one by one, in any
 * order. */
#include "ready_hosts.h"

#include "scenes/suite.h"

#include <errno.h>
#include <math.h>

enum { MEMBERS = READY_MEMBERS };

START_TEST(a_snapshot_is_judged_with_its_last_value) {
  ready_begin("a");
  ready_put_member("a", 2, 0);
  ready_put_member("a", 2, 1);
  ck_assert_uint_eq(ready.ready_len, 0);
  ready_put_member("a", 2, 2);
  ck_assert_uint_eq(ready.ready_len, 1);
  ready_expect(0, "a", 2);
  ck_assert_double_eq(ready.ready[0].seen.value[SIGNAL_PASSIVE_OPENS], 10);
  ck_assert(!ready.ready[0].seen.gap);
}
END_TEST

static const int orders[][MEMBERS] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                      {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

START_TEST(values_may_come_in_any_order) {
  ready_begin("a");
  for (int i = 0; i < MEMBERS; i++)
    ready_put_member("a", 2, orders[_i][i]);
  ck_assert_uint_eq(ready.ready_len, 1);
  ready_expect(0, "a", 2);
}
END_TEST

/* Every way in which the values of two snapshots can mix, as after a stall:
 * the receiver's clock hardly moves. */
START_TEST(two_snapshots_may_come_mixed) {
  if (__builtin_popcount((unsigned)_i) != MEMBERS || _i == 7)
    return; /* 7: the later one is whole, and judged, before the other begins */
  int next[2] = {0, 0};
  ready_begin("a");
  for (int k = 0; k < 2 * MEMBERS; k++) {
    int which = _i >> k & 1;
    int i = next[which]++, n = 2 + which;
    ck_assert_int_eq(
        ready_put_late("a", n, i, 31 + 0.001 * k - n * READY_INTERVAL_S), 0);
  }
  ck_assert_uint_eq(ready.ready_len, 2);
  ready_expect(0, "a", 2);
  ready_expect(1, "a", 3);
}
END_TEST

START_TEST(hosts_do_not_disturb_each_other) {
  ready_begin("a");
  ready_begin("b");
  for (int i = 0; i < MEMBERS; i++) {
    ready_put_member("a", 2, i);
    ready_put_member("b", 5, i);
  }
  ck_assert_uint_eq(ready.ready_len, 2);
  ready_expect(0, "a", 2);
  ready_expect(1, "b", 5);
  ck_assert(ready.ready[1].seen.gap);
  ck_assert(!ready.ready[0].seen.gap);
}
END_TEST

START_TEST(a_value_twice_counts_once) {
  struct hosts_losses losses;
  ready_begin("a");
  ready_put_member("a", 2, 0);
  ck_assert_int_eq(ready_put_member("a", 2, 0), -ESTALE);
  ready_put_member("a", 2, 1);
  ready_put_member("a", 2, 2);
  ck_assert_uint_eq(ready.ready_len, 1);
  ready_expect(0, "a", 2);
  ck_assert_int_eq(ready_put_member("a", 2, 2), -ESTALE);
  ck_assert_int_eq(ready_put_member("a", 1, 2), -ESTALE);
  hosts_get_losses(ready.hosts, &losses);
  ck_assert_uint_eq(losses.late_values, 3);
  ck_assert_uint_eq(ready.ready_len, 1);
  ready_put_all("a", 3);
  ready_expect(1, "a", 3);
}
END_TEST

START_TEST(a_value_that_was_overtaken_is_not_late) {
  ready_begin("a");
  ready_put_member("a", 2, 0);
  ready_put_member("a", 2, 1);
  ready_put_member("a", 3, 0);
  ck_assert_int_eq(ready_put_late("a", 2, 2, READY_INTERVAL_S), 0);
  ck_assert_uint_eq(ready.ready_len, 1);
  ready_expect(0, "a", 2);
}
END_TEST

/* Three at once, as after a stall: no time passes between them. */
START_TEST(a_third_time_pushes_the_oldest_out) {
  ready_begin("a");
  for (int n = 2; n <= 4; n++)
    for (int i = 0; i < 2; i++)
      ck_assert_int_eq(ready_put_late("a", n, i, 20 - n * READY_INTERVAL_S), 0);
  ck_assert_uint_eq(ready.ready_len, 1 + 2); /* 3 and 4 have what 2 had */
  for (int n = 2; n <= 4; n++)
    ready_expect((size_t)n - 2, "a", n);
}
END_TEST

START_TEST(the_end_of_all_input_judges_what_is_left_in_order) {
  ready_put_member("a", 0, 0);
  ready_put_member("b", 0, 0);
  ready_put_member("b", 0, 1);
  ready_put_late("b", 1, 0, -READY_INTERVAL_S);
  ready_wake((double)INFINITY);
  ck_assert_uint_eq(ready.ready_len, 3);
  ck_assert_uint_eq(hosts_count(ready.hosts), 2);
  ck_assert(!hosts_next(ready.hosts, &ready.ready[0]));
}
END_TEST

SUITE(hosts) {
  Suite *suite = suite_create("hosts");
  TCase *tests = tcase_create("gathering");
  tcase_add_checked_fixture(tests, ready_setup, ready_teardown);
  tcase_add_test(tests, a_snapshot_is_judged_with_its_last_value);
  tcase_add_loop_test(tests, values_may_come_in_any_order, 0,
                      sizeof(orders) / sizeof(orders[0]));
  tcase_add_loop_test(tests, two_snapshots_may_come_mixed, 0, 1 << 2 * MEMBERS);
  tcase_add_test(tests, hosts_do_not_disturb_each_other);
  tcase_add_test(tests, a_value_twice_counts_once);
  tcase_add_test(tests, a_value_that_was_overtaken_is_not_late);
  tcase_add_test(tests, a_third_time_pushes_the_oldest_out);
  tcase_add_test(tests, the_end_of_all_input_judges_what_is_left_in_order);
  suite_add_tcase(suite, tests);
  return suite;
}

/* hosts: snapshots of which something is missing, for a while or for good, and
 * the first ones of a host, of which nobody knows what belongs to them. */

START_TEST(an_incomplete_snapshot_is_judged_when_a_later_one_is_there) {
  ready_begin("a");
  ready_put_member("a", 2, 0);
  ready_put_member("a", 2, 1);
  ready_put_member("a", 3, 0);
  ready_put_member("a", 3, 1);
  ck_assert_uint_eq(ready.ready_len, 0);
  ready_put_member("a", 3, 2);
  ck_assert_uint_eq(ready.ready_len, 2);
  ready_expect(0, "a", 2);
  ck_assert(isnan(ready.ready[0].seen.value[SIGNAL_PASSIVE_OPENS]));
}
END_TEST

/* A network packet holds the tail of a reading back until the next one. */
START_TEST(what_is_known_to_be_missing_is_waited_for) {
  ready_begin("a");
  ready_put_member("a", 2, 0);
  ready_put_member("a", 2, 1);
  ready_wake(29);
  ck_assert_uint_eq(ready.ready_len, 0);
  ready_put_late("a", 2, 2, READY_INTERVAL_S);
  ck_assert_uint_eq(ready.ready_len, 1);
  ready_expect(0, "a", 2);
}
END_TEST

START_TEST(an_incomplete_snapshot_is_judged_after_two_intervals) {
  ready_begin("a");
  ready_put_member("a", 2, 0);
  ready_put_member("a", 2, 1);
  ready_wake(39);
  ck_assert_uint_eq(ready.ready_len, 0);
  ready_wake(40);
  ck_assert_uint_eq(ready.ready_len, 1);
  ready_expect(0, "a", 2);
}
END_TEST

START_TEST(a_member_that_vanished_is_not_waited_for_again) {
  ready_begin("a");
  for (int n = 2; n <= 3; n++) {
    ready_put_member("a", n, 0);
    ready_put_member("a", n, 1);
  }
  ready_wake(33);
  ck_assert_uint_eq(ready.ready_len, 2);
  ready_put_member("a", 4, 0);
  ready_put_member("a", 4, 1);
  ck_assert_uint_eq(ready.ready_len, 3);
}
END_TEST

START_TEST(a_member_that_appears_is_waited_for_the_next_time) {
  ready_begin("a");
  for (int n = 2; n < 6; n++) {
    double time_s = READY_START_S + n * READY_INTERVAL_S;
    ready_put_all("a", n);
    int rc = ready_put("a", SIGNAL_SYN_QUEUE, time_s, time_s + 0.5, 40);
    ck_assert_int_eq(rc, n == 2 ? -ESTALE : 0);
    ck_assert_uint_eq(ready.ready_len, (size_t)n - 1);
    if (n > 2)
      ck_assert_double_eq(ready.ready[n - 2].seen.value[SIGNAL_SYN_QUEUE], 40);
  }
}
END_TEST

static void expect_none_late(void) {
  struct hosts_losses losses;
  hosts_get_losses(ready.hosts, &losses);
  ck_assert_uint_eq(losses.late_values, 0);
}

START_TEST(a_first_snapshot_with_all_there_can_be_is_judged_at_once) {
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    ck_assert_uint_eq(ready.ready_len, 0);
    ready_put("a", (enum signal)i, READY_START_S, READY_START_S, i);
  }
  ck_assert_uint_eq(ready.ready_len, 1);
}
END_TEST

START_TEST(a_first_snapshot_is_judged_when_the_next_one_has_begun_for_good) {
  ready_put_all("a", 0);
  ready_wake(9);
  ck_assert_uint_eq(ready.ready_len, 0);
  ready_put_all("a", 1);
  ready_wake(12);
  ck_assert_uint_eq(ready.ready_len, 0);
  ready_wake(12.5);
  ck_assert_uint_eq(ready.ready_len,
                    2); /* the second: has what the first had */
  ready_expect(0, "a", 0);
  ready_expect(1, "a", 1);
  ready_put_all("a", 2);
  ck_assert_uint_eq(ready.ready_len, 3);
}
END_TEST

START_TEST(a_first_snapshot_is_judged_alone_after_two_intervals) {
  ready_put_all("a", 0);
  ready_wake(19);
  ck_assert_uint_eq(ready.ready_len, 0);
  ready_wake(20);
  ck_assert_uint_eq(ready.ready_len, 1);
  ready_expect(0, "a", 0);
}
END_TEST

/* The packet that brings the tail brings the next one's head as well, and five
 * threads hand them over in any order. */
static const int of_two[][READY_MEMBERS][2] = {{{0, 2}, {1, 0}, {1, 1}},
                                               {{1, 0}, {0, 2}, {1, 1}},
                                               {{1, 0}, {1, 1}, {0, 2}}};

START_TEST(a_first_snapshot_that_was_cut_in_two_waits_for_its_tail) {
  ready_put_member("a", 0, 0);
  ready_put_member("a", 0, 1);
  ready_wake(9);
  for (int i = 0; i < READY_MEMBERS; i++) {
    const int *is = of_two[_i][i];
    double late_s = 10.001 + 0.001 * i - is[0] * READY_INTERVAL_S;
    ck_assert_int_eq(ready_put_late("a", is[0], is[1], late_s), 0);
  }
  ready_wake(19);
  ck_assert_uint_eq(ready.ready_len, 1);
  ready_expect(0, "a", 0);
  ready_put_late("a", 1, 2, READY_INTERVAL_S);
  ck_assert_uint_eq(ready.ready_len, 2);
  ready_expect(1, "a", 1);
  ck_assert_double_eq(ready.ready[1].seen.value[SIGNAL_PASSIVE_OPENS], 10);
  expect_none_late();
}
END_TEST

/* The receiver began between the two packets of a reading: it sees the tail of
 * the first, and knows after the second that there is more to one. */
START_TEST(a_first_snapshot_that_is_a_tail_makes_no_other_late) {
  ready_put_late("a", 0, 2, READY_INTERVAL_S - 0.02);
  ready_put_late("a", 0, 0, READY_INTERVAL_S - 0.01);
  for (int n = 1; n < 4; n++) {
    ck_assert_int_eq(ready_put_member("a", n, 1), 0);
    ready_wake(n * READY_INTERVAL_S + 5);
    ck_assert_int_eq(ready_put_late("a", n, 2, READY_INTERVAL_S - 0.02), 0);
    ck_assert_int_eq(ready_put_late("a", n, 0, READY_INTERVAL_S - 0.01), 0);
  }
  ck_assert_uint_eq(ready.ready_len, 4);
  for (int n = 2; n < 4; n++)
    ready_expect((size_t)n, "a", n);
  expect_none_late();
}
END_TEST

SUITE(hosts_missing) {
  Suite *suite = suite_create("watch_missing");
  TCase *tests = tcase_create("missing");
  tcase_add_checked_fixture(tests, ready_setup, ready_teardown);
  tcase_add_test(tests,
                 an_incomplete_snapshot_is_judged_when_a_later_one_is_there);
  tcase_add_test(tests, what_is_known_to_be_missing_is_waited_for);
  tcase_add_test(tests, an_incomplete_snapshot_is_judged_after_two_intervals);
  tcase_add_test(tests, a_member_that_vanished_is_not_waited_for_again);
  tcase_add_test(tests, a_member_that_appears_is_waited_for_the_next_time);
  suite_add_tcase(suite, tests);
  tests = tcase_create("first");
  tcase_add_checked_fixture(tests, ready_setup, ready_teardown);
  tcase_add_test(tests,
                 a_first_snapshot_with_all_there_can_be_is_judged_at_once);
  tcase_add_test(
      tests, a_first_snapshot_is_judged_when_the_next_one_has_begun_for_good);
  tcase_add_test(tests, a_first_snapshot_is_judged_alone_after_two_intervals);
  tcase_add_loop_test(tests,
                      a_first_snapshot_that_was_cut_in_two_waits_for_its_tail,
                      0, sizeof(of_two) / sizeof(of_two[0]));
  tcase_add_test(tests, a_first_snapshot_that_is_a_tail_makes_no_other_late);
  suite_add_tcase(suite, tests);
  return suite;
}
