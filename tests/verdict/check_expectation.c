/* expectation: cases worked by hand. */
#include "scenes/random_load.h"
#include "scenes/suite.h"
#include "verdict/expectation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct expectation model;
static struct expectation_now now;

static void setup(void) { expectation_init(&model); }

static void judge(struct expectation_load load) {
  expectation_judge(&model, &load, &now);
}

static void step(struct expectation_load load, bool frozen) {
  expectation_judge(&model, &load, &now);
  expectation_learn(&model, &load, &now, frozen);
}

static void steps(int count, struct expectation_load load) {
  while (count-- > 0)
    step(load, false);
}

/* E = 100, P = 5: share 3.9/133, dwell 3.5/5.5 s; the dwell says more:
 * 1.25 * 5 * 3.5/5.5 = 3.977272...; V = M + 4 + 0.05 M^2. */
START_TEST(before_anything_is_learnt_the_prior_and_the_load_speak) {
  judge((struct expectation_load){10, 2, 100, 5, 10});
  ck_assert_double_eq_tol(now.usual_share, 3.9 / 133, 1e-12);
  ck_assert_double_eq_tol(now.expected, 3.977272727272727, 1e-9);
  ck_assert_double_eq_tol(now.expected_aged, 1.329545454545455, 1e-9);
  ck_assert_double_eq_tol(now.spread, 2.961115945826522, 1e-9);
  ck_assert_double_eq_tol(now.excess, 6.022727272727273, 1e-9);
  ck_assert_double_eq_tol(now.sigmas, 2.033938347201794, 1e-9);
  ck_assert_double_eq_tol(now.drift, 0.033938347201794, 1e-9);
  ck_assert(now.aged_known);
  ck_assert(!now.unanswered); /* 0.67 aged above, half of the excess is 3 */
}
END_TEST

/* Weights 1/30, 1/31, 1/32 leave 29/32 of the start: aS = 4 - 29/32. */
START_TEST(three_readings_move_the_means_by_three_parts_of_32) {
  steps(3, (struct expectation_load){4, 1, 100, 5, 10});
  ck_assert_double_eq_tol(model.slow.half_open, 4 - 29.0 / 32, 1e-12);
  ck_assert_double_eq_tol(model.slow.aged, 1, 1e-12);
  ck_assert_double_eq_tol(model.slow.established, 100, 1e-12);
  ck_assert_double_eq_tol(model.slow.completed, 5, 1e-12);
  ck_assert_double_eq(model.learnt, 3);
  ck_assert_double_eq(model.learnt_s, 30);
  judge((struct expectation_load){4, 1, 100, 5, 10});
  ck_assert_double_eq_tol(now.usual_share, 3.99375 / 133.09375, 1e-12);
  ck_assert_double_eq_tol(now.expected, 1.25 * 5 * 3.59375 / 5.5, 1e-9);
}
END_TEST

/* 10 of 100, z = 2: (0.12 - sqrt(0.004)) / 1.04. */
START_TEST(wilson_bound_is_as_worked_by_hand) {
  ck_assert_double_eq_tol(expectation_wilson_lower(10, 100),
                          (0.12 - sqrt(0.004)) / 1.04, 1e-12);
  ck_assert_double_eq_tol(expectation_wilson_lower(4, 4), 0.5, 1e-12);
  ck_assert_double_eq_tol(expectation_wilson_lower(0, 50), 0, 1e-12);
  ck_assert(isnan(expectation_wilson_lower(0, 0)));
}
END_TEST

START_TEST(an_expectation_fades_with_a_minute) {
  steps(400, (struct expectation_load){50, 1, 1000, 100, 10});
  double before = model.recent;
  judge((struct expectation_load){0, 0, 0, 0, 10});
  ck_assert_double_eq_tol(now.expected, before * exp(-10.0 / 60), 1e-9);
}
END_TEST

START_TEST(without_completed_handshakes_the_share_alone_speaks) {
  judge((struct expectation_load){10, 2, 100, NAN, 10});
  ck_assert_double_eq_tol(now.expected, 100 * 3.9 / 129.1, 1e-9);
}
END_TEST

/* The first reading has no rate: its 0 would say that handshakes take for
 * ever. */
START_TEST(the_completed_mean_starts_at_its_first_known_rate) {
  step((struct expectation_load){10, 1, 1000, NAN, 10}, false);
  step((struct expectation_load){10, 1, 1000, 100, 10}, false);
  ck_assert_double_eq_tol(model.slow.completed, 100, 1e-9);
  ck_assert_double_eq_tol(model.shadow.completed, 100, 1e-9);
}
END_TEST

START_TEST(an_unknown_aged_count_teaches_nothing) {
  steps(10, (struct expectation_load){6, 1, 100, 5, 10});
  double before = model.slow.aged;
  steps(500, (struct expectation_load){6, NAN, 100, 5, 10});
  ck_assert_double_eq(model.slow.aged, before);
  ck_assert(!now.aged_known && !now.unanswered);
}
END_TEST

