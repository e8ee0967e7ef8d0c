/* record: which incidents are kept, and what of them. */
#include "scenes/suite.h"
#include "verdict/record.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double start_s = 1700000000;

static struct record *record;
static struct judgement judged;
static struct series_judgement watched;
static struct series_rules watch;
static struct record_incident seen;

static void begin(size_t max) {
  record = record_create(max);
  ck_assert_ptr_nonnull(record);
}

static void setup(void) {
  memset(&judged, 0, sizeof(judged));
  begin(4);
  strcpy(watch.name, "temperature");
  watched = (struct series_judgement){.rules = &watch};
  strcpy(watched.identifier, "web1/sensors/temperature-cpu");
}

static void teardown(void) { record_destroy(record); }

/* One reading of a host, with one incident. */
static int say(const char *host, enum incident_kind kind, double at_s,
               struct finding finding) {
  memset(&judged, 0, sizeof(judged));
  strcpy(judged.host, host);
  judged.seen.time_s = start_s + at_s;
  judged.seen.interval_s = judged.seen.dt_s = 10;
  judged.seen.syn_queue = (struct snapshot_queue){"0.0.0.0:443", 511, 0};
  finding.judged = true;
  judged.finding[kind] = finding;
  return record_take(record, &judged);
}

static struct finding flood(enum severity severity, enum incident_change change,
                            double since_s, double observed) {
  return (struct finding){.severity = severity,
                          .change = change,
                          .since_s = start_s + since_s,
                          .observed = observed,
                          .expected = 10,
                          .lower = 0,
                          .upper = 40,
                          .score = fmin(1000, observed - 10),
                          .failure_max = 500,
                          .evidence = SYN_FLOOD_EXCESS};
}

static int raise(const char *host, double at_s) {
  return say(host, INCIDENT_SYN_FLOOD, at_s,
             flood(SEVERITY_WARNING, INCIDENT_RAISED, at_s, 100));
}

static int end_with(const char *host, double since_s, double at_s,
                    enum incident_change change) {
  return say(host, INCIDENT_SYN_FLOOD, at_s,
             flood(SEVERITY_OKAY, change, since_s, 5));
}

static const struct record_incident *only(void) {
  ck_assert_uint_eq(record_count(record), 1);
  ck_assert_uint_eq(record_copy(record, 0, &seen, 1), 1);
  return &seen;
}

START_TEST(a_quiet_host_leaves_no_line) {
  for (int i = 0; i < 100; i++)
    say("web1", INCIDENT_SYN_FLOOD, 10 * i,
        flood(SEVERITY_OKAY, INCIDENT_UNCHANGED, 0, 12));
  ck_assert_uint_eq(record_count(record), 0);
  ck_assert_uint_eq(record_changes(record), 0);
}
END_TEST

START_TEST(an_incident_is_told_from_its_beginning_to_its_end) {
  raise("web1", 0);
  strcpy(seen.name, "");
  say("web1", INCIDENT_SYN_FLOOD, 10,
      flood(SEVERITY_FAILURE, INCIDENT_WORSENED, 0, 700));
  say("web1", INCIDENT_SYN_FLOOD, 20,
      flood(SEVERITY_FAILURE, INCIDENT_UNCHANGED, 0, 300));
  ck_assert_uint_eq(record_count_open(record), 1);
  end_with("web1", 0, 60, INCIDENT_CLEARED);
  const struct record_incident *is = only();
  ck_assert_str_eq(is->host, "web1");
  ck_assert_str_eq(is->name, "syn_flood");
  ck_assert_str_eq(record_subject(is), "web1");
  ck_assert_double_eq(is->begin_s, start_s);
  ck_assert_double_eq(is->worsened_s, start_s + 10);
  ck_assert_double_eq(is->end_s, start_s + 60);
  ck_assert_int_eq(is->end, RECORD_CLEARED);
  ck_assert_int_eq(is->severity, SEVERITY_FAILURE);
  ck_assert_double_eq(is->peak.observed, 700);
  ck_assert_double_eq(is->peak.time_s, start_s + 10);
  ck_assert_double_eq(is->peak.upper, 40);
  ck_assert_str_eq(is->listener, "0.0.0.0:443");
  ck_assert_str_eq(is->evidence, "excess");
  ck_assert_ptr_nonnull(strstr(is->first, ": 100 half-open"));
  ck_assert_ptr_nonnull(strstr(is->worst, ": 700 half-open"));
  ck_assert_ptr_nonnull(strstr(is->last, "syn_flood over"));
  ck_assert_uint_eq(record_count_open(record), 0);
}
END_TEST

