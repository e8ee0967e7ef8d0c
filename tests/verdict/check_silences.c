/* silences: which of them counts, and what is notified when they end, of an
 * incident, a host, a watched series. */
#include "scenes/hosts_feed.h"
#include "scenes/suite.h"
#include "verdict/notice.h"

#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static struct rules rules;
static struct feed feed;
static struct silences_one one[3];
static struct silences silences;
static char error[RULES_ERROR_MAX];

enum { NOTICES_MAX = 64 };
static struct notice notices[NOTICES_MAX];
static size_t notices_len;
static double silenced_until_s;

static void setup(void) {
  rules_defaults(&rules);
  rules.notify_silent = true;
  memset(&feed, 0, sizeof(feed));
  memset(one, 0, sizeof(one));
  notices_len = 0;
  silences = (struct silences){.list = {0, one}, .rules = &rules};
  feed.hosts = hosts_create(&rules);
  hosts_set_silences(feed.hosts, &silences);
}

static void teardown(void) { hosts_destroy(feed.hosts); }

static void add(const char *host, const char *incident, double from_s,
                double until_s) {
  struct silences_one *next = &one[silences.list.len++];
  next->from_s = from_s;
  next->until_s = until_s;
  strcpy(next->host, host);
  strcpy(next->incident, incident);
  snprintf(next->by, sizeof(next->by), "%zu", silences.list.len);
}

static double until(const char *host, const char *incident, double now_s) {
  return silences_find(&silences, host, incident, now_s).until_s;
}

START_TEST(patterns_of_the_shell_match_whole_names) {
  add("web*", "syn_flood", 100, 200);
  add("db[12]", "*", 100, 300);
  ck_assert_double_eq(until("web1", "syn_flood", 150), 200);
  ck_assert_double_eq(until("web1", "state_shift", 150), 0);
  ck_assert_double_eq(until("myweb1", "syn_flood", 150), 0);
  ck_assert_double_eq(until("db2", "state_shift", 150), 300);
  ck_assert_double_eq(until("db3", "state_shift", 150), 0);
}
END_TEST

/* What fnmatch says, however it is found out. */
START_TEST(every_pattern_matches_as_the_shell_has_it) {
  static const char *const texts[] = {"web1",      "web",    "w",     "",
                                      "web10",     "web*",   "*",     "we?1",
                                      "w[e]b1",    "w\\eb1", "web1*", "*1",
                                      "shop@web1", "*@web1", "web[",  "web\\"};
  enum { TEXTS = sizeof(texts) / sizeof(texts[0]) };
  add("", "*", 100, 200);
  for (size_t i = 0; i < TEXTS; i++)
    for (size_t k = 0; k < TEXTS; k++) {
      strcpy(one[0].host, texts[i]);
      bool matches = fnmatch(texts[i], texts[k], 0) == 0;
      ck_assert_msg((until(texts[k], "b", 150) > 0) == matches,
                    "pattern %s, name %s", texts[i], texts[k]);
    }
}
END_TEST

START_TEST(it_counts_from_its_begin_to_its_end) {
  add("*", "*", 100, 200);
  ck_assert_double_eq(until("a", "b", 99.9), 0);
  ck_assert_double_eq(until("a", "b", 100), 200);
  ck_assert_double_eq(until("a", "b", 199.9), 200);
  ck_assert_double_eq(until("a", "b", 200), 0);
}
END_TEST

START_TEST(the_one_that_lasts_longest_is_named) {
  add("*", "*", 100, 200);
  add("a", "b", 100, 300);
  add("*", "b", 100, 250);
  ck_assert_str_eq(silences_find(&silences, "a", "b", 150).by, "2");
  ck_assert_double_eq(silences_find(NULL, "a", "b", 150).until_s, 0);
}
END_TEST

static int32_t utc(const void *zone, int64_t time_s) {
  (void)zone, (void)time_s;
  return 0;
}

static void set(const struct rules_block *block, const char *key,
                const char *text) {
  struct rules_value value = {.type = RULES_STRING, .string = text};
  ck_assert_msg(rules_set(&rules, block, key, &value, error) == 0, "%s", error);
}

