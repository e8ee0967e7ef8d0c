/* hosts: many hosts, what is restored, and hostile input. */
#include "clock_steps.h"
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
  feed = (struct feed){.hosts = hosts_create(&rules)};
  ck_assert_ptr_nonnull(feed.hosts);
}

static void teardown(void) { hosts_destroy(feed.hosts); }

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
  ck_assert_uint_eq(hosts_count(feed.hosts), 2);
  hosts_get_losses(feed.hosts, &losses);
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
  ck_assert_uint_eq(hosts_count(feed.hosts), HOSTS);
  ck_assert_uint_eq(feed.judged, 3 * HOSTS);
  for (size_t i = 0; i < HOSTS; i++) {
    struct hosts_host host;
    hosts_at(feed.hosts, i, &host);
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
  struct hosts *first = feed.hosts;
  struct hosts_host saved;
  hosts_at(first, 0, &saved);
  feed.hosts = hosts_create(&rules);
  ck_assert_int_eq(hosts_restore(feed.hosts, &saved), 0);
  ck_assert_int_eq(hosts_restore(feed.hosts, &saved), -EEXIST);
  for (int n = 40; n < 60; n++)
    feed_snapshot(&feed, "a", n, n < 42 ? n * 20000 : 0);
  ck_assert_uint_eq(feed.raised, 1); /* no second time */
  struct judgement restarted = feed.last;
  hosts_destroy(feed.hosts);
  feed.hosts = first;
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
  ck_assert_uint_eq(hosts_count(feed.hosts), 1);
}
END_TEST

/* Anybody may send to a server that asks for no signature. */
START_TEST(senders_of_long_intervals_are_forgotten_as_any_other) {
  struct hosts_value value = {.signal = SIGNAL_SYN_RECV,
                              .time_s = FEED_START_S,
                              .interval_s = 604800,
                              .now_s = FEED_START_S};
  double end_s = (double)FEED_START_S + rules.max_age_s + 120;
  char name[32];
  rules.max_hosts = 10;
  for (int i = 0; i < 10; i++) {
    snprintf(name, sizeof(name), "long-%d", i);
    value.host = name;
    ck_assert_int_eq(feed_value(&feed, &value), 0);
  }
  ck_assert_int_eq(feed_snapshot(&feed, "good", 0, 0), -ENOSPC);
  feed_tick(&feed, FEED_START_S, end_s);
  ck_assert_uint_eq(hosts_count(feed.hosts), 0);
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
    hosts_wake(feed.hosts, now_s);
    while (hosts_next(feed.hosts, last))
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
    hosts_wake(feed.hosts, now_s);
    while (hosts_next(feed.hosts, &last)) {
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
  ck_assert_int_eq(hosts_restore(feed.hosts, &saved), -EILSEQ);
  ck_assert_uint_eq(hosts_count(feed.hosts), 1);
  hosts_get_losses(feed.hosts, &losses);
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
      hosts_wake(feed.hosts, now_s);
      feed_drain(&feed);
    }
  }
  ck_assert_uint_gt(feed.judged, 300);
  ck_assert_uint_le(hosts_count(feed.hosts), 20);
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
  hosts_wake(feed.hosts, INFINITY);
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
  hosts_wake(feed.hosts, INFINITY);
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

/* hosts: clocks that are set, and hosts that fall silent. */

static const double clock_steps[] = {-3600, -31557600, -11, 3600, 31557600};

START_TEST(a_senders_clock_may_be_set) {
  double step_s = clock_steps[_i], samples = 0;
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
  ck_assert_uint_eq(hosts_count(feed.hosts), 1);
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
  hosts_get_losses(feed.hosts, &losses);
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
  ck_assert_uint_eq(hosts_count(feed.hosts), 1);
}
END_TEST

/* Readings of half a day: three of them are longer than MaxAge. */
START_TEST(what_is_open_is_closed_before_its_host_is_forgotten) {
  const double interval_s = 43200;
  double now_s = FEED_START_S;
  rules.max_age_s = 86400;
  for (int n = 0; n < 5; n++, now_s += interval_s)
    feed_snapshot_every(&feed, "a", now_s, interval_s, n * 200000000);
  now_s -= interval_s;
  feed_tick(&feed, now_s, now_s + 600);
  ck_assert_uint_eq(feed.raised, 1);
  feed_tick(&feed, now_s + 600, now_s + rules.max_age_s + 120);
  ck_assert_uint_eq(feed.silent, 1);
  ck_assert_uint_eq(hosts_count(feed.hosts), 0);
}
END_TEST

