/* Two machines that send as one host, and one that does not. */
#include "scenes/suite.h"
#include "verdict/hosts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { INTERVAL_S = 10, START_S = 1700000000 };

static struct rules rules;
static struct hosts *hosts;
static size_t judged, raised, begun;

static void setup(void) {
  rules_defaults(&rules);
  hosts = hosts_create(&rules);
  ck_assert_ptr_nonnull(hosts);
  judged = raised = begun = 0;
}

static void teardown(void) { hosts_destroy(hosts); }

static void drain(void) {
  struct judgement out;
  while (hosts_next(hosts, &out)) {
    judged += out.finding[INCIDENT_SYN_FLOOD].judged;
    begun += out.mixed;
    for (int i = 0; i < INCIDENT_COUNT; i++)
      raised += out.finding[i].change == INCIDENT_RAISED;
  }
}

/* A machine: what its counters stood at when it began, and what they gain in a
 * second. */
struct machine {
  double offset_s, half_open;
  int64_t opens, opens_per_s, cookies, cookies_per_s;
  bool without_counters;
};

static void put(enum signal signal, double time_s, double gauge,
                int64_t counter) {
  struct hosts_value value = {.host = "web",
                              .signal = signal,
                              .time_s = time_s,
                              .interval_s = INTERVAL_S,
                              .now_s = time_s};
  if (signal >= SIGNAL_FIRST_COUNTER)
    value.value.counter = counter;
  else
    value.value.gauge = gauge;
  if (hosts_put(hosts, &value) != 0) {
    drain();
    ck_assert_int_eq(hosts_put(hosts, &value), 0);
  }
  drain();
}

static void reading_at(const struct machine *is, double time_s) {
  int64_t passed_s = (int64_t)(time_s - (double)START_S);
  put(SIGNAL_ESTABLISHED, time_s, 200, 0);
  put(SIGNAL_SYN_RECV, time_s, is->half_open, 0);
  put(SIGNAL_AGED, time_s, is->half_open, 0);
  if (is->without_counters)
    return;
  put(SIGNAL_PASSIVE_OPENS, time_s, 0, is->opens + is->opens_per_s * passed_s);
  put(SIGNAL_COOKIES_SENT, time_s, 0,
      is->cookies + is->cookies_per_s * passed_s);
  put(SIGNAL_COOKIES_RECEIVED, time_s, 0, 0);
}

static void reading(const struct machine *is, int n) {
  reading_at(is, START_S + INTERVAL_S * n + is->offset_s);
}

static const struct machine quiet = {0, 2, 1000000, 20, 0, 0, false};
/* The other one: booted lately or long ago, just after the first or before. */
static const struct machine others[] = {
    {3, 2, 500, 20, 0, 0, false},      {3, 2, 90000000, 20, 800000, 0, false},
    {7, 2, 500, 20, 0, 0, false},      {5, 2, 90000000, 20, 800000, 0, false},
    {1, 2, 90000000, 20, 0, 0, false}, {5, 90, 500, 20, 300, 0, false},
    {3, 90, 0, 0, 0, 0, true},
};
enum { OTHERS = sizeof(others) / sizeof(others[0]) };

START_TEST(two_machines_are_said_once_and_raise_nothing) {
  struct machine first = quiet;
  first.without_counters = others[_i].without_counters;
  for (int n = 0; n < 100; n++)
    reading(&first, n);
  for (int n = 100; n < 200; n++) {
    reading(&first, n);
    reading(&others[_i], n);
  }
  ck_assert_uint_eq(begun, 1);
  ck_assert_uint_eq(raised, 0);
  size_t until = judged;
  ck_assert_uint_le(until, 106);
  for (int n = 200; n < 220; n++) /* the other one is given another name */
    reading(&first, n);
  ck_assert_uint_ge(judged, until + 10);
  ck_assert_uint_eq(begun, 1);
}
END_TEST

START_TEST(a_machine_that_starts_anew_is_one) {
  static const struct machine again = {0, 2, 0, 20, 0, 0, false};
  struct machine first = quiet;
  first.cookies = 5;
  for (int n = 0; n < 30; n++)
    reading(&first, n);
  for (int n = 30; n < 60; n++) { /* three times in five minutes */
    struct machine anew = again;
    anew.opens = -(int64_t)(n / 10 * 10) * INTERVAL_S * anew.opens_per_s;
    reading(&anew, n);
  }
  ck_assert_uint_eq(begun, 0);
  ck_assert_uint_eq(judged, 57); /* all but the first after each start */
}
END_TEST

/* A container that fails again and again: two readings, and three without it.
 */
START_TEST(a_container_that_comes_and_goes_is_one) {
  for (int n = 0; n < 200; n++) {
    struct machine anew = quiet;
    int life = n / 5;
    anew.opens = life % 2 * 30 - (int64_t)(5 * life) * INTERVAL_S * 20;
    if (n % 5 < 2)
      reading(&anew, n);
  }
  ck_assert_uint_eq(begun, 0);
  ck_assert_uint_eq(raised, 0);
}
END_TEST

/* A busy machine reads up to 0.4 of an interval late. */
START_TEST(a_machine_that_reads_late_is_one) {
  struct machine late = quiet;
  unsigned seed = 7;
  late.without_counters = _i == 1;
  for (int n = 0; n < 2000; n++) {
    late.offset_s = 4.0 * rand_r(&seed) / RAND_MAX;
    reading(&late, n);
  }
  ck_assert_uint_eq(begun, 0);
  ck_assert_uint_ge(judged, 1990);
}
END_TEST

/* What is flooded with cookies goes on being judged. */
START_TEST(a_flood_of_one_machine_is_raised) {
  struct machine flooded = quiet;
  for (int n = 0; n < 100; n++)
    reading(&quiet, n);
  flooded.cookies = -INT64_C(500) * 100 * INTERVAL_S;
  flooded.cookies_per_s = 500;
  for (int n = 100; n < 110; n++)
    reading(&flooded, n);
  ck_assert_uint_eq(raised, 1);
  ck_assert_uint_eq(begun, 0);
}
END_TEST

SUITE(mixture) {
  Suite *suite = suite_create("mixture");
  TCase *tcase = tcase_create("mixture");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_set_timeout(tcase, 30);
  tcase_add_loop_test(tcase, two_machines_are_said_once_and_raise_nothing, 0,
                      OTHERS);
  tcase_add_test(tcase, a_machine_that_starts_anew_is_one);
  tcase_add_test(tcase, a_container_that_comes_and_goes_is_one);
  tcase_add_loop_test(tcase, a_machine_that_reads_late_is_one, 0, 2);
  tcase_add_test(tcase, a_flood_of_one_machine_is_raised);
  suite_add_tcase(suite, tcase);
  return suite;
}
