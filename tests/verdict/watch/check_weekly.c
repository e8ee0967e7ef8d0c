/* weekly: events that come back on the same day of the week. */
#include "scenes/random_load.h"
#include "scenes/suite.h"
#include "verdict/watch/weekly.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct weekly weekly;
static float above, below;

static void setup(void) { memset(&weekly, 0, sizeof(weekly)); }

static void remember(int week, int begin, int end, float height) {
  struct weekly_time from = {(uint16_t)begin, (uint16_t)week};
  struct weekly_time to = {(uint16_t)end, (uint16_t)(week + (end < begin))};
  weekly_remember(&weekly, &from, &to, height);
}

/* How far above it may be then. */
static float look(int week, int slot, float beyond) {
  struct weekly_time now = {(uint16_t)slot, (uint16_t)week};
  weekly_look(&weekly, &now, beyond, &above, &below);
  return above;
}

START_TEST(a_week_begins_on_monday) {
  struct weekly_time thursday = weekly_time(0, 5); /* 1970-01-01 */
  ck_assert_uint_eq(thursday.slot, 3 * 96 + 5);
  ck_assert_uint_eq(thursday.week, 0);
  ck_assert_uint_eq(weekly_time(3, 95).slot, 671); /* Sunday's end */
  ck_assert_uint_eq(weekly_time(4, 0).slot, 0);
  ck_assert_uint_eq(weekly_time(4, 0).week, 1);
  ck_assert_uint_eq(weekly_time(-3, 0).slot, 0);
  ck_assert_uint_eq(weekly_time(-4, 0).slot, 6 * 96);
  ck_assert_uint_eq(weekly_time(-4, 0).week, UINT16_MAX);
}
END_TEST

START_TEST(two_weeks_make_a_habit_and_the_third_is_expected) {
  ck_assert_float_eq(look(1, 100, 0), 0);
  remember(1, 100, 103, 50);
  ck_assert_float_eq(look(2, 101, 50), 0); /* the second is still told */
  remember(2, 100, 103, 50);
  ck_assert_float_ge(look(3, 101, 0), 50);
  ck_assert_float_le(above, 75); /* not of any height */
  ck_assert_float_eq(below, 0);
}
END_TEST

START_TEST(downwards_too) {
  remember(1, 100, 103, -50);
  remember(2, 100, 103, -50);
  ck_assert_float_eq(look(3, 101, 0), 0);
  ck_assert_float_ge(below, 50);
}
END_TEST

START_TEST(another_height_is_another_event) {
  remember(1, 100, 103, 50);
  remember(2, 100, 103, 500);
  ck_assert_float_eq(look(3, 101, 0), 0);
  remember(3, 100, 103, -50);
  ck_assert_float_eq(look(4, 101, 0), 0);
  ck_assert_float_eq(below, 0);
}
END_TEST

START_TEST(another_day_is_another_event) {
  remember(1, 100, 103, 50);
  remember(2, 196, 199, 50);
  ck_assert_float_eq(look(3, 101, 0), 0);
  ck_assert_float_eq(look(3, 197, 0), 0);
}
END_TEST

START_TEST(twice_in_one_week_is_one_week) {
  remember(1, 100, 101, 50);
  remember(1, 103, 104, 50);
  ck_assert_float_eq(look(2, 101, 0), 0);
}
END_TEST

START_TEST(seen_again_it_lives_on_and_unseen_it_is_lost) {
  remember(1, 100, 103, 50);
  remember(2, 100, 103, 50);
  for (int week = 3; week < 30; week++) /* expected, so no event any more */
    ck_assert_float_gt(look(week, 101, 45), 0);
  ck_assert_float_gt(look(31, 101, 0), 0); /* two weeks without */
  ck_assert_float_eq(look(32, 101, 0), 0);
}
END_TEST

START_TEST(a_window_grows_to_hold_all) {
  remember(1, 100, 103, 50);
  remember(2, 98, 105, 50);
  for (int slot = 95; slot <= 108; slot++)
    ck_assert_float_gt(look(3, slot, 0), 0);
  ck_assert_float_eq(look(3, 94, 0), 0);
  ck_assert_float_eq(look(3, 109, 0), 0);
}
END_TEST

