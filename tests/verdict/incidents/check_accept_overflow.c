/* accept_overflow: an accept queue that is full and refuses. */
#include "scenes/observed_host.h"
#include "scenes/suite.h"
#include "verdict/incidents/accept_overflow.h"

#include <stdlib.h>

static struct accept_overflow overflow;
static struct trace_test tests[ACCEPT_TESTS];
static bool muted;

static void setup(void) {
  host_init();
  accept_overflow_init(&overflow);
  muted = false;
}

/* So full a queue, so many refused a second, of 100 that complete. */
static void see(double fill, double refused) {
  seen.value[SIGNAL_ACCEPT_QUEUE] = fill;
  seen.value[SIGNAL_LISTEN_OVERFLOWS] = refused;
  seen.value[SIGNAL_PASSIVE_OPENS] = 100;
  accept_overflow_judge(&overflow, &rules, &seen, muted, &finding, tests);
  host_judged();
}

static void see_times(int times, double fill, double refused) {
  for (int i = 0; i < times; i++)
    see(fill, refused);
}

START_TEST(two_of_three_that_overflow_raise_a_warning) {
  see_times(10, 5, 0);
  see(95, 1);
  assert_changes(0, 0, 0);
  see(20, 0);
  see(95, 1);
  assert_changes(1, 0, 0);
  ck_assert_int_eq(finding.severity, SEVERITY_WARNING);
  ck_assert_double_eq(finding.observed, 95);
  ck_assert_double_eq(finding.upper, 90);
  ck_assert_double_eq(finding.failure_max, 100);
  ck_assert_double_eq(finding.since_s, seen.time_s - 10);
}
END_TEST

START_TEST(a_full_queue_that_refuses_nobody_is_none) {
  see_times(100, 100, 0);
  assert_changes(0, 0, 0);
}
END_TEST

START_TEST(refused_while_no_queue_is_full_is_none) {
  see_times(100, 89, 50);
  assert_changes(0, 0, 0);
}
END_TEST

START_TEST(more_than_a_tenth_refused_is_a_failure) {
  see_times(2, 95, 10);
  assert_changes(1, 0, 0);
  see(95, 10); /* a tenth, not more */
  assert_changes(1, 0, 0);
  see_times(2, 95, 11);
  assert_changes(1, 1, 0);
  ck_assert_int_eq(finding.severity, SEVERITY_FAILURE);
}
END_TEST

START_TEST(three_with_a_full_queue_are_a_failure) {
  see_times(3, 100, 1);
  assert_changes(1, 0, 0);
  see(100, 1); /* the second in a row after three */
  assert_changes(1, 1, 0);
}
END_TEST

START_TEST(four_calm_readings_clear_it) {
  see_times(2, 95, 1);
  see_times(3, 10, 0);
  assert_changes(1, 0, 0);
  see(10, 0);
  assert_changes(1, 0, 1);
  ck_assert_int_eq(finding.severity, SEVERITY_OKAY);
}
END_TEST

START_TEST(while_it_refuses_it_is_not_calm) {
  see_times(2, 95, 1);
  see_times(50, 80, 1); /* below the limit at the moment of reading */
  assert_changes(1, 0, 0);
}
END_TEST

START_TEST(while_the_queue_stays_full_it_is_not_calm) {
  see_times(2, 95, 1);
  see_times(50, 90, 0); /* nobody comes who could be refused */
  assert_changes(1, 0, 0);
  see_times(4, 89, 0);
  assert_changes(1, 0, 1);
}
END_TEST

START_TEST(a_fill_that_plays_about_its_limit_is_one_incident) {
  for (int i = 0; i < 1000; i++)
    see(85 + 10 * random_unit(&random_), random_count(&random_, 2));
  ck_assert_int_eq(changes[INCIDENT_RAISED], 1);
  ck_assert_int_eq(changes[INCIDENT_CLEARED], 0);
}
END_TEST

