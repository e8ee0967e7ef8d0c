/* held_connections: clients that hold, and others that look like them. */
#include "scenes/observed_host.h"
#include "scenes/suite.h"
#include "verdict/incidents/held_connections.h"

static struct held_connections memory;
static struct held_figures figures;
static struct held_trace trace;

static void setup(void) {
  host_init();
  held_connections_init(&memory);
  for (int i = 0; i < SIGNAL_COUNT; i++)
    seen.value[i] = NAN;
  seen.value[SIGNAL_ESTABLISHED] = 60;
  seen.value[SIGNAL_HELD] = 0;
  seen.value[SIGNAL_BARE_ACKS] = 0;
}

static void step(void) {
  held_connections_judge(&memory, &rules, &seen, &finding, &figures, &trace);
  host_judged();
}

static void steps(int readings) {
  for (int i = 0; i < readings; i++)
    step();
}

/* So many are held; of the ways that the sender has looked for. */
static void hold(double held) {
  seen.value[SIGNAL_HELD] = held;
  seen.value[SIGNAL_ESTABLISHED] = 60 + held;
}

static void look(double zero_window, double starved, double drip, double mute) {
  seen.value[SIGNAL_ZERO_WINDOW] = zero_window;
  seen.value[SIGNAL_HELD_STARVED] = starved;
  seen.value[SIGNAL_HELD_DRIP] = drip;
  seen.value[SIGNAL_HELD_MUTE] = mute;
}

START_TEST(clients_that_read_nothing_are_told_at_the_second_look) {
  steps(40);
  hold(399);
  look(400, 400, 0, 0);
  step();
  assert_changes(0, 0, 0);
  step();
  assert_changes(1, 0, 0);
  ck_assert_uint_eq(finding.evidence, HELD_IS_SLOW_READ);
  ck_assert_double_eq(figures.zero_window, 400);
  ck_assert_str_eq(held_connections_kind_words(figures.kind),
                   "read nothing: slow read");
}
END_TEST

/* The server gives them up, and they stay. */
START_TEST(they_are_told_when_they_are_not_established_any_more) {
  hold(399);
  look(400, 400, 0, 0);
  steps(2);
  hold(35);
  steps(100);
  assert_changes(1, 0, 0);
  ck_assert_double_eq(finding.observed, 400);
  look(0, 0, 0, 0);
  hold(0);
  steps(4);
  assert_changes(1, 0, 1);
}
END_TEST

/* Of clients that vanish a few have no window. The others are held, too. */
START_TEST(less_than_a_quarter_of_those_held_is_no_slow_read) {
  look(0, 0, 0, 0);
  steps(40);
  hold(225);
  look(56, 56, 0, 0);
  steps(100);
  assert_changes(0, 0, 0);
  look(57, 57, 0, 0);
  steps(2);
  assert_changes(1, 0, 0);
}
END_TEST

START_TEST(small_windows_that_are_read_are_none) {
  hold(160);
  look(182, 1, 0, 0);
  steps(100);
  assert_changes(0, 0, 0);
}
END_TEST

START_TEST(a_few_without_a_window_are_none) {
  look(31, 31, 0, 0);
  steps(100);
  seen.value[SIGNAL_ESTABLISHED] = 1000;
  look(150, 150, 0, 0); /* usual here, by what was seen so far */
  steps(100);
  assert_changes(0, 0, 0);
}
END_TEST

START_TEST(half_of_them_that_drip_are_told) {
  look(0, 0, 0, 0);
  steps(40);
  hold(400);
  look(0, 0, 199, 0);
  steps(20);
  assert_changes(0, 0, 0);
  look(0, 0, 200, 0);
  steps(2);
  assert_changes(1, 0, 0);
  ck_assert_uint_eq(finding.evidence, HELD_IS_DRIP);
  ck_assert_double_eq(finding.observed, 400);
}
END_TEST

START_TEST(those_that_say_nothing_are_told_when_a_pool_would_have_spoken) {
  steps(40);
  hold(560);
  look(0, 0, 0, 564);
  steps(5);
  assert_changes(0, 0, 0);
  step();
  assert_changes(1, 0, 0);
  ck_assert_uint_eq(finding.evidence, HELD_IS_SILENT);
}
END_TEST