START_TEST(a_maintenance_counts_on_its_days) {
  static const struct schedule_zone zones[1] = {{utc, NULL}};
  struct rules_block block;
  double monday = 1795996800;
  ck_assert_int_eq(rules_open(&rules, "Maintenance", "night", &block, error),
                   0);
  set(&block, "Host", "web*");
  set(&block, "Days", "mon");
  set(&block, "From", "22:00");
  set(&block, "To", "02:00");
  ck_assert_double_eq(until("web1", "b", monday + 79200), 0); /* no zones */
  silences.zones = zones;
  struct silences_found found =
      silences_find(&silences, "web1", "b", monday + 79200);
  ck_assert_double_eq(found.until_s, monday + 86400 + 7200);
  ck_assert_str_eq(found.by, "night");
  ck_assert(found.is_maintenance);
  ck_assert_double_eq(until("db1", "b", monday + 79200), 0);
  ck_assert_double_eq(until("web1", "b", monday + 79199), 0);
}
END_TEST

START_TEST(an_empty_maintenance_is_refused) {
  struct rules_block block;
  ck_assert_int_eq(rules_open(&rules, "Maintenance", "night", &block, error),
                   0);
  ck_assert_int_ne(rules_check(&rules, error), 0);
  ck_assert_ptr_nonnull(strstr(error, "night"));
  set(&block, "Days", "sat-sun");
  ck_assert_int_eq(rules_check(&rules, error), 0);
}
END_TEST

/* --- what is notified ----------------------------------------------------- */

static void collect(void) {
  const struct judgement *last = &feed.last;
  if (notices_len + 2 > NOTICES_MAX)
    return;
  notices_len +=
      notice_compose(last, INCIDENT_SYN_FLOOD, &notices[notices_len]);
  notices_len += notice_compose_silence(last, &rules, &notices[notices_len]);
  silenced_until_s = last->finding[INCIDENT_SYN_FLOOD].silenced_until_s;
}

/* Readings from one number to another; 20000 cookies in each that nobody
 * returns are a flood, none are none. */
static int64_t cookies;
static void run(int from, int to, bool flood) {
  for (int n = from; n <= to; n++) {
    size_t judged = feed.judged;
    cookies += flood ? 20000 : 0;
    feed_snapshot(&feed, "a", n, cookies);
    if (feed.judged > judged)
      collect();
  }
}

static double at(int n) { return FEED_START_S + n * FEED_INTERVAL_S; }

static void assert_notice(size_t i, enum severity severity, const char *words) {
  ck_assert_uint_gt(notices_len, i);
  ck_assert_msg(notices[i].severity == severity, "%s", notices[i].text);
  ck_assert_msg(strstr(notices[i].text, words) != NULL, "%s", notices[i].text);
}

/* The flood, without any silence: begins at reading 5, WARNING and FAILURE. */
static size_t unsilenced(void) {
  run(0, 4, false);
  run(5, 20, true);
  run(21, 60, false);
  ck_assert_uint_ge(notices_len, 2);
  assert_notice(notices_len - 1, SEVERITY_OKAY, " over");
  return notices_len;
}

START_TEST(without_a_silence_all_is_notified) { unsilenced(); }
END_TEST

START_TEST(what_begins_and_ends_within_it_is_not_notified) {
  add("a", "syn_flood", at(0), at(100));
  run(0, 4, false);
  run(5, 20, true);
  ck_assert_uint_eq(feed.raised, 1);
  ck_assert_double_eq(silenced_until_s, at(100));
  run(21, 60, false);
  ck_assert_uint_eq(feed.cleared, 1);
  run(61, 140, false);
  ck_assert_uint_eq(notices_len, 0);
}
END_TEST

START_TEST(what_is_still_open_is_notified_once_with_its_true_begin) {
  char since[32];
  add("a", "syn_flood", at(0), at(50));
  run(0, 4, false);
  run(5, 48, true);
  ck_assert_uint_eq(notices_len, 0);
  double since_s = feed.last.finding[INCIDENT_SYN_FLOOD].since_s;
  run(49, 80, true);
  ck_assert_uint_eq(notices_len, 1);
  assert_notice(0, feed.last.finding[INCIDENT_SYN_FLOOD].severity,
                "; it was silenced");
  ck_assert_double_eq(notices[0].time_s, at(50));
  snprintf(since, sizeof(since), "%.0f", since_s);
  bool found = false;
  for (size_t i = 0; i < notices[0].items_len; i++)
    found = found || (strcmp(notices[0].items[i].name, "Since") == 0 &&
                      strcmp(notices[0].items[i].text, since) == 0);
  ck_assert(found);
  run(81, 140, false);
  ck_assert_uint_eq(notices_len, 2);
  assert_notice(1, SEVERITY_OKAY, " over");
}
END_TEST

