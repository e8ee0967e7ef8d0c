/* calendar: local time by rule, through both clock changes. */
#include "calendar.h"
#include "scenes/suite.h"

static const double hour_s = 3600;

/* date -u -d @TIME says so. */
START_TEST(clocks_change_on_the_last_sunday_at_one) {
  ck_assert_double_eq(calendar_change_s(2026, true), 1774746000);
  ck_assert_double_eq(calendar_change_s(2026, false), 1792890000);
  ck_assert_double_eq(calendar_change_s(2024, true), 1711846800);
  ck_assert_double_eq(calendar_change_s(2021, false), 1635642000);
}
END_TEST

START_TEST(berlin_is_an_hour_further_in_summer) {
  double begins_s = calendar_change_s(2026, true);
  double ends_s = calendar_change_s(2026, false);

  ck_assert_double_eq(calendar_zone_s(CALENDAR_BERLIN, begins_s - 1), hour_s);
  ck_assert_double_eq(calendar_zone_s(CALENDAR_BERLIN, begins_s), 2 * hour_s);
  ck_assert_double_eq(calendar_zone_s(CALENDAR_BERLIN, ends_s - 1), 2 * hour_s);
  ck_assert_double_eq(calendar_zone_s(CALENDAR_BERLIN, ends_s), hour_s);
}
END_TEST

START_TEST(others_know_no_summer_time) {
  for (double time_s = 1767225600; time_s < 1798761600; time_s += 86400) {
    ck_assert_double_eq(calendar_zone_s(CALENDAR_UTC, time_s), 0);
    ck_assert_double_eq(calendar_zone_s(CALENDAR_RIYADH, time_s), 3 * hour_s);
    ck_assert_double_eq(calendar_zone_s(CALENDAR_KATHMANDU, time_s),
                        5.75 * hour_s);
  }
}
END_TEST

/* 2026-01-05 was a Monday. */
START_TEST(days_and_weekdays_are_local) {
  double monday_s = 1767571200;
  struct calendar utc = calendar_at(CALENDAR_UTC, monday_s - 1);
  struct calendar berlin = calendar_at(CALENDAR_BERLIN, monday_s - 1);

  ck_assert_int_eq(utc.weekday, 6);
  ck_assert_double_eq(utc.day_s, 86399);
  ck_assert_int_eq(berlin.weekday, 0);
  ck_assert_double_eq(berlin.day_s, 3599);
  ck_assert_int_eq(berlin.day, utc.day + 1);
}
END_TEST

START_TEST(weekends_are_the_zones) {
  for (int weekday = 0; weekday < 7; weekday++) {
    ck_assert_int_eq(calendar_is_weekend(CALENDAR_BERLIN, weekday),
                     weekday == 5 || weekday == 6);
    ck_assert_int_eq(calendar_is_weekend(CALENDAR_RIYADH, weekday),
                     weekday == 4 || weekday == 5);
  }
}
END_TEST

SUITE(calendar) {
  Suite *suite = suite_create("calendar");
  TCase *tests = tcase_create("zones");
  tcase_add_test(tests, clocks_change_on_the_last_sunday_at_one);
  tcase_add_test(tests, berlin_is_an_hour_further_in_summer);
  tcase_add_test(tests, others_know_no_summer_time);
  tcase_add_test(tests, days_and_weekdays_are_local);
  tcase_add_test(tests, weekends_are_the_zones);
  suite_add_tcase(suite, tests);
  return suite;
}