START_TEST(of_two_scores_at_their_bound_the_farther_value_counts) {
  raise("web1", 0);
  say("web1", INCIDENT_SYN_FLOOD, 10,
      flood(SEVERITY_WARNING, INCIDENT_UNCHANGED, 0, 5000));
  say("web1", INCIDENT_SYN_FLOOD, 20,
      flood(SEVERITY_WARNING, INCIDENT_UNCHANGED, 0, 90000));
  say("web1", INCIDENT_SYN_FLOOD, 30,
      flood(SEVERITY_WARNING, INCIDENT_UNCHANGED, 0, 6000));
  ck_assert_double_eq(only()->peak.observed, 90000);
}
END_TEST

START_TEST(a_value_that_is_not_known_is_no_peak) {
  raise("web1", 0);
  say("web1", INCIDENT_SYN_FLOOD, 10,
      flood(SEVERITY_WARNING, INCIDENT_UNCHANGED, 0, (double)NAN));
  ck_assert_double_eq(only()->peak.observed, 100);
}
END_TEST

START_TEST(evidence_adds_up) {
  struct finding finding = flood(SEVERITY_WARNING, INCIDENT_UNCHANGED, 0, 100);
  raise("web1", 0);
  finding.evidence = SYN_FLOOD_RESETS | SYN_FLOOD_COOKIES;
  say("web1", INCIDENT_SYN_FLOOD, 10, finding);
  finding.evidence = SYN_FLOOD_EXCESS;
  say("web1", INCIDENT_SYN_FLOOD, 20, finding);
  ck_assert_str_eq(only()->evidence, "excess,cookies,resets");
}
END_TEST

START_TEST(only_what_begins_worsens_or_ends_is_a_change) {
  raise("web1", 0);
  uint64_t changes = record_changes(record);
  for (int i = 1; i < 50; i++)
    say("web1", INCIDENT_SYN_FLOOD, 10 * i,
        flood(SEVERITY_WARNING, INCIDENT_UNCHANGED, 0, 100 + i));
  ck_assert_uint_eq(record_changes(record), changes);
  say("web1", INCIDENT_SYN_FLOOD, 500,
      flood(SEVERITY_FAILURE, INCIDENT_WORSENED, 0, 700));
  ck_assert_uint_gt(record_changes(record), changes);
  changes = record_changes(record);
  end_with("web1", 0, 510, INCIDENT_CLEARED);
  ck_assert_uint_gt(record_changes(record), changes);
}
END_TEST

static const struct {
  enum incident_change change;
  bool gone;
  double silent_s;
  enum record_end end;
} ends[] = {
    {INCIDENT_CLEARED, false, 0, RECORD_CLEARED},
    {INCIDENT_CLEARED, true, 0, RECORD_GONE},
    {INCIDENT_ADOPTED, false, 0, RECORD_ADOPTED},
    {INCIDENT_SILENT, false, 900, RECORD_SILENT},
    {INCIDENT_SILENT, false, 0, RECORD_DISABLED},
};

