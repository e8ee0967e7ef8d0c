/* watch: clocks that are set by an hour or a year, forward or back, the
 * sender's, the receiver's or both, while all is calm and in an incident: the
 * step raises, closes and forgets nothing. */
#include "scenes/clock_steps.h"
#include "scenes/hosts_feed.h"
#include "scenes/suite.h"

enum { STEP_AT = 30, LOST_MAX = 3 }; /* in readings */

static struct rules rules;
static struct feed feed;

static void setup(void) {
  rules_defaults(&rules);
  feed = (struct feed){.watch = hosts_create(&rules)};
  ck_assert_ptr_nonnull(feed.watch);
}

static void teardown(void) { hosts_destroy(feed.watch); }

static double now_s(int step, int n) {
  return FEED_START_S + n * FEED_INTERVAL_S +
         (n >= STEP_AT ? steps[step % STEPS].receiver_s : 0);
}

static void tick(int step, int n) {
  hosts_wake(feed.watch, now_s(step, n) + (step < STEPS ? 1 : -1));
  feed_drain(&feed);
}

static void read_once(int step, int n, int64_t cookies) {
  double time_s = FEED_START_S + n * FEED_INTERVAL_S;
  if (n >= STEP_AT)
    time_s += steps[step % STEPS].sender_s;
  feed_snapshot_at(&feed, "a", time_s, now_s(step, n), cookies);
}

/* Readings from..until, each with a tick behind it; the later half of the cases
 * has it in front. */
static void run(int step, int from, int until, int64_t *cookies,
                int64_t more_cookies) {
  for (int n = from; n < until; n++) {
    *cookies += more_cookies;
    if (step >= STEPS)
      tick(step, n);
    read_once(step, n, *cookies);
    if (step < STEPS)
      tick(step, n);
  }
}

static struct hosts_host only_host(void) {
  struct hosts_host host;
  ck_assert_uint_eq(hosts_count(feed.watch), 1);
  hosts_at(feed.watch, 0, &host);
  return host;
}

START_TEST(in_the_calm_a_step_says_nothing_and_learning_goes_on) {
  int64_t cookies = 0;
  run(_i, 0, STEP_AT, &cookies, 0);
  double learnt = only_host().judge.syn_flood.model.learnt;
  ck_assert_double_gt(learnt, 0);
  run(_i, STEP_AT, 60, &cookies, 0);
  ck_assert_uint_ge(feed.judged, 60 - LOST_MAX);
  ck_assert_uint_eq(feed.raised + feed.cleared + feed.silent, 0);
  ck_assert_double_ge(only_host().judge.syn_flood.model.learnt,
                      learnt + 60 - (double)STEP_AT - (double)LOST_MAX - 1);
}
END_TEST

START_TEST(after_a_step_a_flood_is_noticed_as_before) {
  int64_t cookies = 0;
  run(_i, 0, 40, &cookies, 0);
  run(_i, 40, 45, &cookies, 20000);
  ck_assert_uint_eq(feed.raised, 1);
  run(_i, 45, 70, &cookies, 0);
  ck_assert_uint_eq(feed.cleared, 1);
}
END_TEST

START_TEST(an_open_incident_goes_on_over_a_step_and_ends_once) {
  int64_t cookies = 0;
  run(_i, 0, 20, &cookies, 0);
  run(_i, 20, 45, &cookies, 20000);
  ck_assert_uint_eq(feed.raised, 1);
  ck_assert_uint_eq(feed.cleared + feed.silent, 0);
  ck_assert_int_ne(only_host().judge.syn_flood.incident.severity,
                   SEVERITY_OKAY);
  run(_i, 45, 80, &cookies, 0);
  ck_assert_uint_eq(feed.raised, 1);
  ck_assert_uint_eq(feed.cleared, 1);
  ck_assert_uint_eq(feed.silent, 0);
}
END_TEST

/* The last reading is by the new clock; or there is none by it. */
static void fall_silent(int step, int last) {
  int64_t cookies = 0;
  int silent_n = (int)(rules.silent_after_s / (double)FEED_INTERVAL_S);
  run(step, 0, 20, &cookies, 0);
  run(step, 20, last + 1, &cookies, 20000);
  int n = last + 1;
  for (; n < last + silent_n - 1; n++)
    tick(step, n);
  ck_assert_uint_eq(feed.silent, 0);
  for (; n < last + silent_n + STEP_AT; n++)
    tick(step, n);
  ck_assert_uint_eq(feed.raised, 1);
  ck_assert_uint_eq(feed.silent, 1);
  only_host();
}

START_TEST(a_host_silent_from_a_step_on_is_closed_in_time) {
  fall_silent(_i, STEP_AT - 1);
}
END_TEST

START_TEST(a_host_silent_soon_after_a_step_is_closed_in_time) {
  fall_silent(_i, STEP_AT);
}
END_TEST

START_TEST(a_reading_cut_off_by_a_step_is_judged_and_its_host_closed) {
  int64_t cookies = 0;
  run(_i, 0, 20, &cookies, 0);
  run(_i, 20, STEP_AT - 1, &cookies, 20000);
  size_t judged = feed.judged;
  feed_value(&feed, &(struct hosts_value){.host = "a",
                                          .signal = SIGNAL_ESTABLISHED,
                                          .time_s = now_s(_i, STEP_AT - 1),
                                          .interval_s = FEED_INTERVAL_S,
                                          .now_s = now_s(_i, STEP_AT - 1),
                                          .value = {.gauge = 50}});
  ck_assert_uint_eq(feed.judged, judged);
  for (int n = STEP_AT; n < STEP_AT + 80; n++)
    tick(_i, n);
  ck_assert_uint_eq(feed.judged, judged + 1);
  for (int n = STEP_AT + 80; n < STEP_AT + 150; n++)
    tick(_i, n);
  ck_assert_uint_eq(feed.silent, 1);
  only_host();
}
END_TEST

SUITE(hosts_steps) {
  Suite *suite = suite_create("watch_steps");
  TCase *tests = tcase_create("steps");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_loop_test(
      tests, in_the_calm_a_step_says_nothing_and_learning_goes_on, 0, CASES);
  tcase_add_loop_test(tests, after_a_step_a_flood_is_noticed_as_before, 0,
                      CASES);
  tcase_add_loop_test(tests, an_open_incident_goes_on_over_a_step_and_ends_once,
                      0, CASES);
  tcase_add_loop_test(tests, a_host_silent_from_a_step_on_is_closed_in_time, 0,
                      CASES);
  tcase_add_loop_test(tests, a_host_silent_soon_after_a_step_is_closed_in_time,
                      0, CASES);
  tcase_add_loop_test(tests,
                      a_reading_cut_off_by_a_step_is_judged_and_its_host_closed,
                      0, CASES);
  suite_add_tcase(suite, tests);
  return suite;
}
