/* outbound_stall and close_wait_leak: more sockets of a state than the load
 * explains. */
#include "scenes/observed_host.h"
#include "scenes/suite.h"
#include "verdict/incidents/excess.h"

#include <stdlib.h>

static struct excess memory;
static struct excess_trace trace;
static bool overflows; /* accept_overflow is open */

static void setup(void) {
  host_init();
  excess_init(&memory);
  overflows = false;
}

/* So many SYN_SENT, so many connections opened a second. */
static void see_outbound(double syn_sent, double opened) {
  seen.value[SIGNAL_SYN_SENT] = syn_sent;
  seen.value[SIGNAL_ACTIVE_OPENS] = opened;
  excess_judge(&memory, INCIDENT_OUTBOUND_STALL, &rules, &seen, false, &finding,
               &trace);
  host_judged();
}

static void run_outbound(double usual, double opened, double seconds) {
  for (double end_s = seen.time_s + seconds; seen.time_s < end_s;)
    see_outbound(random_count(&random_, usual), random_count(&random_, opened));
}

/* So many CLOSE_WAIT beside so many ESTABLISHED. */
static void see_waiting(double close_wait, double established) {
  seen.value[SIGNAL_CLOSE_WAIT] = close_wait;
  seen.value[SIGNAL_ESTABLISHED] = established;
  seen.value[SIGNAL_ACTIVE] = established + close_wait + 50;
  seen.value[SIGNAL_PASSIVE_OPENS] = established / 10;
  seen.value[SIGNAL_ACTIVE_OPENS] = 1;
  excess_judge(&memory, INCIDENT_CLOSE_WAIT_LEAK, &rules, &seen, overflows,
               &finding, &trace);
  host_judged();
}

static void run_waiting(double usual, double established, double seconds) {
  for (double end_s = seen.time_s + seconds; seen.time_s < end_s;)
    see_waiting(random_count(&random_, usual),
                random_count(&random_, established));
}

START_TEST(a_backend_that_does_not_answer_is_one_incident) {
  run_outbound(2, 20, DAY_S);
  assert_changes(0, 0, 0);
  run_outbound(60, 20, 600);
  assert_changes(1, 0, 0);
  ck_assert_double_lt(finding.expected, 10);
  ck_assert_double_ge(finding.upper, 20);
  ck_assert_double_gt(finding.score, 6);
  run_outbound(2, 20, HOUR_S);
  assert_changes(1, 0, 1);
}
END_TEST

START_TEST(ten_times_and_a_hundred_is_a_failure) {
  run_outbound(2, 20, DAY_S);
  run_outbound(200, 20, 600);
  assert_changes(1, 1, 0);
  ck_assert_int_eq(finding.severity, SEVERITY_FAILURE);
  run_outbound(2, 20, HOUR_S);
  assert_changes(1, 1, 1);
}
END_TEST

START_TEST(fewer_than_twenty_is_none) {
  run_outbound(0, 0, DAY_S);
  for (int i = 0; i < 100; i++)
    see_outbound(19, 0);
  assert_changes(0, 0, 0);
}
END_TEST

START_TEST(more_opened_explain_more) {
  run_outbound(10, 100, DAY_S);
  run_outbound(60, 600, HOUR_S);
  assert_changes(0, 0, 0);
}
END_TEST

START_TEST(a_crawler_is_used_to_many) {
  run_outbound(80, 500, 2 * DAY_S);
  assert_changes(0, 0, 0);
}
END_TEST

START_TEST(a_count_that_plays_about_its_limit_is_one_incident) {
  run_outbound(2, 20, DAY_S);
  for (int i = 0; i < 1000; i++)
    see_outbound(12 + 16 * random_unit(&random_), 20);
  ck_assert_int_eq(changes[INCIDENT_RAISED], 1);
  ck_assert_int_le(changes[INCIDENT_CLEARED], 1);
}
END_TEST

START_TEST(a_leak_is_one_incident_and_no_new_normal) {
  run_waiting(5, 400, DAY_S);
  assert_changes(0, 0, 0);
  double leaked = 0;
  for (int i = 0; i < 2 * HOUR_S / 10; i++) /* 40 an hour */
    see_waiting(random_count(&random_, 5) + (leaked += 40.0 / 360), 400);
  ck_assert_int_eq(changes[INCIDENT_RAISED], 1);
  ck_assert_int_eq(changes[INCIDENT_CLEARED], 0);
  ck_assert_double_lt(memory.model.slow.half_open, 25);
  run_waiting(5, 400, 6 * HOUR_S); /* restarted */
  assert_changes(1, 0, 1);
}
END_TEST

