/* baseline: a case by hand, then properties over seeded runs. */
#include "scenes/random_load.h"
#include "scenes/suite.h"
#include "verdict/baseline.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HOUR_S = 3600, DAY_S = 86400, START_S = 1699920000 }; /* a midnight */

static struct random_load random_;
static struct baseline baseline;
static struct baseline_day day;
static struct baseline_now now;
static double time_s;

static void setup(void) {
  random_.state = 1;
  baseline_init(&baseline);
  baseline_day_init(&day);
  time_s = START_S;
}

static void judge(double value, double dt_s, enum baseline_kind kind,
                  struct baseline_day *of_day) {
  baseline_judge(&baseline, of_day, kind, value, time_s, dt_s, &now);
}

/* One plain value, judged and learnt, without the time of day. */
static void take(double value, double dt_s, bool frozen) {
  judge(value, dt_s, BASELINE_PLAIN, NULL);
  baseline_learn(&baseline, NULL, value, time_s, dt_s, &now, frozen);
  time_s += dt_s;
}

/* Gaussian values of mean 100 and deviation 10. */
static void take_usual(double seconds) {
  for (double end_s = time_s + seconds; time_s < end_s;)
    take(100 + 10 * random_normal(&random_), 10, false);
}

START_TEST(three_values_by_hand) {
  take(100, 10, false); /* its own expectation; spread 10 %, and learnt */
  ck_assert_double_eq(now.expected, 100);
  ck_assert_double_eq(now.spread, 10 / sqrt(1)); /* sqrt((0+10*100)/10) */
  ck_assert_double_eq(now.sigmas, 0);
  ck_assert_double_eq(baseline.level, 100);

  take(110, 10, false); /* variance (0 + 10*100)/11 */
  ck_assert_double_eq_tol(now.spread, sqrt(1000.0 / 11), 1e-12);
  ck_assert_double_eq_tol(now.sigmas, 10 / sqrt(1000.0 / 11), 1e-12);
  ck_assert_double_eq_tol(baseline.level, 105, 1e-12);   /* weight 1/2 */
  ck_assert_double_eq_tol(baseline.variance, 50, 1e-12); /* weight 1/2 */

  take(105, 10, false); /* 20 s say little: 1 + 3600/20 times the variance */
  ck_assert_double_eq_tol(now.expected, 105, 1e-12);
  ck_assert_double_eq_tol(now.spread,
                          sqrt((2 * 181 * 50 + 10 * 10.5 * 10.5) / 12), 1e-12);
  ck_assert_double_eq(baseline.learnt, 3);
  ck_assert_double_eq(baseline.learnt_s, 30);
}
END_TEST

START_TEST(judging_changes_nothing) {
  take_usual(HOUR_S);
  struct baseline before = baseline;
  judge(1e6, 10, BASELINE_PLAIN, NULL);
  ck_assert_mem_eq(&before, &baseline, sizeof(before));
}
END_TEST

START_TEST(level_and_spread_are_those_of_the_values) {
  take_usual(2 * DAY_S);
  ck_assert_double_eq_tol(baseline.level, 100, 2);
  ck_assert_double_eq_tol(sqrt(baseline.variance), 10, 1.5);
}
END_TEST

START_TEST(one_outlier_moves_the_level_by_its_clip_at_most) {
  take_usual(DAY_S);
  double level = baseline.level, spread;
  take(1e6, 10, false);
  spread = now.spread;
  ck_assert_double_gt(baseline.level, level);
  ck_assert_double_le(baseline.level - level,
                      3.5 * spread * 10 / (6.0 * (double)HOUR_S) * (1 + 1e-9));
  ck_assert_double_lt(baseline.variance,
                      spread * spread * (1 + 12.25 * 10 / (double)DAY_S));
}
END_TEST

START_TEST(frozen_means_unchanged_to_the_bit) {
  take_usual(HOUR_S);
  struct baseline before = baseline;
  for (int i = 0; i < 100; i++)
    take(1e6 * random_unit(&random_), 10, true);
  ck_assert_mem_eq(&before.level, &baseline.level, sizeof(double));
  ck_assert_mem_eq(&before.offset, &baseline.offset, sizeof(double));
  ck_assert_mem_eq(&before.variance, &baseline.variance, sizeof(double));
  ck_assert_mem_eq(&before.learnt, &baseline.learnt, sizeof(double));
  ck_assert_mem_eq(&before.learnt_s, &baseline.learnt_s, sizeof(double));
  ck_assert_double_eq(baseline.frozen_s, 1000);
}
END_TEST

START_TEST(a_new_normal_is_adopted_whole) {
  take_usual(DAY_S);
  for (int i = 0; i < 4 * HOUR_S / 10; i++)
    take(500 + 20 * random_normal(&random_), 10, true);
  baseline_adopt(&baseline, NULL, time_s);
  ck_assert_double_eq_tol(baseline.level, 500, 10);
  ck_assert_double_eq_tol(sqrt(baseline.variance), 20, 5);
  ck_assert_double_eq(baseline.frozen_s, 0);
  take(500, 10, false);
  ck_assert_double_lt(fabs(now.sigmas), 1);
  ck_assert_double_eq(now.rise, 0);
}
END_TEST

