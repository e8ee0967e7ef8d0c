/* Hosts over a restart, through the saved text: nothing is raised again,
 * nothing is forgotten, and the downtime is nobody's silence. */
#include "scenes/hosts_feed.h"
#include "scenes/suite.h"
#include "verdict/state/state_text.h"

#include <string.h>

enum { HOSTS = 5 };

static struct rules rules;
static struct feed feed;

static void setup(void) {
  rules_defaults(&rules);
  memset(&feed, 0, sizeof(feed));
  feed.hosts = hosts_create(&rules);
}

static void teardown(void) { hosts_destroy(feed.hosts); }

static int take_in(void *to, const struct hosts_host *host) {
  return hosts_restore(to, host);
}

static void restart(void) {
  static char text[2 * STATE_TEXT_FRAME_MAX + HOSTS * STATE_TEXT_HOST_MAX];
  struct hosts *fresh = hosts_create(&rules);
  struct state_text_reader reader = {take_in, NULL, fresh};
  struct state_text state;
  char why[STATE_TEXT_ERROR_MAX];
  size_t length = state_text_begin(&state, 1, text);
  for (size_t i = 0; i < hosts_count(feed.hosts); i++) {
    struct hosts_host host;
    hosts_at(feed.hosts, i, &host);
    length += state_text_host(&state, &host, text + length);
  }
  length += state_text_end(&state, text + length);
  ck_assert_int_eq(state_text_read(text, length, &reader, why), 0);
  ck_assert_uint_eq(hosts_count(fresh), hosts_count(feed.hosts));
  hosts_destroy(feed.hosts);
  feed.hosts = fresh;
}

/* 20000 cookies a reading that nobody returns: a flood from the second on. */
static void flood(int from, int to) {
  for (int n = from; n < to; n++)
    feed_snapshot(&feed, "a", n, n * 20000);
}

START_TEST(what_is_open_is_not_raised_again_and_its_okay_comes) {
  flood(0, 10);
  ck_assert_uint_eq(feed.raised, 1);
  restart();
  flood(11, 20);
  ck_assert_uint_eq(feed.raised, 1);
  ck_assert_int_ne(feed.last.finding[INCIDENT_SYN_FLOOD].severity,
                   SEVERITY_OKAY);
  int cleared = 0;
  for (int n = 20; n < 60; n++) {
    feed_snapshot(&feed, "a", n, 19 * 20000);
    cleared += feed.last.finding[INCIDENT_SYN_FLOOD].change == INCIDENT_CLEARED;
  }
  ck_assert_int_eq(cleared, 1);
  ck_assert_uint_eq(feed.raised, 1);
}
END_TEST

START_TEST(the_first_snapshot_is_judged_against_the_last_one) {
  for (int n = 0; n < 3; n++)
    feed_snapshot(&feed, "a", n, 0);
  size_t judged = feed.judged;
  restart();
  feed_snapshot(&feed, "a", 3, 20000);
  ck_assert_uint_gt(feed.judged, judged);
  ck_assert_double_eq(feed.last.seen.value[SIGNAL_COOKIES_SENT], 2000);
}
END_TEST

START_TEST(every_host_comes_back_as_it_was) {
  static const char *const names[HOSTS] = {"a", "b", "www 1", "%", "\xc3\xb6"};
  for (int n = 0; n < 40; n++)
    for (int i = 0; i < HOSTS; i++)
      feed_snapshot(&feed, names[i], n, 0);
  struct hosts_host before[HOSTS];
  for (size_t i = 0; i < HOSTS; i++)
    hosts_at(feed.hosts, i, &before[i]);
  restart();
  for (size_t i = 0; i < HOSTS; i++) {
    struct hosts_host after;
    hosts_at(feed.hosts, i, &after);
    ck_assert_str_eq(after.name, before[i].name);
    ck_assert_double_eq_tol(after.seen_s, before[i].seen_s, 1e-3);
    ck_assert_mem_eq(&after.judge, &before[i].judge, sizeof(after.judge));
    ck_assert_mem_eq(&after.last, &before[i].last, sizeof(after.last));
    ck_assert_mem_eq(&after.before, &before[i].before, sizeof(after.before));
  }
}
END_TEST

START_TEST(the_downtime_is_no_silence) {
  flood(0, 10);
  restart();
  double now_s = FEED_START_S + 86400;
  feed_tick(&feed, now_s, now_s + 890);
  ck_assert_uint_eq(feed.silent, 0);
  feed_tick(&feed, now_s + 900, now_s + 960);
  ck_assert_uint_eq(feed.silent, 1);
  ck_assert_double_ge(feed.last.silent_s, 86400);
}
END_TEST

START_TEST(max_age_counts_over_restarts) {
  flood(0, 2);
  restart();
  double now_s = (double)FEED_START_S + rules.max_age_s + 60;
  feed_tick(&feed, now_s, now_s + 1200);
  ck_assert_uint_eq(hosts_count(feed.hosts), 0);
}
END_TEST

SUITE(restart) {
  Suite *suite = suite_create("restart");
  TCase *tcase = tcase_create("restart");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, what_is_open_is_not_raised_again_and_its_okay_comes);
  tcase_add_test(tcase, the_first_snapshot_is_judged_against_the_last_one);
  tcase_add_test(tcase, every_host_comes_back_as_it_was);
  tcase_add_test(tcase, the_downtime_is_no_silence);
  tcase_add_test(tcase, max_age_counts_over_restarts);
  suite_add_tcase(suite, tcase);
  return suite;
}