/* Notified before, over within: the receivers have it open until the end. */
START_TEST(what_was_notified_before_is_said_to_be_over_at_the_end) {
  run(0, 4, false);
  run(5, 20, true);
  size_t before = notices_len;
  ck_assert_uint_gt(before, 0);
  add("a", "syn_flood", at(20), at(90));
  run(21, 89, false);
  ck_assert_uint_eq(feed.cleared, 1);
  ck_assert_uint_eq(notices_len, before);
  run(90, 95, false);
  ck_assert_uint_eq(notices_len, before + 1);
  assert_notice(before, SEVERITY_OKAY, "it ended while it was silenced");
}
END_TEST

START_TEST(what_was_notified_before_and_lasts_is_not_notified_again) {
  run(0, 4, false);
  run(5, 30, true);
  size_t before = notices_len;
  add("a", "syn_flood", at(31), at(60));
  run(31, 90, true);
  ck_assert_uint_eq(notices_len, before);
}
END_TEST

START_TEST(one_of_another_host_or_incident_changes_nothing) {
  size_t usual = unsilenced();
  teardown();
  setup();
  cookies = 0;
  add("b", "syn_flood", 0, 1e12);
  add("a", "state_shift", 0, 1e12);
  ck_assert_uint_eq(unsilenced(), usual);
}
END_TEST

/* As after a restart: everything but the silences is new. */
START_TEST(what_is_owed_survives_a_restart) {
  struct hosts_host kept;
  add("a", "syn_flood", at(0), at(50));
  run(0, 4, false);
  run(5, 30, true);
  hosts_at(feed.hosts, 0, &kept);
  hosts_destroy(feed.hosts);
  feed.hosts = hosts_create(&rules);
  hosts_set_silences(feed.hosts, &silences);
  ck_assert_int_eq(hosts_restore(feed.hosts, &kept), 0);
  run(31, 80, true);
  ck_assert_uint_eq(notices_len, 1);
  assert_notice(0, feed.last.finding[INCIDENT_SYN_FLOOD].severity,
                "; it was silenced");
}
END_TEST

static void tick(double from_s, double to_s) {
  struct judgement next;
  for (double now_s = from_s; now_s <= to_s; now_s += 60) {
    hosts_wake(feed.hosts, now_s);
    while (hosts_next(feed.hosts, &next)) {
      feed.last = next;
      collect();
    }
  }
}

/* The host falls silent within: its incident is closed, and nothing else ever
 * comes of it. */
START_TEST(a_host_that_falls_silent_owes_its_close_at_the_end) {
  rules.notify_silent = false;
  run(0, 4, false);
  run(5, 20, true);
  size_t before = notices_len;
  add("a", "*", at(20), at(400));
  tick(at(21), at(399));
  ck_assert_uint_eq(notices_len, before);
  tick(at(400), at(500));
  ck_assert_uint_eq(notices_len, before + 1);
  assert_notice(before, SEVERITY_OKAY, "it ended while it was silenced");
}
END_TEST

START_TEST(a_silent_host_is_notified_when_the_silence_ends) {
  run(0, 4, false);
  add("a", "host_silent", at(4), at(400));
  tick(at(5), at(399));
  ck_assert_uint_eq(notices_len, 0);
  tick(at(400), at(500));
  ck_assert_uint_eq(notices_len, 1);
  assert_notice(0, SEVERITY_WARNING, "host_silent: nothing has come");
  run(501, 505, false);
  ck_assert_uint_eq(notices_len, 2);
  assert_notice(1, SEVERITY_OKAY, "host_silent over");
}
END_TEST

START_TEST(a_host_that_comes_back_within_is_not_notified) {
  run(0, 4, false);
  add("a", "host_silent", at(4), at(400));
  tick(at(5), at(200));
  run(201, 205, false);
  tick(at(206), at(207));
  run(208, 210, false);
  ck_assert_uint_eq(notices_len, 0);
}
END_TEST

/* --- one incident, by hand ------------------------------------------------ */

static struct incident incident;
static struct finding finding;