START_TEST(a_small_excess_has_to_last) {
  run_waiting(40, 400, DAY_S);
  for (int i = 0; i < 20; i++) /* 200 s, as behind a crowd */
    see_waiting(92, 400);
  run_waiting(40, 400, HOUR_S);
  assert_changes(0, 0, 0);
  for (int i = 0; i < 60; i++)
    see_waiting(92, 400);
  assert_changes(1, 0, 0);
}
END_TEST

/* 1,500 connections a second, each closed 50 ms after its client did. */
START_TEST(a_busy_application_closes_a_little_later) {
  run_waiting(1, 280, DAY_S);
  for (int i = 0; i < 30; i++)
    see_waiting(75, 2500);
  assert_changes(0, 0, 0);
}
END_TEST

START_TEST(what_nobody_accepts_is_no_leak) {
  run_waiting(5, 400, DAY_S);
  seen.value[SIGNAL_ACCEPT_QUEUE] = 60;
  for (int i = 0; i < 5; i++)
    see_waiting(100 + 40 * i, 100);
  overflows = true;
  seen.value[SIGNAL_ACCEPT_QUEUE] = 100;
  for (int i = 0; i < 100; i++)
    see_waiting(300, 10);
  assert_changes(0, 0, 0);
  ck_assert_double_lt(memory.model.slow.half_open, 10);
}
END_TEST

START_TEST(a_leak_waits_a_minute_for_the_accept_queue) {
  run_waiting(5, 400, DAY_S);
  seen.value[SIGNAL_ACCEPT_QUEUE] = 60;
  double begun_s = seen.time_s;
  while (finding.severity == SEVERITY_OKAY)
    see_waiting(300, 100);
  ck_assert_double_ge(seen.time_s - begun_s, 60);
  ck_assert_double_le(seen.time_s - begun_s, 90);
}
END_TEST

START_TEST(a_quarter_of_the_connections_is_a_failure) {
  run_waiting(5, 400, DAY_S);
  run_waiting(120, 400, HOUR_S);
  assert_changes(1, 0, 0);
  ck_assert_int_eq(finding.severity, SEVERITY_WARNING);
  run_waiting(220, 400, HOUR_S);
  assert_changes(1, 1, 0);
}
END_TEST

START_TEST(more_established_explain_more_waiting) {
  run_waiting(40, 400, DAY_S);
  for (int i = 0; i < 360; i++)
    see_waiting(random_count(&random_, 40 + 160.0 * i / 360),
                400 + 1600.0 * i / 360);
  run_waiting(200, 2000, HOUR_S);
  assert_changes(0, 0, 0);
}
END_TEST

START_TEST(fewer_than_thirty_too_many_is_none) {
  run_waiting(0, 50, DAY_S);
  for (int i = 0; i < 1000; i++)
    see_waiting(25, 50);
  assert_changes(0, 0, 0);
}
END_TEST

START_TEST(warm_up_comes_first) {
  run_waiting(5, 400, 500);
  for (int i = 0; i < 5; i++)
    see_waiting(300, 400);
  assert_changes(0, 0, 0);
  rules.warm_up_s = 0;
  for (int i = 0; i < 2; i++)
    see_waiting(300, 400);
  assert_changes(1, 0, 0);
}
END_TEST

START_TEST(what_lasts_becomes_normal) {
  run_waiting(5, 400, DAY_S);
  run_waiting(80, 400, 5 * HOUR_S);
  ck_assert_int_eq(changes[INCIDENT_RAISED], 1);
  ck_assert_int_eq(changes[INCIDENT_ADOPTED], 1);
  run_waiting(80, 400, DAY_S);
  ck_assert_int_eq(changes[INCIDENT_RAISED], 1);
  ck_assert_double_eq_tol(finding.expected, 80, 30);
}
END_TEST

START_TEST(two_hours_leave_the_means_where_they_were) {
  run_waiting(5, 400, DAY_S);
  double before = memory.model.slow.half_open;
  run_waiting(100, 400, 2 * HOUR_S);
  ck_assert_double_eq_tol(memory.model.slow.half_open, before, 0.05 * before);
  run_waiting(5, 400, 2 * HOUR_S);
  assert_changes(1, 0, 1);
  ck_assert_double_eq_tol(memory.model.slow.half_open, before, 1);
}
END_TEST

START_TEST(a_gap_voids_the_votes) {
  run_waiting(5, 400, DAY_S);
  see_waiting(300, 400);
  seen.gap = true;
  see_waiting(300, 400);
  assert_changes(0, 0, 0);
  see_waiting(300, 400);
  assert_changes(1, 0, 0);
}
END_TEST

