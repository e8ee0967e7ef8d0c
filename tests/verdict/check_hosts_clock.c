/* watch: clocks that are set, and hosts that fall silent. */
#include "scenes/hosts_feed.h"
#include "scenes/suite.h"

#include <errno.h>
#include <string.h>

static struct rules rules;
static struct feed feed;

static void setup(void) {
  rules_defaults(&rules);
  feed = (struct feed){.watch = hosts_create(&rules)};
  ck_assert_ptr_nonnull(feed.watch);
}

static void teardown(void) { hosts_destroy(feed.watch); }

static const double steps[] = {-3600, -31557600, -11, 3600, 31557600};

START_TEST(a_senders_clock_may_be_set) {
  double step_s = steps[_i], samples = 0;
  for (int n = 0; n < 20; n++)
    feed_snapshot(&feed, "a", n, 0);
  ck_assert_uint_eq(feed.judged, 20);
  samples = feed.last.finding[INCIDENT_SYN_FLOOD].samples;
  for (int n = 20; n < 40; n++) {
    double now_s = FEED_START_S + n * FEED_INTERVAL_S;
    feed_snapshot_at(&feed, "a", now_s + step_s, now_s, 0);
  }
  ck_assert_uint_ge(feed.judged, 20 + 17); /* three at most are lost */
  ck_assert_double_eq(feed.last.seen.time_s, FEED_START_S + 390 + step_s);
  ck_assert(!feed.last.seen.gap);
  ck_assert_double_ge(feed.last.finding[INCIDENT_SYN_FLOOD].samples,
                      samples + 17);
  ck_assert_uint_eq(hosts_count(feed.watch), 1);
}
END_TEST

START_TEST(a_clock_set_forward_and_back_again_is_followed) {
  for (int n = 0; n < 30; n++) {
    double now_s = FEED_START_S + n * FEED_INTERVAL_S;
    feed_snapshot_at(&feed, "a", now_s + (n >= 10 && n < 20 ? 86400 : 0), now_s,
                     0);
  }
  ck_assert_uint_ge(feed.judged, 27);
  ck_assert_double_eq(feed.last.seen.time_s, FEED_START_S + 290);
}
END_TEST

START_TEST(stragglers_are_no_clock_set_back) {
  struct hosts_losses losses;
  for (int n = 0; n < 30; n++) {
    struct hosts_value straggler = {
        .host = "a",
        .signal = SIGNAL_SYN_QUEUE,
        .time_s = FEED_START_S + (n - 2) * FEED_INTERVAL_S,
        .interval_s = FEED_INTERVAL_S,
        .now_s = FEED_START_S + n * FEED_INTERVAL_S + 1};
    feed_snapshot(&feed, "a", n, 0);
    ck_assert_int_eq(feed_value(&feed, &straggler), n == 0 ? 0 : -ESTALE);
  }
  hosts_get_losses(feed.watch, &losses);
  ck_assert_uint_eq(losses.late_values, 29);
  ck_assert_double_eq(feed.last.seen.time_s, FEED_START_S + 290);
}
END_TEST

START_TEST(a_silent_host_closes_what_is_open_once) {
  for (int n = 0; n < 5; n++)
    feed_snapshot(&feed, "a", n, n * 20000);
  ck_assert_uint_eq(feed.raised, 1);
  feed_tick(&feed, FEED_START_S + 40, FEED_START_S + 40 + 840);
  ck_assert_uint_eq(feed.silent, 0);
  feed_tick(&feed, FEED_START_S + 40 + 900, FEED_START_S + 40 + 7200);
  ck_assert_uint_eq(feed.silent, 1);
  ck_assert_int_eq(feed.last.finding[INCIDENT_SYN_FLOOD].severity,
                   SEVERITY_OKAY);
  ck_assert_double_ge(feed.last.silent_s, 900);
  ck_assert_uint_eq(hosts_count(feed.watch), 1);
}
END_TEST

START_TEST(a_long_silent_host_is_forgotten_unless_held) {
  rules.max_age_s = 3600;
  feed_snapshot(&feed, "a", 0, 0);
  feed_snapshot(&feed, "b", 0, 0);
  hosts_hold(feed.watch, true);
  feed_tick(&feed, FEED_START_S, FEED_START_S + 4000);
  ck_assert_uint_eq(hosts_count(feed.watch), 2);
  hosts_hold(feed.watch, false);
  feed_snapshot(&feed, "b", 400, 0);
  feed_tick(&feed, FEED_START_S + 4000, FEED_START_S + 4060);
  ck_assert_uint_eq(hosts_count(feed.watch), 1);
  struct hosts_host left;
  hosts_at(feed.watch, 0, &left);
  ck_assert_str_eq(left.name, "b");
  ck_assert_int_eq(feed_snapshot(&feed, "a", 410, 0), 0);
  ck_assert_uint_eq(hosts_count(feed.watch), 2);
}
END_TEST

START_TEST(a_sleep_of_the_receiver_is_no_silence) {
  for (int n = 0; n < 5; n++)
    feed_snapshot(&feed, "a", n, n * 20000);
  feed_tick(&feed, FEED_START_S + 40, FEED_START_S + 100);
  hosts_wake(feed.watch, FEED_START_S + 86400);
  feed_drain(&feed);
  ck_assert_uint_eq(feed.silent, 0);
}
END_TEST

SUITE(hosts_clock) {
  Suite *suite = suite_create("watch_clock");
  TCase *tests = tcase_create("clocks");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_loop_test(tests, a_senders_clock_may_be_set, 0,
                      sizeof(steps) / sizeof(steps[0]));
  tcase_add_test(tests, a_clock_set_forward_and_back_again_is_followed);
  tcase_add_test(tests, stragglers_are_no_clock_set_back);
  tcase_add_test(tests, a_silent_host_closes_what_is_open_once);
  tcase_add_test(tests, a_long_silent_host_is_forgotten_unless_held);
  tcase_add_test(tests, a_sleep_of_the_receiver_is_no_silence);
  suite_add_tcase(suite, tests);
  return suite;
}
