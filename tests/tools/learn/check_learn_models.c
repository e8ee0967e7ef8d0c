/* What learn hands to a daemon that begins: what was learnt, and nothing of
 * what was going on. */
#include "learn/learn_models.h"

#include "scenes/random_load.h"
#include "scenes/suite.h"

#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400, LIVE_S = 10 };
static const uint32_t all_signals = SIGNALS_ALL;
static const double start_s = 1700000000;

static struct random_load dice;
static struct rules rules;
static struct hosts_host host, kept;
static struct judgement judgement;

static void setup(void) {
  dice.state = 1;
  rules_defaults(&rules);
  memset(&host, 0, sizeof(host));
  judge_init(&host.judge);
  judge_init(&host.before.judge);
  strcpy(host.name, "web1");
  host.last.time_s = start_s;
}

/* A reading of 200 established, about 4 half-open, 20 handshakes a second, and
 * a flood of so many half-open ones. rows_s: an average of so long. */
static void read_once(double rows_s, double flood) {
  double averaged = rows_s / (double)LIVE_S;
  struct observation seen = {
      .time_s = host.last.time_s + rows_s,
      .interval_s = rows_s,
      .dt_s = rows_s,
      .gap = !host.last.have,
  };

  for (int i = 0; i < SIGNAL_COUNT; i++)
    seen.value[i] = 0;
  seen.value[SIGNAL_ESTABLISHED] = 200;
  seen.value[SIGNAL_ACTIVE] = 220;
  seen.value[SIGNAL_SYN_RECV] =
      random_count(&dice, 4 * averaged) / averaged + flood;
  seen.value[SIGNAL_AGED] = flood;
  seen.value[SIGNAL_STATE_ENTROPY] =
      0.5 + 0.05 * random_normal(&dice) / sqrt(averaged);
  seen.value[SIGNAL_PASSIVE_OPENS] = seen.value[SIGNAL_ACTIVE_OPENS] = 20;
  judge_observation(&host.judge, &rules, &seen, &judgement);
  host.last.time_s = seen.time_s;
  host.last.interval_s = rows_s;
  host.last.have = all_signals;
  host.seen_s = seen.time_s + 3;
}

static void read_for(double seconds, double rows_s, double flood) {
  for (double s = 0; s < seconds; s += rows_s)
    read_once(rows_s, flood);
}

static void keep(void) {
  learn_keep_host(&host, all_signals, LIVE_S, host.last.time_s + 60, &kept);
}

/* The judgement of the daemon's first reading: half-open and aged. */
static struct judgement first_reading(double half_open, double aged) {
  struct observation seen = {.time_s = host.last.time_s + 600,
                             .interval_s = LIVE_S,
                             .dt_s = LIVE_S,
                             .gap = true};
  struct judgement out;

  for (int i = 0; i < SIGNAL_COUNT; i++)
    seen.value[i] = i >= SIGNAL_FIRST_COUNTER ? NAN : 0;
  seen.value[SIGNAL_ESTABLISHED] = 200;
  seen.value[SIGNAL_SYN_RECV] = half_open;
  seen.value[SIGNAL_AGED] = aged;
  seen.value[SIGNAL_STATE_ENTROPY] = NAN;
  judge_observation(&kept.judge, &rules, &seen, &out);
  return out;
}

START_TEST(a_flood_in_the_first_reading_is_raised_by_its_excess) {
  read_for(DAY_S, LIVE_S, 0);
  keep();
  struct judgement first = first_reading(204, 200);
  ck_assert_int_eq(first.finding[INCIDENT_SYN_FLOOD].change, INCIDENT_RAISED);
  ck_assert_uint_ne(
      first.finding[INCIDENT_SYN_FLOOD].evidence & SYN_FLOOD_EXCESS, 0);
}
END_TEST

START_TEST(what_load_explains_is_no_incident_in_the_first_reading) {
  read_for(DAY_S, LIVE_S, 0);
  keep();
  struct judgement first = first_reading(6, 0);
  for (int i = 0; i < INCIDENT_COUNT; i++)
    ck_assert_int_eq(first.finding[i].change, INCIDENT_UNCHANGED);
  ck_assert_double_gt(first.finding[INCIDENT_SYN_FLOOD].expected, 2);
  ck_assert_double_lt(first.finding[INCIDENT_SYN_FLOOD].expected, 9);
}
END_TEST

