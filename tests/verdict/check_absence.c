/* absence: a host goes on sending, but not what an open incident is judged by.
 */
#include "scenes/suite.h"
#include "verdict/hosts.h"
#include "verdict/judge.h"
#include "verdict/notice.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static const double start_s = 1700000000;

static struct rules rules;
static struct hosts *watch;
static struct notice notices[8];
static size_t notices_len;
static int reading;
static double interval_s;
static bool half_open_known, queue_known;
static bool no_queue;    /* as without a listener */
static double listeners; /* below 0: not said */
static struct finding last[INCIDENT_COUNT];

static void setup(void) {
  rules_defaults(&rules);
  watch = hosts_create(&rules);
  ck_assert_ptr_nonnull(watch);
  notices_len = 0;
  reading = 0;
  interval_s = 10;
  half_open_known = queue_known = true;
  listeners = -1;
  no_queue = false;
}

static void teardown(void) { hosts_destroy(watch); }

static void drain(void) {
  struct judgement judged;
  while (hosts_next(watch, &judged)) {
    memcpy(last, judged.finding, sizeof(last));
    for (int i = 0; i < INCIDENT_COUNT; i++)
      if (notice_compose(&judged, (enum incident_kind)i,
                         &notices[notices_len])) {
        notices_len++;
        ck_assert_uint_lt(notices_len, 8);
      }
  }
}

static void put(enum signal signal, double number) {
  struct hosts_value value = {.host = "a",
                              .signal = signal,
                              .time_s = start_s + reading * interval_s,
                              .interval_s = interval_s,
                              .now_s = start_s + reading * interval_s};
  if (signal >= SIGNAL_FIRST_COUNTER)
    value.value.counter = (int64_t)number;
  else
    value.value.gauge = number;
  if (hosts_put(watch, &value) == -EAGAIN) {
    drain();
    ck_assert_int_eq(hosts_put(watch, &value), 0);
  }
  drain();
}

/* A flood of cookies that do not return, and an accept queue that overflows, or
 * neither; what is not known is not sent. */
static void run(int readings, bool flood, bool overflow) {
  static int64_t cookies, refused;
  for (int i = 0; i < readings; i++, reading++) {
    put(SIGNAL_ESTABLISHED, 50);
    if (listeners >= 0)
      hosts_put_listeners(watch, "a", start_s + reading * interval_s,
                          listeners);
    if (half_open_known)
      put(SIGNAL_SYN_RECV, 2);
    put(SIGNAL_COOKIES_SENT, (double)(cookies += flood ? 20000 : 0));
    put(SIGNAL_COOKIES_RECEIVED, 0);
    put(SIGNAL_PASSIVE_OPENS, 100 * reading);
    if (queue_known)
      put(SIGNAL_ACCEPT_QUEUE, no_queue ? NAN : overflow ? 100 : 5);
    put(SIGNAL_LISTEN_OVERFLOWS, (double)(refused += overflow ? 50 : 0));
    hosts_wake(watch, start_s + (reading + 0.9) * interval_s);
    drain();
  }
}

static void expect(size_t i, const char *instance, enum severity severity,
                   const char *words) {
  ck_assert_uint_lt(i, notices_len);
  ck_assert_str_eq(notices[i].instance, instance);
  ck_assert_int_eq(notices[i].severity, severity);
  ck_assert_msg(strstr(notices[i].text, words) != NULL, "no \"%s\" in \"%s\"",
                words, notices[i].text);
}

START_TEST(what_is_not_judged_for_silent_after_is_closed) {
  run(5, false, false);
  run(1, true, false);
  ck_assert_uint_eq(notices_len, 1);
  half_open_known = false;
  run(89, true, false);
  ck_assert_uint_eq(notices_len, 1);
  run(1, true, false);
  ck_assert_uint_eq(notices_len, 2);
  expect(1, "syn_flood", SEVERITY_OKAY,
         "syn_flood closed: its values have not come for 15 min; lasted 15 "
         "min");
  run(200, true, false);
  ck_assert_uint_eq(notices_len, 2);
}
END_TEST

START_TEST(what_is_open_and_not_measured_is_said_to_be_open) {
  run(5, false, false);
  run(5, false, true);
  listeners = 3;
  no_queue = true;
  size_t before = notices_len;
  for (int i = 1; i <= 3; i++) {
    run(1, false, false);
    const struct finding *is = &last[INCIDENT_ACCEPT_OVERFLOW];
    ck_assert(is->held && !is->judged);
    ck_assert_int_ne(is->severity, SEVERITY_OKAY);
    ck_assert_double_eq(is->missing_s, 10 * i);
    ck_assert(isnan(is->observed));
  }
  ck_assert_uint_eq(notices_len, before);
}
END_TEST

