/* habit: what holds for any series, seeded. */
#include "scenes/random_load.h"
#include "scenes/suite.h"
#include "verdict/state/state_text.h"
#include "verdict/watch/habit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400, WEEKEND = 0x60 };
static const double start_s = 1699920000; /* a midnight */

static struct habit habit;
static struct habit_settings settings;
static struct habit_value next;
static struct habit_now now;
static struct random_load random_;

static void setup(void) {
  random_.state = 1;
  habit_init(&habit);
  settings = (struct habit_settings){.false_alarms = 1, .weekend = WEEKEND};
  next = (struct habit_value){.time_s = start_s, .interval_s = 300};
}

static bool put(double value) {
  next.value = value;
  bool taken = habit_step(&habit, &settings, &next, &now);
  next.time_s += next.interval_s;
  return taken;
}

static void assert_finite(void) {
  ck_assert(isfinite(now.rarity) && now.rarity >= 0);
  ck_assert(isfinite(now.limit) && now.limit >= 0);
  ck_assert(isfinite(now.sigmas) && now.sigmas >= 0);
  ck_assert(isfinite(now.expected) && isfinite(now.usual));
  for (int i = 0; i < DEVIATION_COUNT; i++) {
    ck_assert(isfinite(now.size[i]) && now.size[i] >= 0);
    ck_assert(isfinite(now.rarities[i]) && now.rarities[i] >= 0);
  }
  ck_assert(isnan(now.lower) == isnan(now.upper));
  ck_assert(isnan(now.lower) ||
            (isfinite(now.lower) && isfinite(now.upper) &&
             now.lower <= now.expected && now.expected <= now.upper));
  ck_assert(!now.begins || (now.is_open && now.is_beyond));
  ck_assert(!(now.quick_rarity > now.limit && now.is_calm));
  ck_assert_float_le(now.quick_rarity, now.rarity + 1e-4F);
  ck_assert(habit_is_sound(&habit));
}

START_TEST(the_first_value_is_its_own_expectation) {
  ck_assert(put(17));
  ck_assert_double_eq(now.expected, 17);
  ck_assert_double_eq(now.lower, 17);
  ck_assert_double_eq(now.upper, 17);
  ck_assert_float_eq(now.rarity, 0);
}
END_TEST

static const double no_value[] = {NAN, INFINITY, -INFINITY, 1.1e30, -1e300};
enum { NO_VALUES = sizeof(no_value) / sizeof(no_value[0]) };

START_TEST(what_is_no_number_changes_nothing) {
  for (int i = 0; i < 100; i++)
    put(i);
  struct habit before = habit;
  ck_assert(!put(no_value[_i]));
  ck_assert_mem_eq(&habit, &before, sizeof(habit));
  ck_assert(put(1));
}
END_TEST

START_TEST(time_that_does_not_pass_changes_nothing) {
  for (int i = 0; i < 100; i++)
    put(i);
  struct habit before = habit;
  next.time_s -= next.interval_s;
  ck_assert(!put(5));
  next.time_s -= 1e6;
  ck_assert(!put(5));
  ck_assert_mem_eq(&habit, &before, sizeof(habit));
  next.time_s = NAN;
  ck_assert(!put(5));
  ck_assert_mem_eq(&habit, &before, sizeof(habit));
  next.time_s = start_s + 50 * 300;
  habit_set_back(&habit, next.time_s - 300);
  ck_assert(put(5));
}
END_TEST

START_TEST(nothing_is_rare_in_the_first_sixty_blocks) {
  next.interval_s = _i ? 3600 : 10;
  double block_s = fmax(300, next.interval_s);
  while (next.time_s < start_s + 59 * block_s) {
    put(random_unit(&random_) < 0.05 ? 1e6 : random_normal(&random_));
    ck_assert_float_eq(now.rarity, 0);
    ck_assert(!now.is_open);
  }
}
END_TEST

static double draw(int kind) {
  static double wave;
  wave = 0.99 * wave + 0.141 * random_normal(&random_);
  switch (kind) {
  case 0:
    return random_normal(&random_);
  case 1:
    return random_count(&random_, 20);
  case 2:
    return exp(random_normal(&random_));
  case 3:
    return 100 + wave;
  case 4:
    return floor(3 * random_unit(&random_));
  case 5:
    return 42;
  default:
    return random_unit(&random_) < 0.002 ? 5 : 0;
  }
}
enum { KINDS = 7, SEEDS = 6 };

