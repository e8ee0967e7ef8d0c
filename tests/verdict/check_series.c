/* series: what is off is raised once and cleared once, by the rules of its
 * <Watch>. */
#include "scenes/suite.h"
#include "series_feed.h"

#include <stdlib.h>

static double usual_of(size_t i) { return memory_of(i)->habit.levels.usual; }

/* Of either kind: after long ones AdoptAfter may come first. */
static int closed(void) {
  return changes[INCIDENT_CLEARED] + changes[INCIDENT_ADOPTED];
}

START_TEST(a_step_is_one_incident_from_its_begin_to_its_end) {
  run(DAY_S);
  run_at(200, 10, 900);
  assert_changes(1, 0);
  run(3 * HOUR_S);
  assert_changes(1, 1);
  run(DAY_S);
  assert_changes(1, 1);
}
END_TEST

START_TEST(a_step_of_two_hours_leaves_hardly_a_trace) {
  run(DAY_S);
  double usual = usual_of(0);
  run_at(200, 10, 2 * HOUR_S);
  run(3 * HOUR_S);
  ck_assert_int_eq(changes[INCIDENT_RAISED], 1);
  ck_assert_int_eq(closed(), 1);
  ck_assert_double_eq_tol(usual_of(0), usual, 5);
  run(DAY_S);
  ck_assert_int_eq(changes[INCIDENT_RAISED], 1);
}
END_TEST

/* The mean of five hours is off for hours after an event of hours; the OKAY
 * does not wait for it, and nothing has become normal. */
START_TEST(after_hours_it_is_over_within_the_next_three) {
  run(2 * DAY_S);
  run_at(200, 10, 3 * HOUR_S);
  assert_changes(1, 0);
  run(3 * HOUR_S);
  assert_changes(1, 1);
  run(DAY_S);
  assert_changes(1, 1);
}
END_TEST

/* OKAY comes when it has been calm for 49 minutes. */
START_TEST(okay_waits_until_it_lasts) {
  run(DAY_S);
  run_at(200, 10, 300);
  run(2900);
  assert_changes(1, 0);
  ck_assert(got.now.is_open);
  run(2 * HOUR_S);
  assert_changes(1, 1);
  ck_assert(!got.now.is_open);
}
END_TEST

START_TEST(however_soon_it_clears_it_is_not_adopted) {
  watch->incident.clear_after = 1;
  run(DAY_S);
  double usual = usual_of(0);
  run_at(1000, 10, 600);
  run(3 * HOUR_S);
  assert_changes(1, 1);
  ck_assert_double_eq_tol(usual_of(0), usual, 5);
}
END_TEST

START_TEST(it_is_raised_with_the_first_value_and_told_with_its_figures) {
  run(DAY_S);
  put(201);
  ck_assert_int_eq(got.finding.change, INCIDENT_RAISED);
  ck_assert_int_eq(got.finding.severity, SEVERITY_WARNING);
  ck_assert_double_eq(got.finding.since_s, next.time_s - 10);
  ck_assert_double_eq(got.time_s, next.time_s - 10);
  ck_assert_double_eq(got.interval_s, 10);
  ck_assert_double_eq(got.finding.observed, 201);
  ck_assert_double_eq_tol(got.finding.expected, 100, 5);
  ck_assert_double_gt(got.finding.upper, 130);
  ck_assert_double_lt(got.finding.upper, 250);
  ck_assert_double_lt(got.finding.lower, 70);
  ck_assert_double_gt(got.finding.lower, -50);
  ck_assert_double_gt(got.finding.score, 1);
  ck_assert_double_le(got.finding.score, 3);
  ck_assert_double_eq_tol(got.finding.score,
                          (double)(got.now.rarity / got.now.limit), 1e-6);
  ck_assert_int_eq(got.now.towards, 1);
  ck_assert_str_eq(got.identifier, "h/p/gauge-x");
  ck_assert_ptr_eq(got.rules, watch);
  ck_assert_double_eq(got.silent_s, 0);
}
END_TEST

START_TEST(downwards_the_score_is_negative) {
  run(DAY_S);
  put(-1);
  ck_assert_int_eq(got.finding.change, INCIDENT_RAISED);
  ck_assert_double_lt(got.finding.score, -1);
  ck_assert_double_ge(got.finding.score, -3);
}
END_TEST