/* On a large site the arrivals may seem to explain them, now and then. */
START_TEST(those_that_are_seen_to_hold_are_held_whatever_arrivals_explain) {
  seen.value[SIGNAL_ESTABLISHED] = 2000;
  look(0, 0, 4, 80);
  steps(40);
  for (int i = 0; i < 2; i++) {
    seen.value[SIGNAL_HELD] = i == 0 ? 120 : 0;
    look(0, 0, 400, 80);
    step();
  }
  assert_changes(1, 0, 0);
  ck_assert_uint_eq(finding.evidence, HELD_IS_DRIP);
}
END_TEST

START_TEST(silent_ones_are_seen_for_45_s_whatever_arrivals_explain) {
  seen.value[SIGNAL_ESTABLISHED] = 2000;
  look(0, 0, 4, 80);
  steps(40);
  for (int i = 0; i < 5; i++) {
    seen.value[SIGNAL_HELD] = i % 2 == 0 ? 200 : 0;
    look(0, 0, 4, 380);
    step();
  }
  assert_changes(0, 0, 0);
  step();
  assert_changes(1, 0, 0);
}
END_TEST

/* Many have a kind anyway: their number varies. */
START_TEST(chance_is_no_sign_where_many_have_a_kind) {
  seen.value[SIGNAL_ESTABLISHED] = 20000;
  look(0, 0, 400, 1000);
  steps(40);
  look(0, 0, 515, 1180);
  steps(100);
  assert_changes(0, 0, 0);
}
END_TEST

/* Also where too many were held before. */
START_TEST(a_pool_that_speaks_is_none) {
  hold(100);
  look(0, 0, 0, 0);
  steps(20);
  hold(304);
  look(0, 0, 0, 249);
  steps(5);
  look(0, 0, 0, 0);
  steps(100);
  assert_changes(0, 0, 0);
}
END_TEST

/* Many are held, and nothing is known of them. */
START_TEST(before_anything_is_known_a_tenth_of_all_is_ordinary) {
  hold(400);
  look(0, 0, 240, 0);
  steps(20);
  assert_changes(0, 0, 0);
  look(0, 0, 250, 0);
  steps(2);
  assert_changes(1, 0, 0);
}
END_TEST

START_TEST(too_many_are_no_evidence_by_themselves) {
  hold(999);
  seen.value[SIGNAL_BARE_ACKS] = 200;
  steps(100);
  assert_changes(0, 0, 0);
  ck_assert(trace.test[HELD_MANY].met);
}
END_TEST

START_TEST(acknowledgements_tell_of_those_who_come_and_go) {
  look(0, 0, 0, 0);
  steps(40);
  hold(320);
  seen.value[SIGNAL_BARE_ACKS] = 265;
  look(0, 0, 80, 80); /* neither kind alone is half of them */
  steps(2);
  assert_changes(0, 0, 0);
  step();
  assert_changes(1, 0, 0);
  ck_assert_uint_eq(finding.evidence, HELD_IS_DRIP);
}
END_TEST

START_TEST(uploads_acknowledge_too_much) {
  hold(100);
  seen.value[SIGNAL_BARE_ACKS] = 372;
  look(0, 0, 30, 30);
  steps(100);
  assert_changes(0, 0, 0);
}
END_TEST

START_TEST(what_ordinary_days_have_of_a_kind_is_no_sign) {
  seen.value[SIGNAL_ESTABLISHED] = 1000;
  look(0, 0, 0, 100);
  steps(40);
  hold(150);
  seen.value[SIGNAL_ESTABLISHED] = 1150;
  look(0, 0, 0, 115);
  steps(100);
  assert_changes(0, 0, 0);
  look(0, 0, 0, 250);
  steps(10);
  assert_changes(1, 0, 0);
}
END_TEST

START_TEST(a_sight_holds_for_a_while_and_then_is_unknown) {
  hold(400);
  look(0, 0, 390, 0);
  step();
  look(NAN, NAN, NAN, NAN);
  step();
  ck_assert_double_eq(figures.drip, 390);
  steps(3);
  ck_assert(isnan(figures.drip));
  look(0, 0, 390, 0);
  step();
  assert_changes(0, 0, 0); /* the first in a row once more */
  step();
  assert_changes(1, 0, 0);
}
END_TEST