/* As a network plugin hands them over that was held up. */
START_TEST(late_readings_that_come_at_once_are_no_clock_set_back) {
  const double now_s = FEED_START_S + 190;
  for (int n = 0; n < 20; n++)
    feed_snapshot(&feed, "a", n, 0);
  for (int n = 10; n < 18; n++)
    ck_assert_int_eq(feed_snapshot_at(&feed, "a",
                                      FEED_START_S + n * FEED_INTERVAL_S,
                                      now_s + 1 + 0.01 * n, 0),
                     -ESTALE);
  ck_assert_uint_eq(feed.judged, 20);
  feed_snapshot(&feed, "a", 20, 0);
  ck_assert_uint_eq(feed.judged, 21);
  ck_assert_double_eq(feed.last.seen.time_s, FEED_START_S + 200);
}
END_TEST

START_TEST(a_long_silent_host_is_forgotten_unless_held) {
  rules.max_age_s = 3600;
  feed_snapshot(&feed, "a", 0, 0);
  feed_snapshot(&feed, "b", 0, 0);
  hosts_hold(feed.hosts, true);
  feed_tick(&feed, FEED_START_S, FEED_START_S + 4000);
  ck_assert_uint_eq(hosts_count(feed.hosts), 2);
  hosts_hold(feed.hosts, false);
  feed_snapshot(&feed, "b", 400, 0);
  feed_tick(&feed, FEED_START_S + 4000, FEED_START_S + 4060);
  ck_assert_uint_eq(hosts_count(feed.hosts), 1);
  struct hosts_host left;
  hosts_at(feed.hosts, 0, &left);
  ck_assert_str_eq(left.name, "b");
  ck_assert_int_eq(feed_snapshot(&feed, "a", 410, 0), 0);
  ck_assert_uint_eq(hosts_count(feed.hosts), 2);
}
END_TEST

START_TEST(a_sleep_of_the_receiver_is_no_silence) {
  for (int n = 0; n < 5; n++)
    feed_snapshot(&feed, "a", n, n * 20000);
  feed_tick(&feed, FEED_START_S + 40, FEED_START_S + 100);
  hosts_wake(feed.hosts, FEED_START_S + 86400);
  feed_drain(&feed);
  ck_assert_uint_eq(feed.silent, 0);
}
END_TEST

SUITE(hosts_clock) {
  Suite *suite = suite_create("watch_clock");
  TCase *tests = tcase_create("clocks");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_loop_test(tests, a_senders_clock_may_be_set, 0,
                      sizeof(clock_steps) / sizeof(clock_steps[0]));
  tcase_add_test(tests, a_clock_set_forward_and_back_again_is_followed);
  tcase_add_test(tests, stragglers_are_no_clock_set_back);
  tcase_add_test(tests, late_readings_that_come_at_once_are_no_clock_set_back);
  tcase_add_test(tests, what_is_open_is_closed_before_its_host_is_forgotten);
  tcase_add_test(tests, a_silent_host_closes_what_is_open_once);
  tcase_add_test(tests, a_long_silent_host_is_forgotten_unless_held);
  tcase_add_test(tests, a_sleep_of_the_receiver_is_no_silence);
  suite_add_tcase(suite, tests);
  return suite;
}

/* hosts: clocks that are set by an hour or a year, forward or back, the
 * sender's, the receiver's or both, while all is calm and in an incident: the
 * step raises, closes and forgets nothing. */

enum { STEP_AT = 30, LOST_MAX = 3 }; /* in readings */

static double now_s(int step, int n) {
  return FEED_START_S + n * FEED_INTERVAL_S +
         (n >= STEP_AT ? steps[step % STEPS].receiver_s : 0);
}

static void tick_step(int step, int n) {
  hosts_wake(feed.hosts, now_s(step, n) + (step < STEPS ? 1 : -1));
  feed_drain(&feed);
}

