/* schedule: days and times as text, and when one that runs ends. */
#include "scenes/suite.h"
#include "verdict/schedule.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

enum {
  HOUR_S = 3600,
  DAY_S = 86400,
  MONDAY = 1795996800,     /* 2026-11-30 00:00 UTC */
  CHANGE_OCT = 1792890000, /* 2026-10-25 01:00 UTC: 03:00 becomes 02:00 */
  CHANGE_MAR = 1774746000, /* 2026-03-29 01:00 UTC: 02:00 becomes 03:00 */
};

static int32_t fixed(const void *zone, int64_t time_s) {
  (void)time_s;
  return *(const int32_t *)zone;
}

/* Berlin in 2026. */
static int32_t berlin(const void *zone, int64_t time_s) {
  (void)zone;
  return time_s >= CHANGE_MAR && time_s < CHANGE_OCT ? 2 * HOUR_S : HOUR_S;
}

static const int32_t utc = 0, kolkata = 19800;
static const struct schedule_zone in_utc = {fixed, &utc};
static const struct schedule_zone in_kolkata = {fixed, &kolkata};
static const struct schedule_zone in_berlin = {berlin, NULL};

START_TEST(days_are_names_and_ranges) {
  static const struct {
    const char *text;
    double days;
  } rows[] = {{"daily", 0x7f},       {"mon", 1},
              {"sun", 0x40},         {"mon-fri", 0x1f},
              {"MON-fri,Sun", 0x5f}, {"fri-mon", 0x71},
              {"tue,thu,sat", 0x2a}, {"wed-wed", 4},
              {"Daily", 0x7f}};
  ck_assert_double_eq(schedule_days(rows[_i].text), rows[_i].days);
}
END_TEST

START_TEST(what_is_no_days_is_refused) {
  static const char *const texts[] = {"",         "monday",    "mon-",
                                      "mon,",     ",mon",      "mon fri",
                                      "mon--fri", "daily,mon", "m"};
  ck_assert(isnan(schedule_days(texts[_i])));
}
END_TEST

START_TEST(times_are_hours_and_minutes) {
  ck_assert_double_eq(schedule_time("00:00"), 0);
  ck_assert_double_eq(schedule_time("02:30"), 9000);
  ck_assert_double_eq(schedule_time("23:59"), 86340);
  ck_assert_double_eq(schedule_time("24:00"), 86400);
}
END_TEST

START_TEST(what_is_no_time_is_refused) {
  static const char *const texts[] = {"",      "2:30",  "02:3",  "02.30",
                                      "24:01", "25:00", "02:60", "02:30:00",
                                      "-1:00", "0",     "02",    "02:"};
  ck_assert(isnan(schedule_time(texts[_i])));
}
END_TEST

static const struct schedule night = {SCHEDULE_DAILY, 2 * HOUR_S,
                                      4 * HOUR_S + 1800};

START_TEST(it_runs_from_its_first_second_to_its_last) {
  double from_s = MONDAY + night.from_s, to_s = MONDAY + night.to_s;
  ck_assert_double_eq(schedule_until(&night, &in_utc, from_s - 1), 0);
  ck_assert_double_eq(schedule_until(&night, &in_utc, from_s), to_s);
  ck_assert_double_eq(schedule_until(&night, &in_utc, to_s - 0.5), to_s);
  ck_assert_double_eq(schedule_until(&night, &in_utc, to_s), 0);
}
END_TEST

START_TEST(it_runs_by_the_clock_of_its_place) {
  double to_s = MONDAY + night.to_s - kolkata;
  ck_assert_double_eq(schedule_until(&night, &in_kolkata, to_s - 60), to_s);
  ck_assert_double_eq(schedule_until(&night, &in_utc, to_s - 60), 0);
}
END_TEST

/* From Friday 22:00: Saturday 03:59 is of the Friday, and Friday 03:59 is of
 * nothing. */
START_TEST(over_midnight_it_is_of_the_day_on_which_it_begins) {
  struct schedule schedule = {1u << 4, 22 * HOUR_S, 4 * HOUR_S};
  double friday = MONDAY + 4 * DAY_S, saturday = friday + DAY_S;
  ck_assert_double_eq(
      schedule_until(&schedule, &in_utc, friday + 4 * HOUR_S - 60), 0);
  ck_assert_double_eq(schedule_until(&schedule, &in_utc, friday + 22 * HOUR_S),
                      saturday + 4 * HOUR_S);
  ck_assert_double_eq(
      schedule_until(&schedule, &in_utc, saturday + 4 * HOUR_S - 60),
      saturday + 4 * HOUR_S);
  ck_assert_double_eq(
      schedule_until(&schedule, &in_utc, saturday + 22 * HOUR_S), 0);
}
END_TEST