START_TEST(a_window_grows_to_a_day_at_most) {
  for (int week = 1; week < 10; week++)
    remember(week, 100 + 80 * (week & 1), 180 + 80 * (week & 1), 50);
  ck_assert(weekly_is_sound(&weekly));
  ck_assert_float_gt(look(10, 150, 0), 0);
  ck_assert_float_eq(look(10, 100 + 96 + 4, 0), 0);
}
END_TEST

START_TEST(it_may_lie_over_the_end_of_the_week) {
  remember(1, 670, 1, 50);
  remember(2, 670, 1, 50);
  ck_assert_float_gt(look(3, 671, 0), 0);
  ck_assert_float_gt(look(4, 0, 0), 0);
  ck_assert_float_gt(look(4, 4, 0), 0);
  ck_assert_float_eq(look(4, 5, 0), 0);
  ck_assert_float_gt(look(3, 667, 0), 0);
  ck_assert_float_eq(look(3, 666, 0), 0);
}
END_TEST

START_TEST(the_number_of_a_week_wraps) {
  remember(65535, 100, 103, 50);
  remember(65536, 100, 103, 50);
  ck_assert_float_gt(look(65537, 101, 0), 0);
}
END_TEST

START_TEST(what_lasts_longer_than_a_day_is_no_event) {
  remember(1, 100, 196, 50);
  remember(2, 100, 196, 50);
  ck_assert_float_eq(look(3, 150, 0), 0);
  remember(2, 100, 195, 50);
  remember(3, 100, 195, 50);
  ck_assert_float_gt(look(4, 150, 0), 0);
}
END_TEST

/* When all places are taken, a habit of weeks stays. */
START_TEST(the_least_known_makes_room) {
  for (int week = 1; week <= 3; week++)
    remember(week, 10, 12, 50);
  for (int i = 0; i < 4 * WEEKLY_EVENTS; i++)
    remember(3, 50 + 20 * i, 51 + 20 * i, 50);
  ck_assert_float_gt(look(4, 11, 0), 0);
  remember(4, 50 + 20 * (4 * WEEKLY_EVENTS - 1),
           51 + 20 * (4 * WEEKLY_EVENTS - 1), 50); /* the newest is there */
  ck_assert_float_gt(look(5, 50 + 20 * (4 * WEEKLY_EVENTS - 1), 0), 0);
}
END_TEST

START_TEST(any_events_leave_it_sound) {
  struct random_load random = {(uint64_t)_i};
  for (int i = 0; i < 20000; i++) {
    int week = (int)(random_bits(&random) % 65536);
    int begin = (int)(random_bits(&random) % WEEKLY_SLOTS);
    int end = (int)(random_bits(&random) % WEEKLY_SLOTS);
    if (random_unit(&random) < 0.7)
      end = (begin + 3) % WEEKLY_SLOTS;
    remember(week / 1000, begin, end,
             (float)pow(10, 60 * random_unit(&random) - 30));
    look(week / 1000, begin, (float)random_normal(&random) * 1e20F);
    ck_assert(isfinite(above) && isfinite(below) && above >= 0 && below >= 0);
    ck_assert(weekly_is_sound(&weekly));
  }
}
END_TEST

SUITE(weekly) {
  Suite *suite = suite_create("weekly");
  TCase *tcase = tcase_create("weekly");
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, a_week_begins_on_monday);
  tcase_add_test(tcase, two_weeks_make_a_habit_and_the_third_is_expected);
  tcase_add_test(tcase, downwards_too);
  tcase_add_test(tcase, another_height_is_another_event);
  tcase_add_test(tcase, another_day_is_another_event);
  tcase_add_test(tcase, twice_in_one_week_is_one_week);
  tcase_add_test(tcase, seen_again_it_lives_on_and_unseen_it_is_lost);
  tcase_add_test(tcase, a_window_grows_to_hold_all);
  tcase_add_test(tcase, a_window_grows_to_a_day_at_most);
  tcase_add_test(tcase, it_may_lie_over_the_end_of_the_week);
  tcase_add_test(tcase, the_number_of_a_week_wraps);
  tcase_add_test(tcase, what_lasts_longer_than_a_day_is_no_event);
  tcase_add_test(tcase, the_least_known_makes_room);
  tcase_add_loop_test(tcase, any_events_leave_it_sound, 0, 4);
  suite_add_tcase(suite, tcase);
  return suite;
}
