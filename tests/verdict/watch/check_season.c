/* season: what a series is usually like at this time of day. */
#include "scenes/random_load.h"
#include "scenes/suite.h"
#include "verdict/watch/season.h"

#include <math.h>
#include <stdlib.h>

enum { MONDAY = 4, WEEKEND = 0x60, DAY_S = 86400 }; /* 1970-01-05; Sat, Sun */

static struct season season;
static struct random_load random_;
static double usual, days[SEASON_DAYS];
static float usual_spread = 1, range = 100;
static enum season_mode mode;

static void setup(void) {
  season_init(&season);
  random_.state = 1;
  usual = 10;
  usual_spread = 1;
  range = 100;
  mode = SEASON_AUTO;
}

/* One value in the middle of a quarter of an hour. */
static void put(int64_t day, int slot, double value) {
  struct season_time now;
  season_clock((double)day * DAY_S + 900 * slot + 450, WEEKEND, &now);
  season_move(&season, mode, &now, WEEKEND, usual, usual_spread, range, 900);
  season_take(&season, value);
}

static void put_slots(int64_t day, int from, int to, double value) {
  for (int slot = from; slot <= to; slot++)
    put(day, slot, value);
}

static void put_day(int64_t day, double value) {
  put_slots(day, 0, SEASON_SLOTS - 1, value);
}

/* What it says then; the running slot is completed. */
static struct season_hull hull_at(int64_t day, int slot) {
  struct season_hull hull;
  struct season_time now;
  season_clock((double)day * DAY_S + 900 * slot, WEEKEND, &now);
  season_move(&season, mode, &now, WEEKEND, usual, usual_spread, range, 900);
  season_hull(&season, &hull);
  return hull;
}

static void assert_days(int slot, int weekday, int len, double a, double b,
                        double c) {
  double expected[SEASON_DAYS] = {a, b, c};
  ck_assert_int_eq(season_days(&season, slot, weekday, WEEKEND, days), len);
  for (int i = 0; i < len; i++)
    ck_assert_double_eq_tol(days[i], expected[i], 0.05);
}

static const struct {
  double local_s;
  int64_t day;
  int slot, weekday;
  bool weekend;
} clocks[] = {
    {0, 0, 0, 3, false},          {899.9, 0, 0, 3, false},
    {900, 0, 1, 3, false},        {86399, 0, 95, 3, false},
    {2 * 86400, 2, 0, 5, true},   {3 * 86400 + 43200, 3, 48, 6, true},
    {4 * 86400, 4, 0, 0, false},  {-1, -1, 95, 2, false},
    {-4 * 86400, -4, 0, 6, true}, {1796000000, 20787, 3, 0, false},
};
enum { CLOCKS = sizeof(clocks) / sizeof(clocks[0]) };

START_TEST(a_moment_has_its_day_slot_and_weekday) {
  struct season_time now;
  season_clock(clocks[_i].local_s, WEEKEND, &now);
  ck_assert_int_eq(now.day, clocks[_i].day);
  ck_assert_int_eq(now.slot, clocks[_i].slot);
  ck_assert_int_eq(now.weekday, clocks[_i].weekday);
  ck_assert_int_eq(now.weekend, clocks[_i].weekend);
}
END_TEST

START_TEST(at_first_nothing_is_known) {
  ck_assert_int_eq(hull_at(MONDAY, 5).days, 0);
  put_slots(MONDAY, 5, 6, 10);
  ck_assert_int_eq(hull_at(MONDAY, 7).days, 0);
}
END_TEST

START_TEST(a_slot_is_the_mean_of_its_values) {
  put(MONDAY, 5, 10);
  put(MONDAY, 5, 20);
  put(MONDAY, 5, 60);
  put(MONDAY, 6, 0);
  assert_days(5, 1, 1, 30, 0, 0);
}
END_TEST

