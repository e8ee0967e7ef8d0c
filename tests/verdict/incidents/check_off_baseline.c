/* time_wait_pressure and state_shift: a value off its learned baseline. */
#include "scenes/observed_host.h"
#include "scenes/suite.h"
#include "verdict/incidents/off_baseline.h"

#include <stdlib.h>

static struct off_baseline memory;
static struct off_baseline_trace trace;
static bool muted;

static void setup(void) {
  host_init();
  rules.incident[INCIDENT_STATE_SHIFT].enable = true;
  off_baseline_init(&memory);
  muted = false;
}

static void see_use(double percent) {
  seen.value[SIGNAL_TIME_WAIT_USE] = percent;
  off_baseline_judge(&memory, INCIDENT_TIME_WAIT_PRESSURE, &rules, &seen, false,
                     &finding, &trace);
  host_judged();
}

static void run_use(double percent, double deviation, double seconds) {
  for (double end_s = seen.time_s + seconds; seen.time_s < end_s;)
    see_use(fmin(100, percent + deviation * random_normal(&random_)));
}

static void see_entropy(double entropy) {
  seen.value[SIGNAL_STATE_ENTROPY] = entropy;
  seen.value[SIGNAL_ACTIVE] = 200;
  off_baseline_judge(&memory, INCIDENT_STATE_SHIFT, &rules, &seen, muted,
                     &finding, &trace);
  host_judged();
}

static void run_entropy(double entropy, double seconds) {
  for (double end_s = seen.time_s + seconds; seen.time_s < end_s;)
    see_entropy(entropy + 0.02 * random_normal(&random_));
}

/* A host without TIME_WAIT that gets a few: next to nothing is usual, and next
 * to nothing is no deviation. */
START_TEST(a_score_has_a_floor_under_its_spread) {
  run_use(0, 0, DAY_S);
  see_use(0.3);
  ck_assert_double_le(fabs(finding.score), 1);
  see_use(95);
  ck_assert_double_gt(finding.score, rules.time_wait_pressure.sigmas);
  ck_assert_double_le(finding.score, 200);
}
END_TEST

START_TEST(entropy_has_a_floor_too) {
  for (double end_s = seen.time_s + (double)DAY_S; seen.time_s < end_s;)
    see_entropy(0);
  see_entropy(0.004);
  ck_assert_double_le(fabs(finding.score), 1);
  see_entropy(0.5);
  ck_assert_double_gt(finding.score, rules.state_shift.sigmas);
  ck_assert_double_le(finding.score, 100);
}
END_TEST

START_TEST(near_the_limit_and_unusual_is_one_incident) {
  run_use(30, 3, DAY_S);
  assert_changes(0, 0, 0);
  run_use(95, 1, 600);
  assert_changes(1, 0, 0);
  ck_assert_double_eq_tol(finding.expected, 30, 2);
  ck_assert_double_ge(finding.upper, 90);
  ck_assert_double_eq(finding.failure_max, 100);
  run_use(30, 3, HOUR_S);
  assert_changes(1, 0, 1);
}
END_TEST

START_TEST(at_the_limit_it_is_a_failure) {
  run_use(30, 3, DAY_S);
  run_use(120, 1, 600); /* held at 100 */
  assert_changes(1, 1, 0);
  ck_assert_int_eq(finding.severity, SEVERITY_FAILURE);
}
END_TEST

START_TEST(unusual_but_below_the_limit_is_none) {
  run_use(10, 1, DAY_S);
  run_use(85, 1, HOUR_S);
  assert_changes(0, 0, 0);
}
END_TEST

START_TEST(a_host_that_is_always_near_the_limit_is_used_to_it) {
  run_use(95, 2, 2 * DAY_S);
  assert_changes(0, 0, 0);
}
END_TEST

START_TEST(use_that_plays_about_the_limit_is_one_incident) {
  run_use(30, 3, DAY_S);
  for (int i = 0; i < 1000; i++)
    see_use(87 + 6 * random_unit(&random_));
  ck_assert_int_eq(changes[INCIDENT_RAISED], 1);
  ck_assert_int_eq(changes[INCIDENT_CLEARED], 0);
}
END_TEST

START_TEST(use_needs_a_warm_up) {
  run_use(30, 1, 500);
  run_use(99, 0.1, 60);
  assert_changes(0, 0, 0);
}
END_TEST

START_TEST(two_hours_of_pressure_are_not_learnt) {
  run_use(30, 3, DAY_S);
  double before = memory.baseline.level;
  run_use(95, 1, 2 * HOUR_S);
  run_use(30, 3, HOUR_S);
  assert_changes(1, 0, 1);
  ck_assert_double_eq_tol(memory.baseline.level, before, 1.5);
}
END_TEST

START_TEST(pressure_that_lasts_becomes_normal) {
  run_use(30, 3, DAY_S);
  run_use(95, 1, 5 * HOUR_S);
  ck_assert_int_eq(changes[INCIDENT_ADOPTED], 1);
  run_use(95, 1, DAY_S);
  ck_assert_int_eq(changes[INCIDENT_RAISED], 1);
}
END_TEST

static const double mixes[] = {0.3, 0.9};

START_TEST(a_shift_in_either_direction_is_one_incident) {
  run_entropy(0.6, DAY_S);
  assert_changes(0, 0, 0);
  see_entropy(mixes[_i]);
  see_entropy(mixes[_i]);
  assert_changes(0, 0, 0);
  see_entropy(mixes[_i]); /* three in a row */
  assert_changes(1, 0, 0);
  run_entropy(mixes[_i], 1800);
  assert_changes(1, 0, 0);
  run_entropy(0.6, HOUR_S);
  assert_changes(1, 0, 1);
}
END_TEST