/* FalseAlarms 1: each seed is a month. Six of one kind have six by chance;
 * eighteen would be one in a thousand of kinds that have eight. */
START_TEST(noise_has_about_as_many_events_as_were_wanted) {
  int begins = 0;
  for (int seed = 0; seed < SEEDS; seed++) {
    setup();
    random_.state = 100 * (uint64_t)_i + (uint64_t)seed;
    while (next.time_s < start_s + 30 * (double)DAY_S) {
      put(draw(_i));
      begins += now.begins;
    }
  }
  ck_assert_int_le(begins, 18);
}
END_TEST

/* The more are wanted, the lower is the limit. */
START_TEST(false_alarms_set_the_limit) {
  static const double wanted[] = {0.25, 1, 4, 16};
  float before = INFINITY;
  for (int i = 0; i < 4; i++) {
    setup();
    settings.false_alarms = wanted[i];
    while (next.time_s < start_s + 10 * (double)DAY_S)
      put(draw(0));
    ck_assert_float_lt(now.limit, before);
    before = now.limit;
  }
}
END_TEST

START_TEST(an_event_begins_once_until_it_is_over) {
  int begins = 0;
  next.interval_s = 60;
  while (next.time_s < start_s + 5 * (double)DAY_S)
    put(draw(0));
  for (int i = 0; i < 30; i++) {
    put(50 + draw(0));
    begins += now.begins;
    ck_assert(now.is_open);
  }
  for (int i = 0; i < 49; i++) {
    put(draw(0));
    ck_assert(now.is_open); /* 49 minutes */
    begins += now.begins;
  }
  ck_assert_int_eq(begins, 1);
  for (int i = 0; i < 400; i++)
    put(draw(0));
  ck_assert(!now.is_open);
}
END_TEST

/* What comes back lower than before is no other event. */
START_TEST(in_the_shadow_of_a_larger_event_none_begins) {
  while (next.time_s < start_s + 5 * (double)DAY_S)
    put(draw(0));
  struct habit before = habit;
  double time_s = next.time_s;
  put(50);
  ck_assert(now.begins);
  habit = before;
  next.time_s = time_s;
  habit.envelope = 2 * now.rarity;
  put(50);
  ck_assert(now.is_beyond && !now.begins && !now.is_open);
  for (int i = 0; i < 2 * DAY_S / 300; i++) /* it fades */
    put(draw(0));
  put(90);
  ck_assert(now.begins);
}
END_TEST

/* The job of the first nights was rare; once it is expected, it raises the
 * limit no longer. */
START_TEST(what_the_time_of_day_explains_is_forgiven) {
  float events = 0;
  next.interval_s = 60;
  while (!habit.had_day && next.time_s < start_s + 10 * (double)DAY_S) {
    double hour = fmod(next.time_s, DAY_S) / 3600;
    events = habit.rate.events;
    put((hour >= 2 && hour < 3 ? 200 : 10) + random_normal(&random_));
  }
  ck_assert(habit.had_day);
  ck_assert_float_gt(events, 0);
  ck_assert_float_eq(habit.rate.events, 0);
  ck_assert_float_lt(habit.rate.months, 1e-3F);
}
END_TEST

/* A job at the same hour every night is expected from the fourth on. */
START_TEST(a_nightly_job_becomes_expected) {
  int begins = 0;
  next.interval_s = 60;
  while (next.time_s < start_s + 14 * (double)DAY_S) {
    double hour = fmod(next.time_s, DAY_S) / 3600;
    put((hour >= 2 && hour < 3 ? 200 : 10) + random_normal(&random_));
    if (next.time_s > start_s + 4 * (double)DAY_S)
      begins += now.begins;
  }
  ck_assert_int_le(begins, 1);
  ck_assert_int_eq(habit.season.chosen, 1);
  begins = 0;
  while (next.time_s < start_s + 14.5 * (double)DAY_S) /* and beside it: */
    put(10 + random_normal(&random_));
  for (int i = 0; i < 10; i++) {
    put(200);
    begins += now.begins;
  }
  ck_assert_int_eq(begins, 1);
}
END_TEST

/* Where it is asked for one side only, the other is not rare. */
START_TEST(the_other_side_is_not_rare) {
  settings.direction = _i ? 1 : -1;
  while (next.time_s < start_s + 5 * (double)DAY_S)
    put(draw(0));
  put(_i ? -50 : 50);
  ck_assert_float_lt(now.rarity, now.limit);
  put(draw(0));
  put(_i ? 60 : -60);
  ck_assert(now.is_beyond);
}
END_TEST