START_TEST(an_excess_is_unanswered_from_half_of_it_aged) {
  steps(400, (struct expectation_load){4, 0, 100, 5, 10});
  judge((struct expectation_load){104, 0, 100, 5, 10});
  double limit = now.expected_aged + now.excess / 2;
  judge((struct expectation_load){104, limit + 0.01, 100, 5, 10});
  ck_assert(now.unanswered);
  judge((struct expectation_load){104, limit - 0.01, 100, 5, 10});
  ck_assert(!now.unanswered);
}
END_TEST

START_TEST(a_crowd_raises_what_is_expected_along) {
  steps(2000, (struct expectation_load){8, 0, 200, 20, 10});
  double usual = model.recent;
  judge((struct expectation_load){80, 1, 2000, 200, 10});
  ck_assert_double_gt(now.expected, 8 * usual);
  ck_assert_double_lt(now.sigmas, 2);
}
END_TEST

START_TEST(frozen_the_slow_means_stand_still_to_the_bit) {
  steps(300, (struct expectation_load){8, 1, 200, 20, 10});
  struct expectation before = model;
  for (int i = 0; i < 720; i++)
    step((struct expectation_load){500, 400, 150, 10, 10}, true);
  ck_assert_mem_eq(&model.slow, &before.slow, sizeof(model.slow));
  ck_assert_double_eq(model.overdispersion, before.overdispersion);
  ck_assert_double_eq(model.learnt, before.learnt);
  ck_assert_double_eq(model.frozen_s, 7200);
  ck_assert_double_gt(model.shadow.half_open, 450);
}
END_TEST

START_TEST(adopted_the_shadow_is_the_normal_and_learning_goes_on) {
  steps(300, (struct expectation_load){8, 1, 200, 20, 10});
  for (int i = 0; i < 720; i++)
    step((struct expectation_load){60, 2, 200, 20, 10}, true);
  ck_assert_double_gt(now.sigmas, 4);
  ck_assert_double_eq(model.drift, 20);
  expectation_adopt(&model);
  ck_assert_double_eq(model.drift, 0);
  ck_assert_double_eq(model.frozen_s, 0);
  judge((struct expectation_load){60, 2, 200, 20, 10});
  ck_assert(now.sigmas < 1 && now.sigmas > -2);
  step((struct expectation_load){60, 2, 200, 20, 10}, false);
  ck_assert_double_eq(model.learnt, 301);
}
END_TEST

/* Little is known in the first hour: 0.18 (E + 30) at most by the dwell, and
 * 15 % on the first day by the share. */
START_TEST(early_extremes_are_held) {
  steps(10, (struct expectation_load){30, NAN, 100, 0, 10});
  judge((struct expectation_load){30, NAN, 100, 100, 10});
  ck_assert_double_eq_tol(now.expected, 0.18 * 130, 1e-9);
  expectation_init(&model);
  for (int i = 0; i < 720; i++)
    step((struct expectation_load){100, 1, 100, NAN, 10}, true);
  expectation_adopt(&model);
  judge((struct expectation_load){100, 1, 100, NAN, 10});
  ck_assert_double_eq_tol(now.expected, 100 * 0.15 / 0.85, 1e-9);
  step((struct expectation_load){100, 1, 100, NAN, 86400}, false);
  judge((struct expectation_load){100, 1, 100, NAN, 10});
  ck_assert_double_gt(now.expected, 30);
}
END_TEST

START_TEST(a_gap_voids_what_had_been_adding_up) {
  steps(300, (struct expectation_load){8, 1, 200, 20, 10});
  step((struct expectation_load){100, 1, 200, 20, 10}, true);
  ck_assert_double_eq(model.drift, 6); /* a step counts 8 at most, less 2 */
  struct expectation_means slow = model.slow;
  expectation_interrupt(&model);
  ck_assert_double_eq(model.drift, 0);
  ck_assert_mem_eq(&model.slow, &slow, sizeof(slow));
}
END_TEST

START_TEST(one_outlier_enters_capped) {
  steps(3000, (struct expectation_load){8, 1, 200, 20, 10});
  double before = model.slow.half_open, dispersion = model.overdispersion;
  step((struct expectation_load){1e6, 1, 200, 20, 10}, false);
  ck_assert_double_le(model.overdispersion, dispersion + 0.75 * 10 / 7200);
  ck_assert_double_lt(model.slow.half_open, before * 1.01);
}
END_TEST

SUITE(expectation) {
  Suite *suite = suite_create("expectation");
  TCase *tests = tcase_create("by hand");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, before_anything_is_learnt_the_prior_and_the_load_speak);
  tcase_add_test(tests, three_readings_move_the_means_by_three_parts_of_32);
  tcase_add_test(tests, wilson_bound_is_as_worked_by_hand);
  tcase_add_test(tests, an_expectation_fades_with_a_minute);
  tcase_add_test(tests, without_completed_handshakes_the_share_alone_speaks);
  tcase_add_test(tests, the_completed_mean_starts_at_its_first_known_rate);
  tcase_add_test(tests, an_unknown_aged_count_teaches_nothing);
  tcase_add_test(tests, an_excess_is_unanswered_from_half_of_it_aged);
  tcase_add_test(tests, a_crowd_raises_what_is_expected_along);
  tcase_add_test(tests, frozen_the_slow_means_stand_still_to_the_bit);
  tcase_add_test(tests, adopted_the_shadow_is_the_normal_and_learning_goes_on);
  tcase_add_test(tests, early_extremes_are_held);
  tcase_add_test(tests, a_gap_voids_what_had_been_adding_up);
  tcase_add_test(tests, one_outlier_enters_capped);
  suite_add_tcase(suite, tests);
  return suite;
}