static void read_step(int step, int n, int64_t cookies) {
  double time_s = FEED_START_S + n * FEED_INTERVAL_S;
  if (n >= STEP_AT)
    time_s += steps[step % STEPS].sender_s;
  feed_snapshot_at(&feed, "a", time_s, now_s(step, n), cookies);
}

/* Readings from..until, each with a tick_step behind it; the later half of the
 * cases has it in front. */
static void run_step(int step, int from, int until, int64_t *cookies,
                     int64_t more_cookies) {
  for (int n = from; n < until; n++) {
    *cookies += more_cookies;
    if (step >= STEPS)
      tick_step(step, n);
    read_step(step, n, *cookies);
    if (step < STEPS)
      tick_step(step, n);
  }
}

static struct hosts_host only_host(void) {
  struct hosts_host host;
  ck_assert_uint_eq(hosts_count(feed.hosts), 1);
  hosts_at(feed.hosts, 0, &host);
  return host;
}

START_TEST(in_the_calm_a_step_says_nothing_and_learning_goes_on) {
  int64_t cookies = 0;
  run_step(_i, 0, STEP_AT, &cookies, 0);
  double learnt = only_host().judge.syn_flood.model.learnt;
  ck_assert_double_gt(learnt, 0);
  run_step(_i, STEP_AT, 60, &cookies, 0);
  ck_assert_uint_ge(feed.judged, 60 - LOST_MAX);
  ck_assert_uint_eq(feed.raised + feed.cleared + feed.silent, 0);
  ck_assert_double_ge(only_host().judge.syn_flood.model.learnt,
                      learnt + 60 - (double)STEP_AT - (double)LOST_MAX - 1);
}
END_TEST

START_TEST(after_a_step_a_flood_is_noticed_as_before) {
  int64_t cookies = 0;
  run_step(_i, 0, 40, &cookies, 0);
  run_step(_i, 40, 45, &cookies, 20000);
  ck_assert_uint_eq(feed.raised, 1);
  run_step(_i, 45, 70, &cookies, 0);
  ck_assert_uint_eq(feed.cleared, 1);
}
END_TEST

START_TEST(an_open_incident_goes_on_over_a_step_and_ends_once) {
  int64_t cookies = 0;
  run_step(_i, 0, 20, &cookies, 0);
  run_step(_i, 20, 45, &cookies, 20000);
  ck_assert_uint_eq(feed.raised, 1);
  ck_assert_uint_eq(feed.cleared + feed.silent, 0);
  ck_assert_int_ne(only_host().judge.syn_flood.incident.severity,
                   SEVERITY_OKAY);
  run_step(_i, 45, 80, &cookies, 0);
  ck_assert_uint_eq(feed.raised, 1);
  ck_assert_uint_eq(feed.cleared, 1);
  ck_assert_uint_eq(feed.silent, 0);
}
END_TEST

/* The last reading is by the new clock; or there is none by it. */
static void fall_silent(int step, int last) {
  int64_t cookies = 0;
  int silent_n = (int)(rules.silent_after_s / (double)FEED_INTERVAL_S);
  run_step(step, 0, 20, &cookies, 0);
  run_step(step, 20, last + 1, &cookies, 20000);
  int n = last + 1;
  for (; n < last + silent_n - 1; n++)
    tick_step(step, n);
  ck_assert_uint_eq(feed.silent, 0);
  for (; n < last + silent_n + STEP_AT; n++)
    tick_step(step, n);
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
  run_step(_i, 0, 20, &cookies, 0);
  run_step(_i, 20, STEP_AT - 1, &cookies, 20000);
  size_t judged = feed.judged;
  feed_value(&feed, &(struct hosts_value){.host = "a",
                                          .signal = SIGNAL_ESTABLISHED,
                                          .time_s = now_s(_i, STEP_AT - 1),
                                          .interval_s = FEED_INTERVAL_S,
                                          .now_s = now_s(_i, STEP_AT - 1),
                                          .value = {.gauge = 50}});
  ck_assert_uint_eq(feed.judged, judged);
  for (int n = STEP_AT; n < STEP_AT + 80; n++)
    tick_step(_i, n);
  ck_assert_uint_eq(feed.judged, judged + 1);
  for (int n = STEP_AT + 80; n < STEP_AT + 150; n++)
    tick_step(_i, n);
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