START_TEST(an_open_incident_is_left_behind_and_was_not_learnt) {
  read_for(DAY_S, LIVE_S, 0);
  keep();
  struct expectation before = kept.judge.syn_flood.model;
  read_for(3000, LIVE_S, 300);
  ck_assert_int_ne(host.judge.syn_flood.incident.severity, SEVERITY_OKAY);
  keep();
  const struct incident *incident = &kept.judge.syn_flood.incident;
  ck_assert_int_eq(incident->severity, SEVERITY_OKAY);
  ck_assert_uint_eq(incident->votes, 0);
  ck_assert_double_eq(incident->since_s, 0);
  ck_assert_double_eq_tol(kept.judge.syn_flood.model.slow.half_open,
                          before.slow.half_open, 0.2);
  ck_assert_double_eq(kept.judge.syn_flood.model.frozen_s, 0);
  ck_assert_double_eq(kept.judge.syn_flood.model.drift, 0);
  struct judgement first = first_reading(304, 300);
  ck_assert_int_eq(first.finding[INCIDENT_SYN_FLOOD].change, INCIDENT_RAISED);
}
END_TEST

START_TEST(the_mean_of_half_an_hour_begins_anew) {
  read_for(DAY_S, LIVE_S, 0);
  read_for(1800, LIVE_S, 300);
  ck_assert_double_gt(host.judge.syn_flood.model.shadow.half_open, 100);
  keep();
  ck_assert_double_eq(kept.judge.syn_flood.model.shadow_learnt, 0);
  ck_assert_double_eq(kept.judge.state_shift.baseline.shadow_learnt, 0);
}
END_TEST

/* Its counters may be of another boot, its values of another machine. */
START_TEST(the_last_reading_is_left_behind) {
  read_for(DAY_S, LIVE_S, 0);
  keep();
  ck_assert_uint_eq(kept.last.have, 0);
  ck_assert_uint_eq(kept.before.last.have, 0);
  ck_assert_str_eq(kept.name, "web1");
}
END_TEST

START_TEST(its_age_is_that_of_its_values_and_never_in_the_future) {
  read_for(DAY_S, LIVE_S, 0);
  learn_keep_host(&host, all_signals, LIVE_S, host.last.time_s + 60, &kept);
  ck_assert_double_eq(kept.seen_s, host.last.time_s);
  learn_keep_host(&host, all_signals, LIVE_S, host.last.time_s - 60, &kept);
  ck_assert_double_eq(kept.seen_s, host.last.time_s - 60);
}
END_TEST

START_TEST(readings_hand_on_how_much_they_scatter) {
  read_for(DAY_S, LIVE_S, 0);
  keep();
  ck_assert_double_eq(kept.judge.syn_flood.model.overdispersion,
                      host.judge.syn_flood.model.overdispersion);
  ck_assert_double_eq(kept.judge.state_shift.baseline.variance,
                      host.judge.state_shift.baseline.variance);
  ck_assert_double_eq(kept.judge.syn_flood.entropy.learnt,
                      host.judge.syn_flood.entropy.learnt);
}
END_TEST

START_TEST(averages_do_not_make_the_scatter_look_small) {
  rules.incident[INCIDENT_STATE_SHIFT].enable = true;
  read_for(DAY_S, 300, 0);
  struct expectation unlearnt;
  expectation_init(&unlearnt);
  ck_assert_double_lt(host.judge.syn_flood.model.overdispersion,
                      unlearnt.overdispersion);
  ck_assert_double_lt(sqrt(host.judge.state_shift.baseline.variance), 0.02);
  keep();
  ck_assert_double_eq(kept.judge.syn_flood.model.overdispersion,
                      unlearnt.overdispersion);
  ck_assert_double_gt(sqrt(kept.judge.state_shift.baseline.variance), 0.035);
}
END_TEST

