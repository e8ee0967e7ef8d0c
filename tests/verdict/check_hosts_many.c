/* watch: many hosts, what is restored, and hostile input. */
#include "scenes/hosts_feed.h"
#include "scenes/random_load.h"
#include "scenes/suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct rules rules;
static struct feed feed;

static void setup(void) {
  rules_defaults(&rules);
  feed = (struct feed){.watch = hosts_create(&rules)};
  ck_assert_ptr_nonnull(feed.watch);
}

static void teardown(void) { hosts_destroy(feed.watch); }

START_TEST(a_flood_of_one_host_is_not_the_others) {
  for (int n = 0; n < 20; n++) {
    feed_snapshot(&feed, "a", n, 0);
    feed_snapshot(&feed, "b", n, n * 20000);
    ck_assert_uint_eq(feed.raised, n > 1); /* the first has no rate */
    if (n > 1) /* the first waits for what may still belong to it */
      ck_assert_str_eq(feed.last.host, "b");
  }
}
END_TEST

START_TEST(hosts_beyond_the_limit_are_counted_and_not_judged) {
  struct hosts_losses losses;
  rules.max_hosts = 2;
  for (int n = 0; n < 5; n++) {
    ck_assert_int_eq(feed_snapshot(&feed, "a", n, 0), 0);
    ck_assert_int_eq(feed_snapshot(&feed, "b", n, 0), 0);
    ck_assert_int_eq(feed_snapshot(&feed, "c", n, 0), -ENOSPC);
  }
  ck_assert_uint_eq(feed.judged, 10);
  ck_assert_uint_eq(hosts_count(feed.watch), 2);
  hosts_get_losses(feed.watch, &losses);
  ck_assert_uint_eq(losses.refused_hosts, 5 * FEED_MEMBERS);
}
END_TEST

START_TEST(five_thousand_hosts_have_a_place_each) {
  enum { HOSTS = 5000 };
  static bool seen[HOSTS];
  char name[JUDGE_HOST_MAX];
  for (int n = 0; n < 3; n++)
    for (int i = 0; i < HOSTS; i++) {
      snprintf(name, sizeof(name), "host-%d.example", i);
      ck_assert_int_eq(feed_snapshot(&feed, name, n, 0), 0);
    }
  ck_assert_uint_eq(hosts_count(feed.watch), HOSTS);
  ck_assert_uint_eq(feed.judged, 3 * HOSTS);
  for (size_t i = 0; i < HOSTS; i++) {
    struct hosts_host host;
    hosts_at(feed.watch, i, &host);
    int number = atoi(host.name + strlen("host-"));
    ck_assert(!seen[number]);
    seen[number] = true;
    ck_assert_double_eq(host.last.time_s, FEED_START_S + 20);
  }
}
END_TEST

START_TEST(what_is_restored_goes_on_as_if_never_stopped) {
  for (int n = 0; n < 40; n++)
    feed_snapshot(&feed, "a", n, n < 35 ? 0 : n * 20000);
  ck_assert_uint_eq(feed.raised, 1);
  struct hosts *first = feed.watch;
  struct hosts_host saved;
  hosts_at(first, 0, &saved);
  feed.watch = hosts_create(&rules);
  ck_assert_int_eq(hosts_restore(feed.watch, &saved), 0);
  ck_assert_int_eq(hosts_restore(feed.watch, &saved), -EEXIST);
  for (int n = 40; n < 60; n++)
    feed_snapshot(&feed, "a", n, n < 42 ? n * 20000 : 0);
  ck_assert_uint_eq(feed.raised, 1); /* no second time */
  struct judgement restarted = feed.last;
  hosts_destroy(feed.watch);
  feed.watch = first;
  for (int n = 40; n < 60; n++)
    feed_snapshot(&feed, "a", n, n < 42 ? n * 20000 : 0);
  ck_assert_int_eq(feed.last.finding[INCIDENT_SYN_FLOOD].severity,
                   SEVERITY_OKAY);
  ck_assert_mem_eq(restarted.seen.value, feed.last.seen.value,
                   sizeof(feed.last.seen.value));
  ck_assert_double_eq(restarted.finding[INCIDENT_SYN_FLOOD].expected,
                      feed.last.finding[INCIDENT_SYN_FLOOD].expected);
  ck_assert_int_eq(restarted.finding[INCIDENT_SYN_FLOOD].severity,
                   SEVERITY_OKAY);
}
END_TEST

