/* series: what becomes of values: counters and increments, gaps and clocks. */
#include "clock_steps.h"
#include "scenes/suite.h"
#include "series_feed.h"

#include <math.h>
#include <stdlib.h>

static int count_to(int64_t counter) {
  next.kind = SERIES_COUNTER;
  next.counter = counter;
  return step();
}

START_TEST(a_counter_is_judged_as_a_rate) {
  ck_assert_int_eq(count_to(1000), -ENODATA);
  ck_assert_int_eq(count_to(1500), 0);
  ck_assert_double_eq(got.finding.observed, 50);
  next.time_s += 10; /* one was missed: over twenty seconds */
  ck_assert_int_eq(count_to(1600), 0);
  ck_assert_double_eq(got.finding.observed, 5);
}
END_TEST

START_TEST(a_counter_that_went_back_has_no_rate_once) {
  count_to(1000);
  count_to(1500);
  ck_assert_int_eq(count_to(3), -ENODATA);
  ck_assert_int_eq(count_to(13), 0);
  ck_assert_double_eq(got.finding.observed, 1);
}
END_TEST

START_TEST(over_a_gap_a_counter_has_no_rate) {
  count_to(1000);
  count_to(1500);
  next.time_s += 60;
  ck_assert_int_eq(count_to(90000), -ENODATA);
  ck_assert_int_eq(count_to(90010), 0);
  ck_assert_double_eq(got.finding.observed, 1);
}
END_TEST

START_TEST(the_largest_counters_do_not_overflow) {
  count_to(0);
  ck_assert_int_eq(count_to(INT64_MAX), 0);
  ck_assert_double_eq(got.finding.observed, (double)INT64_MAX / 10);
  ck_assert_int_eq(count_to(INT64_MIN), -ENODATA);
  ck_assert_int_eq(count_to(INT64_MAX), -ENODATA);
}
END_TEST

START_TEST(an_increment_is_a_rate_by_itself) {
  next.kind = SERIES_INCREMENT;
  ck_assert_int_eq(put(50), 0);
  ck_assert_double_eq(got.finding.observed, 5);
  ck_assert_int_eq(put(20), 0);
  ck_assert_double_eq(got.finding.observed, 2);
}
END_TEST

static const double no_value[] = {NAN, INFINITY, -INFINITY, 1e31, -1e300};
enum { NO_VALUES = sizeof(no_value) / sizeof(no_value[0]) };

START_TEST(what_is_no_number_is_not_judged) {
  put(1);
  struct habit before = memory_of(0)->habit;
  ck_assert_int_eq(put(no_value[_i]), -ENODATA);
  ck_assert_mem_eq(&before, &memory_of(0)->habit, sizeof(before));
  ck_assert_int_eq(put(1), 0);
}
END_TEST

static const struct {
  double time_s, interval_s;
} no_time[] = {{NAN, 10},     {0, 10},  {-1, 10}, {INFINITY, 10}, {1, 0},
               {1, INFINITY}, {1, -10}, {1, NAN}, {1e300, 10},    {1, 1e300}};

START_TEST(without_a_time_or_an_interval_nothing_is_judged) {
  next.time_s = no_time[_i].time_s;
  next.interval_s = no_time[_i].interval_s;
  ck_assert_int_eq(put(1), -ENODATA);
  ck_assert_uint_eq(series_count(series), 0);
}
END_TEST

START_TEST(a_name_with_control_characters_is_never_judged) {
  name.host = "h\n";
  ck_assert_int_eq(put(1), -EILSEQ);
  name.host = "h";
  name.plugin_instance = "i\x1b[2J";
  ck_assert_int_eq(put(1), -EILSEQ);
  name.plugin_instance = "";
  name.type_instance = "j\xc2\x9b";
  ck_assert_int_eq(put(1), -EILSEQ);
  ck_assert_uint_eq(series_count(series), 0);
  name.type_instance = "two words, h\xc3\xb6st";
  ck_assert_int_eq(put(1), 0);
}
END_TEST

START_TEST(a_value_twice_or_late_counts_once) {
  put(1);
  put(1);
  next.time_s -= 10;
  ck_assert_int_eq(put(1e6), -ESTALE);
  next.time_s -= 25;
  ck_assert_int_eq(put(1e6), -ESTALE);
  ck_assert_double_eq(memory_of(0)->habit.levels.usual, 1);
  ck_assert_float_eq(memory_of(0)->habit.levels.values, 2);
}
END_TEST

START_TEST(a_clock_set_back_is_followed) {
  run(DAY_S);
  next.time_s -= 7200;
  ck_assert_int_eq(put(100), 0);
  ck_assert_int_eq(put(100), 0);
  next.time_s += 20 * 3600;
  ck_assert_int_eq(put(100), 0);
  run(HOUR_S);
  assert_changes(0, 0);
}
END_TEST

