/* <Watch> in the daemon: by whose days and weeks, and what it reports. */
#define _GNU_SOURCE
#include "daemon_cases.h"
#include "daemon_harness.h"
#include "daemon_probe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Values one after the other, for five write threads mix them up. */
#define IN_ORDER "WriteThreads 1"

static const struct daemon_setup plain = {.more = IN_ORDER,
                                          .baseline = PROBE_WATCH};
static const struct daemon_setup reports = {
    .more = IN_ORDER,
    .baseline = "<Watch \"slow\">\n    Plugin \"*\"\n    Type \"gauge\"\n"
                "    Report true\n  </Watch>\n"};

static struct daemon daemon_;

static void set_up(void) {
  daemon_enter_namespace();
  ck_assert_int_eq(setenv("DAEMON_PLUGINS", "baseline", 1), 0);
}

/* zone: NULL: no TZ. */
static const struct {
  const char *zone, *weekend, *said;
} zones[] = {
    {"Asia/Riyadh", "",
     "the time zone Asia/Riyadh; the weekend is fri-sat, by Weekend \"auto\""},
    {":Europe/Berlin", "",
     "the time zone Europe/Berlin; the weekend is sat-sun, by Weekend "
     "\"auto\""},
    {"Asia/Riyadh", "Weekend \"sat-sun\"\n  ",
     "the time zone Asia/Riyadh; the weekend is sat-sun"},
    {"AST-3", "", "the time zone AST-3; the weekend is sat-sun"},
    {"Nowhere/At/All", "",
     "cannot read the time zone Nowhere/At/All: Invalid argument; days and "
     "weeks of a <Watch> are those of UTC"},
};
enum { ZONES = sizeof(zones) / sizeof(zones[0]) };

START_TEST(the_zone_of_the_daemon_is_said_once) {
  char options[256] = "";
  struct daemon_setup setup = {.more = IN_ORDER, .baseline = options};
  strcat(strcpy(options, zones[_i].weekend), PROBE_WATCH);
  ck_assert_int_eq(setenv("TZ", zones[_i].zone, 1), 0);
  probe_start(&daemon_, &setup);
  daemon_await_log(&daemon_, zones[_i].said);
  probe_put(3, 100);
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(daemon_count_log(&daemon_, "days of a <Watch>"), 1);
}
END_TEST

/* A member of the series as it was saved, by the names of the columns. */
static double saved(const char *member) {
  daemon_tell("FLUSH plugin=baseline\n");
  char *state = daemon_read_file(&daemon_, "baseline.state");
  char *heads = strstr(state, "\n# series: ");
  char *row = strstr(state, "\nseries " PROBE_SERIES " ");
  ck_assert_msg(heads != NULL && row != NULL, "%s", state);
  char *at_head = NULL, *at_row = NULL;
  heads += strlen("\n# series: ");
  row += strlen("\nseries " PROBE_SERIES " ");
  heads[strcspn(heads, "\n")] = row[strcspn(row, "\n")] = '\0';
  char *head = strtok_r(heads, " ", &at_head);
  char *cell = strtok_r(row, " ", &at_row);
  while (head != NULL && cell != NULL && strcmp(head, member) != 0) {
    head = strtok_r(NULL, " ", &at_head);
    cell = strtok_r(NULL, " ", &at_row);
  }
  ck_assert_msg(head != NULL && cell != NULL, "%s is not saved", member);
  double number = strtod(cell, NULL);
  free(state);
  return number;
}

/* Riyadh is three hours ahead, all year. */
START_TEST(the_time_of_day_is_that_of_the_zone) {
  ck_assert_int_eq(setenv("TZ", _i > 0 ? "Asia/Riyadh" : "UTC", 1), 0);
  probe_start(&daemon_, &reports);
  probe_put(3, 100);
  daemon_await_time("testhost/baseline-slow/gauge-probe_gauge-x-score",
                    probe_last_s());
  long local_s = (long)probe_last_s() + (_i > 0 ? 10800 : 0);
  long day = local_s / 86400, slot = local_s % 86400 / 900;
  ck_assert_double_eq(saved("habit.season.slot"), (double)slot);
  ck_assert_double_eq(saved("habit.season.day"), (double)day);
}
END_TEST