START_TEST(a_slow_shift_adds_up_and_a_gap_voids_it) {
  take_usual(DAY_S);
  double level = baseline.level, spread = now.spread;
  int values = 0;
  for (; values < 100 && now.rise <= 10; values++)
    take(level + 3 * spread, 10, true);
  ck_assert_int_ge(values, 8); /* one sigma a value beyond the allowance */
  ck_assert_int_le(values, 13);
  ck_assert_double_eq(now.fall, 0);
  baseline_interrupt(&baseline);
  take(level, 10, false);
  ck_assert_double_eq(now.rise, 0);
}
END_TEST

START_TEST(the_sums_are_held_within_20) {
  take_usual(HOUR_S);
  for (int i = 0; i < 50; i++)
    take(1e9, 10, true);
  ck_assert_double_eq(baseline.rise, 20);
  for (int i = 0; i < 50; i++)
    take(-1e9, 10, true);
  ck_assert_double_eq(baseline.rise, 0);
  ck_assert_double_eq(baseline.fall, 20);
}
END_TEST

START_TEST(a_constant_series_keeps_a_spread) {
  for (int i = 0; i < 10000; i++)
    take(42, 10, false);
  ck_assert_double_eq(baseline.level, 42);
  ck_assert_double_eq_tol(now.spread, 0.42, 1e-9); /* 1 % is the least */
  for (int i = 0; i < 100000; i++)
    take(0, 10, false);
  judge(0, 10, BASELINE_PLAIN, NULL);
  ck_assert_double_gt(now.spread, 0);
  ck_assert_double_eq_tol(now.sigmas, 0, 1);
}
END_TEST

START_TEST(near_zero_counts_scatter_at_least_as_poisson_says) {
  for (int i = 0; i < 10000; i++)
    take(0, 10, false);
  judge(3, 10, BASELINE_COUNT, NULL);
  ck_assert_double_eq(now.spread, 2);
  ck_assert_double_eq(now.sigmas, 1.5);
  judge(0.3, 10, BASELINE_RATE, NULL); /* three events in ten seconds */
  ck_assert_double_eq_tol(now.spread, 0.2, 1e-12);
  ck_assert_double_eq_tol(now.sigmas, 1.5, 1e-12);
}
END_TEST

START_TEST(a_count_of_900_scatters_by_30) {
  for (int i = 0; i < 10000; i++)
    take(900, 10, false);
  judge(900, 10, BASELINE_COUNT, NULL);
  ck_assert_double_eq_tol(now.spread, 30, 0.1);
}
END_TEST

static double any_magnitude(void) {
  double size = pow(10, 601 * random_unit(&random_) - 300);
  return random_unit(&random_) < 0.5 ? -size : size;
}

static double any_value(void) {
  static const double extremes[] = {0,       -0.0,     1e300,   -1e300,
                                    DBL_MAX, -DBL_MAX, DBL_MIN, 1};
  if (random_unit(&random_) < 0.3)
    return extremes[random_bits(&random_) % 8];
  return random_unit(&random_) < 0.5 ? random_normal(&random_)
                                     : any_magnitude();
}

static bool all_finite(const double *values, size_t len) {
  for (size_t i = 0; i < len; i++)
    if (!isfinite(values[i]))
      return false;
  return true;
}

static bool day_is_finite(void) {
  for (int i = 0; i < BASELINE_SLOTS; i++)
    if (!isfinite(day.level[i]))
      return false;
  return true;
}

static void assert_sound(void) {
  ck_assert(all_finite((const double *)&now, sizeof(now) / sizeof(double)));
  ck_assert_double_gt(now.spread, 0);
  ck_assert(
      all_finite((const double *)&baseline, sizeof(baseline) / sizeof(double)));
  ck_assert_double_ge(baseline.variance, 0);
  ck_assert_double_ge(baseline.shadow_variance, 0);
  ck_assert(day_is_finite());
}

START_TEST(finite_values_never_make_anything_else) {
  random_.state = (uint64_t)_i;
  for (int i = 0; i < 3000; i++) {
    double value = any_value(), dt_s = pow(10, 9 * random_unit(&random_) - 3);
    enum baseline_kind kind = (enum baseline_kind)(random_bits(&random_) % 3);
    time_s += dt_s;
    judge(value, dt_s, kind, &day);
    baseline_learn(&baseline, &day, value, time_s, dt_s, &now,
                   random_unit(&random_) < 0.2);
    assert_sound();
    if (random_unit(&random_) < 0.01)
      baseline_adopt(&baseline, &day, time_s);
    if (random_unit(&random_) < 0.01)
      baseline_interrupt(&baseline);
    assert_sound();
  }
}
END_TEST

