/* watch: snapshots of which something is missing, for a while or for good, and
 * the first ones of a host, of which nobody knows what belongs to them. */
#include "ready_hosts.h"
#include "scenes/suite.h"

#include <errno.h>
#include <math.h>

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
  hosts_get_losses(ready.watch, &losses);
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
