/* tail: how rare a deviation is by the series' own past. */
#include "scenes/random_load.h"
#include "scenes/suite.h"
#include "verdict/watch/tail.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct tail tail;
static struct random_load random_;

static void setup(void) {
  random_.state = 1;
  tail_init(&tail);
}

static void add(int times, float log_deviation) {
  for (int i = 0; i < times; i++)
    tail_add(&tail, log_deviation);
}

START_TEST(of_nine_maxima_nothing_is_known) {
  add(9, 0);
  ck_assert_float_eq(tail_rarity(&tail, 6), 0);
  ck_assert_float_infinite(tail_reach(&tail, 5));
  add(1, 0);
  ck_assert_float_gt(tail_rarity(&tail, 6), 1);
  ck_assert_float_finite(tail_reach(&tail, 5));
}
END_TEST

/* 50 blocks at 1 spread, one at 7.8: bin 24 begins at 2, and of its one count
 * that lies 0.4 bins up eight tenths are above: 52 / 0.8. */
START_TEST(what_was_seen_is_as_rare_as_it_was_seen) {
  add(50, 0);
  add(1, 2.05F);
  ck_assert_float_eq_tol(tail_rarity(&tail, 2.05F), logf(52 / 0.8F), 1e-5F);
  add(1, 2.05F); /* once more: half as rare */
  ck_assert_float_eq_tol(tail_rarity(&tail, 2.05F), logf(53 / 1.6F), 1e-5F);
}
END_TEST

START_TEST(the_counts_of_all_bins_above_count) {
  add(100, 0);
  add(3, 2.01F);
  add(2, 3.01F);
  float in_bin = 3 * (1 - 0.08F / 2), above = 2;
  ck_assert_float_eq_tol(tail_rarity(&tail, 2.01F),
                         logf(106 / (above + in_bin)), 1e-4F);
}
END_TEST

START_TEST(beyond_all_that_was_seen_it_is_ever_rarer) {
  add(1000, 0);
  add(1, 2);
  float before = tail_rarity(&tail, 2.2F);
  ck_assert_float_ge(before, logf(1000));
  for (float z = 2.3F; z < 7; z += 0.1F) {
    ck_assert_float_gt(tail_rarity(&tail, z), before);
    before = tail_rarity(&tail, z);
  }
}
END_TEST

/* ln z of the largest of thirty normal deviations, say. */
static float draw(int kind) {
  double most = 0;
  for (int i = 0; i < 30; i++)
    most = fmax(most, fabs(random_normal(&random_)));
  if (kind == 1)
    most = exp(most);
  if (kind == 2)
    most = floor(most);
  return logf((float)most + 1e-6F);
}

static float kept[3000];

static void add_random(int seed, int n) {
  random_.state = (uint64_t)seed;
  tail_init(&tail);
  for (int i = 0; i < n; i++)
    tail_add(&tail, kept[i] = draw(seed % 3));
}

/* But behind the last bin with a count: up to there half of that bin is above,
 * from there on the whole bin counts. */
START_TEST(a_larger_one_is_never_less_rare) {
  for (int n = 10; n <= 3000; n *= 3) {
    float before = 0;
    add_random(_i, n);
    float last = (float)(tail.top + 1) / 8 - 1;
    for (float z = -2; z < 9; z += 0.01F) {
      float rarity = tail_rarity(&tail, z);
      if (z >= last && z < last + 0.015F)
        before -= logf(2);
      ck_assert_msg(rarity >= before - 1e-4F, "%d maxima: %g at %g, then %g", n,
                    (double)before, (double)z, (double)rarity);
      before = rarity;
    }
  }
}
END_TEST

/* Bins are an eighth wide: what lies a bin and more above is above. Below a
 * rarity of 3 the fit alone speaks. */
START_TEST(what_was_seen_is_never_rarer_than_that) {
  add_random(_i, 3000);
  for (int i = 0; i < 3000; i += 7) {
    float above = 0;
    for (int k = 0; k < 3000; k++)
      above += kept[k] >= kept[i] + 0.125F ? 1 : 0;
    float most = logf(3001 / fmaxf(above, 0.5F));
    ck_assert_float_le(tail_rarity(&tail, kept[i]), fmaxf(most, 3) + 1e-4F);
  }
}
END_TEST