/* --- of anything ---------------------------------------------------------- */

static double odd(void) {
  static const double values[] = {0,    1e30,     -1e30, 1e-30, 1,
                                  42,   1e15,     NAN,   -0.0,  1e29,
                                  -1e9, INFINITY, 5e-324};
  return values[random_bits(&random_) % 13];
}

static double any_value(void) {
  double kind = random_unit(&random_);
  if (kind < 0.3)
    return odd();
  if (kind < 0.6)
    return random_normal(&random_);
  return pow(10, 60 * random_unit(&random_) - 30);
}

static void any_settings(void) {
  static const double alarms[] = {0, 1, 0.01, 1000};
  settings.false_alarms = alarms[random_bits(&random_) % 4];
  settings.sigmas =
      settings.false_alarms > 0 && random_unit(&random_) < 0.5 ? 0 : 6;
  settings.season = (enum season_mode)(random_bits(&random_) % 4);
  settings.weekend = (unsigned)random_bits(&random_) & 0x7f;
  settings.direction = (int)(random_bits(&random_) % 3) - 1;
}

START_TEST(any_values_in_any_order_leave_numbers) {
  random_.state = (uint64_t)_i;
  int taken = 0;
  for (int i = 0; i < 20000; i++) {
    if (i % 1000 == 0)
      any_settings();
    next.interval_s = pow(10, 7 * random_unit(&random_) - 1);
    if (random_unit(&random_) < 0.9)
      next.interval_s = 300;
    next.zone_s = 900 * floor(112 * random_unit(&random_) - 48);
    double time_s = next.time_s;
    if (random_unit(&random_) < 0.02)
      next.time_s -= pow(10, 8 * random_unit(&random_));
    if (put(any_value())) {
      taken++;
      assert_finite();
    } else if (random_unit(&random_) < 0.3) {
      habit_set_back(&habit, next.time_s);
    } else {
      next.time_s = time_s + 300;
    }
  }
  ck_assert_int_gt(taken, 5000);
}
END_TEST

/* From ten seconds to ten weeks: after it things go on. */
START_TEST(a_gap_of_any_length_is_no_event) {
  static const double gaps_s[] = {10,    60,    600,    3600,   10800,
                                  43200, 86400, 172800, 604800, 6048000};
  next.interval_s = 10;
  while (next.time_s < start_s + 3 * (double)DAY_S)
    put(100 + 50 * sin(6.283185307 * next.time_s / DAY_S) +
        random_normal(&random_));
  int begins = 0;
  next.time_s += gaps_s[_i];
  for (int i = 0; i < 360; i++) {
    put(100 + 50 * sin(6.283185307 * next.time_s / DAY_S) +
        random_normal(&random_));
    begins += now.begins;
    assert_finite();
  }
  ck_assert_int_le(begins, 1);
}
END_TEST

/* --- saved and loaded in the middle --------------------------------------- */

static int take(void *to, const char *identifier,
                const struct series_memory *memory) {
  (void)identifier;
  *(struct series_memory *)to = *memory;
  return 0;
}

static struct habit through_text(const struct habit *of) {
  static char text[STATE_TEXT_SERIES_MAX + 2 * STATE_TEXT_FRAME_MAX];
  static struct series_memory memory, read;
  struct state_text state;
  char why[STATE_TEXT_ERROR_MAX] = "";
  struct state_text_reader reader = {NULL, take, &read};
  series_memory_init(&memory);
  memory.habit = *of;
  size_t length = state_text_begin(&state, start_s, text);
  length += state_text_series(&state, "h/p/t", &memory, text + length);
  length += state_text_end(&state, text + length);
  int rc = state_text_read(text, length, &reader, why);
  ck_assert_msg(rc == 0, "%s", why);
  return read.habit;
}

static double live(void) {
  double hour = fmod(next.time_s + next.zone_s, DAY_S) / 3600;
  double day = floor((next.time_s + next.zone_s) / DAY_S);
  double value = 100 + 30 * sin(hour / 24 * 6.283185307);
  if (fmod(day, 7) == 3 && hour < 2)
    value += 300; /* a weekly job */
  if (random_unit(&random_) < 0.001)
    value += 200;
  return value + 3 * random_normal(&random_);
}