START_TEST(a_whole_day_ends_at_midnight) {
  struct schedule day = {1, 0, DAY_S}, same = {1, HOUR_S, HOUR_S};
  ck_assert_double_eq(schedule_until(&day, &in_utc, MONDAY), MONDAY + DAY_S);
  ck_assert_double_eq(schedule_until(&day, &in_utc, MONDAY + DAY_S), 0);
  ck_assert_double_eq(schedule_until(&same, &in_utc, MONDAY + DAY_S),
                      MONDAY + DAY_S + HOUR_S);
}
END_TEST

/* In October 02:30 comes twice, and both times it runs; in March it does not
 * come, and it runs from 03:00. The end is at 04:30 on the clock. */
START_TEST(when_the_clocks_change_it_ends_by_the_new_time) {
  double october = CHANGE_OCT + 2 * HOUR_S + HOUR_S + 1800;
  ck_assert_double_eq(schedule_until(&night, &in_berlin, CHANGE_OCT - 3601), 0);
  ck_assert_double_eq(schedule_until(&night, &in_berlin, CHANGE_OCT - 1800),
                      october - HOUR_S);
  ck_assert_double_eq(schedule_until(&night, &in_berlin, CHANGE_OCT + 1800),
                      october - HOUR_S);
  ck_assert_double_eq(schedule_until(&night, &in_berlin, CHANGE_MAR - 1), 0);
  const struct schedule early = {SCHEDULE_DAILY, HOUR_S, 2 * HOUR_S + 1800};
  double until_s = schedule_until(&early, &in_berlin, CHANGE_MAR - 60);
  ck_assert_double_ge(until_s, CHANGE_MAR); /* 02:30 does not come */
  ck_assert_double_le(until_s, CHANGE_MAR + HOUR_S);
  ck_assert_double_eq(schedule_until(&early, &in_berlin, CHANGE_MAR), 0);
  ck_assert_double_eq(schedule_until(&night, &in_berlin, CHANGE_MAR),
                      CHANGE_MAR + HOUR_S + 1800);
}
END_TEST

/* Whatever the schedule: what runs ends later, within a day and an hour, and
 * runs until a second before that. */
START_TEST(what_runs_ends_later) {
  for (int i = 0; i < 200000; i++) {
    uint32_t mixed = (uint32_t)i * 2654435761u;
    struct schedule schedule = {mixed >> 25, (int)(mixed % 97) * 900,
                                (int)(mixed / 97 % 97) * 900};
    double now_s = CHANGE_OCT - 2 * DAY_S + mixed % (4 * DAY_S);
    double until_s = schedule_until(&schedule, &in_berlin, now_s);
    if (until_s > 0) {
      ck_assert_double_gt(until_s, now_s);
      ck_assert_double_le(until_s, now_s + DAY_S + 2 * HOUR_S);
      ck_assert_double_gt(schedule_until(&schedule, &in_berlin, until_s - 1),
                          0);
    }
  }
}
END_TEST

START_TEST(a_time_beyond_all_runs_nothing) {
  static const double times[] = {INFINITY, -INFINITY, NAN, 1e300, -1e13};
  for (size_t i = 0; i < 5; i++)
    ck_assert_double_eq(schedule_until(&night, &in_utc, times[i]), 0);
}
END_TEST

SUITE(schedule) {
  Suite *suite = suite_create("schedule");
  TCase *tcase = tcase_create("schedule");
  tcase_add_loop_test(tcase, days_are_names_and_ranges, 0, 9);
  tcase_add_loop_test(tcase, what_is_no_days_is_refused, 0, 9);
  tcase_add_test(tcase, times_are_hours_and_minutes);
  tcase_add_loop_test(tcase, what_is_no_time_is_refused, 0, 12);
  tcase_add_test(tcase, it_runs_from_its_first_second_to_its_last);
  tcase_add_test(tcase, it_runs_by_the_clock_of_its_place);
  tcase_add_test(tcase, over_midnight_it_is_of_the_day_on_which_it_begins);
  tcase_add_test(tcase, a_whole_day_ends_at_midnight);
  tcase_add_test(tcase, when_the_clocks_change_it_ends_by_the_new_time);
  tcase_add_test(tcase, what_runs_ends_later);
  tcase_add_test(tcase, a_time_beyond_all_runs_nothing);
  suite_add_tcase(suite, tcase);
  return suite;
}