/* Of a share of one in a hundred the rarity is about ln 100. */
START_TEST(a_rarity_is_the_share) {
  float sorted[3000];
  add_random(_i, 3000);
  memcpy(sorted, kept, sizeof(sorted));
  for (int i = 0; i < 30; i++) /* the thirty largest to the front */
    for (int k = i + 1; k < 3000; k++)
      if (sorted[k] > sorted[i]) {
        float swap = sorted[i];
        sorted[i] = sorted[k];
        sorted[k] = swap;
      }
  ck_assert_float_eq_tol(tail_rarity(&tail, sorted[29]), logf(100), 0.7F);
}
END_TEST

START_TEST(reach_is_the_reverse) {
  add_random(_i, 3000);
  for (float rarity = tail.rarity + 0.1F; rarity < 20; rarity += 0.5F) {
    float log_deviation = logf(tail_reach(&tail, rarity));
    ck_assert_float_le(tail_rarity(&tail, log_deviation), rarity + 1e-3F);
    float edge = (float)tail.quantile / 8 - 1;
    ck_assert_float_eq_tol(tail.rarity +
                               (log_deviation - edge) * tail.steepness,
                           rarity, 1e-3F * rarity);
  }
}
END_TEST

/* Counts are halved after forty days of blocks; which is rare stays so. */
START_TEST(halving_keeps_the_shares) {
  add(11000, 0);
  for (int i = 0; i < 64; i++) {
    add(3, 1.01F);
    add(2, 2.01F);
  }
  add(16, 3.01F);
  ck_assert_int_eq(tail.halvings, 0);
  float before[3];
  for (int i = 0; i < 3; i++)
    before[i] = tail_rarity(&tail, (float)i + 1.01F);
  while (tail.halvings == 0)
    add(1, 0);
  ck_assert_float_eq_tol(tail.total, 5800, 2);
  ck_assert_int_eq(tail.count[32], 8);
  ck_assert_int_eq(tail.count[24], 64);
  for (int i = 0; i < 3; i++)
    ck_assert_float_eq_tol(tail_rarity(&tail, (float)i + 1.01F), before[i],
                           0.12F);
}
END_TEST

/* Odd counts of one do not all vanish, and do not all stay. */
START_TEST(of_single_counts_half_are_forgotten) {
  add(11500, 0);
  for (int i = 0; i < 20; i++)
    add(1, 2.01F + (float)i / 8);
  while (tail.halvings == 0)
    add(1, 0);
  int left = 0;
  for (int i = 24; i < TAIL_BINS; i++)
    left += tail.count[i];
  ck_assert_int_eq(left, 10);
}
END_TEST

START_TEST(any_maxima_leave_it_sound_and_finite) {
  static const float odd[] = {-14, TAIL_NONE, -1, 0, 6.99F, 7, 80, INFINITY};
  random_.state = (uint64_t)_i;
  for (int i = 0; i < 30000; i++) {
    tail_add(&tail, random_unit(&random_) < 0.5
                        ? odd[random_bits(&random_) % 8]
                        : (float)(8 * random_normal(&random_)));
    if (i % 97 == 0)
      ck_assert(tail_is_sound(&tail));
    float rarity = tail_rarity(&tail, (float)(10 * random_normal(&random_)));
    ck_assert(isfinite(rarity) && rarity >= 0);
  }
}
END_TEST

SUITE(tail) {
  Suite *suite = suite_create("tail");
  TCase *tcase = tcase_create("tail");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, of_nine_maxima_nothing_is_known);
  tcase_add_test(tcase, what_was_seen_is_as_rare_as_it_was_seen);
  tcase_add_test(tcase, the_counts_of_all_bins_above_count);
  tcase_add_test(tcase, beyond_all_that_was_seen_it_is_ever_rarer);
  tcase_add_loop_test(tcase, a_larger_one_is_never_less_rare, 0, 12);
  tcase_add_loop_test(tcase, what_was_seen_is_never_rarer_than_that, 0, 6);
  tcase_add_loop_test(tcase, a_rarity_is_the_share, 0, 2);
  tcase_add_loop_test(tcase, reach_is_the_reverse, 0, 3);
  tcase_add_test(tcase, halving_keeps_the_shares);
  tcase_add_test(tcase, of_single_counts_half_are_forgotten);
  tcase_add_loop_test(tcase, any_maxima_leave_it_sound_and_finite, 0, 5);
  suite_add_tcase(suite, tcase);
  return suite;
}