START_TEST(why_it_ended_is_told) {
  struct finding finding = flood(SEVERITY_OKAY, ends[_i].change, 0, 5);
  raise("web1", 0);
  finding.gone = ends[_i].gone;
  memset(&judged, 0, sizeof(judged));
  strcpy(judged.host, "web1");
  judged.seen.time_s = start_s + 60;
  judged.silent_s = ends[_i].silent_s;
  finding.judged = true;
  judged.finding[INCIDENT_SYN_FLOOD] = finding;
  ck_assert_int_eq(record_take(record, &judged), 0);
  ck_assert_int_eq(only()->end, ends[_i].end);
  ck_assert_int_eq(record_end_find(record_end_name(seen.end)), seen.end);
}
END_TEST

START_TEST(the_incidents_of_a_host_are_apart) {
  raise("web1", 0);
  say("web1", INCIDENT_CLOSE_WAIT_LEAK, 10,
      flood(SEVERITY_WARNING, INCIDENT_RAISED, 10, 60));
  raise("web2", 20);
  ck_assert_uint_eq(record_count_open(record), 3);
  end_with("web1", 0, 60, INCIDENT_CLEARED);
  ck_assert_uint_eq(record_count_open(record), 2);
}
END_TEST

START_TEST(a_watched_series_is_recorded_by_its_identifier) {
  watched.time_s = start_s;
  watched.finding = flood(SEVERITY_WARNING, INCIDENT_RAISED, 0, 90);
  watched.finding.judged = true;
  ck_assert_int_eq(record_take_series(record, &watched), 0);
  const struct record_incident *is = only();
  ck_assert(is->of_series);
  ck_assert_str_eq(is->host, "web1");
  ck_assert_str_eq(is->name, "temperature");
  ck_assert_str_eq(record_subject(is), "web1/sensors/temperature-cpu");
  ck_assert_str_eq(is->evidence, "");
  ck_assert_ptr_nonnull(strstr(is->first, "temperature"));
}
END_TEST

static void say_series(enum incident_change change, double at_s,
                       double observed, double expected, double score) {
  watched.time_s = start_s + at_s;
  watched.finding = flood(SEVERITY_WARNING, change, 0, observed);
  watched.finding.judged = true;
  watched.finding.expected = expected;
  watched.finding.score = score;
  ck_assert_int_eq(record_take_series(record, &watched), 0);
}

/* What is expected has followed it, so the way back is as rare as the way
 * there. */
START_TEST(a_series_that_comes_back_is_at_no_peak) {
  say_series(INCIDENT_RAISED, 0, 90, 41, 1.2);
  say_series(INCIDENT_UNCHANGED, 10, 95, 50, 1.5);
  say_series(INCIDENT_UNCHANGED, 20, 41, 74, -1.9);
  ck_assert_double_eq(only()->peak.observed, 95);
  say_series(INCIDENT_UNCHANGED, 30, -20, 74, -2.5);
  ck_assert_double_eq(only()->peak.observed, -20);
}
END_TEST

START_TEST(the_oldest_that_is_over_makes_room) {
  struct record_losses losses;
  raise("open", 0);
  for (int i = 1; i <= 6; i++) {
    char host[16];
    snprintf(host, sizeof(host), "web%d", i);
    raise(host, 100 * i);
    end_with(host, 100 * i, 100 * i + 50, INCIDENT_CLEARED);
  }
  ck_assert_uint_eq(record_count(record), 4);
  record_get_losses(record, &losses);
  ck_assert_uint_eq(losses.dropped, 3);
  ck_assert_uint_eq(losses.refused, 0);
  static const char *const hosts[] = {"open", "web4", "web5", "web6"};
  bool found[4] = {false};
  for (size_t i = 0; i < 4; i++) {
    ck_assert_uint_eq(record_copy(record, i, &seen, 1), 1);
    for (int k = 0; k < 4; k++)
      found[k] = found[k] || strcmp(seen.host, hosts[k]) == 0;
  }
  for (int k = 0; k < 4; k++)
    ck_assert_msg(found[k], "%s is missing", hosts[k]);
}
END_TEST