START_TEST(the_scatter_assumed_is_soon_corrected_by_readings) {
  rules.incident[INCIDENT_STATE_SHIFT].enable = true;
  read_for(DAY_S, 300, 0);
  double level = host.judge.state_shift.baseline.level;
  host.judge.state_shift.baseline.variance *= 30; /* waves, not noise */
  keep();
  double before = sqrt(kept.judge.state_shift.baseline.variance);
  ck_assert_double_gt(before, 0.2);
  host = kept;
  host.last.time_s = start_s + 2 * DAY_S;
  read_for(6 * 3600, LIVE_S, 0);
  ck_assert_double_lt(sqrt(host.judge.state_shift.baseline.variance),
                      before / 2);
  ck_assert_double_eq_tol(host.judge.state_shift.baseline.level, level, 0.02);
}
END_TEST

START_TEST(the_level_of_averages_is_kept) {
  read_for(DAY_S, 300, 0);
  keep();
  ck_assert_double_eq(kept.judge.syn_flood.model.slow.half_open,
                      host.judge.syn_flood.model.slow.half_open);
  ck_assert_double_eq(kept.judge.syn_flood.model.learnt_s, DAY_S);
  ck_assert_double_eq_tol(kept.judge.syn_flood.model.slow.half_open, 4, 1);
}
END_TEST

/* Else the dwell, half-open by handshakes, comes out hundreds of seconds, and
 * with it what the first handshakes explain. */
START_TEST(without_handshakes_the_model_that_needs_them_begins_anew) {
  static const uint32_t lacking[] = {
      1u << SIGNAL_PASSIVE_OPENS, 1u << SIGNAL_SYN_RECV,
      1u << SIGNAL_ESTABLISHED, 1u << SIGNAL_ACTIVE_OPENS};
  double learnt_s;

  read_for(DAY_S, LIVE_S, 0);
  learn_keep_host(&host, all_signals & ~lacking[_i], LIVE_S,
                  host.last.time_s + 60, &kept);
  bool needed = lacking[_i] != 1u << SIGNAL_ACTIVE_OPENS;
  ck_assert_int_eq(learn_keep_is_warm(&kept, &rules, &learnt_s), !needed);
  ck_assert_double_eq(kept.judge.syn_flood.model.learnt_s, needed ? 0 : DAY_S);
  if (_i == 0 || !needed)
    ck_assert_double_eq(kept.judge.close_wait_leak.model.learnt, 0);
}
END_TEST

START_TEST(warm_is_what_the_plugin_takes_for_it) {
  double learnt_s;

  read_for(rules.warm_up_s - (double)LIVE_S, LIVE_S, 0);
  keep();
  ck_assert(!learn_keep_is_warm(&kept, &rules, &learnt_s));
  ck_assert_double_eq(learnt_s, rules.warm_up_s - (double)LIVE_S);
  read_once(LIVE_S, 0);
  keep();
  ck_assert(learn_keep_is_warm(&kept, &rules, &learnt_s));
  struct judgement first = first_reading(204, 200);
  ck_assert_uint_ne(
      first.finding[INCIDENT_SYN_FLOOD].evidence & SYN_FLOOD_EXCESS, 0);
}
END_TEST

START_TEST(what_was_kept_before_is_kept_as_it_is) {
  read_for(DAY_S, 300, 0);
  keep();
  host = kept;
  keep();
  ck_assert_mem_eq(&kept, &host, sizeof(kept));
}
END_TEST

/* A series of `level` with a course of the day and noise of a tenth of it,
 * averaged over rows_s. */
static const struct habit_settings settings = {.false_alarms = 1,
                                               .weekend = 0x60};

static void learn_series(struct series_memory *memory, double level,
                         double rows_s, double seconds) {
  for (double s = rows_s; s <= seconds; s += rows_s) {
    struct habit_now now;
    double wave = 1 + 0.5 * sin(6.283185307179586 * s / (double)DAY_S);
    struct habit_value value = {
        .value =
            level * wave *
            (1 + 0.1 * random_normal(&dice) / sqrt(rows_s / (double)LIVE_S)),
        .time_s = start_s + s,
        .interval_s = rows_s};
    habit_step(&memory->habit, &settings, &value, &now);
    memory->time_s = start_s + s;
    memory->interval_s = (float)rows_s;
  }
}

