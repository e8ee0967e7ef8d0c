/* bars: each of them is held, and each can be missed. */
#include "bars.h"
#include "scenes/suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct score scores[BARS_KINDS_MAX], fewer[BARS_KINDS_MAX],
    more[BARS_KINDS_MAX];
static struct bars_judge judge;
static FILE *nowhere;

/* One alarm a month of noise, none of habits, every event told at once. */
static void setup(void) {
  memset(scores, 0, sizeof(scores));
  memset(fewer, 0, sizeof(fewer));
  memset(more, 0, sizeof(more));
  for (size_t i = 0; kind_at(i); i++) {
    bool noise =
        kind_at(i)->group == KIND_NOISE || kind_at(i)->group == KIND_BURSTY;
    scores[i] = (struct score){.seeds = 20,
                               .days_known = 600,
                               .alarms_known = noise ? 20 : 0,
                               .special_len = 20,
                               .events = 20,
                               .told = 20,
                               .abrupt = 20,
                               .in_time = 20};
    fewer[i] = more[i] = scores[i];
    fewer[i].alarms_known = 5;
    more[i].alarms_known = 80;
  }
  judge = (struct bars_judge){.name = "by hand",
                              .bytes = 2048,
                              .scores = scores,
                              .fewer = fewer,
                              .more = more,
                              .slowness = 1};
  nowhere = fopen("/dev/null", "w");
  ck_assert_ptr_nonnull(nowhere);
}

static void teardown(void) { fclose(nowhere); }

static int missed(void) { return bars_print(nowhere, &judge, 1); }

/* The first kind of a group. */
static size_t first_of(enum kind_group group) {
  size_t i = 0;

  while (kind_at(i)->group != group)
    i++;
  return i;
}

START_TEST(what_holds_every_bar_misses_none) {
  size_t len = 0;

  while (kind_at(len))
    len++;
  ck_assert_int_le((int)len, BARS_KINDS_MAX);
  ck_assert_int_eq(missed(), 0);
}
END_TEST

START_TEST(one_habit_that_stays_unknown_is_missed) {
  scores[first_of(KIND_DAILY)].alarms_known = 20 * 3 + 1;
  ck_assert_int_eq(missed(), 1);
}
END_TEST

START_TEST(many_that_are_half_known_miss_the_mean) {
  for (size_t i = 0; kind_at(i); i++)
    if (kind_at(i)->group == KIND_DAILY || kind_at(i)->group == KIND_WEEKLY)
      scores[i].alarms_known = 21;
  ck_assert_int_eq(missed(), 1);
}
END_TEST

START_TEST(a_weekly_job_must_be_known_in_17_of_20) {
  int kinds = 0;

  for (size_t i = 0; kind_at(i); i++)
    kinds += kind_at(i)->every_h > 24;
  for (size_t i = 0; kind_at(i); i++)
    if (kind_at(i)->every_h > 24)
      scores[i].at_habit = 3;
  ck_assert_int_ge(kinds, 1);
  ck_assert_int_eq(missed(), 0);
  for (size_t i = 0; kind_at(i); i++)
    if (kind_at(i)->every_h > 24)
      scores[i].at_habit = 4;
  ck_assert_int_eq(missed(), 1);
}
END_TEST

START_TEST(events_must_be_told_and_soon) {
  for (size_t i = 0; kind_at(i); i++)
    scores[i].in_time = 18;
  ck_assert_int_eq(missed(), 1);
  for (size_t i = 0; kind_at(i); i++)
    scores[i].told = 18;
  ck_assert_int_eq(missed(), 2);
}
END_TEST

START_TEST(noise_may_be_neither_loud_nor_mute) {
  scores[first_of(KIND_NOISE)].alarms_known = 41;
  ck_assert_int_eq(missed(), 1);
  scores[first_of(KIND_NOISE)].alarms_known = 3;
  ck_assert_int_eq(missed(), 1);
  scores[first_of(KIND_BURSTY)].alarms_known = 41;
  ck_assert_int_eq(missed(), 2);
}
END_TEST

START_TEST(noise_follows_false_alarms_within_a_factor_of_two) {
  fewer[first_of(KIND_NOISE)].alarms_known = 11;
  ck_assert_int_eq(missed(), 1);
  more[first_of(KIND_NOISE)].alarms_known = 161;
  ck_assert_int_eq(missed(), 2);
}
END_TEST

/* Of 20 seeds one may have more: chance makes some. */
START_TEST(a_holiday_costs_one_alarm_and_a_clock_change_two) {
  struct score *holiday = &scores[first_of(KIND_HOLIDAY)];
  struct score *change = &scores[first_of(KIND_CLOCK)];

  holiday->alarms_special[3] = change->alarms_special[3] = 5;
  holiday->alarms_special[4] = 1;
  change->alarms_special[4] = 2;
  ck_assert_int_eq(missed(), 0);
  holiday->alarms_special[4] = 2;
  ck_assert_int_eq(missed(), 1);
  change->alarms_special[4] = 3;
  ck_assert_int_eq(missed(), 2);
  holiday->alarms_known = 21;
  change->alarms_known = 21;
  ck_assert_int_eq(missed(), 4);
}
END_TEST

START_TEST(wrong_expectations_memory_and_time_have_bars) {
  scores[0].unseen = 1;
  ck_assert_int_eq(missed(), 1);
  judge.bytes = 2049;
  ck_assert_int_eq(missed(), 2);
  judge.slowness = 1.01;
  ck_assert_int_eq(missed(), 3);
}
END_TEST

START_TEST(what_did_not_run_has_no_bar) {
  memset(scores, 0, sizeof(scores));
  memset(fewer, 0, sizeof(fewer));
  memset(more, 0, sizeof(more));
  judge.slowness = NAN;
  judge.bytes = 2049;
  ck_assert_int_eq(missed(), 1);
}
END_TEST

SUITE(bars) {
  Suite *suite = suite_create("bars");
  TCase *tests = tcase_create("by hand");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, what_holds_every_bar_misses_none);
  tcase_add_test(tests, one_habit_that_stays_unknown_is_missed);
  tcase_add_test(tests, many_that_are_half_known_miss_the_mean);
  tcase_add_test(tests, a_weekly_job_must_be_known_in_17_of_20);
  tcase_add_test(tests, events_must_be_told_and_soon);
  tcase_add_test(tests, noise_may_be_neither_loud_nor_mute);
  tcase_add_test(tests, noise_follows_false_alarms_within_a_factor_of_two);
  tcase_add_test(tests, a_holiday_costs_one_alarm_and_a_clock_change_two);
  tcase_add_test(tests, wrong_expectations_memory_and_time_have_bars);
  tcase_add_test(tests, what_did_not_run_has_no_bar);
  suite_add_tcase(suite, tests);
  return suite;
}