START_TEST(a_value_that_is_none_is_refused) {
  char name[JUDGE_HOST_MAX + 1];
  const struct hosts_value good = {.host = name,
                                   .signal = SIGNAL_SYN_RECV,
                                   .time_s = FEED_START_S,
                                   .interval_s = FEED_INTERVAL_S,
                                   .now_s = FEED_START_S};
  const double times[] = {0, -1, 1e300, (double)NAN, (double)INFINITY};
  memset(name, 'h', sizeof(name));
  name[JUDGE_HOST_MAX] = '\0';
  ck_assert_int_eq(feed_value(&feed, &good), -EINVAL); /* too long */
  name[JUDGE_HOST_MAX - 1] = '\0';
  ck_assert_int_eq(feed_value(&feed, &good), 0);
  for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
    struct hosts_value bad = good;
    bad.time_s = times[i];
    ck_assert_int_eq(feed_value(&feed, &bad), -EINVAL);
    bad = good;
    bad.interval_s = times[i];
    ck_assert_int_eq(feed_value(&feed, &bad), -EINVAL);
    bad.interval_s = 1e10; /* it would never be heard again */
    ck_assert_int_eq(feed_value(&feed, &bad), -EINVAL);
  }
  struct hosts_value bad = good;
  bad.signal = SIGNAL_COUNT;
  ck_assert_int_eq(feed_value(&feed, &bad), -EINVAL);
  bad = good;
  bad.host = "";
  ck_assert_int_eq(feed_value(&feed, &bad), -EINVAL);
  bad.host = NULL;
  ck_assert_int_eq(feed_value(&feed, &bad), -EINVAL);
  ck_assert_uint_eq(hosts_count(feed.watch), 1);
}
END_TEST

/* Anybody may send to a server that asks for no signature. */
START_TEST(senders_of_long_intervals_are_forgotten_as_any_other) {
  struct hosts_value value = {.signal = SIGNAL_SYN_RECV,
                              .time_s = FEED_START_S,
                              .interval_s = 604800,
                              .now_s = FEED_START_S};
  double end_s = FEED_START_S + rules.max_age_s + 120;
  char name[32];
  rules.max_hosts = 10;
  for (int i = 0; i < 10; i++) {
    snprintf(name, sizeof(name), "long-%d", i);
    value.host = name;
    ck_assert_int_eq(feed_value(&feed, &value), 0);
  }
  ck_assert_int_eq(feed_snapshot(&feed, "good", 0, 0), -ENOSPC);
  feed_tick(&feed, FEED_START_S, end_s);
  ck_assert_uint_eq(hosts_count(feed.watch), 0);
  ck_assert_int_eq(feed_snapshot_at(&feed, "good", end_s, end_s, 0), 0);
}
END_TEST

START_TEST(one_value_of_a_long_interval_keeps_no_incident_open) {
  struct hosts_value value = {.host = "a",
                              .signal = SIGNAL_SYN_RECV,
                              .time_s = FEED_START_S + 250,
                              .interval_s = 604800,
                              .now_s = FEED_START_S + 250};
  for (int n = 0; n < 20; n++)
    feed_snapshot(&feed, "a", n, n * 20000);
  ck_assert_uint_eq(feed.raised, 1);
  ck_assert_int_eq(feed_value(&feed, &value), 0);
  feed_tick(&feed, FEED_START_S, FEED_START_S + 1300);
  ck_assert_uint_eq(feed.silent, 1);
}
END_TEST

/* What the ticks from..to tell of the host. Returns how often; last: the last.
 */
static size_t ticks(double from_s, double to_s, struct judgement *last) {
  size_t told = 0;
  for (double now_s = from_s; now_s <= to_s; now_s += 1) {
    hosts_wake(feed.watch, now_s);
    while (hosts_next(feed.watch, last))
      told++;
  }
  return told;
}

