/* score: alarms by hand, counted where they belong. */
#include "scenes/suite.h"
#include "score.h"

#include <math.h>
#include <string.h>

static const double day_s = 86400;
static struct kind kind;
static struct made_series series;
static struct score score;

static void setup(void) {
  memset(&score, 0, sizeof(score));
  kind = (struct kind){
      .name = "by hand", .group = KIND_DAILY, .interval_s = 3600, .days = 10};
  memset(&series, 0, sizeof(series));
  series.kind = &kind;
  series.begin_s = 10 * day_s;
  series.end_s = 20 * day_s;
}

static void add(enum window_what what, double begin_days, double hours) {
  double begin_s = series.begin_s + begin_days * day_s;

  series.windows[series.windows_len++] =
      (struct window){what, begin_s, begin_s + hours * 3600};
}

/* Alarms at these hours, an expectation of 1 and a value of 1. */
static void run(bool with_event, const int *hours, int len) {
  struct scoring scoring;

  scoring_begin(&scoring, &series, with_event, &score);
  for (int hour = 0; hour < 240; hour++) {
    struct habits_value value = {
        .time_s = series.begin_s + hour * 3600, .interval_s = 3600, .value = 1};
    struct habits_answer answer = {.judged = true, .expected = 1};
    for (int i = 0; i < len; i++)
      answer.alarm |= hours[i] == hour;
    scoring_put(&scoring, &value, &answer);
  }
  scoring_end(&scoring);
}

START_TEST(alarms_count_before_and_after_the_habit_is_known) {
  run(false, (int[]){5, 71, 72, 200}, 4);
  ck_assert_double_eq(score.alarms_young, 2);
  ck_assert_double_eq_tol(score.days_young, 3, 1e-9);
  ck_assert_double_eq(score.alarms_known, 2);
  ck_assert_double_eq_tol(score.days_known, 7, 1e-9);
  ck_assert_int_eq(score.silent, 0);
  ck_assert_double_eq_tol(score_monthly(2, 7), 60.0 / 7, 1e-9);
}
END_TEST

START_TEST(a_series_without_an_alarm_afterwards_is_silent) {
  run(false, (int[]){5}, 1);
  ck_assert_int_eq(score.seeds, 1);
  ck_assert_int_eq(score.silent, 1);
}
END_TEST

START_TEST(a_weekly_habit_is_known_after_two_weeks) {
  kind.group = KIND_WEEKLY;
  run(false, (int[]){5, 100}, 2);
  ck_assert_double_eq(score.alarms_learning, 1);
  ck_assert_double_eq(score.days_known, 0);
}
END_TEST

START_TEST(the_first_alarm_in_the_window_tells_of_the_event) {
  series.event = EVENT_SHIFT;
  add(WINDOW_EVENT, 5, 6);
  add(WINDOW_AFTER, 5.25, 2);
  run(true, (int[]){121, 122, 127, 200}, 4);
  ck_assert_int_eq(score.events, 1);
  ck_assert_int_eq(score.told, 1);
  ck_assert_int_eq(score.in_time, 1);
  ck_assert_double_eq(score.delay_readings[0], 2);
  ck_assert_double_eq(score.delay_s[0], 3600);
  ck_assert_double_eq(score.alarms_after, 1); /* 200: false */
  ck_assert_double_eq(score.alarms_known, 0);
}
END_TEST

START_TEST(four_readings_of_an_hour_are_late) {
  series.event = EVENT_SHIFT;
  add(WINDOW_EVENT, 5, 6);
  run(true, (int[]){123}, 1);
  ck_assert_int_eq(score.told, 1);
  ck_assert_int_eq(score.abrupt, 1);
  ck_assert_int_eq(score.in_time, 0);
}
END_TEST

START_TEST(a_ramp_has_time) {
  series.event = EVENT_RAMP;
  add(WINDOW_EVENT, 5, 6);
  run(true, (int[]){124}, 1);
  ck_assert_int_eq(score.told, 1);
  ck_assert_int_eq(score.abrupt, 0);
}
END_TEST

START_TEST(an_event_that_nobody_tells_is_missed) {
  series.event = EVENT_DEAD;
  add(WINDOW_EVENT, 5, 1);
  run(true, (int[]){119, 180}, 2);
  ck_assert_int_eq(score.events, 1);
  ck_assert_int_eq(score.told, 0);
  ck_assert_double_eq(score.alarms_after, 2);
}
END_TEST

START_TEST(alarms_of_a_special_day_are_counted_apart) {
  add(WINDOW_SPECIAL, 5, 48);
  run(false, (int[]){121, 150, 200}, 3);
  ck_assert_int_eq(score.special_len, 1);
  ck_assert_double_eq(score.alarms_special[0], 2);
  ck_assert_double_eq(score.alarms_known, 1);
}
END_TEST

START_TEST(an_alarm_at_the_weekly_jobs_time_is_noted) {
  kind.group = KIND_DAILY;
  add(WINDOW_HABIT, 6, 2);
  run(false, (int[]){100}, 1);
  ck_assert_int_eq(score.at_habit, 0);
  run(false, (int[]){145}, 1);
  ck_assert_int_eq(score.at_habit, 1);
}
END_TEST

START_TEST(an_expectation_beyond_all_values_was_learnt_wrong) {
  struct scoring scoring;
  struct habits_value value = {.interval_s = 3600, .value = 5};

  scoring_begin(&scoring, &series, false, &score);
  for (int hour = 0; hour < 100; hour++) {
    struct habits_answer answer = {.judged = true,
                                   .expected = hour >= 98 ? -17.9 : 5};
    value.time_s = series.begin_s + hour * 3600;
    scoring_put(&scoring, &value, &answer);
  }
  ck_assert_double_eq(score.unseen, 2);
}
END_TEST

START_TEST(quantiles_by_hand) {
  double values[] = {3, 1, 2, 5, 4};

  ck_assert_double_eq(score_quantile(values, 5, 0.5), 3);
  ck_assert_double_eq(score_quantile(values, 5, 1), 5);
  ck_assert_double_eq(values[0], 3);
  ck_assert(isnan(score_quantile(values, 0, 0.5)));
}
END_TEST

SUITE(score) {
  Suite *suite = suite_create("score");
  TCase *tests = tcase_create("by hand");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, alarms_count_before_and_after_the_habit_is_known);
  tcase_add_test(tests, a_series_without_an_alarm_afterwards_is_silent);
  tcase_add_test(tests, a_weekly_habit_is_known_after_two_weeks);
  tcase_add_test(tests, the_first_alarm_in_the_window_tells_of_the_event);
  tcase_add_test(tests, four_readings_of_an_hour_are_late);
  tcase_add_test(tests, a_ramp_has_time);
  tcase_add_test(tests, an_event_that_nobody_tells_is_missed);
  tcase_add_test(tests, alarms_of_a_special_day_are_counted_apart);
  tcase_add_test(tests, an_alarm_at_the_weekly_jobs_time_is_noted);
  tcase_add_test(tests, an_expectation_beyond_all_values_was_learnt_wrong);
  tcase_add_test(tests, quantiles_by_hand);
  suite_add_tcase(suite, tests);
  return suite;
}
