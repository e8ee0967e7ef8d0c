/* series_maker: every kind is what its row and its seed say. */
#include "scenes/suite.h"
#include "series_maker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double day_s = 86400;

static const struct kind *kind_named(const char *name) {
  for (size_t i = 0; kind_at(i); i++)
    if (strcmp(kind_at(i)->name, name) == 0)
      return kind_at(i);
  ck_abort_msg("no kind is called %s", name);
  return NULL;
}

static int kinds_len(void) {
  int len = 0;

  while (kind_at((size_t)len))
    len++;
  return len;
}

/* --- every kind ------------------------------------------------------------
 */

static bool is_same(const struct made_series *a, const struct made_series *b) {
  if (a->len != b->len || a->windows_len != b->windows_len)
    return false;
  for (size_t i = 0; i < a->len; i++)
    if (a->values[i].time_s != b->values[i].time_s ||
        memcmp(&a->values[i].value, &b->values[i].value, sizeof(double)) != 0)
      return false;
  return memcmp(a->windows, b->windows,
                a->windows_len * sizeof(a->windows[0])) == 0;
}

/* A constant differs by its level. */
START_TEST(a_seed_makes_the_same_series_and_another_seed_another) {
  const struct kind *kind = kind_at((size_t)_i);
  struct made_series first, again, other;

  if (kind->interval_s < 60)
    return; /* long */
  ck_assert_int_eq(series_make(kind, 7, true, &first), 0);
  ck_assert_int_eq(series_make(kind, 7, true, &again), 0);
  ck_assert_int_eq(series_make(kind, 8, true, &other), 0);
  ck_assert_msg(is_same(&first, &again), "%s", kind->name);
  ck_assert_msg(!is_same(&first, &other), "%s", kind->name);
  series_free(&first);
  series_free(&again);
  series_free(&other);
}
END_TEST

START_TEST(names_and_times_are_sound) {
  const struct kind *kind = kind_at((size_t)_i);
  struct made_series series;

  for (size_t i = 0; i < (size_t)_i; i++)
    ck_assert_str_ne(kind_at(i)->name, kind->name);
  ck_assert_double_ge(kind->days, kind_known_days(kind) + 2.9);
  if (kind->interval_s < 60)
    return;
  ck_assert_int_eq(series_make(kind, 3, false, &series), 0);
  ck_assert_int_eq(series.event, 0);
  ck_assert_int_gt((int)series.len, 0);
  for (size_t i = 0; i < series.len; i++) {
    ck_assert(series.values[i].time_s >= series.begin_s);
    ck_assert(series.values[i].time_s < series.end_s);
    ck_assert(i == 0 || series.values[i].time_s > series.values[i - 1].time_s);
    ck_assert(isfinite(series.values[i].value) || kind->trouble == TROUBLE_NAN);
  }
  series_free(&series);
}
END_TEST

START_TEST(the_event_lies_within_the_series_and_after_it_is_known) {
  const struct kind *kind = kind_at((size_t)_i);
  struct made_series series;

  for (uint64_t seed = 0; kind->interval_s >= 300 && seed < 8; seed++) {
    ck_assert_int_eq(series_make(kind, seed, true, &series), 0);
    ck_assert_int_eq(series.event != 0, kind->events != 0);
    ck_assert_int_eq((unsigned)series.event & ~kind->events, 0);
    const struct window *window = NULL;
    for (size_t i = 0; i < series.windows_len && series.event; i++)
      if (series.windows[i].what == WINDOW_EVENT && !window)
        window = &series.windows[i];
    ck_assert(!series.event == !window);
    if (window) {
      ck_assert_double_ge(window->begin_s,
                          series.begin_s + (kind_known_days(kind) + 1) * day_s);
      ck_assert_double_gt(window->end_s, window->begin_s);
      ck_assert_double_le(window->end_s, series.end_s - day_s);
    }
    series_free(&series);
  }
}
END_TEST