START_TEST(a_host_that_stops_is_told_once_an_interval_until_it_returns) {
  struct judgement last;
  const double end_s = FEED_START_S + 390;
  for (int n = 0; n < 40; n++)
    feed_snapshot(&feed, "a", n, n < 35 ? 0 : n * 20000);
  ck_assert_uint_eq(feed.raised, 1);
  ck_assert_uint_eq(ticks(end_s, end_s + 29, &last), 0);
  ck_assert_uint_eq(ticks(end_s + 30, end_s + 31, &last), 1);
  ck_assert(last.away && !last.fell_silent);
  ck_assert_double_eq(last.seen.time_s, end_s + 20); /* before its next */
  ck_assert(last.finding[INCIDENT_SYN_FLOOD].held);
  ck_assert_int_ne(last.finding[INCIDENT_SYN_FLOOD].severity, SEVERITY_OKAY);
  ck_assert_double_eq(last.finding[INCIDENT_SYN_FLOOD].missing_s, 20);
  ck_assert(!last.finding[INCIDENT_CLOSE_WAIT_LEAK].held);
  ck_assert_uint_eq(ticks(end_s + 32, end_s + 101, &last), 7);
  ck_assert_double_eq(last.seen.time_s, end_s + 90);
  feed_snapshot(&feed, "a", 50, 0);
  ck_assert(feed.last.is_back && !feed.last.came_back && !feed.last.away);
  feed_snapshot(&feed, "a", 51, 0);
  ck_assert(!feed.last.is_back);
}
END_TEST

START_TEST(a_host_falls_silent_once_and_comes_back_once) {
  struct judgement last;
  const double end_s = FEED_START_S + 190;
  size_t silent = 0;
  for (int n = 0; n < 20; n++)
    feed_snapshot(&feed, "a", n, 0);
  for (double now_s = end_s; now_s < end_s + 3000; now_s += 10) {
    hosts_wake(feed.watch, now_s);
    while (hosts_next(feed.watch, &last)) {
      silent += last.fell_silent;
      ck_assert(last.away);
    }
  }
  ck_assert_uint_eq(silent, 1);
  feed_snapshot_at(&feed, "a", end_s + 3000, end_s + 3000, 0);
  ck_assert_uint_eq(feed.judged, 21);
  ck_assert(feed.last.came_back && feed.last.is_back);
  ck_assert_double_eq_tol(feed.last.away_s, 3000, 1);
  feed_snapshot_at(&feed, "a", end_s + 3010, end_s + 3010, 0);
  ck_assert(!feed.last.came_back && !feed.last.is_back);
}
END_TEST

static const char *const obeyed_names[] = {
    "esc\x1b[31m", "two\nlines", "del\x7f", "c1\xc2\x9b[31m", "c1\x9b[31m",
};
enum { OBEYED_NAMES = sizeof(obeyed_names) / sizeof(obeyed_names[0]) };

/* They would reach logs, handlers and terminals with each notification. */
START_TEST(a_name_with_control_characters_is_never_judged) {
  struct hosts_losses losses;
  struct hosts_host saved = {.seen_s = FEED_START_S};
  ck_assert_int_eq(feed_snapshot(&feed, obeyed_names[_i], 0, 0), -EILSEQ);
  ck_assert_int_eq(feed_snapshot(&feed, "h\xc3\xb6st", 0, 0), 0);
  strcpy(saved.name, obeyed_names[_i]);
  ck_assert_int_eq(hosts_restore(feed.watch, &saved), -EILSEQ);
  ck_assert_uint_eq(hosts_count(feed.watch), 1);
  hosts_get_losses(feed.watch, &losses);
  ck_assert_uint_eq(losses.refused_hosts, FEED_MEMBERS);
}
END_TEST

START_TEST(any_order_of_anything_leaves_it_working) {
  struct random_load random = {(uint64_t)_i};
  char name[8];
  rules.max_hosts = 20;
  for (int k = 0; k < 30000; k++) {
    uint64_t bits = random_bits(&random);
    double now_s = (double)FEED_START_S + k * 0.05;
    double off_s = 10 * (double)(bits >> 8 & 7) - 35;
    snprintf(name, sizeof(name), "h%d", (int)(bits >> 16 & 31));
    struct hosts_value value = {.host = name,
                                .signal = (enum signal)(bits >> 24 & 31),
                                .time_s = floor(now_s / 10) * 10 +
                                          (bits & 255 ? off_s : 1e6 * off_s),
                                .interval_s = bits >> 32 & 63 ? 10 : 60,
                                .now_s = now_s,
                                .is_rate = (bits >> 40 & 7) == 0,
                                .value = {.gauge = (double)(bits >> 48)}};
    feed_value(&feed, &value);
    if ((bits >> 44 & 1023) == 0) {
      hosts_wake(feed.watch, now_s);
      feed_drain(&feed);
    }
  }
  ck_assert_uint_gt(feed.judged, 300);
  ck_assert_uint_le(hosts_count(feed.watch), 20);
}
END_TEST