/* A judgement in a silence, or behind it. */
static void judge(enum severity severity, enum incident_change change,
                  double since_s, bool silenced) {
  incident.severity = severity;
  incident.since_s = since_s;
  finding = (struct finding){.judged = true,
                             .severity = severity,
                             .change = change,
                             .since_s = since_s};
  silences_gate(&incident, &finding, silenced ? 1000 : 0);
}

START_TEST(what_became_worse_is_notified_at_the_end) {
  incident_init(&incident);
  judge(SEVERITY_FAILURE, INCIDENT_WORSENED, 100, true);
  ck_assert_int_eq(silences_change(&finding), INCIDENT_UNCHANGED);
  judge(SEVERITY_FAILURE, INCIDENT_UNCHANGED, 100, false);
  ck_assert_int_eq(silences_change(&finding), INCIDENT_WORSENED);
  judge(SEVERITY_FAILURE, INCIDENT_UNCHANGED, 100, false);
  ck_assert_int_eq(silences_change(&finding), INCIDENT_UNCHANGED);
}
END_TEST

/* The clock may have been set back between the two. */
START_TEST(another_one_that_began_meanwhile_is_notified) {
  static const double again_s[] = {200, 50};
  incident_init(&incident);
  judge(SEVERITY_OKAY, INCIDENT_CLEARED, 100, true);
  judge(SEVERITY_WARNING, INCIDENT_RAISED, again_s[_i], true);
  judge(SEVERITY_WARNING, INCIDENT_UNCHANGED, again_s[_i], false);
  ck_assert_int_eq(silences_change(&finding), INCIDENT_RAISED);
}
END_TEST

START_TEST(what_ends_with_the_silence_ends_as_it_does) {
  incident_init(&incident);
  judge(SEVERITY_FAILURE, INCIDENT_WORSENED, 100, true);
  judge(SEVERITY_OKAY, INCIDENT_ADOPTED, 100, false);
  ck_assert_int_eq(silences_change(&finding), INCIDENT_ADOPTED);
  ck_assert(!finding.ended_before);
}
END_TEST

/* Not that of another one, which nobody was told of. */
START_TEST(what_ended_meanwhile_has_the_begin_that_was_notified) {
  incident_init(&incident);
  judge(SEVERITY_OKAY, INCIDENT_CLEARED, 100, true);
  judge(SEVERITY_WARNING, INCIDENT_RAISED, 200, true);
  judge(SEVERITY_OKAY, INCIDENT_CLEARED, 200, true);
  judge(SEVERITY_OKAY, INCIDENT_UNCHANGED, 200, false);
  ck_assert_int_eq(silences_change(&finding), INCIDENT_CLEARED);
  ck_assert(finding.ended_before);
  ck_assert_double_eq(finding.since_s, 100);
}
END_TEST

START_TEST(a_reminder_is_not_made_up_for) {
  incident_init(&incident);
  judge(SEVERITY_WARNING, INCIDENT_REMINDED, 100, true);
  ck_assert_int_eq(silences_change(&finding), INCIDENT_UNCHANGED);
  judge(SEVERITY_WARNING, INCIDENT_UNCHANGED, 100, false);
  ck_assert_int_eq(silences_change(&finding), INCIDENT_UNCHANGED);
}
END_TEST

/* --- watched series ------------------------------------------------------- */

/* Readings until something can be rare. */
enum { LEARNED = HABIT_BLOCKS * HABIT_BLOCK_S / FEED_INTERVAL_S };

START_TEST(a_series_is_silenced_by_its_watch_and_host) {
  struct series_name name = {"h", "p", "", "gauge", "x", ""};
  struct series_value next = {
      .kind = SERIES_GAUGE, .time_s = at(0), .interval_s = 10};
  struct series_judgement got;
  struct rules_block block;
  struct notice notice;
  size_t told = 0, told_within = 0;
  ck_assert_int_eq(rules_open(&rules, "Watch", "w", &block, error), 0);
  set(&block, "Host", "*");
  struct series *series = series_create(&rules);
  series_set_silences(series, &silences);
  add("h", "w", at(LEARNED + 200), at(LEARNED + 250));
  for (int n = 0; n < LEARNED + 300; n++) {
    next.time_s = next.now_s = at(n);
    next.gauge = n < LEARNED + 210 ? 100 + n % 7 : 5000;
    if (series_put(series, &rules.series[0], &name, &next, &got) != 0)
      continue;
    bool says = notice_compose_series(&got, &notice);
    told += says;
    told_within += says && n < LEARNED + 250;
    if (says)
      ck_assert_ptr_nonnull(strstr(notice.text, "; it was silenced"));
  }
  ck_assert_uint_eq(told, 1);
  ck_assert_uint_eq(told_within, 0);
  series_destroy(series);
}
END_TEST