START_TEST(a_shift_of_few_connections_is_none) {
  run_entropy(0.6, DAY_S);
  rules.state_shift.min_active = 201;
  run_entropy(0.3, 600);
  assert_changes(0, 0, 0);
}
END_TEST

START_TEST(while_muted_no_shift_is_raised) {
  run_entropy(0.6, DAY_S);
  muted = true;
  run_entropy(0.3, 600);
  assert_changes(0, 0, 0);
  muted = false;
  run_entropy(0.3, 60);
  assert_changes(1, 0, 0);
}
END_TEST

/* A flood of two hours shifts the mix and mutes this; afterwards the mix is
 * what it was. */
START_TEST(what_was_muted_is_no_new_normal) {
  run_entropy(0.6, DAY_S);
  double before = memory.baseline.level;
  muted = true;
  run_entropy(0.3, 2 * HOUR_S);
  ck_assert_double_eq_tol(memory.baseline.level, before, 0.05 * before);
  muted = false;
  run_entropy(0.6, DAY_S);
  assert_changes(0, 0, 0);
}
END_TEST

START_TEST(a_gap_voids_the_row) {
  run_entropy(0.6, DAY_S);
  see_entropy(0.3);
  see_entropy(0.3);
  seen.gap = true;
  see_entropy(0.3);
  see_entropy(0.3);
  assert_changes(0, 0, 0);
  see_entropy(0.3);
  assert_changes(1, 0, 0);
}
END_TEST

START_TEST(as_shipped_state_shift_is_not_judged) {
  rules_defaults(&rules);
  see_entropy(0.5);
  ck_assert(!finding.judged);
}
END_TEST

START_TEST(disabled_or_unknown_it_is_not_judged) {
  see_use(NAN);
  ck_assert(!finding.judged);
  see_entropy(NAN);
  ck_assert(!finding.judged);
  rules.incident[INCIDENT_TIME_WAIT_PRESSURE].enable = false;
  see_use(50);
  ck_assert(!finding.judged);
}
END_TEST

START_TEST(thirty_days_of_waves_raise_nothing) {
  double wave = 0;
  seen.dt_s = seen.interval_s = 60;
  for (int i = 0; i < 30 * DAY_S / 60; i++) {
    wave = 0.95 * wave + 0.3 * random_normal(&random_);
    if (_i)
      see_use(80 + 5 * wave);
    else
      see_entropy(0.6 + 0.05 * wave);
  }
  assert_changes(0, 0, 0);
}
END_TEST

static void resets(double per_s) {
  seen.value[SIGNAL_RESETS_SENT] = per_s;
  off_baseline_judge(&memory, INCIDENT_STRAYS, &rules, &seen, false, &finding,
                     &trace);
  host_judged();
}

START_TEST(many_more_resets_than_usual_are_strays) {
  rules.incident[INCIDENT_STRAYS].enable = true;
  for (int i = 0; i < 100; i++)
    resets(2);
  resets(300);
  resets(2); /* a moment of a deploy */
  for (int i = 0; i < 10; i++)
    resets(49);
  assert_changes(0, 0, 0);
  resets(300);
  resets(300);
  assert_changes(1, 0, 0);
  for (int i = 0; i < 1000; i++)
    resets(300);
  assert_changes(1, 0, 0); /* never a FAILURE, and never normal */
  for (int i = 0; i < 4; i++)
    resets(2);
  assert_changes(1, 0, 1);
}
END_TEST

START_TEST(a_host_that_always_resets_as_many_has_no_strays) {
  rules.incident[INCIDENT_STRAYS].enable = true;
  for (int i = 0; i < 1000; i++)
    resets(i % 100 < 90 ? 100 : 450);
  assert_changes(0, 0, 0);
}
END_TEST

SUITE(off_baseline) {
  Suite *suite = suite_create("off_baseline");
  TCase *tcase = tcase_create("off_baseline");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, a_score_has_a_floor_under_its_spread);
  tcase_add_test(tcase, entropy_has_a_floor_too);
  tcase_add_test(tcase, near_the_limit_and_unusual_is_one_incident);
  tcase_add_test(tcase, at_the_limit_it_is_a_failure);
  tcase_add_test(tcase, unusual_but_below_the_limit_is_none);
  tcase_add_test(tcase, a_host_that_is_always_near_the_limit_is_used_to_it);
  tcase_add_test(tcase, use_that_plays_about_the_limit_is_one_incident);
  tcase_add_test(tcase, use_needs_a_warm_up);
  tcase_add_test(tcase, two_hours_of_pressure_are_not_learnt);
  tcase_add_test(tcase, pressure_that_lasts_becomes_normal);
  tcase_add_loop_test(tcase, a_shift_in_either_direction_is_one_incident, 0, 2);
  tcase_add_test(tcase, a_shift_of_few_connections_is_none);
  tcase_add_test(tcase, while_muted_no_shift_is_raised);
  tcase_add_test(tcase, what_was_muted_is_no_new_normal);
  tcase_add_test(tcase, a_gap_voids_the_row);
  tcase_add_test(tcase, as_shipped_state_shift_is_not_judged);
  tcase_add_test(tcase, disabled_or_unknown_it_is_not_judged);
  tcase_add_loop_test(tcase, thirty_days_of_waves_raise_nothing, 0, 2);
  tcase_add_test(tcase, many_more_resets_than_usual_are_strays);
  tcase_add_test(tcase, a_host_that_always_resets_as_many_has_no_strays);
  suite_add_tcase(suite, tcase);
  return suite;
}