START_TEST(a_server_that_is_used_up_is_a_failure) {
  hold(840);
  look(0, 0, 840, 0);
  seen.value[SIGNAL_ABORTS] = 4.9;
  steps(10);
  assert_changes(1, 0, 0);
  seen.value[SIGNAL_ABORTS] = 5;
  steps(2);
  assert_changes(1, 1, 0);
}
END_TEST

START_TEST(a_full_accept_queue_is_a_failure_only_if_it_refuses) {
  hold(840);
  look(0, 0, 840, 0);
  seen.value[SIGNAL_ACCEPT_QUEUE] = 100;
  seen.value[SIGNAL_LISTEN_OVERFLOWS] = 0;
  steps(10);
  assert_changes(1, 0, 0);
  seen.value[SIGNAL_LISTEN_OVERFLOWS] = 1;
  steps(2);
  assert_changes(1, 1, 0);
}
END_TEST

START_TEST(an_attack_never_becomes_normal) {
  steps(100);
  hold(400);
  look(0, 0, 400, 0);
  steps(100 * HOUR_S / 10);
  assert_changes(1, 0, 0);
  ck_assert_double_lt(memory.usual.level, 1);
  ck_assert_double_eq(memory.drip.usual, 0);
}
END_TEST

/* Others came meanwhile, and are here to stay. */
START_TEST(it_ends_when_nothing_has_been_seen_of_it_for_long) {
  hold(400);
  look(0, 0, 400, 0);
  steps(10);
  look(0, 0, 0, 0);
  steps(30);
  assert_changes(1, 0, 0);
  steps(10);
  assert_changes(1, 0, 1);
}
END_TEST

START_TEST(a_sender_that_knows_nothing_of_it_is_not_judged) {
  seen.value[SIGNAL_HELD] = NAN;
  steps(10);
  ck_assert(!finding.judged);
  rules.incident[INCIDENT_HELD_CONNECTIONS].enable = false;
  hold(400);
  look(400, 400, 0, 0);
  steps(10);
  ck_assert(!finding.judged);
}
END_TEST

SUITE(held_connections) {
  Suite *suite = suite_create("held_connections");
  TCase *tcase = tcase_create("held_connections");
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, clients_that_read_nothing_are_told_at_the_second_look);
  tcase_add_test(tcase, they_are_told_when_they_are_not_established_any_more);
  tcase_add_test(tcase, less_than_a_quarter_of_those_held_is_no_slow_read);
  tcase_add_test(tcase, small_windows_that_are_read_are_none);
  tcase_add_test(tcase, a_few_without_a_window_are_none);
  tcase_add_test(tcase, half_of_them_that_drip_are_told);
  tcase_add_test(tcase,
                 those_that_say_nothing_are_told_when_a_pool_would_have_spoken);
  tcase_add_test(
      tcase, those_that_are_seen_to_hold_are_held_whatever_arrivals_explain);
  tcase_add_test(tcase,
                 silent_ones_are_seen_for_45_s_whatever_arrivals_explain);
  tcase_add_test(tcase, chance_is_no_sign_where_many_have_a_kind);
  tcase_add_test(tcase, a_pool_that_speaks_is_none);
  tcase_add_test(tcase, before_anything_is_known_a_tenth_of_all_is_ordinary);
  tcase_add_test(tcase, too_many_are_no_evidence_by_themselves);
  tcase_add_test(tcase, acknowledgements_tell_of_those_who_come_and_go);
  tcase_add_test(tcase, uploads_acknowledge_too_much);
  tcase_add_test(tcase, what_ordinary_days_have_of_a_kind_is_no_sign);
  tcase_add_test(tcase, a_sight_holds_for_a_while_and_then_is_unknown);
  tcase_add_test(tcase, a_server_that_is_used_up_is_a_failure);
  tcase_add_test(tcase, a_full_accept_queue_is_a_failure_only_if_it_refuses);
  tcase_add_test(tcase, an_attack_never_becomes_normal);
  tcase_add_test(tcase, it_ends_when_nothing_has_been_seen_of_it_for_long);
  tcase_add_test(tcase, a_sender_that_knows_nothing_of_it_is_not_judged);
  suite_add_tcase(suite, tcase);
  return suite;
}