START_TEST(disabled_or_unknown_it_is_not_judged) {
  see_waiting(NAN, 400);
  ck_assert(!finding.judged);
  see_waiting(5, NAN);
  ck_assert(!finding.judged);
  see_outbound(NAN, 5);
  ck_assert(!finding.judged);
  rules.incident[INCIDENT_OUTBOUND_STALL].enable = false;
  see_outbound(5, 5);
  ck_assert(!finding.judged);
  rules.incident[INCIDENT_CLOSE_WAIT_LEAK].enable = false;
  see_waiting(5, 400);
  ck_assert(!finding.judged);
}
END_TEST

START_TEST(an_outbound_count_without_its_rate_is_not_judged) {
  run_outbound(2, 20, DAY_S);
  see_outbound(60, NAN);
  ck_assert(!finding.judged);
  assert_changes(0, 0, 0);
}
END_TEST

START_TEST(outbound_votes_do_not_outlive_a_gap) {
  run_outbound(2, 20, DAY_S);
  see_outbound(60, 20);
  seen.gap = true; /* the first rate after it is unknown */
  see_outbound(60, NAN);
  see_outbound(60, 20);
  assert_changes(0, 0, 0);
  see_outbound(60, 20);
  assert_changes(1, 0, 0);
}
END_TEST

/* ReadBudget of tcpstates: two readings of three do not count the sockets. */
static void see_outbound_seldom(double syn_sent, double opened) {
  see_outbound(syn_sent, opened);
  for (int i = 0; i < 2; i++) {
    see_outbound(NAN, opened);
    ck_assert(finding.held && !finding.judged);
    ck_assert_int_eq(finding.severity, memory.incident.severity);
  }
}

START_TEST(between_counts_it_stays_as_it_is_and_time_goes_on) {
  seen.sent = 1u << SIGNAL_SYN_SENT;
  see_outbound(2, 20);
  double begin_s = seen.time_s, learnt_s = memory.model.learnt_s;
  while (seen.time_s < begin_s + (double)DAY_S)
    see_outbound_seldom(random_count(&random_, 2), random_count(&random_, 20));
  assert_changes(0, 0, 0);
  ck_assert_double_eq_tol(memory.model.learnt_s - learnt_s, DAY_S, 60);
  for (int i = 0; i < 3; i++)
    see_outbound_seldom(60, 20);
  assert_changes(1, 0, 0);
  for (int i = 0; i < 4; i++)
    see_outbound_seldom(2, 20);
  assert_changes(1, 0, 1);
}
END_TEST

START_TEST(what_was_not_sent_is_not_held) {
  run_outbound(2, 20, HOUR_S);
  see_outbound(NAN, 20);
  ck_assert(!finding.held && !finding.judged);
}
END_TEST

SUITE(excess) {
  Suite *suite = suite_create("excess");
  TCase *tcase = tcase_create("excess");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, a_backend_that_does_not_answer_is_one_incident);
  tcase_add_test(tcase, ten_times_and_a_hundred_is_a_failure);
  tcase_add_test(tcase, fewer_than_twenty_is_none);
  tcase_add_test(tcase, more_opened_explain_more);
  tcase_add_test(tcase, a_crawler_is_used_to_many);
  tcase_add_test(tcase, a_count_that_plays_about_its_limit_is_one_incident);
  tcase_add_test(tcase, a_leak_is_one_incident_and_no_new_normal);
  tcase_add_test(tcase, a_small_excess_has_to_last);
  tcase_add_test(tcase, a_busy_application_closes_a_little_later);
  tcase_add_test(tcase, what_nobody_accepts_is_no_leak);
  tcase_add_test(tcase, a_leak_waits_a_minute_for_the_accept_queue);
  tcase_add_test(tcase, a_quarter_of_the_connections_is_a_failure);
  tcase_add_test(tcase, more_established_explain_more_waiting);
  tcase_add_test(tcase, fewer_than_thirty_too_many_is_none);
  tcase_add_test(tcase, warm_up_comes_first);
  tcase_add_test(tcase, what_lasts_becomes_normal);
  tcase_add_test(tcase, two_hours_leave_the_means_where_they_were);
  tcase_add_test(tcase, a_gap_voids_the_votes);
  tcase_add_test(tcase, disabled_or_unknown_it_is_not_judged);
  tcase_add_test(tcase, an_outbound_count_without_its_rate_is_not_judged);
  tcase_add_test(tcase, outbound_votes_do_not_outlive_a_gap);
  tcase_add_test(tcase, between_counts_it_stays_as_it_is_and_time_goes_on);
  tcase_add_test(tcase, what_was_not_sent_is_not_held);
  suite_add_tcase(suite, tcase);
  return suite;
}
