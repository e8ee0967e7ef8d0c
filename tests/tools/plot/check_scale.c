/* Axes of values and of time, units, and the layout of a picture. Time ticks
 * follow the local clock and calendar, also when the clock changes. */
#include "lib/moment.h"
#include "lib/types_db.h"
#include "plot/panel.h"
#include "plot/scale.h"
#include "scenes/suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* --- values --------------------------------------------------------------- */

static bool is_round(double step) {
  double mantissa = step / pow(10, floor(log10(step) + 1e-9));

  return fabs(mantissa - 1) < 1e-6 || fabs(mantissa - 2) < 1e-6 ||
         fabs(mantissa - 2.5) < 1e-6 || fabs(mantissa - 5) < 1e-6;
}

START_TEST(axis_holds_all_values_between_round_ticks) {
  srand(3);
  for (int i = 0; i < 2000; i++) {
    double size = pow(10, 24.0 * rand() / RAND_MAX - 10);
    double low = size * (2.0 * rand() / RAND_MAX - 1);
    double high = low + size * rand() / RAND_MAX;
    size_t most = 3 + (size_t)rand() % 8;
    struct plot_scale scale = plot_scale_fit(low, high, most, 0, INFINITY);
    ck_assert_double_le(scale.low, low + 1e-6 * size);
    ck_assert_double_ge(scale.high, high - 1e-6 * size);
    ck_assert_uint_ge(scale.len, 2);
    ck_assert_uint_le(scale.len, most);
    ck_assert_msg(is_round(scale.step), "%g", scale.step);
    ck_assert_double_eq_tol(plot_scale_tick(&scale, scale.len - 1), scale.high,
                            1e-6 * size);
  }
}
END_TEST

static const struct {
  double low, high;
  size_t most;
  int from_zero;
  double limit;
  const char *texts;
} axes[] = {
    {0, 128, 4, 0, INFINITY, "0|50|100|150|"},
    {95, 100, 5, 1, 100, "0|25|50|75|100|"},
    {3, 99.2, 5, 1, 100, "0|25|50|75|100|"},
    {0, 0.05, 4, 1, 100, "0|0.02|0.04|0.06|"},
    {0, 0, 5, 0, INFINITY, "0|0.25|0.50|0.75|1.00|"},
    {7, 7, 3, 0, INFINITY, "0|5|10|"},
    {2, 14000, 4, 0, INFINITY, "0|5 k|10 k|15 k|"},
    {0, 3.2e6, 3, 0, INFINITY, "0|2 M|4 M|"},
    {0, 1.4e7, 4, 0, INFINITY, "0|5 M|10 M|15 M|"},
    {0, 0.0004, 3, 0, INFINITY, "0|200 µ|400 µ|"},
    {0, 6e9, 4, 0, INFINITY, "0|2 G|4 G|6 G|"},
    {980, 1010, 5, 0, INFINITY, "980|990|1000|1010|"},
    {-5, 5, 3, 0, INFINITY, "-5|0|5|"},
};

START_TEST(numbers_are_short) {
  char all[256] = "", text[PLOT_SCALE_TEXT_MAX];
  struct plot_scale scale =
      plot_scale_fit(axes[_i].low, axes[_i].high, axes[_i].most,
                     axes[_i].from_zero, axes[_i].limit);

  for (size_t i = 0; i < scale.len; i++) {
    plot_scale_text(&scale, i, text);
    strcat(strcat(all, text), "|");
  }
  ck_assert_str_eq(all, axes[_i].texts);
}
END_TEST

/* usual: the level that has to be readable. */
static const struct {
  double low, high, usual;
  size_t most;
  const char *texts;
} log_axes[] = {
    {0, 6000, 21, 6, "0|10|100|1000|10 k|"},
    {0, 2000, 21, 6, "0|10|100|1000|"},
    {0, 10240, 18, 5, "0|10|100|1000|10 k|"},
    {0, 10240, 18, 3, "0|10|10 k|"},
    {300, 9000, 500, 5, "100|1000|10 k|"},
    {0, 3e6, 0.02, 5, "0|1|100|10 k|1 M|"},
    {0, 3, 5, 5, "0|0.1|1|"},
};

START_TEST(powers_of_ten_are_short_too) {
  char all[256] = "", text[PLOT_SCALE_TEXT_MAX];
  struct plot_scale scale =
      plot_scale_fit_log(log_axes[_i].low, log_axes[_i].high,
                         log_axes[_i].usual, log_axes[_i].most);

  for (size_t i = 0; i < scale.len; i++) {
    plot_scale_text(&scale, i, text);
    strcat(strcat(all, text), "|");
  }
  ck_assert_str_eq(all, log_axes[_i].texts);
}
END_TEST

