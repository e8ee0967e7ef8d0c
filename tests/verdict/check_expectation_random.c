/* expectation: properties over seeded random loads. */
#include "scenes/random_load.h"
#include "scenes/suite.h"
#include "verdict/expectation.h"

#include <stdlib.h>

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