/* Outside its windows an event changes nothing, but what stays for good. */
START_TEST(with_and_without_the_event_are_the_same_series) {
  const struct kind *kind = kind_at((size_t)_i);
  struct made_series with, without;

  if (kind->interval_s < 300 || kind->noise == NOISE_POISSON ||
      kind->course != COURSE_FLAT)
    return; /* the draws of a count depend on its mean */
  ck_assert_int_eq(series_make(kind, 5, true, &with), 0);
  ck_assert_int_eq(series_make(kind, 5, false, &without), 0);
  ck_assert_int_le((int)with.len, (int)without.len);
  for (size_t i = 0; i < with.len; i++) {
    double time_s = with.values[i].time_s;
    ck_assert_double_eq(time_s, without.values[i].time_s);
    if (series_window_at(&with, WINDOW_EVENT, time_s))
      break; /* after it the jobs may have drawn fewer numbers */
    ck_assert(memcmp(&with.values[i].value, &without.values[i].value,
                     sizeof(double)) == 0);
  }
  series_free(&with);
  series_free(&without);
}
END_TEST

/* --- habits ----------------------------------------------------------------
 */

/* Seconds of the local day at which the job begins, in each day. */
static void assert_job_keeps_its_time(uint64_t seed) {
  const struct kind *kind = kind_named("nightly job, clock change");
  struct made_series series;
  struct load load;
  double begin_s, end_s, change_s = calendar_change_s(2026, seed % 2 == 0);

  load_init(&load, kind->load, kind->zone, seed, day_s, 3600, 5 * 3600);
  for (double at_s = change_s - 5 * day_s; at_s < change_s + 5 * day_s;
       at_s = end_s) {
    load_next(&load, at_s, &begin_s, &end_s);
    ck_assert_double_ge(begin_s, at_s);
    struct calendar begin = calendar_at(kind->zone, begin_s);
    ck_assert_double_ge(begin.day_s, 5 * 3600);
    ck_assert_double_le(begin.day_s, 5 * 3600 + 120);
    ck_assert_double_gt(load_at(&load, begin_s + 1), 0);
    ck_assert_double_eq(load_at(&load, begin_s - 1), 0);
    ck_assert_double_eq(load_at(&load, end_s + 1), 0);
  }
  ck_assert_int_eq(series_make(kind, seed, false, &series), 0);
  const struct window *special =
      series_window_at(&series, WINDOW_SPECIAL, change_s);
  ck_assert_ptr_nonnull(special);
  ck_assert_double_eq(calendar_at(kind->zone, special->begin_s).day_s, 0);
  series_free(&series);
}

START_TEST(a_job_keeps_its_local_time_through_a_clock_change) {
  assert_job_keeps_its_time((uint64_t)_i);
}
END_TEST

static double load_at_noon(struct load *load, enum calendar_zone zone,
                           int64_t day) {
  double noon_s = (double)day * day_s + 43200;

  return load_at(load, noon_s - calendar_zone_s(zone, noon_s) - 1800);
}

START_TEST(offices_are_empty_on_the_weekend_of_their_zone_and_on_a_holiday) {
  enum calendar_zone zone = _i ? CALENDAR_RIYADH : CALENDAR_BERLIN;
  struct load load;
  int64_t monday = 1767571200 / 86400;

  load_init(&load, LOAD_OFFICE, zone, 1, 0, 0, 0);
  load.holiday = monday + 15; /* a Tuesday */
  load.holiday_days = 2;
  for (int64_t day = monday; day < monday + 28; day++) {
    bool off = calendar_is_weekend(zone, (int)((day - monday) % 7)) ||
               day == load.holiday || day == load.holiday + 1;
    ck_assert_int_eq(load_at_noon(&load, zone, day) < 0.2, off);
    ck_assert_int_eq(load_at_noon(&load, zone, day) > 0.7, !off);
  }
}
END_TEST

START_TEST(a_weekly_job_is_labelled_from_the_third_week_on) {
  const struct kind *kind = kind_named("weekly job 1 h");
  struct made_series series;
  int labels = 0;

  ck_assert_int_eq(series_make(kind, 2, false, &series), 0);
  for (size_t i = 0; i < series.windows_len; i++) {
    const struct window *window = &series.windows[i];
    ck_assert_int_eq(window->what, WINDOW_HABIT);
    ck_assert_double_ge(window->begin_s, series.begin_s + 14 * day_s);
    ck_assert_double_le(window->end_s - window->begin_s, 2.5 * 3600);
    labels++;
  }
  ck_assert_int_ge(labels, 5);
  ck_assert_int_le(labels, 7);
  series_free(&series);
}
END_TEST

