/* Shares of the handshakes between two readings. */
#include "scenes/suite.h"
#include "table/handshakes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct handshakes last;
static struct kernel_counters counters;

static const enum kernel_counter needed[] = {
    COUNTER_PASSIVE_OPENS,   COUNTER_ACTIVE_OPENS,    COUNTER_EMBRYONIC_RSTS,
    COUNTER_SYNCOOKIES_SENT, COUNTER_SYNCOOKIES_RECV, COUNTER_REQ_Q_FULL_DROP};
enum { NEEDED_LEN = sizeof(needed) / sizeof(needed[0]) };

/* One reading is in; aged is 10 in it. */
static void setup(void) {
  memset(&last, 0, sizeof(last));
  memset(&counters, 0, sizeof(counters));
  for (int i = 0; i < NEEDED_LEN; i++) {
    counters.known[needed[i]] = true;
    counters.value[needed[i]] = 1000;
  }
  struct handshake_shares first = handshakes_advance(&last, &counters, 10);
  ck_assert(isnan(first.completed));
  ck_assert(isnan(first.inbound));
}

static void assert_near(double value, double expected) {
  ck_assert_msg(fabs(value - expected) < 1e-9, "%g is not %g", value, expected);
}

static double completed(double aged) {
  return handshakes_advance(&last, &counters, aged).completed;
}

START_TEST(without_handshakes_there_is_no_share) {
  struct handshake_shares shares = handshakes_advance(&last, &counters, 10);
  ck_assert(isnan(shares.completed));
  ck_assert(isnan(shares.inbound));
}
END_TEST

START_TEST(handshakes_without_a_failure_are_100_percent) {
  counters.value[COUNTER_PASSIVE_OPENS] += 5;
  assert_near(completed(10), 100);
}
END_TEST

/* 40 completed; failed: 7 resets, 20 - 12 cookies, 3 refused, 14 - 10 aged. */
START_TEST(the_share_by_hand) {
  counters.value[COUNTER_PASSIVE_OPENS] += 40;
  counters.value[COUNTER_EMBRYONIC_RSTS] += 7;
  counters.value[COUNTER_SYNCOOKIES_SENT] += 20;
  counters.value[COUNTER_SYNCOOKIES_RECV] += 12;
  counters.value[COUNTER_REQ_Q_FULL_DROP] += 3;
  assert_near(completed(14), 100.0 * 40 / (40 + 7 + 8 + 3 + 4));
}
END_TEST

START_TEST(each_term_is_for_one_interval) {
  counters.value[COUNTER_PASSIVE_OPENS] += 40;
  counters.value[COUNTER_EMBRYONIC_RSTS] += 40;
  assert_near(completed(50), 100.0 * 40 / 120);
  counters.value[COUNTER_PASSIVE_OPENS] += 1;
  assert_near(completed(50), 100);
}
END_TEST

START_TEST(only_failures_are_0_percent) {
  counters.value[COUNTER_REQ_Q_FULL_DROP] += 3;
  assert_near(completed(10), 0);
}
END_TEST

/* Cookies of the interval before come back; aged entries expire. */
START_TEST(no_term_is_negative) {
  counters.value[COUNTER_PASSIVE_OPENS] += 10;
  counters.value[COUNTER_EMBRYONIC_RSTS] += 10;
  counters.value[COUNTER_SYNCOOKIES_RECV] += 5;
  assert_near(completed(3), 50);
}
END_TEST

START_TEST(an_unknown_aged_count_adds_no_failures) {
  counters.value[COUNTER_PASSIVE_OPENS] += 10;
  assert_near(completed(NAN), 100);
  counters.value[COUNTER_PASSIVE_OPENS] += 10;
  assert_near(completed(30), 100); /* since when is not known */
  counters.value[COUNTER_PASSIVE_OPENS] += 10;
  assert_near(completed(40), 50);
}
END_TEST

