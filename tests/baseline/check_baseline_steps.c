/* The plugin baseline on a host whose clock is set by an hour or a year,
 * forward or back: the values' time and the daemon's go together, ticks and
 * saves go on between them, or the daemon is started anew. */
#include "fleet.h"
#include "scenes/suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FLOOD_FROM = 60, FLOOD_TO = 75, END = 120 };
static const double year_s = 31557600;

static struct fleet fleet;
static unsigned wrong; /* values without a number, or of a negative time */

static void look(const value_list_t *vl) {
  bool is_time = strcmp(vl->type, "duration") == 0;
  double number = vl->values[0].gauge;
  wrong += isfinite(number) && (!is_time || number >= 0) ? 0 : 1;
}

/* When it is set by how much; whether the daemon is started anew then. */
static const struct step {
  int reading;
  double by_s;
  bool restart;
} steps[] = {
    {40, 3600, false},      {40, -3600, false},     {40, 31557600, false},
    {40, -31557600, false}, {66, 3600, false},      {66, -3600, false},
    {66, 31557600, false},  {66, -31557600, false}, {90, 3600, false},
    {90, -3600, false},     {90, 31557600, false},  {90, -31557600, false},
    {40, 3600, true},       {40, -3600, true},      {40, -31557600, true},
    {66, 3600, true},       {66, -3600, true},      {66, -31557600, true},
};
enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

static void setup(void) {
  scene_setup();
  fleet = (struct fleet){
      .hosts = 1, .load = {0, 1, FLOOD_FROM, FLOOD_TO, FLEET_INTERVAL_S}};
  wrong = 0;
  fake_clock_set(fleet_time_s(0));
  fake_on_values(look);
}

/* One reading by a clock that is so far off, the tick before or after it. */
static void read_at(int n, double off_s, bool tick_first) {
  fake_clock_set(fleet_time_s(n) + off_s);
  if (tick_first)
    scene_tick();
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    struct scene_value value = fleet_value(&fleet, 0, (enum signal)i, n);
    value.host = "host-0";
    value.time_s += off_s;
    scene_write(&value);
  }
  if (!tick_first)
    scene_tick();
}

static void run(const struct step *step, bool tick_first) {
  double off_s = 0;
  scene_start();
  for (int n = 0; n < END; n++) {
    if (n == step->reading) {
      off_s = step->by_s;
      if (step->restart) {
        scene_stop();
        fake_clock_set(fleet_time_s(n) + off_s);
        scene_start();
      }
    }
    read_at(n, off_s, tick_first);
    if (n % 20 == 0)
      ck_assert_int_eq(fake_callbacks()->flush(0, NULL, NULL), 0);
  }
  scene_stop();
}

static void expect_one_flood(void) {
  ck_assert_uint_eq(fake_count("host-0", "syn_flood", NOTIF_WARNING), 1);
  ck_assert_uint_eq(fake_count("host-0", "syn_flood", NOTIF_FAILURE), 1);
  ck_assert_uint_eq(fake_count("host-0", "syn_flood", NOTIF_OKAY), 1);
  ck_assert_uint_eq(fake_notified(), 3);
  ck_assert_uint_eq(wrong, 0);
  ck_assert_uint_eq(fake_log_count("<3>"), 0);
  ck_assert_uint_le(fake_log_count("<4>"),
                    1); /* late values: a clock set back */
}

START_TEST(a_step_raises_nothing_and_a_flood_is_one) {
  run(&steps[_i / 2], _i % 2);
  expect_one_flood();
  struct fake_notification end = fake_notification(2);
  ck_assert_int_eq(end.is.severity, NOTIF_OKAY);
  ck_assert_ptr_nonnull(strstr(end.is.message, "syn_flood over"));
}
END_TEST

START_TEST(started_by_a_clock_a_year_ahead_it_keeps_what_it_cannot_use) {
  char aside[128];
  snprintf(aside, sizeof(aside), "%s/state.bad", scene_folder);
  run(&(struct step){40, year_s, true}, false);
  ck_assert_uint_eq(fake_log_count("older than MaxAge by this clock"), 1);
  ck_assert_int_eq(access(aside, F_OK), 0);
  ck_assert_uint_eq(fake_count("host-0", "syn_flood", NOTIF_WARNING), 1);
  ck_assert_uint_eq(fake_count("host-0", "syn_flood", NOTIF_OKAY), 1);
}
END_TEST

START_TEST(a_clock_that_is_set_again_and_again_raises_nothing) {
  fleet.load.flood_hosts = 0;
  scene_start();
  for (int n = 0; n < 400; n++)
    read_at(n, n % 40 < 20 ? 0 : (n % 80 < 40 ? 1 : -1) * (_i ? year_s : 3600),
            n % 3 == 0);
  scene_stop();
  ck_assert_uint_eq(fake_notified(), 0);
  ck_assert_uint_eq(wrong, 0);
}
END_TEST

SUITE(baseline_steps) {
  Suite *suite = suite_create("baseline_steps");
  TCase *tcase = tcase_create("baseline_steps");

  tcase_add_checked_fixture(tcase, setup, scene_teardown);
  tcase_set_timeout(tcase, 20);
  tcase_add_loop_test(tcase, a_step_raises_nothing_and_a_flood_is_one, 0,
                      2 * STEPS);
  tcase_add_test(tcase,
                 started_by_a_clock_a_year_ahead_it_keeps_what_it_cannot_use);
  tcase_add_loop_test(tcase, a_clock_that_is_set_again_and_again_raises_nothing,
                      0, 2);
  suite_add_tcase(suite, tcase);
  return suite;
}