START_TEST(no_more_are_open_than_have_room) {
  struct record_losses losses;
  for (int i = 1; i <= 6; i++) {
    char host[16];
    snprintf(host, sizeof(host), "web%d", i);
    ck_assert_int_eq(raise(host, 10 * i), i <= 4 ? 0 : -ENOSPC);
  }
  record_get_losses(record, &losses);
  ck_assert_uint_eq(losses.refused, 2);
  end_with("web2", 20, 100, INCIDENT_CLEARED);
  ck_assert_int_eq(raise("web7", 200), 0);
}
END_TEST

/* The reference: what a set without any bound would have open. */
START_TEST(random_incidents_are_open_as_long_as_they_are) {
  bool open[8] = {false};
  double since_s[8] = {0};
  unsigned seed = 1;
  record_destroy(record);
  begin(12);
  for (int i = 0; i < 20000; i++) {
    char host[16];
    seed = seed * 1103515245 + 12345;
    unsigned n = seed >> 16 & 7;
    snprintf(host, sizeof(host), "web%u", n);
    if (open[n]) {
      end_with(host, since_s[n], 10 * i, INCIDENT_CLEARED);
    } else {
      since_s[n] = 10 * i;
      ck_assert_int_eq(raise(host, 10 * i), 0);
    }
    open[n] = !open[n];
    size_t wanted = 0;
    for (int k = 0; k < 8; k++)
      wanted += open[k];
    ck_assert_uint_eq(record_count_open(record), wanted);
  }
  ck_assert_uint_eq(record_count(record), 12);
}
END_TEST

static void restart(void) {
  struct record *before = record;
  begin(4);
  for (size_t i = 0; record_copy(before, i, &seen, 1) == 1; i++)
    ck_assert_int_eq(record_restore(record, &seen), 0);
  record_destroy(before);
}

START_TEST(what_the_state_has_open_goes_on_after_a_restart) {
  raise("web1", 0);
  restart();
  record_confirm(record, "syn_flood", "web1", start_s);
  record_settle(record);
  ck_assert_uint_eq(record_count_open(record), 1);
  say("web1", INCIDENT_SYN_FLOOD, 100,
      flood(SEVERITY_FAILURE, INCIDENT_WORSENED, 0, 700));
  end_with("web1", 0, 200, INCIDENT_CLEARED);
  ck_assert_double_eq(only()->begin_s, start_s);
  ck_assert_int_eq(seen.end, RECORD_CLEARED);
  ck_assert_ptr_nonnull(strstr(seen.first, ": 100 half-open"));
}
END_TEST

START_TEST(what_the_state_does_not_have_open_ended_unknown) {
  raise("web1", 0);
  restart();
  record_confirm(record, "syn_flood", "web2", start_s);
  record_confirm(record, "syn_flood", "web1", start_s - 500); /* another one */
  record_settle(record);
  ck_assert_int_eq(only()->end, RECORD_UNKNOWN);
  ck_assert_double_eq(seen.end_s, start_s); /* seen last */
  raise("web1", 300);
  ck_assert_uint_eq(record_count(record), 2);
  ck_assert_uint_eq(record_count_open(record), 1);
}
END_TEST

/* The record is written more often than the state. */
START_TEST(one_that_was_over_and_goes_on_is_one) {
  raise("web1", 0);
  end_with("web1", 0, 60, INCIDENT_CLEARED);
  restart();
  record_settle(record);
  say("web1", INCIDENT_SYN_FLOOD, 70,
      flood(SEVERITY_WARNING, INCIDENT_UNCHANGED, 0, 200));
  ck_assert_int_eq(only()->end, RECORD_OPEN);
  ck_assert_double_eq(seen.end_s, 0);
}
END_TEST

START_TEST(one_that_was_never_recorded_is_recorded_late) {
  say("web1", INCIDENT_SYN_FLOOD, 70,
      flood(SEVERITY_FAILURE, INCIDENT_UNCHANGED, 0, 200));
  ck_assert_double_eq(only()->begin_s, start_s);
  ck_assert_int_eq(seen.severity, SEVERITY_FAILURE);
  ck_assert_str_eq(seen.first, "");
}
END_TEST