START_TEST(saved_and_loaded_it_judges_bit_by_bit_as_before) {
  struct habit other;
  struct habit_now there;
  random_.state = (uint64_t)_i;
  next.interval_s = _i % 2 ? 300 : 60;
  next.zone_s = 3600 * _i;
  double until_s = start_s + (3 + 5 * _i) * (double)DAY_S +
                   3600 * random_unit(&random_) * 20;
  while (next.time_s < until_s)
    put(live());
  other = through_text(&habit);
  for (int i = 0; i < 5000; i++) {
    double value = live();
    struct habit_value same = next;
    same.value = value;
    put(value);
    ck_assert(habit_step(&other, &settings, &same, &there));
    ck_assert_msg(memcmp(&there, &now, sizeof(now)) == 0,
                  "value %d: %.9g of %.9g, before it %.9g of %.9g", i,
                  (double)there.rarity, (double)there.limit, (double)now.rarity,
                  (double)now.limit);
  }
  struct habit again = through_text(&habit), loaded = through_text(&other);
  ck_assert_mem_eq(&again, &loaded, sizeof(again));
}
END_TEST

/* --- begun from elsewhere ------------------------------------------------- */

START_TEST(taken_over_from_anything_it_is_sound) {
  float means[SEASON_SLOTS];
  uint16_t seen_s[SEASON_SLOTS];
  random_.state = (uint64_t)_i;
  for (int n = 0; n < 300; n++) {
    for (int i = 0; i < SEASON_SLOTS; i++) {
      means[i] = (float)(1e30 * random_normal(&random_));
      seen_s[i] = (uint16_t)(random_bits(&random_) % 3);
    }
    double size = pow(10, 60 * random_unit(&random_) - 30);
    struct habit_known known = {.level = random_normal(&random_) * size,
                                .deviation = n % 10 ? size : 0,
                                .values = pow(10, 6 * random_unit(&random_)),
                                .day = n % 3 ? means : NULL,
                                .day_seen_s = seen_s};
    habit_take_over(&habit, &known);
    ck_assert(habit_is_sound(&habit));
    ck_assert_double_eq(habit.levels.usual, known.level);
    ck_assert_float_eq(habit.levels.blocks, 0);
    if (n % 2)
      habit_coarsen(&habit, 30, 360);
    next.time_s = start_s;
    for (int i = 0; i < 70; i++) {
      put(known.level + size * random_normal(&random_));
      assert_finite();
    }
  }
}
END_TEST

START_TEST(coarsened_it_scatters_more_and_learns_its_tails_anew) {
  while (next.time_s < start_s + 5 * (double)DAY_S)
    put(draw(0));
  float spread = habit.levels.usual_spread;
  habit_coarsen(&habit, 25, 360);
  ck_assert_float_eq_tol(habit.levels.usual_spread, 5 * spread, 1e-4F);
  ck_assert_float_le(habit.levels.values, 360);
  ck_assert_float_eq(habit.tail[0].total, 0);
  ck_assert(!habit.is_open);
  put(1e6);
  ck_assert_float_eq(now.rarity, 0);
}
END_TEST

SUITE(habit) {
  Suite *suite = suite_create("habit");
  TCase *tcase = tcase_create("habit");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, the_first_value_is_its_own_expectation);
  tcase_add_loop_test(tcase, what_is_no_number_changes_nothing, 0, NO_VALUES);
  tcase_add_test(tcase, time_that_does_not_pass_changes_nothing);
  tcase_add_loop_test(tcase, nothing_is_rare_in_the_first_sixty_blocks, 0, 2);
  tcase_add_loop_test(tcase, noise_has_about_as_many_events_as_were_wanted, 0,
                      KINDS);
  tcase_add_test(tcase, false_alarms_set_the_limit);
  tcase_add_test(tcase, an_event_begins_once_until_it_is_over);
  tcase_add_test(tcase, in_the_shadow_of_a_larger_event_none_begins);
  tcase_add_test(tcase, what_the_time_of_day_explains_is_forgiven);
  tcase_add_test(tcase, a_nightly_job_becomes_expected);
  tcase_add_loop_test(tcase, the_other_side_is_not_rare, 0, 2);
  tcase_add_loop_test(tcase, any_values_in_any_order_leave_numbers, 0, 12);
  tcase_add_loop_test(tcase, a_gap_of_any_length_is_no_event, 0, 10);
  tcase_add_loop_test(tcase, saved_and_loaded_it_judges_bit_by_bit_as_before, 0,
                      6);
  tcase_add_loop_test(tcase, taken_over_from_anything_it_is_sound, 0, 4);
  tcase_add_test(tcase, coarsened_it_scatters_more_and_learns_its_tails_anew);
  suite_add_tcase(suite, tcase);
  return suite;
}
