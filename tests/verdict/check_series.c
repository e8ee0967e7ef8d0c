/* series: what is off is raised once and cleared once, by the rules of its
 * <Watch>. */
#include "scenes/suite.h"
#include "series_feed.h"

#include <stdlib.h>

START_TEST(a_step_is_one_incident_from_its_begin_to_its_end) {
  run(DAY_S);
  double level = memory_of(0)->baseline.level;
  run_at(200, 10, 2 * HOUR_S);
  assert_changes(1, 0);
  run(HOUR_S);
  assert_changes(1, 1);
  /* Two hours of it have left no trace. */
  ck_assert_double_eq_tol(memory_of(0)->baseline.level, level, 5);
  run(DAY_S);
  assert_changes(1, 1);
}
END_TEST

START_TEST(however_soon_it_clears_it_is_not_adopted) {
  watch->incident.clear_after = 1;
  run(DAY_S);
  double level = memory_of(0)->baseline.level;
  run_at(1000, 10, 2 * HOUR_S);
  for (int i = 0; i < 20; i++)
    put(100);
  ck_assert_int_eq(changes[INCIDENT_CLEARED], 1);
  ck_assert_double_eq_tol(memory_of(0)->baseline.level, level, 5);
}
END_TEST

START_TEST(it_is_raised_with_the_second_value_and_told_with_its_figures) {
  run(DAY_S);
  put(200);
  ck_assert_int_eq(got.finding.change, INCIDENT_UNCHANGED);
  put(201);
  ck_assert_int_eq(got.finding.change, INCIDENT_RAISED);
  ck_assert_int_eq(got.finding.severity, SEVERITY_WARNING);
  ck_assert_double_eq(got.finding.since_s, next.time_s - 10);
  ck_assert_double_eq(got.time_s, next.time_s - 10);
  ck_assert_double_eq(got.interval_s, 10);
  ck_assert_double_eq(got.finding.observed, 201);
  ck_assert_double_eq_tol(got.finding.expected, 100, 5);
  ck_assert_double_eq_tol(got.finding.upper, 160, 10);
  ck_assert_double_eq_tol(got.finding.lower, 40, 10);
  ck_assert_double_eq_tol(got.finding.score, 10, 1.5);
  ck_assert_str_eq(got.identifier, "h/p/gauge-x");
  ck_assert_ptr_eq(got.rules, watch);
  ck_assert_double_eq(got.silent_s, 0);
}
END_TEST

/* Of a unit that nobody knows; the judgement is as before. */
START_TEST(where_nothing_is_usual_a_score_still_has_a_ceiling) {
  run_at(0, 0, DAY_S);
  put(3);
  put(3);
  ck_assert_int_eq(got.finding.change, INCIDENT_RAISED);
  ck_assert_double_eq(got.finding.score, INCIDENT_SCORE_MAX);
}
END_TEST

START_TEST(a_shift_too_small_for_one_value_is_found_within_the_hour) {
  next.interval_s = 60;
  run(10 * DAY_S);
  run_at(140, 10, HOUR_S); /* four sigmas; six are needed of one value */
  assert_changes(1, 0);
  run_at(140, 10, HOUR_S);
  assert_changes(1, 0);
  run(HOUR_S);
  assert_changes(1, 1);
}
END_TEST

START_TEST(what_lasts_becomes_normal) {
  run(DAY_S);
  run_at(300, 10, 5 * HOUR_S);
  ck_assert_int_eq(changes[INCIDENT_RAISED], 1);
  ck_assert_int_eq(changes[INCIDENT_ADOPTED], 1);
  run_at(300, 10, DAY_S);
  ck_assert_int_eq(changes[INCIDENT_RAISED], 1);
  ck_assert_double_eq_tol(got.finding.expected, 300, 10);
}
END_TEST

START_TEST(warm_up_comes_first) {
  rules.warm_up_s = 600;
  run(500);
  run_at(1000, 1, 60);
  assert_changes(0, 0);
  teardown();
  setup();
  run(700);
  run_at(1000, 1, 60);
  assert_changes(1, 0);
}
END_TEST

static const struct {
  double direction, value;
  bool raised;
} directions[] = {
    {SERIES_BOTH, 300, true},   {SERIES_BOTH, -100, true},
    {SERIES_ABOVE, 300, true},  {SERIES_ABOVE, -100, false},
    {SERIES_BELOW, 300, false}, {SERIES_BELOW, -100, true},
};

/* A sensor that says 0 until it has measured, or a peak at the start. */
START_TEST(a_first_value_unlike_all_others_is_soon_forgotten) {
  static const double first[] = {0, 10000};
  put(first[_i]);
  run_at(100, 10, 1800);
  assert_changes(0, 0);
  ck_assert_double_gt(memory_of(0)->baseline.learnt, 165);
  run(DAY_S);
  assert_changes(0, 0);
  run_at(200, 10, HOUR_S);
  assert_changes(1, 0);
  ck_assert_double_eq_tol(memory_of(0)->baseline.level, 100, 10);
}
END_TEST