START_TEST(a_silenced_one_is_recorded_with_its_texts_and_a_mark) {
  struct finding finding = flood(SEVERITY_WARNING, INCIDENT_RAISED, 0, 100);
  finding.silenced_until_s = start_s + 900;
  say("web1", INCIDENT_SYN_FLOOD, 0, finding);
  ck_assert_str_eq(only()->flags, "silenced");
  ck_assert_ptr_nonnull(strstr(seen.first, ": 100 half-open"));
  finding = flood(SEVERITY_WARNING, INCIDENT_UNCHANGED, 0, 100);
  finding.late = true; /* the silence is over: it is notified now */
  finding.late_change = INCIDENT_RAISED;
  say("web1", INCIDENT_SYN_FLOOD, 900, finding);
  end_with("web1", 0, 910, INCIDENT_CLEARED);
  ck_assert_str_eq(only()->flags, "silenced");
  ck_assert_int_eq(seen.end, RECORD_CLEARED);
}
END_TEST

START_TEST(a_clock_that_was_set_back_ends_nothing_before_it_began) {
  raise("web1", 0);
  end_with("web1", 0, -500, INCIDENT_CLEARED);
  ck_assert_double_eq(only()->end_s, start_s);
}
END_TEST

START_TEST(control_characters_of_a_listener_are_not_kept) {
  strcpy(judged.host, "web1");
  judged.seen.time_s = start_s;
  judged.finding[INCIDENT_SYN_FLOOD] =
      flood(SEVERITY_WARNING, INCIDENT_RAISED, 0, 100);
  judged.finding[INCIDENT_SYN_FLOOD].judged = true;
  strcpy(judged.seen.syn_queue.listener, "a\nb");
  strcpy(judged.seen.top_source, "\033[31m");
  record_take(record, &judged);
  ck_assert_str_eq(only()->listener, "a?b");
  ck_assert_str_eq(seen.top_source, "?[31m");
}
END_TEST

SUITE(record) {
  Suite *suite = suite_create("record");
  TCase *tests = tcase_create("record");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, a_quiet_host_leaves_no_line);
  tcase_add_test(tests, an_incident_is_told_from_its_beginning_to_its_end);
  tcase_add_test(tests, of_two_scores_at_their_bound_the_farther_value_counts);
  tcase_add_test(tests, a_value_that_is_not_known_is_no_peak);
  tcase_add_test(tests, evidence_adds_up);
  tcase_add_test(tests, only_what_begins_worsens_or_ends_is_a_change);
  tcase_add_loop_test(tests, why_it_ended_is_told, 0,
                      sizeof(ends) / sizeof(ends[0]));
  tcase_add_test(tests, the_incidents_of_a_host_are_apart);
  tcase_add_test(tests, a_watched_series_is_recorded_by_its_identifier);
  tcase_add_test(tests, a_series_that_comes_back_is_at_no_peak);
  tcase_add_test(tests, the_oldest_that_is_over_makes_room);
  tcase_add_test(tests, no_more_are_open_than_have_room);
  tcase_add_test(tests, random_incidents_are_open_as_long_as_they_are);
  tcase_add_test(tests, what_the_state_has_open_goes_on_after_a_restart);
  tcase_add_test(tests, what_the_state_does_not_have_open_ended_unknown);
  tcase_add_test(tests, one_that_was_over_and_goes_on_is_one);
  tcase_add_test(tests, one_that_was_never_recorded_is_recorded_late);
  tcase_add_test(tests, a_silenced_one_is_recorded_with_its_texts_and_a_mark);
  tcase_add_test(tests, a_clock_that_was_set_back_ends_nothing_before_it_began);
  tcase_add_test(tests, control_characters_of_a_listener_are_not_kept);
  suite_add_tcase(suite, tests);
  return suite;
}
