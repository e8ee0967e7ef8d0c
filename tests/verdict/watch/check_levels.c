/* levels: the recent past of a series, and how far a value departs from it. */
#include "scenes/random_load.h"
#include "scenes/suite.h"
#include "verdict/watch/levels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct levels levels;
static struct levels_value value;
static struct levels_departure is;
static struct random_load random_;

/* A past that is easy to reckon with; each mean and size is another one. */
static void setup(void) {
  random_.state = 1;
  levels_init(&levels, 100);
  levels.recent = 100;
  levels.usual = 90;
  levels.slow = 94;
  levels.previous = 103;
  levels.before = 101;
  levels.recent_spread = 2;
  levels.usual_spread = 4;
  levels.step_spread = 1;
  levels.low = 90;
  levels.high = 105;
  levels.values = 100000;
  levels.blocks = 1000;
  value = (struct levels_value){.value = 110, .ticks = 1};
}

static void measure(void) { levels_measure(&levels, &value, 0, &is); }

static void assert_size(enum deviation deviation, double distance,
                        double unit) {
  double floor = (double)levels_floor(&levels);
  ck_assert_double_eq_tol((double)is.size[deviation], distance / (unit + floor),
                          1e-4);
}

START_TEST(the_first_value_is_all_that_is_known) {
  levels_init(&levels, 7);
  ck_assert_double_eq(levels.usual, 7);
  ck_assert_double_eq(levels.low, 7);
  ck_assert_double_eq(levels.high, 7);
  ck_assert_float_eq(levels.values, 1);
  ck_assert(levels_is_sound(&levels));
}
END_TEST

START_TEST(the_floor_is_a_hundredth_of_the_range) {
  ck_assert_float_eq_tol(levels_floor(&levels), 15 * 0.0092F, 1e-4F);
}
END_TEST

START_TEST(each_departure_is_measured_in_its_own_size) {
  double floor = (double)levels_floor(&levels);
  measure();
  assert_size(DEVIATION_LEVEL, 10, 2); /* 110 - 100 */
  assert_size(DEVIATION_SHIFT, 10, 4); /* 100 - 90 */
  assert_size(DEVIATION_STEP, 7, 1);   /* 110 - 103 */
  assert_size(DEVIATION_SPIKE, 5, 1);  /* 110 - 2 * 103 + 101 */
  assert_size(DEVIATION_SLOW, levels.slow - 90, 4);
  ck_assert_double_eq_tol(levels.slow, 94 + 16 / 57.0, 1e-3); /* 4.75 h */
  ck_assert_double_eq_tol((double)is.overshoot, log1p(5 / (15 + floor)), 1e-5);
  ck_assert_float_eq(is.size[DEVIATION_DAY], 0);
  for (int i = 0; i < DEVIATION_COUNT; i++)
    if (i != DEVIATION_ROUGHNESS && i != DEVIATION_DAY)
      ck_assert_int_eq(is.towards[i], 1);
}
END_TEST

START_TEST(downwards_the_signs_are_the_others) {
  value.value = 80;
  measure();
  assert_size(DEVIATION_LEVEL, 20, 2);
  assert_size(DEVIATION_STEP, 23, 1);
  ck_assert_int_eq(is.towards[DEVIATION_LEVEL], -1);
  ck_assert_int_eq(is.towards[DEVIATION_STEP], -1);
  ck_assert_int_eq(is.towards[DEVIATION_SPIKE], -1);
  ck_assert_int_eq(is.towards[DEVIATION_RECORD], -1);
  ck_assert_int_eq(is.towards[DEVIATION_SHIFT], 1); /* 100 above 90 */
}
END_TEST

START_TEST(the_roughness_is_the_change_of_the_log_of_steps) {
  double floor = (double)levels_floor(&levels);
  levels.usual_roughness = levels.roughness = (float)log(0.5);
  measure();
  double log_step = log(7 + 0.1 * floor);
  double moved = log(0.5) + (log_step - log(0.5)) / 37; /* three hours */
  ck_assert_double_eq_tol((double)levels.roughness, moved, 1e-4);
  ck_assert_double_eq_tol((double)is.size[DEVIATION_ROUGHNESS],
                          4 * (moved - log(0.5)), 1e-3);
}
END_TEST