START_TEST(muted_nothing_is_raised_and_what_is_open_stays) {
  muted = true;
  see_times(10, 100, 50);
  assert_changes(0, 0, 0);
  ck_assert(finding.judged);
  ck_assert(finding.evidence);
  muted = false;
  see_times(2, 100, 50);
  ck_assert_int_eq(changes[INCIDENT_RAISED], 1);
  muted = true;
  see_times(10, 100, 50);
  ck_assert_int_eq(changes[INCIDENT_CLEARED], 0);
  see_times(4, 0, 0);
  ck_assert_int_eq(changes[INCIDENT_CLEARED], 1);
}
END_TEST

START_TEST(disabled_it_is_not_judged) {
  rules.incident[INCIDENT_ACCEPT_OVERFLOW].enable = false;
  see_times(10, 100, 50);
  ck_assert(!finding.judged);
}
END_TEST

START_TEST(what_is_not_known_is_not_judged) {
  see(NAN, 50);
  ck_assert(!finding.judged);
  see(100, NAN);
  ck_assert(!finding.judged);
}
END_TEST

START_TEST(a_gap_voids_the_votes) {
  see(95, 1);
  seen.gap = true; /* the first rate after it is unknown */
  see(95, NAN);
  see(95, 1);
  assert_changes(0, 0, 0);
  see(95, 1);
  assert_changes(1, 0, 0);
}
END_TEST

START_TEST(readings_in_a_row_are_not_counted_over_a_gap) {
  see_times(3, 100, 1);
  seen.gap = true;
  see(100, NAN);
  see_times(3, 100, 1);
  assert_changes(1, 0, 0);
  see(100, 1);
  assert_changes(1, 1, 0);
}
END_TEST

START_TEST(a_changed_interval_voids_the_votes) {
  see(95, 1);
  seen.interval_changed = true;
  see(95, 1);
  assert_changes(0, 0, 0);
}
END_TEST

START_TEST(it_needs_no_warm_up) {
  see_times(2, 100, 1);
  assert_changes(1, 0, 0);
}
END_TEST

START_TEST(the_usual_fill_is_learnt_only_in_calm) {
  see_times(5000, 40, 0);
  ck_assert_double_eq_tol(finding.expected, 40, 1);
  double usual = overflow.usual;
  see_times(1000, 100, 1);
  ck_assert_double_eq(overflow.usual, usual);
}
END_TEST

START_TEST(settings_move_the_limits) {
  rules.accept_overflow.fill = 50;
  rules.accept_overflow.refused_share = 1;
  see_times(2, 51, 2);
  assert_changes(1, 0, 0);
  see(51, 2);
  ck_assert_int_eq(finding.severity, SEVERITY_FAILURE);
  ck_assert_double_eq(finding.upper, 50);
}
END_TEST

SUITE(accept_overflow) {
  Suite *suite = suite_create("accept_overflow");
  TCase *tcase = tcase_create("accept_overflow");
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, two_of_three_that_overflow_raise_a_warning);
  tcase_add_test(tcase, a_full_queue_that_refuses_nobody_is_none);
  tcase_add_test(tcase, refused_while_no_queue_is_full_is_none);
  tcase_add_test(tcase, more_than_a_tenth_refused_is_a_failure);
  tcase_add_test(tcase, three_with_a_full_queue_are_a_failure);
  tcase_add_test(tcase, four_calm_readings_clear_it);
  tcase_add_test(tcase, while_it_refuses_it_is_not_calm);
  tcase_add_test(tcase, while_the_queue_stays_full_it_is_not_calm);
  tcase_add_test(tcase, a_fill_that_plays_about_its_limit_is_one_incident);
  tcase_add_test(tcase, muted_nothing_is_raised_and_what_is_open_stays);
  tcase_add_test(tcase, disabled_it_is_not_judged);
  tcase_add_test(tcase, what_is_not_known_is_not_judged);
  tcase_add_test(tcase, a_gap_voids_the_votes);
  tcase_add_test(tcase, readings_in_a_row_are_not_counted_over_a_gap);
  tcase_add_test(tcase, a_changed_interval_voids_the_votes);
  tcase_add_test(tcase, it_needs_no_warm_up);
  tcase_add_test(tcase, the_usual_fill_is_learnt_only_in_calm);
  tcase_add_test(tcase, settings_move_the_limits);
  suite_add_tcase(suite, tcase);
  return suite;
}