/* The only one has exited, as in a pod. */
START_TEST(without_any_listener_it_is_over_at_once) {
  run(5, false, false);
  run(5, false, true);
  size_t before = notices_len;
  listeners = 0;
  no_queue = true;
  run(1, false, false);
  ck_assert_uint_eq(notices_len, before + 1);
  expect(before, "accept_overflow", SEVERITY_OKAY,
         "accept_overflow over: no socket listens any more; lasted ");
  ck_assert_int_eq(last[INCIDENT_ACCEPT_OVERFLOW].severity, SEVERITY_OKAY);
  run(5, false, false);
  ck_assert_uint_eq(notices_len, before + 1);
}
END_TEST

/* 2 are half-open: it can be. */
START_TEST(a_flood_that_is_measured_is_not_over_for_that) {
  run(5, false, false);
  run(4, true, false);
  size_t before = notices_len;
  listeners = 0;
  run(2, true, false);
  ck_assert_uint_eq(notices_len, before);
}
END_TEST

START_TEST(what_comes_back_in_time_goes_on) {
  run(5, false, false);
  run(4, true, false);
  ck_assert_uint_eq(notices_len, 2); /* WARNING, FAILURE */
  for (int i = 0; i < 3; i++) {
    half_open_known = false;
    run(80, true, false);
    half_open_known = true;
    run(2, true, false);
  }
  ck_assert_uint_eq(notices_len, 2);
  run(30, false, false);
  expect(2, "syn_flood", SEVERITY_OKAY, "syn_flood over");
}
END_TEST

START_TEST(one_incident_is_closed_and_the_other_stays) {
  run(5, false, false);
  run(5, false, true);
  run(5, true, true); /* begun later, it mutes nothing */
  queue_known = false;
  size_t before = notices_len;
  ck_assert_uint_eq(before, 4);
  run(200, true, true);
  ck_assert_uint_eq(notices_len, before + 1);
  expect(before, "accept_overflow", SEVERITY_OKAY,
         "its values have not come for 15 min");
}
END_TEST

START_TEST(it_may_be_raised_again_when_its_values_are_back) {
  run(5, false, false);
  run(1, true, false);
  half_open_known = false;
  run(100, true, false);
  ck_assert_uint_eq(notices_len, 2);
  half_open_known = true;
  run(3, true, false);
  expect(2, "syn_flood", SEVERITY_WARNING, "syn_flood: ");
}
END_TEST

/* SilentAfter 60 is less than three intervals of 60 s. */
START_TEST(three_intervals_are_waited_for) {
  rules.silent_after_s = 60;
  interval_s = 60;
  run(5, false, false);
  run(1, true, false);
  half_open_known = false;
  run(2, true, false);
  ck_assert_uint_eq(notices_len, 1);
  run(1, true, false);
  ck_assert_uint_eq(notices_len, 2);
  expect(1, "syn_flood", SEVERITY_OKAY, "have not come for 3 min");
}
END_TEST

START_TEST(one_that_is_disabled_is_closed_at_once) {
  run(5, false, false);
  run(1, true, false);
  rules.incident[INCIDENT_SYN_FLOOD].enable = false;
  run(1, true, false);
  ck_assert_uint_eq(notices_len, 2);
  expect(1, "syn_flood", SEVERITY_OKAY, "syn_flood closed: it is disabled now");
  run(100, true, false);
  ck_assert_uint_eq(notices_len, 2);
}
END_TEST

SUITE(absence) {
  Suite *suite = suite_create("absence");
  TCase *tcase = tcase_create("absence");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, what_is_not_judged_for_silent_after_is_closed);
  tcase_add_test(tcase, what_is_open_and_not_measured_is_said_to_be_open);
  tcase_add_test(tcase, without_any_listener_it_is_over_at_once);
  tcase_add_test(tcase, a_flood_that_is_measured_is_not_over_for_that);
  tcase_add_test(tcase, what_comes_back_in_time_goes_on);
  tcase_add_test(tcase, one_incident_is_closed_and_the_other_stays);
  tcase_add_test(tcase, it_may_be_raised_again_when_its_values_are_back);
  tcase_add_test(tcase, three_intervals_are_waited_for);
  tcase_add_test(tcase, one_that_is_disabled_is_closed_at_once);
  suite_add_tcase(suite, tcase);
  return suite;
}
