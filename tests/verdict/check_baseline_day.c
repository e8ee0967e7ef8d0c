/* baseline: the curve of the day. */
#include "scenes/random_load.h"
#include "scenes/suite.h"
#include "verdict/baseline.h"

#include <math.h>
#include <stdlib.h>

enum { DAY_S = 86400, START_S = 1699920000 }; /* a midnight */

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