START_TEST(a_rate_is_taken_as_a_rate) {
  struct hosts_value value = {.host = "a",
                              .signal = SIGNAL_PASSIVE_OPENS,
                              .time_s = FEED_START_S,
                              .interval_s = FEED_INTERVAL_S,
                              .now_s = FEED_START_S,
                              .is_rate = true,
                              .value = {.gauge = 12.5}};
  ck_assert_int_eq(feed_value(&feed, &value), 0);
  hosts_wake(feed.watch, INFINITY);
  feed_drain(&feed);
  ck_assert_double_eq(feed.last.seen.value[SIGNAL_PASSIVE_OPENS], 12.5);
}
END_TEST

START_TEST(what_belongs_to_the_queue_goes_along) {
  char far[200];
  struct hosts_value value = {.host = "a",
                              .signal = SIGNAL_SYN_QUEUE,
                              .time_s = FEED_START_S,
                              .interval_s = FEED_INTERVAL_S,
                              .now_s = FEED_START_S,
                              .listener = "0.0.0.0:443",
                              .top_source = far,
                              .backlog = 511,
                              .others = 3};
  memset(far, 'x', sizeof(far));
  far[sizeof(far) - 1] = '\0';
  ck_assert_int_eq(feed_value(&feed, &value), 0);
  value.signal = SIGNAL_ACCEPT_QUEUE;
  value.listener = "[::]:80";
  value.backlog = 128;
  value.others = 0;
  ck_assert_int_eq(feed_value(&feed, &value), 0);
  hosts_wake(feed.watch, INFINITY);
  feed_drain(&feed);
  ck_assert_str_eq(feed.last.seen.syn_queue.listener, "0.0.0.0:443");
  ck_assert_int_eq(feed.last.seen.syn_queue.backlog, 511);
  ck_assert_int_eq(feed.last.seen.syn_queue.others, 3);
  ck_assert_str_eq(feed.last.seen.accept_queue.listener, "[::]:80");
  ck_assert_int_eq(feed.last.seen.accept_queue.backlog, 128);
  ck_assert_int_eq(feed.last.seen.accept_queue.others, 0);
  ck_assert_uint_eq(strlen(feed.last.seen.top_source),
                    SNAPSHOT_ADDRESS_MAX - 1);
}
END_TEST

SUITE(hosts_many) {
  Suite *suite = suite_create("hosts_count");
  TCase *tests = tcase_create("hosts");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_set_timeout(tests, 30);
  tcase_add_test(tests, a_flood_of_one_host_is_not_the_others);
  tcase_add_test(tests, hosts_beyond_the_limit_are_counted_and_not_judged);
  tcase_add_test(tests, five_thousand_hosts_have_a_place_each);
  tcase_add_test(tests, what_is_restored_goes_on_as_if_never_stopped);
  tcase_add_loop_test(tests, a_name_with_control_characters_is_never_judged, 0,
                      OBEYED_NAMES);
  tcase_add_test(tests, a_rate_is_taken_as_a_rate);
  tcase_add_test(tests, what_belongs_to_the_queue_goes_along);
  tcase_add_test(tests, a_value_that_is_none_is_refused);
  tcase_add_test(tests, senders_of_long_intervals_are_forgotten_as_any_other);
  tcase_add_test(tests,
                 a_host_that_stops_is_told_once_an_interval_until_it_returns);
  tcase_add_test(tests, a_host_falls_silent_once_and_comes_back_once);
  tcase_add_test(tests, one_value_of_a_long_interval_keeps_no_incident_open);
  tcase_add_loop_test(tests, any_order_of_anything_leaves_it_working, 0, 4);
  suite_add_tcase(suite, tests);
  return suite;
}