/* expectation: properties over seeded random loads. */

START_TEST(more_load_never_explains_less) {
  struct random_load random = {1};
  steps(400, (struct expectation_load){8, 1, 300, 20, 10});
  for (int i = 0; i < 20000; i++) {
    struct expectation_load load = {0, 0, 2000 * random_unit(&random),
                                    200 * random_unit(&random), 10};
    judge(load);
    struct expectation_now less = now;
    load.established += 500 * random_unit(&random);
    load.completed += 50 * random_unit(&random);
    judge(load);
    if (now.expected < less.expected || now.expected_aged < less.expected_aged)
      ck_abort_msg("E %g, P %g explain less", load.established, load.completed);
  }
}
END_TEST

static const struct {
  double half_open, established, completed, burst, dt_s;
} loads[] = {{0.3, 20, 0.5, 0, 10},  {4, 200, 20, 0, 10},
             {40, 2000, 200, 0, 10}, {4, 200, 20, 0.3, 10},
             {30, 800, 90, 0.3, 10}, {4, 200, 20, 0, 1}};

/* The margin of a quarter on the dwell keeps the mean a little below zero. */
START_TEST(a_stationary_load_is_about_what_is_expected) {
  struct random_load random = {(uint64_t)_i + 7};
  double sum = 0, beyond = 0, drifted = 0;
  enum { LEARN = 3000, LOOK = 20000 };
  for (int i = 0; i < LEARN + LOOK; i++) {
    double S = random_bursty(&random, loads[_i].half_open, loads[_i].burst);
    step(
        (struct expectation_load){
            S, random_count(&random, S / 50),
            random_bursty(&random, loads[_i].established, 0.1),
            random_count(&random, loads[_i].completed * loads[_i].dt_s) /
                loads[_i].dt_s,
            loads[_i].dt_s},
        false);
    sum += i < LEARN ? 0 : now.sigmas;
    beyond += i >= LEARN && now.sigmas > 4;
    drifted += i >= LEARN && now.drift > 4;
  }
  ck_assert_double_lt(fabs(sum / (double)LOOK), 1);
  ck_assert_double_le(beyond / (double)LOOK, 1e-3);
  ck_assert_double_le(drifted / (double)LOOK, 2e-3);
}
END_TEST

static double wide(struct random_load *random, double low, double high) {
  return random_bits(random) % 8 == 0
             ? 0
             : low * pow(high / low, random_unit(random));
}

static bool is_sane(void) {
  const double any[] = {now.sigmas, now.excess, model.overdispersion};
  const double positive[] = {now.expected,           now.expected_aged,
                             model.recent,           model.slow.half_open,
                             model.slow.aged,        model.slow.established,
                             model.slow.completed,   model.shadow.half_open,
                             model.shadow.aged,      model.shadow.established,
                             model.shadow.completed, now.usual_share};
  bool sane = now.drift >= 0 && now.drift <= 20 && now.spread >= 2 &&
              now.usual_share < 1 && isfinite(now.spread);

  for (size_t i = 0; i < sizeof(any) / sizeof(any[0]); i++)
    sane = sane && isfinite(any[i]);
  for (size_t i = 0; i < sizeof(positive) / sizeof(positive[0]); i++)
    sane = sane && positive[i] >= 0 && positive[i] < 1e20;
  return sane;
}

START_TEST(finite_input_never_gives_nan_or_infinity) {
  struct random_load random = {(uint64_t)_i};
  for (int i = 0; i < 20000; i++) {
    struct expectation_load load = {
        wide(&random, 1e-3, 1e9), wide(&random, 1e-3, 1e9),
        wide(&random, 1e-3, 1e9), wide(&random, 1e-3, 1e9),
        1e-3 * pow(1e9, random_unit(&random))};
    uint64_t choice = random_bits(&random);
    load.aged = choice & 1 ? NAN : load.aged;
    load.completed = choice & 2 ? NAN : load.completed;
    step(load, (choice & 4) != 0);
    if (!is_sane())
      ck_abort_msg("step %d: not a sane number", i);
    if (choice % 97 == 0)
      expectation_adopt(&model);
  }
}
END_TEST

SUITE(expectation_random) {
  Suite *suite = suite_create("expectation_random");
  TCase *random = tcase_create("random");
  tcase_add_checked_fixture(random, setup, NULL);
  tcase_set_timeout(random, 60);
  tcase_add_test(random, more_load_never_explains_less);
  tcase_add_loop_test(random, a_stationary_load_is_about_what_is_expected, 0,
                      sizeof(loads) / sizeof(loads[0]));
  tcase_add_loop_test(random, finite_input_never_gives_nan_or_infinity, 0, 5);
  suite_add_tcase(suite, random);
  return suite;
}