/* The hull of two is both of them: it may be either. */
START_TEST(of_two_days_it_may_be_either) {
  put_day(MONDAY, 10);
  put_day(MONDAY + 1, 30);
  struct season_hull hull = hull_at(MONDAY + 2, 50);
  ck_assert_int_eq(hull.days, 2);
  ck_assert_double_eq_tol(hull.expected, 20, 0.05);
  ck_assert_double_eq_tol(hull.lowest, 10, 0.05);
  ck_assert_double_eq_tol(hull.highest, 30, 0.05);
}
END_TEST

START_TEST(of_three_days_the_median_is_expected) {
  static const double orders[6][3] = {{10, 20, 90}, {10, 90, 20}, {20, 10, 90},
                                      {20, 90, 10}, {90, 10, 20}, {90, 20, 10}};
  for (int i = 0; i < 3; i++)
    put_day(MONDAY + i, orders[_i][i]);
  struct season_hull hull = hull_at(MONDAY + 3, 50);
  ck_assert_int_eq(hull.days, 3);
  ck_assert_double_eq_tol(hull.expected, 20, 0.05);
  ck_assert_double_eq_tol(hull.lowest, 20, 0.05);
  ck_assert_double_eq_tol(hull.highest, 20, 0.05);
}
END_TEST

/* A job at noon may begin a quarter of an hour early or late. */
START_TEST(neighbours_are_within_the_hull) {
  for (int day = 0; day < 3; day++) {
    put_slots(MONDAY + day, 0, 47, 10);
    put(MONDAY + day, 48, 80);
    put_slots(MONDAY + day, 49, 95, 10);
  }
  for (int slot = 46; slot <= 50; slot++) {
    struct season_hull hull = hull_at(MONDAY + 3, slot);
    bool near = slot >= 47 && slot <= 49;
    ck_assert_double_eq_tol(hull.expected, slot == 48 ? 80 : 10, 0.05);
    ck_assert_double_eq_tol(hull.highest, near ? 80 : 10, 0.05);
    ck_assert_double_eq_tol(hull.lowest, 10, 0.05);
  }
}
END_TEST

/* A job from 12:00 to 12:31: the slot of its end is at the base but for a
 * minute, and before it the base is within the hull, too. */
START_TEST(where_a_job_ends_the_base_is_within_the_hull) {
  for (int day = 0; day < 3; day++) {
    put_slots(MONDAY + day, 0, 47, 10);
    put_slots(MONDAY + day, 48, 49, 80);
    put(MONDAY + day, 50, 15);
    put_slots(MONDAY + day, 51, 95, 10);
  }
  ck_assert_double_eq_tol(hull_at(MONDAY + 3, 49).lowest, 10, 0.05);
  ck_assert_double_eq_tol(hull_at(MONDAY + 3, 49).highest, 80, 0.05);
}
END_TEST

/* Of a weekend two days are known. The event of this Sunday is not what Sundays
 * are like. */
START_TEST(an_event_of_a_weekend_does_not_explain_itself) {
  put_day(MONDAY + 5, 10);
  put_day(MONDAY + 6, 10);
  for (int day = 7; day < 13; day++)
    put_day(MONDAY + day, 10);
  put_slots(MONDAY + 13, 0, 39, 10);
  put_slots(MONDAY + 13, 40, 44, 80);
  ck_assert_double_eq_tol(hull_at(MONDAY + 13, 45).highest, 10, 0.05);
}
END_TEST

START_TEST(a_neighbour_may_be_yesterdays_or_tomorrows) {
  for (int day = 0; day < 3; day++) {
    put(MONDAY + day, 0, 80);
    put_slots(MONDAY + day, 1, 94, 10);
    put(MONDAY + day, 95, 50);
  }
  struct season_hull first = hull_at(MONDAY + 3, 0);
  ck_assert_double_eq_tol(first.expected, 80, 0.05);
  ck_assert_double_eq_tol(first.lowest, 10, 0.05);
  struct season_hull last = hull_at(MONDAY + 3, 95);
  ck_assert_double_eq_tol(last.expected, 50, 0.05);
  ck_assert_double_eq_tol(last.highest, 80, 0.05);
}
END_TEST

