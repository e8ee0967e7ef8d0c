/* series: clocks that are set by an hour or a year, forward or back, the
 * sender's, the receiver's or both: the step raises, closes and forgets
 * nothing. */
#include "scenes/clock_steps.h"
#include "scenes/series_feed.h"
#include "scenes/suite.h"

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
  put_many(200, 100);
  assert_changes(0, 0);
}

START_TEST(in_the_calm_a_step_says_nothing_and_learning_goes_on) {
  begin(_i);
  double learnt = memory_of(0)->baseline.learnt;
  set_clocks(_i);
  put_many(200, 100);
  assert_changes(0, 0);
  ck_assert_uint_eq(series_count(series), 1);
  ck_assert_double_ge(memory_of(0)->baseline.learnt, learnt + 190);
  put_many(20, 900);
  put_many(60, 100);
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
  put_many(60, 100);
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