SUITE(baseline) {
  Suite *suite = suite_create("baseline");
  TCase *tcase = tcase_create("baseline");
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, three_values_by_hand);
  tcase_add_test(tcase, judging_changes_nothing);
  tcase_add_test(tcase, level_and_spread_are_those_of_the_values);
  tcase_add_test(tcase, one_outlier_moves_the_level_by_its_clip_at_most);
  tcase_add_test(tcase, frozen_means_unchanged_to_the_bit);
  tcase_add_test(tcase, a_new_normal_is_adopted_whole);
  tcase_add_test(tcase, a_slow_shift_adds_up_and_a_gap_voids_it);
  tcase_add_test(tcase, the_sums_are_held_within_20);
  tcase_add_test(tcase, a_constant_series_keeps_a_spread);
  tcase_add_test(tcase, near_zero_counts_scatter_at_least_as_poisson_says);
  tcase_add_test(tcase, a_count_of_900_scatters_by_30);
  tcase_add_loop_test(tcase, finite_values_never_make_anything_else, 0, 10);
  suite_add_tcase(suite, tcase);
  return suite;
}

/* baseline: the curve of the day. */

/* Between 50 at midnight and 350 at noon, every day, with noise. */
static double diurnal(double at_s) {
  double phase = 6.283185307179586 * fmod(at_s, DAY_S) / (double)DAY_S;
  return 200 - 150 * cos(phase) + 5 * random_normal(&random_);
}

/* Returns the root mean square of what was not expected on the last of the
 * days; sets *worst to the largest deviation in sigmas. */
static double learn_days(int days, struct baseline_day *of_day, double *worst) {
  double squares = 0, end_s = time_s + days * DAY_S;
  int count = 0;

  for (*worst = 0; time_s < end_s; time_s += 60) {
    double value = diurnal(time_s);
    judge(value, 60, BASELINE_PLAIN, of_day);
    if (time_s >= end_s - (double)DAY_S) {
      squares += (value - now.expected) * (value - now.expected);
      *worst = fmax(*worst, fabs(now.sigmas));
      count++;
    }
    baseline_learn(&baseline, of_day, value, time_s, 60, &now, false);
  }
  return sqrt(squares / count);
}

START_TEST(the_curve_of_the_day_explains_the_day_after_two) {
  double worst, with_curve, without;
  without = learn_days(4, NULL, &worst);
  setup();
  with_curve = learn_days(4, &day, &worst);
  ck_assert_double_lt(with_curve, without / 2);
  ck_assert_double_lt(worst, 3); /* no alarm at the peak */
  with_curve = learn_days(6, &day, &worst);
  ck_assert_double_lt(with_curve, without / 4);
  ck_assert_double_lt(worst, 4.5);
}
END_TEST

START_TEST(off_the_curve_is_off_even_within_the_range_of_the_day) {
  double worst;
  learn_days(14, &day, &worst);
  judge(200, 60, BASELINE_PLAIN, &day); /* midnight; at six it is usual */
  ck_assert_double_eq_tol(now.expected, 50, 15);
  ck_assert_double_gt(now.sigmas, 6);
}
END_TEST

START_TEST(before_two_days_the_curve_says_nothing) {
  double worst;
  learn_days(1, &day, &worst);
  judge(100, 60, BASELINE_PLAIN, &day);
  struct baseline_now with = now;
  judge(100, 60, BASELINE_PLAIN, NULL);
  ck_assert_double_eq(with.expected, now.expected);
}
END_TEST

START_TEST(with_a_curve_a_new_normal_is_adopted_at_once) {
  double worst;
  learn_days(7, &day, &worst);
  for (int i = 0; i < 240; i++, time_s += 60) {
    double value = diurnal(time_s) + 300;
    judge(value, 60, BASELINE_PLAIN, &day);
    baseline_learn(&baseline, &day, value, time_s, 60, &now, true);
  }
  ck_assert_double_gt(now.sigmas, 6);
  baseline_adopt(&baseline, &day, time_s);
  judge(diurnal(time_s) + 300, 60, BASELINE_PLAIN, &day);
  ck_assert_double_lt(fabs(now.sigmas), 2);
}
END_TEST

START_TEST(frozen_the_curve_of_the_day_stands_still) {
  struct baseline_day before = day;
  judge(7, 10, BASELINE_PLAIN, &day);
  baseline_learn(&baseline, &day, 7, time_s, 10, &now, true);
  ck_assert_mem_eq(&before, &day, sizeof(day));
  baseline_learn(&baseline, &day, 7, time_s, 10, &now, false);
  ck_assert_mem_ne(&before, &day, sizeof(day));
}
END_TEST

SUITE(baseline_day) {
  Suite *suite = suite_create("baseline_day");
  TCase *tcase = tcase_create("baseline_day");
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, the_curve_of_the_day_explains_the_day_after_two);
  tcase_add_test(tcase, off_the_curve_is_off_even_within_the_range_of_the_day);
  tcase_add_test(tcase, before_two_days_the_curve_says_nothing);
  tcase_add_test(tcase, with_a_curve_a_new_normal_is_adopted_at_once);
  tcase_add_test(tcase, frozen_the_curve_of_the_day_stands_still);
  suite_add_tcase(suite, tcase);
  return suite;
}