START_TEST(where_nothing_is_usual_a_score_still_has_a_ceiling) {
  run_at(0, 0, DAY_S);
  put(3e20);
  ck_assert_int_eq(got.finding.change, INCIDENT_RAISED);
  ck_assert_double_gt(got.finding.score, 1);
  ck_assert_double_le(got.finding.score, 3);
}
END_TEST

START_TEST(a_shift_too_small_for_one_value_is_found_within_the_hour) {
  next.interval_s = 60;
  run(10 * DAY_S);
  int before = changes[INCIDENT_RAISED];
  ck_assert_int_le(before, 1); /* one a month */
  run_at(130, 10, HOUR_S);     /* three sigmas */
  ck_assert_int_eq(changes[INCIDENT_RAISED], before + 1);
  run(3 * HOUR_S);
  ck_assert_int_eq(changes[INCIDENT_RAISED], before + 1);
  ck_assert_int_eq(changes[INCIDENT_CLEARED], before + 1);
}
END_TEST

START_TEST(what_lasts_becomes_normal) {
  run(DAY_S);
  run_at(300, 10, 5 * HOUR_S);
  ck_assert_int_eq(changes[INCIDENT_RAISED], 1);
  ck_assert_int_eq(changes[INCIDENT_ADOPTED], 1);
  run_at(300, 10, DAY_S);
  ck_assert_int_eq(changes[INCIDENT_RAISED], 1);
  ck_assert_double_le(got.finding.lower, 300);
  ck_assert_double_ge(got.finding.upper, 300);
  next.interval_s = 300;
  run_at(300, 10, 14 * DAY_S);
  ck_assert_double_eq_tol(got.finding.expected, 300, 10);
}
END_TEST

/* Sixty blocks of five minutes, or of an interval. */
START_TEST(nothing_is_told_in_the_first_sixty_blocks) {
  next.interval_s = _i == 0 ? 10 : 3600;
  double block_s = fmax(300, next.interval_s);
  run(55 * block_s);
  put(1000);
  run_at(100, 10, 2 * block_s);
  assert_changes(0, 0);
  teardown();
  setup();
  next.interval_s = _i == 0 ? 10 : 3600;
  run(65 * block_s);
  put(1000);
  assert_changes(1, 0);
}
END_TEST

START_TEST(a_longer_warm_up_is_kept) {
  rules.warm_up_s = 10 * HOUR_S;
  run(9.5 * (double)HOUR_S);
  run_at(1000, 1, 60);
  assert_changes(0, 0);
  teardown();
  setup();
  rules.warm_up_s = 10 * HOUR_S;
  run(11 * HOUR_S);
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
  static const double first[] = {0, 1000};
  put(first[_i]);
  run_at(100, 10, DAY_S);
  assert_changes(0, 0);
  run_at(200, 10, HOUR_S);
  assert_changes(1, 0);
  ck_assert_double_eq_tol(usual_of(0), 100, 10);
}
END_TEST

START_TEST(only_the_direction_asked_for_counts) {
  watch->direction = directions[_i].direction;
  run(DAY_S);
  run_at(directions[_i].value, 1, 120);
  ck_assert_int_eq(changes[INCIDENT_RAISED], directions[_i].raised);
}
END_TEST

/* A new series that goes to `value` after a day about 100. */
static void visit(double deviation, double value) {
  struct series_rules settings = *watch;
  teardown();
  setup();
  *watch = settings;
  run_at(100, deviation, DAY_S);
  run_at(value, deviation, 1800);
}

START_TEST(a_change_below_min_change_is_none) {
  watch->min_change = 50;
  visit(1, 140);
  assert_changes(0, 0);
  ck_assert_double_ge(got.finding.upper, 150 - 2);
  visit(1, 155);
  assert_changes(1, 0);
}
END_TEST

START_TEST(a_ratio_below_min_ratio_is_none) {
  watch->min_ratio = 3;
  visit(1, 280);
  assert_changes(0, 0);
  visit(1, 310);
  assert_changes(1, 0);
}
END_TEST

START_TEST(a_ratio_counts_downwards_too) {
  watch->min_ratio = 3;
  visit(1, 40);
  assert_changes(0, 0);
  ck_assert_double_le(got.finding.lower, 100.0 / 3 + 5);
  visit(1, 30);
  assert_changes(1, 0);
}
END_TEST