START_TEST(only_the_direction_asked_for_counts) {
  watch->direction = directions[_i].direction;
  run(DAY_S);
  run_at(directions[_i].value, 1, 120);
  ck_assert_int_eq(changes[INCIDENT_RAISED], directions[_i].raised);
}
END_TEST

START_TEST(a_change_below_min_change_is_none) {
  watch->min_change = 50;
  run_at(100, 1, DAY_S);
  run_at(140, 1, 0.5 * (double)HOUR_S);
  assert_changes(0, 0);
  ck_assert_double_ge(got.finding.upper, 150 - 2);
  run_at(155, 1, 120);
  assert_changes(1, 0);
}
END_TEST

START_TEST(a_ratio_below_min_ratio_is_none) {
  watch->min_ratio = 3;
  run_at(100, 1, DAY_S);
  run_at(280, 1, 1200);
  assert_changes(0, 0);
  run_at(310, 1, 120);
  assert_changes(1, 0);
}
END_TEST

START_TEST(a_ratio_counts_downwards_too) {
  watch->min_ratio = 3;
  run_at(100, 1, DAY_S);
  run_at(40, 1, 1200);
  assert_changes(0, 0);
  ck_assert_double_eq_tol(got.finding.lower, 100.0 / 3, 5);
  run_at(30, 1, 120);
  assert_changes(1, 0);
}
END_TEST

START_TEST(sigmas_set_how_far_is_too_far) {
  watch->sigmas = 20;
  run(DAY_S);
  run_at(250, 1, 1200);
  assert_changes(0, 0);
  run_at(350, 1, 120);
  assert_changes(1, 0);
}
END_TEST

START_TEST(severity_failure_is_one_from_the_start) {
  watch->severity = SERIES_FAILURE;
  run(DAY_S);
  run_at(300, 1, 20);
  ck_assert_int_eq(got.finding.change, INCIDENT_RAISED);
  ck_assert_int_eq(got.finding.severity, SEVERITY_FAILURE);
  run_at(300, 1, HOUR_S);
  assert_changes(1, 0);
}
END_TEST

START_TEST(raise_after_one_raises_at_once) {
  watch->incident.raise_after = 1;
  run(DAY_S);
  put(300);
  ck_assert_int_eq(changes[INCIDENT_RAISED], 0 + 1);
}
END_TEST

START_TEST(a_single_outlier_raises_nothing) {
  run(DAY_S);
  for (int i = 0; i < 20; i++) {
    put(1000);
    run(60);
  }
  assert_changes(0, 0);
}
END_TEST

START_TEST(nothing_flaps_about_the_limit) {
  run(DAY_S);
  for (int i = 0; i < 6 * HOUR_S / 10; i++)
    put(100 + 60 * (i % 2) + 20 * random_unit(&random_));
  ck_assert_int_le(changes[INCIDENT_RAISED], 2);
}
END_TEST

START_TEST(a_gap_voids_the_votes) {
  run(DAY_S);
  put(300);
  next.time_s += 600;
  put(300);
  assert_changes(0, 0);
  put(300);
  assert_changes(1, 0);
}
END_TEST

START_TEST(series_do_not_disturb_each_other) {
  run(DAY_S);
  next.time_s = START_S;
  name.type_instance = "y";
  run_at(5000, 10, DAY_S);
  assert_changes(0, 0);
  ck_assert_uint_eq(series_count(series), 2);
  ck_assert_double_eq_tol(memory_of(0)->baseline.level, 100, 10);
  ck_assert_double_eq_tol(memory_of(1)->baseline.level, 5000, 10);
}
END_TEST

SUITE(series) {
  Suite *suite = suite_create("series");
  TCase *tcase = tcase_create("series");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, a_step_is_one_incident_from_its_begin_to_its_end);
  tcase_add_test(tcase,
                 it_is_raised_with_the_second_value_and_told_with_its_figures);
  tcase_add_test(tcase, where_nothing_is_usual_a_score_still_has_a_ceiling);
  tcase_add_test(tcase,
                 a_shift_too_small_for_one_value_is_found_within_the_hour);
  tcase_add_test(tcase, however_soon_it_clears_it_is_not_adopted);
  tcase_add_test(tcase, what_lasts_becomes_normal);
  tcase_add_test(tcase, warm_up_comes_first);
  tcase_add_loop_test(tcase, a_first_value_unlike_all_others_is_soon_forgotten,
                      0, 2);
  tcase_add_loop_test(tcase, only_the_direction_asked_for_counts, 0, 6);
  tcase_add_test(tcase, a_change_below_min_change_is_none);
  tcase_add_test(tcase, a_ratio_below_min_ratio_is_none);
  tcase_add_test(tcase, a_ratio_counts_downwards_too);
  tcase_add_test(tcase, sigmas_set_how_far_is_too_far);
  tcase_add_test(tcase, severity_failure_is_one_from_the_start);
  tcase_add_test(tcase, raise_after_one_raises_at_once);
  tcase_add_test(tcase, a_single_outlier_raises_nothing);
  tcase_add_test(tcase, nothing_flaps_about_the_limit);
  tcase_add_test(tcase, a_gap_voids_the_votes);
  tcase_add_test(tcase, series_do_not_disturb_each_other);
  suite_add_tcase(suite, tcase);
  return suite;
}
