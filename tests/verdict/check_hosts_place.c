/* hosts: an incident is told with the listener that it was about, also when it
 * is over and another queue is the fullest. */
#include "scenes/hosts_feed.h"
#include "scenes/suite.h"
#include "verdict/notice.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct rules rules;
static struct hosts *hosts;
static struct notice notice; /* the last of each reading */
static size_t notices;
static int reading;
static int64_t cookies, refused;

static void setup(void) {
  rules_defaults(&rules);
  hosts = hosts_create(&rules);
  ck_assert_ptr_nonnull(hosts);
  notices = 0;
  reading = 0;
}

static void teardown(void) { hosts_destroy(hosts); }

static void drain(void) {
  struct judgement judged;
  while (hosts_next(hosts, &judged))
    for (int i = 0; i < INCIDENT_COUNT; i++)
      notices += notice_compose(&judged, (enum incident_kind)i, &notice);
}

/* Whoever floods comes from elsewhere than who uses port 22. */
static const char *top_source_of(const char *listener) {
  if (!listener)
    return NULL;
  return strcmp(listener, "0.0.0.0:22") == 0 ? "192.0.2.0/24 50 %"
                                             : "198.51.100.0/24 98 %";
}

static void put(enum signal signal, double number, const char *listener) {
  double time_s = FEED_START_S + reading * FEED_INTERVAL_S;
  struct hosts_value value = {.host = "a",
                              .signal = signal,
                              .time_s = time_s,
                              .interval_s = FEED_INTERVAL_S,
                              .now_s = time_s,
                              .listener = listener,
                              .top_source = top_source_of(listener),
                              .backlog = listener ? 511 : 0};
  if (signal >= SIGNAL_FIRST_COUNTER)
    value.value.counter = (int64_t)number;
  else
    value.value.gauge = number;
  if (hosts_put(hosts, &value) == -EAGAIN) {
    drain();
    ck_assert_int_eq(hosts_put(hosts, &value), 0);
  }
  drain();
}

/* syn, accept: the fullest queues' listeners. */
static void read_one(bool flood, const char *syn, bool overflow,
                     const char *accepting) {
  cookies += flood ? 20000 : 0;
  refused += overflow ? 50 : 0;
  put(SIGNAL_ESTABLISHED, 50, NULL);
  put(SIGNAL_SYN_RECV, flood ? 60 : 2, NULL);
  put(SIGNAL_SYN_QUEUE, flood ? 12 : 1, syn);
  put(SIGNAL_ACCEPT_QUEUE, overflow ? 100 : 1, accepting);
  put(SIGNAL_COOKIES_SENT, (double)cookies, NULL);
  put(SIGNAL_COOKIES_RECEIVED, 0, NULL);
  put(SIGNAL_LISTEN_OVERFLOWS, (double)refused, NULL);
  put(SIGNAL_PASSIVE_OPENS, 100 * reading, NULL);
  reading++;
}

static void read_calm(int readings, const char *syn) {
  for (int i = 0; i < readings; i++)
    read_one(false, syn, false, NULL);
}

static void expect(enum severity severity, const char *words) {
  ck_assert_int_eq(notice.severity, severity);
  ck_assert_msg(strstr(notice.text, words) != NULL, "no \"%s\" in \"%s\"",
                words, notice.text);
}

static void expect_item(const char *name, const char *text) {
  for (size_t i = 0; i < notice.items_len; i++)
    if (strcmp(notice.items[i].name, name) == 0) {
      ck_assert_str_eq(notice.items[i].text, text);
      return;
    }
  ck_abort_msg("no %s", name);
}

START_TEST(the_end_of_a_flood_names_the_listener_of_the_flood) {
  read_calm(10, "0.0.0.0:22");
  for (int i = 0; i < 3; i++)
    read_one(true, "0.0.0.0:443", false, NULL);
  expect(SEVERITY_FAILURE, "syn_flood on 0.0.0.0:443: ");
  read_calm(20, "0.0.0.0:22");
  expect(SEVERITY_OKAY, "syn_flood over on 0.0.0.0:443: ");
  expect_item("Listener", "0.0.0.0:443");
  expect_item("TopSource", "198.51.100.0/24 98 %");
  struct hosts_host host;
  hosts_at(hosts, 0, &host);
  ck_assert_str_eq(host.last.syn_queue.listener, "0.0.0.0:22");
}
END_TEST

START_TEST(a_flood_that_moves_on_is_told_where_it_is) {
  read_calm(10, "0.0.0.0:22");
  read_one(true, "0.0.0.0:443", false, NULL);
  expect(SEVERITY_WARNING, "syn_flood on 0.0.0.0:443: ");
  for (int i = 0; i < 2; i++)
    read_one(true, "0.0.0.0:80", false, NULL);
  expect(SEVERITY_FAILURE, "syn_flood on 0.0.0.0:80: ");
  read_calm(20, "0.0.0.0:22");
  expect(SEVERITY_OKAY, "syn_flood over on 0.0.0.0:80: ");
}
END_TEST

START_TEST(the_end_of_an_overflow_names_the_queue_that_was_full) {
  read_calm(10, NULL);
  for (int i = 0; i < 3; i++)
    read_one(false, NULL, true, "[::]:8080");
  expect(SEVERITY_FAILURE, "accept_overflow on [::]:8080: ");
  read_calm(20, "0.0.0.0:22");
  expect(SEVERITY_OKAY, "accept_overflow over on [::]:8080: ");
}
END_TEST

START_TEST(where_it_was_is_known_after_a_restart) {
  read_calm(10, "0.0.0.0:22");
  for (int i = 0; i < 3; i++)
    read_one(true, "0.0.0.0:443", false, NULL);
  read_calm(1, "0.0.0.0:22");
  struct hosts_host saved;
  hosts_at(hosts, 0, &saved);
  hosts_destroy(hosts);
  hosts = hosts_create(&rules);
  ck_assert_int_eq(hosts_restore(hosts, &saved), 0);
  size_t before = notices;
  read_calm(20, "0.0.0.0:22");
  ck_assert_uint_eq(notices, before + 1);
  expect(SEVERITY_OKAY, "syn_flood over on 0.0.0.0:443: ");
}
END_TEST

START_TEST(a_host_that_falls_silent_is_told_with_it) {
  read_calm(10, "0.0.0.0:22");
  for (int i = 0; i < 3; i++)
    read_one(true, "0.0.0.0:443", false, NULL);
  read_calm(2, "0.0.0.0:22");
  double now_s = FEED_START_S + reading * FEED_INTERVAL_S;
  for (int i = 0; i < 20; i++) {
    hosts_wake(hosts, now_s + 60 * i);
    drain();
  }
  expect(SEVERITY_OKAY, "syn_flood closed on 0.0.0.0:443: nothing has come");
}
END_TEST

SUITE(hosts_place) {
  Suite *suite = suite_create("watch_place");
  TCase *tcase = tcase_create("place");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, the_end_of_a_flood_names_the_listener_of_the_flood);
  tcase_add_test(tcase, a_flood_that_moves_on_is_told_where_it_is);
  tcase_add_test(tcase, the_end_of_an_overflow_names_the_queue_that_was_full);
  tcase_add_test(tcase, where_it_was_is_known_after_a_restart);
  tcase_add_test(tcase, a_host_that_falls_silent_is_told_with_it);
  suite_add_tcase(suite, tcase);
  return suite;
}