START_TEST(sources_of_one_value_are_series_of_their_own) {
  name.data_source = "rx";
  put(1);
  name.data_source = "tx";
  next.time_s = START_S;
  put(2);
  ck_assert_str_eq(got.identifier, "h/p/gauge-x:tx");
  ck_assert_uint_eq(series_count(series), 2);
}
END_TEST

SUITE(series_values) {
  Suite *suite = suite_create("series_values");
  TCase *tcase = tcase_create("series_values");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, a_counter_is_judged_as_a_rate);
  tcase_add_test(tcase, a_counter_that_went_back_has_no_rate_once);
  tcase_add_test(tcase, over_a_gap_a_counter_has_no_rate);
  tcase_add_test(tcase, the_largest_counters_do_not_overflow);
  tcase_add_test(tcase, an_increment_is_a_rate_by_itself);
  tcase_add_loop_test(tcase, what_is_no_number_is_not_judged, 0, NO_VALUES);
  tcase_add_loop_test(tcase, without_a_time_or_an_interval_nothing_is_judged, 0,
                      (int)(sizeof(no_time) / sizeof(no_time[0])));
  tcase_add_test(tcase, a_name_with_control_characters_is_never_judged);
  tcase_add_test(tcase, a_value_twice_or_late_counts_once);
  tcase_add_test(tcase, a_clock_set_back_is_followed);
  tcase_add_test(tcase, sources_of_one_value_are_series_of_their_own);
  suite_add_tcase(suite, tcase);
  return suite;
}

/* series: clocks that are set by an hour or a year, forward or back, the
 * sender's, the receiver's or both: the step raises, closes and forgets
 * nothing. */

static double receiver_s; /* how far its clock was set */
static bool ticks_first;

static void tick(double after_s) {
  struct series_judgement closed;
  series_wake(series, next.time_s + receiver_s + after_s);
  while (series_next(series, &closed))
    changes[closed.finding.change]++;
}

/* One value, with a tick behind it or in front. */
static void put_one(double value) {
  if (ticks_first)
    tick(-1);
  next.gauge = value;
  next.now_s = next.time_s + receiver_s;
  if (series_put(series, watch, &name, &next, &got) == 0)
    changes[got.finding.change]++;
  if (!ticks_first)
    tick(1);
  next.time_s += next.interval_s;
}

static void put_many(int times, double value) {
  for (int i = 0; i < times; i++)
    put_one(value + i % 5);
}

static void set_clocks(int i) {
  const struct step *step = &steps[i % STEPS];
  next.time_s += step->sender_s;
  receiver_s = step->receiver_s - step->sender_s;
}

static void begin(int i) {
  receiver_s = 0;
  ticks_first = i >= STEPS;
  put_many(2000, 100);
  assert_changes(0, 0);
}

START_TEST(in_the_calm_a_step_says_nothing_and_learning_goes_on) {
  begin(_i);
  float learnt = memory_of(0)->habit.levels.values;
  set_clocks(_i);
  put_many(200, 100);
  assert_changes(0, 0);
  ck_assert_uint_eq(series_count(series), 1);
  ck_assert_float_ge(memory_of(0)->habit.levels.values, learnt + 190);
  put_many(20, 900);
  put_many(1200, 100);
  assert_changes(1, 1);
}
END_TEST

START_TEST(an_open_incident_goes_on_over_a_step_and_ends_once) {
  begin(_i);
  put_many(20, 900);
  assert_changes(1, 0);
  set_clocks(_i);
  put_many(20, 900);
  assert_changes(1, 0);
  put_many(1200, 100);
  assert_changes(1, 1);
}
END_TEST

START_TEST(a_series_silent_soon_after_a_step_is_closed_in_time) {
  begin(_i);
  put_many(20, 900);
  set_clocks(_i);
  put_one(900);
  int silent_ticks = (int)(rules.silent_after_s / 10), n = 0;
  for (; n < silent_ticks - 3; n++)
    tick(10 * n);
  assert_changes(1, 0);
  for (; n < silent_ticks + 30; n++)
    tick(10 * n);
  ck_assert_int_eq(changes[INCIDENT_SILENT], 1);
  ck_assert_uint_eq(series_count(series), 1);
}
END_TEST

SUITE(series_steps) {
  Suite *suite = suite_create("series_steps");
  TCase *tests = tcase_create("steps");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_loop_test(
      tests, in_the_calm_a_step_says_nothing_and_learning_goes_on, 0, CASES);
  tcase_add_loop_test(tests, an_open_incident_goes_on_over_a_step_and_ends_once,
                      0, CASES);
  tcase_add_loop_test(
      tests, a_series_silent_soon_after_a_step_is_closed_in_time, 0, CASES);
  suite_add_tcase(suite, tests);
  return suite;
}

/* series: on stationary noise of 30 days nothing is raised; a step in it is
 * one incident. Seeded; one value a minute. */

enum { SEEDS = 2 };