/* Two weeks, in which a day's value is its number: 0 a Monday .. 13. */
static void put_two_weeks(void) {
  for (int day = 0; day < 14; day++)
    put_day(MONDAY + day, day);
  put(MONDAY + 14, 0, 14);
}

START_TEST(the_last_three_days_are_asked_newest_first) {
  mode = SEASON_DAY;
  put_two_weeks();
  assert_days(50, 0, 3, 13, 12, 11); /* Monday: Sunday, Saturday, Friday */
  assert_days(50, 1, 3, 11, 13, 12); /* Tuesday, when Monday is not known */
  assert_days(50, 5, 3, 11, 10, 9);  /* Saturday */
  ck_assert_int_eq(season.apart, 0);
}
END_TEST

START_TEST(weekdays_and_weekends_are_asked_apart) {
  mode = SEASON_WEEK;
  put_two_weeks();
  ck_assert_int_eq(season.apart, 1);
  assert_days(50, 0, 3, 11, 10, 9);
  assert_days(50, 4, 3, 11, 10, 9);
  assert_days(50, 5, 2, 13, 12, 0);
  assert_days(50, 6, 2, 13, 12, 0);
}
END_TEST

/* Office hours: known apart only when that has been better. */
START_TEST(auto_goes_apart_where_that_is_better) {
  for (int day = 0; day < 28; day++) {
    bool weekend = day % 7 >= 5;
    put_slots(MONDAY + day, 0, 35, 10);
    put_slots(MONDAY + day, 36, 71, !weekend && _i ? 80 : 10);
    put_slots(MONDAY + day, 72, 95, 10 + day % 3);
  }
  put(MONDAY + 28, 0, 10);
  ck_assert_int_eq(season.apart, _i);
  struct season_hull monday = hull_at(MONDAY + 28, 50);
  ck_assert_double_eq_tol(monday.expected, _i ? 80 : 10, 1);
}
END_TEST

/* The curve is chosen where it is closer than the mean. */
START_TEST(the_curve_is_chosen_where_it_tells_something) {
  usual = 50;
  for (int day = 0; day < 10; day++)
    for (int slot = 0; slot < SEASON_SLOTS; slot++)
      put(MONDAY + day, slot,
          50 + (_i ? 40 * sin(6.283185307 * slot / SEASON_SLOTS) : 0) +
              2 * random_normal(&random_));
  ck_assert_int_eq(season.chosen, _i);
}
END_TEST

/* After a day, when it is over, it is left again. */
START_TEST(a_curve_that_is_no_more_is_left) {
  usual = 50;
  for (int day = 0; day < 24; day++)
    for (int slot = 0; slot < SEASON_SLOTS; slot++) {
      double wave = day < 8 ? 40 * sin(6.283185307 * slot / SEASON_SLOTS) : 0;
      put(MONDAY + day, slot, 50 + wave + 2 * random_normal(&random_));
      if (day == 7)
        ck_assert_int_eq(season.chosen, 1);
    }
  ck_assert_int_eq(season.chosen, 0);
}
END_TEST

START_TEST(an_hour_that_comes_twice_is_kept_once) {
  for (int day = 0; day < 3; day++)
    put_day(MONDAY + day, 10);
  put_slots(MONDAY + 3, 0, 11, 20);
  put_slots(MONDAY + 3, 8, 11, 90); /* 3:00 is 2:00 once more */
  put_slots(MONDAY + 3, 12, 95, 20);
  put(MONDAY + 4, 0, 20);
  for (int slot = 1; slot < SEASON_SLOTS; slot++)
    assert_days(slot, 4, 3, 20, 10, 10);
}
END_TEST

START_TEST(an_hour_that_is_skipped_keeps_what_it_had) {
  for (int day = 0; day < 3; day++)
    put_day(MONDAY + day, 10 + day);
  put_slots(MONDAY + 3, 0, 7, 20);
  put_slots(MONDAY + 3, 12, 95, 20);
  put(MONDAY + 4, 0, 20);
  assert_days(7, 4, 3, 20, 12, 11);
  for (int slot = 8; slot < 12; slot++)
    assert_days(slot, 4, 3, 12, 11, 10);
  assert_days(12, 4, 3, 20, 12, 11);
}
END_TEST

