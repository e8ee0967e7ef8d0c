/* series: on stationary noise of 30 days nothing is raised; a step in it is
 * one incident. Seeded; one value a minute. */
#include "scenes/series_feed.h"
#include "scenes/suite.h"

#include <math.h>
#include <stdlib.h>

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

static void begin(int i) {
  random_.state = (uint64_t)i;
  wave = 0;
  name.type = noises[i / SEEDS].type;
  next.interval_s = 60;
}

static void run_noise(int i, double add, double seconds) {
  for (double end_s = next.time_s + seconds; next.time_s < end_s;)
    put(noises[i / SEEDS].draw() + add);
}

START_TEST(thirty_days_of_noise_raise_nothing) {
  begin(_i);
  run_noise(_i, 0, 30.0 * (double)DAY_S);
  assert_changes(0, 0);
}
END_TEST

START_TEST(a_step_in_noise_is_one_incident) {
  begin(_i);
  run_noise(_i, 0, 8.0 * (double)DAY_S);
  run_noise(_i, 300, HOUR_S);
  assert_changes(1, 0);
  run_noise(_i, 0, 2.0 * (double)DAY_S);
  assert_changes(1, 1);
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
  begin(7 * SEEDS); /* a_day */
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
  tcase_add_loop_test(tcase, thirty_days_of_noise_raise_nothing, 0,
                      NOISES * SEEDS);
  tcase_add_loop_test(tcase, a_step_in_noise_is_one_incident, 0,
                      NOISES * SEEDS);
  tcase_add_loop_test(
      tcase, in_the_first_days_of_a_steep_course_only_a_step_is_raised, 0, 3);
  tcase_add_test(tcase,
                 the_peak_of_the_day_is_none_and_its_height_at_night_is_one);
  suite_add_tcase(suite, tcase);
  return suite;
}