START_TEST(a_counter_that_went_backwards_leaves_it_unknown_once) {
  for (int i = 0; i < NEEDED_LEN; i++) {
    setup();
    counters.value[COUNTER_PASSIVE_OPENS] += 10;
    counters.value[needed[i]] = 5;
    struct handshake_shares shares = handshakes_advance(&last, &counters, 10);
    bool opens = needed[i] == COUNTER_PASSIVE_OPENS;
    bool active = needed[i] == COUNTER_ACTIVE_OPENS;
    ck_assert_int_eq(isnan(shares.completed) != 0, !active);
    ck_assert_int_eq(isnan(shares.inbound) != 0, opens || active);
    counters.value[COUNTER_PASSIVE_OPENS] += 10;
    shares = handshakes_advance(&last, &counters, 10);
    assert_near(shares.completed, 100);
    assert_near(shares.inbound, 100);
  }
}
END_TEST

START_TEST(a_counter_that_wraps_has_not_gone_backwards) {
  counters.value[COUNTER_PASSIVE_OPENS] = INT64_MAX;
  completed(10);
  counters.value[COUNTER_PASSIVE_OPENS] = INT64_MIN + 8; /* nine later */
  counters.value[COUNTER_EMBRYONIC_RSTS] += 1;
  assert_near(completed(10), 90);
}
END_TEST

START_TEST(an_unknown_counter_adds_no_failures) {
  static const enum kernel_counter failures[] = {
      COUNTER_EMBRYONIC_RSTS, COUNTER_SYNCOOKIES_SENT, COUNTER_SYNCOOKIES_RECV,
      COUNTER_REQ_Q_FULL_DROP};
  for (int i = 0; i < 4; i++)
    counters.known[failures[i]] = false;
  counters.value[COUNTER_PASSIVE_OPENS] += 3;
  assert_near(completed(11), 75);
  for (int i = 0; i < 4; i++) { /* they come, but since when? */
    counters.known[failures[i]] = true;
    counters.value[failures[i]] += 50;
  }
  counters.value[COUNTER_PASSIVE_OPENS] += 3;
  assert_near(completed(12), 75);
}
END_TEST

START_TEST(without_passive_opens_nothing_is_known) {
  counters.known[COUNTER_PASSIVE_OPENS] = false;
  counters.value[COUNTER_ACTIVE_OPENS] += 3;
  counters.value[COUNTER_EMBRYONIC_RSTS] += 3;
  struct handshake_shares shares = handshakes_advance(&last, &counters, 10);
  ck_assert(isnan(shares.completed));
  ck_assert(isnan(shares.inbound));
}
END_TEST

START_TEST(inbound_is_the_share_of_what_was_opened) {
  counters.value[COUNTER_PASSIVE_OPENS] += 30;
  counters.value[COUNTER_ACTIVE_OPENS] += 10;
  assert_near(handshakes_advance(&last, &counters, 10).inbound, 75);
  counters.value[COUNTER_ACTIVE_OPENS] += 10;
  assert_near(handshakes_advance(&last, &counters, 10).inbound, 0);
  counters.known[COUNTER_ACTIVE_OPENS] = false;
  counters.value[COUNTER_PASSIVE_OPENS] += 30;
  ck_assert(isnan(handshakes_advance(&last, &counters, 10).inbound));
}
END_TEST

SUITE(handshakes) {
  Suite *suite = suite_create("handshakes");
  TCase *tcase = tcase_create("interval");
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, without_handshakes_there_is_no_share);
  tcase_add_test(tcase, handshakes_without_a_failure_are_100_percent);
  tcase_add_test(tcase, the_share_by_hand);
  tcase_add_test(tcase, each_term_is_for_one_interval);
  tcase_add_test(tcase, only_failures_are_0_percent);
  tcase_add_test(tcase, no_term_is_negative);
  tcase_add_test(tcase, an_unknown_aged_count_adds_no_failures);
  tcase_add_test(tcase, a_counter_that_went_backwards_leaves_it_unknown_once);
  tcase_add_test(tcase, a_counter_that_wraps_has_not_gone_backwards);
  tcase_add_test(tcase, an_unknown_counter_adds_no_failures);
  tcase_add_test(tcase, without_passive_opens_nothing_is_known);
  tcase_add_test(tcase, inbound_is_the_share_of_what_was_opened);
  suite_add_tcase(suite, tcase);
  return suite;
}