/* It was notified, then it stops within: it is closed, and nothing else ever
 * comes of it. */
START_TEST(a_series_that_stops_owes_its_close_at_the_end) {
  struct series_name name = {"h", "p", "", "gauge", "x", ""};
  struct series_value next = {
      .kind = SERIES_GAUGE, .time_s = at(0), .interval_s = 10};
  struct series_judgement got;
  struct rules_block block;
  struct notice notice;
  size_t told = 0;
  ck_assert_int_eq(rules_open(&rules, "Watch", "w", &block, error), 0);
  set(&block, "Host", "*");
  struct series *series = series_create(&rules);
  series_set_silences(series, &silences);
  add("h", "w", at(LEARNED + 215), at(LEARNED + 500));
  for (int n = 0; n < LEARNED + 215; n++) {
    next.time_s = next.now_s = at(n);
    next.gauge = n < LEARNED + 205 ? 100 + n % 7 : 5000;
    if (series_put(series, &rules.series[0], &name, &next, &got) == 0)
      told += notice_compose_series(&got, &notice);
  }
  ck_assert_uint_eq(told, 1);
  for (int n = LEARNED + 215; n < LEARNED + 600; n++) {
    series_wake(series, at(n));
    while (series_next(series, &got)) {
      told += notice_compose_series(&got, &notice);
      ck_assert_uint_eq(told, n < LEARNED + 500 ? 1 : 2);
    }
  }
  ck_assert_uint_eq(told, 2);
  ck_assert_ptr_nonnull(strstr(notice.text, "it ended while it was silenced"));
  series_destroy(series);
}
END_TEST

static void setup_feed(void) {
  setup();
  cookies = 0;
}

SUITE(silences) {
  Suite *suite = suite_create("silences");
  TCase *tcase = tcase_create("silences");
  tcase_add_checked_fixture(tcase, setup_feed, teardown);
  tcase_add_test(tcase, patterns_of_the_shell_match_whole_names);
  tcase_add_test(tcase, every_pattern_matches_as_the_shell_has_it);
  tcase_add_test(tcase, it_counts_from_its_begin_to_its_end);
  tcase_add_test(tcase, the_one_that_lasts_longest_is_named);
  tcase_add_test(tcase, a_maintenance_counts_on_its_days);
  tcase_add_test(tcase, an_empty_maintenance_is_refused);
  tcase_add_test(tcase, without_a_silence_all_is_notified);
  tcase_add_test(tcase, what_begins_and_ends_within_it_is_not_notified);
  tcase_add_test(tcase,
                 what_is_still_open_is_notified_once_with_its_true_begin);
  tcase_add_test(tcase, what_was_notified_before_is_said_to_be_over_at_the_end);
  tcase_add_test(tcase,
                 what_was_notified_before_and_lasts_is_not_notified_again);
  tcase_add_test(tcase, one_of_another_host_or_incident_changes_nothing);
  tcase_add_test(tcase, what_is_owed_survives_a_restart);
  tcase_add_test(tcase, a_host_that_falls_silent_owes_its_close_at_the_end);
  tcase_add_test(tcase, a_silent_host_is_notified_when_the_silence_ends);
  tcase_add_test(tcase, a_host_that_comes_back_within_is_not_notified);
  tcase_add_test(tcase, what_became_worse_is_notified_at_the_end);
  tcase_add_loop_test(tcase, another_one_that_began_meanwhile_is_notified, 0,
                      2);
  tcase_add_test(tcase, what_ends_with_the_silence_ends_as_it_does);
  tcase_add_test(tcase, what_ended_meanwhile_has_the_begin_that_was_notified);
  tcase_add_test(tcase, a_reminder_is_not_made_up_for);
  tcase_add_test(tcase, a_series_that_stops_owes_its_close_at_the_end);
  tcase_add_test(tcase, a_series_is_silenced_by_its_watch_and_host);
  suite_add_tcase(suite, tcase);
  return suite;
}
