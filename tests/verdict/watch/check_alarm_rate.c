/* alarm_rate: the limit that gives so many alarms a month. */
#include "scenes/random_load.h"
#include "scenes/suite.h"
#include "verdict/watch/alarm_rate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const float block_s = 300;
static struct alarm_rate rate;

static void setup(void) {
  memset(&rate, 0, sizeof(rate));
  alarm_rate_set(&rate, 1, block_s);
}

/* 8640 blocks of five minutes a month. */
START_TEST(at_first_the_limit_is_that_of_chance) {
  ck_assert_float_eq_tol(rate.limit, logf(8640), 1e-3F);
  ck_assert_float_lt(rate.level, rate.limit);
  alarm_rate_set(&rate, 4, block_s);
  ck_assert_float_eq_tol(rate.limit, logf(8640 / 4.0F), 1e-3F);
  alarm_rate_set(&rate, 0.25F, block_s);
  ck_assert_float_eq_tol(rate.limit, logf(8640 * 4.0F), 1e-3F);
}
END_TEST

/* 720 blocks of an hour; a little less is wanted of them. */
START_TEST(longer_blocks_have_a_lower_limit) {
  alarm_rate_set(&rate, 1, 3600);
  ck_assert_float_eq_tol(rate.limit, logf(720 * powf(12, 0.15F)), 1e-3F);
}
END_TEST

/* More than there are blocks: still a limit. */
START_TEST(a_limit_is_never_below_one_half) {
  alarm_rate_set(&rate, 1000, 86400);
  ck_assert_float_eq(rate.limit, 0.5F);
}
END_TEST

START_TEST(before_there_is_a_limit_nothing_is_an_event) {
  memset(&rate, 0, sizeof(rate));
  ck_assert(!alarm_rate_take(&rate, 20, block_s));
  ck_assert_int_eq(rate.is_event, 0);
  ck_assert_float_gt(rate.months, 0);
}
END_TEST

/* An excursion of many values, with calm of less than 49 minutes between. */
START_TEST(an_excursion_is_one_event) {
  int ended = 0;
  for (int i = 0; i < 40; i++)
    ended += alarm_rate_take(&rate, i % 9 == 0 ? rate.level + 1 : 0, block_s);
  ck_assert_int_eq(ended, 0);
  ck_assert_int_eq(rate.is_event, 1);
  for (int i = 0; i < 12; i++)
    ended += alarm_rate_take(&rate, 0, block_s);
  ck_assert_int_eq(ended, 1);
  ck_assert_float_eq(rate.events, 1);
  ck_assert_float_eq_tol(rate.excess, 1, 1e-5F);
}
END_TEST

START_TEST(it_ends_after_its_hold_and_not_before) {
  alarm_rate_take(&rate, rate.level + 1, 10);
  for (int s = 0; s < ALARM_RATE_HOLD_S - 9; s += 10)
    ck_assert(!alarm_rate_take(&rate, rate.level - 1, 10));
  ck_assert(!alarm_rate_take(&rate, rate.level, 2)); /* the level is below */
  ck_assert(alarm_rate_take(&rate, 0, 1));
}
END_TEST

/* The peak counts, and no single one for more than four. */
START_TEST(how_far_it_went_is_bounded) {
  alarm_rate_take(&rate, rate.level + 2, block_s);
  alarm_rate_take(&rate, rate.level + 3, block_s);
  alarm_rate_take(&rate, rate.level + 1, block_s);
  while (!alarm_rate_take(&rate, 0, block_s))
    ;
  ck_assert_float_eq_tol(rate.excess, 3, 1e-4F);
  alarm_rate_take(&rate, rate.level + 100, block_s);
  while (!alarm_rate_take(&rate, 0, block_s))
    ;
  ck_assert_float_eq_tol(rate.excess, 7, 1e-4F);
}
END_TEST

/* A month with so many events, each so far above the level. */
static void live(int events, float above) {
  for (int i = 0; i < 8640; i++) {
    bool off = events > 0 && i % (8640 / events) == 0;
    alarm_rate_take(&rate, off ? rate.level + above : 0, block_s);
  }
}

START_TEST(events_raise_the_limit_and_calm_lowers_it) {
  float first = rate.limit;
  live(100, 1);
  alarm_rate_set(&rate, 1, block_s);
  float after = rate.limit;
  ck_assert_float_gt(after, first + 0.5F);
  for (int i = 0; i < 12; i++) {
    live(0, 0);
    float before = rate.limit;
    alarm_rate_set(&rate, 1, block_s);
    ck_assert_float_lt(rate.limit, before + 1e-4F);
  }
  ck_assert_float_lt(rate.limit, first);
  ck_assert_float_ge(rate.limit, first - 2.5F - 1e-4F);
}
END_TEST

/* Of as many events, the farther ones raise it more. */
START_TEST(far_events_raise_it_more) {
  live(60, 0.5F);
  alarm_rate_set(&rate, 1, block_s);
  float near = rate.limit;
  setup();
  live(60, 3);
  alarm_rate_set(&rate, 1, block_s);
  ck_assert_float_gt(rate.limit, near + 0.5F);
}
END_TEST

START_TEST(three_months_are_remembered) {
  for (int i = 0; i < 24; i++)
    live(10, 1);
  ck_assert_float_eq_tol(rate.months, 3, 1e-3F);
  ck_assert_float_le(rate.events, 31);
  ck_assert_float_ge(rate.events, 25);
}
END_TEST

/* Rarities as they are defined, block by block: one in so many. */
START_TEST(by_chance_it_gives_what_was_wanted) {
  struct random_load random = {(uint64_t)_i};
  float wanted = _i % 2 ? 4 : 1;
  int alarms = 0, months = 100;
  alarm_rate_set(&rate, wanted, block_s);
  for (int i = 0; i < months * 8640; i++) {
    float rarity = -logf(1 - (float)random_unit(&random) + 1e-12F);
    alarms += rarity > rate.limit && !rate.is_event;
    if (alarm_rate_take(&rate, rarity, block_s))
      alarm_rate_set(&rate, wanted, block_s);
  }
  ck_assert_float_ge((float)alarms / (float)months, wanted / 2);
  ck_assert_float_le((float)alarms / (float)months, wanted * 2);
}
END_TEST

SUITE(alarm_rate) {
  Suite *suite = suite_create("alarm_rate");
  TCase *tcase = tcase_create("alarm_rate");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, at_first_the_limit_is_that_of_chance);
  tcase_add_test(tcase, longer_blocks_have_a_lower_limit);
  tcase_add_test(tcase, a_limit_is_never_below_one_half);
  tcase_add_test(tcase, before_there_is_a_limit_nothing_is_an_event);
  tcase_add_test(tcase, an_excursion_is_one_event);
  tcase_add_test(tcase, it_ends_after_its_hold_and_not_before);
  tcase_add_test(tcase, how_far_it_went_is_bounded);
  tcase_add_test(tcase, events_raise_the_limit_and_calm_lowers_it);
  tcase_add_test(tcase, far_events_raise_it_more);
  tcase_add_test(tcase, three_months_are_remembered);
  tcase_add_loop_test(tcase, by_chance_it_gives_what_was_wanted, 0, 4);
  suite_add_tcase(suite, tcase);
  return suite;
}