/* --- events and troubles ----------------------------------------------------
 */

static double mean_in(const struct made_series *series,
                      const struct window *window) {
  double sum = 0;
  int len = 0;

  for (size_t i = 0; i < series->len; i++)
    if (series->values[i].time_s >= window->begin_s &&
        series->values[i].time_s < window->end_s) {
      sum += series->values[i].value;
      len++;
    }
  return sum / len;
}

START_TEST(an_event_changes_the_values_in_its_window) {
  const struct kind *kind = kind_named("Gaussian 300 s");
  struct made_series with, without;

  for (uint64_t seed = 0; seed < 12; seed++) {
    ck_assert_int_eq(series_make(kind, seed, true, &with), 0);
    ck_assert_int_eq(series_make(kind, seed, false, &without), 0);
    double is = mean_in(&with, &with.windows[0]);
    double was = mean_in(&without, &with.windows[0]);
    if (with.event == EVENT_DEAD)
      ck_assert_double_eq(is, 0);
    else
      ck_assert_int_eq(is > was, with.event == EVENT_SHIFT);
    ck_assert_double_gt(fabs(is - was), 0.05 * was);
    series_free(&with);
    series_free(&without);
  }
}
END_TEST

START_TEST(gaps_are_of_hours_and_of_days) {
  struct made_series series;
  double longest_s = 0;
  int gaps = 0;

  ck_assert_int_eq(series_make(kind_named("gaps"), 1, false, &series), 0);
  for (size_t i = 1; i < series.len; i++) {
    double passed_s = series.values[i].time_s - series.values[i - 1].time_s;
    gaps += passed_s > 300;
    longest_s = fmax(longest_s, passed_s);
  }
  ck_assert_int_ge(gaps, 6);
  ck_assert_double_ge(longest_s, 14 * day_s);
  series_free(&series);
}
END_TEST

START_TEST(a_counter_rises_and_begins_anew_once_a_week) {
  struct made_series series;
  int resets = 0;

  ck_assert_int_eq(
      series_make(kind_named("counter that resets"), 1, false, &series), 0);
  for (size_t i = 1; i < series.len; i++) {
    double step = series.values[i].value - series.values[i - 1].value;
    ck_assert_double_eq(floor(series.values[i].value), series.values[i].value);
    resets += step < 0;
  }
  ck_assert_int_ge(resets, 5);
  ck_assert_int_le(resets, 7);
  series_free(&series);
}
END_TEST

SUITE(series_maker) {
  Suite *suite = suite_create("series_maker");
  TCase *tests = tcase_create("kinds");
  tcase_add_loop_test(tests,
                      a_seed_makes_the_same_series_and_another_seed_another, 0,
                      kinds_len());
  tcase_add_loop_test(tests, names_and_times_are_sound, 0, kinds_len());
  tcase_add_loop_test(tests,
                      the_event_lies_within_the_series_and_after_it_is_known, 0,
                      kinds_len());
  tcase_add_loop_test(tests, with_and_without_the_event_are_the_same_series, 0,
                      kinds_len());
  suite_add_tcase(suite, tests);
  tests = tcase_create("habits");
  tcase_add_loop_test(tests, a_job_keeps_its_local_time_through_a_clock_change,
                      0, 4);
  tcase_add_loop_test(
      tests, offices_are_empty_on_the_weekend_of_their_zone_and_on_a_holiday, 0,
      2);
  tcase_add_test(tests, a_weekly_job_is_labelled_from_the_third_week_on);
  suite_add_tcase(suite, tests);
  tests = tcase_create("events");
  tcase_add_test(tests, an_event_changes_the_values_in_its_window);
  tcase_add_test(tests, gaps_are_of_hours_and_of_days);
  tcase_add_test(tests, a_counter_rises_and_begins_anew_once_a_week);
  suite_add_tcase(suite, tests);
  return suite;
}