START_TEST(a_series_keeps_its_day_and_forgets_its_last_value) {
  struct series_memory memory, out;
  struct habit_now now;

  series_memory_init(&memory);
  memory.counter = 12345;
  memory.incident.severity = SEVERITY_FAILURE;
  memory.habit.is_open = 1;
  learn_series(&memory, 100, 300, 4 * DAY_S);
  learn_keep_series(&memory, LIVE_S, memory.time_s + 5, &out);
  const struct season *season = &out.habit.season;
  ck_assert_mem_eq(season->weekday, memory.habit.season.weekday,
                   sizeof(season->weekday));
  ck_assert_mem_eq(season->weekend, memory.habit.season.weekend,
                   sizeof(season->weekend));
  ck_assert_int_eq(out.incident.severity, SEVERITY_OKAY);
  ck_assert_int_eq(out.habit.is_open, 0);
  ck_assert_double_eq(out.time_s, 0);
  ck_assert_int_eq(out.counter, 0);
  ck_assert_double_eq(out.seen_s, memory.time_s);
  ck_assert_double_eq(out.habit.levels.usual, memory.habit.levels.usual);
  /* Thirty readings in a row: they scatter by its root more. */
  ck_assert_double_eq_tol((double)out.habit.levels.recent_spread,
                          sqrt(30) * (double)memory.habit.levels.recent_spread,
                          1e-3);
  double at_s = start_s + 4 * DAY_S + (double)DAY_S / 4.0; /* the highest */
  struct habit_value highest = {150, at_s, 0, LIVE_S};
  ck_assert(habit_step(&out.habit, &settings, &highest, &now));
  ck_assert_double_eq_tol(now.hull.expected, 150, 8);
  ck_assert_float_eq(now.rarity, 0); /* nothing is rare at first */
}
END_TEST

/* Rows that are the readings: their tails are known, too. */
START_TEST(a_series_of_readings_is_kept_as_it_is) {
  struct series_memory memory, out;

  series_memory_init(&memory);
  learn_series(&memory, 100, LIVE_S, DAY_S);
  learn_keep_series(&memory, LIVE_S, memory.time_s + 5, &out);
  ck_assert_mem_eq(&out.habit.tail, &memory.habit.tail, sizeof(out.habit.tail));
  ck_assert_float_eq(out.habit.levels.blocks, memory.habit.levels.blocks);
  ck_assert(learn_keep_series_is_warm(&out, &rules));
}
END_TEST

SUITE(learn_models) {
  Suite *suite = suite_create("learn_models");
  TCase *tcase = tcase_create("kept");
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, a_flood_in_the_first_reading_is_raised_by_its_excess);
  tcase_add_test(tcase, what_load_explains_is_no_incident_in_the_first_reading);
  tcase_add_test(tcase, an_open_incident_is_left_behind_and_was_not_learnt);
  tcase_add_test(tcase, the_mean_of_half_an_hour_begins_anew);
  tcase_add_test(tcase, the_last_reading_is_left_behind);
  tcase_add_test(tcase, its_age_is_that_of_its_values_and_never_in_the_future);
  tcase_add_test(tcase, readings_hand_on_how_much_they_scatter);
  tcase_add_test(tcase, averages_do_not_make_the_scatter_look_small);
  tcase_add_test(tcase, the_scatter_assumed_is_soon_corrected_by_readings);
  tcase_add_test(tcase, the_level_of_averages_is_kept);
  tcase_add_loop_test(
      tcase, without_handshakes_the_model_that_needs_them_begins_anew, 0, 4);
  tcase_add_test(tcase, warm_is_what_the_plugin_takes_for_it);
  tcase_add_test(tcase, what_was_kept_before_is_kept_as_it_is);
  tcase_add_test(tcase, a_series_keeps_its_day_and_forgets_its_last_value);
  tcase_add_test(tcase, a_series_of_readings_is_kept_as_it_is);
  suite_add_tcase(suite, tcase);
  return suite;
}