/* Noise whose waves last tau_s seconds; deviation 1. */
static double wave;
static double next_wave(double tau_s) {
  double keep = exp(-next.interval_s / tau_s);
  wave = keep * wave + sqrt(1 - keep * keep) * random_normal(&random_);
  return wave;
}

static double course_of_day(void) {
  return 200 - 150 * cos(6.283185307179586 * fmod(next.time_s, DAY_S) /
                         (double)DAY_S);
}

static double few(void) { return random_count(&random_, 3); }
static double many(void) { return random_count(&random_, 400); }
static double white(void) { return 100 + 10 * random_normal(&random_); }
static double about_zero(void) { return random_normal(&random_); }
static double short_waves(void) { return 100 + 10 * next_wave(120); }
static double waves(void) { return 100 + 10 * next_wave(600); }
static double long_waves(void) { return 100 + 10 * next_wave(3600); }
static double a_day(void) {
  return course_of_day() + 10 * random_normal(&random_);
}
static double a_day_of_waves(void) {
  return course_of_day() + 10 * next_wave(600);
}
static double crowds(void) { return random_count(&random_, course_of_day()); }
static double constant(void) { return 42; }

static const struct {
  double (*draw)(void);
  const char *type;
} noises[] = {
    {few, "users"},
    {many, "users"},
    {white, "gauge"},
    {about_zero, "gauge"},
    {short_waves, "gauge"},
    {waves, "gauge"},
    {long_waves, "gauge"},
    {a_day, "gauge"},
    {a_day_of_waves, "gauge"},
    {crowds, "tcp_connections"},
    {constant, "gauge"},
};
enum { NOISES = sizeof(noises) / sizeof(noises[0]) };

static void begin_noise(int i) {
  random_.state = (uint64_t)i;
  wave = 0;
  name.type = noises[i / SEEDS].type;
  next.interval_s = 60;
}

static void run_noise(int i, double add, double seconds) {
  for (double end_s = next.time_s + seconds; next.time_s < end_s;)
    put(noises[i / SEEDS].draw() + add);
}

/* FalseAlarms 1: by chance some have one, and some two. */
START_TEST(thirty_days_of_noise_raise_about_one_alarm) {
  int raised = 0;
  for (int seed = 0; seed < 4; seed++) {
    teardown();
    setup();
    begin_noise(_i * SEEDS);
    random_.state = 100 * (uint64_t)_i + (uint64_t)seed;
    run_noise(_i * SEEDS, 0, 30.0 * (double)DAY_S);
    raised += changes[INCIDENT_RAISED];
    ck_assert_int_le(changes[INCIDENT_RAISED], 4);
  }
  ck_assert_int_le(raised, 10);
}
END_TEST

START_TEST(a_step_in_noise_is_one_incident) {
  begin_noise(_i);
  run_noise(_i, 0, 8.0 * (double)DAY_S);
  int before = changes[INCIDENT_RAISED];
  run_noise(_i, 300, HOUR_S);
  ck_assert_int_eq(changes[INCIDENT_RAISED], before + 1);
  run_noise(_i, 0, 6.0 * (double)HOUR_S);
  ck_assert_int_eq(changes[INCIDENT_RAISED], before + 1);
  ck_assert_int_eq(changes[INCIDENT_CLEARED] + changes[INCIDENT_ADOPTED],
                   before + 1);
}
END_TEST

/* Before the course of the day is known it is followed: a step stands out. */
START_TEST(in_the_first_days_of_a_steep_course_only_a_step_is_raised) {
  next.interval_s = 60;
  while (next.time_s < START_S + (1 + _i) * DAY_S + 12 * HOUR_S)
    put(course_of_day() + 2 * random_normal(&random_));
  assert_changes(0, 0);
  for (int i = 0; i < 10; i++)
    put(course_of_day() + 150);
  assert_changes(1, 0);
}
END_TEST

START_TEST(the_peak_of_the_day_is_none_and_its_height_at_night_is_one) {
  begin_noise(7 * SEEDS); /* a_day */
  run_noise(7 * SEEDS, 0, 10.0 * (double)DAY_S);
  assert_changes(0, 0);
  run_noise(7 * SEEDS, 150, 1200); /* half past midnight: 200, as at six */
  assert_changes(1, 0);
}
END_TEST

SUITE(series_noise) {
  Suite *suite = suite_create("series_noise");
  TCase *tcase = tcase_create("series_noise");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_loop_test(tcase, thirty_days_of_noise_raise_about_one_alarm, 0,
                      NOISES);
  tcase_add_loop_test(tcase, a_step_in_noise_is_one_incident, 0,
                      NOISES * SEEDS);
  tcase_add_loop_test(
      tcase, in_the_first_days_of_a_steep_course_only_a_step_is_raised, 0, 3);
  tcase_add_test(tcase,
                 the_peak_of_the_day_is_none_and_its_height_at_night_is_one);
  suite_add_tcase(suite, tcase);
  return suite;
}