/* As far as the time of day expects it, it is none. */
START_TEST(what_the_time_of_day_explains_is_no_departure) {
  value.is_explained = true;
  value.beyond = 1;
  levels.unexplained = 2;
  levels.unexplained_before = 0.5F;
  levels.slow_unexplained = 0;
  measure();
  assert_size(DEVIATION_LEVEL, 1, 2);
  assert_size(DEVIATION_SHIFT, 1, 4);
  assert_size(DEVIATION_STEP, 1 + 2, 1);
  assert_size(DEVIATION_SPIKE, 5, 1); /* less than 1 + 2 * 2 + 0.5 */
  ck_assert_float_lt(is.size[DEVIATION_SLOW], 0.02F);
  ck_assert_float_eq(levels.unexplained, 1);
  ck_assert_float_eq(levels.unexplained_before, 2);
}
END_TEST

START_TEST(wholly_explained_it_is_none_at_all) {
  value.is_explained = true;
  levels.unexplained = levels.unexplained_before = 0;
  measure();
  for (int i = 0; i < DEVIATION_TAILS; i++)
    if (i != DEVIATION_ROUGHNESS)
      ck_assert_float_eq(is.size[i], 0);
}
END_TEST

START_TEST(after_a_gap_there_is_no_step) {
  value.gap = true;
  measure();
  ck_assert_float_eq(is.size[DEVIATION_STEP], 0);
  ck_assert_float_eq(is.size[DEVIATION_SPIKE], 0);
  assert_size(DEVIATION_LEVEL, 10, 2);
  levels_learn(&levels, &value, &is, 300);
  ck_assert_float_eq(levels.step_spread, 1);
  ck_assert_double_eq(levels.previous, 110);
  ck_assert_double_eq(levels.before, 110);
}
END_TEST

/* However far it is, it pulls by at most 2.9 sizes; a thousandth of them. */
START_TEST(one_value_pulls_so_far_and_no_farther) {
  double floor = (double)levels_floor(&levels);
  value.value = 1e12;
  measure();
  ck_assert_double_le(levels.slow, 94 + 6.4 * (4 + floor) / 57);
  levels_learn(&levels, &value, &is, 300);
  ck_assert_double_eq_tol(levels.usual, 90 + 2.9 * (4 + floor) / 1000, 1e-3);
  ck_assert_double_eq_tol((double)levels.usual_spread,
                          4 + (2.9 * (4 + floor) - 4) / 1000, 1e-3);
  ck_assert_double_eq_tol((double)levels.recent_spread,
                          2 + (2.9 * (2 + floor) - 2) / 1000, 1e-3);
  ck_assert_double_eq_tol((double)levels.step_spread,
                          1 + (2.9 * (1 + floor) - 1) / 1000, 1e-3);
  ck_assert_double_le(levels.high, 105 + 10 * 15 + 1); /* grows tenfold */
}
END_TEST

START_TEST(the_weight_is_that_of_time_and_of_few_values) {
  ck_assert_float_eq(levels_weight(&levels, 1), 0.001F);
  ck_assert_float_eq(levels_weight(&levels, 3), 0.003F);
  ck_assert_float_eq(levels_weight(&levels, 1000), 0.5F);
  levels.values = 9;
  ck_assert_float_eq(levels_weight(&levels, 1), 0.1F);
}
END_TEST

/* Of any distribution, value n of a row is a record with a chance of 2 / n. */
START_TEST(a_record_is_as_rare_as_there_are_blocks) {
  is = (struct levels_departure){.overshoot = 0.15F};
  levels.records = levels.overshoot = 0;
  levels.blocks = 1000;
  float of_thousand = levels_record_rarity(&levels, &is, 1);
  levels.blocks = 2000;
  ck_assert_float_eq_tol(levels_record_rarity(&levels, &is, 1),
                         of_thousand + logf(2), 1e-4F);
  levels.blocks = 1e6F; /* no more than the memory */
  float most = levels_record_rarity(&levels, &is, 1);
  levels.blocks = 1e7F;
  ck_assert_float_eq(levels_record_rarity(&levels, &is, 1), most);
  levels.blocks = 20;
  ck_assert_float_eq(levels_record_rarity(&levels, &is, 1), 0);
}
END_TEST