START_TEST(without_a_watch_no_zone_is_asked) {
  ck_assert_int_eq(setenv("TZ", "Nowhere/At/All", 1), 0);
  daemon_start(&daemon_, &(struct daemon_setup){.more = IN_ORDER});
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(daemon_count_log(&daemon_, "time zone"), 0);
}
END_TEST

#define REPORTED "baseline-slow/gauge-probe_gauge-x-"

static double reported(const char *figure) {
  char name[128] = REPORTED;
  double value;
  ck_assert_msg(daemon_value(&daemon_, strcat(name, figure), &value), "%s",
                name);
  return value;
}

START_TEST(what_is_expected_is_reported_at_the_values_time) {
  probe_start(&daemon_, &reports);
  probe_put(2, 100);
  daemon_await_time("testhost/" REPORTED "score", probe_last_s());
  ck_assert(isnan(reported("lower")) && isnan(reported("upper")));
  ck_assert_double_eq(reported("score"), 0);
  probe_put(100, 100);
  daemon_await_time("testhost/" REPORTED "expected", probe_last_s());
  daemon_await_time("testhost/" REPORTED "score", probe_last_s());
  ck_assert_double_eq_tol(reported("expected"), 102, 2);
  ck_assert_double_lt(reported("lower"), 100);
  ck_assert_double_gt(reported("upper"), 104);
  ck_assert_double_lt(fabs(reported("score")), 1);
  probe_put(1, 900);
  daemon_await_time("testhost/" REPORTED "score", probe_last_s());
  ck_assert_double_gt(reported("score"), 1);
  daemon_await_log(&daemon_, PROBE_RAISED);
}
END_TEST

/* Each value once and in order, though many come at a time; and of them none
 * is watched in turn. */
START_TEST(each_is_reported_once_and_none_is_judged_again) {
  probe_start(&daemon_, &reports);
  probe_put(500, 100);
  daemon_await_time("testhost/" REPORTED "score", probe_last_s());
  ck_assert_int_eq(daemon_count_log(&daemon_, "value too old"), 0);
  double value;
  ck_assert(!daemon_value(
      &daemon_,
      "baseline-slow/gauge-baseline-slow_gauge-probe_gauge-x-score-score",
      &value));
  daemon_tell("FLUSH plugin=baseline\n");
  char *state = daemon_read_file(&daemon_, "baseline.state");
  ck_assert_ptr_nonnull(strstr(state, "\nseries " PROBE_SERIES " "));
  ck_assert_ptr_null(strstr(state, "baseline-slow"));
  free(state);
}
END_TEST

#define LONG_PART                                                              \
  "a123456789b123456789c123456789d123456789e123456789f123456789g123456789"
#define LONG_NAME                                                              \
  "baseline-slow/gauge-probe-" LONG_PART "_gauge-a123456789b123456789c12345"

/* Two that differ only where they are cut. */
START_TEST(names_too_long_are_cut_and_stay_apart) {
  probe_start(&daemon_, &reports);
  for (int i = 1; i <= 2; i++)
    daemon_tell("PUTVAL testhost/probe-" LONG_PART "/gauge-" LONG_PART
                "-%d interval=10 %.3f:%d\n",
                i, probe_last_s(), i);
  daemon_await_time("testhost/" LONG_NAME "-3616faf3-expected", probe_last_s());
  daemon_await_time("testhost/" LONG_NAME "-3716fc86-expected", probe_last_s());
}
END_TEST

START_TEST(without_report_nothing_is_reported) {
  double value;
  probe_start(&daemon_, &plain);
  probe_put(5, 100);
  daemon_tell("FLUSH plugin=baseline\n");
  ck_assert(!daemon_value(&daemon_, REPORTED "score", &value));
}
END_TEST

TCase *daemon_watch_case(void) {
  TCase *tcase = tcase_create("watch");

  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, set_up, NULL);
  tcase_add_loop_test(tcase, the_zone_of_the_daemon_is_said_once, 0, ZONES);
  tcase_add_loop_test(tcase, the_time_of_day_is_that_of_the_zone, 0, 2);
  tcase_add_test(tcase, without_a_watch_no_zone_is_asked);
  tcase_add_test(tcase, what_is_expected_is_reported_at_the_values_time);
  tcase_add_test(tcase, each_is_reported_once_and_none_is_judged_again);
  tcase_add_test(tcase, names_too_long_are_cut_and_stay_apart);
  tcase_add_test(tcase, without_report_nothing_is_reported);
  return tcase;
}
