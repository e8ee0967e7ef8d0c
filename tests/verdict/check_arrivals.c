/* In how many bins of time something arrived. */
#include "scenes/suite.h"
#include "verdict/arrivals.h"

#include <math.h>

static struct arrivals arrivals;

static void setup(void) { arrivals = (struct arrivals){0}; }

static const double intervals[] = {1, 5, 10, 30, 60};
enum { INTERVALS = sizeof(intervals) / sizeof(intervals[0]) };

/* Events at a steady rate for so long; returns the bins at the end. */
static double steady(double rate, double seconds, double dt_s) {
  double bins = 0;

  for (double at = 0; at < seconds; at += dt_s)
    bins = arrivals_add(&arrivals, rate * dt_s, dt_s);
  return bins;
}

START_TEST(nothing_comes_in_no_bin) {
  ck_assert_double_eq(steady(0, 600, 10), 0);
}
END_TEST

START_TEST(a_burst_of_any_size_is_one_bin) {
  double sizes[] = {1, 12, 1e6};
  for (int i = 0; i < 3; i++) {
    setup();
    steady(0, 600, intervals[_i]);
    ck_assert_double_eq_tol(arrivals_add(&arrivals, sizes[i], intervals[_i]), 1,
                            1e-12);
    for (int n = 0; n < 30; n++)
      ck_assert_double_eq_tol(arrivals_add(&arrivals, 0, intervals[_i]), 1,
                              1e-9);
  }
}
END_TEST

/* By hand: two equal bins, the first of them faded by exp(-10/150). */
START_TEST(two_bins_by_hand) {
  double keep = exp(-10. / 150);
  arrivals_add(&arrivals, 7, 10);
  double bins = arrivals_add(&arrivals, 7, 10);
  ck_assert_double_eq_tol(bins, (keep + 1) * (keep + 1) / (keep * keep + 1),
                          1e-12);
}
END_TEST

/* Whatever the interval: after a minute many bins, and a bin a reading where
 * readings are longer than a bin. */
START_TEST(a_steady_stream_comes_in_many_bins) {
  double bins = steady(3, 120, intervals[_i]);
  ck_assert_double_ge(bins, intervals[_i] < 60 ? 3.5 : 1.8);
  ck_assert_double_le(bins, 13);
}
END_TEST

START_TEST(the_rate_does_not_matter) {
  double few = steady(0.1, 120, 10);
  setup();
  ck_assert_double_eq_tol(steady(1000, 120, 10), few, 1e-9);
}
END_TEST

/* Pulses of a second every 30 or 60 s are bins of their own; a large one long
 * ago does not hide that. */
START_TEST(pulses_add_up) {
  arrivals_add(&arrivals, 1000, 10);
  steady(0, 1200, 10);
  double bins = 0;
  for (int pulse = 0; pulse < 4; pulse++) {
    bins = arrivals_add(&arrivals, 20, 10);
    steady(0, _i ? 50 : 20, 10);
  }
  ck_assert_double_ge(bins, 2.2);
}
END_TEST

SUITE(arrivals) {
  Suite *suite = suite_create("arrivals");
  TCase *tests = tcase_create("bins");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, nothing_comes_in_no_bin);
  tcase_add_loop_test(tests, a_burst_of_any_size_is_one_bin, 0, INTERVALS);
  tcase_add_test(tests, two_bins_by_hand);
  tcase_add_loop_test(tests, a_steady_stream_comes_in_many_bins, 0, INTERVALS);
  tcase_add_test(tests, the_rate_does_not_matter);
  tcase_add_loop_test(tests, pulses_add_up, 0, 2);
  suite_add_tcase(suite, tests);
  return suite;
}