START_TEST(logarithmic_axis_holds_all_values_in_order) {
  srand(5);
  for (int i = 0; i < 2000; i++) {
    double high = pow(10, 20.0 * rand() / RAND_MAX - 8);
    double low = rand() % 2 ? 0 : high * pow(10, -6.0 * rand() / RAND_MAX);
    double usual = high * pow(10, -9.0 * rand() / RAND_MAX);
    size_t most = 3 + (size_t)rand() % 7;
    struct plot_scale scale = plot_scale_fit_log(low, high, usual, most);
    ck_assert_double_ge(plot_scale_part(&scale, low), -1e-9);
    ck_assert_double_le(plot_scale_part(&scale, high), 1 + 1e-9);
    ck_assert_double_eq_tol(plot_scale_part(&scale, scale.low), 0, 1e-9);
    ck_assert_double_eq_tol(plot_scale_part(&scale, scale.high), 1, 1e-9);
    ck_assert_uint_ge(scale.len, 2);
    ck_assert_uint_le(scale.len, most);
    for (size_t k = 0; k < scale.len; k++) {
      double part = plot_scale_part(&scale, plot_scale_tick(&scale, k));
      ck_assert_double_le(part, 1 + 1e-9);
      ck_assert(k == 0 ||
                part > plot_scale_part(&scale, plot_scale_tick(&scale, k - 1)));
    }
  }
}
END_TEST

START_TEST(below_the_first_power_of_ten_the_axis_is_even) {
  struct plot_scale scale = plot_scale_fit_log(0, 10000, 10, 5);
  ck_assert_double_eq_tol(plot_scale_part(&scale, 5), 0.125, 1e-9);
  ck_assert_double_eq_tol(plot_scale_part(&scale, 10), 0.25, 1e-9);
  ck_assert_double_eq_tol(plot_scale_part(&scale, 100), 0.5, 1e-9);
  ck_assert_double_eq_tol(plot_scale_part(&scale, 1000), 0.75, 1e-9);
}
END_TEST

START_TEST(unit_is_the_types) {
  static const struct {
    const char *type;
    bool is_rate;
    const char *unit;
  } all[] = {{"tcp_connections", false, "connections"},
             {"percent", false, "%"},
             {"protocol_counter", true, "events/s"},
             {"if_octets", true, "B/s"},
             {"derive", true, "1/s"},
             {"gauge", false, ""},
             {"duration", false, "s"}};
  char unit[TYPES_DB_UNIT_MAX];

  for (int i = 0; i < COUNT(all); i++) {
    types_db_unit(all[i].type, all[i].is_rate, unit);
    ck_assert_str_eq(unit, all[i].unit);
  }
}
END_TEST

/* --- layout --------------------------------------------------------------- */

START_TEST(parts_do_not_overlap_and_fit_the_height) {
  struct plot_layout layout;

  srand(5);
  for (int i = 0; i < 2000; i++) {
    double height = rand() % 4 == 0 ? 0 : 100 + rand() % 2000;
    double notes = rand() % 1500;
    size_t panels = 1 + (size_t)rand() % 16, lanes = (size_t)rand() % 5;
    double wanted =
        plot_layout_fit(&layout, 800, height, panels, lanes, 40, notes);
    if (wanted > 0) {
      ck_assert_double_gt(wanted, height);
      ck_assert_double_eq(
          plot_layout_fit(&layout, 800, wanted, panels, lanes, 40, notes), 0);
    }
    ck_assert_double_ge(layout.panel_height, 36);
    ck_assert_double_ge(layout.panels_top,
                        layout.lanes_top + (double)lanes * layout.lane_height);
    ck_assert_double_ge(plot_layout_panel(&layout, 0),
                        layout.panels_top + layout.title_height);
    double bottom =
        plot_layout_panel(&layout, panels - 1) + layout.panel_height;
    ck_assert_double_le(bottom, layout.axis_top);
    ck_assert_double_ge(layout.notes_top, layout.axis_top + 36);
    ck_assert_double_le(layout.axis_top + 36, layout.height);
    if (layout.notes_height > 0)
      ck_assert_double_le(layout.notes_top + layout.notes_height,
                          layout.height);
    if (height == 0)
      ck_assert_double_ge(layout.notes_height + 0.5, notes);
  }
}
END_TEST

/* --- time ----------------------------------------------------------------- */

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

/* Random ranges of 10 s to 60 years. */
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

SUITE(plot_scale) {
  TCase *axis = tcase_create("axes"), *tick = tcase_create("ticks");
  Suite *suite = suite_create("plot_scale");

  tcase_add_test(axis, axis_holds_all_values_between_round_ticks);
  tcase_add_loop_test(axis, numbers_are_short, 0, COUNT(axes));
  tcase_add_loop_test(axis, powers_of_ten_are_short_too, 0, COUNT(log_axes));
  tcase_add_test(axis, logarithmic_axis_holds_all_values_in_order);
  tcase_add_test(axis, below_the_first_power_of_ten_the_axis_is_even);
  tcase_add_test(axis, unit_is_the_types);
  tcase_add_test(axis, parts_do_not_overlap_and_fit_the_height);
  tcase_add_loop_test(
      tick, ticks_are_within_in_order_and_as_many_as_there_is_room_for, 0,
      COUNT(zones));
  tcase_add_test(tick, hours_are_full_where_the_zone_is_half_an_hour_off);
  tcase_add_test(tick, no_two_ticks_are_close_where_the_clock_is_set);
  tcase_add_test(tick, the_hour_that_comes_twice_has_ticks_twice);
  tcase_add_test(tick, a_new_day_is_named_once);
  tcase_add_test(tick, days_months_and_years_are_the_calendars);
  tcase_add_test(tick, weeks_begin_on_mondays);
  suite_add_tcase(suite, axis);
  suite_add_tcase(suite, tick);
  return suite;
}
