/* Ticks of an axis of time: by the local clock and calendar, also where the
 * clock is set. */
#include "lib/moment.h"
#include "plot/scale.h"
#include "scenes/suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static void set_zone(const char *zone) {
  setenv("TZ", zone, 1);
  tzset();
}

static struct tm local(double time_s) {
  time_t whole = (time_t)time_s;
  struct tm out;

  ck_assert_ptr_nonnull(localtime_r(&whole, &out));
  return out;
}

static const char *const zones[] = {"UTC", "CET-1CEST,M3.5.0,M10.5.0/3",
                                    "IST-5:30", "NST3:30NDT,M3.2.0,M11.1.0",
                                    "NZST-12NZDT,M9.5.0,M4.1.0/3"};

/* Ranges of 10 s to 60 years, at random places. */
START_TEST(ticks_are_within_in_order_and_as_many_as_there_is_room_for) {
  struct plot_tick ticks[PLOT_TICKS_MAX];

  set_zone(zones[_i]);
  srand((unsigned)_i + 1);
  for (int i = 0; i < 400; i++) {
    double start_s = 1.5e9 + rand() % 400000000;
    double range_s = 10 * pow(10, 8.2 * rand() / RAND_MAX);
    size_t most = 4 + (size_t)rand() % 20;
    size_t len = plot_ticks(start_s, start_s + range_s, most, ticks);
    ck_assert_msg(len >= 1 && len <= most + 1, "%zu ticks in %f s from %f", len,
                  range_s, start_s);
    for (size_t k = 0; k < len; k++) {
      ck_assert_double_ge(ticks[k].time_s, start_s);
      ck_assert_double_le(ticks[k].time_s, start_s + range_s);
      ck_assert_uint_gt(strlen(ticks[k].text), 0);
      if (k > 0)
        ck_assert_double_ge(ticks[k].time_s - ticks[k - 1].time_s,
                            0.5 * range_s / (double)most / 2);
    }
  }
}
END_TEST

static size_t ticks_of(const char *from, double range_s, size_t most,
                       struct plot_tick *ticks) {
  struct moment moment;

  ck_assert(moment_read(from, &moment));
  return plot_ticks(moment.seconds, moment.seconds + range_s, most, ticks);
}

START_TEST(hours_are_full_where_the_zone_is_half_an_hour_off) {
  struct plot_tick ticks[PLOT_TICKS_MAX];

  set_zone("IST-5:30");
  size_t len = ticks_of("2026-11-22T10:20", 12 * 3600, 13, ticks);
  ck_assert_uint_eq(len, 12);
  ck_assert_str_eq(ticks[0].text, "11:00");
  ck_assert_str_eq(ticks[0].below, "Sun 22 Nov 2026");
  for (size_t i = 0; i < len; i++)
    ck_assert_int_eq(local(ticks[i].time_s).tm_min, 0);
}
END_TEST

START_TEST(no_two_ticks_are_close_where_the_clock_is_set) {
  static const char *const days[] = {"2026-10-25", "2026-03-29"};
  struct plot_tick ticks[PLOT_TICKS_MAX];

  set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
  for (int day = 0; day < 2; day++)
    for (size_t most = 6; most < 40; most++) {
      size_t len = ticks_of(days[day], 26 * 3600, most, ticks);
      double step_s = ticks[len - 1].time_s - ticks[len - 2].time_s;
      ck_assert_uint_ge(len, most / 3);
      for (size_t i = 1; i < len; i++) {
        ck_assert_double_ge(ticks[i].time_s - ticks[i - 1].time_s,
                            0.6 * step_s);
        ck_assert_double_le(ticks[i].time_s - ticks[i - 1].time_s,
                            1.6 * step_s);
      }
    }
}
END_TEST

START_TEST(the_hour_that_comes_twice_has_ticks_twice) {
  struct plot_tick ticks[PLOT_TICKS_MAX];
  size_t twice = 0;

  set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
  size_t len = ticks_of("2026-10-25T01:00", 4 * 3600, 9, ticks);
  for (size_t i = 0; i < len; i++)
    twice += strcmp(ticks[i].text, "02:30") == 0;
  ck_assert_uint_eq(twice, 2);
}
END_TEST

START_TEST(a_new_day_is_named_once) {
  struct plot_tick ticks[PLOT_TICKS_MAX];
  size_t named = 0;

  set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
  size_t len = ticks_of("2026-11-22T20:00", 8 * 3600, 9, ticks);
  ck_assert_uint_eq(len, 9);
  ck_assert_str_eq(ticks[0].below, "Sun 22 Nov 2026");
  for (size_t i = 1; i < len; i++)
    if (ticks[i].below[0] != '\0') {
      named++;
      ck_assert_str_eq(ticks[i].below, "Mon 23 Nov 2026");
      ck_assert_str_eq(ticks[i].text, "00:00");
    }
  ck_assert_uint_eq(named, 1);
}
END_TEST

START_TEST(days_months_and_years_are_the_calendars) {
  struct plot_tick ticks[PLOT_TICKS_MAX];

  set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
  size_t len = ticks_of("2026-10-20", 10 * 86400.0, 12, ticks);
  ck_assert_uint_ge(len, 10);
  for (size_t i = 0; i < len; i++)
    ck_assert_int_eq(local(ticks[i].time_s).tm_hour, 0);
  ck_assert_str_eq(ticks[5].text, "25 Oct");
  len = ticks_of("2026-10-05", 200 * 86400.0, 12, ticks);
  ck_assert_uint_eq(len, 6);
  for (size_t i = 0; i < len; i++)
    ck_assert_int_eq(local(ticks[i].time_s).tm_mday, 1);
  ck_assert_str_eq(ticks[2].text, "Jan");
  ck_assert_str_eq(ticks[2].below, "2027");
  len = ticks_of("2010-03-01", 16 * 365.25 * 86400, 20, ticks);
  ck_assert_uint_eq(len, 16);
  ck_assert_str_eq(ticks[0].text, "2011");
  ck_assert_str_eq(ticks[0].below, "");
}
END_TEST

START_TEST(weeks_begin_on_mondays) {
  struct plot_tick ticks[PLOT_TICKS_MAX];

  set_zone("UTC");
  size_t len = ticks_of("2026-10-01", 60 * 86400.0, 10, ticks);
  ck_assert_uint_ge(len, 8);
  for (size_t i = 0; i < len; i++)
    ck_assert_int_eq(local(ticks[i].time_s).tm_wday, 1);
}
END_TEST

SUITE(plot_time) {
  TCase *tick = tcase_create("ticks");
  Suite *suite = suite_create("plot_time");

  tcase_add_loop_test(
      tick, ticks_are_within_in_order_and_as_many_as_there_is_room_for, 0,
      COUNT(zones));
  tcase_add_test(tick, hours_are_full_where_the_zone_is_half_an_hour_off);
  tcase_add_test(tick, no_two_ticks_are_close_where_the_clock_is_set);
  tcase_add_test(tick, the_hour_that_comes_twice_has_ticks_twice);
  tcase_add_test(tick, a_new_day_is_named_once);
  tcase_add_test(tick, days_months_and_years_are_the_calendars);
  tcase_add_test(tick, weeks_begin_on_mondays);
  suite_add_tcase(suite, tick);
  return suite;
}