START_TEST(a_record_counts_by_how_far_records_go) {
  is = (struct levels_departure){.overshoot = 0.3F};
  levels.records = levels.overshoot = 0;
  float once = levels_record_rarity(&levels, &is, 1);
  is.overshoot = 0.6F;
  ck_assert_float_eq_tol(levels_record_rarity(&levels, &is, 1), once + 2,
                         1e-3F);
  levels.records = 6; /* they often go that far */
  levels.overshoot = 6 * 0.6F;
  ck_assert_float_lt(levels_record_rarity(&levels, &is, 1), once + 0.5F);
  levels.records = levels.overshoot = 0; /* with fewer alarms, more carefully */
  float now_and_then = levels_record_rarity(&levels, &is, 1);
  ck_assert_float_lt(levels_record_rarity(&levels, &is, 0.25F), now_and_then);
  ck_assert_float_gt(levels_record_rarity(&levels, &is, 4), now_and_then);
  is.overshoot = 0;
  ck_assert_float_eq(levels_record_rarity(&levels, &is, 1), 0);
}
END_TEST

START_TEST(six_records_are_remembered) {
  for (int i = 0; i < 50; i++) {
    levels.block_overshoot = 0.5F;
    levels_end_block(&levels);
  }
  ck_assert_float_eq(levels.records, 6);
  ck_assert_float_eq_tol(levels.overshoot, 3, 0.01F);
  ck_assert_float_eq(levels.blocks, 1050);
  float records = levels.records;
  levels_end_block(&levels); /* a block without one */
  ck_assert_float_eq(levels.records, records);
}
END_TEST

/* The range fades to what is usual, in months. */
START_TEST(the_range_fades) {
  value.value = 90;
  levels.high = 1000;
  for (int i = 0; i < 90 * 288; i++) {
    measure();
    levels_learn(&levels, &value, &is, 300);
  }
  ck_assert_double_lt(levels.high, 90 + 0.5 * 910);
  ck_assert_double_gt(levels.high, 90 + 0.2 * 910);
}
END_TEST

START_TEST(any_values_leave_it_sound_and_finite) {
  static const double odd[] = {0, 1e30, -1e30, 1e-30, 1, 42, -7, 1e15};
  random_.state = (uint64_t)_i;
  levels_init(&levels, odd[_i % 8]);
  for (int i = 0; i < 20000; i++) {
    value = (struct levels_value){
        .value = odd[random_bits(&random_) % 8],
        .ticks = (float)pow(10, 5 * random_unit(&random_) - 3),
        .gap = random_unit(&random_) < 0.1,
        .is_explained = random_unit(&random_) < 0.5,
        .beyond = (float)(1e30 * random_normal(&random_))};
    levels_measure(&levels, &value, (float)random_unit(&random_), &is);
    for (int k = 0; k < DEVIATION_TAILS; k++)
      ck_assert_msg(isfinite(is.size[k]) && is.size[k] >= 0, "%s is %g",
                    levels_deviation_name((enum deviation)k),
                    (double)is.size[k]);
    ck_assert_float_finite(levels_record_rarity(&levels, &is, 1));
    levels_learn(&levels, &value, &is, 300);
    if (i % 3 == 0)
      levels_end_block(&levels);
    ck_assert(levels_is_sound(&levels));
    ck_assert(isfinite(levels.recent) && isfinite(levels.slow) &&
              isfinite(levels.usual) && isfinite(levels.roughness));
  }
}
END_TEST

SUITE(levels) {
  Suite *suite = suite_create("levels");
  TCase *tcase = tcase_create("levels");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, the_first_value_is_all_that_is_known);
  tcase_add_test(tcase, the_floor_is_a_hundredth_of_the_range);
  tcase_add_test(tcase, each_departure_is_measured_in_its_own_size);
  tcase_add_test(tcase, downwards_the_signs_are_the_others);
  tcase_add_test(tcase, the_roughness_is_the_change_of_the_log_of_steps);
  tcase_add_test(tcase, what_the_time_of_day_explains_is_no_departure);
  tcase_add_test(tcase, wholly_explained_it_is_none_at_all);
  tcase_add_test(tcase, after_a_gap_there_is_no_step);
  tcase_add_test(tcase, one_value_pulls_so_far_and_no_farther);
  tcase_add_test(tcase, the_weight_is_that_of_time_and_of_few_values);
  tcase_add_test(tcase, a_record_is_as_rare_as_there_are_blocks);
  tcase_add_test(tcase, a_record_counts_by_how_far_records_go);
  tcase_add_test(tcase, six_records_are_remembered);
  tcase_add_test(tcase, the_range_fades);
  tcase_add_loop_test(tcase, any_values_leave_it_sound_and_finite, 0, 8);
  suite_add_tcase(suite, tcase);
  return suite;
}
