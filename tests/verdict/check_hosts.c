/* watch: snapshots put together again from values that come one by one, in any
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
  hosts_get_losses(ready.watch, &losses);
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
  ck_assert_uint_eq(hosts_count(ready.watch), 2);
  ck_assert(!hosts_next(ready.watch, &ready.ready[0]));
}
END_TEST

SUITE(hosts) {
  Suite *suite = suite_create("watch");
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