START_TEST(a_clock_that_was_days_ahead_is_followed_back) {
  for (int day = 0; day < 3; day++)
    put_day(MONDAY + 50 + day, 10);
  put_day(MONDAY, 30);
  put(MONDAY + 1, 0, 30);
  ck_assert_int_eq(season_days(&season, 50, 1, WEEKEND, days), 3);
  ck_assert_double_eq_tol(days[0], 30, 0.05);
}
END_TEST

/* Half a day without a value: the slot that ran then is no mean. */
START_TEST(a_slot_before_a_long_gap_is_left_out) {
  struct season_time now;
  put_day(MONDAY, 10);
  put(MONDAY + 1, 0, 10);
  put(MONDAY + 1, 1, 99);
  season_clock((double)(MONDAY + 3) * DAY_S, WEEKEND, &now);
  season_move(&season, mode, &now, WEEKEND, usual, usual_spread, range,
              1.9 * DAY_S);
  assert_days(1, 2, 1, 10, 0, 0);
}
END_TEST

/* Values are kept in whole steps; an outlier makes them coarse for a time. */
START_TEST(steps_grow_with_a_value_and_become_fine_again) {
  struct season_stand stand;
  for (int day = 0; day < 3; day++)
    put_day(MONDAY + day, 10 + day);
  float fine = season.step;
  put_slots(MONDAY + 3, 0, 49, 10);
  put(MONDAY + 3, 50, 1e7);
  put_slots(MONDAY + 3, 51, 95, 10);
  put(MONDAY + 4, 0, 10);
  ck_assert_float_gt(season.step, 100 * fine);
  season_days(&season, 50, 4, WEEKEND, days);
  ck_assert_double_eq_tol(days[0], 1e7, 2 * (double)season.step);
  ck_assert_double_eq_tol(days[1], 12, 2 * (double)season.step);
  for (int day = 4; day < 30; day++)
    for (int slot = 0; slot < SEASON_SLOTS; slot++) {
      struct season_hull hull = hull_at(MONDAY + day, slot);
      double value = 10 + random_normal(&random_);
      put(MONDAY + day, slot, value);
      if (hull.days >= 2)
        season_compare(&season, &hull, value, 0.01F, 3, 0.01F, usual, &stand);
    }
  ck_assert_float_le(season.step, season.spread / 4);
  ck_assert(season_is_sound(&season));
}
END_TEST

/* Where a value stands: beyond the hull, on which side. */
START_TEST(within_the_hull_a_value_is_not_beyond) {
  struct season_stand stand;
  put_day(MONDAY, 10);
  put_day(MONDAY + 1, 30);
  struct season_hull hull = hull_at(MONDAY + 2, 50);
  static const double values[] = {5, 10.1, 29.9, 42};
  static const double beyond[] = {-5, 0, 0, 12};
  for (int i = 0; i < 4; i++) {
    season_compare(&season, &hull, values[i], 0.01F, 3, 0.01F, usual, &stand);
    ck_assert_double_eq_tol((double)stand.beyond, beyond[i], 0.05);
    ck_assert_float_gt(stand.spread, 0);
  }
}
END_TEST

static const double zones_s[] = {0,     3600,  -3600,  19800,  -34200,
                                 50400, 43200, -43200, 172800, 20700};
enum { ZONES = sizeof(zones_s) / sizeof(zones_s[0]) };