/* Beside FalseAlarms, or alone. */
START_TEST(sigmas_set_how_far_is_too_far) {
  watch->sigmas = 20;
  watch->false_alarms = _i;
  visit(10, 250);
  assert_changes(0, 0);
  visit(10, 400);
  assert_changes(1, 0);
}
END_TEST

/* However far it is: FalseAlarms says how often, Sigmas alone says how far. */
START_TEST(sigmas_alone_score_by_sigmas) {
  watch->sigmas = 6;
  watch->false_alarms = 0;
  run(DAY_S);
  put(100 + 12 * 10);
  ck_assert_int_eq(got.finding.change, INCIDENT_RAISED);
  ck_assert_double_eq_tol(got.finding.score, 2, 0.3);
  ck_assert_double_eq_tol(got.finding.upper, 160, 10);
}
END_TEST

START_TEST(severity_failure_is_one_from_the_start) {
  watch->severity = SERIES_FAILURE;
  run(DAY_S);
  put(300);
  ck_assert_int_eq(got.finding.change, INCIDENT_RAISED);
  ck_assert_int_eq(got.finding.severity, SEVERITY_FAILURE);
  run_at(300, 1, HOUR_S);
  assert_changes(1, 0);
}
END_TEST

START_TEST(raise_after_two_waits_for_the_second) {
  watch->incident.raise_after = 2;
  run(DAY_S + 20); /* within a block of time: seen blocks are not rare */
  put(300);
  assert_changes(0, 0);
  put(300);
  assert_changes(1, 0);
}
END_TEST

/* What comes back in the shadow of an event is no other one. */
START_TEST(outliers_within_a_day_are_few_alarms) {
  run(DAY_S);
  for (int i = 0; i < 20; i++) {
    put(1000);
    run(3600);
  }
  ck_assert_int_ge(changes[INCIDENT_RAISED], 1);
  ck_assert_int_le(changes[INCIDENT_RAISED], 4);
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
  watch->incident.raise_after = 2;
  run(DAY_S + 20); /* within a block of time: seen blocks are not rare */
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
  ck_assert_double_eq_tol(usual_of(0), 100, 10);
  ck_assert_double_eq_tol(usual_of(1), 5000, 10);
}
END_TEST

SUITE(series) {
  Suite *suite = suite_create("series");
  TCase *tcase = tcase_create("series");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, a_step_is_one_incident_from_its_begin_to_its_end);
  tcase_add_test(tcase, a_step_of_two_hours_leaves_hardly_a_trace);
  tcase_add_test(tcase, after_hours_it_is_over_within_the_next_three);
  tcase_add_test(tcase, okay_waits_until_it_lasts);
  tcase_add_test(tcase,
                 it_is_raised_with_the_first_value_and_told_with_its_figures);
  tcase_add_test(tcase, downwards_the_score_is_negative);
  tcase_add_test(tcase, where_nothing_is_usual_a_score_still_has_a_ceiling);
  tcase_add_test(tcase,
                 a_shift_too_small_for_one_value_is_found_within_the_hour);
  tcase_add_test(tcase, however_soon_it_clears_it_is_not_adopted);
  tcase_add_test(tcase, what_lasts_becomes_normal);
  tcase_add_loop_test(tcase, nothing_is_told_in_the_first_sixty_blocks, 0, 2);
  tcase_add_test(tcase, a_longer_warm_up_is_kept);
  tcase_add_loop_test(tcase, a_first_value_unlike_all_others_is_soon_forgotten,
                      0, 2);
  tcase_add_loop_test(tcase, only_the_direction_asked_for_counts, 0, 6);
  tcase_add_test(tcase, a_change_below_min_change_is_none);
  tcase_add_test(tcase, a_ratio_below_min_ratio_is_none);
  tcase_add_test(tcase, a_ratio_counts_downwards_too);
  tcase_add_loop_test(tcase, sigmas_set_how_far_is_too_far, 0, 2);
  tcase_add_test(tcase, sigmas_alone_score_by_sigmas);
  tcase_add_test(tcase, severity_failure_is_one_from_the_start);
  tcase_add_test(tcase, raise_after_two_waits_for_the_second);
  tcase_add_test(tcase, outliers_within_a_day_are_few_alarms);
  tcase_add_test(tcase, nothing_flaps_about_the_limit);
  tcase_add_test(tcase, a_gap_voids_the_votes);
  tcase_add_test(tcase, series_do_not_disturb_each_other);
  suite_add_tcase(suite, tcase);
  return suite;
}