START_TEST(a_day_by_utc_is_turned_once) {
  float means[SEASON_SLOTS];
  uint16_t seen_s[SEASON_SLOTS];
  for (int i = 0; i < SEASON_SLOTS; i++) {
    means[i] = 100 + (float)i;
    seen_s[i] = i == 3 ? 0 : 900;
  }
  season_take_over(&season, 140, 5, means, seen_s);
  ck_assert(season_is_sound(&season));
  season_turn(&season, zones_s[_i]);
  season_turn(&season, 7200); /* it is local now */
  int by = (int)floor(zones_s[_i] / 900 + 0.5);
  for (int i = 0; i < SEASON_SLOTS; i++) {
    int slot = ((i + by) % SEASON_SLOTS + SEASON_SLOTS) % SEASON_SLOTS;
    double mean = 100 + i;
    if (i == 3)
      ck_assert_int_eq(season_days(&season, slot, 2, WEEKEND, days), 0);
    else
      assert_days(slot, 2, 3, mean, mean, mean);
  }
}
END_TEST

START_TEST(any_values_leave_it_sound_and_finite) {
  static const double odd[] = {0, 1e30, -1e30, 1e-30, 1, 42, -7, 1e15};
  struct season_stand stand;
  double time_s = 1.7e9;
  random_.state = (uint64_t)_i;
  mode = (enum season_mode)(_i % 3);
  for (int i = 0; i < 20000; i++) {
    struct season_time now;
    struct season_hull hull;
    double passed_s = pow(10, 6 * random_unit(&random_));
    double value = odd[random_bits(&random_) % 8];
    time_s += random_unit(&random_) < 0.02 ? -passed_s : passed_s;
    season_clock(time_s, WEEKEND, &now);
    season_move(&season, mode, &now, WEEKEND, usual, 1e30F, 2e30F, passed_s);
    season_hull(&season, &hull);
    season_take(&season, value);
    ck_assert(season_is_sound(&season));
    if (hull.days < 2)
      continue;
    ck_assert(hull.lowest <= hull.expected && hull.expected <= hull.highest);
    ck_assert(isfinite(hull.lowest) && isfinite(hull.highest));
    season_compare(&season, &hull, value, 1, 3, 0.1F, usual, &stand);
    ck_assert(isfinite(stand.beyond) && isfinite(stand.spread) &&
              stand.spread > 0);
  }
}
END_TEST

SUITE(season) {
  Suite *suite = suite_create("season");
  TCase *tcase = tcase_create("season");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_loop_test(tcase, a_moment_has_its_day_slot_and_weekday, 0, CLOCKS);
  tcase_add_test(tcase, at_first_nothing_is_known);
  tcase_add_test(tcase, a_slot_is_the_mean_of_its_values);
  tcase_add_test(tcase, of_two_days_it_may_be_either);
  tcase_add_loop_test(tcase, of_three_days_the_median_is_expected, 0, 6);
  tcase_add_test(tcase, neighbours_are_within_the_hull);
  tcase_add_test(tcase, where_a_job_ends_the_base_is_within_the_hull);
  tcase_add_test(tcase, an_event_of_a_weekend_does_not_explain_itself);
  tcase_add_test(tcase, a_neighbour_may_be_yesterdays_or_tomorrows);
  tcase_add_test(tcase, the_last_three_days_are_asked_newest_first);
  tcase_add_test(tcase, weekdays_and_weekends_are_asked_apart);
  tcase_add_loop_test(tcase, auto_goes_apart_where_that_is_better, 0, 2);
  tcase_add_loop_test(tcase, the_curve_is_chosen_where_it_tells_something, 0,
                      2);
  tcase_add_test(tcase, a_curve_that_is_no_more_is_left);
  tcase_add_test(tcase, an_hour_that_comes_twice_is_kept_once);
  tcase_add_test(tcase, an_hour_that_is_skipped_keeps_what_it_had);
  tcase_add_test(tcase, a_clock_that_was_days_ahead_is_followed_back);
  tcase_add_test(tcase, a_slot_before_a_long_gap_is_left_out);
  tcase_add_test(tcase, steps_grow_with_a_value_and_become_fine_again);
  tcase_add_test(tcase, within_the_hull_a_value_is_not_beyond);
  tcase_add_loop_test(tcase, a_day_by_utc_is_turned_once, 0, ZONES);
  tcase_add_loop_test(tcase, any_values_leave_it_sound_and_finite, 0, 9);
  suite_add_tcase(suite, tcase);
  return suite;
}
